package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.catalog.Category;
import io.laoke.catalog.Store;
import io.laoke.error.InvalidInputException;
import io.laoke.member.Attribute;
import io.laoke.member.Consent;
import io.laoke.member.Identity;
import io.laoke.member.Member;
import io.laoke.member.MemberPause;
import io.laoke.member.MemberTag;
import io.laoke.member.Members;
import io.laoke.member.Remark;
import io.laoke.message.Purpose;
import io.laoke.order.Consumption;
import io.laoke.order.OrderDetail;
import io.laoke.order.OrderPage;
import io.laoke.order.OrderQuery;
import io.laoke.segment.Explanation;
import io.laoke.segment.FieldType;
import io.laoke.segment.SavedSegment;
import io.laoke.segment.Segment;
import io.laoke.segment.SegmentException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** 会员档案: what Laoke knows of one member, as a page shows it. */
@Component
class MemberFile {
  private static final int ORDERS = 10;
  private static final int FEN = 2;

  private final Dealer dealer;
  private final SegmentDesk desk;
  private final Clock clock;

  MemberFile(Laoke laoke, SegmentDesk desk, Clock clock) {
    this.dealer = laoke.dealer("hengxin");
    this.desk = desk;
    this.clock = clock;
  }

  // Laoke: a member's file.

  Members members() {
    return dealer.members();
  }

  Member member(long id) {
    return members().get(id).orElseThrow(NotFound::new);
  }

  /** The member of a phone or a card. */
  Optional<Member> find(String words) {
    return members().find(words).or(() -> byPhone(words));
  }

  private Optional<Member> byPhone(String words) {
    try {
      return members().byPhone(words);
    } catch (InvalidInputException noPhone) {
      return Optional.empty();
    }
  }

  /**
   * Facts about a member.
   *
   * @param label of what
   * @param value what it is
   */
  record Fact(String label, String value) {}

