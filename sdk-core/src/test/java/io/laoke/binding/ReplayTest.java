package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.catalog.Catalog;
import io.laoke.catalog.Staff;
import io.laoke.message.Inbound;
import io.laoke.order.Stage;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every event on every state of a ticket, repeated, by two engines on one database. */
class ReplayTest {
  private enum Event {
    SCAN,
    SCAN_AND_FOLLOW,
    SECOND_PERSON,
    STAFF,
    UNFOLLOW,
    FOLLOW_AGAIN,
    TEXT
  }

  private enum Ticket {
    ISSUED,
    CLAIMED_BY_SAME,
    CLAIMED_BY_OTHER,
    FULL,
    EXPIRED,
    REVOKED,
    ORDER_CLOSED,
    UNKNOWN
  }

  private enum Delivery {
    ONE_AFTER_THE_OTHER,
    AT_ONCE
  }

  private static String expected(Event event, Ticket ticket) {
    if (event == Event.FOLLOW_AGAIN && ticket == Ticket.CLAIMED_BY_SAME) {
      return "欢迎回来";
    }
    if (event == Event.UNFOLLOW || event == Event.FOLLOW_AGAIN || event == Event.TEXT) {
      return "";
    }
    if (ticket == Ticket.UNKNOWN) {
      return "未找到";
    }
    if (event == Event.STAFF) {
      return "员工您好";
    }
    return switch (ticket) {
      case ISSUED -> "绑定成功";
      case CLAIMED_BY_SAME -> event == Event.SECOND_PERSON ? "与家人一起" : "您已绑定";
      case CLAIMED_BY_OTHER -> "与家人一起";
      case FULL -> "已被使用";
      case EXPIRED -> "已过期";
      case REVOKED -> "已作废";
      case ORDER_CLOSED -> "已关闭";
      case UNKNOWN -> throw new AssertionError();
    };
  }

  @ParameterizedTest
  @EnumSource
  void everyEventOnEveryStateComesToOneOutcomeHoweverItIsRepeated(TestServer server)
      throws Exception {
    try (World on = new World(server)) {
      Catalog catalog = on.engine.catalogs.catalog(on.database, on.dealer);
      catalog.put(Staff.of("E1", "赵六"));
      catalog.linkStaff("E1", World.ACCOUNT, "staff");
      World.Engine second = on.engine();
      int cell = 0;
      for (Ticket ticket : Ticket.values()) {
        for (Event event : Event.values()) {
          for (Delivery delivery : Delivery.values()) {
            check(on, second, event, ticket, delivery, "p" + cell++);
          }
        }
      }
      assertThat(on.messagesFailed()).isZero();
    }
  }

  private static void check(
      World on, World.Engine second, Event event, Ticket ticket, Delivery delivery, String person)
      throws Exception {
    String what = event + " on " + ticket + ", " + delivery;
    String order = on.guestOrder();
    String scene = prepared(on, order, ticket, person);
    Inbound fact = fact(on, event, person, scene);
    int before = on.engine.bindings().audit(order).size();
    List<String> replies = delivered(on, second, fact, delivery);

    String expected = expected(event, ticket);
    assertThat(replies).as(what).hasSize(4).containsOnly(replies.get(0));
    assertThat(replies.get(0)).as(what).contains(expected);
    assertThat(replies.get(0).isEmpty()).as(what).isEqualTo(expected.isEmpty());
    boolean joins = expected.equals("绑定成功") || expected.equals("与家人一起");
    assertThat(on.engine.bindings().audit(order)).as(what).hasSize(before + (joins ? 1 : 0));
    String scanner = event == Event.SECOND_PERSON ? person + "b" : person;
    boolean bound = joins || (ticket == Ticket.CLAIMED_BY_SAME && event != Event.SECOND_PERSON);
    assertThat(on.stateOf(order, scanner))
        .as(what)
        .isEqualTo(
            bound && event != Event.STAFF ? RecipientState.ACTIVE : personBefore(ticket, event));
    if (ticket == Ticket.CLAIMED_BY_SAME) {
      assertThat(
              on.engine.bindings().recipient(order, World.ACCOUNT, person).orElseThrow().follows())
          .as(what)
          .isEqualTo(event != Event.UNFOLLOW);
    }
  }

  private static RecipientState personBefore(Ticket ticket, Event event) {
    boolean same = ticket == Ticket.CLAIMED_BY_SAME && event != Event.SECOND_PERSON;
    return same ? RecipientState.ACTIVE : null;
  }

