package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.laoke.base.HostTransaction;
import io.laoke.base.Upserted;
import io.laoke.catalog.Catalog;
import io.laoke.catalog.Staff;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Retained;
import io.laoke.member.Attribute;
import io.laoke.member.AttributeType;
import io.laoke.member.Consent;
import io.laoke.member.Erasure;
import io.laoke.member.Event;
import io.laoke.member.EventType;
import io.laoke.member.IdentityKind;
import io.laoke.member.Member;
import io.laoke.member.MemberProfile;
import io.laoke.member.Members;
import io.laoke.member.Merge;
import io.laoke.member.PeopleSettings;
import io.laoke.message.ChannelKind;
import io.laoke.message.Decision;
import io.laoke.message.Delivery;
import io.laoke.message.Inbound;
import io.laoke.message.NewMessage;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.message.TemplateMessage;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.Place;
import io.laoke.order.ReturnLine;
import io.laoke.order.ReturnNote;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import io.laoke.testing.TextColumns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** People across all features: followers, merges, consents, export and erasure. */
class PeopleTest {
  private static final Buyer WANG = Buyer.of("KH-77001", "王小明独", "139-1234-5678");
  private static final Place HOME = Place.of("浙江/杭州", "文三路 1 号独栋", "王小明独", "+86 139 1234 5678");
  private static final String OPENID = "oWangXiaoMing001";

  /** What may be nowhere after the person was erased. */
  private static final List<String> NEEDLES =
      List.of(
          "王小明独",
          "13912345678",
          "139-1234-5678",
          "139 1234 5678",
          "5678",
          "KH-77001",
          "文三路",
          OPENID,
          "金卡独");

  // ---- followers

  @ParameterizedTest
  @EnumSource(
      value = TestServer.class,
      names = {"H2", "POSTGRESQL"})
  void aFollowerWithoutAnOrderIsAMemberAndMayTurnOutToBeABuyer(TestServer server) {
    try (World on = new World(server)) {
      Members members = on.engine.members();
      on.engine.receive(on.followed("ofan"));
      long fan = on.memberOfOpenid("ofan").orElseThrow();
      assertThat(members.get(fan).map(Member::source)).contains("FOLLOW");
      on.engine.receive(on.unfollowed("ofan"));
      on.engine.receive(on.followed("ofan"));
      assertThat(on.count("member")).isEqualTo(1);
      members.consent(fan, Consent.given(Purpose.MARKETING, "菜单", "v1", World.START));

      String order = on.order(WANG);
      long buyer = on.memberOf(order).orElseThrow();
      on.scan("ofan", order);

      assertThat(on.memberOfOpenid("ofan")).hasValue(buyer);
      assertThat(members.get(fan).orElseThrow().id()).isEqualTo(buyer);
      assertThat(members.allows(buyer, Purpose.MARKETING, ChannelKind.WECHAT_TEMPLATE)).isTrue();
      Merge merge = members.merges(buyer).get(0);
      assertThat(merge.by()).isEqualTo("laoke");
      assertThat(merge.live()).isTrue();

      on.engine.bindings().unbind(order, World.ACCOUNT, "ofan", "店员", "不是他");

      assertThat(on.memberOfOpenid("ofan")).hasValue(fan);
      assertThat(members.get(fan).orElseThrow().id()).isEqualTo(fan);
      assertThat(members.allows(buyer, Purpose.MARKETING, ChannelKind.WECHAT_TEMPLATE)).isFalse();
      assertThat(members.merges(buyer).get(0).live()).isFalse();
      assertThat(on.memberOf(order)).hasValue(buyer);
    }
  }

