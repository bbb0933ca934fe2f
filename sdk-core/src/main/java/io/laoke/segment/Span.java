package io.laoke.segment;

import org.jspecify.annotations.Nullable;

/**
 * From a moment on and before another, in epoch milliseconds.
 *
 * @param fromMs null: from ever
 * @param toMs null: for ever
 */
record Span(@Nullable Long fromMs, @Nullable Long toMs) {
  static final Span EVER = new Span(null, null);

  boolean has(long ms) {
    Long from = fromMs;
    Long to = toMs;
    return (from == null || ms >= from) && (to == null || ms < to);
  }

  boolean ever() {
    return fromMs == null && toMs == null;
  }
}
