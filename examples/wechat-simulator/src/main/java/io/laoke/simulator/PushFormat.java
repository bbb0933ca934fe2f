package io.laoke.simulator;

/** Data format of pushes; XML is what Official Accounts get in practice. */
public enum PushFormat {
  /** {@code <xml>…</xml>}. */
  XML,
  /** One JSON object. */
  JSON
}
