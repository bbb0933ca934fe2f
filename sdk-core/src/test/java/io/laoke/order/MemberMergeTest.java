package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.ids.Ids;
import io.laoke.member.Attribute;
import io.laoke.member.AttributeType;
import io.laoke.member.Consent;
import io.laoke.member.Duplicate;
import io.laoke.member.Event;
import io.laoke.member.EventType;
import io.laoke.member.Events;
import io.laoke.member.Gender;
import io.laoke.member.MemberProfile;
import io.laoke.member.Members;
import io.laoke.member.Merge;
import io.laoke.message.ChannelKind;
import io.laoke.message.Purpose;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Two members made one, and two again: both equal to a recount. */
class MemberMergeTest {
  private static final Instant FROM = Instant.parse("2026-02-27T15:00:00Z");
  private static final List<String> CATEGORIES = List.of("kitchen/hood", "av/tv", "x");

  private static Order order(String orderNo, String customerNo, String phone) {
    return Order.of(orderNo, FROM)
        .buyer(Buyer.of(customerNo, null, phone))
        .line(OrderLine.goods("1", "kitchen/hood", 2, "100.50"));
  }

  @ParameterizedTest
  @EnumSource
  void theSurvivorHasAllAndASplitGivesItBack(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      Members members = laoke.members();
      members.put(
          MemberProfile.of("A")
              .withName("王芳")
              .withPhones("13800138001")
              .withAttribute("级别", Attribute.of("金卡"))
              .withAttribute("积分", Attribute.of(7)));
      members.put(
          MemberProfile.of("B")
              .withGender(Gender.FEMALE)
              .withPhones("13800138002")
              .withAttribute("级别", Attribute.of("银卡"))
              .withAttribute("老客", Attribute.of(true)));
      laoke.orders().upsert(order("SO-A", "A", null));
      laoke.orders().upsert(order("SO-B", "B", null));
      laoke
          .returns()
          .record(
              ReturnNote.of("R-B", FROM.plusSeconds(60))
                  .customerNo("B")
                  .line(ReturnLine.of("1", "av/tv", 1, "9.99")));
      laoke
          .returns()
          .record(
              ReturnNote.of("R-SO-B", FROM.plusSeconds(60))
                  .order("SO-B")
                  .line(ReturnLine.of("1", "av/tv", 1, "1.00")));
      long a = laoke.memberOf("A");
      long b = laoke.memberOf("B");
      members.consent(b, Consent.given(Purpose.MARKETING, "门店签字", "v3", FROM));
      String before = state(laoke);

      Merge merge = members.merge(a, b, "店长", "同一个人");

      assertThat(merge.orders()).isEqualTo(1);
      assertThat(merge.returns()).isEqualTo(1);
      assertThat(merge.identities()).isEqualTo(2);
      assertThat(members.merge(a, b, "店长", "again")).isEqualTo(merge);
      assertThat(members.merge(b, a, "店长", "the other way")).isEqualTo(merge);
      assertThat(members.get(b)).isEqualTo(members.get(a));
      assertThat(members.get(a).orElseThrow().gender()).contains(Gender.FEMALE);
      assertThat(members.get(a).orElseThrow().customerNos()).containsExactlyInAnyOrder("A", "B");
      assertThat(members.find("B").orElseThrow().id()).isEqualTo(a);
      assertThat(members.byPhone("138 0013 8002").orElseThrow().id()).isEqualTo(a);
      assertThat(members.page(0, 10)).hasSize(1);
      assertThat(members.attributes(b))
          .isEqualTo(
              Map.of("级别", Attribute.of("金卡"), "积分", Attribute.of(7), "老客", Attribute.of(true)));
      assertThat(members.allows(b, Purpose.MARKETING, ChannelKind.WECHAT_TEMPLATE)).isTrue();
      assertThat(laoke.orders().history("SO-B").assignments())
          .extracting(OrderHistory.Assignment::how)
          .containsExactly(OrderHistory.How.BUYER, OrderHistory.How.MERGED);
      assertThat(laoke.orders().consumption(b))
          .isEqualTo(laoke.orders().consumption(a))
          .isNotEmpty();
      assertThat(laoke.orders().page(OrderQuery.all().member(b), null, 10).orders()).hasSize(2);
      Truth.check(laoke);
      assertThat(laoke.orders().recountAll(0, 100).clean()).isTrue();

      Merge split = members.split(merge.id(), "店长", "看错了");

      assertThat(split.split().orElseThrow().ordersBack()).isEqualTo(1);
      assertThat(state(laoke)).isEqualTo(before);
      assertThat(members.split(merge.id(), "店长", "again")).isEqualTo(split);
      assertThat(members.merges(b)).containsExactly(split);
      Truth.check(laoke);
      assertThat(laoke.orders().recountAll(0, 100).clean()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TestServer.class,
      names = {"H2", "MYSQL"})
  void whatComesAfterAMergeGoesWithItsIdentityAndARefusalHoldsForBoth(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      Members members = laoke.members();
      long a = laoke.memberOf("A");
      laoke.orders().upsert(order("SO-1", "B", "13800138002"));
      long b = laoke.memberOf("B");
      Merge merge = members.merge(a, b, "店长", "同一个人");
      laoke.orders().upsert(order("SO-2", "B", null));
      laoke.orders().upsert(order("SO-3", "A", null));
      laoke.orders().upsert(order("SO-4", null, "13800138002"));
      laoke.orders().upsert(order("SO-5", null, null));
      laoke.assign("SO-5", java.util.OptionalLong.of(a));
      members.consent(a, Consent.refused(Purpose.CARE, "电话", FROM));

      Merge.Split split = members.split(merge.id(), "店长", "看错了").split().orElseThrow();

      assertThat(split.ordersBack()).isEqualTo(1);
      assertThat(split.ordersFollowed()).isEqualTo(2);
      assertThat(split.ordersStayed()).isEqualTo(2);
      assertThat(laoke.orders().page(OrderQuery.all().member(b), null, 10).orders())
          .extracting(OrderDetail::orderNo)
          .containsExactlyInAnyOrder("SO-1", "SO-2", "SO-4");
      assertThat(members.allows(a, Purpose.CARE, ChannelKind.WECHAT_TEMPLATE)).isFalse();
      assertThat(members.allows(b, Purpose.CARE, ChannelKind.WECHAT_TEMPLATE)).isFalse();
      Truth.check(laoke);
      assertThat(laoke.orders().recountAll(0, 100).clean()).isTrue();
    }
  }

