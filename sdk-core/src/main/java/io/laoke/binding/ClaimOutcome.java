package io.laoke.binding;

import java.time.Duration;

/**
 * What a claim comes to. Whoever has not named an order and the last four digits of its phone
 * learns nothing: {@link NoMatch} is the answer for orders that do not exist, too.
 */
public sealed interface ClaimOutcome {
  /** The first: the order is theirs. */
  record Bound(OrderGlance order) implements ClaimOutcome {}

  /**
   * They had it before.
   *
   * @param resumed whether notices that they had stopped go on by this claim
   */
  record AlreadyYours(OrderGlance order, boolean resumed) implements ClaimOutcome {}

  /**
   * One more of the family.
   *
   * @param recipients how many there are now
   */
  record AlsoReceiving(OrderGlance order, int recipients) implements ClaimOutcome {}

  /** Number and digits are right, but others have the order and no more are let in. */
  record TakenByAnother() implements ClaimOutcome {}

  /** Number and digits are right, but the order was cancelled or returned. */
  record OrderClosed() implements ClaimOutcome {}

  /** Staff never bind. The same whatever they ask for. */
  record StaffClaim() implements ClaimOutcome {}

  /**
   * Number and digits do not belong together: no such order, another phone, or one whose phone is
   * the shop's own, shared, or unknown. It counts as a try.
   */
  record NoMatch() implements ClaimOutcome {}

  /**
   * Too many wrong tries by this person or for this number; nothing was looked up.
   *
   * @param retryAfter when to come back at the earliest, by machine time from now
   */
  record TooManyTries(Duration retryAfter) implements ClaimOutcome {}
}
