package io.laoke.reminder;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.error.InvalidInputException;
import java.time.Duration;
import java.time.LocalTime;

/**
 * How a dealer is reminded. Immutable; each method gives a changed copy.
 *
 * @param overdueADay how many services that are overdue when they are planned, since the order is
 *     history or a rule is new, come due on each day in each store
 * @param claimedFor for how long a task that staff have claimed is taken by nobody else
 * @param attributedDays within how many days after a date came due, or after its customer was
 *     contacted, a service of that kind counts as having come of it
 * @param contactFrom customers are told from this time of the dealer's day on
 * @param contactUntil and before this one; what comes due later is told on the next day
 * @param answers what customers can answer
 * @param digestAt each day's digests are told from this time on, see {@link DigestListener}; of any
 *     hour, by text message, too, whose hours are for customers: staff are told of their work
 * @param expireAfterDays tasks that were due so many days ago, and that nobody has taken up or done
 *     anything about since, are ended as {@link TaskState#EXPIRED}; 0 for never
 */
public record ReminderSettings(
    int overdueADay,
    Duration claimedFor,
    int attributedDays,
    LocalTime contactFrom,
    LocalTime contactUntil,
    AnswerSettings answers,
    LocalTime digestAt,
    int expireAfterDays) {
  /**
   * The key of the SMS template in which reminders are told by text message; of {@code service},
   * {@code items}, {@code due}, {@code dealer} and {@code answer} its text may have what it wants.
   * Answer is the token of {@link Answers}, up to 35 characters: carriers refuse addresses in
   * variables, so the text has {@code https://…/s/${answer}} in it, by the dealer's web address.
   */
  public static final String SMS_TEMPLATE = "reminder";

  /**
   * The key of the SMS template in which staff are told what they have to do, if there is one; of
   * the numbers {@code due}, {@code overdue} and {@code booked} its text may have what it wants.
   */
  public static final String DIGEST_SMS_TEMPLATE = "digest";

  /** Checks. */
  public ReminderSettings {
    range("reminders.overdueADay", overdueADay, 1, 1_000_000);
    notNull("reminders.claimedFor", claimedFor);
    if (claimedFor.compareTo(Duration.ofSeconds(1)) < 0
        || claimedFor.compareTo(Duration.ofDays(7)) > 0) {
      throw new InvalidInputException(
          "reminders.claimedFor", "must be 1 second to 7 days, was " + claimedFor);
    }
    range("reminders.attributedDays", attributedDays, 0, 3_650);
    notNull("reminders.contactFrom", contactFrom);
    notNull("reminders.contactUntil", contactUntil);
    if (!contactFrom.isBefore(contactUntil)) {
      throw new InvalidInputException(
          "reminders.contactUntil",
          "must be after contactFrom (%s), was %s".formatted(contactFrom, contactUntil));
    }
    notNull("reminders.answers", answers);
    notNull("reminders.digestAt", digestAt);
    range("reminders.expireAfterDays", expireAfterDays, 0, 3_650);
  }

  /**
   * 50 overdue services a day and store; claims for 30 minutes; services within 60 days count;
   * customers are told between 9:00 and 20:00, staff at 8:30; no task expires.
   */
  public static ReminderSettings standard() {
    return new ReminderSettings(
        50,
        Duration.ofMinutes(30),
        60,
        LocalTime.of(9, 0),
        LocalTime.of(20, 0),
        AnswerSettings.standard(),
        LocalTime.of(8, 30),
        0);
  }

  /**
   * With so many services that are overdue from the start on each day in each store. Once the
   * business clock was moved back by more than a day, as that of a demo, days that are still ahead
   * are given anew from then on; what came due before does not again.
   *
   * @param most 1 to 1,000,000
   */
  public ReminderSettings withOverdueADay(int most) {
    return new ReminderSettings(
        most,
        claimedFor,
        attributedDays,
        contactFrom,
        contactUntil,
        answers,
        digestAt,
        expireAfterDays);
  }

  /**
   * With claims that last so long.
   *
   * @param lease 1 second to 7 days
   */
  public ReminderSettings withClaimedFor(Duration lease) {
    return new ReminderSettings(
        overdueADay,
        lease,
        attributedDays,
        contactFrom,
        contactUntil,
        answers,
        digestAt,
        expireAfterDays);
  }

  /**
   * With services that count within so many days.
   *
   * @param days 0 to 3,650
   */
  public ReminderSettings withAttributedDays(int days) {
    return new ReminderSettings(
        overdueADay,
        claimedFor,
        days,
        contactFrom,
        contactUntil,
        answers,
        digestAt,
        expireAfterDays);
  }

  /**
   * Customers are told at these times of the dealer's day.
   *
   * @param from the first
   * @param until the first at which they are not any more; after {@code from}
   */
  public ReminderSettings withContactHours(LocalTime from, LocalTime until) {
    return new ReminderSettings(
        overdueADay, claimedFor, attributedDays, from, until, answers, digestAt, expireAfterDays);
  }

  /** With other answers of customers. */
  public ReminderSettings withAnswers(AnswerSettings given) {
    return new ReminderSettings(
        overdueADay,
        claimedFor,
        attributedDays,
        contactFrom,
        contactUntil,
        given,
        digestAt,
        expireAfterDays);
  }

  /**
   * Digests are told from that time of the dealer's day on, until the contact hours end, or
   * midnight where they end before. No message of a digest waits for the hours of customers, be
   * they these or those of {@code SmsHours}.
   */
  public ReminderSettings withDigestAt(LocalTime time) {
    return new ReminderSettings(
        overdueADay,
        claimedFor,
        attributedDays,
        contactFrom,
        contactUntil,
        answers,
        time,
        expireAfterDays);
  }

  /**
   * Tasks that nobody does anything about are ended so many days after they were due. Days of what
   * joined a task later count from when that came due.
   *
   * @param days 1 to 3,650; 0 for never
   */
  public ReminderSettings withExpireAfterDays(int days) {
    return new ReminderSettings(
        overdueADay,
        claimedFor,
        attributedDays,
        contactFrom,
        contactUntil,
        answers,
        digestAt,
        days);
  }
}
