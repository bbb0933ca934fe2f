package io.laoke.reminder;

import java.util.List;
import java.util.Optional;

/**
 * Some of the tasks asked for.
 *
 * @param tasks by due day, then by id
 * @param next what to give for the next page; empty after the last
 */
public record TaskPage(List<Task> tasks, Optional<String> next) {
  /** Copies. */
  public TaskPage {
    tasks = List.copyOf(tasks);
  }
}
