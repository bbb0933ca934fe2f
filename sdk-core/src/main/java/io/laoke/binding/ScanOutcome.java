package io.laoke.binding;

import java.util.List;

/** What a scan of one of our codes, or a recipient's return, comes to. Repeats come to the same. */
public sealed interface ScanOutcome {
  /** The first: the order is theirs. */
  record Bound(OrderGlance order) implements ScanOutcome {}

  /**
   * They had it before.
   *
   * @param resumed whether notices that they had stopped go on by this scan
   */
  record AlreadyYours(OrderGlance order, boolean resumed) implements ScanOutcome {}

  /**
   * One more of the family.
   *
   * @param recipients how many there are now
   */
  record AlsoReceiving(OrderGlance order, int recipients) implements ScanOutcome {}

  /** Others have it and no more are let in. Says nothing about order or others. */
  record TakenByAnother() implements ScanOutcome {}

  /** The ticket's time is over. */
  record Expired() implements ScanOutcome {}

  /** The ticket was taken back. */
  record Revoked() implements ScanOutcome {}

  /** The order was cancelled or returned before anybody of them scanned. */
  record OrderClosed() implements ScanOutcome {}

  /**
   * Staff looked whether the code works; they never bind.
   *
   * @param orderNo the order's number
   */
  record StaffScan(String orderNo) implements ScanOutcome {}

  /** The code looks like ours, but no such ticket is known. */
  record Unknown() implements ScanOutcome {}

  /**
   * No scan: somebody who had stopped following is back, and receives the notices of their orders
   * again.
   *
   * @param orders those under way, oldest first, at most three
   */
  record FollowsAgain(List<OrderGlance> orders) implements ScanOutcome {
    /** Copies. */
    public FollowsAgain {
      orders = List.copyOf(orders);
    }
  }

  /**
   * What a reply is made of.
   *
   * @param outcome the outcome
   * @param offered numbers of other orders that wait for the scanner's confirmation, at most three
   */
  record Told(ScanOutcome outcome, List<String> offered) {
    /** Copies. */
    public Told {
      offered = List.copyOf(offered);
    }
  }
}
