package io.laoke.notice;

import io.laoke.internal.tenant.Tenant;
import io.laoke.order.LineKind;
import io.laoke.order.OrderDetail;
import io.laoke.order.StageRecord;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What a notice can say, as it is at the moment of the stage.
 *
 * @param hint what the recipient has to be told besides, or empty
 * @param page where the recipient sees the order, if the dealer has pages
 */
record NoticeFacts(
    OrderDetail order,
    StageRecord stage,
    Optional<String> storeName,
    String dealerName,
    ZoneId zone,
    String hint,
    Optional<String> page)
    implements Facts {
  static NoticeFacts of(
      Tenant tenant,
      NoticeSettings rules,
      OrderDetail order,
      StageRecord stage,
      Optional<String> storeName) {
    String dealer = rules.dealerName().orElse(tenant.code());
    return new NoticeFacts(order, stage, storeName, dealer, tenant.zone(), "", Optional.empty());
  }

  NoticeFacts withHint(String words) {
    return new NoticeFacts(order, stage, storeName, dealerName, zone, words, page);
  }

  NoticeFacts withPage(Optional<String> address) {
    return new NoticeFacts(order, stage, storeName, dealerName, zone, hint, address);
  }

  /** Laoke's own number of the order: at most 13 letters and digits. */
  String shortNo() {
    return Long.toString(order.id(), 36).toUpperCase(Locale.ROOT);
  }

  Instant stageAt() {
    return stage.at().orElse(stage.recordedAt());
  }

  @Override
  public String value(NoticeName name, @Nullable String format) {
    return name.value(this, format);
  }

  @Override
  public String plain(NoticeName name) {
    return name.plain(this);
  }

  @Override
  public long number() {
    return order.id();
  }

  @Override
  public String detail(String name) {
    return stage.details().getOrDefault(name, "");
  }

  String formatted(Instant instant, String format) {
    return DateTimeFormatter.ofPattern(format, Locale.CHINA).withZone(zone).format(instant);
  }

  String orderItems() {
    List<OrderDetail.Line> goods =
        order.lines().stream().filter(line -> line.kind() == LineKind.GOODS).toList();
    List<OrderDetail.Line> shown = goods.isEmpty() ? order.lines() : goods;
    return items(
        shown,
        shown.stream().map(OrderDetail.Line::quantity).reduce(BigDecimal.ZERO, BigDecimal::add));
  }

  /** What the stage concerns: some lines or units, or all that the order is about. */
  String stageItems() {
    Map<String, SortedSet<Integer>> scope = stage.scope();
    List<OrderDetail.Line> lines =
        order.lines().stream().filter(line -> scope.containsKey(line.lineNo())).toList();
    if (lines.isEmpty()) {
      return orderItems();
    }
    BigDecimal pieces = BigDecimal.ZERO;
    for (OrderDetail.Line line : lines) {
      int units = scope.getOrDefault(line.lineNo(), Collections.emptySortedSet()).size();
      pieces = pieces.add(units == 0 ? line.quantity() : BigDecimal.valueOf(units));
    }
    return items(lines, pieces);
  }

  private static String items(List<OrderDetail.Line> lines, BigDecimal quantity) {
    return GoodsWords.of(
        lines.stream().flatMap(line -> named(line).stream()).findFirst(),
        quantity.setScale(0, RoundingMode.CEILING).longValue());
  }

  private static Optional<String> named(OrderDetail.Line line) {
    return GoodsWords.named(
        line.name().orElse(null), line.model().orElse(null), line.brand().orElse(null));
  }

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "NoticeFacts[" + order.orderNo() + ", " + stage.stage() + "]";
  }
}
