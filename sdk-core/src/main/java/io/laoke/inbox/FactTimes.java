package io.laoke.inbox;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as ISO 8601 and SQL write them. */
final class FactTimes {
  private static final Pattern TIME =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})(?:[T ](\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?)"
              + " ?(Z|[+-]\\d{2}(?::?\\d{2})?)?)?");

  private FactTimes() {}

  /** A time; one without a zone is in that zone, one without a time of day is its midnight. */
  static Instant instant(String field, String text, ZoneId zone) {
    Matcher parts = TIME.matcher(text.strip());
    if (!parts.matches()) {
      throw refused(field, text);
    }
    try {
      LocalDate date = LocalDate.parse(parts.group(1));
      String time = parts.group(2);
      String offset = parts.group(3);
      if (time == null) {
        return date.atStartOfDay(zone).toInstant();
      }
      return date.atTime(LocalTime.parse(time))
          .atZone(offset == null ? zone : ZoneOffset.of(offset))
          .toInstant();
    } catch (DateTimeException none) {
      throw refused(field, text);
    }
  }

  static LocalDate date(String field, String text) {
    try {
      return LocalDate.parse(text.strip());
    } catch (DateTimeException none) {
      throw new FactRefused(
          "WRONG_VALUE", field, "must be a date such as 1990-05-01 (%s)".formatted(length(text)));
    }
  }

  private static FactRefused refused(String field, String text) {
    return new FactRefused(
        "WRONG_VALUE",
        field,
        "must be a time such as 2026-11-25T10:30:00+08:00, 2026-11-25 10:30:00 (in the dealer's zone) or 2026-11-25, was '%s'"
            .formatted(Words.shown(text)));
  }

  private static String length(String text) {
    return text.length() + " characters";
  }
}
