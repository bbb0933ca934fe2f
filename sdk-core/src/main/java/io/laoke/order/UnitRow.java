package io.laoke.order;

import org.jspecify.annotations.Nullable;

/**
 * A unit as it is stored: one that something happened to alone, or that is serviced.
 *
 * @param counted whether it is one of those that count as bought
 */
record UnitRow(
    long id,
    String lineNo,
    int unitNo,
    @Nullable String soldSerial,
    @Nullable String serial,
    Stage stage,
    boolean present,
    boolean counted,
    @Nullable Long installedMs,
    @Nullable Long servicedMs) {

  /** A unit of which nothing is known yet. */
  static UnitRow of(long id, String lineNo, int unitNo) {
    return new UnitRow(id, lineNo, unitNo, null, null, Stage.REPORTED, true, false, null, null);
  }

  UnitRow sold(@Nullable String serial) {
    return new UnitRow(
        id, lineNo, unitNo, serial, serial, stage, present, counted, installedMs, servicedMs);
  }

  UnitRow gone() {
    return new UnitRow(id, lineNo, unitNo, soldSerial, serial, stage, false, false, null, null);
  }

  UnitRow in(
      Stage now, @Nullable String exchanged, @Nullable Long installed, @Nullable Long serviced) {
    return new UnitRow(
        id,
        lineNo,
        unitNo,
        soldSerial,
        exchanged == null ? soldSerial : exchanged,
        now,
        true,
        false,
        installed,
        serviced);
  }

  UnitRow counts() {
    return new UnitRow(
        id, lineNo, unitNo, soldSerial, serial, stage, present, true, installedMs, servicedMs);
  }
}
