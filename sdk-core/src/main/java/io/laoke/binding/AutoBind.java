package io.laoke.binding;

/** What happens when an order comes in whose member follows the account already. */
public enum AutoBind {
  /** They receive its notices at once. */
  ALWAYS,
  /**
   * They are asked once, by the order's first notice, which leads to a page where they say yes or
   * no, and in the next reply; they receive its notices once they say yes or scan its code. Without
   * a web address there is no page, and no notice asks.
   */
  ASK,
  /** Nothing; they scan each order's code. */
  NEVER
}
