package io.laoke.member;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.catalog.Keys;
import io.laoke.error.InvalidInputException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/** What a dealer notes of a member under a name of its own. */
public sealed interface Attribute {
  /**
   * A text, which is sealed as names are.
   *
   * @param value at most 200 characters, not blank
   */
  record Text(String value) implements Attribute {
    /** Checks. */
    public Text {
      value = Keys.line("attribute", value, 200);
    }

    /** Shows nothing personal. */
    @Override
    public String toString() {
      return "Text[***]";
    }
  }

  /**
   * A number.
   *
   * @param value below 10^15 either way, at most 4 places
   */
  record Numeric(BigDecimal value) implements Attribute {
    private static final BigDecimal MOST = BigDecimal.TEN.pow(15);

    /** Checks. */
    public Numeric {
      notNull("attribute", value);
      if (value.abs().compareTo(MOST) >= 0
          || value.setScale(4, RoundingMode.DOWN).compareTo(value) != 0) {
        throw new InvalidInputException(
            "attribute", "must be below 10^15 and have at most 4 places, was " + value);
      }
      value = plain(value);
    }

    private static BigDecimal plain(BigDecimal value) {
      BigDecimal stripped = value.stripTrailingZeros();
      return stripped.scale() < 0 ? stripped.setScale(0, RoundingMode.UNNECESSARY) : stripped;
    }
  }

  /**
   * A day.
   *
   * @param value between 1900 and 9999
   */
  record Day(LocalDate value) implements Attribute {
    /** Checks. */
    public Day {
      Check.range("attribute's year", notNull("attribute", value).getYear(), 1900, 9999);
    }
  }

  /**
   * Yes or no.
   *
   * @param value which
   */
  record Flag(boolean value) implements Attribute {}

  /**
   * A moment, cut to milliseconds.
   *
   * @param value in the years 1900 to 2299
   */
  record Moment(Instant value) implements Attribute {
    private static final Instant FROM = Instant.parse("1900-01-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2300-01-01T00:00:00Z");

    /** Checks and cuts. */
    public Moment {
      if (notNull("attribute", value).isBefore(FROM) || !value.isBefore(TO)) {
        throw new InvalidInputException(
            "attribute", "must be in the years 1900 to 2299, was " + value);
      }
      value = value.truncatedTo(ChronoUnit.MILLIS);
    }
  }

  /**
   * One of the codes that a {@link AttributeType} of type CODE lists, which is stored as it is.
   *
   * @param value at most 64 characters, nothing personal
   */
  record Code(String value) implements Attribute {
    /** Checks. */
    public Code {
      value = Keys.line("attribute", value, 64);
    }
  }

  /** Takes an attribute away where it is put. */
  record Nothing() implements Attribute {}

  /** A text. */
  static Attribute of(String value) {
    return new Text(value);
  }

  /** A number. */
  static Attribute of(long value) {
    return new Numeric(BigDecimal.valueOf(value));
  }

  /** A number. */
  static Attribute of(BigDecimal value) {
    return new Numeric(value);
  }

  /** A day. */
  static Attribute of(LocalDate value) {
    return new Day(value);
  }

  /** Yes or no. */
  static Attribute of(boolean value) {
    return new Flag(value);
  }

  /** A moment. */
  static Attribute of(Instant value) {
    return new Moment(value);
  }

  /** A declared code; a text that is one of an attribute's codes is taken for it, too. */
  static Attribute code(String value) {
    return new Code(value);
  }

  /** Takes an attribute away where it is put. */
  static Attribute nothing() {
    return new Nothing();
  }
}
