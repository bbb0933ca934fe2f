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
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Web sign-in as the platform does it. */
class WebSignInTest {
  private static final String BACK = "http://shop.example:8080/r/1?a=b";
  private final HttpClient client = HttpClient.newHttpClient();
  private WeChatSimulator simulator;
  private SimulatedAccount account;
  private Follower person;

  @BeforeEach
  void start() {
    simulator = WeChatSimulator.start();
    account = simulator.addAccount();
    account.addWebDomain("shop.example:8080");
    person = account.follower("小王");
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private String authorize(String back, String scope, String state) {
    return simulator.baseUrl()
        + "/connect/oauth2/authorize?appid="
        + account.appId()
        + "&redirect_uri="
        + URLEncoder.encode(back, StandardCharsets.UTF_8)
        + "&response_type=code&scope="
        + scope
        + "&state="
        + state
        + "#wechat_redirect";
  }

  private static String code(String back) {
    return HttpCall.form(URI.create(back).getRawQuery()).getOrDefault("code", "");
  }

  private HttpResponse<String> get(String url, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url.replaceFirst("#.*", "")));
    headers.forEach(request::header);
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode token(String code, String secret) throws IOException, InterruptedException {
    return Json.read(
        get(
                simulator.baseUrl()
                    + "/sns/oauth2/access_token?appid="
                    + account.appId()
                    + "&secret="
                    + secret
                    + "&code="
                    + code
                    + "&grant_type=authorization_code",
                Map.of())
            .body());
  }

  @Test
  void namesThePersonOnceAndWithinFiveMinutes() throws Exception {
    String back = person.signIn(authorize(BACK, "snsapi_base", "abc"));
    assertThat(back).startsWith(BACK + "&code=").endsWith("&state=abc");
    JsonNode answer = token(code(back), account.secret());
    assertThat(answer.path("openid").asText()).isEqualTo(person.openId());
    assertThat(answer.path("scope").asText()).isEqualTo("snsapi_base");
    assertThat(answer.has("is_snapshotuser") || answer.has("errcode")).isFalse();
    assertThat(token(code(back), account.secret()).path("errcode").asInt()).isEqualTo(40163);
    assertThat(token("invented", account.secret()).path("errcode").asInt()).isEqualTo(40029);
    assertThat(token("", account.secret()).path("errcode").asInt()).isEqualTo(41008);
    String late = code(person.signIn(authorize(BACK, "snsapi_base", "abc")));
    assertThat(token(late, "wrong").path("errcode").asInt()).isEqualTo(40125);
    simulator.advance(Duration.ofMinutes(5));
    assertThat(token(late, account.secret()).path("errcode").asInt()).isEqualTo(42003);
    assertThat(simulator.calls("/sns/oauth2/access_token"))
        .allSatisfy(call -> assertThat(call.query().keySet()).doesNotContain("secret", "code"));
  }

  @Test
  void aSnapshotIsNobody() throws Exception {
    person.snapshots(true);
    JsonNode answer =
        token(code(person.signIn(authorize(BACK, "snsapi_base", "1"))), account.secret());
    assertThat(answer.path("is_snapshotuser").asInt()).isEqualTo(1);
    assertThat(answer.path("openid").asText()).isNotEqualTo(person.openId()).isNotEmpty();
  }

  @Test
  void refusesForeignDomainsAndWrongQuestions() {
    for (String url :
        new String[] {
          authorize("http://shop.example.evil.com/r", "snsapi_base", "1"),
          authorize("http://shop.example:9090/r", "snsapi_base", "1"),
          authorize("javascript://shop.example:8080/%0aalert(1)", "snsapi_base", "1"),
          authorize("http://shop.example:8080@evil.com/", "snsapi_base", "1"),
          authorize("not an address", "snsapi_base", "1")
        }) {
      assertThatThrownBy(() -> person.signIn(url))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("10003");
    }
    assertThatThrownBy(() -> person.signIn(authorize(BACK, "snsapi_all", "1")))
        .hasMessageContaining("Scope");
    assertThatThrownBy(() -> person.signIn(authorize(BACK, "snsapi_base", "a".repeat(129))))
        .hasMessageContaining("state");
    account.type(AccountType.VERIFIED_SUBSCRIPTION);
    assertThatThrownBy(() -> person.signIn(authorize(BACK, "snsapi_base", "1")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void thePhonesBrowserSignsInAndAnyOtherIsAskedWhosePhoneItIs() throws Exception {
    String url = authorize(BACK, "snsapi_base", "abc");
    HttpResponse<String> unknown = get(url, Map.of());
    assertThat(unknown.statusCode()).isEqualTo(200);
    assertThat(unknown.body()).contains("请在微信客户端打开链接", "用小王的手机打开");
    HttpResponse<String> opened =
        get(
            simulator.baseUrl()
                + "/_sim/open?account="
                + account.appId()
                + "&person="
                + URLEncoder.encode("小王", StandardCharsets.UTF_8)
                + "&url="
                + URLEncoder.encode(url, StandardCharsets.UTF_8),
            Map.of());
    assertThat(opened.statusCode()).isEqualTo(302);
    assertThat(opened.headers().firstValue("Location")).contains(url);
    String cookie = opened.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    HttpResponse<String> sent = get(url, Map.of("Cookie", cookie));
    assertThat(sent.statusCode()).isEqualTo(302);
    String back = sent.headers().firstValue("Location").orElseThrow();
    assertThat(token(code(back), account.secret()).path("openid").asText())
        .isEqualTo(person.openId());
    assertThat(
            get(authorize("http://evil.com/", "snsapi_base", "1"), Map.of("Cookie", cookie)).body())
        .contains("10003");
    assertThat(
            get(
                    simulator.baseUrl() + "/_sim/open?account=a&person=b&url=javascript:alert(1)",
                    Map.of())
                .statusCode())
        .isEqualTo(400);
  }
}
