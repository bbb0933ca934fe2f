package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.catalog.Catalog;
import io.laoke.catalog.Staff;
import io.laoke.catalog.Store;
import io.laoke.error.ChannelException;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.message.Inbound;
import io.laoke.order.Buyer;
import io.laoke.order.Place;
import io.laoke.order.Stage;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims by number and phone, and the permanent codes that lead to them. */
class ClaimsTest {
  private static final Buyer WANG = Buyer.of("C1", "王伟", "13800138000");
  private static final String HOW = "绑定 订单号 手机后四位";

  private static ClaimOutcome claim(World on, String openid, String order, String digits) {
    return claim(on.engine, openid, order, digits);
  }

  private static ClaimOutcome claim(
      World.Engine engine, String openid, String order, String digits) {
    return engine.outsideOfHosts().bindings().claim(World.ACCOUNT, openid, order, digits);
  }

  @ParameterizedTest
  @EnumSource
  void bindsByTheRulesOfAScan(TestServer server) {
    try (World on = new World(server)) {
      String order = on.order(WANG);
      assertThat(claim(on, "o1", order, "8000")).isInstanceOf(ClaimOutcome.Bound.class);
      assertThat(claim(on, "o1", order.toLowerCase(java.util.Locale.ROOT), "8000"))
          .isInstanceOf(ClaimOutcome.AlreadyYours.class);
      assertThat(on.memberOfOpenid("o1")).isEqualTo(on.memberOf(order));
      assertThat(claim(on, "o2", order, "8000"))
          .isInstanceOfSatisfying(
              ClaimOutcome.AlsoReceiving.class, also -> assertThat(also.recipients()).isEqualTo(2));
      claim(on, "o3", order, "8000");
      assertThat(claim(on, "o4", order, "8000")).isInstanceOf(ClaimOutcome.TakenByAnother.class);
      assertThat(claim(on, "o4", order, "8001")).isInstanceOf(ClaimOutcome.NoMatch.class);
      Catalog people = on.engine.catalogs.catalog(on.database, on.dealer);
      people.put(Staff.of("D1", "李娜"));
      people.linkStaff("D1", World.ACCOUNT, "oStaff");
      assertThat(claim(on, "oStaff", order, "8000")).isInstanceOf(ClaimOutcome.StaffClaim.class);
      assertThat(claim(on, "oStaff", "none", "1111")).isInstanceOf(ClaimOutcome.StaffClaim.class);
      on.advance(order, Stage.CANCELLED);
      assertThat(claim(on, "o5", order, "8000")).isInstanceOf(ClaimOutcome.OrderClosed.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyAPhoneThatFewKnowProvesAnything(TestServer server) {
    try (World on = new World(server)) {
      Catalog catalog = on.engine.catalogs.catalog(on.database, on.dealer);
      catalog.put(Store.of("S1", "城西店").withPhones("0571-88001201"));
      on.engine
          .orders()
          .upsert(
              on.aOrder("A1")
                  .buyer(Buyer.of(null, "张三", "0571-88001201"))
                  .place(Place.of(null, "文三路", "李四", "139 1234 5678 转 12")));
      assertThat(claim(on, "o1", "A1", "1201")).isInstanceOf(ClaimOutcome.NoMatch.class);
      assertThat(claim(on, "o1", "A1", "5678")).isInstanceOf(ClaimOutcome.Bound.class);
      for (String name : List.of("甲", "乙", "丙")) {
        on.engine.orders().upsert(on.aOrder("B" + name).buyer(Buyer.of(null, name, "13700000007")));
      }
      assertThat(claim(on, "o2", "B甲", "0007")).isInstanceOf(ClaimOutcome.NoMatch.class);
      on.engine.orders().upsert(on.aOrder("C1").buyer(Buyer.unknown()));
      assertThat(claim(on, "o2", "C1", "0000")).isInstanceOf(ClaimOutcome.NoMatch.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void afterFiveWrongTriesNobodyListensHoweverManyComeAtOnce(TestServer server) throws Exception {
    try (World on = new World(server)) {
      String order = on.order(WANG);
      World.Engine second = on.engine();
      List<Callable<ClaimOutcome>> tasks = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        World.Engine engine = i % 2 == 0 ? on.engine : second;
        String digits = "%04d".formatted(i);
        String number = i % 3 == 0 ? "NONE-" + i : order;
        tasks.add(() -> claim(engine, "o1", number, digits));
      }
      List<ClaimOutcome> outcomes = World.atOnce(tasks);
      assertThat(outcomes).filteredOn(ClaimOutcome.NoMatch.class::isInstance).hasSize(5);
      assertThat(outcomes).filteredOn(ClaimOutcome.TooManyTries.class::isInstance).hasSize(19);
      assertThat(claim(on, "o1", order, "8000")).isInstanceOf(ClaimOutcome.TooManyTries.class);
      assertThat(on.stateOf(order, "o1")).isNull();
      assertThat(claim(on, "o2", order, "8000")).isInstanceOf(ClaimOutcome.Bound.class);

      // A day of the database's clock later; the business clock changes nothing.
      on.now = World.START.plusSeconds(200_000);
      assertThat(claim(on, "o1", order, "8000")).isInstanceOf(ClaimOutcome.TooManyTries.class);
      on.database.own(
          "a day passes",
          tx -> tx.update("UPDATE {claim_try} SET since_ms = since_ms - 86400001").execute());
      assertThat(claim(on, "o1", order, "0000")).isInstanceOf(ClaimOutcome.NoMatch.class);
      assertThat(claim(on, "o1", order, "8000")).isInstanceOf(ClaimOutcome.AlsoReceiving.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyPeopleCannotGuessOneOrderEither(TestServer server) {
    try (World on = new World(server)) {
      String order = on.order(WANG);
      for (int i = 0; i < 10; i++) {
        assertThat(
                claim(
                    on,
                    "o" + i,
                    i % 2 == 0 ? order : order.toLowerCase(java.util.Locale.ROOT),
                    "000" + i))
            .isInstanceOf(ClaimOutcome.NoMatch.class);
        assertThat(claim(on, "p" + i, "NONE", "000" + i)).isInstanceOf(ClaimOutcome.NoMatch.class);
      }
      assertThat(claim(on, "o10", order, "8000")).isInstanceOf(ClaimOutcome.TooManyTries.class);
      assertThat(claim(on, "o10", "NONE", "8000")).isInstanceOf(ClaimOutcome.TooManyTries.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void refusesWhatCouldForgetATryAndBadInput(TestServer server) throws Exception {
    try (World on = new World(server)) {
      String order = on.order(WANG);
      try (Connection connection = on.pool.getConnection()) {
        connection.setAutoCommit(false);
        Bindings joined = on.engine.binding.bindings(on.database.in(connection), on.dealer);
        assertThatThrownBy(() -> joined.claim(World.ACCOUNT, "o1", order, "8000"))
            .isInstanceOf(ConflictException.class)
            .hasMessageContaining("roll back");
        assertThatThrownBy(() -> joined.shopCode("S1")).isInstanceOf(ConflictException.class);
        connection.rollback();
      }
      assertThatThrownBy(() -> claim(on, "o1", order, "80OO"))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> claim(on, "o1", " ", "8000"))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(
              () -> on.engine.outsideOfHosts().bindings().claim("foreign", "o1", order, "8000"))
          .isInstanceOf(NotFoundException.class);
      on.bindingSettings = on.bindingSettings.withClaims(false);
      assertThatThrownBy(() -> claim(on, "o1", order, "8000"))
          .isInstanceOf(ConflictException.class);
      assertThat(on.engine.receive(on.text("o1", "绑定"))).isEqualTo(io.laoke.message.Reply.none());
    }
  }

  private static String said(World on, String openid, String text) {
    return World.said(on.engine.receive(on.text(openid, text)));
  }

  @ParameterizedTest
  @EnumSource
  void hearsTheClaimInTheChatAndInTheMenu(TestServer server) {
    try (World on = new World(server)) {
      String order = on.order(WANG);
      assertThat(said(on, "o1", "绑定")).contains(HOW).doesNotContain("<a ");
      assertThat(said(on, "o1", "绑定 " + order)).contains(HOW);
      assertThat(said(on, "o1", "绑定 " + order + " 1111")).contains("没有找到相符的订单");
      assertThat(said(on, "o1", " 绑定：" + order + "，８０００。")).contains("绑定成功", order, "双开门冰箱");
      assertThat(on.stateOf(order, "o1")).isEqualTo(RecipientState.ACTIVE);
      assertThat(said(on, "o1", "绑定订单 " + order + " 8000")).contains("您已绑定该订单");
      for (int i = 0; i < 5; i++) {
        said(on, "o2", "绑定 X" + i + " 0000");
      }
      assertThat(said(on, "o2", "绑定 " + order + " 8000")).contains("尝试次数过多");
      on.bindingSettings = on.bindingSettings.withWebAddress("https://m.example.cn/k/");
      assertThat(said(on, "o1", "綁定")).contains("<a href=\"https://m.example.cn/k/c/1\">");
      assertThat(World.said(on.engine.receive(clicked(on, Bindings.CLAIM_MENU_KEY)))).contains(HOW);
      assertThat(World.said(on.engine.receive(World.OTHER, on.text("p1", "绑定"))))
          .contains("/c/1/" + World.OTHER);
    }
  }

  private static Inbound clicked(World on, String key) {
    return new Inbound.Clicked("click" + key, World.START, "o1", key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "绑定手机号怎么弄",
        "绑定手机13800138000",
        "绑定 手机 13800138000",
        "绑定vip",
        "绑定 会员卡",
        "我要绑定 SO-1 1234",
        "怎么绑定",
        "绑",
        "是",
        "你好",
        "SO-1 1234",
        ""
      })
  void wordsOfOthersAreTheirs(String text) {
    assertThat(ClaimText.read(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "绑定 SO-1001 5678",
        "绑定SO-1001 5678",
        "绑定so-1001，５６７８",
        "绑定订单号SO-1001 5678。",
        "绑定订单:SO-1001+5678",
        "綁定　SO-1001　5678"
      })
  void manyWaysToWriteItAreOneClaim(String text) {
    assertThat(ClaimText.read(text))
        .isInstanceOfSatisfying(
            ClaimText.Claim.class,
            claim -> {
              assertThat(claim.orderNo()).isEqualToIgnoringCase("SO-1001");
              assertThat(claim.lastFour()).isEqualTo("5678");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"绑定", "绑定SO-1001", "绑定 SO-1001 13800138000", "绑定SO-1001 567", "绑定订单号"})
  void whoGivesTooLittleOrTooMuchIsToldHow(String text) {
    assertThat(ClaimText.read(text)).isEqualTo(new ClaimText.Ask());
  }

  @ParameterizedTest
  @EnumSource
  void aStoresCodeSaysHowAndLinksTheFollower(TestServer server) {
    try (World on = new World(server)) {
      Catalog catalog = on.engine.catalogs.catalog(on.database, on.dealer);
      catalog.put(Store.of("S1", "西湖文三路店"));
      catalog.put(Store.of("S2", "萧山店"));
      on.main.failure = new ChannelException("down", null, true);
      assertThatThrownBy(() -> on.engine.outsideOfHosts().bindings().shopCode("S1"))
          .isInstanceOfSatisfying(
              CodeUnavailableException.class, down -> assertThat(down.retryable()).isTrue());
      on.main.failure = null;
      QrCode code = on.engine.outsideOfHosts().bindings().shopCode("S1");
      assertThat(on.engine.outsideOfHosts().bindings().shopCode("S1")).isEqualTo(code);
      on.engine.outsideOfHosts().bindings().shopCode("S2");
      assertThat(on.main.scenes()).hasSize(2);
      assertThatThrownBy(() -> on.engine.outsideOfHosts().bindings().shopCode("S9"))
          .isInstanceOf(NotFoundException.class);
      String first = on.main.scenes().get(0);
      assertThat(first).startsWith("lk1_shop_").hasSizeLessThanOrEqualTo(64);
      assertThat(on.engine.scanAndFollow("o1", first)).contains("欢迎光临西湖文三路店", HOW);
      assertThat(on.engine.bindings().storeOf(World.ACCOUNT, "o1")).contains("S1");
      on.engine.scan("o1", on.main.scenes().get(1));
      assertThat(on.engine.bindings().storeOf(World.ACCOUNT, "o1")).contains("S2");
      on.engine.receive(
          new Inbound.Scanned("late", World.START.minusSeconds(9), "o1", first, false));
      assertThat(on.engine.bindings().storeOf(World.ACCOUNT, "o1")).contains("S2");
      on.bindingSettings = on.bindingSettings.withClaims(false);
      assertThat(on.engine.scan("o1", first)).isEqualTo("欢迎光临西湖文三路店！");
      assertThat(on.engine.scan("o1", "lk1_shop_none")).contains("未找到");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFormerRecipientWhoComesBackIsOfferedTheClaim(TestServer server) {
    try (World on = new World(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      on.engine.bindings().unbind(order, World.ACCOUNT, "o1", "S01", "错了");
      on.engine.receive(on.unfollowed("o1"));
      assertThat(World.said(on.engine.receive(on.followed("o1")))).contains(HOW);
      on.engine.receive(on.unfollowed("o2"));
      assertThat(World.said(on.engine.receive(on.followed("o2")))).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void thePlatformsAbsenceNamesTheLinkAndNoLinkIsMadeWithoutAnAddress(TestServer server) {
    try (World on = new World(server)) {
      String order = on.guestOrder();
      BindingTicket bare = on.engine.bindings().issue(order);
      assertThatThrownBy(bare::link)
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("webAddress");
      assertThat(on.count("paper_link")).isZero();
      on.bindingSettings = on.bindingSettings.withWebAddress("https://m.example.cn/k");
      BindingTicket ticket = on.engine.outsideOfHosts().bindings().issue(order);
      on.main.failure = new ChannelException("down", null, true);
      assertThatThrownBy(ticket::qrCode)
          .isInstanceOfSatisfying(
              CodeUnavailableException.class,
              down -> {
                assertThat(down.link()).contains(ticket.link());
                assertThat(down.getMessage()).contains("link()").doesNotContain(ticket.link());
              });
      assertThat(on.engine.bindings().ticket(order).orElseThrow().link()).isEqualTo(ticket.link());
      assertThat(ticket.toString()).doesNotContain("https");
    }
  }
}
