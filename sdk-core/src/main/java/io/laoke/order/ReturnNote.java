package io.laoke.order;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.optionalKey;
import static io.laoke.base.Check.optionalText;

import io.laoke.error.InvalidInputException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A return 退货单 as the ERP reports it: a document of its own, always whole. Immutable; each method
 * gives a changed copy.
 */
public final class ReturnNote {
  private static final int MAX_LINES = 10_000;

  private final String noteNo;
  private final Instant returnedAt;
  private final @Nullable String customerNo;
  private final @Nullable String orderNo;
  private final Map<String, ReturnLine> lines;

  private ReturnNote(
      String noteNo,
      Instant returnedAt,
      @Nullable String customerNo,
      @Nullable String orderNo,
      Map<String, ReturnLine> lines) {
    this.noteNo = noteNo;
    this.returnedAt = returnedAt;
    this.customerNo = customerNo;
    this.orderNo = orderNo;
    this.lines = lines;
  }

  /**
   * A return.
   *
   * @param noteNo the ERP's number of the note, at most 64 characters, unique for the dealer
   * @param returnedAt when the goods came back, cut to milliseconds
   */
  public static ReturnNote of(String noteNo, Instant returnedAt) {
    return new ReturnNote(
        key("noteNo", noteNo, 64), Times.checked("returnedAt", returnedAt), null, null, Map.of());
  }

  /** Of the customer with that number of the ERP's, at most 64 characters. */
  public ReturnNote customerNo(@Nullable String customerNo) {
    String given = optionalText("customerNo", customerNo, 64);
    return new ReturnNote(noteNo, returnedAt, given, orderNo, lines);
  }

  /** Of what was sold with that order, at most 64 characters; it need not be known yet. */
  public ReturnNote order(@Nullable String orderNo) {
    String given = optionalKey("orderNo", orderNo, 64);
    return new ReturnNote(noteNo, returnedAt, customerNo, given, lines);
  }

  /** With one more line. */
  public ReturnNote line(ReturnLine line) {
    return lines(List.of(notNull("line", line)));
  }

  /** With more lines; at most 10,000 in all, each number once. */
  public ReturnNote lines(Collection<ReturnLine> lines) {
    Map<String, ReturnLine> more = new LinkedHashMap<>(this.lines);
    for (ReturnLine line : notNull("lines", lines)) {
      if (more.put(notNull("lines[" + more.size() + "]", line).lineNo(), line) != null) {
        throw new InvalidInputException(
            OrderLine.field(line.lineNo(), "lineNo"),
            "is given twice; give each line of a note its own number");
      }
    }
    if (more.size() > MAX_LINES) {
      throw new InvalidInputException(
          "lines", "must be at most %d, are %d".formatted(MAX_LINES, more.size()));
    }
    return new ReturnNote(
        noteNo, returnedAt, customerNo, orderNo, Collections.unmodifiableMap(more));
  }

  /** The ERP's number of the note. */
  public String noteNo() {
    return noteNo;
  }

  /** When the goods came back. */
  public Instant returnedAt() {
    return returnedAt;
  }

  /** The ERP's number of the customer. */
  public Optional<String> customerNo() {
    return Optional.ofNullable(customerNo);
  }

  /** The number of the original order. */
  public Optional<String> orderNo() {
    return Optional.ofNullable(orderNo);
  }

  /** The lines. */
  public List<ReturnLine> lines() {
    return List.copyOf(lines.values());
  }

  @Override
  public String toString() {
    return "ReturnNote[" + noteNo + ", " + lines.size() + " lines]";
  }
}
