package io.laoke.member;

/** What a declared attribute of members, or a property of an event, holds. */
public enum ValueType {
  /** Words, at most 200 characters; personal, so they are sealed. {@link Attribute.Text}. */
  TEXT,
  /** A whole number below 10^15 either way. {@link Attribute.Numeric}. */
  INTEGER,
  /** An amount in whole fen below 10^15 either way. {@link Attribute.Numeric}. */
  MONEY,
  /** Yes or no. {@link Attribute.Flag}. */
  FLAG,
  /** A day. {@link Attribute.Day}. */
  DATE,
  /** A moment. {@link Attribute.Moment}. */
  INSTANT,
  /** One of the codes that the declaration lists. {@link Attribute.Code}. */
  CODE;

  /** Whether it may hold this; which codes there are is another question. */
  boolean holds(Attribute value) {
    return switch (this) {
      case TEXT -> value instanceof Attribute.Text;
      case INTEGER, MONEY ->
          value instanceof Attribute.Numeric number && number.value().scale() == 0;
      case FLAG -> value instanceof Attribute.Flag;
      case DATE -> value instanceof Attribute.Day;
      case INSTANT -> value instanceof Attribute.Moment;
      case CODE -> value instanceof Attribute.Code;
    };
  }

  /** What it is called where it must be given. */
  String words() {
    return switch (this) {
      case TEXT -> "a text";
      case INTEGER -> "a whole number";
      case MONEY -> "an amount in whole fen";
      case FLAG -> "yes or no";
      case DATE -> "a day";
      case INSTANT -> "a moment";
      case CODE -> "one of its codes";
    };
  }

  /** The kind under which table {@code member_attribute} keeps it. */
  String kind() {
    return switch (this) {
      case INTEGER, MONEY -> "NUMBER";
      case TEXT, FLAG, DATE, INSTANT, CODE -> name();
    };
  }
}
