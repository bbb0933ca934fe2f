package io.laoke.push;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.error.InvalidInputException;
import io.laoke.message.Purpose;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;

/**
 * How many messages of plans of one purpose a follower of an account gets in a time at most,
 * whatever WeChat would allow. What WeChat took, or may have, counts from when its batch was made,
 * in business time; what certainly reached nobody does not.
 *
 * @param purpose MARKETING or CARE
 * @param most how many, 1 to 100
 * @param within in any time of this length, an hour to 366 days; empty for a calendar's
 * @param calendar in a day, a week from Monday on, or a month of the dealer's calendar; empty for
 *     any time
 */
public record FrequencyCap(
    Purpose purpose, int most, Optional<Duration> within, Optional<ChronoUnit> calendar) {
  private static final Duration SHORTEST = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofDays(366);

  /** Checks. */
  public FrequencyCap {
    if (notNull("cap.purpose", purpose) == Purpose.ORDER) {
      throw new InvalidInputException(
          "cap.purpose",
          "must be MARKETING or CARE: what belongs to an order is told by its stages");
    }
    range("cap.most", most, 1, 100);
    if (within.isPresent() == calendar.isPresent()) {
      throw new InvalidInputException(
          "cap", "must have a length or a part of the calendar; use rolling(…) or calendar(…)");
    }
    if (within.isPresent()
        && (within.get().compareTo(SHORTEST) < 0 || within.get().compareTo(LONGEST) > 0)) {
      throw new InvalidInputException(
          "cap.within", "must be an hour to 366 days, was " + within.get());
    }
    if (calendar.isPresent()
        && calendar.get() != ChronoUnit.DAYS
        && calendar.get() != ChronoUnit.WEEKS
        && calendar.get() != ChronoUnit.MONTHS) {
      throw new InvalidInputException(
          "cap.calendar", "must be DAYS, WEEKS or MONTHS, was " + calendar.get());
    }
  }

  /** So many in any time of that length, such as two in seven days. */
  public static FrequencyCap rolling(Purpose purpose, int most, Duration within) {
    return new FrequencyCap(
        purpose, most, Optional.of(notNull("cap.within", within)), Optional.empty());
  }

  /** So many in each day, week or month of the dealer's calendar. */
  public static FrequencyCap calendar(Purpose purpose, int most, ChronoUnit unit) {
    return new FrequencyCap(
        purpose, most, Optional.empty(), Optional.of(notNull("cap.calendar", unit)));
  }

  /** From when on messages count at a moment, that time itself included. */
  Instant since(Instant now, ZoneId zone) {
    if (within.isPresent()) {
      return now.minus(within.get()).plusMillis(1);
    }
    LocalDate today = now.atZone(zone).toLocalDate();
    LocalDate first =
        switch (calendar.orElseThrow()) {
          case WEEKS -> today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
          case MONTHS -> today.withDayOfMonth(1);
          default -> today;
        };
    return first.atStartOfDay(zone).toInstant();
  }

  /** As it is kept. */
  String stored() {
    return "%s:%d:%s"
        .formatted(
            purpose,
            most,
            within.map(Duration::toString).or(() -> calendar.map(ChronoUnit::name)).orElseThrow());
  }

  static FrequencyCap restored(String stored) {
    String[] parts = stored.split(":", -1);
    Purpose purpose = Purpose.valueOf(parts[0]);
    int most = Integer.parseInt(parts[1]);
    return parts[2].startsWith("P")
        ? rolling(purpose, most, Duration.parse(parts[2]))
        : calendar(purpose, most, ChronoUnit.valueOf(parts[2]));
  }
}
