package io.laoke.segment;

import io.laoke.internal.jdbc.Tx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of {@code orders} and {@code items}. */
final class OrderBranches {
  private static final String COUNTS = "l.counted_quantity > 0";

  /** Of one moment and number, the sale is before the return. */
  private static final String SALE = "0";

  private static final String RETURN = "1";

  private OrderBranches() {}

  /**
   * The branches of items.
   *
   * @param sums whether something is added up, so that rows which no longer count but have money
   *     left, and returns that name no sale, take part
   * @param known the categories, where they are named one by one
   */
  static List<Branch> items(Scope scope, boolean sums, @Nullable KnownPlaces known) {
    if (scope == Scope.ALL) {
      return List.of(new Lines(true, true, known), new ReturnLines());
    }
    return sums
        ? List.of(new Lines(false, true, known), new NamelessReturns(true))
        : List.of(new Lines(false, false, known));
  }

  /**
   * The branches of orders.
   *
   * @param sums whether something is added up
   * @param perOrder whether the net amount of single orders is asked for
   */
  static List<Branch> orders(Scope scope, boolean sums, boolean perOrder) {
    if (scope == Scope.ALL) {
      return List.of(new Heads(true, sums || perOrder, sums), new ReturnNotes());
    }
    if (!sums) {
      return List.of(new Heads(false, perOrder, false));
    }
    return perOrder
        ? List.of(new Heads(false, true, true), new NamelessReturns(false))
        : List.of(new Heads(false, false, true), new Money(), new NamelessReturns(false));
  }

  /** Fields of an order called {@code o}. */
  private static Cell ofOrder(Branch in, String name, FieldType type) {
    return switch (name) {
      case "type" -> new Cell.Constant("SALE");
      case "stage" -> Scalar.always("o.stage", type);
      case "stageText" -> Scalar.of("o.stage_text", type);
      case "store" -> Scalar.of("o.store_code", type);
      case "salesChannel" -> Scalar.of("o.sales_channel", type);
      case "region" -> {
        in.joined("p", " LEFT JOIN {place} p ON p.dealer_id = o.dealer_id AND p.id = o.place_id");
        yield Scalar.of("p.region", type);
      }
      case "approvedAt" -> Scalar.of("o.approved_ms", type);
      case "shippedAt" -> Scalar.of("o.shipped_ms", type);
      case "deliveredAt" -> Scalar.of("o.delivered_ms", type);
      case "installedAt" -> Scalar.of("o.installed_ms", type);
      default -> throw new IllegalArgumentException("no field of orders: " + name);
    };
  }

  /** Lines of sales. */
  private static final class Lines extends Branch {
    private final boolean all;
    private final boolean sums;
    private final @Nullable KnownPlaces known;

    Lines(boolean all, boolean sums, @Nullable KnownPlaces known) {
      this.all = all;
      this.sums = sums;
      this.known = known;
    }

    @Override
    String from() {
      return "{order_line} l";
    }

    @Override
    List<String> where() {
      List<String> where =
          new ArrayList<>(List.of("l.dealer_id = :dealer", "l.member_id IS NOT NULL"));
      if (!all) {
        where.add(sums ? "(" + COUNTS + " OR l.counted_fen > 0)" : COUNTS);
      }
      return where;
    }

    @Override
    String member() {
      return "l.member_id";
    }

    @Override
    String at() {
      return "l.ordered_ms";
    }

    @Override
    @Nullable String live() {
      return all || !sums ? null : "CASE WHEN " + COUNTS + " THEN 1 ELSE 0 END";
    }

    @Override
    List<String> order() {
      return List.of(order("order_no"), SALE, "l.line_index");
    }

    @Override
    Cell asked(FieldDef field) {
      return field.name().equals("category")
          ? new LinePlace(Scalar.always("l.category", field.type()), known)
          : cell(field);
    }

    private String order(String column) {
      return joined(
              "o", " JOIN {customer_order} o ON o.dealer_id = l.dealer_id AND o.id = l.order_id")
          + "."
          + column;
    }

