package io.laoke.segment;

import io.laoke.segment.Condition.Bound;
import io.laoke.segment.Condition.Compare;
import io.laoke.segment.Condition.Equal;
import io.laoke.segment.Condition.Exists;
import io.laoke.segment.Condition.In;
import io.laoke.segment.Condition.Missing;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** A sum over a number of rows, never divided; missing where there is no row. */
record Average(String sum, String count) implements Cell {
  @Override
  public String holds(Condition condition, Binds binds) {
    return answered(condition, binds, false);
  }

  @Override
  public String fails(Condition condition, Binds binds) {
    return answered(condition, binds, true);
  }

  private String answered(Condition condition, Binds binds, boolean negated) {
    String missing = "(" + count + " IS NULL OR " + count + " = 0)";
    String there = count + " > 0";
    if (condition instanceof Exists || condition instanceof Missing) {
      return condition instanceof Missing == negated ? there : missing;
    }
    List<String> parts = new ArrayList<>();
    if (condition instanceof Compare compare) {
      parts.add(compared(compare.bound().sql, compare.value(), binds));
    } else if (condition instanceof Equal equal) {
      parts.add(compared("=", equal.value(), binds));
    } else {
      ((In) condition).values().forEach(value -> parts.add(compared("=", value, binds)));
    }
    if (!negated) {
      return Logic.and(List.of(there, Logic.or(parts)));
    }
    List<String> none = parts.stream().map(part -> "NOT " + part).toList();
    return Logic.or(missing, Logic.and(none));
  }

  private String compared(String operator, Object value, Binds binds) {
    return "(%s %s CAST(%s AS DECIMAL(38, 4)) * %s)"
        .formatted(sum, operator, binds.value(value), count);
  }

  /** The same in memory. */
  static boolean holds(Condition condition, BigDecimal sum, long count) {
    if (count == 0) {
      return Values.holds(condition, null);
    }
    if (condition instanceof Compare compare) {
      return holds(compare.bound(), sum, (BigDecimal) compare.value(), count);
    }
    if (condition instanceof Equal equal) {
      return sum.compareTo(times(equal.value(), count)) == 0;
    }
    if (condition instanceof In in) {
      return in.values().stream().anyMatch(one -> sum.compareTo(times(one, count)) == 0);
    }
    return condition instanceof Exists;
  }

  private static boolean holds(Bound bound, BigDecimal sum, BigDecimal value, long count) {
    return bound.holds(sum.compareTo(times(value, count)));
  }

  private static BigDecimal times(Object value, long count) {
    return ((BigDecimal) value).multiply(BigDecimal.valueOf(count));
  }
}
