package io.laoke.reminder;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.optionalText;
import static io.laoke.base.Check.range;

import io.laoke.order.UnitServiceReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** That services of a task were done. Immutable; each method gives a changed copy. */
public final class ServiceDone {
  private final Instant doneAt;
  private final long paidFen;
  private final @Nullable String technician;
  private final @Nullable String note;
  private final List<Unit> units;

  /** One of the services. */
  record Unit(String orderNo, String lineNo, int unitNo, String kind) {}

  private ServiceDone(
      Instant doneAt,
      long paidFen,
      @Nullable String technician,
      @Nullable String note,
      List<Unit> units) {
    this.doneAt = doneAt;
    this.paidFen = paidFen;
    this.technician = technician;
    this.note = note;
    this.units = units;
  }

  /**
   * All that is open of the task was done.
   *
   * @param doneAt when it really was, cut to milliseconds; in the years 1900 to 2299
   */
  public static ServiceDone at(Instant doneAt) {
    return new ServiceDone(
        UnitServiceReport.of("1", "1", notNull("doneAt", doneAt)).doneAt(),
        0,
        null,
        null,
        List.of());
  }

  /**
   * With what was paid for all of it; 0 unless said. It is spread evenly over the services.
   *
   * @param fen 0 to 10^13
   */
  public ServiceDone paidFen(long fen) {
    return new ServiceDone(
        doneAt, range("paidFen", fen, 0, 10_000_000_000_000L), technician, note, units);
  }

  /** With who did it, at most 64 characters. */
  public ServiceDone technician(@Nullable String name) {
    return new ServiceDone(doneAt, paidFen, optionalText("technician", name, 64), note, units);
  }

  /** With a note, at most 200 characters. */
  public ServiceDone note(@Nullable String text) {
    return new ServiceDone(doneAt, paidFen, technician, optionalText("note", text, 200), units);
  }

  /** Only this service, and others that are named so, was done; the rest stays open. */
  public ServiceDone only(String orderNo, String lineNo, int unitNo, String kind) {
    List<Unit> more = new ArrayList<>(units);
    more.add(
        new Unit(
            key("orderNo", orderNo, 64),
            key("lineNo", lineNo, 32),
            (int) range("unitNo", unitNo, 1, 1_000_000),
            key("kind", kind, 32)));
    return new ServiceDone(doneAt, paidFen, technician, note, List.copyOf(more));
  }

  Instant doneAt() {
    return doneAt;
  }

  /** What falls to one of so many services; the first ones take what is left over. */
  long share(int index, int of) {
    return paidFen / of + (index < paidFen % of ? 1 : 0);
  }

  @Nullable String technician() {
    return technician;
  }

  @Nullable String note() {
    return note;
  }

  List<Unit> units() {
    return units;
  }

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "ServiceDone[" + doneAt + "]";
  }
}
