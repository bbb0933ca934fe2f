package io.laoke.reminder;

import static io.laoke.base.Check.range;

/**
 * How a dealer is reminded. Immutable; each method gives a changed copy.
 *
 * @param overdueADay how many services that are overdue when they are planned, since the order is
 *     history or a rule is new, come due on each day in each store
 */
public record ReminderSettings(int overdueADay) {
  /** Checks. */
  public ReminderSettings {
    range("reminders.overdueADay", overdueADay, 1, 1_000_000);
  }

  /** 50 overdue services a day and store. */
  public static ReminderSettings standard() {
    return new ReminderSettings(50);
  }

  /**
   * With so many services that are overdue from the start on each day in each store.
   *
   * @param most 1 to 1,000,000
   */
  public ReminderSettings withOverdueADay(int most) {
    return new ReminderSettings(most);
  }
}
