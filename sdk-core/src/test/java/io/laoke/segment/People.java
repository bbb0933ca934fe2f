package io.laoke.segment;

import io.laoke.imports.ImportFact;
import io.laoke.internal.jdbc.Tx;
import io.laoke.member.Attribute;
import io.laoke.member.AttributeType;
import io.laoke.member.Event;
import io.laoke.member.EventType;
import io.laoke.member.Gender;
import io.laoke.member.MemberBook;
import io.laoke.member.MemberProfile;
import io.laoke.member.Members;
import io.laoke.order.Buyer;
import io.laoke.order.LineKind;
import io.laoke.order.Order;
import io.laoke.order.OrderDetail;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.ReturnLine;
import io.laoke.order.ReturnNote;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.order.UnitServiceReport;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Members with orders, made from a seed; values meet bounds and each other often. */
final class People {
  static final Instant FROM = Instant.parse("2024-11-30T16:00:00Z");
  static final List<String> NAMES =
      List.of("王芳", "王%芳", "wang_fang", "Wang_Fang", "李雷!", "a'b\"c", "𠮷田", "O''Brien");
  static final List<String> REGIONS = List.of("浙江", "浙江/杭州", "浙江/杭州/西湖区", "浙江/杭州0", "浙江省", "江苏/南京");
  static final List<String> MODELS = List.of("KFR-35", "kfr-35", "X1", "X_1");
  static final List<String> CHANNELS = List.of("shop", "online");

  private People() {}

