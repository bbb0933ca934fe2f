package io.laoke.sms;

import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * The hours of the dealer's zone in which text messages are sent; outside they wait. Notices of an
 * order go by the hours of {@code NoticeSettings} instead, and digests for the dealer's own staff
 * by {@code ReminderSettings.digestAt}, at any hour: providers hold only promotions to hours.
 *
 * @param promotionsFrom for promotions, from
 * @param promotionsTo for promotions, until
 * @param careFrom for service reminders, from
 * @param careTo for service reminders, until
 */
public record SmsHours(
    LocalTime promotionsFrom, LocalTime promotionsTo, LocalTime careFrom, LocalTime careTo) {
  /** Checks. */
  public SmsHours {
    order("promotionsTo", notNull("promotionsFrom", promotionsFrom), promotionsTo);
    order("careTo", notNull("careFrom", careFrom), careTo);
  }

  private static void order(String field, LocalTime from, LocalTime to) {
    if (!notNull(field, to).isAfter(from)) {
      throw new InvalidInputException(field, "must be after %s, was %s".formatted(from, to));
    }
  }

  /**
   * 8:00 to 20:00 for promotions, the strictest provider's; 9:00 to 20:00 for service reminders.
   */
  public static SmsHours standard() {
    return new SmsHours(
        LocalTime.of(8, 0), LocalTime.of(20, 0), LocalTime.of(9, 0), LocalTime.of(20, 0));
  }

  Optional<Instant> promotionsWait(Instant now, ZoneId zone) {
    return wait(now, zone, promotionsFrom, promotionsTo);
  }

  Optional<Instant> careWaits(Instant now, ZoneId zone) {
    return wait(now, zone, careFrom, careTo);
  }

  /** When the hours begin that have not; empty within them. */
  private static Optional<Instant> wait(Instant now, ZoneId zone, LocalTime from, LocalTime to) {
    ZonedDateTime local = now.atZone(zone);
    LocalTime time = local.toLocalTime();
    if (!time.isBefore(from) && time.isBefore(to)) {
      return Optional.empty();
    }
    ZonedDateTime begin = local.toLocalDate().atTime(from).atZone(zone);
    return Optional.of((time.isBefore(from) ? begin : begin.plusDays(1)).toInstant());
  }
}
