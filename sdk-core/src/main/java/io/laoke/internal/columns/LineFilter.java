package io.laoke.internal.columns;

/** What is asked of a line, beside its category and its time. */
public interface LineFilter {
  /** Whether a line is one of those. */
  boolean test(Block block, int line);
}
