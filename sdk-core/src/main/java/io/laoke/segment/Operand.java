package io.laoke.segment;

import static io.laoke.base.Check.notNull;

import java.util.List;

/** With what a value is compared, as it stands in JSON. */
public sealed interface Operand {
  /** A code, a text, a path, a date, or an instant with its offset. */
  record Text(String value) implements Operand {
    /** Checks. */
    public Text {
      notNull("value", value);
    }

    /** Without the text: it may be somebody's name. */
    @Override
    public String toString() {
      return "Text[%d characters]".formatted(value.length());
    }
  }

  /** A whole number; money in fen. */
  record Whole(long value) implements Operand {}

  /** Yes or no. */
  record Flag(boolean value) implements Operand {}

  /** Several. */
  record Many(List<Operand> values) implements Operand {
    /** Copies. */
    public Many {
      values = List.copyOf(notNull("values", values));
    }
  }

  /** A window of time. */
  record Within(Window window) implements Operand {
    /** Checks. */
    public Within {
      notNull("window", window);
    }
  }

  /** Nothing: of exists and missing. */
  record None() implements Operand {}
}
