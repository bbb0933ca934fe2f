package io.laoke.examples.shell;

import io.laoke.order.Buyer;
import io.laoke.order.LineKind;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.ReturnLine;
import io.laoke.order.ReturnNote;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.order.UnitServiceReport;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the rows of {@code orders.csv}, {@code lines.csv} and {@code stages.csv} say. */
final class OrderRows {
  static final Set<String> KNOWN =
      Set.of(
          "order_no",
          "customer_no",
          "ordered_at",
          "type",
          "original_order_no",
          "store",
          "salesperson",
          "sales_channel",
          "receiver_name",
          "receiver_phone",
          "region",
          "address");
  static final Set<String> REQUIRED = Set.of("order_no", "ordered_at");

  static final Set<String> LINE_KNOWN =
      Set.of(
          "order_no",
          "line_no",
          "kind",
          "category",
          "model",
          "brand",
          "serial",
          "quantity",
          "net_amount");
  static final Set<String> LINE_REQUIRED =
      Set.of("order_no", "line_no", "category", "quantity", "net_amount");

  static final Set<String> STAGE_KNOWN =
      Set.of("order_no", "stage", "at", "text", "document", "line_no");
  static final Set<String> STAGE_REQUIRED = Set.of("order_no", "stage");

  static final Set<String> SERVICE_KNOWN =
      Set.of("order_no", "line_no", "unit_no", "kind", "done_at", "paid_amount");
  static final Set<String> SERVICE_REQUIRED = Set.of("order_no", "line_no", "kind", "done_at");

  private static final int MOST_UNITS = 1_000_000;

  private final LocalTimes times;
  private final Catalogued catalogued;
  private final Warnings warnings;

  OrderRows(LocalTimes times, Catalogued catalogued, Warnings warnings) {
    this.times = times;
    this.catalogued = catalogued;
    this.warnings = warnings;
  }

  /** Whether a row is a return; one that says nothing is a sale. */
  static boolean returned(Row row) {
    return switch (row.cell("type").toUpperCase(Locale.ROOT)) {
      case "", "SALE" -> false;
      case "RETURN" -> true;
      default -> throw new BadCell("type", "must be SALE or RETURN");
    };
  }

  /** An order without its lines. */
  Order order(Row row) {
    String orderNo = row.requiredKey("order_no");
    Instant at = times.time(row, "ordered_at");
    String customerNo = row.key("customer_no");
    if (row.has("original_order_no")) {
      warnings.add(
          "ORIGINAL_OF_SALE", "sales with an original_order_no, which is of returns", row.where());
    }
    String region = row.cell("region");
    String path = region.isEmpty() ? "" : catalogued.region("region", region);
    String phone = row.key("receiver_phone");
    String name = row.cell("receiver_name");
    String address = row.cell("address");
    Order order =
        Row.made(
            () ->
                Order.of(orderNo, at)
                    .buyer(Buyer.of(customerNo, null, null))
                    .store(row.cell("store"))
                    .salesperson(row.cell("salesperson"))
                    .salesChannel(row.cell("sales_channel")));
    if (path.isEmpty() && phone.isEmpty() && name.isEmpty() && address.isEmpty()) {
      return order;
    }
    // The phone of a place is that of who receives.
    if (phone.codePointCount(0, phone.length()) > 32) {
      throw new BadCell("receiver_phone", "must have at most 32 characters");
    }
    return Row.made(() -> order.place(Place.of(path, address, name, phone)));
  }

  /** A return without its lines. */
  ReturnNote note(Row row) {
    String noteNo = row.requiredKey("order_no");
    Instant at = times.time(row, "ordered_at");
    String customerNo = row.key("customer_no");
    String original = row.key("original_order_no");
    ReturnNote note = Row.made(() -> ReturnNote.of(noteNo, at).customerNo(customerNo));
    return Row.made("original_order_no", () -> note.order(original));
  }

