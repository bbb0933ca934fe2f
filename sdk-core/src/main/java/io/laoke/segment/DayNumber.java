package io.laoke.segment;

import io.laoke.segment.Condition.Compare;
import io.laoke.segment.Condition.Equal;
import io.laoke.segment.Condition.In;
import io.laoke.segment.Condition.InDays;
import io.laoke.segment.Condition.OnMonthDays;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.BitSet;

/** A day that is kept as a number such as 20261125. */
record DayNumber(Scalar number) implements Cell {
  @Override
  public String holds(Condition condition, Binds binds) {
    return answered(condition, binds, false);
  }

  @Override
  public String fails(Condition condition, Binds binds) {
    return answered(condition, binds, true);
  }

  private String answered(Condition condition, Binds binds, boolean negated) {
    if (condition instanceof OnMonthDays on) {
      BitSet days = on.monthDays();
      String asked = MonthDays.ofNumber("MOD(" + number.sql() + ", 10000)", days, binds, negated);
      return negated ? Logic.or(number.sql() + " IS NULL", asked) : asked;
    }
    Condition asked = asNumbers(condition);
    return negated ? number.fails(asked, binds) : number.holds(asked, binds);
  }

  private static Condition asNumbers(Condition condition) {
    if (condition instanceof Equal equal) {
      return new Equal(number(equal.value()));
    }
    if (condition instanceof In in) {
      return new In(in.values().stream().map(one -> (Object) number(one)).toList());
    }
    if (condition instanceof Compare compare) {
      return new Compare(compare.bound(), number(compare.value()));
    }
    if (condition instanceof InDays days) {
      return new Condition.InSpan(
          new Span(
              days.from().map(day -> number(day).longValueExact()).orElse(null),
              days.before().map(day -> number(day).longValueExact()).orElse(null)));
    }
    return condition;
  }

  private static BigDecimal number(Object day) {
    LocalDate date = (LocalDate) day;
    return BigDecimal.valueOf(
        date.getYear() * 10_000L + date.getMonthValue() * 100L + date.getDayOfMonth());
  }
}
