package io.laoke.binding;

import io.laoke.internal.tenant.Tenant;
import io.laoke.order.LineKind;
import io.laoke.order.OrderDetail;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/** Makes what a reply and the assistant may see of orders and people. */
final class Glances {
  private static final int LONGEST_NAME = 30;

  private Glances() {}

  static OrderGlance of(OrderDetail order, Tenant tenant) {
    return new OrderGlance(
        order.orderNo(),
        items(order),
        order.stage(),
        order.stageText(),
        order.stageAt().map(at -> at.atZone(tenant.zone())));
  }

  private static String items(OrderDetail order) {
    List<OrderDetail.Line> goods =
        order.lines().stream().filter(line -> line.kind() == LineKind.GOODS).toList();
    List<OrderDetail.Line> shown = goods.isEmpty() ? order.lines() : goods;
    Optional<String> name =
        shown.stream().flatMap(line -> line.name().or(line::model).stream()).findFirst();
    if (name.isEmpty()) {
      return "";
    }
    long pieces =
        shown.stream()
            .map(OrderDetail.Line::quantity)
            .reduce(BigDecimal.ZERO, BigDecimal::add)
            .setScale(0, RoundingMode.CEILING)
            .longValue();
    return cut(name.get()) + (pieces > 1 ? "等" + pieces + "件" : "");
  }

  private static String cut(String name) {
    int length = name.codePointCount(0, name.length());
    return length <= LONGEST_NAME
        ? name
        : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME - 1)) + "…";
  }

  /** The first character of a name, and stars. */
  static String masked(String name) {
    return name.substring(0, name.offsetByCodePoints(0, 1)) + "**";
  }
}
