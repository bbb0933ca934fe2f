package io.laoke.order;

import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;

/** The rows of new orders and of what they have. */
final class OrderRows {
  private OrderRows() {}

  static Rows heads(Tenant tenant) {
    return Rows.of("customer_order", tenant.id())
        .with(Rows.Type.LONG, "id")
        .with(Rows.Type.TEXT, "order_no")
        .with(Rows.Type.LONG, "ordered_ms", "member_id")
        .with(Rows.Type.BOOL, "assigned")
        .with(Rows.Type.TEXT, "buyer_customer_no", "buyer_name", "buyer_phone")
        .with(Rows.Type.LONG, "place_id")
        .with(Rows.Type.TEXT, "store_code", "salesperson", "sales_channel")
        .with(Rows.Type.TEXT, "stage", "stage_text")
        .with(Rows.Type.LONG, "stage_at_ms")
        .with(Rows.Type.INT, "stage_seq")
        .with(Rows.Type.LONG, "message_seq")
        .with(Rows.Type.BOOL, "with_numbers", "with_units", "with_returns")
        .with(Rows.Type.TEXT, "content_hash")
        .with(Rows.Type.LONG, "created_ms", "changed_ms")
        .with(Rows.Type.INT, "erased")
        .with(Rows.Type.BOOL, "with_services")
        .with(Rows.Type.LONG, "approved_ms", "shipped_ms", "delivered_ms", "installed_ms");
  }

  static void add(Rows rows, Tenant tenant, OrderHead head, Instant now) {
    rows.add(
        head.id(),
        head.orderNo(),
        head.orderedMs(),
        head.memberId(),
        head.assigned(),
        tenant.privacy().seal(head.buyer().customerNo().orElse(null)),
        tenant.privacy().seal(head.buyer().name().orElse(null)),
        tenant.privacy().seal(head.buyer().phone().orElse(null)),
        head.placeId(),
        head.storeCode(),
        head.salesperson(),
        head.salesChannel(),
        head.stage().name(),
        head.stageText(),
        head.stageAtMs(),
        head.stageSeq(),
        0L,
        !head.externalNumbers().isEmpty(),
        head.withUnits(),
        head.withReturns(),
        head.contentHash(),
        head.createdMs(),
        now.toEpochMilli(),
        head.erased() ? 1 : 0,
        head.withServices(),
        head.milestones().approvedMs(),
        head.milestones().shippedMs(),
        head.milestones().deliveredMs(),
        head.milestones().installedMs());
  }

  static Rows numbers(Tenant tenant) {
    return Rows.of("order_number", tenant.id())
        .with(Rows.Type.LONG, "order_id")
        .with(Rows.Type.TEXT, "system_name", "external_no");
  }

  static void addNumbers(Rows rows, OrderHead head) {
    head.externalNumbers().forEach((system, number) -> rows.add(head.id(), system, number));
  }

  static Rows lines(Tenant tenant) {
    return Rows.of("order_line", tenant.id())
        .with(Rows.Type.LONG, "order_id")
        .with(Rows.Type.TEXT, "line_no")
        .with(Rows.Type.INT, "line_index")
        .with(Rows.Type.TEXT, "kind", "category_code", "category", "name", "model", "brand")
        .with(Rows.Type.DECIMAL, "quantity")
        .with(Rows.Type.LONG, "net_fen")
        .with(Rows.Type.TEXT, "stage")
        .with(Rows.Type.DECIMAL, "counted_quantity")
        .with(Rows.Type.LONG, "counted_fen", "member_id", "ordered_ms")
        .with(Rows.Type.INT, "plain_units")
        .with(Rows.Type.LONG, "installed_ms", "serviced_ms")
        .with(Rows.Type.DATE, "warranty_ends");
  }

  static void add(Rows rows, OrderHead head, LineRow line) {
    rows.add(
        head.id(),
        line.lineNo(),
        line.index(),
        line.kind().name(),
        line.categoryCode(),
        line.category(),
        line.name(),
        line.model(),
        line.brand(),
        line.quantity(),
        line.netFen(),
        line.stage().name(),
        line.counted(),
        line.countedFen(),
        head.memberId(),
        head.orderedMs(),
        line.plain().units(),
        line.plain().installedMs(),
        line.plain().servicedMs(),
        line.warrantyEnds());
  }

  static Rows units(Tenant tenant) {
    return Rows.of("order_unit", tenant.id())
        .with(Rows.Type.LONG, "id", "order_id")
        .with(Rows.Type.TEXT, "line_no")
        .with(Rows.Type.INT, "unit_no")
        .with(Rows.Type.TEXT, "sold_serial", "serial", "stage")
        .with(Rows.Type.BOOL, "present", "counted")
        .with(Rows.Type.LONG, "installed_ms", "serviced_ms");
  }

  static void add(Rows rows, long orderId, UnitRow unit) {
    rows.add(
        unit.id(),
        orderId,
        unit.lineNo(),
        unit.unitNo(),
        unit.soldSerial(),
        unit.serial(),
        unit.stage().name(),
        unit.present(),
        unit.counted(),
        unit.installedMs(),
        unit.servicedMs());
  }
}
