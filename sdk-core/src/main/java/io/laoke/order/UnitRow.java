package io.laoke.order;

import org.jspecify.annotations.Nullable;

/** A unit as it is stored: one that something happened to alone, or that is serviced. */
record UnitRow(
    long id,
    String lineNo,
    int unitNo,
    @Nullable String soldSerial,
    @Nullable String serial,
    Stage stage,
    boolean present) {

  UnitRow sold(@Nullable String serial) {
    return new UnitRow(id, lineNo, unitNo, serial, serial, stage, present);
  }

  UnitRow gone() {
    return new UnitRow(id, lineNo, unitNo, soldSerial, serial, stage, false);
  }

  UnitRow in(Stage now, @Nullable String exchanged) {
    return new UnitRow(
        id, lineNo, unitNo, soldSerial, exchanged == null ? soldSerial : exchanged, now, true);
  }
}
