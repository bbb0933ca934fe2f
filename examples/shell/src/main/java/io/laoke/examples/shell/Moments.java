package io.laoke.examples.shell;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;

/** Moments as options name them: days, times of the dealer's zone, or times with an offset. */
final class Moments {
  private Moments() {}

  /** That moment, the beginning of a day; empty if it is none. */
  static Optional<Instant> of(String given, ZoneId zone) {
    String text = given.strip();
    try {
      if (text.length() <= 10) {
        return Optional.of(LocalDate.parse(text).atStartOfDay(zone).toInstant());
      }
      String iso = text.replace(' ', 'T');
      return Optional.of(
          iso.matches(".*(?:Z|[+-]\\d{2}(?::?\\d{2})?)")
                  && iso.indexOf('T') > 0
                  && iso.substring(iso.indexOf('T')).matches(".*[Z+-].*")
              ? OffsetDateTime.parse(iso).toInstant()
              : LocalDateTime.parse(iso).atZone(zone).toInstant());
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }
}
