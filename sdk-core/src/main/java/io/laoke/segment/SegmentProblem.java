package io.laoke.segment;

import java.util.Optional;

/**
 * One thing that is wrong with a segment.
 *
 * @param pointer where it stands in the JSON form, as a JSON pointer such as {@code
 *     /where/all/1/op}; empty for the whole. Of a segment built in Java: where it would stand
 * @param code what kind of mistake it is, for programs
 * @param zh what is wrong and what to do, in Chinese
 * @param en the same in English
 * @param nearest the valid name that was probably meant
 */
public record SegmentProblem(
    String pointer, Code code, String zh, String en, Optional<String> nearest) {
  /** Kinds of mistakes. */
  public enum Code {
    /** The text is no JSON. */
    NOT_JSON,
    /** The text is too long, in its JSON form or with its references expanded. */
    TOO_LONG,
    /** It is nested too deeply. */
    TOO_DEEP,
    /** It has too many parts. */
    TOO_MANY_NODES,
    /** A list, or all lists together, have too many values. */
    TOO_MANY_VALUES,
    /** It is of a version that cannot be read. */
    VERSION,
    /** A key that does not belong there. */
    UNKNOWN_KEY,
    /** A key stands twice in an object. */
    REPEATED_KEY,
    /** A key that must be there is not. */
    MISSING_KEY,
    /** A value of another type than is needed there. */
    WRONG_TYPE,
    /** A number with a point or an exponent. */
    NOT_WHOLE,
    /** A number, date or instant that is too small or too big. */
    OUT_OF_RANGE,
    /** A value of the right type that cannot be used: blank, malformed, reversed. */
    WRONG_VALUE,
    /** There is no such field. */
    UNKNOWN_FIELD,
    /** There is no such operator. */
    UNKNOWN_OPERATOR,
    /** There is no such aggregate. */
    UNKNOWN_AGGREGATE,
    /** There is no such collection. */
    UNKNOWN_COLLECTION,
    /** There is no such code, path or tag. */
    UNKNOWN_VALUE,
    /** There is no saved segment of that key. */
    UNKNOWN_SEGMENT,
    /** The type of the field, or of the aggregate's result, has no such operator. */
    WRONG_OPERATOR,
    /** The aggregate cannot be made of fields of that type. */
    WRONG_AGGREGATE,
    /** A window that cannot be: malformed, empty, or one that ends before it starts. */
    WRONG_WINDOW,
    /** A part that cannot stand in the where of an aggregate. */
    NOT_IN_WHERE,
    /** The collection has no scope to choose. */
    NO_SCOPE,
    /** Saved segments refer to each other in a circle. */
    CYCLE,
    /** Saved segments refer to each other over too many steps. */
    REFERENCES_TOO_DEEP,
    /** The time as of which it is asked is out of bounds. */
    AS_OF
  }

  /** {@code pointer: sentence}, in English. */
  @Override
  public String toString() {
    return pointer.isEmpty() ? en : pointer + ": " + en;
  }
}
