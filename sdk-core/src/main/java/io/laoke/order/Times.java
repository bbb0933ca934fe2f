package io.laoke.order;

import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Instants at the border. */
final class Times {
  private static final Instant FROM =
      LocalDate.of(1900, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant();
  private static final Instant TO =
      LocalDate.of(2300, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant();

  private Times() {}

  /** Cut to milliseconds; refused outside the years 1900 to 2299. */
  static Instant checked(String field, @Nullable Instant given) {
    Instant instant = notNull(field, given);
    if (instant.isBefore(FROM) || !instant.isBefore(TO)) {
      throw new InvalidInputException(field, "must be in the years 1900 to 2299, was " + instant);
    }
    return instant.truncatedTo(ChronoUnit.MILLIS);
  }

  /** The calendar month of an instant, such as 202611. */
  static int month(long millis, ZoneId zone) {
    LocalDate day = Instant.ofEpochMilli(millis).atZone(zone).toLocalDate();
    return day.getYear() * 100 + day.getMonthValue();
  }

  /** The first instant of a month such as 202611. */
  static long monthStart(int month, ZoneId zone) {
    return LocalDate.of(month / 100, month % 100, 1).atStartOfDay(zone).toInstant().toEpochMilli();
  }

  /** The first instant after a month such as 202611. */
  static long monthEnd(int month, ZoneId zone) {
    return LocalDate.of(month / 100, month % 100, 1)
        .plusMonths(1)
        .atStartOfDay(zone)
        .toInstant()
        .toEpochMilli();
  }
}
