package io.laoke.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.catalog.Category;
import io.laoke.message.Decision;
import io.laoke.notice.SubscriptionNotice;
import io.laoke.notice.WebRequest;
import io.laoke.notice.WebResponse;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.reminder.AnswerState;
import io.laoke.reminder.ReminderRule;
import io.laoke.reminder.ServiceCycle;
import io.laoke.reminder.TaskQuery;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.ChatMessage;
import io.laoke.simulator.Follower;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import io.laoke.testing.TestServer;
import io.laoke.wechat.OfficialAccount;
import io.laoke.wechat.OfficialAccountSettings;
import io.laoke.wechat.WeChat;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One-time subscriptions from the order's page to the phone, whether its owner follows or not. */
class SubscriptionLoopTest {
  private static final String WEB = "http://127.0.0.1:8099/m";
  private static final String SEND = "/cgi-bin/message/template/subscribe";
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  /** A dealer with a buyer who has never followed, and whose hood is due for a service. */
  private static final class Counter implements AutoCloseable {
    final HikariDataSource database;
    final WeChatSimulator wechat = WeChatSimulator.start();
    final SimulatedAccount account = wechat.addAccount(AccountSpec.service());
    final Laoke laoke;
    final Dealer dealer;
    final Follower buyer;

    Counter(TestServer server) {
      database = server.migrated();
      account.addWebDomain("127.0.0.1:8099");
      account.addSubscriptionTemplate("ONCE_1");
      OfficialAccount official =
          WeChat.officialAccount(
              OfficialAccountSettings.builder(account.appId())
                  .secret(account.secret())
                  .callbackToken(account.token())
                  .baseUrl(wechat.baseUrl())
                  .openUrl(wechat.baseUrl())
                  .build());
      DealerSettings settings = DealerSettings.defaults().webAddress(WEB);
      laoke =
          Laoke.builder()
              .dataSource(database)
              .dealer(
                  "hengxin",
                  settings.reminders(
                      settings
                          .reminders()
                          .withContactHours(LocalTime.MIN, LocalTime.of(23, 59, 59))))
              .account("hengxin", official)
              .build();
      dealer = laoke.dealer("hengxin");
      dealer.catalog().put(Category.of("kitchen/hood", "油烟机"));
      dealer
          .reminders()
          .rules()
          .put(
              ReminderRule.of(
                      "hood", "kitchen/hood", "CLEANING", ServiceCycle.every(Period.ofMonths(6)))
                  .named("油烟机深度清洗与滤网更换保养"));
      dealer.notices().subscription(account.appId(), SubscriptionNotice.of("ONCE_1"));
      LocalDate installed = LocalDate.now(ZONE).minusMonths(6);
      Instant then = installed.atTime(0, 1).atZone(ZONE).toInstant();
      dealer
          .orders()
          .upsert(
              Order.of("SO-1", then)
                  .buyer(Buyer.of("C-1", "王芳", null))
                  .line(OrderLine.goods("1", "kitchen/hood", 1, "2999").name("侧吸式油烟机")));
      buyer = account.follower("王芳");
    }

    private WebResponse get(String address, String cookies) {
      URI uri = URI.create(address);
      return laoke
          .web()
          .handle(
              WebRequest.of(
                  "GET",
                  uri.getRawPath(),
                  uri.getRawQuery(),
                  cookies.isEmpty() ? Map.of() : Map.of("Cookie", List.of(cookies)),
                  new byte[0]));
    }

    /** Opens the paper link, signs in, and goes to the order's page; the address is of the ask. */
    String askedOnThePage() {
      String paper = dealer.bindings().issue("SO-1").link();
      WebResponse start = get(paper, "");
      String cookie = start.headers().get("Set-Cookie").get(0).replaceFirst(";.*", "");
      WebResponse bound = get(buyer.signIn(start.headers().get("Location").get(0)), cookie);
      String order = link(bound, WEB + "/o/");
      return link(get(order, ""), wechat.baseUrl() + "/mp/subscribemsg");
    }

    private static String link(WebResponse page, String begin) {
      String html = new String(page.body(), StandardCharsets.UTF_8);
      Matcher found =
          Pattern.compile("href=\"(" + Pattern.quote(begin) + "[^\"]*)\"").matcher(html);
      assertThat(found.find()).as(html).isTrue();
      return found.group(1).replace("&amp;", "&");
    }

