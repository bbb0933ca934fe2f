package io.laoke.reminder;

import java.util.Locale;

/**
 * What a change of a rule does to reminders that are to come.
 *
 * @param moved how many get another date
 * @param vanished how many have no date any more
 * @param appeared how many have a date that had none, or were not there
 */
public record RuleEffect(long moved, long vanished, long appeared) {
  static final RuleEffect NONE = new RuleEffect(0, 0, 0);

  RuleEffect and(RuleEffect more) {
    return new RuleEffect(moved + more.moved, vanished + more.vanished, appeared + more.appeared);
  }

  /** In Chinese, such as 1,204 个提醒改期，33 个取消，12 个新增. */
  public String toChinese() {
    return String.format(Locale.ROOT, "%,d 个提醒改期，%,d 个取消，%,d 个新增", moved, vanished, appeared);
  }

  /** In English, such as "1,204 reminders move, 33 vanish, 12 appear". */
  public String toEnglish() {
    return String.format(
        Locale.ROOT, "%,d reminders move, %,d vanish, %,d appear", moved, vanished, appeared);
  }
}
