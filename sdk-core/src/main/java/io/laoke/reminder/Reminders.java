package io.laoke.reminder;

import java.util.List;

/** A dealer's service reminders 服务提醒. Safe for use by many threads. */
public interface Reminders {
  /** What gets a service how often. */
  ReminderRules rules();

  /**
   * The next services of an order's units, by what is recorded of it and the rules as they are at
   * this moment: one for each unit and kind of service that a rule covers. Some queries.
   *
   * @throws io.laoke.error.NotFoundException if there is no such order
   */
  List<UnitReminder> of(String orderNo);
}
