package io.laoke.segment;

import static io.laoke.base.Check.notNull;

import java.time.LocalDate;
import java.time.Period;
import java.util.Locale;
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
    YEAR;

    /** Its name in JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** From the start of the day that long ago to asOf. */
  record Last(Period period) implements Window {
    /** Checks. */
    public Last {
      notNull("period", period);
    }
  }

  /** From asOf to the end of the day that far ahead. */
  record Next(Period period) implements Window {
    /** Checks. */
    public Next {
      notNull("period", period);
    }
  }

  /** Up to the start of the day that long ago. */
  record Before(Period period) implements Window {
    /** Checks. */
    public Before {
      notNull("period", period);
    }
  }

  /** The whole unit that asOf is in. */
  record This(Unit unit) implements Window {
    /** Checks. */
    public This {
      notNull("unit", unit);
    }
  }

  /** The whole unit before that. */
  record Prev(Unit unit) implements Window {
    /** Checks. */
    public Prev {
      notNull("unit", unit);
    }
  }

  /** The whole unit after that. */
  record NextUnit(Unit unit) implements Window {
    /** Checks. */
    public NextUnit {
      notNull("unit", unit);
    }
  }

  /** Whole days, both included; without one of them open to that side. */
  record Days(Optional<LocalDate> from, Optional<LocalDate> to) implements Window {
    /** Checks. */
    public Days {
      notNull("from", from);
      notNull("to", to);
    }
  }
}
