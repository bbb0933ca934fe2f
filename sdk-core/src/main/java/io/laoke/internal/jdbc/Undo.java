package io.laoke.internal.jdbc;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What one step of a batch has changed in memory, to be taken back if the step is refused. Used by
 * one thread.
 */
public final class Undo {
  private final Deque<Runnable> steps = new ArrayDeque<>();
  private boolean written;

  /** The next step begins; what was done before stays. */
  public void begin() {
    steps.clear();
    written = false;
  }

  /** Something was changed in memory that this takes back. */
  public void by(Runnable step) {
    steps.push(step);
  }

  /** Something was written to the database already. */
  public void written() {
    written = true;
  }

  /**
   * Takes the step back.
   *
   * @return false if something of it remains in the database
   */
  public boolean back() {
    while (!steps.isEmpty()) {
      steps.pop().run();
    }
    return !written;
  }
}
