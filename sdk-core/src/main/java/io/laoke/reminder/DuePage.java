package io.laoke.reminder;

import java.util.List;
import java.util.Optional;

/**
 * Some of the services asked for.
 *
 * @param reminders by the day on which customers are told
 * @param next what to give for the next page; empty after the last
 */
public record DuePage(List<DueReminder> reminders, Optional<String> next) {
  /** Copies. */
  public DuePage {
    reminders = List.copyOf(reminders);
  }
}
