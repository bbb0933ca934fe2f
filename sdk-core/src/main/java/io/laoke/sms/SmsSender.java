package io.laoke.sms;

import io.laoke.message.ReceiptSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * SPI: one provider of text messages 短信服务商. {@link AliyunSms} and {@link TencentSms} are two; a
 * host that has another writes a class of its own, or wraps a library. Implementations are safe for
 * use by many threads, connect to nothing before the first message, and never show a secret.
 */
public interface SmsSender extends AutoCloseable {
  /**
   * The provider's short name, such as {@code aliyun}: templates are approved by it, see {@link
   * SmsTemplate#approvals}. At most 32 characters.
   */
  String provider();

  /**
   * Sends one message to one number. Does not block on the network; what follows on the result may
   * run on a thread of the implementation and must not block.
   *
   * @return completes within {@link #callLimit()}, never exceptionally. Whatever leaves it open
   *     whether the message was taken is {@link SmsResult.Unknown}: no provider recognises a repeat
   */
  CompletionStage<SmsResult> send(SmsRequest message);

  /** The longest time from a call to its result, at most 45 seconds; 10 seconds by default. */
  default Duration callLimit() {
    return Duration.ofSeconds(10);
  }

  /** How many messages may be under way at once; 20 by default. */
  default int maxInFlight() {
    return 20;
  }

  /** How this provider pushes receipts and replies; empty where it does not, or otherwise. */
  default Optional<SmsPushFormat> pushFormat() {
    return Optional.empty();
  }

  /**
   * Where this provider can be asked for receipts that did not come; empty where it cannot. Then a
   * message without a receipt ends as EXPIRED after 72 hours.
   */
  default Optional<ReceiptSource> receipts() {
    return Optional.empty();
  }

  /** Ends threads and connections. Calls under way may fail. */
  @Override
  default void close() {}
}
