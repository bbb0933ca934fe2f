package io.laoke.binding;

/** What happens when an order comes in whose member follows the account already. */
public enum AutoBind {
  /** They receive its notices at once. */
  ALWAYS,
  /** It is offered to them in the next reply; they receive notices once they scan its code. */
  ASK,
  /** Nothing; they scan each order's code. */
  NEVER
}
