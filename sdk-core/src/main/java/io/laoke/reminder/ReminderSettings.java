package io.laoke.reminder;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.error.InvalidInputException;
import java.time.Duration;

/**
 * How a dealer is reminded. Immutable; each method gives a changed copy.
 *
 * @param overdueADay how many services that are overdue when they are planned, since the order is
 *     history or a rule is new, come due on each day in each store
 * @param claimedFor for how long a task that staff have claimed is taken by nobody else
 * @param attributedDays within how many days after a date came due, or after its customer was
 *     contacted, a service of that kind counts as having come of it
 */
public record ReminderSettings(int overdueADay, Duration claimedFor, int attributedDays) {
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
  }

  /** 50 overdue services a day and store; claims for 30 minutes; services within 60 days count. */
  public static ReminderSettings standard() {
    return new ReminderSettings(50, Duration.ofMinutes(30), 60);
  }

  /**
   * With so many services that are overdue from the start on each day in each store.
   *
   * @param most 1 to 1,000,000
   */
  public ReminderSettings withOverdueADay(int most) {
    return new ReminderSettings(most, claimedFor, attributedDays);
  }

  /**
   * With claims that last so long.
   *
   * @param lease 1 second to 7 days
   */
  public ReminderSettings withClaimedFor(Duration lease) {
    return new ReminderSettings(overdueADay, lease, attributedDays);
  }

  /**
   * With services that count within so many days.
   *
   * @param days 0 to 3,650
   */
  public ReminderSettings withAttributedDays(int days) {
    return new ReminderSettings(overdueADay, claimedFor, days);
  }
}
