package io.laoke;

import java.util.Map;

/**
 * What sealing anew has come to.
 *
 * @param checked how many sealed values were looked at
 * @param resealed how many were sealed anew
 * @param unreadable how many no key opens, by table and column; they stay as they are
 */
public record ResealReport(long checked, long resealed, Map<String, Long> unreadable) {
  /** Copies. */
  public ResealReport {
    unreadable = Map.copyOf(unreadable);
  }

  /** Whether every value is under the current key now, so that older keys may be forgotten. */
  public boolean complete() {
    return unreadable.isEmpty();
  }
}