  static List<ImportFact> of(Random random, int members) {
    List<ImportFact> facts = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      facts.add(ImportFact.member(profile(random, "C" + i)));
    }
    int orders = members * 2;
    for (int i = 0; i < orders; i++) {
      Order order = order(random, "SO-" + i, members);
      ImportFact fact = ImportFact.order(order);
      for (int s = random.nextInt(4); s > 0; s--) {
        fact = fact.stage(stage(random, order));
      }
      facts.add(fact);
    }
    for (int i = 0; i < members / 3; i++) {
      facts.add(ImportFact.returned(note(random, "R-" + i, members, orders)));
    }
    return facts;
  }

  static MemberProfile profile(Random random, String number) {
    MemberProfile profile = MemberProfile.of(number);
    if (random.nextInt(4) > 0) {
      profile = profile.withGender(random.nextBoolean() ? Gender.FEMALE : Gender.MALE);
    }
    if (random.nextInt(4) > 0) {
      profile = profile.withName(pick(random, NAMES));
    }
    if (random.nextInt(4) > 0) {
      profile = profile.withBirthday(birthday(random));
    }
    if (random.nextInt(4) > 0) {
      profile = profile.withRegion(pick(random, REGIONS));
    }
    if (random.nextInt(4) == 0) {
      profile = profile.withPhones("138%08d".formatted(random.nextInt(100_000_000)));
    }
    return random.nextInt(4) == 0 ? profile.withSource("展会") : profile;
  }

  static LocalDate birthday(Random random) {
    return random.nextInt(6) == 0
        ? LocalDate.of(1984, 2, 29)
        : random.nextInt(3) == 0
            ? LocalDate.of(1990, 11, 20 + random.nextInt(8))
            : LocalDate.of(1960 + random.nextInt(50), 1, 1).plusDays(random.nextInt(365));
  }

  static Instant at(Random random) {
    // Some at the same moment, some at the edge of a day.
    return switch (random.nextInt(4)) {
      case 0 -> FROM.plus(Duration.ofDays(random.nextInt(30) * 24L));
      case 1 -> FROM.plus(Duration.ofDays(random.nextInt(720))).minusMillis(random.nextInt(2));
      default -> FROM.plus(Duration.ofMinutes(random.nextInt(720 * 24 * 60)));
    };
  }

  static Order order(Random random, String number, int members) {
    Order order = Order.of(number, at(random));
    if (random.nextInt(8) > 0) {
      order = order.buyer(Buyer.of("C" + random.nextInt(members), null, null));
    }
    if (random.nextInt(3) > 0) {
      order = order.store(pick(random, SegmentFixture.STORES));
    }
    if (random.nextInt(3) > 0) {
      order = order.salesChannel(pick(random, CHANNELS));
    }
    if (random.nextInt(3) > 0) {
      order = order.place(Place.of(pick(random, REGIONS), "文三路 1 号", null, null));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      order = order.line(line(random, "" + i));
    }
    return order;
  }

  private static OrderLine line(Random random, String no) {
    String category = pick(random, SegmentFixture.CATEGORIES);
    String amount = random.nextInt(4) == 0 ? "0" : random.nextInt(3000) + "." + random.nextInt(10);
    OrderLine line =
        random.nextInt(5) == 0
            ? OrderLine.service(no, category, new BigDecimal("1.25"), amount)
            : OrderLine.goods(no, category, 1 + random.nextInt(3), amount);
    if (random.nextInt(3) > 0) {
      line = line.model(pick(random, MODELS));
    }
    if (random.nextInt(4) == 0) {
      line = line.warrantyEndsOn(birthday(random));
    }
    return random.nextInt(3) > 0 ? line.brand(random.nextBoolean() ? "格力" : "美的") : line;
  }

  static StageReport stage(Random random, Order order) {
    Stage stage =
        random.nextInt(6) == 0
            ? (random.nextBoolean() ? Stage.CANCELLED : Stage.RETURNED)
            : Stage.values()[1 + random.nextInt(6)];
    StageReport report =
        random.nextInt(8) == 0
            ? StageReport.ofUnknownTime(stage)
            : StageReport.of(stage, at(random));
    report = random.nextInt(3) == 0 ? report.text("文" + random.nextInt(3)) : report;
    return order.lines().isEmpty() || random.nextInt(3) > 0
        ? report
        : report.line(order.lines().get(0).lineNo());
  }

  static ReturnNote note(Random random, String number, int members, int orders) {
    ReturnNote note = ReturnNote.of(number, at(random));
    if (random.nextBoolean()) {
      note = note.order("SO-" + random.nextInt(orders + 3));
    }
    if (random.nextBoolean()) {
      note = note.customerNo("C" + random.nextInt(members));
    }
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      ReturnLine line =
          ReturnLine.of(
              "" + i,
              pick(random, SegmentFixture.CATEGORIES),
              1 + random.nextInt(3),
              random.nextInt(500) + ".5");
      line = random.nextInt(3) == 0 ? line.model(pick(random, MODELS)) : line;
      note = note.line(random.nextBoolean() ? line.orderLine("" + (1 + random.nextInt(3))) : line);
    }
    return note;
  }

  static final List<String> TAGS = List.of("VIP", "vip", "投诉过", "新客");
  static final List<String> REMARKS = List.of("下午送货", "先打电话", "100%_满意");
  static final List<String> HOBBIES = List.of("钓鱼", "Fishing", "fishing");

  /** What staff and the host add to their files. */
  static void told(SegmentFixture laoke, Random random, int members) {
    laoke.attributes().put(AttributeType.text("爱好"));
    laoke.attributes().put(AttributeType.integer("积分"));
    laoke.attributes().put(AttributeType.money("押金"));
    laoke.attributes().put(AttributeType.flag("以旧换新"));
    laoke.attributes().put(AttributeType.date("纪念日"));
    laoke.attributes().put(AttributeType.instant("来店"));
    laoke.attributes().put(AttributeType.code("等级", choice("A"), choice("B")));
    laoke
        .events()
        .declare(
            EventType.of("到店")
                .property(AttributeType.integer("分钟"))
                .property(AttributeType.text("爱好"))
                .property(AttributeType.date("回访日"))
                .property(AttributeType.instant("预约"))
                .property(AttributeType.flag("试用"))
                .property(AttributeType.code("来源", choice("A"), choice("B"))));
    laoke.events().declare(EventType.of("items"));
    serviced(laoke, random, members * 2);
    Members book = laoke.members();
    for (int i = 0; i < members; i++) {
      long id = book.find("C" + i).orElseThrow().id();
      if (random.nextInt(3) == 0) {
        book.tag(id, pick(random, TAGS), "小李");
        book.tag(id, pick(random, TAGS), "小李");
      }
      if (random.nextInt(4) == 0) {
        book.remark(id, pick(random, REMARKS), "小李");
        book.remark(id, pick(random, REMARKS) + "。", "小李");
      }
      if (random.nextInt(3) > 0) {
        book.attributes(id, attributes(random));
      }
      for (int e = random.nextInt(3); e > 0; e--) {
        laoke.events().record(id, event(random, "V-" + (i * 3 + e)));
      }
      if (random.nextInt(5) == 0) {
        laoke.events().record(id, Event.of("items", "I-" + i, at(random)));
      }
    }
  }

  private static void serviced(SegmentFixture laoke, Random random, int orders) {
    for (int i = 0; i < orders; i++) {
      OrderDetail order = laoke.orders().find("SO-" + i).orElseThrow();
      for (OrderDetail.Line line : order.lines()) {
        if (line.kind() == LineKind.GOODS && random.nextInt(4) == 0) {
          String kind = random.nextBoolean() ? "CLEAN" : "FILTER";
          Instant done = at(random);
          done = done.isBefore(order.orderedAt()) ? order.orderedAt() : done;
          UnitServiceReport report = UnitServiceReport.of(line.lineNo(), kind, done);
          report = random.nextBoolean() ? report : report.unit(1);
          laoke.orders().recordService(order.orderNo(), report.paidFen(random.nextInt(3) * 9_900L));
        }
      }
    }
  }

  /** Openids, who of them receives which order, and what was decided about telling them. */
  static void followed(SegmentFixture laoke, Random random, int members) {
    laoke.database.write(
        "follow",
        tx -> {
          for (int i = 0; i < members; i++) {
            if (random.nextInt(3) > 0) {
              continue;
            }
            String customerNo = "C" + i;
            String openid = "o-" + i;
            long member =
                laoke
                    .members
                    .book()
                    .identify(
                        tx,
                        laoke.tenant,
                        Optional.of(customerNo),
                        Optional.empty(),
                        Optional.empty(),
                        SegmentFixture.NOW)
                    .getAsLong();
            MemberBook book = laoke.members.book();
            book.follows(tx, laoke.tenant, "wx", openid, random.nextBoolean(), at(random));
            book.openid(tx, laoke.tenant, "wx", book.openidHash(laoke.tenant, "wx", openid))
                .filter(found -> found.memberId().isEmpty())
                .ifPresent(
                    found -> book.attach(tx, laoke.tenant, found, member, SegmentFixture.NOW));
            sent(tx, random, i, member, book.openidHash(laoke.tenant, "wx", openid));
          }
          return tx;
        });
  }

  private static void sent(Tx tx, Random random, int of, long member, String hash) {
    if (random.nextBoolean()) {
      tx.update(
              """
              INSERT INTO {recipient} (dealer_id, order_id, account, openid_hash, id, state, source,
                joined_ms, changed_ms, introduced)
              SELECT 1, MIN(o.id), 'wx', :hash, MIN(o.id), :state, 'SCAN', 0, 0, 0
              FROM {customer_order} o WHERE o.dealer_id = 1 AND o.member_id = :member
              HAVING MIN(o.id) IS NOT NULL""")
          .bind("hash", hash)
          .bind("state", random.nextInt(3) > 0 ? "ACTIVE" : "UNBOUND")
          .bind("member", member)
          .execute();
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      long id = of * 10L + i;
      String result = pick(random, List.of("QUEUED", "SENT", "FITTED", "STOPPED", "REFUSED"));
      tx.update(
              """
              INSERT INTO {decision} (dealer_id, id, cause_kind, cause_id, recipient, channel,
                account, purpose, order_id, order_no, seq, has_message, result, delivery, at_ms,
                changed_ms)
              VALUES (1, :id, 'STAGE', :id, :hash, 'WECHAT_TEMPLATE', 'wx', :purpose, 0, '', 0, 1,
                :result, :delivery, :at, 0)""")
          .bind("id", id)
          .bind("hash", hash)
          .bind("purpose", random.nextInt(3))
          .bind("result", result)
          .bind("delivery", random.nextInt(4) == 0 ? "FAILED" : null)
          .bind("at", at(random).toEpochMilli())
          .execute();
      if (random.nextBoolean()) {
        tx.update(
                """
                INSERT INTO {outbox} (dealer_id, id, state, account, purpose, due_ms,
                  valid_until_ms, order_id, recipient, seq, cause_kind, cause_id, channel,
                  template_id, dedupe_id, body, retry_ms, claims, attempts, uncertain, wanted,
                  created_ms)
                VALUES (1, :id, :state, 'wx', 0, 0, 0, 0, :hash, 0, 'STAGE', :id,
                  'WECHAT_TEMPLATE', '', '', '', 0, 0, 0, 0, 0, 0)""")
            .bind("id", id)
            .bind("state", random.nextBoolean() ? "SENT" : "WAITING")
            .bind("hash", hash)
            .execute();
      }
    }
  }

  private static AttributeType.Choice choice(String code) {
    return AttributeType.Choice.of(code, code + "级", code);
  }

  static Map<String, Attribute> attributes(Random random) {
    Map<String, Attribute> all = new HashMap<>();
    all.put("爱好", Attribute.of(pick(random, HOBBIES)));
    all.put("积分", Attribute.of(random.nextInt(6)));
    all.put("押金", Attribute.of(random.nextInt(3) * 9_900L));
    all.put("以旧换新", Attribute.of(random.nextBoolean()));
    all.put("纪念日", Attribute.of(birthday(random)));
    all.put("来店", Attribute.of(at(random)));
    all.put("等级", Attribute.code(random.nextBoolean() ? "A" : "B"));
    all.keySet().removeIf(name -> random.nextInt(4) == 0);
    return all;
  }

  private static Event event(Random random, String id) {
    Event event = Event.of("到店", id, at(random));
    if (random.nextInt(3) > 0) {
      event = event.with("分钟", Attribute.of(random.nextInt(6)));
    }
    if (random.nextInt(3) > 0) {
      event = event.with("爱好", Attribute.of(pick(random, HOBBIES)));
    }
    if (random.nextInt(3) > 0) {
      event = event.with("回访日", Attribute.of(birthday(random)));
    }
    if (random.nextInt(3) > 0) {
      event = event.with("预约", Attribute.of(at(random)));
    }
    if (random.nextInt(3) > 0) {
      event = event.with("试用", Attribute.of(random.nextBoolean()));
    }
    return random.nextInt(3) > 0 ? event.with("来源", Attribute.code("A")) : event;
  }

  static <T> T pick(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
