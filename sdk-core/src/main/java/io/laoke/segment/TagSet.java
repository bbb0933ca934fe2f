package io.laoke.segment;

import io.laoke.internal.jdbc.Rows;
import io.laoke.segment.Condition.Exists;
import io.laoke.segment.Condition.HasAll;
import io.laoke.segment.Condition.HasAny;
import io.laoke.segment.Condition.Missing;
import java.util.ArrayList;
import java.util.List;

/**
 * A set of codes, one row each.
 *
 * @param rows the query of a member's rows
 * @param code the column of the code
 */
record TagSet(String rows, String code) implements Cell {
  @Override
  public String holds(Condition condition, Binds binds) {
    return truth(condition, binds, false);
  }

  @Override
  public String fails(Condition condition, Binds binds) {
    return truth(condition, binds, true);
  }

  private String truth(Condition condition, Binds binds, boolean negated) {
    if (condition instanceof Exists || condition instanceof Missing) {
      return exists("", condition instanceof Missing != negated);
    }
    if (condition instanceof HasAny any) {
      return exists(" AND " + code + binds.in(Rows.Type.TEXT, any.codes()), negated);
    }
    if (condition instanceof HasAll all) {
      List<String> each = new ArrayList<>();
      for (String one : all.codes()) {
        each.add(exists(" AND " + code + " = " + binds.value(one), negated));
      }
      return negated ? Logic.or(each) : Logic.and(each);
    }
    throw new IllegalArgumentException("no condition of sets: " + condition);
  }

  private String exists(String more, boolean not) {
    return (not ? "NOT EXISTS (" : "EXISTS (") + rows + more + ")";
  }
}
