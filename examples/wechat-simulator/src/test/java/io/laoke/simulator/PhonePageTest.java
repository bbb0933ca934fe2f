package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page asks of the simulator. */
class PhonePageTest {
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final TestHost host = new TestHost();
  private final SimulatedAccount account =
      simulator.addAccount(AccountSpec.service().withCallbackUrl(host.url()));
  private final TestClient client = new TestClient(simulator, account);

  @AfterEach
  void stop() {
    simulator.close();
    host.close();
  }

  private JsonNode act(String action, String... more) {
    ObjectNode body = Json.object().put("account", account.appId()).put("person", "小王");
    for (int i = 0; i < more.length; i += 2) {
      body.put(more[i], more[i + 1]);
    }
    return client.json("POST", "/_sim/" + action, Json.write(body));
  }

  private JsonNode state() {
    return client.json("GET", "/_sim/state?person=" + URLEncoder.encode("小王", UTF_8), "");
  }

  @ParameterizedTest
  @CsvSource({
    "/,text/html,微信模拟器",
    "/_sim/phone.css,text/css,.bubble",
    "/_sim/phone.js,text/javascript,refresh",
    "/favicon.ico,image/svg+xml,svg"
  })
  void servesItsFilesFromTheJarAlone(String path, String type, String inside) throws Exception {
    var answer = client.raw("GET", path, "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type"))
        .hasValueSatisfying(t -> assertThat(t).startsWith(type));
    assertThat(new String(answer.body(), UTF_8))
        .contains(inside)
        .doesNotContainPattern("(src|href)=\"https?://");
  }

  @Test
  void phonesShowTheTimeOfADemoThatPlaysAnotherDay() {
    Clock later = Clock.offset(simulator.clock(), Duration.ofDays(183));
    account.follower("小王").follow();
    account.follower("小王").say("在吗");
    simulator.phonesShow(later);
    account.follower("小王").say("还在吗");

    JsonNode state = state();
    long day = Duration.ofDays(183).toMillis();
    assertThat(state.path("shown").asLong() - state.path("now").asLong())
        .isBetween(day, day + Duration.ofMinutes(1).toMillis());
    JsonNode chat = state.path("chat");
    assertThat(chat.path(1).path("at").asLong() - chat.path(0).path("at").asLong())
        .isGreaterThanOrEqualTo(day);
    assertThat(state.path("moved").asLong()).as("nothing has aged").isZero();
  }

  @Test
  void aPersonScansChatsAndLeaves() throws Exception {
    host.reply =
        got -> got.body().contains("[text]") ? Replies.text(account, got, "在的") : "success";
    account.addTemplate("T", "通知", "内容:{{thing1.DATA}}");
    act("person");
    assertThat(state().path("people").path(0).path("following").asBoolean(true)).isFalse();
    JsonNode code = client.qr("a", 60);
    assertThat(act("scan", "code", code.path("url").asText()).path("delivered").asBoolean())
        .isTrue();
    act("say", "text", "在吗");
    client.send(account.follower("小王").openId(), "T", "", "thing1", "<b>你好</b>");
    simulator.settle();

    JsonNode state = state();
    assertThat(state.path("people").path(0).path("following").asBoolean()).isTrue();
    assertThat(state.path("chat"))
        .extracting(m -> m.path("kind").asText())
        .containsExactly("SAID", "REPLY", "TEMPLATE");
    assertThat(state.path("chat").path(2).path("fields").path(0).path("value").asText())
        .isEqualTo("<b>你好</b>");
    assertThat(state.path("log"))
        .extracting(e -> e.path("what").asText())
        .contains("POST /cgi-bin/message/template/send", "推送 subscribe", "推送 text");
    assertThat(state.toString()).doesNotContain(account.secret(), client.token());

    act("block");
    assertThat(account.follower("小王").blocking()).isTrue();
    act("unblock");
    assertThat(account.follower("小王").blocking()).isFalse();
    act("unfollow");
    assertThat(account.follower("小王").following()).isFalse();
    act("follow");
    assertThat(act("click", "key", "K").path("attempts").asInt()).isEqualTo(1);
    assertThat(account.callbacks())
        .extracting(CallbackDelivery::event)
        .containsExactly(
            "subscribe", "text", "TEMPLATESENDJOBFINISH", "unsubscribe", "subscribe", "CLICK");
  }

  @Test
  void anUploadedImageIsScanned() throws Exception {
    JsonNode code = client.qr("a", 60);
    byte[] image =
        client
            .raw(
                "GET",
                "/cgi-bin/showqrcode?ticket="
                    + URLEncoder.encode(code.path("ticket").asText(), UTF_8),
                "")
            .body();
    String target =
        "/_sim/scan-image?account=" + account.appId() + "&person=" + URLEncoder.encode("小王", UTF_8);
    var answer =
        client.http.send(
            HttpRequest.newBuilder(URI.create(simulator.baseUrl() + target))
                .POST(HttpRequest.BodyPublishers.ofByteArray(image))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.body()).contains("\"delivered\":true");
    assertThat(account.follower("小王").following()).isTrue();
    assertThat(client.json("POST", target, "no image").path("shown").asText()).contains("未发现二维码");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "errcode",
        "delay",
        "502",
        "reset-before",
        "reset-after",
        "hang",
        "garble",
        "push-lose",
        "push-twice",
        "push-hold",
        "push-late",
        "push-forged",
        "undeliverable"
      })
  void ordersFaults(String kind) {
    assertThat(act("fault", "kind", kind).path("placed").asText()).endsWith("×1");
    assertThat(simulator.faults().pending()).hasSize(1);
    assertThat(state().path("faults")).hasSize(1);
    act("faults/clear");
    assertThat(simulator.faults().pending()).isEmpty();
  }

  @Test
  void movesTimeAndReleasesHeldPushes() {
    act("advance", "seconds", "86400");
    assertThat(state().path("moved").asLong()).isEqualTo(Duration.ofDays(1).toSeconds());
    act("fault", "kind", "push-hold", "target", "subscribe");
    act("follow");
    assertThat(host.got).isEmpty();
    act("faults/release");
    assertThat(host.got).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "say,text,hi",
    "scan,code,''",
    "advance,seconds,-5",
    "advance,seconds,x",
    "fault,kind,none",
    "nothing,a,b"
  })
  void saysWhatIsWrong(String action, String name, String value) {
    assertThat(act(action, name, value).path("error").asText()).isNotEmpty();
  }

  @Test
  void pagesOfOtherSitesAreRefused() throws Exception {
    var answer =
        client.http.send(
            HttpRequest.newBuilder(URI.create(simulator.baseUrl() + "/_sim/faults/clear"))
                .header("Origin", "https://evil.example")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(client.raw("POST", "/", "").statusCode()).isEqualTo(405);
    assertThat(client.raw("GET", "/_sim/none", "").statusCode()).isEqualTo(404);
    assertThat(client.raw("POST", "/_sim/say", "{").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({"https://shop.example/a?b=1&c=2,true", "javascript:alert(1),false", "'',false"})
  void anArticleHasItsCoverAndLeadsToItsSource(String source, boolean leads) throws Exception {
    account.follower("小王").follow();
    ObjectNode draft = TestClient.article("滤芯", client.picture());
    ((ObjectNode) draft.path("articles").get(0)).put("content_source_url", source);
    String id = client.post("/cgi-bin/draft/add", Json.write(draft)).path("media_id").asText();
    client.post(
        "/cgi-bin/message/mass/sendall",
        "{\"filter\":{\"is_to_all\":true},\"mpnews\":{\"media_id\":\"%s\"},\"msgtype\":\"mpnews\"}"
            .formatted(id));
    JsonNode card = state().path("chat").get(0);
    String cover = card.path("covers").get(0).asText();
    assertThat(client.raw("GET", cover, "").headers().firstValue("content-type"))
        .contains("image/png");
    String url = card.path("url").asText();
    String page =
        new String(
            client.raw("GET", url.substring(simulator.baseUrl().length()), "").body(), UTF_8);
    assertThat(page).contains("<h1>滤芯</h1>").doesNotContain("javascript:");
    if (leads) {
      assertThat(page).contains("href=\"https://shop.example/a?b=1&amp;c=2\">阅读原文</a>");
    } else {
      assertThat(page).doesNotContain("阅读原文");
    }
  }
}
