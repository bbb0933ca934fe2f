package io.laoke.examples.shell;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as files write them: ISO-8601, or days and minutes of the dealer's zone. One that the
 * clocks leapt over is taken as much later as they leapt, one that they showed twice is the
 * earlier; both are counted.
 */
final class LocalTimes {
  private static final Pattern TIME =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})(?:[T ](\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?)(Z|[+-]\\d{2}(?::?\\d{2})?)?)?");
  private static final int FROM = 1900;
  private static final int TO = 2299;

  private final ZoneId zone;
  private final Warnings warnings;

  LocalTimes(ZoneId zone, Warnings warnings) {
    this.zone = zone;
    this.warnings = warnings;
  }

  Instant time(Row row, String column) {
    Matcher parts = TIME.matcher(row.required(column));
    if (!parts.matches()) {
      throw new BadCell(
          column,
          "must be a time such as 2024-05-01, 2024-05-01 14:30 or 2024-05-01T14:30:00+08:00");
    }
    try {
      LocalDate day = LocalDate.parse(parts.group(1));
      if (day.getYear() < FROM || day.getYear() > TO) {
        throw new BadCell(column, "must be in the years %d to %d".formatted(FROM, TO));
      }
      if (parts.group(2) == null) {
        return day.atStartOfDay(zone).toInstant();
      }
      LocalDateTime local = day.atTime(LocalTime.parse(parts.group(2)));
      return parts.group(3) == null
          ? inZone(local, row.where())
          : local.toInstant(ZoneOffset.of(parts.group(3)));
    } catch (DateTimeException none) {
      throw new BadCell(column, "is no day or time that there is");
    }
  }

  private Instant inZone(LocalDateTime local, String where) {
    int offsets = zone.getRules().getValidOffsets(local).size();
    if (offsets == 0) {
      warnings.add(
          "TIME_LEAPT_OVER",
          "times that there are not in " + zone + ", since clocks leapt over them; taken as later",
          where);
    } else if (offsets > 1) {
      warnings.add(
          "TIME_TWICE",
          "times that there are twice in "
              + zone
              + ", since clocks went back; taken as the earlier",
          where);
    }
    return local.atZone(zone).toInstant();
  }

  static LocalDate day(Row row, String column) {
    try {
      return LocalDate.parse(row.required(column));
    } catch (DateTimeException none) {
      throw new BadCell(column, "must be a day such as 1990-05-01");
    }
  }
}
