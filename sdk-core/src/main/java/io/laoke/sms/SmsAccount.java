package io.laoke.sms;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import io.laoke.message.Account;
import io.laoke.message.ChannelKind;
import io.laoke.message.MessageChannel;
import io.laoke.message.ReceiptSource;
import java.time.Clock;
import java.util.Optional;

/**
 * An account by which a dealer sends text messages: a provider and the signature approved for that
 * dealer. Given to Laoke like a WeChat account, with {@code Laoke.builder().account(dealer, …)}.
 * Immutable; safe for use by many threads. Offers the capabilities {@link SmsSender}, {@link
 * SmsHours}, {@code SmsAccount} and, where the provider pushes, {@link SmsPushFormat}, and {@link
 * ReceiptSource} where it can be asked.
 */
public final class SmsAccount implements Account {
  private final String key;
  private final SmsSender sender;
  private final String signature;
  private final SmsHours hours;
  private final SmsChannel channel;

  private SmsAccount(String key, SmsSender sender, String signature, SmsHours hours, Clock clock) {
    this.key = key;
    this.sender = sender;
    this.signature = signature;
    this.hours = hours;
    this.channel = new SmsChannel(sender, signature, hours, clock);
  }

  /**
   * An account.
   *
   * @param key the host's name of it, unique among all accounts of all dealers, at most 64
   *     characters; decisions and receipts are kept by it, so it never changes
   * @param sender the provider
   * @param signature the approved signature without its brackets, 2 to 16 characters, such as
   *     {@code 恒信电器}
   */
  public static SmsAccount of(String key, SmsSender sender, String signature) {
    String name = Check.key("signature", signature, 16);
    if (name.length() < 2 || name.indexOf('【') >= 0 || name.indexOf('】') >= 0) {
      throw new InvalidInputException(
          "signature", "must be 2 to 16 characters without 【】, which the provider adds");
    }
    return new SmsAccount(
        Check.key("key", key, 64),
        notNull("sender", sender),
        name,
        SmsHours.standard(),
        Clock.systemUTC());
  }

  /** With other hours for sending. */
  public SmsAccount withHours(SmsHours hours) {
    return new SmsAccount(key, sender, signature, notNull("hours", hours), channel.clock());
  }

  /** With another clock for what a provider's limits make wait; for tests. */
  SmsAccount withClock(Clock clock) {
    return new SmsAccount(key, sender, signature, hours, clock);
  }

  @Override
  public String key() {
    return key;
  }

  /** The approved signature without its brackets. */
  public String signature() {
    return signature;
  }

  /** The provider's short name, by which templates are approved. */
  public String provider() {
    return sender.provider();
  }

  /**
   * The channel of text messages. A message's template is a key of {@code dealer.sms().templates()}
   * and its fields are that template's parameters; Laoke hands the channel the templates as they
   * are when a message's turn comes, and without Laoke it refuses all.
   */
  @Override
  public Optional<MessageChannel> channel(ChannelKind kind) {
    return kind == ChannelKind.SMS ? Optional.of(channel) : Optional.empty();
  }

  @Override
  public <T> Optional<T> capability(Class<T> type) {
    if (type == SmsPushFormat.class) {
      return sender.pushFormat().map(type::cast);
    }
    if (type == ReceiptSource.class) {
      return sender.receipts().map(type::cast);
    }
    Object offered =
        type == SmsSender.class
            ? sender
            : type == SmsHours.class ? hours : type == SmsAccount.class ? this : null;
    return Optional.ofNullable(offered).map(type::cast);
  }

  /** Closes the sender. */
  @Override
  public void close() {
    sender.close();
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return "SmsAccount[" + key + ", " + sender.provider() + "]";
  }
}
