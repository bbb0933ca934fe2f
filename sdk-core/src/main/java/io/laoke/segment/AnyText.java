package io.laoke.segment;

import io.laoke.segment.Condition.Exists;
import io.laoke.segment.Condition.Missing;

/**
 * Several texts of one member: a condition holds if it holds of one of them.
 *
 * @param rows the query of a member's rows
 * @param text the column of the text
 */
record AnyText(String rows, Scalar text) implements Cell {
  @Override
  public String holds(Condition condition, Binds binds) {
    return exists(condition, binds, false);
  }

  @Override
  public String fails(Condition condition, Binds binds) {
    return exists(condition, binds, true);
  }

  private String exists(Condition condition, Binds binds, boolean negated) {
    boolean missing = condition instanceof Missing;
    String inside =
        missing || condition instanceof Exists ? Logic.TRUE : text.holds(condition, binds);
    if (inside.equals(Logic.FALSE)) {
      return Logic.constant(negated);
    }
    return (missing != negated ? "NOT EXISTS (" : "EXISTS (") + rows + Logic.andWhere(inside) + ")";
  }
}
