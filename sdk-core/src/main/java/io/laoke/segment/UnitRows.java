package io.laoke.segment;

import java.time.ZoneId;
import java.util.List;

/**
 * Rows of {@code units}: those that have a row of their own, and the others of a line, which are
 * alike and stand together.
 */
final class UnitRows extends Branch {
  private final boolean own;
  private final ZoneId zone;

  /**
   * Units.
   *
   * @param own those with a row of their own; else the others
   */
  UnitRows(boolean own, ZoneId zone) {
    this.own = own;
    this.zone = zone;
  }

  @Override
  String from() {
    return own
        ? "{order_unit} u JOIN {order_line} l ON l.dealer_id = u.dealer_id AND l.order_id = u.order_id AND l.line_no = u.line_no"
        : "{order_line} l";
  }

  @Override
  List<String> where() {
    return own
        ? List.of("u.dealer_id = :dealer", "u.counted", "l.member_id IS NOT NULL")
        : List.of("l.dealer_id = :dealer", "l.plain_units > 0", "l.member_id IS NOT NULL");
  }

  @Override
  String member() {
    return "l.member_id";
  }

  @Override
  String at() {
    return "l.ordered_ms";
  }

  /** How many alike it stands for. */
  @Override
  String live() {
    return own ? "1" : "l.plain_units";
  }

  @Override
  List<String> order() {
    joined("o", " JOIN {customer_order} o ON o.dealer_id = l.dealer_id AND o.id = l.order_id");
    return List.of("o.order_no", "l.line_index", own ? "u.unit_no" : "0");
  }

  @Override
  Cell cell(FieldDef field) {
    FieldType type = field.type();
    String row = own ? "u" : "l";
    return switch (field.name()) {
      case "category" -> Scalar.always("l.category", type);
      case "model" -> Scalar.of("l.model", type);
      case "brand" -> Scalar.of("l.brand", type);
      case "installedOn" -> new InstantDay(row + ".installed_ms", zone);
      case "lastServiceAt" -> Scalar.of(row + ".serviced_ms", type);
      case "warrantyEndsOn" -> Scalar.of("l.warranty_ends", type);
      case "at" -> Scalar.always(at(), type);
      default -> throw new IllegalArgumentException("no field of units: " + field.name());
    };
  }

  @Override
  Cell ofColumn(FieldDef field, Scalar column) {
    return field.name().equals("installedOn")
        ? new EpochDay(new Scalar(column.sql(), FieldType.INTEGER, false, null))
        : column;
  }
}
