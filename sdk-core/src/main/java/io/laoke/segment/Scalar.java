package io.laoke.segment;

import io.laoke.internal.jdbc.Rows;
import io.laoke.segment.Condition.Bound;
import io.laoke.segment.Condition.Compare;
import io.laoke.segment.Condition.Contains;
import io.laoke.segment.Condition.Equal;
import io.laoke.segment.Condition.Exists;
import io.laoke.segment.Condition.In;
import io.laoke.segment.Condition.InDays;
import io.laoke.segment.Condition.InSpan;
import io.laoke.segment.Condition.Missing;
import io.laoke.segment.Condition.OnMonthDays;
import io.laoke.segment.Condition.StartsWith;
import io.laoke.segment.Condition.Under;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value in a column or an expression.
 *
 * @param sql the expression
 * @param type of the value
 * @param never that it is NULL
 * @param instead of a missing value: what NULL stands for; null if it stands for a missing one
 */
record Scalar(String sql, FieldType type, boolean never, @Nullable Object instead) implements Cell {
  private static final int FLAG_TRUE = 1;

  static Scalar of(String sql, FieldType type) {
    return new Scalar(sql, type, false, null);
  }

  static Scalar always(String sql, FieldType type) {
    return new Scalar(sql, type, true, null);
  }

  /** A number that is 0 where no row is joined. */
  static Scalar zeroIfNone(String sql, FieldType type) {
    return new Scalar(sql, type, false, BigDecimal.ZERO);
  }

  @Override
  public String holds(Condition condition, Binds binds) {
    return answered(condition, binds, false);
  }

  @Override
  public String fails(Condition condition, Binds binds) {
    return answered(condition, binds, true);
  }

  private String answered(Condition condition, Binds binds, boolean negated) {
    boolean ofNull = Values.holds(condition, instead) != negated;
    String ofValue = ofValue(condition, binds, negated);
    if (never) {
      return ofValue;
    }
    if (ofNull) {
      return Logic.or(sql + " IS NULL", ofValue);
    }
    return ofValue.equals(Logic.TRUE) ? sql + " IS NOT NULL" : ofValue;
  }

  /** True exactly where there is a value and the condition holds of it, or where it does not. */
  private String ofValue(Condition condition, Binds binds, boolean negated) {
    if (condition instanceof Exists) {
      return Logic.constant(!negated);
    }
    if (condition instanceof Missing) {
      return Logic.constant(negated);
    }
    if (condition instanceof Equal equal) {
      return equal(equal.value(), binds, negated);
    }
    if (condition instanceof In in) {
      return in(in.values(), binds, negated);
    }
    if (condition instanceof Compare compare) {
      return compared(compare.bound(), compare.value(), binds, negated);
    }
    if (condition instanceof InSpan in) {
      return between(in.span().fromMs(), in.span().toMs(), binds, negated);
    }
    if (condition instanceof InDays days) {
      return between(days.from().orElse(null), days.before().orElse(null), binds, negated);
    }
    if (condition instanceof OnMonthDays on) {
      return MonthDays.sql(sql, on.monthDays(), binds, negated);
    }
    if (condition instanceof Under under) {
      return under(under.path(), binds, negated);
    }
    if (condition instanceof Contains contains) {
      return like("%" + escaped(contains.text()) + "%", binds, negated);
    }
    if (condition instanceof StartsWith starts) {
      return like(escaped(starts.text()) + "%", binds, negated);
    }
    throw new IllegalArgumentException("no condition of " + type + ": " + condition);
  }

  private String equal(Object value, Binds binds, boolean negated) {
    if (type == FieldType.FLAG) {
      return sql + (negated ? " <> " : " = ") + binds.value(value.equals(true) ? FLAG_TRUE : 0);
    }
    if (!comparable(value)) {
      return Logic.constant(negated);
    }
    return sql + (negated ? " <> " : " = ") + binds.value(bound(value));
  }

  private String in(List<Object> values, Binds binds, boolean negated) {
    List<Object> left = values.stream().filter(Scalar::comparable).map(Scalar::bound).toList();
    if (left.isEmpty()) {
      return Logic.constant(negated);
    }
    Rows.Type sqlType =
        left.get(0) instanceof String
            ? Rows.Type.TEXT
            : left.stream().allMatch(Long.class::isInstance) ? Rows.Type.LONG : Rows.Type.DECIMAL;
    Collection<?> all =
        sqlType == Rows.Type.DECIMAL
            ? left.stream()
                .map(one -> one instanceof Long whole ? BigDecimal.valueOf(whole) : one)
                .toList()
            : left;
    return sql + (negated ? binds.notIn(sqlType, all) : binds.in(sqlType, all));
  }

  /** MySQL overlooks blanks at the end; what is stored has none. */
  private static boolean comparable(Object value) {
    return !(value instanceof String text) || (text.equals(text.strip()) && !text.isEmpty());
  }

  private static Object bound(Object value) {
    if (value instanceof BigDecimal number && number.stripTrailingZeros().scale() <= 0) {
      return number.longValueExact();
    }
    return value;
  }

  private String compared(Bound bound, Object value, Binds binds, boolean negated) {
    Bound effective =
        !negated
            ? bound
            : switch (bound) {
              case LT -> Bound.GTE;
              case LTE -> Bound.GT;
              case GT -> Bound.LTE;
              case GTE -> Bound.LT;
            };
    return sql + " " + effective.sql + " " + binds.value(bound(value));
  }

  private String between(
      @Nullable Object from, @Nullable Object before, Binds binds, boolean negated) {
    List<String> parts = new ArrayList<>();
    if (from != null) {
      parts.add(sql + (negated ? " < " : " >= ") + binds.value(from));
    }
    if (before != null) {
      parts.add(sql + (negated ? " >= " : " < ") + binds.value(before));
    }
    return negated ? Logic.or(parts) : Logic.and(parts);
  }

  /** '0' follows '/': what is below a path begins with it and a slash. */
  private String under(String path, Binds binds, boolean negated) {
    String itself = binds.value(path);
    String from = binds.value(path + "/");
    String to = binds.value(path + "0");
    return negated
        ? "(%1$s <> %2$s AND (%1$s < %3$s OR %1$s >= %4$s))".formatted(sql, itself, from, to)
        : "(%1$s = %2$s OR (%1$s >= %3$s AND %1$s < %4$s))".formatted(sql, itself, from, to);
  }

  private String like(String pattern, Binds binds, boolean negated) {
    return sql + (negated ? " NOT LIKE " : " LIKE ") + binds.value(pattern) + " ESCAPE '!'";
  }

  private static String escaped(String text) {
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
  }
}