    void agrees() {
      WebResponse agreed = get(buyer.subscription(askedOnThePage(), true), "");
      assertThat(new String(agreed.body(), StandardCharsets.UTF_8)).contains("已开启提醒");
    }

    void due() {
      dealer
          .orders()
          .advance(
              "SO-1",
              StageReport.of(
                  Stage.INSTALLED,
                  LocalDate.now(ZONE).minusMonths(6).atTime(0, 2).atZone(ZONE).toInstant()));
      laoke.tick(Instant.now());
      laoke.tick(Instant.now());
    }

    List<String> steps() {
      long task = dealer.reminders().tasks().list(TaskQuery.todo(), null, 1).tasks().get(0).id();
      return dealer.reminders().contacts(task).stream()
          .map(one -> one.step() + one.why().map(why -> " " + why).orElse(""))
          .toList();
    }

    @Override
    public void close() {
      laoke.close();
      wechat.close();
      database.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void whoAgreedOnThePageIsToldOnceAndAnswersByIt(TestServer server) {
    try (Counter shop = new Counter(server)) {
      shop.agrees();
      assertThat(shop.buyer.following()).isFalse();

      shop.due();

      assertThat(shop.buyer.cards()).hasSize(1);
      ChatMessage card = shop.buyer.cards().get(0);
      assertThat(card.title()).hasSizeLessThanOrEqualTo(15).endsWith("…");
      assertThat(card.text()).contains("侧吸式油烟机");
      assertThat(card.url()).startsWith(WEB + "/s/");
      assertThat(shop.steps()).containsExactly("SUBSCRIPTION");
      assertThat(shop.dealer.deliveries().decisions("SO-1"))
          .extracting(Decision::result)
          .contains(Decision.Result.FITTED);
      String token = card.url().substring(card.url().lastIndexOf('/') + 1);
      assertThat(shop.dealer.reminders().answers().later(token, 30))
          .isInstanceOf(AnswerState.Answered.class);
    }
  }

  @Test
  void whoDidNotAgreeGetsNoneAndTheLadderGoesOn() {
    try (Counter shop = new Counter(TestServer.H2)) {
      String back = shop.buyer.subscription(shop.askedOnThePage(), false);
      assertThat(new String(shop.get(back, "").body(), StandardCharsets.UTF_8)).contains("未开启提醒");

      shop.due();

      assertThat(shop.buyer.cards()).isEmpty();
      assertThat(shop.steps()).contains("TEMPLATE NO_FOLLOWER");
      assertThat(shop.wechat.calls(SEND)).isEmpty();
    }
  }

  @Test
  void aRefusalOfThePlatformGoesToTheNextStep() {
    try (Counter shop = new Counter(TestServer.H2)) {
      shop.agrees();
      shop.wechat.faults().onCall(SEND).answer(43101);

      shop.due();
      shop.laoke.tick(Instant.now().plusSeconds(120));

      assertThat(shop.buyer.cards()).isEmpty();
      assertThat(shop.steps()).contains("SUBSCRIPTION 43101", "TEMPLATE NO_FOLLOWER");
    }
  }

  @Test
  void whatMayHaveArrivedIsNotSentAgain() {
    try (Counter shop = new Counter(TestServer.H2)) {
      shop.agrees();
      shop.wechat.faults().onCall(SEND).acceptThenReset();

      shop.due();
      shop.laoke.tick(Instant.now().plusSeconds(3_600));

      assertThat(shop.buyer.cards()).hasSize(1);
      assertThat(shop.wechat.calls(SEND)).hasSize(1);
      assertThat(shop.dealer.deliveries().decisions("SO-1"))
          .extracting(Decision::result)
          .contains(Decision.Result.UNKNOWN);
    }
  }

  @Test
  void thePlatformAsksForNothingThatTheAccountLacks() {
    try (Counter shop = new Counter(TestServer.H2)) {
      String ask = shop.askedOnThePage();
      assertThatThrownBy(() -> shop.buyer.subscription(ask.replace("ONCE_1", "ONCE_2"), true))
          .hasMessageContaining("template_id");
      assertThatThrownBy(() -> shop.buyer.subscription(ask.replace("8099", "8098"), true))
          .hasMessageContaining("redirect_url");
    }
  }
}
