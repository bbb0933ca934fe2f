package io.laoke.segment;

/** Which rows of orders and items there are. */
public enum Scope {
  /** Sales that count, net of what came back. */
  DEFAULT,
  /** Every document as it was written: cancelled ones too, returns as rows that count negative. */
  ALL
}
