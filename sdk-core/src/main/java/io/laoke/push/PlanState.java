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
  /** Ended by staff. */
  CANCELLED
}