  /** A clock once 3 hours ahead leaves a number whose ids stay ahead. */
  @ParameterizedTest
  @EnumSource
  void whatCameBeforeAndAfterAMergeIsToldWhateverTheIdsOfItsNode(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server);
        Ids ahead = new Ids(laoke.database, Clock.offset(Clock.systemUTC(), Duration.ofHours(3)))) {
      Members members = laoke.members();
      Members other = laoke.members(ahead);
      long a = laoke.memberOf("A");
      laoke.orders().upsert(order("SO-1", "B", null));
      long b = laoke.memberOf("B");
      Merge merge = other.merge(a, b, "店长", "同一个人");
      members.consent(a, Consent.refused(Purpose.CARE, "电话", FROM));
      laoke.orders().upsert(order("SO-2", "B", null));
      laoke
          .returns()
          .record(
              ReturnNote.of("R-2", FROM)
                  .customerNo("B")
                  .line(ReturnLine.of("1", "av/tv", 1, "1.00")));

      Merge.Split split = members.split(merge.id(), "店长", "看错了").split().orElseThrow();

      assertThat(split.ordersFollowed()).isEqualTo(1);
      assertThat(members.allows(b, Purpose.CARE, ChannelKind.WECHAT_TEMPLATE)).isFalse();
      assertThat(laoke.orders().consumption(a)).isEmpty();
      Truth.check(laoke);

      // The other way round: what was there has the greater ids.
      long c = laoke.memberOf("C");
      laoke.orders().upsert(order("SO-3", "C", "13800138003"));
      other.releasePhone("C", "13800138003");
      other.put(MemberProfile.of("D").withPhones("13800138003"));
      long d = laoke.memberOf("D");
      other.consent(c, Consent.refused(Purpose.CARE, "电话", FROM));
      Merge second = members.merge(c, d, "店长", "同一个人");

      assertThat(members.split(second.id(), "店长", "看错了").split().orElseThrow().ordersStayed())
          .isZero();
      assertThat(members.allows(c, Purpose.CARE, ChannelKind.WECHAT_TEMPLATE)).isFalse();
      assertThat(members.allows(d, Purpose.CARE, ChannelKind.WECHAT_TEMPLATE)).isTrue();
      assertThat(laoke.orders().find("SO-3").orElseThrow().memberId()).hasValue(c);
      Truth.check(laoke);
      assertThat(laoke.orders().recountAll(0, 100).clean()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(value = TestServer.class, names = "H2")
  void aMergeOfAnEarlierVersionIsSplitByIds(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      Members members = laoke.members();
      long a = laoke.memberOf("A");
      members.consent(a, Consent.refused(Purpose.MARKETING, "电话", FROM));
      laoke.orders().upsert(order("SO-1", "A", null));
      laoke.orders().upsert(order("SO-2", "B", null));
      long b = laoke.memberOf("B");
      Merge merge = members.merge(a, b, "店长", "同一个人");
      laoke.database.write(
          "as it was",
          tx -> tx.update("DELETE FROM {member_merge_item} WHERE kind LIKE 'HAD%'").execute());
      members.consent(a, Consent.refused(Purpose.CARE, "电话", FROM));
      laoke.orders().upsert(order("SO-3", "A", null));
      laoke.orders().upsert(order("SO-4", "B", null));

      Merge.Split split = members.split(merge.id(), "店长", "看错了").split().orElseThrow();

      assertThat(split.ordersFollowed()).isEqualTo(1);
      assertThat(split.ordersStayed()).isEqualTo(1);
      assertThat(members.consents(b)).extracting(Consent::purpose).containsExactly(Purpose.CARE);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TestServer.class,
      names = {"H2", "POSTGRESQL"})
  void resolvedPairsLeaveTheListAndStayAway(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      Members members = laoke.members();
      for (String no : List.of("A", "B", "C", "D")) {
        members.put(MemberProfile.of(no).withPhones("1380013800" + (no.charAt(0) - 'A')));
      }
      members.put(MemberProfile.of("A").withPhones("13800138001", "13800138002", "13800138003"));
      long a = laoke.memberOf("A");
      assertThat(members.duplicates(0, 10)).hasSize(3);
      Duplicate withB = pair(members, laoke.memberOf("B"));
      Duplicate withD = pair(members, laoke.memberOf("D"));

      assertThat(members.dismissDuplicate(withB.id(), "店长")).isTrue();
      assertThat(members.dismissDuplicate(withB.id(), "店长")).isFalse();
      Merge merge = members.merge(a, laoke.memberOf("C"), "店长", "同一个人");
      members.put(MemberProfile.of("A").withPhones("13800138001"));

      assertThat(members.duplicates(0, 10)).containsExactly(withD);
      members.split(merge.id(), "店长", "看错了");
      assertThat(members.duplicates(0, 10)).containsExactly(withD);
      members.merge(laoke.memberOf("B"), laoke.memberOf("D"), "店长", "同一个人");
      // What is left of D is B, and that A is not B is settled.
      assertThat(members.duplicates(0, 10)).isEmpty();
      assertThatThrownBy(() -> members.dismissDuplicate(5, "店长"))
          .isInstanceOf(NotFoundException.class);
    }
  }

  private static Duplicate pair(Members members, long other) {
    return members.duplicates(0, 10).stream()
        .filter(pair -> pair.one() == other || pair.other() == other)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(value = TestServer.class, names = "H2")
  void refusesWhatCannotBe(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      Members members = laoke.members();
      long a = laoke.memberOf("A");
      long b = laoke.memberOf("B");
      long c = laoke.memberOf("C");
      assertThatThrownBy(() -> members.merge(a, a, "x", "y"))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> members.merge(a, 7, "x", "y")).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> members.merge(a, b, " ", "y"))
          .isInstanceOf(InvalidInputException.class);
      Merge inner = members.merge(b, a, "x", "y");
      Merge outer = members.merge(c, b, "x", "y");
      assertThat(members.get(a).orElseThrow().id()).isEqualTo(c);
      assertThatThrownBy(() -> members.split(inner.id(), "x", "y"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("Split that merge first");
      members.split(outer.id(), "x", "y");
      members.split(inner.id(), "x", "y");
      assertThat(List.of(laoke.memberOf("A"), laoke.memberOf("B"), laoke.memberOf("C")))
          .containsExactly(a, b, c);
    }
  }

  @ParameterizedTest
  @EnumSource
  void randomHistoriesEqualARecount(TestServer server) {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("merges on " + server + ": -Dlaoke.seed=" + seed);
    Random random = new Random(seed);
    try (OrderFixture laoke = new OrderFixture(server)) {
      List<Long> merges = new ArrayList<>();
      for (int step = 0; step < 90; step++) {
        fact(laoke, random, merges);
        if (step % 3 == 0) {
          Truth.check(laoke);
        }
      }
      Truth.check(laoke);
      nothingIsAMergedMembers(laoke);
      assertThat(laoke.orders().recountAll(0, 1000).clean()).as("seed " + seed).isTrue();
    }
  }

  private enum Given {
    ORDER {
      @Override
      void to(OrderFixture laoke, String customerNo) {
        laoke
            .orders()
            .upsert(order("SO-SINCE", null, null).buyer(Buyer.of(customerNo, "王芳", null)));
      }
    },
    RETURN {
      @Override
      void to(OrderFixture laoke, String customerNo) {
        laoke
            .returns()
            .record(
                ReturnNote.of("R-SINCE", FROM)
                    .customerNo(customerNo)
                    .line(ReturnLine.of("1", "av/tv", 1, "1.00")));
      }
    },
    CONSENT {
      @Override
      void to(OrderFixture laoke, String customerNo) {
        laoke
            .members()
            .consent(laoke.memberOf(customerNo), Consent.refused(Purpose.CARE, "电话", FROM));
      }
    },
    ATTRIBUTE {
      @Override
      void to(OrderFixture laoke, String customerNo) {
        laoke.members().put(MemberProfile.of(customerNo).withAttribute("积分", Attribute.of(7)));
      }
    },
    FILE {
      @Override
      void to(OrderFixture laoke, String customerNo) {
        long member = laoke.memberOf(customerNo);
        laoke.members().tag(member, "VIP", "店员");
        laoke.members().remark(member, "王", "店员");
        laoke.members().pause(member, Purpose.CARE, null, "王", "店员");
        events(laoke).declare(EventType.of("回访").property(AttributeType.text("话")));
        events(laoke).record(member, Event.of("回访", "E", FROM).with("话", Attribute.of("王")));
      }
    };

    static Events events(OrderFixture laoke) {
      return laoke.members.events(laoke.database, laoke.tenant);
    }

    abstract void to(OrderFixture laoke, String customerNo);
  }

  /** What came since the host looked first goes along, or the host is told to repeat. */
  @ParameterizedTest
  @CsvSource({
    "POSTGRESQL, REPEATABLE_READ",
    "POSTGRESQL, SERIALIZABLE",
    "MYSQL, REPEATABLE_READ",
    "MARIADB, REPEATABLE_READ"
  })
  void anOlderSnapshotLeavesNothingBehind(TestServer server, String level) throws Exception {
    // Elsewhere who erases in one is refused: ErasedInOlderSnapshotTest.
    List<Boolean> deeds = server == TestServer.POSTGRESQL ? List.of(false) : List.of(false, true);
    for (Given given : Given.values()) {
      for (boolean erases : deeds) {
        try (OrderFixture laoke = new OrderFixture(server)) {
          long keep = laoke.memberOf("A");
          // With all that an order tells of its buyer, so that one changes no row of the member's.
          laoke.members().put(MemberProfile.of("B").withName("王芳"));
          long away = laoke.memberOf("B");
          boolean told = false;
          do {
            try (Connection host = laoke.pool.getConnection()) {
              host.setTransactionIsolation(
                  level.equals("SERIALIZABLE")
                      ? Connection.TRANSACTION_SERIALIZABLE
                      : Connection.TRANSACTION_REPEATABLE_READ);
              host.setAutoCommit(false);
              Members joined = laoke.members.members(laoke.database.in(host), laoke.tenant);
              assertThat(joined.find("B")).isPresent();
              if (!told) {
                given.to(laoke, "B");
              }
              try {
                if (erases) {
                  joined.erase(away, "店长", "客户要求");
                } else {
                  joined.merge(keep, away, "店长", "同一个人");
                }
                host.commit();
                break;
              } catch (LaokeException repeat) {
                assertThat(repeat.retryable()).as("%s", repeat).isTrue();
                assertThat(told).as("told so twice").isFalse();
                told = true;
                host.rollback();
              }
            }
          } while (told);

          String what = given + (erases ? ", erased" : ", merged");
          nothingIsAMergedMembers(laoke);
          Truth.check(laoke);
          if (erases) {
            assertThat(laoke.everything()).as(what).doesNotContain("王");
          } else {
            assertThat(laoke.members().consents(keep))
                .as(what)
                .hasSize(given == Given.CONSENT ? 1 : 0);
            assertThat(laoke.members().attributes(keep))
                .as(what)
                .hasSize(given == Given.ATTRIBUTE ? 1 : 0);
            assertThat(laoke.orders().page(OrderQuery.all().member(keep), null, 9).orders())
                .as(what)
                .hasSize(given == Given.ORDER ? 1 : 0);
            int filed = given == Given.FILE ? 1 : 0;
            assertThat(laoke.members().tags(keep)).as(what).hasSize(filed);
            assertThat(laoke.members().remarks(keep)).as(what).hasSize(filed);
            assertThat(laoke.members().pauses(keep)).as(what).hasSize(filed);
            assertThat(Given.events(laoke).page(keep, null, null, 9).events())
                .as(what)
                .hasSize(filed);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyAtOnceAgreeInTheEnd(TestServer server) throws Exception {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("merges at once on " + server + ": -Dlaoke.seed=" + seed);
    try (OrderFixture laoke = new OrderFixture(server)) {
      List<Long> merges = java.util.Collections.synchronizedList(new ArrayList<>());
      // H2 has one of two that wait for each other fail: of more of them, most are tried again.
      OrdersTest.together(
          server == TestServer.H2 ? 3 : 6,
          n -> {
            Random random = new Random(seed + n);
            for (int i = 0; i < 12; i++) {
              long own = random.nextLong();
              repeated(() -> fact(laoke, new Random(own), merges));
            }
            return n;
          });
      Truth.check(laoke);
      nothingIsAMergedMembers(laoke);
      assertThat(laoke.orders().recountAll(0, 1000).clean()).as("seed " + seed).isTrue();
    }
  }

  private static void repeated(Runnable call) {
    for (int attempt = 1; ; attempt++) {
      try {
        call.run();
        return;
      } catch (LaokeException failed) {
        if (attempt == 100 || !failed.retryable()) {
          throw failed;
        }
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(500_000L * attempt));
      }
    }
  }

  private static void fact(OrderFixture laoke, Random random, List<Long> merges) {
    String orderNo = "SO-" + random.nextInt(7);
    switch (random.nextInt(11)) {
      case 10 -> {
        Optional<OrderDetail> order = laoke.orders().find(orderNo);
        if (order.isPresent() && !order.get().lines().isEmpty()) {
          laoke
              .orders()
              .recordService(
                  orderNo,
                  UnitServiceReport.of("0", "CLEAN", FROM.plus(Duration.ofDays(60)))
                      .paidFen(random.nextInt(9)));
        }
      }
      case 0, 1, 2 -> {
        Order order =
            Order.of(orderNo, FROM.plus(Duration.ofHours(random.nextInt(900))))
                .buyer(
                    Buyer.of(
                        random.nextInt(3) == 0 ? null : "C" + random.nextInt(4),
                        null,
                        random.nextBoolean() ? null : "1380013800" + random.nextInt(5)));
        for (int i = random.nextInt(3); i >= 0; i--) {
          order =
              order.line(
                  OrderLine.goods(
                      "" + i,
                      CATEGORIES.get(random.nextInt(3)),
                      1 + random.nextInt(3),
                      random.nextInt(99) + ".5"));
        }
        laoke.orders().upsert(order);
      }
      case 3 -> {
        if (laoke.orders().find(orderNo).isPresent()) {
          laoke
              .orders()
              .advance(
                  orderNo,
                  StageReport.of(random.nextInt(3) == 0 ? Stage.CANCELLED : Stage.SHIPPED, FROM)
                      .document("D" + random.nextInt(2)));
        }
      }
      case 4 -> {
        ReturnNote note = ReturnNote.of("R-" + random.nextInt(4), FROM.plusSeconds(9));
        note = random.nextBoolean() ? note.order(orderNo) : note;
        note = random.nextBoolean() ? note.customerNo("C" + random.nextInt(4)) : note;
        laoke
            .returns()
            .record(
                note.line(
                    ReturnLine.of("1", CATEGORIES.get(random.nextInt(3)), 1, random.nextInt(9) + "")
                        .orderLine("0")));
      }
      case 5, 6, 7 -> {
        long one = laoke.memberOf("C" + random.nextInt(4));
        long other = laoke.memberOf("C" + random.nextInt(4));
        if (one != other) {
          merges.add(laoke.members().merge(one, other, "x", "y").id());
        }
      }
      case 8 -> filed(laoke, "C" + random.nextInt(4), random.nextInt(3));
      default -> {
        if (!merges.isEmpty()) {
          try {
            laoke.members().split(merges.get(random.nextInt(merges.size())), "x", "y");
          } catch (ConflictException laterFirst) {
            // The survivor was merged since.
          }
        }
      }
    }
  }

  private static void filed(OrderFixture laoke, String customerNo, int n) {
    long member = laoke.memberOf(customerNo);
    laoke.members().tag(member, "T" + n, "店员");
    laoke.members().remark(member, "第" + n, "店员");
    laoke.members().openComplaint(member, "TS-" + n, "漏水", "客服");
    Given.events(laoke).declare(EventType.of("到店"));
    try {
      Given.events(laoke).record(member, Event.of("到店", customerNo + n, FROM));
      Given.events(laoke).record(customerNo, Event.of("到店", customerNo, FROM));
    } catch (ConflictException ofAnother) {
      // Told of the id of a member that was merged at that time, it stayed with the survivor.
    }
  }

  private static void nothingIsAMergedMembers(OrderFixture laoke) {
    for (String table :
        List.of(
            "customer_order",
            "order_line",
            "unit_service",
            "return_note",
            "return_line",
            "identity",
            "member_remark",
            "member_pause",
            "event",
            "member_category")) {
      long left =
          laoke.database.read(
              "count",
              tx ->
                  tx.query(
                          """
                          SELECT COUNT(*) FROM {%s} t
                          JOIN {member} m ON m.dealer_id = t.dealer_id AND m.id = t.member_id
                          WHERE m.merged_into IS NOT NULL"""
                              .formatted(table))
                      .mapTo(Long.class)
                      .one());
      assertThat(left).as(table).isZero();
    }
  }

  /** Whose everything is, and what is known of each. */
  private static String state(OrderFixture laoke) {
    Map<String, String> queries = new TreeMap<>();
    queries.put("orders", "SELECT order_no, member_id, assigned FROM {customer_order}");
    queries.put("lines", "SELECT order_id, line_no, member_id, counted_fen FROM {order_line}");
    queries.put("notes", "SELECT note_no, member_id FROM {return_note}");
    queries.put("back", "SELECT note_id, line_no, member_id, note_member_id FROM {return_line}");
    queries.put("file", "SELECT * FROM {member_category}");
    queries.put("identities", "SELECT kind, value_hash, member_id, status FROM {identity}");
    queries.put(
        "members", "SELECT id, name, gender, numbered, merged_into, random31 FROM {member}");
    queries.put("consents", "SELECT member_id, purpose, given, at_ms FROM {consent}");
    queries.put(
        "attributes",
        "SELECT member_id, name, kind, text_sealed, number_value, flag_value FROM {member_attribute}");
    StringBuilder state = new StringBuilder();
    queries.forEach(
        (name, sql) -> {
          List<String> rows =
              laoke.database.read(
                  "read",
                  tx ->
                      tx.query(sql).mapToMap().list().stream()
                          .map(row -> new TreeMap<>(row).toString())
                          .sorted()
                          .toList());
          state.append(name).append(rows).append('\n');
        });
    return state.toString();
  }
}
