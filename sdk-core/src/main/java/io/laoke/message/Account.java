package io.laoke.message;

import java.util.Optional;

/**
 * One account of a platform, such as a WeChat Official Account. It offers what it can do as
 * capabilities, each an SPI of the feature that needs it. Implementations are safe for use by many
 * threads, connect to nothing before the first call, and never show a secret.
 */
public interface Account extends AutoCloseable {
  /** The platform's own name of the account; for WeChat the appid. At most 64 characters. */
  String key();

  /** The channel of that kind, if this account has it. */
  Optional<MessageChannel> channel(ChannelKind kind);

  /**
   * A capability of this account.
   *
   * @param type the SPI, such as {@code ScanCodes} or {@code TemplateCatalog}
   * @return the capability, or empty when the account does not offer it
   */
  <T> Optional<T> capability(Class<T> type);

  /** Ends threads and connections of this account. Calls under way may fail. */
  @Override
  void close();
}
