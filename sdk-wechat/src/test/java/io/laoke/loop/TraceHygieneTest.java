package io.laoke.loop;

import static io.laoke.loop.Shop.SEND;
import static io.laoke.loop.Shop.STAGES;
import static io.laoke.loop.Shop.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.LaokeException;
import io.laoke.message.Account;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.simulator.Follower;
import io.laoke.simulator.PushMode;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.testing.TestServer;
import io.laoke.wechat.Menu;
import io.laoke.wechat.OfficialAccount;
import io.laoke.wechat.WeChatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The full loop and every call of the account, with all loggers of {@code io.laoke} at TRACE: what
 * they write names nobody and betrays nothing.
 */
class TraceHygieneTest {
  private static final Path LOG =
      Path.of(System.getProperty("org.slf4j.simpleLogger.logFile", "target/laoke-wechat-test.log"));
  private static final String PHONE = "13812345678";
  private static final String OTHER_PHONE = "13987654321";
  private static final String STREET = "文三路 478 号华星时代 2 幢 1201";
  private static final Pattern TOKEN = Pattern.compile("88_[A-Za-z0-9]{20,}");

  @Test
  void aFullRunAtTraceNamesNobodyAndBetraysNothing() throws Exception {
    long before = Files.exists(LOG) ? Files.size(LOG) : 0;
    List<String> secrets;
    try (Shop shop = new Shop(TestServer.H2, PushMode.SECURE)) {
      Follower wang = shop.account.follower("王芳");
      Follower li = shop.account.follower("李雷");
      secrets = secrets(shop.account, wang, li);
      loop(shop, wang, li);
      faults(shop, wang);
      try (OfficialAccount own = Shop.official(shop.account, shop.wechat.baseUrl())) {
        calls(shop, own, wang);
      }
      assertThat(shop.dealer.doctor().findings()).isNotEmpty();
      secretsOf(shop).forEach(secrets::add);
    }
    String log = written(before);
    assertThat(log).contains("laoke.doctor", "access token fetched", SEND + " 47003");
    for (String secret : secrets) {
      assertThat(log.contains(secret)).as("the log shows " + secret).isFalse();
    }
    Matcher token = TOKEN.matcher(log);
    assertThat(token.find()).as("the log shows a token").isFalse();
    assertThat(log).doesNotContain("access_token=", "jsapi_ticket=");
  }

  private static String written(long before) throws Exception {
    byte[] all = Files.readAllBytes(LOG);
    return new String(
        all, (int) before, all.length - (int) before, java.nio.charset.StandardCharsets.UTF_8);
  }

  private static List<String> secrets(SimulatedAccount account, Follower... people) {
    List<String> secrets =
        new java.util.ArrayList<>(
            List.of(
                account.secret(),
                account.token(),
                account.encodingAesKey(),
                PHONE,
                OTHER_PHONE,
                STREET,
                "王芳",
                "李雷"));
    for (Follower one : people) {
      secrets.add(one.openId());
    }
    return secrets;
  }

  /** What was made on the way: codes' tickets, and the addresses that carry them. */
  private static List<String> secretsOf(Shop shop) {
    return shop.account.qrCodes().stream()
        .flatMap(code -> java.util.stream.Stream.of(code.ticket(), code.scene()))
        .toList();
  }

  private static void loop(Shop shop, Follower wang, Follower li) {
    shop.dealer
        .orders()
        .upsert(
            Order.of("SO-1", Instant.now())
                .buyer(Buyer.of("C-1", "王芳", PHONE))
                .place(Place.of("浙江/杭州/西湖区", STREET, "李雷", OTHER_PHONE))
                .line(OrderLine.goods("1", "kitchen/hood", 1, "2999.00").name("侧吸式油烟机")));
    shop.laoke.start();
    String code = shop.dealer.bindings().issue("SO-1").qrCode().content();
    wang.scan(code);
    li.scan(code);
    wang.say("我的电话 " + PHONE);
    wang.click("MENU_SERVICE");
    STAGES.forEach(stage -> shop.advance("SO-1", stage));
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(told(wang)).hasSize(STAGES.size()));
    li.unfollow();
    assertThatThrownBy(
            () ->
                shop.dealer.orders().advance("NONE", StageReport.of(Stage.SHIPPED, Instant.now())))
        .isInstanceOf(LaokeException.class);
    shop.wechat.faults().onAnyCallback().wrongSignature();
    wang.say("伪造");
    shop.wechat.faults().onAnyCallback().wrongAppId();
    wang.say("别家");
    shop.wechat.settle();
  }

  private static void faults(Shop shop, Follower wang) {
    shop.wechat.faults().onCall(SEND).answer(-1);
    shop.wechat.faults().onCall(SEND).answer(40001, "invalid credential of " + wang.openId());
    shop.wechat.faults().onCall(SEND).acceptThenReset();
    shop.wechat.faults().onCall(SEND).answer(47003, "argument invalid! data.thing2.value invalid");
    shop.dealer
        .orders()
        .upsert(
            Shop.order("SO-2")
                .buyer(Buyer.of("C-2", "李雷", OTHER_PHONE))
                .place(Place.of("浙江/杭州/西湖区", STREET, "王芳", PHONE)));
    wang.scan(shop.dealer.bindings().issue("SO-2").qrCode().content());
    STAGES.forEach(
        stage ->
            shop.dealer
                .orders()
                .advance(
                    "SO-2",
                    StageReport.of(stage, Instant.now())
                        .technician("李雷 " + OTHER_PHONE)
                        .text("送到 " + STREET)));
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(shop.wechat.calls(SEND))
                    .filteredOn(call -> call.fault() != null)
                    .hasSize(4));
  }

  private static void calls(Shop shop, OfficialAccount own, Follower wang) throws Exception {
    Account account = own;
    assertThat(account.key()).isEqualTo(shop.account.appId());
    own.menus().create(Menu.of(new Menu.Click("会员", "M")));
    assertThat(own.menus().read()).isPresent();
    own.menus().delete();
    assertThat(own.followers().all()).contains(wang.openId());
    assertThat(own.users().find(List.of(wang.openId()))).hasSize(1);
    assertThat(own.customerService().text(wang.openId(), "您好").toCompletableFuture().get())
        .asString()
        .contains("Accepted");
    own.quotas().of(SEND);
    own.quotas().clearAll();
    assertThat(own.jsSdk().sign("https://dealer.example/o?phone=" + PHONE).signature()).hasSize(40);
    assertThat(own.doctor()).isNotEmpty();
    shop.wechat
        .faults()
        .onAnyCall()
        .times(6)
        .answer(40003, "invalid openid " + wang.openId() + " tel " + PHONE);
    assertThatThrownBy(() -> own.users().find(wang.openId()))
        .isInstanceOf(WeChatException.class)
        .hasMessageNotContaining(wang.openId());
    assertThatThrownBy(() -> own.followers().after(wang.openId()).toList())
        .isInstanceOf(WeChatException.class);
    assertThatThrownBy(() -> own.menus().delete()).isInstanceOf(WeChatException.class);
    assertThat(own.customerService().text(wang.openId(), "您好").toCompletableFuture().get())
        .asString()
        .doesNotContain(wang.openId());
    shop.wechat.faults().clear();
  }
}
