package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static io.laoke.reminder.ToldCustomers.DUE;
import static io.laoke.reminder.ToldCustomers.steps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.DealerSettings;
import io.laoke.catalog.Store;
import io.laoke.error.InvalidInputException;
import io.laoke.message.Inbound;
import io.laoke.message.Outbound;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.notice.NoticeTemplate;
import io.laoke.notice.SubscriptionNotice;
import io.laoke.notice.WebRequest;
import io.laoke.notice.WebResponse;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.TestServer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever has agreed to one message gets one, before all other steps. */
class SubscriptionStepTest {
  private static final String WEB = "https://m.hengxin.example/laoke";
  private static final Pattern ASK = Pattern.compile("href=\"(https://ask\\.example/[^\"]+)\"");
  private static final Map<String, List<String>> PHONE =
      Map.of("User-Agent", List.of("Mozilla/5.0 MicroMessenger/8.0"));

  /** The follower of SO-1 has the address of the order's page. */
  private static ReminderFixture laoke(TestServer server) {
    ReminderFixture laoke =
        ToldCustomers.laoke(server, DealerSettings.defaults().anyHour().webAddress(WEB));
    laoke.platform.prompts = true;
    laoke.dealer().notices().subscription("wx1", SubscriptionNotice.of("S-1").withScene(7));
    laoke
        .dealer()
        .notices()
        .template(Stage.COMPLETED, NoticeTemplate.of("T-DONE").field("thing1", "{order.items}"));
    laoke.dealer().orders().advance("SO-1", StageReport.of(Stage.COMPLETED, at(laoke.today())));
    laoke.tick();
    return laoke;
  }

  private static WebResponse get(ReminderFixture laoke, String address) {
    URI uri = URI.create(address);
    return laoke
        .engine(0)
        .web()
        .handle(WebRequest.of("GET", uri.getRawPath(), uri.getRawQuery(), PHONE, new byte[0]));
  }

  private static String text(WebResponse page) {
    return new String(page.body(), StandardCharsets.UTF_8);
  }

  private static String page(ReminderFixture laoke) {
    return laoke.platform.sent().get(0).body().url().orElseThrow();
  }

