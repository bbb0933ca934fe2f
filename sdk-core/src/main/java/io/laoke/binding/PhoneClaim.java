package io.laoke.binding;

import java.util.List;

/** What a claim by a code comes to. */
public sealed interface PhoneClaim {
  /**
   * The phone is theirs: they belong to its member, unless another person of this account does, and
   * receive the notices of its orders.
   *
   * @param orders what came of each order, the newest first; those that were cancelled, or that
   *     others receive, among them
   */
  record Proven(List<ClaimOutcome> orders) implements PhoneClaim {
    /** Copies. */
    public Proven {
      orders = List.copyOf(orders);
    }
  }

  /**
   * It is another code.
   *
   * @param triesLeft how often they can try before it is void
   */
  record WrongCode(int triesLeft) implements PhoneClaim {}

  /** There is no code: none was asked for, it is too old, used up, or was tried too often. */
  record NoCode() implements PhoneClaim {}

  /** Staff never bind. */
  record StaffClaim() implements PhoneClaim {}
}
