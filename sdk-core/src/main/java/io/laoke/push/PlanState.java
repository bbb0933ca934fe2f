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
  /** Stopped by staff for a while: no further batch is made; what was made leaves. */
  PAUSED,
  /** All batches are sent, refused, or of unknown outcome; see {@link Plans#batches}. */
  DONE,
  /** Ended by staff. */
  CANCELLED
}
