package io.laoke.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A return note as it is recorded.
 *
 * @param noteNo the ERP's number of the note
 * @param returnedAt when the goods came back
 * @param orderNo the original order that it names
 * @param memberId the member that it names
 * @param lines in the ERP's order
 */
public record ReturnDetail(
    String noteNo,
    Instant returnedAt,
    Optional<String> orderNo,
    OptionalLong memberId,
    List<Line> lines) {
  /** Copies. */
  public ReturnDetail {
    lines = List.copyOf(lines);
  }

  /**
   * A line of a note.
   *
   * @param lineNo the note's own number of the line
   * @param category the category's path
   * @param quantity that came back
   * @param netFen that is paid back, in fen
   * @param nettedLine the line of the original order that it is taken off, at the time of the sale;
   *     empty while there is none, then it counts at its own time
   */
  public record Line(
      String lineNo,
      String category,
      BigDecimal quantity,
      long netFen,
      Optional<String> nettedLine) {}
}