  /** A line of an order. */
  OrderLine line(Row row) {
    String lineNo = row.requiredKey("line_no");
    LineKind kind = kind(row);
    String category = category(row);
    BigDecimal quantity = quantity(row);
    BigDecimal amount = amount(row);
    OrderLine line = Row.made(() -> OrderLine.of(kind, lineNo, category, quantity, amount));
    return Row.made(
        () -> line.model(row.cell("model")).brand(row.cell("brand")).serials(serials(row)));
  }

  private static LineKind kind(Row row) {
    String cell = row.cell("kind").toUpperCase(Locale.ROOT);
    if (cell.isEmpty()) {
      return LineKind.GOODS;
    }
    return Arrays.stream(LineKind.values())
        .filter(kind -> kind.name().equals(cell))
        .findFirst()
        .orElseThrow(() -> new BadCell("kind", "must be GOODS, GIFT or SERVICE"));
  }

  private String category(Row row) {
    return catalogued.category(row.required("category"));
  }

  private static BigDecimal quantity(Row row) {
    BigDecimal quantity = Numbers.plain("quantity", row.required("quantity"));
    if (quantity.signum() <= 0) {
      throw new BadCell("quantity", "must be more than 0; what came back is a row of type RETURN");
    }
    return quantity;
  }

  private static BigDecimal amount(Row row) {
    return Numbers.plain("net_amount", row.required("net_amount"));
  }

  /** One, or those of units 1, 2, … between semicolons. */
  private static List<String> serials(Row row) {
    String cell = row.key("serial");
    return cell.isEmpty() ? List.of() : Arrays.asList(cell.split("[;；]", -1));
  }

  /** A line of a return. */
  ReturnLine back(Row row) {
    String lineNo = row.requiredKey("line_no");
    kind(row);
    String category = category(row);
    BigDecimal quantity = quantity(row);
    BigDecimal amount = amount(row);
    return Row.made(
        () -> ReturnLine.of(lineNo, category, quantity, amount).model(row.cell("model")));
  }

  /** A stage. */
  StageReport stage(Row row) {
    Stage stage = stageOf(row);
    StageReport report =
        row.has("at")
            ? StageReport.of(stage, times.time(row, "at"))
            : StageReport.ofUnknownTime(stage);
    String document = row.key("document");
    String line = row.key("line_no");
    return Row.made(
        () -> {
          StageReport told = report.document(document).text(row.cell("text"));
          return line.isEmpty() ? told : told.line(line);
        });
  }

  /** What was done to a unit, or to all units of a line. */
  UnitServiceReport service(Row row) {
    String lineNo = row.requiredKey("line_no");
    String kind = row.required("kind");
    Instant at = times.time(row, "done_at");
    UnitServiceReport report = Row.made(() -> UnitServiceReport.of(lineNo, kind, at));
    if (row.has("unit_no")) {
      BigDecimal unit = Numbers.plain("unit_no", row.cell("unit_no"));
      if (unit.stripTrailingZeros().scale() > 0
          || unit.signum() <= 0
          || unit.compareTo(BigDecimal.valueOf(MOST_UNITS)) > 0) {
        throw new BadCell("unit_no", "must be a whole number from 1 to the line's quantity");
      }
      report = report.unit(unit.intValueExact());
    }
    if (!row.has("paid_amount")) {
      return report;
    }
    BigDecimal paid = Numbers.plain("paid_amount", row.cell("paid_amount"));
    UnitServiceReport unpaid = report;
    return Row.made("paid_amount", () -> unpaid.paid(paid));
  }

  private static Stage stageOf(Row row) {
    String cell = row.required("stage");
    return Arrays.stream(Stage.values())
        .filter(stage -> stage.name().equalsIgnoreCase(cell) || stage.chinese().equals(cell))
        .findFirst()
        .orElseThrow(
            () ->
                new BadCell(
                    "stage",
                    "must be one of " + String.join(", ", names()) + ", or its Chinese word"));
  }

  private static List<String> names() {
    return Arrays.stream(Stage.values()).map(Stage::name).toList();
  }
}
