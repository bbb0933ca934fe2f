package io.laoke.reminder;

import java.util.List;

/**
 * A dealer's service reminders 服务提醒. Safe for use by many threads.
 *
 * <p>Each unit of goods that a rule covers and that counts as bought has a next date for each kind
 * of service. It follows by itself, with the next {@code Laoke.tick} or within a second of {@code
 * start()}, when stages arrive, late or in any order, when services are recorded, goods come back
 * or are exchanged, orders change or go to other members. Once a date has come, it comes due
 * exactly once, however long nobody looked, on however many engines, and whatever the clock did;
 * what is due together for a member, or else a household, is one task. The next date is planned in
 * the same moment: a task that nobody cares for keeps no later one back.
 */
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
