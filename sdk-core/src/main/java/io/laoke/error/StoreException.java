package io.laoke.error;

import org.jspecify.annotations.Nullable;

/**
 * The database failed. {@link #retryable()} is true after a deadlock, a serialization failure or a
 * lost connection; Laoke has then already repeated its own transactions, but never the host's.
 */
public final class StoreException extends LaokeException {
  /**
   * A failure of the database.
   *
   * @param message what was tried and what the database answered
   * @param cause the driver's exception
   * @param retryable whether waiting alone may help
   */
  public StoreException(String message, @Nullable Throwable cause, boolean retryable) {
    super(message, cause, retryable);
  }
}
