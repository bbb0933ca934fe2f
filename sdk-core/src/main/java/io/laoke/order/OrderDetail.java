package io.laoke.order;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An order as it is recorded, with its lines.
 *
 * @param id Laoke's own number of the order; no business meaning
 * @param orderNo the ERP's number
 * @param memberId the member it belongs to, empty for a guest's order
 * @param buyer the buyer as the ERP gave it
 * @param place where it is delivered and installed, if given
 * @param orderedAt when it was placed
 * @param storeCode the store that sold it
 * @param salesperson the staff code or name of the salesperson
 * @param salesChannel where it was sold 销售渠道
 * @param externalNumbers other systems' numbers of it, by the system's name
 * @param stage that of its least advanced live line; CANCELLED or RETURNED once no line lives
 * @param stageText the ERP's own words for that stage
 * @param stageAt when that stage was reached, if known
 * @param lines in the ERP's order
 */
public record OrderDetail(
    long id,
    String orderNo,
    OptionalLong memberId,
    Buyer buyer,
    Optional<Place> place,
    Instant orderedAt,
    Optional<String> storeCode,
    Optional<String> salesperson,
    Optional<String> salesChannel,
    Map<String, String> externalNumbers,
    Stage stage,
    Optional<String> stageText,
    Optional<Instant> stageAt,
    List<Line> lines) {
  /** Copies. */
  public OrderDetail {
    externalNumbers = Map.copyOf(externalNumbers);
    lines = List.copyOf(lines);
  }

  /** Whether the order is over: no line lives. */
  public boolean closed() {
    return stage.ending();
  }

  /** The sum of the lines' net amounts as ordered, in fen; returns are not taken off. */
  public BigInteger netFen() {
    return lines.stream()
        .map(line -> BigInteger.valueOf(line.netFen()))
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  /**
   * A line as it is recorded.
   *
   * @param lineNo the ERP's number of the line
   * @param kind goods, gift or service
   * @param category the category's path, or {@code ?} while the ERP's code is unmapped
   * @param categoryCode the code as the ERP gave it
   * @param name what the customer calls it
   * @param model the model, if given
   * @param brand the brand, if given
   * @param quantity as ordered
   * @param netFen as ordered, in fen
   * @param stage of this line
   * @param counted quantity that counts as bought, returns taken off
   * @param warrantyEndsOn the last day of the warranty, if given
   */
  public record Line(
      String lineNo,
      LineKind kind,
      String category,
      String categoryCode,
      Optional<String> name,
      Optional<String> model,
      Optional<String> brand,
      BigDecimal quantity,
      long netFen,
      Stage stage,
      BigDecimal counted,
      Optional<LocalDate> warrantyEndsOn) {}

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "OrderDetail[" + orderNo + ", " + stage + ", " + lines.size() + " lines]";
  }
}