    @Override
    Cell cell(FieldDef field) {
      FieldType type = field.type();
      return switch (field.name()) {
        case "order" -> Scalar.always(order("order_no"), type);
        case "category" -> Scalar.always("l.category", type);
        case "model" -> Scalar.of("l.model", type);
        case "brand" -> Scalar.of("l.brand", type);
        case "kind" -> Scalar.always("l.kind", type);
        case "quantity" -> Scalar.always(all ? "l.quantity" : "l.counted_quantity", type);
        case "netAmount" -> Scalar.always(all ? "l.net_fen" : "l.counted_fen", type);
        case "at" -> Scalar.always(at(), type);
        default -> {
          order("id");
          yield ofOrder(this, field.name().substring("order.".length()), type);
        }
      };
    }
  }

  /** Returns that name no sale: no rows, but taken off sums at their own time. */
  private static final class NamelessReturns extends Branch {
    private final boolean items;

    NamelessReturns(boolean items) {
      this.items = items;
    }

    @Override
    String from() {
      return "{return_line} t";
    }

    @Override
    List<String> where() {
      return List.of("t.dealer_id = :dealer", "t.member_id IS NOT NULL", "t.netted_line IS NULL");
    }

    @Override
    String member() {
      return "t.member_id";
    }

    @Override
    String at() {
      return "t.returned_ms";
    }

    @Override
    String live() {
      return "0";
    }

    @Override
    List<String> order() {
      return List.of();
    }

    @Override
    Cell cell(FieldDef field) {
      return switch (field.name()) {
        case "category" -> items ? Scalar.always("t.category", field.type()) : Cell.MISSING;
        case "model" -> items ? Scalar.of("t.model", field.type()) : Cell.MISSING;
        case "at" -> Scalar.always(at(), field.type());
        default -> Cell.MISSING;
      };
    }

    @Override
    String summand(FieldDef field) {
      return field.name().equals("quantity") ? "-t.quantity" : "-t.net_fen";
    }

    @Override
    boolean takesOff() {
      return true;
    }
  }

  /** Lines of return documents. */
  private static final class ReturnLines extends Branch {
    @Override
    String from() {
      return "{return_line} t LEFT JOIN {customer_order} s ON s.dealer_id = t.dealer_id AND s.id = t.order_id";
    }

    @Override
    List<String> where() {
      return List.of("t.dealer_id = :dealer", member() + " IS NOT NULL");
    }

    @Override
    String member() {
      return "CASE WHEN t.netted_line IS NULL THEN t.member_id ELSE s.member_id END";
    }

    @Override
    String at() {
      return "t.returned_ms";
    }

    @Override
    @Nullable String live() {
      return null;
    }

    @Override
    List<String> order() {
      return List.of(note(), RETURN, "t.line_index");
    }

    private String note() {
      return joined("n", " JOIN {return_note} n ON n.dealer_id = t.dealer_id AND n.id = t.note_id")
          + ".note_no";
    }

    @Override
    Cell cell(FieldDef field) {
      FieldType type = field.type();
      return switch (field.name()) {
        case "order" -> Scalar.always(note(), type);
        case "category" -> Scalar.always("t.category", type);
        case "model" -> Scalar.of("t.model", type);
        case "quantity" -> Scalar.always("(-t.quantity)", type);
        case "netAmount" -> Scalar.always("(-t.net_fen)", type);
        case "at" -> Scalar.always(at(), type);
        case "order.type" -> new Cell.Constant("RETURN");
        default -> Cell.MISSING;
      };
    }
  }

  /** Orders. */
  private static final class Heads extends Branch {
    private final boolean all;
    private final boolean money;
    private final boolean sums;

    Heads(boolean all, boolean money, boolean sums) {
      this.all = all;
      this.money = money;
      this.sums = sums;
    }

    @Override
    String from() {
      if (!money) {
        return "{customer_order} o";
      }
      return all
          ? """
          {customer_order} o LEFT JOIN (SELECT y.order_id, SUM(y.net_fen) AS net_fen
            FROM {order_line} y WHERE y.dealer_id = :dealer GROUP BY y.order_id) x
            ON x.order_id = o.id"""
          : """
          {customer_order} o JOIN (SELECT y.order_id, SUM(y.counted_fen) AS net_fen,
            MAX(y.counted_quantity) AS most FROM {order_line} y
            WHERE y.dealer_id = :dealer GROUP BY y.order_id) x ON x.order_id = o.id""";
    }

