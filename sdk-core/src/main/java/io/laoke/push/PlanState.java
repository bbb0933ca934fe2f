package io.laoke.push;

/** How far a plan is. */
public enum PlanState {
  /** Being written; any change of a plan leads back here. */
  DRAFT,
  /** Waits for whoever approves. */
  SUBMITTED,
  /** May be allocated; its body is frozen by its hash. */
  APPROVED,
  /** It is decided, for good, who gets what; see {@link Plans#allocate}. */
  ALLOCATED,
  /** Approved, or allocated, and starts by itself at its time; see {@link Plans#schedule}. */
  SCHEDULED,
  /** On its way: batch by batch leaves. */
  RUNNING,
  /**
   * WeChat has asked the account's administrator about a batch: no further batch is made until that
   * one's end is told. It goes on by itself after a success, and is PAUSED after anything else.
   */
  AWAITING_WECHAT_ADMIN,
  /**
   * Stopped for a while, by staff or since WeChat's administrator did not confirm: no further batch
   * is made; what was made leaves.
   */
  PAUSED,
  /** All batches are sent, refused, or of unknown outcome; see {@link Plans#batches}. */
  DONE,
  /** Ended by staff. */
  CANCELLED
}
