package io.laoke.segment;

import java.time.LocalDate;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of one value, everything relative made absolute. Values: String for codes, texts
 * and paths, BigDecimal for numbers and money, Boolean for flags, LocalDate for days, Long in epoch
 * milliseconds for instants. False of a missing value, but for {@link Missing}.
 */
sealed interface Condition {
  /** There is a value. */
  record Exists() implements Condition {}

  /** There is none. */
  record Missing() implements Condition {}

  /** Equal: of every type but TAGS and INSTANT. */
  record Equal(Object value) implements Condition {}

  /** One of several, without repeats: of codes, texts, paths, numbers. */
  record In(List<Object> values) implements Condition {
    public In {
      values = List.copyOf(values);
    }
  }

  /** Contains this text, letter by letter. */
  record Contains(String text) implements Condition {}

  /** Begins with this text, letter by letter. */
  record StartsWith(String text) implements Condition {}

  /** The path or one below it. */
  record Under(String path) implements Condition {}

  /** Has one of them. */
  record HasAny(List<String> codes) implements Condition {
    public HasAny {
      codes = List.copyOf(codes);
    }
  }

  /** Has each of them. */
  record HasAll(List<String> codes) implements Condition {
    public HasAll {
      codes = List.copyOf(codes);
    }
  }

  /** Compared with a bound: of numbers, money, days and instants. */
  record Compare(Bound bound, Object value) implements Condition {}

  /** Ways to compare. */
  enum Bound {
    LT("<"),
    LTE("<="),
    GT(">"),
    GTE(">=");

    final String sql;

    Bound(String sql) {
      this.sql = sql;
    }

    boolean holds(int comparison) {
      return switch (this) {
        case LT -> comparison < 0;
        case LTE -> comparison <= 0;
        case GT -> comparison > 0;
        case GTE -> comparison >= 0;
      };
    }
  }

  /** An instant of this span. */
  record InSpan(Span span) implements Condition {}

  /** A day from the first on and before the second; empty: open. */
  record InDays(Optional<LocalDate> from, Optional<LocalDate> before) implements Condition {}

  /**
   * A day whose month and day, as month × 100 + day, are in the set; 229 is in it where 29 February
   * counts.
   */
  record OnMonthDays(BitSet monthDays) implements Condition {
    public OnMonthDays {
      monthDays = (BitSet) monthDays.clone();
    }
  }
}
