package io.laoke.catalog;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/**
 * How far recorded lines have followed a change of the catalogue. They follow in the background, in
 * {@code tick} or by {@code start}; consumption files are right all the time, each line counting
 * where it stands. Lines that are written meanwhile follow by themselves and are not counted here.
 *
 * @param id in the order of changes
 * @param from where a moved category was
 * @param to where it is, or the category that codes name
 * @param items how many codes or products were mapped; 1 for a move
 * @param lines lines of orders that were placed anew so far
 * @param orders orders that these lines are of
 * @param returns lines of return notes that were placed anew
 * @param netFen what these count, in fen
 * @param at when the change was made
 * @param doneAt when all lines had followed. The recorded lines are looked at again later, for what
 *     was under way in transactions that had begun before the change
 */
public record ChangeProgress(
    long id,
    Kind kind,
    Optional<String> from,
    Optional<String> to,
    int items,
    State state,
    long lines,
    long orders,
    long returns,
    BigInteger netFen,
    Instant at,
    Optional<Instant> doneAt) {
  /** What changed. */
  public enum Kind {
    /** A category stands elsewhere. */
    MOVE,
    /** Codes name a category. */
    CODES,
    /** Products lead to categories. */
    PRODUCTS
  }

  /** How far it is. */
  public enum State {
    /** Not begun. */
    WAITING,
    /** Lines are following. */
    RUNNING,
    /** All have followed. */
    DONE
  }
}
