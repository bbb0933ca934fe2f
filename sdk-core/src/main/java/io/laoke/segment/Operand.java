package io.laoke.segment;

import java.util.List;

/** With what a value is compared, as it stands in JSON. */
public sealed interface Operand {
  /** A code, a text, a path, a date, or an instant with its offset. */
  record Text(String value) implements Operand {}

  /** A whole number; money in fen. */
  record Whole(long value) implements Operand {}

  /** Yes or no. */
  record Flag(boolean value) implements Operand {}

  /** Several. */
  record Many(List<Operand> values) implements Operand {
    /** Copies. */
    public Many {
      values = List.copyOf(values);
    }
  }

  /** A window of time. */
  record Within(Window window) implements Operand {}

  /** Nothing: of exists and missing. */
  record None() implements Operand {}
}
