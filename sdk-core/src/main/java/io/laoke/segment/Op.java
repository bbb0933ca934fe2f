package io.laoke.segment;

import java.util.Arrays;
import java.util.Optional;

/** What is asked of a value. */
public enum Op {
  /** Equal. */
  EQ("eq"),
  /** One of several. */
  IN("in"),
  /** Contains a text. */
  CONTAINS("contains"),
  /** Begins with a text. */
  STARTS_WITH("startsWith"),
  /** This level of a tree or one below it. */
  UNDER("under"),
  /** Has at least one of several. */
  HAS_ANY("hasAny"),
  /** Has all of several. */
  HAS_ALL("hasAll"),
  /** Less. */
  LT("lt"),
  /** Less or equal. */
  LTE("lte"),
  /** Greater. */
  GT("gt"),
  /** Greater or equal. */
  GTE("gte"),
  /**
   * From the first to the second of two, both included; sugar for {@link #GTE} and {@link #LTE}.
   */
  BETWEEN("between"),
  /** Within a window of time. */
  DURING("during"),
  /** Month and day fall within a window of time. */
  ANNIVERSARY("anniversary"),
  /** There is a value. */
  EXISTS("exists"),
  /** There is none. */
  MISSING("missing"),
  /** Sugar for not {@link #EQ}. */
  NE("ne"),
  /** Sugar for not {@link #IN}. */
  NOT_IN("notIn"),
  /** Sugar for not {@link #HAS_ANY}. */
  HAS_NONE("hasNone"),
  /** Sugar for not {@link #CONTAINS}. */
  NOT_CONTAINS("notContains");

  private final String word;

  Op(String word) {
    this.word = word;
  }

  /** Its name in JSON. */
  public String word() {
    return word;
  }

  /** The one of that name. */
  public static Optional<Op> of(String word) {
    return Arrays.stream(values()).filter(op -> op.word.equals(word)).findFirst();
  }
}
