package io.laoke.reminder;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rules by their stored texts, which each transaction reads again: to parse hundreds of them takes
 * longer than all else that it does. Safe for use by many threads.
 */
final class ParsedRules {
  private static final int MOST_REMEMBERED = 5_000;

  private final Map<String, ReminderRule> byText = new ConcurrentHashMap<>();

  /** The rule of a text, as {@link ReminderRuleJson#stored} reads it. */
  ReminderRule of(String text) {
    if (byText.size() > MOST_REMEMBERED) {
      byText.clear();
    }
    return byText.computeIfAbsent(text, ReminderRuleJson::stored);
  }
}