  @ParameterizedTest
  @EnumSource(value = TestServer.class, names = "H2")
  void aScanNeverMakesOneOfAFollowerWhoIsKnownOtherwise(TestServer server) {
    try (World on = new World(server)) {
      String own = on.order(Buyer.of("C2", null, null));
      on.scan("oother", own);
      String guest = on.guestOrder();
      on.engine.receive(on.followed("owithorder"));
      on.scan("owithorder", guest);
      String order = on.order(WANG);
      long buyer = on.memberOf(order).orElseThrow();

      on.scan("oother", order);
      assertThat(on.memberOfOpenid("oother")).isEqualTo(on.memberOf(own));
      String second = on.order(WANG);
      on.scan("owithorder", second);

      assertThat(on.memberOfOpenid("owithorder")).isEqualTo(on.memberOf(guest));
      assertThat(on.memberOf(order)).hasValue(buyer);
      assertThat(on.engine.members().duplicates(0, 10)).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource(value = TestServer.class, names = "H2")
  void strangersOfACodeAreMembersAndStaffAreNot(TestServer server) {
    try (World on = new World(server)) {
      Catalog catalog = on.engine.catalogs.catalog(on.database, on.dealer);
      catalog.put(Staff.of("E1", "李娜"));
      catalog.linkStaff("E1", World.ACCOUNT, "ostaff");
      on.engine.receive(on.followed("ostaff"));
      on.engine.receive(on.scanned("onobody", "lk1_unknown", true));
      on.engine.receive(on.scanned("oforeign", "shop7", true));
      String order = on.guestOrder();
      String scene = on.issued(order);
      on.engine.bindings().revoke(order, "店员", "贴错");
      on.engine.scan("olate", scene);

      assertThat(on.memberOfOpenid("ostaff")).isEmpty();
      for (String openid : List.of("onobody", "oforeign", "olate")) {
        assertThat(on.memberOfOpenid(openid)).as(openid).isPresent();
      }
    }
  }

  // ---- merges and bindings

  @ParameterizedTest
  @EnumSource(
      value = TestServer.class,
      names = {"H2", "MARIADB"})
  void recipientsStayThroughMergeAndSplitAndUnbindingKnowsTheSurvivor(TestServer server) {
    try (World on = new World(server)) {
      Members members = on.engine.members();
      String guest = on.guestOrder();
      on.scan("oguest", guest);
      long scanned = on.memberOf(guest).orElseThrow();
      String order = on.order(WANG);
      long buyer = on.memberOf(order).orElseThrow();
      on.scan("ojoined", order);

      Merge merge = members.merge(buyer, scanned, "店长", "同一个人");

      assertThat(on.memberOf(guest)).hasValue(buyer);
      assertThat(on.stateOf(guest, "oguest")).isEqualTo(RecipientState.ACTIVE);
      assertThat(on.stateOf(order, "ojoined")).isEqualTo(RecipientState.ACTIVE);
      assertThat(on.memberOfOpenid("oguest")).hasValue(buyer);
      String later = on.order(WANG);
      assertThat(on.stateOf(later, "ojoined")).isEqualTo(RecipientState.ACTIVE);
      String more = on.guestOrder();
      on.scan("oguest", more);
      assertThat(on.memberOf(more)).hasValue(buyer);

      Merge.Split split = members.split(merge.id(), "店长", "看错了").split().orElseThrow();

      assertThat(split.ordersBack()).isEqualTo(1);
      assertThat(split.ordersFollowed()).as("claimed by the openid that went back").isEqualTo(1);
      assertThat(on.memberOf(guest)).hasValue(scanned);
      assertThat(on.memberOf(more)).hasValue(scanned);
      assertThat(on.stateOf(guest, "oguest")).isEqualTo(RecipientState.ACTIVE);

      members.merge(buyer, scanned, "店长", "doch");
      on.engine.bindings().unbind(guest, World.ACCOUNT, "oguest", "店员", "不是他");
      assertThat(on.memberOf(guest)).isEmpty();
      on.engine.bindings().unbind(order, World.ACCOUNT, "ojoined", "店员", "不是他");
      assertThat(on.memberOfOpenid("ojoined")).isEmpty();
      assertThat(on.memberOf(order)).hasValue(buyer);
    }
  }

  // ---- consent

  @ParameterizedTest
  @EnumSource(
      value = TestServer.class,
      names = {"H2", "POSTGRESQL"})
  void theGateHoldsBackWhatWasNotAgreedTo(TestServer server) {
    try (World on = new World(server)) {
      Members members = on.engine.members();
      on.engine.receive(on.followed("ofan"));
      long fan = on.memberOfOpenid("ofan").orElseThrow();

      assertThat(sent(on, Purpose.MARKETING)).isEqualTo("NO_CONSENT");
      assertThat(sent(on, Purpose.CARE)).isEqualTo("SENT");
      members.consent(fan, Consent.refused(Purpose.CARE, "电话", World.START));
      assertThat(sent(on, Purpose.CARE)).isEqualTo("REFUSED_PURPOSE");
      assertThat(sent(on, Purpose.ORDER)).isEqualTo("SENT");
      on.peopleSettings = PeopleSettings.standard().withFollowIsConsent(true);
      assertThat(sent(on, Purpose.MARKETING)).isEqualTo("SENT");
      assertThat(
              members.consent(
                  fan, Consent.refused(Purpose.MARKETING, "电话", World.START.plusSeconds(5))))
          .isTrue();
      assertThat(
              members.consent(
                  fan, Consent.refused(Purpose.MARKETING, "电话", World.START.plusSeconds(5))))
          .isFalse();
      assertThat(sent(on, Purpose.MARKETING)).isEqualTo("REFUSED_PURPOSE");
      // What is recorded late does not go over what was said later.
      members.consent(fan, Consent.given(Purpose.MARKETING, "导入", "v1", World.START));
      assertThat(sent(on, Purpose.MARKETING)).isEqualTo("REFUSED_PURPOSE");
      members.consent(
          fan, Consent.given(Purpose.MARKETING, "门店签字", "v2", World.START.plusSeconds(5)));
      assertThat(sent(on, Purpose.MARKETING))
          .as("a refusal at the same time")
          .isEqualTo("REFUSED_PURPOSE");
      members.consent(
          fan, Consent.given(Purpose.MARKETING, "门店签字", "v2", World.START.plusSeconds(6)));
      assertThat(sent(on, Purpose.MARKETING)).isEqualTo("SENT");
      assertThat(members.consents(fan)).hasSize(5);
      assertThatThrownBy(() -> Consent.refused(Purpose.ORDER, "电话", World.START))
          .hasMessageContaining("stopNotices");

      // A consent that lies ahead would count for more than any refusal until then.
      assertThatThrownBy(
              () ->
                  members.consent(
                      fan,
                      Consent.given(
                          Purpose.MARKETING, "导入", "v3", on.now.plus(Duration.ofHours(1)))))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("at:");
      assertThatThrownBy(
              () ->
                  members.consent(
                      fan,
                      new Consent(Purpose.MARKETING, true, "导入", Optional.empty(), World.START)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("textVersion:");
      assertThat(members.consents(fan)).hasSize(5);
      for (Instant never : List.of(Instant.MIN, Instant.MAX)) {
        assertThatThrownBy(() -> Consent.refused(Purpose.MARKETING, "导入", never))
            .isInstanceOf(InvalidInputException.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TestServer.class,
      names = {"H2", "MARIADB"})
  void theGateHoldsBackWhatStaffHavePaused(TestServer server) {
    try (World on = new World(server)) {
      Members members = on.engine.members();
      on.engine.receive(on.followed("ofan"));
      long fan = on.memberOfOpenid("ofan").orElseThrow();
      members.consent(fan, Consent.given(Purpose.MARKETING, "门店签字", "v1", World.START));

      members.openComplaint(fan, "TS-1", "漏水", "客服");
      assertThat(sent(on, Purpose.CARE)).isEqualTo("PAUSED");
      Decision stopped = on.engine.decisions("T-" + causes).get(0);
      assertThat(stopped.result()).isEqualTo(Decision.Result.STOPPED);
      assertThat(stopped.reason().orElseThrow().adviceZh()).contains("投诉");
      assertThat(stopped.toString()).doesNotContain("漏水");
      assertThat(sent(on, Purpose.MARKETING)).isEqualTo("PAUSED");
      assertThat(sent(on, Purpose.ORDER)).isEqualTo("SENT");
      members.closeComplaint(fan, "TS-1", "已修好", "客服");
      assertThat(sent(on, Purpose.CARE)).isEqualTo("SENT");

      // Known ends: it waits, and goes by itself.
      members.pause(fan, Purpose.CARE, on.now.plus(Duration.ofMinutes(90)), "出差", "店长");
      assertThat(sent(on, Purpose.CARE)).isEqualTo("PAUSED");
      assertThat(sent(on, Purpose.MARKETING)).isEqualTo("SENT");
      String waiting = "T-" + (causes - 1);
      assertThat(resultOf(on, waiting)).isEqualTo(Decision.Result.DEFERRED);
      on.now = on.now.plus(Duration.ofMinutes(89));
      on.engine.tick();
      assertThat(resultOf(on, waiting)).isEqualTo(Decision.Result.DEFERRED);
      on.now = on.now.plus(Duration.ofMinutes(1));
      on.engine.tick();
      assertThat(resultOf(on, waiting)).isEqualTo(Decision.Result.SENT);

      // Ended early: an hour later at the latest.
      members.pause(fan, Purpose.CARE, on.now.plus(Duration.ofHours(8)), "出差", "店长");
      assertThat(sent(on, Purpose.CARE)).isEqualTo("PAUSED");
      members.resume(fan, Purpose.CARE, "提前回来", "店长");
      on.now = on.now.plus(Duration.ofHours(1));
      on.engine.tick();
      assertThat(resultOf(on, "T-" + causes)).isEqualTo(Decision.Result.SENT);

      // Of two pauses the one that lasts longer; without an end it is not worth waiting.
      members.pause(fan, Purpose.CARE, on.now.plus(Duration.ofMinutes(5)), "出差", "店长");
      members.openComplaint(fan, "TS-2", "噪音", "客服");
      assertThat(sent(on, Purpose.CARE)).isEqualTo("PAUSED");
      assertThat(resultOf(on, "T-" + causes)).isEqualTo(Decision.Result.STOPPED);
    }
  }

  private static Decision.Result resultOf(World on, String order) {
    return on.engine.decisions(order).get(0).result();
  }

  private long causes;

  /** Puts a message of a purpose to the fan and says what became of it. */
  private String sent(World on, Purpose purpose) {
    long cause = ++causes;
    on.database.write(
        "enqueue",
        tx ->
            on.engine
                .messages
                .outbox()
                .enqueue(
                    tx,
                    on.dealer,
                    new NewMessage(
                        "TEST",
                        cause,
                        1_000 + cause,
                        "T-" + cause,
                        World.ACCOUNT,
                        on.hash("ofan"),
                        1,
                        purpose,
                        ChannelKind.WECHAT_TEMPLATE,
                        new TemplateMessage("tpl", Map.of(), Optional.empty(), Optional.empty()),
                        on.now,
                        on.now.plus(Duration.ofHours(9)))));
    on.engine.tick();
    Decision decision = on.engine.decisions("T-" + cause).get(0);
    return decision.reason().map(Reason::code).orElse(decision.result().name());
  }

  // ---- export and erasure

  /** A life with everything in it; gives the member. */
  private static long life(World on) {
    Members members = on.engine.members();
    members.put(
        MemberProfile.of("KH-77001")
            .withName("王小明独")
            .withPhones("13912345678")
            .withAttribute("级别", Attribute.of("金卡独")));
    long early = members.find("KH-77001").orElseThrow().id();
    members.tag(early, "金卡独", "店员");
    members.remark(early, "王小明独说漏水", "店员");
    members.pause(early, Purpose.CARE, null, "王小明独在出差", "店员");
    on.engine
        .members
        .events(on.database, on.dealer)
        .declare(
            EventType.of("回访")
                .property(AttributeType.text("话"))
                .property(AttributeType.date("下次")));
    on.engine
        .members
        .events(on.database, on.dealer)
        .record(
            early,
            Event.of("回访", "E-1", World.START)
                .with("话", Attribute.of("住文三路"))
                .with("下次", Attribute.of(java.time.LocalDate.of(2026, 6, 1)))
                .withAmountFen(500));
    for (Stage stage : List.of(Stage.SHIPPED, Stage.DELIVERED)) {
      on.engine
          .notices()
          .template(
              stage,
              NoticeTemplate.of("tpl")
                  .field("thing1", "{order.items} {buyer.name}")
                  .field("thing2", "{stage.technician}"));
    }
    String order = "SO-1";
    on.engine.orders().upsert(on.aOrder(order).buyer(WANG).place(HOME));
    long member = on.memberOf(order).orElseThrow();
    members.consent(member, Consent.given(Purpose.MARKETING, "门店签字", "v3", World.START));
    on.engine.receive(on.followed(OPENID));
    on.engine.receive(on.text(OPENID, "我是王小明独, 13912345678"));
    on.scan(OPENID, order);
    on.engine
        .orders()
        .advance(
            order,
            StageReport.of(Stage.SHIPPED, on.now)
                .text("已送往文三路")
                .detail("carrier", "顺丰")
                .detail("technician", "联系 王小明独 13912345678"));
    on.engine.tick();
    Delivery sent =
        on
            .engine
            .messages
            .deliveries(on.database, on.dealer)
            .waiting(Optional.empty(), 9)
            .items()
            .stream()
            .findFirst()
            .orElse(null);
    assertThat(sent).isNull();
    on.engine.receive(
        new Inbound.Reported(
            "r1", World.START, OPENID, "foreign", Inbound.Delivery.FAILED, "failed for " + OPENID));
    on.engine.orders().advance(order, StageReport.of(Stage.DELIVERED, on.now).text("王小明独 收"));
    // Another person who bought for the same household, and one who scanned the person's code.
    on.engine.orders().upsert(on.aOrder("SO-2").buyer(Buyer.of("C9", "李四", null)));
    assertThat(on.scan("ofriend", order)).contains("王小明独 收");
    on.engine.receive(on.text("ofriend", "绑定 so-1 5678"));
    on.engine.orders().upsert(on.aOrder("SO-3").buyer(WANG));
    on.engine.bindings().issue("SO-3");
    on.engine.bindings().revoke("SO-3", "店员", "王小明独 退了");
    on.scan("ofriend", "SO-3");
    on.engine.bindings().unbind("SO-3", World.ACCOUNT, "ofriend", "店员", "13912345678 说不是");
    on.engine
        .orders
        .returns(on.database, on.dealer)
        .record(
            ReturnNote.of("R-1", on.now)
                .customerNo("KH-77001")
                .line(ReturnLine.of("1", "kitchen/hood", 1, "100.00")));
    on.engine.orders().upsert(on.aOrder("SO-4").buyer(Buyer.of("KH-OLD", null, null)));
    members.merge(member, on.memberOf("SO-4").orElseThrow(), "店长", "也是王小明独");
    // Others' orders that name the person: one given to its scanner, one with their phone.
    on.engine.orders().upsert(on.aOrder("SO-5"));
    on.scan("ofirst", "SO-5");
    on.engine.orders().upsert(on.aOrder("SO-5").buyer(WANG));
    on.engine.orders().upsert(on.aOrder("SO-6").buyer(Buyer.of("C10", "赵六", "13912345678")));
    assertThat(members.duplicates(0, 10))
        .extracting(io.laoke.member.Duplicate::why)
        .containsExactlyInAnyOrder("BUYER", "PHONE");
    List<Delivery> waiting =
        on.engine.messages.deliveries(on.database, on.dealer).waiting(Optional.empty(), 9).items();
    assertThat(waiting).isNotEmpty();
    on.engine.messages.deliveries(on.database, on.dealer).drop(waiting.get(0).id(), "王小明独 来电");
    assertThat(found(on, NEEDLES))
        .containsAll(NEEDLES.stream().filter(one -> !one.equals("5678")).toList());
    return member;
  }

  /** JavaScript, and much that reads JSON as it does, rounds numbers beyond 2^53. */
  @ParameterizedTest
  @EnumSource
  void everyIdOfAnExportIsText(TestServer server) throws Exception {
    try (World on = new World(server)) {
      long member = life(on);

      JsonNode export = new ObjectMapper().readTree(on.engine.members().export(member));

      assertThat(export.get("member").textValue()).isEqualTo(Long.toString(member));
      JsonNode tables = export.get("tables");
      assertThat(tables.findValues("member_id"))
          .contains(TextNode.valueOf(Long.toString(member)))
          .hasSizeGreaterThan(5);
      for (String name : List.of("id", "order_id", "merge_id", "member_id", "ticket_id")) {
        assertThat(tables.findValues(name)).as(name).isNotEmpty();
      }
      SortedSet<String> numbers = new TreeSet<>();
      tables
          .properties()
          .forEach(table -> table.getValue().forEach(row -> numbers(table.getKey(), row, numbers)));
      assertThat(numbers)
          .as("ids, or beyond 2^53, and yet numbers")
          .allMatch(
              one ->
                  !one.matches(".*\\.(id|.*_id) .*")
                      && Long.parseLong(one.replaceAll(".* ", "")) < 1L << 53)
          .anyMatch(one -> one.startsWith("customer_order.ordered_ms "));
    }
  }

  private static void numbers(String table, JsonNode row, Set<String> into) {
    row.properties().stream()
        .filter(column -> column.getValue().isNumber())
        .forEach(
            column ->
                into.add(
                    table + "." + column.getKey() + " " + column.getValue().bigIntegerValue()));
  }

  @ParameterizedTest
  @EnumSource
  void nothingOfAnErasedPersonIsInAnyTableAndNothingBringsThemBack(TestServer server) {
    try (World on = new World(server)) {
      long member = life(on);
      Members members = on.engine.members();
      String file = on.engine.orders().consumption(member).toString();
      String export = members.export(member);
      assertThat(export)
          .contains("王小明独", "139-1234-5678", "KH-77001", "KH-OLD", "文三路 1 号独栋", OPENID, "金卡独")
          .contains("\"customer_order\"", "\"outbox\"", "\"callback_inbox\"", "\"consent\"")
          .contains("\"member_tag\"", "王小明独说漏水", "王小明独在出差", "\"member_audit\"")
          .contains("\"properties\":{\"下次\":\"2026-06-01\",\"话\":\"住文三路\"}")
          .doesNotContain("李四");

      Erasure erasure = on.engine.eraser().erase(member, "店长", "客户要求");

      assertThat(on.engine.eraser().erase(member, "店长", "again")).isEqualTo(erasure);
      assertThat(TextColumns.showing(on.pool, NEEDLES)).isEmpty();
      for (String table :
          List.of("member_tag", "member_remark", "member_pause", "member_audit", "event")) {
        assertThat(on.count(table)).as(table).isZero();
      }
      Event again = Event.of("回访", "E-1", World.START).with("话", Attribute.of("住文三路"));
      assertThat(on.engine.members.events(on.database, on.dealer).record("KH-77001", again))
          .isEqualTo(Upserted.UNCHANGED);
      assertThatThrownBy(() -> members.remark(member, "王小明独", "店员"))
          .isInstanceOf(NotFoundException.class);
      assertThat(members.get(member)).isEmpty();
      assertThat(on.engine.orders().consumption(member)).hasToString(file);
      assertThat(on.engine.orders().recountAll(0, 100).clean()).isTrue();
      assertThatThrownBy(() -> members.export(member)).isInstanceOf(NotFoundException.class);
      int sent = on.main.sent().size();
      on.now = on.now.plusSeconds(60);
      on.engine.tick();
      assertThat(on.main.sent()).hasSize(sent);
      long people = on.count("member");

      // Everything comes again, as it was and changed.
      on.engine.orders().upsert(on.aOrder("SO-1").buyer(WANG).place(HOME));
      on.engine.orders().upsert(on.aOrder("SO-1").buyer(WANG).place(HOME).salesperson("E1"));
      on.engine
          .orders()
          .upsert(on.aOrder("SO-1").buyer(Buyer.of("KH-NEW", "王小明独", "0571-87654321")));
      Order keptOut = on.aOrder("SO-9").buyer(WANG).place(HOME);
      on.engine.orders().upsert(keptOut);
      assertThat(on.engine.orders().upsert(keptOut).outcome()).isEqualTo(Upserted.UNCHANGED);
      on.engine.orders().upsert(on.aOrder("SO-8").buyer(Buyer.of(null, "王小明独", "13912345678")));
      for (String order : List.of("SO-1", "SO-9")) {
        on.engine
            .orders()
            .advance(
                order,
                StageReport.of(Stage.INSTALLED, on.now)
                    .text("王小明独 家")
                    .detail("technician", "找 13912345678"));
      }
      assertThat(members.put(MemberProfile.of("KH-77001").withName("王小明独")))
          .isEqualTo(Upserted.UNCHANGED);
      assertThat(members.put(MemberProfile.of("KH-X").withPhones("13912345678")))
          .isEqualTo(Upserted.UNCHANGED);
      on.engine
          .orders
          .returns(on.database, on.dealer)
          .record(
              ReturnNote.of("R-1", on.now)
                  .customerNo("KH-77001")
                  .line(ReturnLine.of("1", "kitchen/hood", 1, "200.00")));
      on.engine
          .orders
          .returns(on.database, on.dealer)
          .record(
              ReturnNote.of("R-2", on.now)
                  .customerNo("KH-77001")
                  .line(ReturnLine.of("1", "kitchen/hood", 1, "5.00")));
      on.engine.receive(on.followed(OPENID));
      on.engine.receive(on.text(OPENID, "王小明独"));
      assertThat(on.engine.scan(OPENID, on.scene("SO-1"))).isEmpty();
      on.engine.tick();

      assertThat(TextColumns.showing(on.pool, NEEDLES)).isEmpty();
      assertThat(on.count("member")).isEqualTo(people);
      assertThatThrownBy(
              () -> on.engine.bindings().rebindTo("SO-2", World.ACCOUNT, OPENID, "店员", "说是他"))
          .hasMessageContaining("readmitOpenid");
      assertThat(on.memberOf("SO-1")).hasValue(member);
      assertThat(on.memberOf("SO-9")).isEmpty();
      assertThat(on.memberOf("SO-8")).isEmpty();
      assertThat(on.engine.orders().find("SO-9").orElseThrow().stage()).isEqualTo(Stage.INSTALLED);
      assertThat(on.engine.orders().recountAll(0, 100).clean()).isTrue();
      assertThat(on.memberOf("SO-2")).isPresent();
      assertThat(on.messagesFailed()).isZero();

      // Who lives on with a phone of theirs stays known by the number.
      on.engine.orders().upsert(on.aOrder("SO-7").buyer(Buyer.of("C10", "赵六", "139 1234 5678")));
      assertThat(on.memberOf("SO-7")).isEqualTo(on.memberOf("SO-6")).isPresent();
      assertThat(on.engine.orders().find("SO-7").orElseThrow().buyer().name()).contains("赵六");
      assertThat(TextColumns.showing(on.pool, NEEDLES)).isEmpty();

      assertThat(members.readmit(IdentityKind.CUSTOMER_NO, "KH-77001", "店长")).isTrue();
      assertThat(members.readmit(IdentityKind.CUSTOMER_NO, "KH-77001", "店长")).isFalse();
      assertThat(members.readmit(IdentityKind.PHONE, "139 1234 5678", "店长")).isTrue();
      assertThat(members.readmitOpenid(World.ACCOUNT, OPENID, "店长")).isTrue();
      on.engine.orders().upsert(on.aOrder("SO-10").buyer(WANG));
      OptionalLong anew = on.memberOf("SO-10");
      assertThat(anew).isPresent();
      assertThat(anew.getAsLong()).isNotEqualTo(member);
      assertThat(members.get(anew.getAsLong()).orElseThrow().customerNos())
          .containsExactly("KH-77001");
      on.scan(OPENID, "SO-10");
      assertThat(on.stateOf("SO-10", OPENID)).isEqualTo(RecipientState.ACTIVE);
      assertThat(on.memberOf("SO-1")).hasValue(member);

      // What was reported while they were kept out is theirs at its next report; what was erased
      // is not.
      assertThat(on.engine.orders().find("SO-9").orElseThrow().buyer().name()).isEmpty();
      assertThat(on.engine.orders().upsert(keptOut).outcome()).isEqualTo(Upserted.CHANGED);
      assertThat(on.memberOf("SO-9")).isEqualTo(anew);
      assertThat(on.engine.orders().find("SO-9").orElseThrow().buyer().name()).contains("王小明独");
      assertThat(on.engine.orders().upsert(keptOut).outcome()).isEqualTo(Upserted.UNCHANGED);
      on.engine.orders().upsert(on.aOrder("SO-1").buyer(WANG).place(HOME));
      assertThat(on.memberOf("SO-1")).hasValue(member);
      assertThat(on.engine.orders().find("SO-1").orElseThrow().buyer().name()).isEmpty();
      assertThat(on.engine.orders().recountAll(0, 100).clean()).isTrue();
    }
  }

  /** A number is that order's as a whole only, in whatever letters WeChat's keyboard gave it. */
  @ParameterizedTest
  @EnumSource
  void whatOthersAskedAboutTheOrderGoesAndWhatTheyAskedAboutOthersStays(TestServer server) {
    try (World on = new World(server)) {
      String order = on.order(WANG);
      on.scan(OPENID, order);
      on.scan("ofriend", order);
      String wide =
          order
              .chars()
              .map(c -> c + 0xFEE0)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      on.engine.receive(on.text("ofriend", "绑定 " + wide + " ５６７８"));
      // Refused, and so answered without the number.
      on.engine.receive(on.text("ofriend", "绑定 " + wide + " ５６７９"));
      List<String> others = List.of(order + "7", "X" + order, order + "Ａ", "7" + order);
      others.forEach(other -> on.engine.receive(on.text("ofriend", "绑定 " + other + " 1234")));
      List<String> asked = List.of(wide, "５６７８", "５６７９");
      assertThat(found(on, asked)).containsExactlyInAnyOrderElementsOf(asked);

      on.engine.eraser().erase(on.memberOf(order).orElseThrow(), "店长", "客户要求");

      assertThat(found(on, asked)).isEmpty();
      assertThat(found(on, others)).containsAll(others);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TestServer.class,
      names = {"H2", "POSTGRESQL"})
  void aMessageOnTheWireGetsItsOutcomeWithoutItsWords(TestServer server) {
    try (World on = new World(server)) {
      on.engine
          .notices()
          .template(Stage.SHIPPED, NoticeTemplate.of("tpl").field("thing1", "{buyer.name}"));
      String later =
          onTheWire(on, 1, new SendOutcome.Later(Duration.ZERO, false, Reason.of("-1", "busy")));
      String accepted = onTheWire(on, 2, new SendOutcome.Accepted("p1", List.of()));

      assertThat(on.main.sent()).hasSize(2);
      assertThat(noticed(on, later)).isEqualTo(Decision.Result.STOPPED);
      assertThat(noticed(on, accepted)).isEqualTo(Decision.Result.SENT);
      assertThat(TextColumns.showing(on.pool, NEEDLES)).isEmpty();
    }
  }

  private static Decision.Result noticed(World on, String order) {
    return on.engine.decisions(order).stream()
        .filter(decision -> decision.channel() == ChannelKind.WECHAT_TEMPLATE)
        .map(Decision::result)
        .reduce((one, other) -> other)
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void anExportTellsOfAMessageThatItWasSent(TestServer server) {
    try (World on = new World(server)) {
      on.engine.notices().template(Stage.SHIPPED, NoticeTemplate.of("tpl").field("thing1", "a"));
      String order = on.order(Buyer.of("KH-77001", "王小明独", "13912345678"));
      on.scan(OPENID, order);
      on.advance(order, Stage.SHIPPED);
      on.engine.tick();
      assertThat(on.main.sent()).isNotEmpty();
      assertThat(on.engine.members().export(on.memberOf(order).orElseThrow()))
          .contains("\"result\":\"SENT\"")
          .doesNotContain("\"result\":\"QUEUED\"");
    }
  }

  /** The person is erased while the platform has the message and has not answered yet. */
  private static String onTheWire(World on, int n, SendOutcome outcome) {
    String order = on.order(Buyer.of("KH-77001" + n, "王小明独", "1391234567" + n));
    long member = on.memberOf(order).orElseThrow();
    on.scan(OPENID + n, order);
    on.main.script.add(outcome);
    on.main.onSend =
        () -> {
          on.main.onSend = () -> {};
          on.engine.eraser().erase(member, "店长", "客户要求");
        };
    on.advance(order, Stage.SHIPPED);
    on.engine.tick();
    on.database.own(
        "make it due",
        tx -> tx.update("UPDATE {outbox} SET retry_ms = 0 WHERE state = 'WAITING'").execute());
    on.database.own(
        "note it",
        tx ->
            tx.update("INSERT INTO {work_due} (dealer_id, id, due_ms) VALUES (1, :id, 0)")
                .bind("id", on.engine.ids.next())
                .execute());
    on.engine.tick();
    return order;
  }

  @ParameterizedTest
  @EnumSource
  void erasingMeetsScansUpsertsAndTicks(TestServer server) throws Exception {
    try (World on = new World(server)) {
      on.engine
          .notices()
          .template(Stage.SHIPPED, NoticeTemplate.of("tpl").field("thing1", "{buyer.name}"));
      for (int round = 0; round < 3; round++) {
        String no = "KH-77001" + round;
        String phone = "1391234567" + round;
        Buyer buyer = Buyer.of(no, "王小明独", phone);
        String order = on.order(buyer);
        long member = on.memberOf(order).orElseThrow();
        String openid = OPENID + round;
        on.scan(openid, order);
        String fresh = on.guestOrder();
        String scene = on.issued(fresh);
        String next = "N-" + round;
        World.Engine other = on.engine();
        List<Callable<Object>> tasks = new ArrayList<>();
        tasks.add(() -> on.engine.eraser().erase(member, "店长", "客户要求"));
        tasks.add(() -> other.eraser().erase(member, "店长", "客户要求"));
        tasks.add(() -> other.orders().upsert(on.aOrder(next).buyer(buyer).place(HOME)));
        tasks.add(() -> on.engine.orders().upsert(on.aOrder(order).buyer(buyer).place(HOME)));
        tasks.add(() -> other.receive(on.scanned(openid, scene, false)));
        tasks.add(() -> on.engine.orders().advance(order, StageReport.of(Stage.SHIPPED, on.now)));
        tasks.add(
            () -> other.members().put(MemberProfile.of(no).withName("王小明独").withPhones(phone)));
        tasks.add(
            () -> {
              on.engine.tick();
              return "";
            });
        World.atOnce(tasks);
        on.engine.tick();
        assertThat(on.engine.members().find(no)).isEmpty();
        assertThat(on.engine.members().byPhone(phone)).isEmpty();
        assertThat(found(on, List.of("王小明独", no, phone, openid))).as("round " + round).isEmpty();
        assertThat(on.engine.orders().recountAll(0, 1_000).clean()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TestServer.class,
      names = {"H2", "POSTGRESQL"})
  void whoEndsWhileTheyAreLookedForIsFoundAsTheirSurvivor(TestServer server) {
    try (World on = new World(server)) {
      Members members = on.engine.members();
      long one = on.memberOf(on.order(Buyer.of("C1", null, null))).orElseThrow();
      long two = on.memberOf(on.order(Buyer.of("C2", null, null))).orElseThrow();
      AtomicInteger looks = new AtomicInteger();
      World.Engine slow =
          on
          .new Engine(
              new Database(
                  new TamperedDataSource(
                      on.pool,
                      (connection, method, arguments) -> {
                        if (method.equals("prepareStatement")
                            && arguments[0].toString().contains("merged_into, erased_ms")
                            && looks.decrementAndGet() == 0) {
                          members.merge(two, one, "店长", "同一个人");
                        }
                      }),
                  HostTransaction.none(),
                  on.database.names()));

      looks.set(2); // after the look for a survivor, before that for what became of it
      assertThat(slow.members().consent(one, Consent.refused(Purpose.CARE, "电话", World.START)))
          .isTrue();

      assertThat(members.allows(two, Purpose.CARE, ChannelKind.WECHAT_TEMPLATE)).isFalse();
      members.split(members.merges(two).get(0).id(), "店长", "看错了");

      looks.set(3);
      Erasure erasure = slow.members().erase(one, "店长", "客户要求");

      assertThat(erasure.memberId()).isEqualTo(two);
      assertThat(on.engine.eraser().erase(one, "店长", "客户要求")).isEqualTo(erasure);
      assertThat(on.engine.eraser().erase(two, "店长", "客户要求")).isEqualTo(erasure);
    }
  }

  // ---- one name of a recipient everywhere

  @ParameterizedTest
  @EnumSource(value = TestServer.class, names = "H2")
  void aReportSettlesTheMessageOfUnknownOutcomeToTheSamePerson(TestServer server) {
    try (World on = new World(server)) {
      on.engine.notices().template(Stage.SHIPPED, NoticeTemplate.of("tpl").field("thing1", "a"));
      String order = on.order(WANG);
      on.scan("ofan", order);
      on.main.script.add(new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      on.advance(order, Stage.SHIPPED);
      on.engine.tick();
      assertThat(noticed(on, order)).isEqualTo(Decision.Result.DEFERRED);

      on.engine.receive(
          new Inbound.Reported(
              "r1", World.START, "ofan", "p-real", Inbound.Delivery.DELIVERED, "success"));

      assertThat(noticed(on, order)).isEqualTo(Decision.Result.SENT);
      assertThat(on.main.sent()).hasSize(1);
    }
  }

  // ---- retention

  @ParameterizedTest
  @EnumSource(
      value = TestServer.class,
      names = {"H2", "MYSQL"})
  void oldRecordsGoAndWhatDeliveryNeedsStays(TestServer server) {
    try (World on = new World(server)) {
      on.engine.notices().template(Stage.SHIPPED, NoticeTemplate.of("tpl").field("thing1", "a"));
      on.engine.notices().template(Stage.DELIVERED, NoticeTemplate.of("tpl").field("thing1", "b"));
      String order = on.order(WANG);
      on.scan("ofan", order);
      on.advance(order, Stage.SHIPPED);
      on.engine.tick();
      on.advance(order, Stage.DELIVERED);
      on.engine.receive(
          new Inbound.Reported("r1", World.START, "ofan", "foreign", Inbound.Delivery.FAILED, "x"));
      long decisions = on.count("decision");

      assertThat(expired(on, Retained.BODIES, -1)).as("nothing is old").isZero();
      assertThat(expired(on, Retained.BODIES, 1)).isEqualTo(1);
      assertThat(expired(on, Retained.BODIES, 1)).isZero();
      assertThat(expired(on, Retained.CALLBACKS, 1)).isEqualTo(2);
      assertThat(expired(on, Retained.REPORTS, 1)).isEqualTo(1);
      assertThat(expired(on, Retained.DECISIONS, 1)).isEqualTo((int) decisions - 1);
      assertThat(expired(on, Retained.AUDIT, 1)).isPositive();
      assertThat(on.count("binding_audit")).isZero();
      on.engine.tick();

      assertThat(on.main.sent()).as("what waited has gone").hasSize(2);
      assertThat(on.count("outbox")).isEqualTo(1);
      assertThat(on.count("decision")).isEqualTo(1);
    }
  }

  private static int expired(World on, Retained kind, int days) {
    int expired = 0;
    for (io.laoke.internal.tenant.PersonalData feature :
        List.of(on.engine.messages.personalData(), on.engine.binding.personalData())) {
      expired +=
          on.database.own(
              "expire",
              tx ->
                  feature.expire(
                      tx, on.dealer, kind, tx.machineMillis() + days * 86_400_000L, 100));
    }
    return expired;
  }

  /** Those of some words that are in any column of text of any table. */
  private static Set<String> found(World on, List<String> needles) {
    return TextColumns.showing(on.pool, needles).keySet();
  }
}
