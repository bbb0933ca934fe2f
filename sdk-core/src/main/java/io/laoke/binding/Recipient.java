package io.laoke.binding;

import java.time.Instant;

/**
 * Somebody who receives, or received, an order's notices 通知接收人. Holds no openid.
 *
 * @param id names them in calls about this order
 * @param account the key of the account that they follow
 * @param shown a masked name for the assistant, such as {@code 王** 微信3f9a}: the buyer's if it is
 *     the order's member, and always four characters that tell people apart
 * @param state whether they receive notices
 * @param source how they came
 * @param follows whether they follow the account now; who does not cannot be reached until then
 * @param joinedAt business time of the first binding
 */
public record Recipient(
    long id,
    String account,
    String shown,
    RecipientState state,
    Source source,
    boolean follows,
    Instant joinedAt) {
  /** How a recipient came to an order. */
  public enum Source {
    /** By scanning the order's code. */
    SCAN,
    /** By themselves, since the order's member followed already. */
    AUTO,
    /** By the dealer. */
    REBIND,
    /** By opening the order's paper link in the platform's app. */
    LINK,
    /** By the order's number and the last digits of its phone. */
    CLAIM
  }
}
