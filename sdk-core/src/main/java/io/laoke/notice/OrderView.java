package io.laoke.notice;

import io.laoke.base.Phone;
import io.laoke.internal.tenant.Tenant;
import io.laoke.order.LineKind;
import io.laoke.order.OrderDetail;
import io.laoke.order.Place;
import io.laoke.order.StageRecord;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/** What an order's page shows, in the order in which a customer asks. Masks what is personal. */
final class OrderView {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy年M月d日 HH:mm", Locale.CHINA);
  private static final int CLEAR = 3;

  private final OrderDetail order;
  private final List<StageRecord> stages;
  private final Optional<String> store;
  private final ZoneId zone;

  OrderView(Tenant tenant, OrderDetail order, List<StageRecord> stages, Optional<String> store) {
    this.order = order;
    this.stages =
        stages.stream()
            .sorted(Comparator.comparing(OrderView::time).thenComparing(StageRecord::id).reversed())
            .toList();
    this.store = store;
    this.zone = tenant.zone();
  }

  private static Instant time(StageRecord stage) {
    return stage.at().orElse(stage.recordedAt());
  }

  void hero(Html page) {
    String words = order.stageText().orElse(order.stage().chinese());
    page.raw(order.closed() ? "<section class=\"hero over\">" : "<section class=\"hero\">")
        .element("h1", "", words);
    order.stageAt().ifPresent(at -> page.element("p", "dim", minute(at)));
    page.raw("<p class=\"number\">订单号 ").text(order.orderNo()).raw("</p></section>\n");
  }

  /** The newest appointment that the customer still waits for. */
  void visit(Html page) {
    Optional<StageRecord> newest =
        stages.stream()
            .filter(
                stage -> detail(stage, "slot").or(() -> detail(stage, "technician")).isPresent())
            .findFirst();
    if (newest.isEmpty() || order.closed()) {
      return;
    }
    page.raw("<section><h2>上门安排</h2><dl class=\"facts\">");
    detail(newest.get(), "slot").ifPresent(slot -> fact(page, "时间", slot));
    detail(newest.get(), "technician").ifPresent(name -> fact(page, "师傅", name));
    page.raw("</dl></section>\n");
  }

  void lines(Html page) {
    page.raw("<section><h2>商品明细</h2><ul class=\"lines\">");
    for (OrderDetail.Line line : order.lines()) {
      page.raw("<li><div>").text(name(line));
      if (line.kind() != LineKind.GOODS) {
        page.raw("<span class=\"tag\">" + (line.kind() == LineKind.GIFT ? "赠品" : "服务") + "</span>");
      }
      String model = model(line);
      if (!model.isEmpty()) {
        page.element("small", "", model);
      }
      page.raw("</div><div class=\"count\">× ")
          .text(line.quantity().stripTrailingZeros().toPlainString());
      if (line.stage() != order.stage()) {
        page.element("small", "", line.stage().chinese());
      }
      page.raw("</div></li>");
    }
    page.raw("</ul></section>\n");
  }

  private static String name(OrderDetail.Line line) {
    return line.name().or(line::model).or(line::brand).orElse("商品");
  }

  private static String model(OrderDetail.Line line) {
    List<String> parts = new ArrayList<>();
    line.brand().ifPresent(parts::add);
    line.name().flatMap(named -> line.model()).ifPresent(parts::add);
    return line.name().isPresent() ? String.join(" ", parts) : "";
  }

  void timeline(Html page) {
    page.raw("<section><h2>订单进度</h2><ol class=\"steps\">");
    for (StageRecord stage : stages) {
      page.raw("<li>").element("b", "", stage.text().orElse(stage.stage().chinese()));
      items(stage).ifPresent(items -> page.element("small", "", items));
      stage.at().ifPresent(at -> page.element("small", "", minute(at)));
      carrier(stage).ifPresent(words -> page.element("small", "", words));
      page.raw("</li>");
    }
    page.raw("<li>").element("b", "", "下单").element("small", "", minute(order.orderedAt()));
    page.raw("</li></ol></section>\n");
  }

  /** What a stage concerns, if it is not the whole order. */
  private Optional<String> items(StageRecord stage) {
    Map<String, SortedSet<Integer>> scope = stage.scope();
    List<String> names =
        order.lines().stream()
            .filter(line -> scope.containsKey(line.lineNo()))
            .map(
                line ->
                    name(line)
                        + pieces(scope.getOrDefault(line.lineNo(), Collections.emptySortedSet())))
            .toList();
    return names.isEmpty() ? Optional.empty() : Optional.of(String.join("、", names));
  }

  private static String pieces(SortedSet<Integer> units) {
    return units.isEmpty() ? "" : " × " + units.size();
  }

  private static Optional<String> carrier(StageRecord stage) {
    List<String> parts = new ArrayList<>();
    detail(stage, "carrier").ifPresent(parts::add);
    detail(stage, "trackingNo").ifPresent(parts::add);
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", parts));
  }

  void places(Html page) {
    page.raw("<section><h2>订单信息</h2><dl class=\"facts\">");
    store.ifPresent(name -> fact(page, "门店", name));
    order.salesChannel().ifPresent(channel -> fact(page, "渠道", channel));
    order
        .place()
        .flatMap(Place::contact)
        .or(() -> order.buyer().name())
        .ifPresent(name -> fact(page, "收货人", masked(name, 1)));
    order
        .place()
        .flatMap(Place::phone)
        .or(() -> order.buyer().phone())
        .ifPresent(phone -> fact(page, "电话", phone(phone)));
    order.place().flatMap(OrderView::address).ifPresent(words -> fact(page, "地址", words));
    page.raw("</dl></section>\n");
  }

  private static Optional<String> address(Place place) {
    String region = place.region().map(path -> path.replace("/", " ")).orElse("");
    String street = place.street().map(text -> masked(text, CLEAR)).orElse("");
    String words = (region + " " + street).strip();
    return words.isEmpty() ? Optional.empty() : Optional.of(words);
  }

  private static void fact(Html page, String name, String value) {
    page.raw("<div>").element("dt", "", name).element("dd", "", value).raw("</div>");
  }

  private static Optional<String> detail(StageRecord stage, String name) {
    return Optional.ofNullable(stage.details().get(name));
  }

  private String minute(Instant at) {
    return MINUTE.format(at.atZone(zone));
  }

  static String phone(String written) {
    return Phone.read(written).map(Phone::masked).orElse("****");
  }

  /** The first characters, at most half of them, and stars. */
  static String masked(String text, int clear) {
    int length = text.codePointCount(0, text.length());
    int shown = Math.min(clear, Math.max(1, length / 2));
    return text.substring(0, text.offsetByCodePoints(0, Math.min(shown, length))) + "***";
  }
}
