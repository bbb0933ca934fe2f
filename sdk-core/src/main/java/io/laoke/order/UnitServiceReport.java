package io.laoke.order;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.optionalKey;
import static io.laoke.base.Check.optionalText;
import static io.laoke.base.Check.range;

import io.laoke.error.InvalidInputException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A service 服务 that a sold unit got, as the ERP reports it: cleaning, a filter change, a repair.
 * Immutable; each method gives a changed copy.
 *
 * <p>Reports are told apart by (order, line, unit, kind, document), and by the time where there is
 * no document; so the same report may be given any number of times, and one with other content
 * corrects the first.
 */
public final class UnitServiceReport {
  private static final long MAX_FEN = 10_000_000_000_000L;

  private final String lineNo;
  private final int unitNo;
  private final String kind;
  private final Instant doneAt;
  private final long paidFen;
  private final String document;
  private final @Nullable String technician;
  private final @Nullable String note;

  private UnitServiceReport(
      String lineNo,
      int unitNo,
      String kind,
      Instant doneAt,
      long paidFen,
      String document,
      @Nullable String technician,
      @Nullable String note) {
    this.lineNo = lineNo;
    this.unitNo = unitNo;
    this.kind = kind;
    this.doneAt = doneAt;
    this.paidFen = paidFen;
    this.document = document;
    this.technician = technician;
    this.note = note;
  }

  /**
   * All units of a line got a service; {@link #unit} says which one did.
   *
   * @param lineNo the ERP's number of the line, at most 32 characters
   * @param kind the dealer's own code of what was done, such as {@code CLEANING} or {@code 清洗}, at
   *     most 32 characters, compared with case
   * @param doneAt when, cut to milliseconds; in the years 1900 to 2299
   */
  public static UnitServiceReport of(String lineNo, String kind, Instant doneAt) {
    return new UnitServiceReport(
        key("lineNo", lineNo, 32),
        ServiceRow.WHOLE_LINE,
        key("kind", kind, 32),
        Times.checked("doneAt", doneAt),
        0,
        "",
        null,
        null);
  }

  /**
   * Only this unit of the line got it.
   *
   * @param unitNo 1 to the line's quantity
   */
  public UnitServiceReport unit(int unitNo) {
    int number = (int) range("unitNo", unitNo, 1, 1_000_000);
    return new UnitServiceReport(lineNo, number, kind, doneAt, paidFen, document, technician, note);
  }

  /**
   * With what was paid for it; 0 unless said.
   *
   * @param paidFen in fen (1 yuan = 100 fen), 0 to 10^13
   */
  public UnitServiceReport paidFen(long paidFen) {
    if (paidFen < 0 || paidFen > MAX_FEN) {
      throw new InvalidInputException(
          "paidFen",
          "must be between 0 and 10^13 fen, was %d; what was paid back corrects the service's amount"
              .formatted(paidFen));
    }
    return new UnitServiceReport(lineNo, unitNo, kind, doneAt, paidFen, document, technician, note);
  }

  /**
   * With what was paid for it.
   *
   * @param yuan plain digits, at most 4 decimals, rounded half up to fen
   */
  public UnitServiceReport paid(String yuan) {
    return paid(OrderLine.yuan("paid", yuan));
  }

  /** As {@link #paid(String)}. */
  public UnitServiceReport paid(BigDecimal yuan) {
    return paidFen(OrderLine.fen("paid", yuan));
  }

  /** With the ERP's number of the service order 工单, at most 64 characters. */
  public UnitServiceReport document(@Nullable String document) {
    String number = optionalKey("document", document, 64);
    return new UnitServiceReport(
        lineNo, unitNo, kind, doneAt, paidFen, number == null ? "" : number, technician, note);
  }

  /** With who did it, at most 64 characters. */
  public UnitServiceReport technician(@Nullable String technician) {
    String name = optionalText("technician", technician, 64);
    return new UnitServiceReport(lineNo, unitNo, kind, doneAt, paidFen, document, name, note);
  }

  /** With a note, at most 200 characters. */
  public UnitServiceReport note(@Nullable String note) {
    String text = optionalText("note", note, 200);
    return new UnitServiceReport(lineNo, unitNo, kind, doneAt, paidFen, document, technician, text);
  }

  /** The ERP's number of the line. */
  public String lineNo() {
    return lineNo;
  }

  /** The unit; empty for all units of the line. */
  public OptionalInt unitNo() {
    return unitNo == ServiceRow.WHOLE_LINE ? OptionalInt.empty() : OptionalInt.of(unitNo);
  }

  /** The dealer's own code of what was done. */
  public String kind() {
    return kind;
  }

  /** When it was done. */
  public Instant doneAt() {
    return doneAt;
  }

  /** What was paid for it, in fen. */
  public long paidFen() {
    return paidFen;
  }

  /** The ERP's number of the service order, or empty text. */
  public String document() {
    return document;
  }

  /** Who did it. */
  public Optional<String> technician() {
    return Optional.ofNullable(technician);
  }

  /** The note. */
  public Optional<String> note() {
    return Optional.ofNullable(note);
  }

  @Override
  public String toString() {
    return "UnitServiceReport[%s of line %s%s]"
        .formatted(kind, lineNo, unitNo == ServiceRow.WHOLE_LINE ? "" : ", unit " + unitNo);
  }
}
