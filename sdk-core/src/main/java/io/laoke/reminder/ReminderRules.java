package io.laoke.reminder;

import io.laoke.base.Upserted;
import java.util.List;
import java.util.Optional;

/**
 * A dealer's rules 提醒规则: what gets a service how often. Safe for use by many threads.
 *
 * <p>When rules change, reminders that are to come follow in the background, by {@code Laoke.tick}
 * or {@code start}, some thousand in each transaction; an engine that is ended goes on, or another
 * does. What has come due stays as it is.
 */
public interface ReminderRules {
  /**
   * Puts a rule. Marks its category as serviced, so that new orders get a row for each unit; those
   * of recorded orders get theirs in the background. Lines of more than 200 units are bulk sales:
   * new ones are refused, of recorded ones none is reminded of. What is overdue by the new rule is
   * spread over days, as {@link ReminderSettings#overdueADay} says. Repeating the same changes
   * nothing. All engines of the database must be of a version that has reminders: older ones do not
   * tell which orders they change.
   *
   * @throws io.laoke.error.NotFoundException if its category was never put
   * @throws io.laoke.error.StoreException if the database fails
   */
  Upserted put(ReminderRule rule);

  /** All rules by their codes, retired ones among them. */
  List<RuleVersion> list();

  /** The rule of that code, retired or not. */
  Optional<RuleVersion> find(String code);

  /**
   * Retires a rule: what is to come of it vanishes, or goes to the rule that is next best. Put it
   * again to have it back.
   *
   * @return false if it was retired already
   * @throws io.laoke.error.NotFoundException if there is none of that code
   */
  boolean retire(String code);

  /**
   * What putting a rule would do to reminders as they are now. Reads the reminders that the rule
   * may concern, some hundred thousand a second, and, if it covers more than before, the orders of
   * its category, some thousand a second. Locks and changes nothing.
   */
  RuleEffect dryRun(ReminderRule rule);

  /** How far reminders have followed the last change of a rule; empty if there was none. */
  Optional<RuleProgress> progress(String code);
}
