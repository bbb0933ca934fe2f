package io.laoke.reminder;

import io.laoke.message.Decision;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /** What came due, for staff to work on. */
  Tasks tasks();

  /**
   * The next services of an order's units, by what is recorded of it and the rules as they are at
   * this moment: one for each unit and kind of service that a rule covers. Some queries.
   *
   * @throws io.laoke.error.NotFoundException if there is no such order
   */
  List<UnitReminder> of(String orderNo);

  /**
   * The services that are to come, as they are planned: each unit's next of each kind, by the day
   * on which its customer is told, not those that have come due already. Changes are seen once the
   * next {@code Laoke.tick} has planned them. The cost is that of the page and of what its first
   * day has before it, however much is planned for other days; a filter passes over what it leaves
   * out.
   *
   * @param cursor {@link DuePage#next()} of the page before, or null for the first
   * @param limit 1 to 500
   */
  DuePage due(DueQuery query, @Nullable String cursor, int limit);

  /**
   * The steps that were taken to reach whom a task is about, the first first; empty if there is no
   * such task. One query.
   */
  List<ReminderContact> contacts(long taskId);

  /**
   * What became of the messages that told staff what they had to do on a day, by the codes of those
   * who are active: by which channel, whether it was sent, and in {@link Decision#delivery} whether
   * it arrived, as far as the provider has told by now. Whoever is absent was sent none: they had
   * nothing to do, want none, or there was no phone or openid and template for it. Messages are
   * found by the phones and openids that staff have now; who shares a phone shares what was told to
   * it. They are known as long as {@code RetentionSettings} keeps decisions. Some queries.
   *
   * @param day of the dealer's zone, as {@link Digest#day}, in the years 1900 to 2299
   */
  Map<String, Decision> digestMessages(LocalDate day);

  /** What customers answer to what they were told. */
  Answers answers();

  /**
   * What came of reminders, by the month in which they came due: see {@link Report}. One statement;
   * its cost is that of the months asked for.
   */
  Report report(ReportQuery query);

  /**
   * The services that are to come or open on the work list, by day and store: see {@link Forecast}.
   * One statement; its cost is that of what customers are told by the last day, and of the list.
   */
  Forecast forecast(ForecastQuery query);
}
