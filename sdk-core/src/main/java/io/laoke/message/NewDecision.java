package io.laoke.message;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.base.Internal;
import io.laoke.error.InvalidInputException;
import java.time.Instant;

/**
 * A decision without a message.
 *
 * @param causeKind as in {@link NewMessage}
 * @param causeId as in {@link NewMessage}
 * @param orderId the order, 0 for none
 * @param orderNo the order's number for people, empty for none
 * @param account the account's key, empty when none is concerned
 * @param openidHash the recipient as in {@link NewMessage}, empty when there is none
 * @param seq place among what happened to the order
 * @param purpose why it would have been sent
 * @param channel how it would have been sent
 * @param result {@link Decision.Result#STOPPED} or {@link Decision.Result#REPLIED}
 * @param reason the rule, such as code {@code STALE}
 * @param at business time
 */
@Internal
public record NewDecision(
    String causeKind,
    long causeId,
    long orderId,
    String orderNo,
    String account,
    String openidHash,
    long seq,
    Purpose purpose,
    ChannelKind channel,
    Decision.Result result,
    Reason reason,
    Instant at) {
  /** Checks. */
  public NewDecision {
    causeKind = Check.text("causeKind", causeKind, 32);
    orderNo = optional("orderNo", orderNo, 128);
    account = optional("account", account, 64);
    openidHash = optional("openidHash", openidHash, 64);
    notNull("purpose", purpose);
    notNull("channel", channel);
    notNull("reason", reason);
    notNull("at", at);
    if (notNull("result", result) != Decision.Result.STOPPED && result != Decision.Result.REPLIED) {
      throw new InvalidInputException(
          "result", "must be STOPPED or REPLIED where there is no message, was " + result);
    }
  }

  private static String optional(String field, String value, int max) {
    String text = Check.optionalText(field, notNull(field, value), max);
    return text == null ? "" : text;
  }

  /** Shows no recipient. */
  @Override
  public String toString() {
    return "NewDecision[%s %d, %s, %s]".formatted(causeKind, causeId, result, reason.code());
  }
}
