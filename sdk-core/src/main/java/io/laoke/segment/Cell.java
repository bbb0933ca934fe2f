package io.laoke.segment;

import java.math.BigDecimal;

/**
 * A value as SQL finds it. Both answers are never unknown in effect: the first is true exactly
 * where the condition holds, the second exactly where it does not; neither is ever negated.
 */
interface Cell {
  /** True exactly where the condition holds. */
  String holds(Condition condition, Binds binds);

  /** True exactly where it does not. */
  String fails(Condition condition, Binds binds);

  /** A value that is always missing. */
  Cell MISSING =
      new Cell() {
        @Override
        public String holds(Condition condition, Binds binds) {
          return Logic.constant(Values.holds(condition, null));
        }

        @Override
        public String fails(Condition condition, Binds binds) {
          return Logic.constant(!Values.holds(condition, null));
        }
      };

  /** A word of ours that is the value of all rows. */
  record Constant(String word) implements Cell {
    @Override
    public String holds(Condition condition, Binds binds) {
      return Logic.constant(Values.holds(condition, word));
    }

    @Override
    public String fails(Condition condition, Binds binds) {
      return Logic.constant(!Values.holds(condition, word));
    }
  }

  /** A number that is 0 of everybody. */
  record Zero() implements Cell {
    @Override
    public String holds(Condition condition, Binds binds) {
      return Logic.constant(Values.holds(condition, BigDecimal.ZERO));
    }

    @Override
    public String fails(Condition condition, Binds binds) {
      return Logic.constant(!Values.holds(condition, BigDecimal.ZERO));
    }
  }
}
