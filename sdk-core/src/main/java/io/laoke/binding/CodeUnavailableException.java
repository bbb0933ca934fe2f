package io.laoke.binding;

import io.laoke.error.ChannelException;

/**
 * The platform gave no code to draw. Order and ticket are untouched; ask again with {@link
 * BindingTicket#qrCode()}. Unless {@link #retryable()}, the account has to be set right first.
 */
public final class CodeUnavailableException extends ChannelException {
  /** The platform's refusal. */
  CodeUnavailableException(String message, Throwable cause, boolean retryable) {
    super(message, cause, retryable);
  }

  /** The account cannot make codes. */
  CodeUnavailableException(String message) {
    super(message, null, false);
  }
}
