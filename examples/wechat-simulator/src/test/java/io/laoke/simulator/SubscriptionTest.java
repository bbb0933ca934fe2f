package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One-time subscriptions as the platform does them. */
class SubscriptionTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private WeChatSimulator simulator;
  private SimulatedAccount account;
  private Follower person;

  @BeforeEach
  void start() {
    simulator = WeChatSimulator.start();
    account = simulator.addAccount();
    account.addWebDomain("shop.example:8080");
    account.addSubscriptionTemplate("ONCE");
    person = account.follower("小王");
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private String ask(String template, String scene, String back, String reserved) {
    return simulator.baseUrl()
        + "/mp/subscribemsg?action=get_confirm&appid="
        + account.appId()
        + "&scene="
        + scene
        + "&template_id="
        + template
        + "&redirect_url="
        + URLEncoder.encode(back, StandardCharsets.UTF_8)
        + "&reserved="
        + reserved
        + "#wechat_redirect";
  }

  private HttpResponse<String> get(String url, String cookie)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url.replaceFirst("#.*", "")));
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode call(String path, String body) throws IOException, InterruptedException {
    return Json.read(
        client
            .send(
                HttpRequest.newBuilder(URI.create(simulator.baseUrl() + path))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body());
  }

  private int send(String template, String scene, String title, String content)
      throws IOException, InterruptedException {
    String token =
        call(
                "/cgi-bin/stable_token",
                "{\"grant_type\":\"client_credential\",\"appid\":\"%s\",\"secret\":\"%s\"}"
                    .formatted(account.appId(), account.secret()))
            .path("access_token")
            .asText();
    return call(
            "/cgi-bin/message/template/subscribe?access_token=" + token,
            """
            {"touser":"%s","template_id":"%s","url":"https://shop.example/1","scene":"%s",
             "title":"%s","data":{"content":{"value":"%s"}}}
            """
                .formatted(person.openId(), template, scene, title, content))
        .path("errcode")
        .asInt();
  }

  @Test
  void eachAgreementIsOneMessageEvenToWhoDoesNotFollow() throws Exception {
    assertThat(send("ONCE", "7", "保养提醒", "到期了")).isEqualTo(43101);

    String back =
        person.subscription(ask("ONCE", "7", "http://shop.example:8080/n?a=b", "r_1"), true);

    assertThat(back).startsWith("http://shop.example:8080/n?a=b&openid=" + person.openId());
    Map<String, String> query = HttpCall.form(URI.create(back).getRawQuery());
    assertThat(query)
        .containsEntry("template_id", "ONCE")
        .containsEntry("action", "confirm")
        .containsEntry("scene", "7")
        .containsEntry("reserved", "r_1");
    assertThat(person.following()).isFalse();
    assertThat(send("ONCE", "8", "保养提醒", "到期了")).as("another scene").isEqualTo(43101);
    assertThat(send("OTHER", "7", "保养提醒", "到期了")).isEqualTo(40037);
    assertThat(send("ONCE", "7", "十六个字的标题超过十五个字的限制", "到期了")).isEqualTo(40062);
    assertThat(send("ONCE", "7", "保养提醒", "")).isEqualTo(47003);
    assertThat(person.cards()).isEmpty();

    assertThat(send("ONCE", "7", "保养提醒", "到期了")).isZero();
    assertThat(send("ONCE", "7", "保养提醒", "到期了")).isEqualTo(43101);

    assertThat(person.cards())
        .singleElement()
        .satisfies(
            card -> {
              assertThat(card.title()).isEqualTo("保养提醒");
              assertThat(card.text()).isEqualTo("到期了");
              assertThat(card.url()).isEqualTo("https://shop.example/1");
            });
  }

  @Test
  void whoDeclinesGetsNone() throws Exception {
    String back = person.subscription(ask("ONCE", "7", "http://shop.example:8080/n", ""), false);
    assertThat(back).contains("action=cancel");
    assertThat(send("ONCE", "7", "保养提醒", "到期了")).isEqualTo(43101);
  }

  @Test
  void refusesWhatTheAccountDoesNotHave() {
    assertThatThrownBy(
            () -> person.subscription(ask("X", "7", "http://shop.example:8080/n", ""), true))
        .hasMessageContaining("template_id");
    assertThatThrownBy(
            () -> person.subscription(ask("ONCE", "7", "http://evil.example/n", ""), true))
        .hasMessageContaining("redirect_url");
    assertThatThrownBy(
            () -> person.subscription(ask("ONCE", "10001", "http://shop.example:8080/n", ""), true))
        .hasMessageContaining("scene");
    assertThatThrownBy(
            () ->
                person.subscription(
                    ask("ONCE", "7", "http://shop.example:8080/n", "x".repeat(129)), true))
        .hasMessageContaining("reserved");
  }

  @Test
  void thePhonesBrowserAsksItsPerson() throws Exception {
    String ask = ask("ONCE", "7", "http://shop.example:8080/n", "r");
    assertThat(get(ask, "").body()).contains("请选择用谁的手机", "小王");
    HttpResponse<String> opened =
        get(
            simulator.baseUrl()
                + "/_sim/open?account="
                + account.appId()
                + "&person="
                + URLEncoder.encode("小王", StandardCharsets.UTF_8)
                + "&url="
                + URLEncoder.encode(ask, StandardCharsets.UTF_8),
            "");
    String cookie = opened.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    String page = get(ask, cookie).body();
    assertThat(page).contains("允许", "取消");
    String allow =
        page.substring(page.indexOf("<a href=\"") + 9, page.indexOf("\">允许")).replace("&amp;", "&");

    HttpResponse<String> back = get(simulator.baseUrl() + allow, cookie);

    assertThat(back.headers().firstValue("Location").orElseThrow())
        .startsWith("http://shop.example:8080/n?openid=" + person.openId())
        .contains("action=confirm");
    assertThat(send("ONCE", "7", "保养提醒", "到期了")).isZero();
  }
}
