package io.laoke.catalog;

import java.math.BigInteger;
import java.util.List;

/**
 * What a change of the catalogue would move, if it were made now. Nothing was written.
 *
 * @param lines lines of orders
 * @param orders orders that these lines are of
 * @param returns lines of return notes
 * @param members members whose consumption files change
 * @param netFen what moves, in fen: what the lines count, less what came back and is taken off no
 *     line
 * @param moves the same by where from and where to, the largest first
 */
public record ChangePlan(
    long lines, long orders, long returns, long members, BigInteger netFen, List<Moved> moves) {
  /** Copies. */
  public ChangePlan {
    moves = List.copyOf(moves);
  }

  /**
   * What would leave one category for another.
   *
   * @param from {@code ?} for goods that stand in none now
   * @param to {@code ?} for goods that would stand in none
   */
  public record Moved(String from, String to, long lines, long returns, BigInteger netFen) {}

  /** Whether nothing would move. */
  public boolean empty() {
    return lines == 0 && returns == 0;
  }
}
