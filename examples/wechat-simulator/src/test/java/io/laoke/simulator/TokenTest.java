package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of both token calls. */
class TokenTest {
  private static final String USERS = "/cgi-bin/user/get?access_token=";
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final SimulatedAccount account = simulator.addAccount();
  private final TestClient client = new TestClient(simulator, account);

  @AfterEach
  void stop() {
    simulator.close();
  }

  private int use(String token) {
    return client.json("GET", USERS + token, "").path("errcode").asInt();
  }

  private static String value(JsonNode answer) {
    return answer.path("access_token").asText();
  }

  @Test
  void stableTokenStaysTheSameUntilItsLastFiveMinutes() {
    JsonNode first = client.stable(false);
    assertThat(first.path("expires_in").asInt()).isBetween(7140, 7200);
    simulator.advance(Duration.ofMinutes(114));
    JsonNode same = client.stable(false);
    assertThat(value(same)).isEqualTo(value(first));
    assertThat(same.path("expires_in").asInt()).isBetween(301, 360);
    simulator.advance(Duration.ofSeconds(70));
    JsonNode next = client.stable(false);
    assertThat(value(next)).isNotEqualTo(value(first));
    assertThat(use(value(first))).isZero();
    assertThat(use(value(next))).isZero();
    simulator.advance(Duration.ofMinutes(5).plusSeconds(1));
    assertThat(use(value(first))).isEqualTo(40001);
    assertThat(use(value(next))).isZero();
    assertThat(account.tokensIssued()).isEqualTo(2);
  }

  @Test
  void expiredTokenIsRefused() {
    String token = client.token();
    simulator.advance(Duration.ofHours(2));
    assertThat(use(token)).isEqualTo(42001);
    assertThat(use(client.token())).isZero();
  }

  @Test
  void forcedRefreshVoidsTheTokenAtMostEvery30SecondsAnd20TimesADay() {
    String first = client.token();
    String second = value(client.stable(true));
    assertThat(second).isNotEqualTo(first);
    assertThat(use(first)).isEqualTo(40001);
    assertThat(value(client.stable(true))).isEqualTo(second);
    for (int i = 0; i < 19; i++) {
      simulator.advance(Duration.ofSeconds(31));
      assertThat(client.stable(true).path("errcode").asInt()).isZero();
    }
    simulator.advance(Duration.ofSeconds(31));
    assertThat(client.stable(true).path("errcode").asInt()).isEqualTo(45009);
    simulator.advance(Duration.ofDays(1));
    assertThat(client.stable(true).path("errcode").asInt()).isZero();
  }

  @Test
  void classicTokenIsIsolatedAndOverlapsFiveMinutes() {
    String stable = client.token();
    String first = value(client.classic());
    String second = value(client.classic());
    assertThat(second).isNotEqualTo(first);
    assertThat(use(first)).isZero();
    simulator.advance(Duration.ofMinutes(5).plusSeconds(1));
    assertThat(use(first)).isEqualTo(40001);
    assertThat(use(second)).isZero();
    assertThat(use(stable)).isZero();
  }

  @Test
  void onlyTheLastTwoClassicTokensWork() {
    String first = value(client.classic());
    value(client.classic());
    value(client.classic());
    assertThat(use(first)).isEqualTo(40001);
  }

  @ParameterizedTest
  @CsvSource({
    "'',41001",
    "short,40014",
    "88_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,40001"
  })
  void tokenIsCheckedBeforeAnythingElse(String token, int errcode) {
    JsonNode answer = client.json("POST", USERS + token, "");
    assertThat(answer.path("errcode").asInt()).isEqualTo(errcode);
    assertThat(answer.path("errmsg").asText())
        .matches(".* rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}");
  }

  @ParameterizedTest
  @CsvSource({
    "grant_type=other&appid=APPID&secret=SECRET,40002",
    "grant_type=client_credential&secret=SECRET,41002",
    "grant_type=client_credential&appid=APPID,41004",
    "grant_type=client_credential&appid=wx0&secret=SECRET,40013",
    "grant_type=client_credential&appid=APPID&secret=no,40125"
  })
  void classicCredentials(String query, int errcode) {
    String filled = query.replace("APPID", account.appId()).replace("SECRET", account.secret());
    assertThat(client.json("GET", "/cgi-bin/token?" + filled, "").path("errcode").asInt())
        .isEqualTo(errcode);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|''|43002",
        "POST|''|44002",
        "POST|{|47001",
        "POST|[]|47001",
        "POST|{}|40002",
        "POST|{\"grant_type\":\"client_credential\"}|41002",
        "POST|{\"grant_type\":\"client_credential\",\"appid\":\"wx0\",\"secret\":\"x\"}|40013"
      })
  void stableCredentials(String method, String body, int errcode) {
    assertThat(client.json(method, "/cgi-bin/stable_token", body).path("errcode").asInt())
        .isEqualTo(errcode);
  }

  @Test
  void classicTokenIsGetOnlyAndHasADailyQuota() {
    assertThat(client.json("POST", "/cgi-bin/token", "").path("errcode").asInt()).isEqualTo(43001);
    account.quotaLimit("/cgi-bin/token", 1);
    assertThat(client.classic().path("errcode").asInt()).isZero();
    assertThat(client.classic().path("errcode").asInt()).isEqualTo(45009);
    simulator.advance(Duration.ofDays(1));
    assertThat(client.classic().path("errcode").asInt()).isZero();
  }

  @Test
  void whitelistNamesTheCallersAddress() {
    account.ipWhitelist("203.0.113.8");
    for (JsonNode answer : java.util.List.of(client.stable(false), client.classic())) {
      assertThat(answer.path("errcode").asInt()).isEqualTo(40164);
      assertThat(answer.path("errmsg").asText()).contains("127.0.0.1", "not in whitelist");
    }
    account.ipWhitelist("203.0.113.8", "127.0.0.1");
    assertThat(client.stable(false).path("errcode").asInt()).isZero();
  }

  @Test
  void frozenAndChangedSecrets() {
    account.freezeSecret(true);
    assertThat(client.stable(false).path("errcode").asInt()).isEqualTo(40243);
    account.freezeSecret(false);
    String before = account.secret();
    account.secret("another");
    assertThat(
            client
                .json(
                    "GET",
                    "/cgi-bin/token?grant_type=client_credential&appid="
                        + account.appId()
                        + "&secret="
                        + before,
                    "")
                .path("errcode")
                .asInt())
        .isEqualTo(40125);
  }

  @Test
  void aHeaderIsNoToken() throws Exception {
    var answer =
        client.http.send(
            java.net.http.HttpRequest.newBuilder(
                    java.net.URI.create(simulator.baseUrl() + "/cgi-bin/user/get"))
                .header("Authorization", "Bearer " + client.token())
                .build(),
            java.net.http.HttpResponse.BodyHandlers.ofString());
    assertThat(answer.body()).contains("41001");
  }

  @Test
  void recordsCarryNoSecret() {
    String token = client.token();
    client.classic();
    use(token);
    assertThat(simulator.calls()).hasSize(3);
    assertThat(simulator.calls().toString())
        .doesNotContain(token, account.secret())
        .contains("***", account.appId());
    assertThat(account + " " + AccountSpec.service()).doesNotContain(account.secret());
  }
}
