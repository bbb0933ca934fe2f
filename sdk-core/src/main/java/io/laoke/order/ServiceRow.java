package io.laoke.order;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A service as it is stored.
 *
 * @param unitNo 0 for the whole line
 * @param document empty if the report gave none; then its time tells it apart
 */
record ServiceRow(
    long id,
    String lineNo,
    int unitNo,
    String kind,
    long atMs,
    long paidFen,
    String document,
    @Nullable String technician,
    @Nullable String note,
    long recordedMs) {
  static final int WHOLE_LINE = 0;

  /** What tells it apart together with line, unit, kind and document. */
  long keyMs() {
    return document.isEmpty() ? atMs : 0;
  }

  boolean is(UnitServiceReport report) {
    return lineNo.equals(report.lineNo())
        && unitNo == report.unitNo().orElse(WHOLE_LINE)
        && kind.equals(report.kind())
        && document.equals(report.document())
        && (!document.isEmpty() || atMs == report.doneAt().toEpochMilli());
  }

  /** Whether a unit of the line got it. */
  boolean of(String line, int unit) {
    return lineNo.equals(line) && (unitNo == WHOLE_LINE || unitNo == unit);
  }

  /** Laoke's number of the one unit that got it. */
  @Nullable Long unitId(List<UnitRow> units) {
    return units.stream()
        .filter(unit -> unit.unitNo() == unitNo && unit.lineNo().equals(lineNo))
        .map(UnitRow::id)
        .findFirst()
        .orElse(null);
  }

  UnitService shown() {
    return new UnitService(
        lineNo,
        unitNo == WHOLE_LINE ? OptionalInt.empty() : OptionalInt.of(unitNo),
        kind,
        Instant.ofEpochMilli(atMs),
        paidFen,
        document,
        Optional.ofNullable(technician),
        Optional.ofNullable(note),
        Instant.ofEpochMilli(recordedMs));
  }
}
