package io.laoke.segment;

import io.laoke.segment.Condition.Bound;
import io.laoke.segment.Condition.Compare;
import io.laoke.segment.Condition.Equal;
import io.laoke.segment.Condition.In;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;

/** Conditions that only positive numbers satisfy. */
final class Positive {
  private static final BigDecimal VERY_LITTLE = BigDecimal.TEN.pow(40).negate();

  private Positive() {}

  /**
   * Whether only positive numbers satisfy a condition, and with one of them all that are greater.
   *
   * @param negated whether the contrary of the condition is meant
   */
  static boolean most(Condition condition, boolean negated) {
    return condition instanceof Compare compare
        && (compare.bound() == Bound.GT || compare.bound() == Bound.GTE) != negated
        && only(condition, negated);
  }

  /**
   * Whether all counts but 0 satisfy a condition, and 0 does not.
   *
   * @param negated whether the contrary of the condition is meant
   */
  static boolean some(Condition condition, boolean negated) {
    if (condition instanceof Equal equal) {
      return negated && equal.value() instanceof BigDecimal number && number.signum() == 0;
    }
    return most(condition, negated) && Values.holds(condition, BigDecimal.ONE) != negated;
  }

  /**
   * Whether no number that is 0 or less satisfies a condition.
   *
   * @param negated whether the contrary of the condition is meant
   */
  static boolean only(Condition condition, boolean negated) {
    List<Object> named;
    if (condition instanceof Compare compare) {
      named = List.of(compare.value());
    } else if (condition instanceof Equal equal) {
      named = List.of(equal.value());
    } else if (condition instanceof In in) {
      named = in.values();
    } else {
      return false;
    }
    if (!named.stream().allMatch(BigDecimal.class::isInstance)) {
      return false;
    }
    // Between two of these it changes nowhere: what is named, and the ends.
    return Stream.concat(
            Stream.of(BigDecimal.ZERO, VERY_LITTLE),
            named.stream()
                .map(BigDecimal.class::cast)
                .flatMap(value -> Stream.of(value, value.subtract(BigDecimal.ONE.movePointLeft(6))))
                .filter(value -> value.signum() <= 0))
        .allMatch(value -> Values.holds(condition, value) == negated);
  }
}
