package io.laoke.order;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.optionalText;
import static io.laoke.base.Check.text;

import io.laoke.catalog.Goods;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A line of a return. Quantity and amount are positive: what came back, what is paid back.
 * Immutable; each method gives a changed copy.
 */
public final class ReturnLine {
  private final String lineNo;
  private final String category;
  private final BigDecimal quantity;
  private final long netFen;
  private final @Nullable String orderLineNo;
  private final @Nullable String model;
  private final boolean rounded;

  private ReturnLine(
      String lineNo,
      String category,
      BigDecimal quantity,
      long netFen,
      @Nullable String orderLineNo,
      @Nullable String model,
      boolean rounded) {
    this.lineNo = lineNo;
    this.category = category;
    this.quantity = quantity;
    this.netFen = netFen;
    this.orderLineNo = orderLineNo;
    this.model = model;
    this.rounded = rounded;
  }

  /**
   * A line.
   *
   * @param lineNo the note's own number of the line, at most 32 characters
   * @param category the ERP's category code, or a path
   * @param quantity more than 0, at most 100,000, up to 3 decimals
   * @param netFen what is paid back, in fen, 0 to 10^13
   */
  public static ReturnLine ofFen(String lineNo, String category, BigDecimal quantity, long netFen) {
    String number = key("lineNo", lineNo, 32);
    return new ReturnLine(
        number,
        text(OrderLine.field(number, "category"), category, 200),
        OrderLine.quantity(OrderLine.field(number, "quantity"), quantity, LineKind.SERVICE),
        OrderLine.netFen(OrderLine.field(number, "netFen"), netFen),
        null,
        null,
        false);
  }

  /**
   * A line of whole pieces.
   *
   * @param netYuan in yuan: plain digits, at most 4 decimals, rounded half up to fen
   */
  public static ReturnLine of(String lineNo, String category, long quantity, String netYuan) {
    return of(
        lineNo, category, quantity, OrderLine.yuan(OrderLine.field(lineNo, "netYuan"), netYuan));
  }

  /** As {@link #of(String, String, long, String)}. */
  public static ReturnLine of(String lineNo, String category, long quantity, BigDecimal netYuan) {
    return of(lineNo, category, BigDecimal.valueOf(quantity), netYuan);
  }

  /**
   * A line of parts of pieces, such as hours of a service.
   *
   * @param quantity as for {@link #ofFen}
   * @param netYuan as for {@link #of(String, String, long, String)}
   */
  public static ReturnLine of(
      String lineNo, String category, BigDecimal quantity, BigDecimal netYuan) {
    ReturnLine line =
        ofFen(
            lineNo, category, quantity, OrderLine.fen(OrderLine.field(lineNo, "netYuan"), netYuan));
    return OrderLine.rounds(netYuan)
        ? new ReturnLine(line.lineNo, line.category, line.quantity, line.netFen, null, null, true)
        : line;
  }

  /**
   * Off that line of the original order. Without it, the order's first line of the same category
   * code (and model, if given) is taken.
   */
  public ReturnLine orderLine(@Nullable String orderLineNo) {
    String given = optionalText(OrderLine.field(lineNo, "orderLineNo"), orderLineNo, 32);
    return new ReturnLine(lineNo, category, quantity, netFen, given, model, rounded);
  }

  /** Of that model, at most 100 characters. */
  public ReturnLine model(@Nullable String model) {
    String given = optionalText(OrderLine.field(lineNo, "model"), model, 100);
    return new ReturnLine(lineNo, category, quantity, netFen, orderLineNo, given, rounded);
  }

  /** The note's own number of the line. */
  public String lineNo() {
    return lineNo;
  }

  /** The category code or path as given. */
  public String category() {
    return category;
  }

  /** What came back. */
  public BigDecimal quantity() {
    return quantity;
  }

  /** What is paid back, in fen. */
  public long netFen() {
    return netFen;
  }

  /** The line of the original order. */
  public Optional<String> orderLine() {
    return Optional.ofNullable(orderLineNo);
  }

  /** The model. */
  public Optional<String> model() {
    return Optional.ofNullable(model);
  }

  /** By what it is placed in the catalogue. */
  Goods goods() {
    return new Goods(category, model, null);
  }

  /** Whether the amount was given in parts of a fen, and so was rounded; no part of the content. */
  public boolean rounded() {
    return rounded;
  }

  @Override
  public String toString() {
    return "ReturnLine[%s, %s × %s]".formatted(lineNo, quantity.toPlainString(), category);
  }
}
