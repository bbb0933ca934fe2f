package io.laoke.segment;

import io.laoke.segment.Condition.Compare;
import io.laoke.segment.Condition.Contains;
import io.laoke.segment.Condition.Equal;
import io.laoke.segment.Condition.Exists;
import io.laoke.segment.Condition.HasAll;
import io.laoke.segment.Condition.HasAny;
import io.laoke.segment.Condition.In;
import io.laoke.segment.Condition.InDays;
import io.laoke.segment.Condition.InSpan;
import io.laoke.segment.Condition.Missing;
import io.laoke.segment.Condition.OnMonthDays;
import io.laoke.segment.Condition.StartsWith;
import io.laoke.segment.Condition.Under;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Conditions on values in memory: what SQL has to give, too. */
final class Values {
  private Values() {}

  /** Whether a condition holds of a value; null is a missing one. */
  static boolean holds(Condition condition, @Nullable Object value) {
    if (condition instanceof Missing) {
      return value == null;
    }
    if (value == null) {
      return false;
    }
    if (condition instanceof Exists) {
      return true;
    }
    if (value instanceof Set<?> several
        && !(condition instanceof HasAny || condition instanceof HasAll)) {
      // Several texts: true if it is of one of them.
      return several.stream().anyMatch(one -> holds(condition, one));
    }
    if (condition instanceof Equal equal) {
      return same(value, equal.value());
    }
    if (condition instanceof In in) {
      return in.values().stream().anyMatch(one -> same(value, one));
    }
    if (condition instanceof Compare compare) {
      return compare.bound().holds(compared(value, compare.value()));
    }
    if (condition instanceof InSpan in) {
      return in.span().has((Long) value);
    }
    if (condition instanceof InDays days) {
      LocalDate day = (LocalDate) value;
      return days.from().filter(day::isBefore).isEmpty()
          && days.before().filter(before -> !day.isBefore(before)).isEmpty();
    }
    if (condition instanceof OnMonthDays on) {
      LocalDate day = (LocalDate) value;
      return on.monthDays().get(day.getMonthValue() * 100 + day.getDayOfMonth());
    }
    if (condition instanceof HasAny any) {
      return any.codes().stream().anyMatch(texts(value)::contains);
    }
    if (condition instanceof HasAll all) {
      return texts(value).containsAll(all.codes());
    }
    return text(condition, (String) value);
  }

  private static boolean text(Condition condition, String value) {
    if (condition instanceof Contains contains) {
      return value.contains(contains.text());
    }
    if (condition instanceof StartsWith starts) {
      return value.startsWith(starts.text());
    }
    if (condition instanceof Under under) {
      return value.equals(under.path()) || value.startsWith(under.path() + "/");
    }
    throw new IllegalArgumentException("no condition of texts: " + condition);
  }

  @SuppressWarnings("unchecked")
  private static Collection<String> texts(Object value) {
    return (Set<String>) value;
  }

  static boolean same(Object one, Object other) {
    return one instanceof BigDecimal number
        ? number.compareTo((BigDecimal) other) == 0
        : one.equals(other);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  static int compared(Object one, Object other) {
    return ((Comparable) one).compareTo(other);
  }
}
