package io.laoke.binding;

/** Whether somebody receives an order's notices. */
public enum RecipientState {
  /** Receives them. */
  ACTIVE,
  /** Belongs to the order, but wants no notices of it. */
  STOPPED,
  /** Was found by the order's member, but has not confirmed; receives nothing. */
  OFFERED,
  /** Does not belong to the order any more. */
  UNBOUND;

  /** Whether the order's code is theirs already. */
  public boolean bound() {
    return this == ACTIVE || this == STOPPED;
  }
}
