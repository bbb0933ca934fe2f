package io.laoke.segment;

import io.laoke.segment.Condition.Compare;
import io.laoke.segment.Condition.Equal;
import io.laoke.segment.Condition.Exists;
import io.laoke.segment.Condition.In;
import io.laoke.segment.Condition.InDays;
import io.laoke.segment.Condition.InSpan;
import io.laoke.segment.Condition.Missing;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A condition on whole numbers, as ranges of them. */
record Ranges(List<Range> of) {
  private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  /** Both ends included. */
  record Range(long from, long to) {}

  static final Range EVERY = new Range(Long.MIN_VALUE, Long.MAX_VALUE);

  boolean has(long value) {
    for (Range range : of) {
      if (value >= range.from() && value <= range.to()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The ranges in which a condition holds of numbers, days since 1970 or epoch milliseconds; empty
   * if it is none of ranges.
   *
   * @param unit how much of the numbers one is in the condition
   */
  static Optional<Ranges> of(Condition condition, long unit) {
    List<Range> ranges = new ArrayList<>();
    if (condition instanceof Exists) {
      ranges.add(EVERY);
    } else if (condition instanceof Equal equal) {
      point(equal.value(), unit).ifPresent(ranges::add);
    } else if (condition instanceof In in) {
      in.values().forEach(value -> point(value, unit).ifPresent(ranges::add));
    } else if (condition instanceof Compare compare) {
      compared(compare, unit).ifPresent(ranges::add);
    } else if (condition instanceof InSpan in) {
      Long from = in.span().fromMs();
      Long to = in.span().toMs();
      ranges.add(
          new Range(from == null ? Long.MIN_VALUE : from, to == null ? Long.MAX_VALUE : to - 1));
    } else if (condition instanceof InDays days) {
      ranges.add(
          new Range(
              days.from().map(LocalDate::toEpochDay).orElse(Long.MIN_VALUE),
              days.before().map(day -> day.toEpochDay() - 1).orElse(Long.MAX_VALUE)));
    } else if (!(condition instanceof Missing)) {
      return Optional.empty();
    }
    return Optional.of(new Ranges(ranges));
  }

  private static BigDecimal number(Object value, long unit) {
    if (value instanceof LocalDate day) {
      return BigDecimal.valueOf(day.toEpochDay());
    }
    return value instanceof Long ms
        ? BigDecimal.valueOf(ms)
        : ((BigDecimal) value).multiply(BigDecimal.valueOf(unit));
  }

  private static Optional<Range> point(Object value, long unit) {
    BigDecimal number = number(value, unit);
    boolean there =
        number.stripTrailingZeros().scale() <= 0
            && number.compareTo(LEAST) >= 0
            && number.compareTo(MOST) <= 0;
    return there
        ? Optional.of(new Range(number.longValueExact(), number.longValueExact()))
        : Optional.empty();
  }

  private static Optional<Range> compared(Compare compare, long unit) {
    BigDecimal number = number(compare.value(), unit);
    BigDecimal low = LEAST;
    BigDecimal high = MOST;
    switch (compare.bound()) {
      case LT -> high = number.setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE);
      case LTE -> high = number.setScale(0, RoundingMode.FLOOR);
      case GT -> low = number.setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE);
      case GTE -> low = number.setScale(0, RoundingMode.CEILING);
    }
    if (high.compareTo(LEAST) < 0 || low.compareTo(MOST) > 0) {
      return Optional.empty();
    }
    return Optional.of(new Range(low.max(LEAST).longValueExact(), high.min(MOST).longValueExact()));
  }
}