  /** What the order's page asks with, by name. */
  private static Map<String, String> asked(ReminderFixture laoke) {
    Matcher found = ASK.matcher(text(get(laoke, page(laoke))));
    assertThat(found.find()).as("the page asks").isTrue();
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : URI.create(found.group(1).replace("&amp;", "&")).getRawQuery().split("&")) {
      int mark = pair.indexOf('=');
      query.put(
          pair.substring(0, mark),
          java.net.URLDecoder.decode(pair.substring(mark + 1), StandardCharsets.UTF_8));
    }
    return query;
  }

  private static String back(Map<String, String> asked, Map<String, String> other) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("openid", "o-1");
    query.put("template_id", asked.get("template"));
    query.put("action", "confirm");
    query.put("scene", asked.get("scene"));
    query.put("reserved", asked.get("reserved"));
    query.putAll(other);
    return asked.get("to")
        + "?"
        + query.entrySet().stream()
            .map(
                one ->
                    one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
  }

  private static void agrees(ReminderFixture laoke) {
    WebResponse page = get(laoke, back(asked(laoke), Map.of()));
    assertThat(page.status()).isEqualTo(200);
    assertThat(text(page)).contains("已开启提醒", WEB + "/o/");
  }

  private static Outbound last(ReminderFixture laoke) {
    List<Outbound> sent = laoke.platform.sent();
    return sent.get(sent.size() - 1);
  }

  @ParameterizedTest
  @EnumSource
  void oneAgreementIsOneMessageBeforeTheTemplate(TestServer server) {
    try (ReminderFixture laoke = laoke(server)) {
      Map<String, String> asked = asked(laoke);
      assertThat(asked)
          .containsEntry("template", "S-1")
          .containsEntry("scene", "7")
          .containsEntry("to", WEB + "/n/1");
      assertThat(asked.get("reserved").length()).isLessThanOrEqualTo(128);
      String back = back(asked, Map.of());
      for (int i = 0; i < 3; i++) {
        assertThat(get(laoke, back).status()).isEqualTo(200);
      }
      assertThat(laoke.count("subscription_grant")).isEqualTo(1);
      assertThat(text(get(laoke, page(laoke)))).contains("已开启").doesNotContain("ask.example");
      int before = laoke.platform.sent().size();

      laoke.on(DUE);

      assertThat(laoke.platform.sent()).hasSize(before + 1);
      Outbound sent = last(laoke);
      assertThat(sent.to()).isEqualTo("o-1");
      assertThat(sent.body().templateId()).isEqualTo("S-1");
      assertThat(sent.body().fields().get("scene").value()).isEqualTo("7");
      assertThat(sent.body().fields().get("title").value()).isEqualTo("油烟机清洗提醒");
      assertThat(sent.body().fields().get("content").value()).contains("7月10日");
      assertThat(sent.body().url().orElseThrow()).startsWith(WEB + "/s/");
      assertThat(steps(laoke, "SO-1")).containsExactly("SUBSCRIPTION TOLD");
      assertThat(steps(laoke, "SO-2").get(0)).isEqualTo("TEMPLATE ENDED NO_FOLLOWER");
      assertThat(text(get(laoke, page(laoke)))).as("asked again").contains("ask.example");

      agrees(laoke);
      laoke.on(DUE.plusDays(3));
      assertThat(last(laoke).body().templateId()).isEqualTo("T-CARE");
      assertThat(steps(laoke, "SO-1"))
          .as("another agreement waits for another occasion")
          .containsExactly("SUBSCRIPTION ENDED SILENT", "TEMPLATE TOLD");
      assertThat(laoke.rows("SELECT used_by FROM {subscription_grant} WHERE used_by IS NULL"))
          .hasSize(1);
    }
  }

  @Test
  void wordsNameTheStoreWhereOneIsKnown() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      laoke
          .dealer()
          .notices()
          .subscription(
              "wx1", SubscriptionNotice.of("S-1").withWords("保养提醒", "{service.store|我们}提醒您保养"));
      agrees(laoke);
      String store =
          laoke.rows("SELECT store_code FROM {customer_order} WHERE order_no = 'SO-1'").get(0);
      laoke.dealer().catalog().put(Store.of(store, "西湖文三路店"));

      laoke.on(DUE);

      assertThat(last(laoke).body().fields().get("content").value()).isEqualTo("西湖文三路店提醒您保养");
    }
  }

  @Test
  void whatThePlatformRefusesIsToldByTheTemplate() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      agrees(laoke);
      laoke.platform.script.add(
          new SendOutcome.Refused(Reason.of("43101", "user refuse to accept"), false, false));

      laoke.on(DUE);
      laoke.engine(0).tick(at(DUE).plusSeconds(120));

      assertThat(steps(laoke, "SO-1")).containsExactly("SUBSCRIPTION ENDED 43101", "TEMPLATE TOLD");
      assertThat(last(laoke).body().templateId()).isEqualTo("T-CARE");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAgreementIsNotUsedUpByWhatNeverLeft(TestServer server) {
    try (ReminderFixture laoke = laoke(server)) {
      agrees(laoke);
      laoke.platform.script.add(
          new SendOutcome.Misconfigured(
              SendOutcome.Scope.ACCOUNT, Reason.of("40164", "not on the IP list")));
      laoke.on(DUE);
      assertThat(steps(laoke, "SO-1")).containsExactly("SUBSCRIPTION TOLD");
      laoke
          .dealer()
          .deliveries()
          .pauses()
          .forEach(one -> laoke.dealer().deliveries().resume(one.id()));
      Answers answers = laoke.dealer().reminders().answers();
      answers.later(answers.token(laoke.task("SO-1")).orElseThrow(), 7);
      int before = laoke.platform.sent().size();
      laoke.on(DUE);
      assertThat(laoke.platform.sent()).as("stopped by the answer").hasSize(before);

      laoke.on(DUE.plusDays(7));

      assertThat(last(laoke).body().templateId()).isEqualTo("S-1");
      assertThat(laoke.platform.sent()).hasSize(before + 1);
      assertThat(steps(laoke, "SO-1"))
          .containsExactly("SUBSCRIPTION ENDED ANSWERED", "SUBSCRIPTION TOLD");
      assertThat(laoke.count("subscription_grant")).isEqualTo(1);
    }
  }

  @Test
  void onlyWhoWasAskedAgreesAndOnlyToWhatWasAsked() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      Map<String, String> asked = asked(laoke);
      for (Map<String, String> other :
          List.of(
              Map.of("openid", "o-2"),
              Map.of("openid", ""),
              Map.of("scene", "8"),
              Map.of("scene", "x"),
              Map.of("template_id", "S-2"),
              Map.of("reserved", "x" + asked.get("reserved")),
              Map.of("reserved", asked.get("reserved").replaceAll(".$", "!")))) {
        WebResponse page = get(laoke, back(asked, other));
        assertThat(page.status()).as("%s", other).isEqualTo(400);
        assertThat(text(page)).contains("没有开启");
      }
      assertThat(text(get(laoke, back(asked, Map.of("action", "cancel"))))).contains("未开启提醒");
      laoke.be(laoke.today().plusDays(1));
      assertThat(get(laoke, back(asked, Map.of())).status()).as("too late").isEqualTo(400);
      assertThat(laoke.count("subscription_grant")).isZero();
    }
  }

  /** Nothing proves that the platform has asked each time that a page was opened. */
  @Test
  void whoHasAgreedCannotAgreeToMoreThanOneMessage() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      List<Map<String, String>> pages = List.of(asked(laoke), asked(laoke), asked(laoke));
      for (Map<String, String> asked : pages) {
        assertThat(text(get(laoke, back(asked, Map.of())))).contains("已开启提醒");
      }
      assertThat(laoke.count("subscription_grant")).isEqualTo(1);
    }
  }

  @Test
  void nobodyIsAskedWhereItCannotBe() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      URI page = URI.create(page(laoke));
      WebResponse elsewhere =
          laoke
              .engine(0)
              .web()
              .handle(WebRequest.of("GET", page.getPath(), null, Map.of(), new byte[0]));
      assertThat(text(elsewhere)).doesNotContain("ask.example");
      assertThat(laoke.dealer().notices().subscriptions()).containsOnlyKeys("wx1");
      assertThat(laoke.dealer().notices().removeSubscription("wx1")).isTrue();
      assertThat(laoke.dealer().notices().removeSubscription("wx1")).isFalse();
      assertThat(text(get(laoke, page(laoke)))).doesNotContain("ask.example");
      assertThat(laoke.dealer().notices().templates()).hasSize(1);
    }
  }

  @Test
  void whoUnfollowsIsForgottenByIt() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      agrees(laoke);
      laoke
          .engine(0)
          .receive("wx1", new Inbound.Unfollowed("u1", at(laoke.today()).plusSeconds(60), "o-1"));

      laoke.on(DUE);

      assertThat(steps(laoke, "SO-1").get(0)).isEqualTo("TEMPLATE ENDED NO_FOLLOWER");
    }
  }

  @Test
  void itIsNoPartOfAPlanAndKnowsOnlyServices() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      assertThatThrownBy(
              () -> ContactPlan.auto().steps(ContactStep.SUBSCRIPTION, ContactStep.TEMPLATE))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("SUBSCRIPTION");
      assertThatThrownBy(
              () ->
                  laoke
                      .dealer()
                      .notices()
                      .subscription(
                          "wx1", SubscriptionNotice.of("S-1").withWords("{order.no}", "x")))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> SubscriptionNotice.of("S-1").withScene(10_001))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("scene");
    }
  }
}
