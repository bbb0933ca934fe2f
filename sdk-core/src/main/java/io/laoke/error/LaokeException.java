package io.laoke.error;

import org.jspecify.annotations.Nullable;

/**
 * Laoke could not do what was asked. The message says what was tried, why it failed and what to do.
 *
 * <p>Nothing of the failed call remains in the database: in the host's transaction the call's own
 * savepoint has been rolled back, so the host may catch this and still commit its own work.
 */
public class LaokeException extends RuntimeException {
  private final boolean retryable;

  /**
   * An error.
   *
   * @param retryable whether the same call may succeed later without any change
   */
  public LaokeException(String message, @Nullable Throwable cause, boolean retryable) {
    super(message, cause);
    this.retryable = retryable;
  }

  /** Whether the same call may succeed later without any change, as after a deadlock. */
  public final boolean retryable() {
    return retryable;
  }
}
