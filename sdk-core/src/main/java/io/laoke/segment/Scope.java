package io.laoke.segment;

import java.util.Locale;

/** Which rows of orders and items there are. */
public enum Scope {
  /** Sales that count, net of what came back. */
  DEFAULT,
  /** Every document as it was written: cancelled ones too, returns as rows that count negative. */
  ALL;

  /** Its name in JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
