package io.laoke.segment;

import io.laoke.segment.Condition.Compare;
import io.laoke.segment.Condition.Equal;
import io.laoke.segment.Condition.InDays;
import io.laoke.segment.Condition.InSpan;
import io.laoke.segment.Condition.OnMonthDays;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A day that is kept as its number since 1970. */
record EpochDay(Scalar number) implements Cell {
  private static final int FIRST_YEAR = 1900;
  private static final int LAST_YEAR = 2299;

  /** Days one after the other. */
  record Days(LocalDate first, LocalDate last) {}

  /** The days of these years whose month and day are in a set. */
  static List<Days> days(BitSet monthDays, int firstYear, int lastYear) {
    List<Days> all = new ArrayList<>();
    LocalDate first = null;
    LocalDate end = LocalDate.of(lastYear, 12, 31);
    for (LocalDate day = LocalDate.of(firstYear, 1, 1); !day.isAfter(end); day = day.plusDays(1)) {
      boolean in = monthDays.get(day.getMonthValue() * 100 + day.getDayOfMonth());
      if (in && first == null) {
        first = day;
      } else if (!in && first != null) {
        all.add(new Days(first, day.minusDays(1)));
        first = null;
      }
    }
    if (first != null) {
      all.add(new Days(first, end));
    }
    return all;
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
    List<String> parts = new ArrayList<>();
    for (Condition one : asNumbers(condition)) {
      parts.add(negated ? number.fails(one, binds) : number.holds(one, binds));
    }
    return negated ? Logic.and(parts) : Logic.or(parts);
  }

  private static List<Condition> asNumbers(Condition condition) {
    if (condition instanceof OnMonthDays on) {
      List<Condition> spans = new ArrayList<>();
      for (Days days : days(on.monthDays(), FIRST_YEAR, LAST_YEAR)) {
        spans.add(new InSpan(new Span(days.first().toEpochDay(), days.last().toEpochDay() + 1)));
      }
      return spans;
    }
    if (condition instanceof Equal equal) {
      return List.of(new Equal(number(equal.value())));
    }
    if (condition instanceof Compare compare) {
      return List.of(new Compare(compare.bound(), number(compare.value())));
    }
    if (condition instanceof InDays days) {
      return List.of(
          new InSpan(
              new Span(
                  days.from().map(LocalDate::toEpochDay).orElse(null),
                  days.before().map(LocalDate::toEpochDay).orElse(null))));
    }
    return List.of(condition);
  }

  private static BigDecimal number(Object day) {
    return BigDecimal.valueOf(((LocalDate) day).toEpochDay());
  }
}