  private static String prepared(World on, String order, Ticket ticket, String person) {
    if (ticket == Ticket.UNKNOWN) {
      return "lk1_" + "A".repeat(22);
    }
    BindingSettings settings = on.bindingSettings;
    if (ticket == Ticket.EXPIRED) {
      on.bindingSettings = settings.withTicketLife(Duration.ofMinutes(1));
    }
    String scene = on.issued(order);
    on.bindingSettings = settings;
    switch (ticket) {
      case CLAIMED_BY_SAME -> on.engine.scan(person, scene);
      case CLAIMED_BY_OTHER -> on.engine.scan(person + "x", scene);
      case FULL -> {
        for (String one : List.of("x", "y", "z")) {
          on.engine.scan(person + one, scene);
        }
      }
      case EXPIRED -> on.now = on.now.plus(Duration.ofMinutes(1));
      case REVOKED -> on.engine.bindings().revoke(order, "S01", "作废");
      case ORDER_CLOSED -> on.advance(order, Stage.CANCELLED);
      default -> {}
    }
    return scene;
  }

  private static Inbound fact(World on, Event event, String person, String scene) {
    return switch (event) {
      case SCAN -> on.scanned(person, scene, false);
      case SCAN_AND_FOLLOW -> on.scanned(person, scene, true);
      case SECOND_PERSON -> on.scanned(person + "b", scene, true);
      case STAFF -> on.scanned("staff", scene, false);
      case UNFOLLOW -> on.unfollowed(person);
      case FOLLOW_AGAIN -> {
        on.engine.receive(on.unfollowed(person));
        yield on.followed(person);
      }
      case TEXT -> on.text(person, "你好");
    };
  }

  private static List<String> delivered(
      World on, World.Engine second, Inbound fact, Delivery delivery) throws Exception {
    List<Callable<String>> calls = new ArrayList<>();
    for (World.Engine engine : List.of(on.engine, second, second, on.engine)) {
      calls.add(() -> World.said(engine.receive(fact)));
    }
    if (delivery == Delivery.AT_ONCE) {
      return World.atOnce(calls);
    }
    List<String> replies = new ArrayList<>();
    for (Callable<String> call : calls) {
      replies.add(call.call());
    }
    return replies;
  }

  @ParameterizedTest
  @EnumSource
  void sixteenWhoScanAtOnceAreOneOwnerTwoOfTheFamilyAndStrangers(TestServer server)
      throws Exception {
    try (World on = new World(server)) {
      World.Engine second = on.engine();
      for (int round = 0; round < 3; round++) {
        String order = on.guestOrder();
        String scene = on.issued(order);
        List<Callable<String>> scans = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
          World.Engine engine = i % 2 == 0 ? on.engine : second;
          String person = "r" + round + "-" + i;
          scans.add(() -> engine.scanAndFollow(person, scene));
        }
        List<String> replies = World.atOnce(scans);
        assertThat(replies).filteredOn(text -> text.contains("绑定成功")).hasSize(1);
        assertThat(replies).filteredOn(text -> text.contains("与家人一起")).hasSize(2);
        assertThat(replies).filteredOn(text -> text.contains("已被使用")).hasSize(13);
        assertThat(on.engine.bindings().status(order).recipients()).hasSize(3);
        assertThat(on.memberOf(order)).isPresent();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void onePersonWhoScansManyOrdersAtOnceIsOneMember(TestServer server) throws Exception {
    try (World on = new World(server)) {
      World.Engine second = on.engine();
      List<Callable<String>> scans = new ArrayList<>();
      List<String> orders = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        String order = on.guestOrder();
        String scene = on.issued(order);
        World.Engine engine = i % 2 == 0 ? on.engine : second;
        orders.add(order);
        scans.add(() -> engine.scanAndFollow("one", scene));
      }
      assertThat(World.atOnce(scans)).allMatch(text -> text.contains("绑定成功"));
      assertThat(on.count("member")).isEqualTo(1);
      assertThat(orders).allMatch(order -> on.memberOf(order).equals(on.memberOfOpenid("one")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUnfollowThatArrivesBeforeTheEarlierScanWins(TestServer server) {
    try (World on = new World(server)) {
      String order = on.guestOrder();
      Inbound scan = on.scanned("o1", on.issued(order), true);
      Inbound unfollow = on.unfollowed("o1");
      on.engine.receive(unfollow);
      assertThat(World.said(on.engine.receive(scan))).contains("绑定成功");
      Recipient late = on.engine.bindings().recipients(order).get(0);
      assertThat(late.state()).isEqualTo(RecipientState.ACTIVE);
      assertThat(late.follows()).isFalse();
      on.engine.receive(on.followed("o1"));
      assertThat(on.engine.bindings().recipients(order).get(0).follows()).isTrue();
    }
  }
}
