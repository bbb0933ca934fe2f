package io.laoke.segment;

import io.laoke.segment.Condition.Bound;
import io.laoke.segment.Condition.Compare;
import io.laoke.segment.Condition.Equal;
import io.laoke.segment.Condition.Exists;
import io.laoke.segment.Condition.InDays;
import io.laoke.segment.Condition.InSpan;
import io.laoke.segment.Condition.Missing;
import io.laoke.segment.Condition.OnMonthDays;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The day, in a zone, of a moment in epoch milliseconds. Days are asked for by the moments at which
 * they begin.
 *
 * @param millis the expression of the moment
 */
record InstantDay(String millis, ZoneId zone) implements Cell {
  private static final int FIRST_YEAR = 1900;
  private static final int LAST_YEAR = 2299;
  private static final long DAY_MILLIS = 86_400_000L;

  @Override
  public String holds(Condition condition, Binds binds) {
    return answered(condition, binds, false);
  }

  @Override
  public String fails(Condition condition, Binds binds) {
    return answered(condition, binds, true);
  }

  private String answered(Condition condition, Binds binds, boolean negated) {
    Scalar moment = Scalar.of(millis, FieldType.INSTANT);
    if (condition instanceof Exists || condition instanceof Missing) {
      return negated ? moment.fails(condition, binds) : moment.holds(condition, binds);
    }
    List<String> parts = new ArrayList<>();
    for (Span span : spans(condition)) {
      Condition in = new InSpan(span);
      parts.add(negated ? moment.fails(in, binds) : moment.holds(in, binds));
    }
    return negated ? Logic.and(parts) : Logic.or(parts);
  }

  private List<Span> spans(Condition condition) {
    if (condition instanceof Equal equal) {
      LocalDate day = (LocalDate) equal.value();
      return List.of(new Span(start(day), start(day.plusDays(1))));
    }
    if (condition instanceof InDays days) {
      return List.of(
          new Span(
              days.from().map(this::start).orElse(null),
              days.before().map(this::start).orElse(null)));
    }
    if (condition instanceof Compare compare) {
      return List.of(compared(compare.bound(), (LocalDate) compare.value()));
    }
    if (condition instanceof OnMonthDays on) {
      List<Span> spans = new ArrayList<>();
      for (EpochDay.Days days : EpochDay.days(on.monthDays(), FIRST_YEAR, LAST_YEAR)) {
        spans.add(new Span(start(days.first()), start(days.last().plusDays(1))));
      }
      return spans;
    }
    throw new IllegalArgumentException("no condition of days: " + condition);
  }

  private Span compared(Bound bound, LocalDate day) {
    @Nullable Long from = null;
    @Nullable Long to = null;
    switch (bound) {
      case LT -> to = start(day);
      case LTE -> to = start(day.plusDays(1));
      case GT -> from = start(day.plusDays(1));
      case GTE -> from = start(day);
    }
    return new Span(from, to);
  }

  private Long start(LocalDate day) {
    return day.atStartOfDay(zone).toInstant().toEpochMilli();
  }

  /** The day as its number since 1970. */
  String number() {
    return "FLOOR((%s + %s) / %d.0)".formatted(millis, offset(), DAY_MILLIS);
  }

  /** What is to be added to the moment to have the zone's own time. */
  private String offset() {
    ZoneRules rules = zone.getRules();
    StringBuilder cases = new StringBuilder();
    Instant from = Year.of(FIRST_YEAR).atDay(1).atStartOfDay(zone).toInstant();
    Instant end = Year.of(LAST_YEAR).atDay(1).atStartOfDay(zone).toInstant();
    ZoneOffsetTransition last = null;
    for (ZoneOffsetTransition next = rules.nextTransition(from);
        next != null && next.getInstant().isBefore(end);
        next = rules.nextTransition(next.getInstant())) {
      cases.append(
          " WHEN %s < %d THEN %d"
              .formatted(
                  millis,
                  next.getInstant().toEpochMilli(),
                  next.getOffsetBefore().getTotalSeconds() * 1_000L));
      last = next;
    }
    long rest =
        (last == null ? rules.getOffset(from) : last.getOffsetAfter()).getTotalSeconds() * 1_000L;
    return cases.isEmpty() ? String.valueOf(rest) : "CASE" + cases + " ELSE " + rest + " END";
  }
}
