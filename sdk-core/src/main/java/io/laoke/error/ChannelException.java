package io.laoke.error;

import org.jspecify.annotations.Nullable;

/**
 * A platform outside (WeChat, an SMS provider) refused a call or could not be reached, in a call
 * that the host made itself. Messages of the outbox never throw this: their outcome is recorded.
 */
public class ChannelException extends LaokeException {
  /**
   * A failed call to a platform.
   *
   * @param message what was tried, what the platform answered, and what to do
   * @param cause the cause, if any
   * @param retryable whether waiting alone may help
   */
  public ChannelException(String message, @Nullable Throwable cause, boolean retryable) {
    super(message, cause, retryable);
  }
}
