package io.laoke.segment;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes windows absolute, as of one instant in one zone. */
final class Spans {
  private static final int DAYS_OF_A_YEAR = 366;
  private static final int FEBRUARY_28 = 228;
  private static final int FEBRUARY_29 = 229;

  private final Instant asOf;
  private final LocalDate today;
  private final ZoneId zone;

  Spans(Instant asOf, ZoneId zone) {
    this.asOf = asOf;
    this.zone = zone;
    this.today = asOf.atZone(zone).toLocalDate();
  }

  Span of(Window window) {
    if (window instanceof Window.Last last) {
      return new Span(start(today.minus(last.period())), asOf.toEpochMilli());
    }
    if (window instanceof Window.Next next) {
      return new Span(asOf.toEpochMilli(), start(today.plus(next.period()).plusDays(1)));
    }
    if (window instanceof Window.Before before) {
      return new Span(null, start(today.minus(before.period())));
    }
    if (window instanceof Window.This of) {
      return unit(of.unit(), 0);
    }
    if (window instanceof Window.Prev of) {
      return unit(of.unit(), -1);
    }
    if (window instanceof Window.NextUnit of) {
      return unit(of.unit(), 1);
    }
    Window.Days days = (Window.Days) window;
    return new Span(
        days.from().map(this::start).orElse(null),
        days.to().map(to -> start(to.plusDays(1))).orElse(null));
  }

  private Span unit(Window.Unit unit, int steps) {
    LocalDate first =
        switch (unit) {
          case DAY -> today.plusDays(steps);
          case WEEK ->
              today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).plusWeeks(steps);
          case MONTH -> today.withDayOfMonth(1).plusMonths(steps);
          case QUARTER ->
              today
                  .withDayOfMonth(1)
                  .minusMonths((today.getMonthValue() - 1) % 3)
                  .plusMonths(3L * steps);
          case YEAR -> today.withDayOfYear(1).plusYears(steps);
        };
    return new Span(start(first), start(first.plus(length(unit))));
  }

  private static Period length(Window.Unit unit) {
    return switch (unit) {
      case DAY -> Period.ofDays(1);
      case WEEK -> Period.ofWeeks(1);
      case MONTH -> Period.ofMonths(1);
      case QUARTER -> Period.ofMonths(3);
      case YEAR -> Period.ofYears(1);
    };
  }

  private long start(LocalDate day) {
    return day.atStartOfDay(zone).toInstant().toEpochMilli();
  }

  /** The days whose start is in the window. */
  Condition.InDays days(Window window) {
    Span span = of(window);
    return new Condition.InDays(day(span.fromMs()), day(span.toMs()));
  }

  /** The first day that starts then or later. */
  private Optional<LocalDate> day(@Nullable Long ms) {
    if (ms == null) {
      return Optional.empty();
    }
    LocalDate day = Instant.ofEpochMilli(ms).atZone(zone).toLocalDate();
    if (start(day) < ms) {
      day = day.plusDays(1);
    }
    while (start(day.minusDays(1)) >= ms) {
      day = day.minusDays(1); // a day that the zone left out starts when the next one does
    }
    return Optional.of(day);
  }

  /** Months and days of the days whose start is in the window. */
  Condition.OnMonthDays monthDays(Window window) {
    Condition.InDays days = days(window);
    LocalDate from = days.from().orElse(null);
    LocalDate before = days.before().orElse(null);
    BitSet all = new BitSet();
    if (from == null || before == null || !from.plusDays(DAYS_OF_A_YEAR).isAfter(before)) {
      from = LocalDate.of(2000, 1, 1);
      before = from.plusYears(1);
    }
    for (LocalDate day = from; day.isBefore(before); day = day.plusDays(1)) {
      int monthDay = day.getMonthValue() * 100 + day.getDayOfMonth();
      all.set(monthDay);
      if (monthDay == FEBRUARY_28 && !day.isLeapYear()) {
        all.set(FEBRUARY_29);
      }
    }
    return new Condition.OnMonthDays(all);
  }
}
