package io.laoke.order;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A service 服务 that a unit got, as it is recorded.
 *
 * @param lineNo the ERP's number of the line
 * @param unitNo the unit; empty if all units of the line got it
 * @param kind the dealer's own code of what was done
 * @param doneAt when
 * @param paidFen what was paid for it, in fen
 * @param document the ERP's number of the service order, or empty text
 * @param technician who did it
 * @param note whatever else was written down
 * @param recordedAt business time of the first report of it
 */
public record UnitService(
    String lineNo,
    OptionalInt unitNo,
    String kind,
    Instant doneAt,
    long paidFen,
    String document,
    Optional<String> technician,
    Optional<String> note,
    Instant recordedAt) {
  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "UnitService[%s of line %s%s at %s]"
        .formatted(kind, lineNo, unitNo.isPresent() ? ", unit " + unitNo.getAsInt() : "", doneAt);
  }
}
