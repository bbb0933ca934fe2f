package io.laoke.segment;

import java.time.LocalDate;
import java.time.Period;
import java.util.Optional;

/**
 * A stretch of time, relative to the {@code asOf} of an evaluation and in the dealer's zone; it
 * includes its beginning and not its end.
 */
public sealed interface Window {
  /** Calendar units; weeks start on Monday. */
  enum Unit {
    /** A day. */
    DAY,
    /** Monday to Sunday. */
    WEEK,
    /** A calendar month. */
    MONTH,
    /** Three calendar months from January, April, July or October. */
    QUARTER,
    /** A calendar year. */
    YEAR
  }

  /** From the start of the day that long ago to asOf. */
  record Last(Period period) implements Window {}

  /** From asOf to the end of the day that far ahead. */
  record Next(Period period) implements Window {}

  /** Up to the start of the day that long ago. */
  record Before(Period period) implements Window {}

  /** The whole unit that asOf is in. */
  record This(Unit unit) implements Window {}

  /** The whole unit before that. */
  record Prev(Unit unit) implements Window {}

  /** The whole unit after that. */
  record NextUnit(Unit unit) implements Window {}

  /** Whole days, both included; without one of them open to that side. */
  record Days(Optional<LocalDate> from, Optional<LocalDate> to) implements Window {}
}