  List<Fact> facts(Member member) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("卡号", String.join("、", member.customerNos())));
    facts.add(new Fact("性别", SegmentDesk.gender(member)));
    facts.add(new Fact("生日", member.birthday().map(this::born).orElse("")));
    facts.add(new Fact("地区", member.region().orElse("")));
    facts.add(new Fact("来源", source(member.source())));
    facts.add(new Fact("建档", day(member.since())));
    Map<String, String> labels = labels("house");
    members()
        .attributes(member.id())
        .forEach(
            (name, value) -> {
              String code = value instanceof Attribute.Code one ? one.value() : "";
              if (name.equals("house")) {
                facts.add(new Fact("房屋", labels.getOrDefault(code, code)));
              }
            });
    return facts.stream().filter(fact -> !fact.value().isBlank()).toList();
  }

  private Map<String, String> labels(String attribute) {
    Map<String, String> labels = new HashMap<>();
    dealer
        .attributes()
        .find(attribute)
        .ifPresent(type -> type.choices().forEach(one -> labels.put(one.code(), one.labelZh())));
    return labels;
  }

  private String born(LocalDate day) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), OrderDesk.ZONE);
    return "%s（%d 岁）".formatted(day, Period.between(day, today).getYears());
  }

  private static String source(String source) {
    return switch (source) {
      case "ERP" -> "会员卡";
      case "ORDER" -> "下单";
      case "FOLLOW" -> "关注公众号";
      case "SCAN" -> "扫码";
      default -> source;
    };
  }

  private static String day(Instant at) {
    return LocalDate.ofInstant(at, OrderDesk.ZONE).toString();
  }

  /**
   * An identity.
   *
   * @param kind what it is
   * @param value masked, as Laoke shows it
   * @param note what is to be known of it
   */
  record Known(String kind, String value, String note) {}

  List<Known> identities(long id) {
    return members().identities(id).stream().map(MemberFile::known).toList();
  }

  private static Known known(Identity identity) {
    String kind =
        switch (identity.kind()) {
          case OPENID -> "微信";
          case UNIONID -> "微信开放平台";
          case PHONE -> "手机号";
          case CUSTOMER_NO -> "会员卡号";
        };
    List<String> notes = new ArrayList<>();
    identity
        .follower()
        .ifPresent(f -> notes.add((f.follows() ? "已关注，自 " : "已取消关注，自 ") + day(f.since())));
    if (identity.proven()) {
      notes.add("本人验证过");
    }
    if (!identity.identifying()) {
      notes.add("多人共用，不用来认人");
    }
    return new Known(kind, identity.masked().orElse("（已清除）"), String.join("，", notes));
  }

  List<MemberTag> tags(long id) {
    return members().tags(id);
  }

  List<Remark> remarks(long id) {
    return members().remarks(id);
  }

  /**
   * A pause.
   *
   * @param purpose of messages
   * @param name of that purpose
   * @param complaint whether a complaint lasts
   * @param words until when and why
   */
  record Paused(Purpose purpose, String name, boolean complaint, String words) {}

  List<Paused> pauses(long id) {
    return members().pauses(id).stream().map(MemberFile::paused).toList();
  }

  private static Paused paused(MemberPause pause) {
    String until =
        pause.complaint().isPresent()
            ? "投诉 " + pause.complaint().get() + " 结案为止"
            : pause.until().map(end -> "到 " + day(end)).orElse("到人工恢复为止");
    return new Paused(
        pause.purpose(),
        name(pause.purpose()),
        pause.complaint().isPresent(),
        "%s：%s（%s）".formatted(until, pause.reason(), pause.by()));
  }

  static String name(Purpose purpose) {
    return switch (purpose) {
      case ORDER -> "订单通知";
      case CARE -> "服务提醒";
      case MARKETING -> "营销";
    };
  }

  List<String> consents(long id) {
    return members().consents(id).stream()
        .sorted(Comparator.comparing(Consent::at).reversed())
        .map(
            one ->
                "%s %s%s（%s）"
                    .formatted(
                        day(one.at()),
                        one.given() ? "同意" : "拒绝",
                        name(one.purpose()),
                        source(one) + one.textVersion().map(v -> "，" + v).orElse("")))
        .toList();
  }

  private static String source(Consent one) {
    return switch (one.source()) {
      case Consent.WECHAT_TEXT -> "公众号回复";
      case Consent.WECHAT_MENU -> "公众号菜单";
      default -> one.source();
    };
  }

  /**
   * An order in a file.
   *
   * @param no its number
   * @param at when it was placed
   * @param what its goods
   * @param store where
   * @param yuan for how much
   * @param status its stage in the ERP's words
   * @param tone of its mark
   */
  record Bought(
      String no,
      Instant at,
      String what,
      String store,
      BigDecimal yuan,
      String status,
      String tone) {}

  /**
   * Orders, the newest first.
   *
   * @param bought some of them
   * @param next cursor of those behind
   */
  record BoughtPage(List<Bought> bought, Optional<String> next) {}

  BoughtPage orders(long id, @Nullable String cursor) {
    Map<String, String> stores =
        dealer.catalog().stores().stream().collect(Collectors.toMap(Store::code, Store::name));
    OrderPage page = dealer.orders().page(OrderQuery.all().member(id), cursor, ORDERS);
    return new BoughtPage(
        page.orders().stream().map(order -> bought(order, stores)).toList(), page.next());
  }

  private static Bought bought(OrderDetail order, Map<String, String> stores) {
    String what =
        order.lines().stream()
            .map(line -> line.name().orElse(line.categoryCode()))
            .collect(Collectors.joining("、"));
    String stage = order.stage().name();
    String label =
        Arrays.stream(OrderStatus.values())
            .filter(status -> status.name().equals(stage))
            .map(OrderStatus::label)
            .findFirst()
            .orElse(stage.equals("RETURNED") ? "已退货" : "已换货");
    return new Bought(
        order.orderNo(),
        order.orderedAt(),
        what,
        order.storeCode().map(code -> stores.getOrDefault(code, code)).orElse(""),
        new BigDecimal(order.netFen(), FEN),
        label,
        "s-" + stage.toLowerCase(Locale.ROOT));
  }

  /**
   * What was paid, by category and year.
   *
   * @param years from the first on
   * @param lines one for each category with goods, and one for all
   */
  record Money(List<Integer> years, List<MoneyLine> lines) {}

  /**
   * What was paid for a category.
   *
   * @param category the name
   * @param level how deep it is set in
   * @param byYear for each year
   * @param all in all years
   * @param orders how many orders
   */
  record MoneyLine(
      String category, int level, List<BigDecimal> byYear, BigDecimal all, long orders) {}

  Money money(long id) {
    List<Consumption> file = dealer.orders().consumption(id);
    TreeSet<Integer> years =
        file.stream()
            .flatMap(one -> one.month().stream())
            .map(month -> month.getYear())
            .collect(Collectors.toCollection(TreeSet::new));
    Map<String, String> names =
        dealer.catalog().categories().stream()
            .collect(Collectors.toMap(Category::path, Category::name));
    List<MoneyLine> lines =
        file.stream()
            .filter(one -> one.month().isEmpty())
            .sorted(Comparator.comparing(Consumption::category))
            .map(one -> line(one, file, years, names))
            .toList();
    return new Money(List.copyOf(years), lines);
  }

  private static MoneyLine line(
      Consumption all, List<Consumption> file, Set<Integer> years, Map<String, String> names) {
    Map<Integer, Long> byYear =
        file.stream()
            .filter(one -> one.month().isPresent() && one.category().equals(all.category()))
            .collect(
                Collectors.groupingBy(
                    one -> one.month().orElseThrow().getYear(),
                    TreeMap::new,
                    Collectors.summingLong(Consumption::netFen)));
    String path = all.category();
    return new MoneyLine(
        path.isEmpty() ? "全部" : names.getOrDefault(path, path),
        path.isEmpty() ? 0 : 1 + (int) path.chars().filter(c -> c == '/').count(),
        years.stream().map(year -> yuan(byYear.getOrDefault(year, 0L))).toList(),
        yuan(all.netFen()),
        all.orders());
  }

  private static BigDecimal yuan(long fen) {
    return BigDecimal.valueOf(fen, FEN);
  }

  /**
   * Why a member is in a saved segment, or is not.
   *
   * @param segment which
   * @param in whether they are
   * @param why part by part; empty if it cannot be answered any more
   * @param wrong why not, then
   */
  record Why(SavedSegment segment, boolean in, Optional<Reason> why, String wrong) {}

  /**
   * A part of a reason.
   *
   * @param result 符合, 不符合 or 没有值
   * @param tone of its mark
   * @param words the part in Chinese
   * @param seen what was found
   * @param parts of it
   */
  record Reason(String result, String tone, String words, String seen, List<Reason> parts) {}

  List<Why> why(long id) {
    SegmentWords words = desk.words();
    Instant now = clock.instant();
    Function<SavedSegment, Why> asked =
        saved -> {
          try {
            Explanation answer = dealer.segments().explain(saved.segment(), id, now);
            return new Why(
                saved,
                answer.result() == Explanation.Result.TRUE,
                Optional.of(reason(answer, words, "")),
                "");
          } catch (SegmentException outdated) {
            return new Why(saved, false, Optional.empty(), outdated.chinese());
          }
        };
    return desk.saved().stream().map(asked).toList();
  }

  private static Reason reason(Explanation part, SegmentWords words, String rows) {
    String inner = part.segment() instanceof Segment.Agg agg ? agg.of() : rows;
    List<String> seen = new ArrayList<>();
    part.seen().ifPresent(value -> seen.add("看到 " + shown(value, part.segment(), words, rows)));
    if (part.rows() >= 0) {
      seen.add("%d 条记录".formatted(part.rows()));
    }
    return new Reason(
        switch (part.result()) {
          case TRUE -> "符合";
          case FALSE -> "不符合";
          case MISSING -> "没有值";
        },
        switch (part.result()) {
          case TRUE -> "good";
          case FALSE -> "bad";
          case MISSING -> "wait";
        },
        part.zh(),
        String.join("，", seen),
        part.parts().stream().map(one -> reason(one, words, inner)).toList());
  }

  /** A value as people read it: yuan, local days, names of codes. */
  private static String shown(String value, Segment part, SegmentWords words, String rows) {
    if (part instanceof Segment.Agg agg) {
      FieldType type =
          words
              .result(agg.of(), agg.agg().word(), agg.field().orElse(""))
              .map(one -> one.type())
              .orElse(FieldType.TEXT);
      return typed(value, type, Map.of());
    } else if (part instanceof Segment.Field field) {
      return words
          .field(rows, field.field())
          .map(
              one ->
                  typed(
                      value,
                      one.type(),
                      one.values().stream()
                          .collect(Collectors.toMap(v -> v.value(), v -> v.labels().zh()))))
          .orElse(value);
    }
    return value;
  }

  private static String typed(String value, FieldType type, Map<String, String> labels) {
    try {
      return switch (type) {
        case MONEY ->
            value.contains("/")
                ? value
                : "%,.2f 元".formatted(new BigDecimal(value).movePointLeft(FEN));
        case INSTANT ->
            OffsetDateTime.parse(value).atZoneSameInstant(OrderDesk.ZONE).toLocalDate().toString();
        case FLAG -> value.equals("true") ? "是" : "否";
        case CODE, TEXT, REGION, CATEGORY, TAGS, INTEGER, DATE ->
            Objects.requireNonNullElse(labels.get(value), value);
      };
    } catch (DateTimeException | NumberFormatException asItIs) {
      return value;
    }
  }
}
