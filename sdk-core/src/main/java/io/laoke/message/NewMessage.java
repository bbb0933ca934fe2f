package io.laoke.message;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.base.Internal;
import io.laoke.error.InvalidInputException;
import java.time.Instant;

/**
 * A message to be sent, as an upper floor hands it to the {@link Outbox}.
 *
 * @param causeKind what caused it, such as {@code STAGE}; with {@code causeId}, the recipient and
 *     the channel it makes the message unique
 * @param causeId the id of the cause
 * @param orderId messages of one order to one recipient leave one after another; 0 for none
 * @param orderNo the order's number for people, empty for none
 * @param account the account's key
 * @param openidHash the recipient: the lookup hash of the openid, and of a text message that of the
 *     phone
 * @param seq place among the messages of that order and recipient; grows in commit order
 * @param purpose why it is sent
 * @param channel how it is sent
 * @param body what is sent
 * @param dueAt business time before which it is not sent
 * @param validUntil business time from which on it is not sent any more
 */
@Internal
public record NewMessage(
    String causeKind,
    long causeId,
    long orderId,
    String orderNo,
    String account,
    String openidHash,
    long seq,
    Purpose purpose,
    ChannelKind channel,
    TemplateMessage body,
    Instant dueAt,
    Instant validUntil) {
  /** Checks. */
  public NewMessage {
    causeKind = Check.text("causeKind", causeKind, 32);
    notNull("orderNo", orderNo);
    if (!orderNo.isEmpty()) {
      orderNo = Check.text("orderNo", orderNo, 128);
    }
    account = Check.text("account", account, 64);
    openidHash = Check.text("openidHash", openidHash, 64);
    notNull("purpose", purpose);
    notNull("channel", channel);
    notNull("body", body);
    notNull("dueAt", dueAt);
    notNull("validUntil", validUntil);
    if (!validUntil.isAfter(dueAt)) {
      throw new InvalidInputException(
          "validUntil", "must be after dueAt (" + dueAt + "), was " + validUntil);
    }
  }

  /** Shows neither recipient nor values. */
  @Override
  public String toString() {
    return "NewMessage[%s %d, seq %d, %s, %s]".formatted(causeKind, causeId, seq, purpose, channel);
  }
}
