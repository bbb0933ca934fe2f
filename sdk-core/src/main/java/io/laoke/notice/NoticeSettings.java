package io.laoke.notice;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.text;

import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * A dealer's rules of notices. Immutable; the {@code with} methods give changed copies.
 *
 * @param validFor how long a notice may wait before it is not sent any more, one minute to 30 days
 * @param dealerName {@code {dealer.name}}; empty for the dealer's code
 * @param hint {@code {recipient.hint}} in the first notice of an order that was bound by itself
 * @param staleAfter what happened longer ago than this is recorded, never told; one hour to ten
 *     years
 * @param newestOnly whether of several stages of the same lines that wait for the same person only
 *     the newest is told
 * @param collect how long a notice waits for newer ones, at most a day; zero for not at all
 * @param night when nobody is told of an order; what waited is told in the morning
 */
public record NoticeSettings(
    Duration validFor,
    Optional<String> dealerName,
    String hint,
    Duration staleAfter,
    boolean newestOnly,
    Duration collect,
    Optional<Night> night) {
  private static final Duration YEARS = Duration.ofDays(3660);

  /** Checks. */
  public NoticeSettings {
    between("validFor", validFor, Duration.ofMinutes(1), Duration.ofDays(30));
    dealerName =
        Optional.ofNullable(
            Check.optionalText("dealerName", notNull("dealerName", dealerName).orElse(null), 100));
    hint = text("hint", hint, 100);
    between("staleAfter", staleAfter, Duration.ofHours(1), YEARS);
    between("collect", collect, Duration.ZERO, Duration.ofDays(1));
    notNull("night", night);
  }

  /**
   * 72 hours, the dealer's code, a Chinese hint; stale after 48 hours, only the newest stage of the
   * same lines, at once, but not from 22:00 to 8:00.
   */
  public static NoticeSettings standard() {
    return new NoticeSettings(
        Duration.ofDays(3),
        Optional.empty(),
        "如不是您的订单，请联系门店",
        Duration.ofDays(2),
        true,
        Duration.ZERO,
        Optional.of(new Night(LocalTime.of(22, 0), LocalTime.of(8, 0))));
  }

  private static void between(String field, Duration value, Duration least, Duration most) {
    if (notNull(field, value).compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new InvalidInputException(
          field, "must be between %s and %s, was %s".formatted(least, most, value));
    }
  }

  /** With another time of waiting. */
  public NoticeSettings withValidFor(Duration time) {
    return new NoticeSettings(time, dealerName, hint, staleAfter, newestOnly, collect, night);
  }

  /** With the dealer's name. */
  public NoticeSettings withDealerName(String name) {
    return new NoticeSettings(
        validFor,
        Optional.of(notNull("dealerName", name)),
        hint,
        staleAfter,
        newestOnly,
        collect,
        night);
  }

  /** With another hint. */
  public NoticeSettings withHint(String words) {
    return new NoticeSettings(validFor, dealerName, words, staleAfter, newestOnly, collect, night);
  }

  /** With another age from which on nothing is told. */
  public NoticeSettings withStaleAfter(Duration age) {
    return new NoticeSettings(validFor, dealerName, hint, age, newestOnly, collect, night);
  }

  /** Only the newest of the stages that wait, or each of them in turn. */
  public NoticeSettings withNewestOnly(boolean only) {
    return new NoticeSettings(validFor, dealerName, hint, staleAfter, only, collect, night);
  }

  /** With a time in which newer stages may take the place of a notice. */
  public NoticeSettings withCollect(Duration time) {
    return new NoticeSettings(validFor, dealerName, hint, staleAfter, newestOnly, time, night);
  }

  /** With another night. */
  public NoticeSettings withNight(LocalTime from, LocalTime until) {
    return new NoticeSettings(
        validFor,
        dealerName,
        hint,
        staleAfter,
        newestOnly,
        collect,
        Optional.of(new Night(from, until)));
  }

  /** Tells at any hour. */
  public NoticeSettings withoutNight() {
    return new NoticeSettings(
        validFor, dealerName, hint, staleAfter, newestOnly, collect, Optional.empty());
  }

  /**
   * The hours of a day in which nobody is told, in the dealer's zone.
   *
   * @param from the first moment of it
   * @param until the first moment after it; on the next day unless it is later than {@code from}
   */
  public record Night(LocalTime from, LocalTime until) {
    /** Checks. */
    public Night {
      if (notNull("from", from).equals(notNull("until", until))) {
        throw new InvalidInputException(
            "night", "must not begin and end at the same time, was " + from);
      }
    }

    /** The morning after, if it is night. */
    Optional<Instant> morning(Instant now, ZoneId zone) {
      ZonedDateTime here = now.atZone(zone);
      LocalTime time = here.toLocalTime();
      boolean begun = !time.isBefore(from);
      boolean over = !time.isBefore(until);
      boolean night = from.isBefore(until) ? begun && !over : begun || !over;
      if (!night) {
        return Optional.empty();
      }
      ZonedDateTime morning = here.toLocalDate().atTime(until).atZone(zone);
      return Optional.of(
          (morning.isAfter(here)
                  ? morning
                  : here.toLocalDate().plusDays(1).atTime(until).atZone(zone))
              .toInstant());
    }
  }
}
