package io.laoke.inbox;

import org.jspecify.annotations.Nullable;

/**
 * A row as far as it is needed to decide about it.
 *
 * @param kind as inserted
 * @param ref as inserted
 * @param length of the fact in characters; -1 where there is none
 * @param code of the reason why it waits or is bad
 */
record FactRow(
    long id,
    @Nullable String kind,
    @Nullable String ref,
    long length,
    String state,
    long nextMs,
    int tries,
    int edition,
    @Nullable Long firstMs,
    @Nullable String code) {

  boolean waitsForOrder() {
    return "ORDER_UNKNOWN".equals(code);
  }

  /** Whether it waits since it failed by itself; its tries are these failures. */
  boolean failing() {
    return "FAILING".equals(code);
  }

  /** Whether it waits, and for no order. */
  boolean backsOff() {
    return state.equals("WAITING") && !waitsForOrder();
  }

  /** Shows no number, since that may be a customer's. */
  @Override
  public String toString() {
    return "FactRow[" + id + "]";
  }
}
