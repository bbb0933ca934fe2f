package io.laoke.binding;

import io.laoke.error.ChannelException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The platform gave no code to draw. Order and ticket are untouched; ask again with {@link
 * BindingTicket#qrCode()}, or give {@link #link()} meanwhile. Unless {@link #retryable()}, the
 * account has to be set right first.
 */
public final class CodeUnavailableException extends ChannelException {
  // An exception can be written as bytes, an Optional cannot.
  private final @Nullable String link;

  /** The platform's refusal. */
  CodeUnavailableException(
      String message, @Nullable Throwable cause, boolean retryable, Optional<String> link) {
    super(message, cause, retryable);
    this.link = link.orElse(null);
  }

  /** The account cannot make codes. */
  static CodeUnavailableException incapable(String account) {
    return new CodeUnavailableException(
        "The account %s cannot make codes with parameters; take a verified service account (已认证服务号)."
            .formatted(account),
        null,
        false,
        Optional.empty());
  }

  /**
   * The order's paper link: it needs no code of the platform, so it may be shown as a QR code in
   * the meantime. Whoever has it may bind the order; it is not part of the message. Empty while the
   * dealer has no web address.
   */
  public Optional<String> link() {
    return Optional.ofNullable(link);
  }
}