    @Override
    List<String> where() {
      List<String> where =
          new ArrayList<>(
              List.of(
                  "o.dealer_id = :dealer", "o.member_id IS NOT NULL", "o.ordered_ms IS NOT NULL"));
      if (!all && money && !sums) {
        where.add("x.most > 0");
      } else if (!all && !money) {
        where.add(
            "EXISTS (SELECT 1 FROM {order_line} l"
                + Tx.BY_KEY
                + " WHERE l.dealer_id = o.dealer_id AND l.order_id = o.id AND "
                + COUNTS
                + ")");
      }
      return where;
    }

    @Override
    String member() {
      return "o.member_id";
    }

    @Override
    String at() {
      return "o.ordered_ms";
    }

    @Override
    @Nullable String live() {
      return all || !money || !sums ? null : "CASE WHEN x.most > 0 THEN 1 ELSE 0 END";
    }

    @Override
    List<String> order() {
      return List.of("o.order_no", SALE);
    }

    @Override
    Cell cell(FieldDef field) {
      FieldType type = field.type();
      return switch (field.name()) {
        case "number" -> Scalar.always("o.order_no", type);
        case "at" -> Scalar.always(at(), type);
        case "netAmount" -> Scalar.always(all ? "COALESCE(x.net_fen, 0)" : "x.net_fen", type);
        default -> ofOrder(this, field.name(), type);
      };
    }

    @Override
    String summand(FieldDef field) {
      return money ? String.valueOf(value(field)) : "0";
    }

    @Override
    boolean addsUp() {
      return money;
    }
  }

  /** The money of orders, line by line: added up, it is that of their orders. */
  private static final class Money extends Branch {
    @Override
    String from() {
      return "{order_line} l JOIN {customer_order} o ON o.dealer_id = l.dealer_id AND o.id = l.order_id";
    }

    @Override
    List<String> where() {
      return List.of("l.dealer_id = :dealer", "l.member_id IS NOT NULL", "l.counted_fen > 0");
    }

    @Override
    String member() {
      return "l.member_id";
    }

    @Override
    String at() {
      return "l.ordered_ms";
    }

    @Override
    String live() {
      return "0";
    }

    @Override
    List<String> order() {
      return List.of();
    }

    @Override
    Cell cell(FieldDef field) {
      return switch (field.name()) {
        case "number" -> Scalar.always("o.order_no", field.type());
        case "at" -> Scalar.always(at(), field.type());
        default -> ofOrder(this, field.name(), field.type());
      };
    }

    @Override
    String summand(FieldDef field) {
      return "l.counted_fen";
    }
  }

  /** Return documents: what they take off each of the members whose purchases they name. */
  private static final class ReturnNotes extends Branch {
    @Override
    String from() {
      return """
          (SELECT t.note_id, CASE WHEN t.netted_line IS NULL THEN t.member_id ELSE s.member_id END
              AS member_id, SUM(t.net_fen) AS net_fen
            FROM {return_line} t LEFT JOIN {customer_order} s ON s.dealer_id = t.dealer_id
              AND s.id = t.order_id
            WHERE t.dealer_id = :dealer
            GROUP BY t.note_id, CASE WHEN t.netted_line IS NULL THEN t.member_id
              ELSE s.member_id END) x
          JOIN {return_note} n ON n.dealer_id = :dealer AND n.id = x.note_id""";
    }

    @Override
    List<String> where() {
      return List.of("x.member_id IS NOT NULL");
    }

    @Override
    String member() {
      return "x.member_id";
    }

    @Override
    String at() {
      return "n.returned_ms";
    }

    @Override
    @Nullable String live() {
      return null;
    }

    @Override
    List<String> order() {
      return List.of("n.note_no", RETURN);
    }

    @Override
    Cell cell(FieldDef field) {
      FieldType type = field.type();
      return switch (field.name()) {
        case "number" -> Scalar.always("n.note_no", type);
        case "type" -> new Cell.Constant("RETURN");
        case "at" -> Scalar.always(at(), type);
        case "netAmount" -> Scalar.always("(-x.net_fen)", type);
        default -> Cell.MISSING;
      };
    }
  }
}
