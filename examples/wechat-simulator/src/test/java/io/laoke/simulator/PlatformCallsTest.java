package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** QR codes, users, permissions, quota and network calls. */
class PlatformCallsTest {
  private static final String QR = "/cgi-bin/qrcode/create";
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final SimulatedAccount account = simulator.addAccount();
  private final TestClient client = new TestClient(simulator, account);

  @AfterEach
  void stop() {
    simulator.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          QR_STR_SCENE       | 60      | "scene_str":"a"        | 0
          QR_STR_SCENE       | 2592000 | "scene_str":"S64"      | 0
          QR_STR_SCENE       | 2592001 | "scene_str":"a"        | 40053
          QR_STR_SCENE       | 0       | "scene_str":"a"        | 40053
          QR_STR_SCENE       | 60      | "scene_str":"S65"      | 40053
          QR_STR_SCENE       | 60      | "scene_str":""         | 40053
          QR_STR_SCENE       | 60      | "scene_id":1           | 40053
          QR_STR_SCENE       | "60"    | "scene_str":"a"        | 0
          QR_STR_SCENE       | null    | "scene_str":"a"        | 0
          QR_SCENE           | 60      | "scene_id":4294967295  | 0
          QR_SCENE           | 60      | "scene_id":4294967296  | 40053
          QR_SCENE           | 60      | "scene_id":0           | 40053
          QR_SCENE           | 60      | "scene_str":"a"        | 40053
          QR_LIMIT_SCENE     | null    | "scene_id":100000      | 0
          QR_LIMIT_SCENE     | null    | "scene_id":100001      | 40053
          QR_LIMIT_STR_SCENE | null    | "scene_str":"shop-1"   | 0
          QR_OTHER           | 60      | "scene_str":"a"        | 40052
          ''                 | 60      | "scene_str":"a"        | 40052
          """)
  void qrCodeRanges(String action, String seconds, String scene, int errcode) {
    String filled = scene.replace("S64", "s".repeat(64)).replace("S65", "s".repeat(65));
    JsonNode answer =
        client.post(
            QR,
            "{\"expire_seconds\":%s,\"action_name\":\"%s\",\"action_info\":{\"scene\":{%s}}}"
                .formatted(seconds, action, filled));
    assertThat(answer.path("errcode").asInt()).isEqualTo(errcode);
    if (errcode == 0) {
      assertThat(answer.path("ticket").asText()).matches("gQ[A-Za-z0-9+/]+=*").contains("+", "/");
      assertThat(answer.path("url").asText()).startsWith("http://weixin.qq.com/q/02");
      assertThat(answer.has("expire_seconds")).isEqualTo(!action.contains("LIMIT"));
    }
  }

  @Test
  void codesExpireAndPermanentOnesAreKeptAndCounted() {
    Follower wang = account.follower("小王");
    String url = client.qr("a", 60).path("url").asText();
    simulator.advance(Duration.ofSeconds(60));
    assertThat(wang.scan(url).shown()).isEqualTo("二维码已过期");
    assertThat(wang.following()).isFalse();
    assertThat(wang.scan("https://example.com").shown()).contains("打开网页");
    assertThat(wang.scan("what").shown()).contains("无法识别");
    assertThat(wang.scanImage(new byte[] {1, 2, 3}).shown()).contains("未发现二维码");

    account.maxPermanentCodes(1);
    String body =
        "{\"action_name\":\"QR_LIMIT_STR_SCENE\",\"action_info\":{\"scene\":{\"scene_str\":\"%s\"}}}";
    JsonNode lasting = client.post(QR, body.formatted("shop"));
    assertThat(client.post(QR, body.formatted("shop"))).isEqualTo(lasting);
    assertThat(client.post(QR, body.formatted("other")).path("errcode").asInt()).isEqualTo(45029);
    simulator.advance(Duration.ofDays(400));
    assertThat(wang.scan(lasting.path("url").asText()).shown()).isEmpty();
    assertThat(wang.following()).isTrue();
  }

  @Test
  void aMissingLifetimeIsThirtySeconds() {
    JsonNode code =
        client.post(
            QR, "{\"action_name\":\"QR_SCENE\",\"action_info\":{\"scene\":{\"scene_id\":7}}}");
    assertThat(code.path("expire_seconds").asInt()).isEqualTo(30);
  }

  @ParameterizedTest
  @EnumSource(AccountType.class)
  void accountTypesDecideWhatIsGranted(AccountType type) {
    account.type(type);
    boolean all = type == AccountType.VERIFIED_SERVICE;
    int users = type.isVerified() ? 0 : 48001;
    assertThat(client.get("/cgi-bin/user/get").path("errcode").asInt()).isEqualTo(users);
    assertThat(client.qr("a", 60).path("errcode").asInt()).isEqualTo(all ? 0 : 48001);
    assertThat(client.post("/cgi-bin/message/template/send", "{}").path("errcode").asInt())
        .isEqualTo(all ? 41009 : 48001);
    assertThat(client.get("/cgi-bin/template/get_all_private_template").path("errcode").asInt())
        .isEqualTo(all ? 0 : 48001);
    assertThat(client.get("/cgi-bin/get_api_domain_ip").path("errcode").asInt()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/cgi-bin/user/info,43001",
    "GET,/cgi-bin/qrcode/create,43002",
    "POST,/cgi-bin/template/get_all_private_template,43001",
    "GET,/cgi-bin/message/template/send,43002",
    "PUT,/cgi-bin/message/template/send,43002"
  })
  void methods(String method, String path, int errcode) {
    assertThat(
            client
                .json(method, path + "?access_token=" + client.token(), "{}")
                .path("errcode")
                .asInt())
        .isEqualTo(errcode);
  }

  @Test
  void unknownPathsAndBans() {
    assertThat(client.get("/cgi-bin/no/such").path("errcode").asInt()).isEqualTo(40066);
    account.ban("/cgi-bin/user/get", 48004);
    assertThat(client.get("/cgi-bin/user/get").path("errcode").asInt()).isEqualTo(48004);
    account.allow("/cgi-bin/user/get");
    assertThat(client.get("/cgi-bin/user/get").path("errcode").asInt()).isZero();
  }

  @Test
  void userInfoTellsWhatThePlatformStillTells() {
    SimulatedAccount other =
        simulator.addAccount(AccountSpec.service().withOpenPlatform("dealer-group"));
    TestClient otherClient = new TestClient(simulator, other);
    Follower wang = other.follower("小王");
    String path = "/cgi-bin/user/info?lang=zh_CN&openid=" + wang.openId();
    assertThat(otherClient.get(path))
        .isEqualTo(Json.object().put("subscribe", 0).put("openid", wang.openId()));
    wang.scan(otherClient.qr("ord:1", 600).path("url").asText());
    JsonNode info = otherClient.get(path);
    assertThat(info.path("subscribe").asInt()).isEqualTo(1);
    assertThat(info.path("qr_scene_str").asText()).isEqualTo("ord:1");
    assertThat(info.path("subscribe_scene").asText()).isEqualTo("ADD_SCENE_QR_CODE");
    assertThat(info.path("unionid").asText()).isEqualTo(wang.unionId().orElseThrow());
    assertThat(info.path("subscribe_time").asLong())
        .isCloseTo(
            simulator.clock().instant().getEpochSecond(), org.assertj.core.data.Offset.offset(60L));
    assertThat(info.has("nickname")).isFalse();
    assertThat(wang.unionId())
        .isEqualTo(
            simulator
                .addAccount(AccountSpec.subscription().withOpenPlatform("dealer-group"))
                .follower("小王")
                .unionId());
    assertThat(account.follower("小王").unionId()).isEmpty();
    assertThat(account.follower("小王").openId()).isNotEqualTo(wang.openId());
    assertThat(client.get("/cgi-bin/user/info?openid=" + wang.openId()).path("errcode").asInt())
        .isEqualTo(40003);
  }

  @Test
  void batchesOfUsers() {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 101; i++) {
      Follower each = account.follower("客户" + i);
      each.follow();
      rows.add("{\"openid\":\"" + each.openId() + "\",\"lang\":\"zh_CN\"}");
    }
    String path = "/cgi-bin/user/info/batchget";
    assertThat(
            client
                .post(path, "{\"user_list\":[" + String.join(",", rows) + "]}")
                .path("errcode")
                .asInt())
        .isEqualTo(40032);
    JsonNode hundred =
        client.post(path, "{\"user_list\":[" + String.join(",", rows.subList(0, 100)) + "]}");
    assertThat(hundred.path("user_info_list")).hasSize(100);
    assertThat(client.post(path, "{\"user_list\":[]}").path("errcode").asInt()).isEqualTo(40032);
    assertThat(client.post(path, "{\"user_list\":[{\"openid\":\"oNo\"}]}").path("errcode").asInt())
        .isEqualTo(40003);
  }

  @Test
  void pagesOfUsers() {
    assertThat(client.get("/cgi-bin/user/get").has("data")).isFalse();
    List<String> openIds =
        IntStream.range(0, 5)
            .mapToObj(i -> account.follower("客户" + i))
            .peek(Follower::follow)
            .map(Follower::openId)
            .toList();
    account.follower("路人").openId();
    account.userPageSize(2);
    List<String> seen = new ArrayList<>();
    String next = "";
    for (int i = 0; i < 4; i++) {
      JsonNode page = client.get("/cgi-bin/user/get?next_openid=" + next);
      assertThat(page.path("total").asInt()).isEqualTo(5);
      page.path("data").path("openid").forEach(id -> seen.add(id.asText()));
      next = page.path("next_openid").asText();
    }
    assertThat(next).isEmpty();
    assertThat(seen).containsExactlyElementsOf(openIds);
    assertThat(client.get("/cgi-bin/user/get?next_openid=oNo").path("errcode").asInt())
        .isEqualTo(40003);
  }

  @Test
  void quotaCallsKnowTheirLimits() {
    String clear = "{\"appid\":\"" + account.appId() + "\"}";
    for (int i = 0; i < 10; i++) {
      assertThat(client.post("/cgi-bin/clear_quota", clear).path("errcode").asInt()).isZero();
    }
    assertThat(client.post("/cgi-bin/clear_quota", clear).path("errcode").asInt()).isEqualTo(48006);
    simulator.advance(Duration.ofDays(31));
    assertThat(client.post("/cgi-bin/clear_quota", clear).path("errcode").asInt()).isZero();
    assertThat(client.post("/cgi-bin/clear_quota", "{\"appid\":\"wx0\"}").path("errcode").asInt())
        .isEqualTo(40013);
    String get = "/cgi-bin/openapi/quota/get";
    assertThat(client.post(get, "{\"cgi_path\":\"/sns/userinfo\"}").path("errcode").asInt())
        .isEqualTo(76022);
    assertThat(client.post(get, "{\"cgi_path\":\"user/get\"}").path("errcode").asInt())
        .isEqualTo(76021);
    assertThat(
            client
                .post(get, "{\"cgi_path\":\"/cgi-bin/user/get\"}")
                .path("quota")
                .path("daily_limit"))
        .isEqualTo(Json.tree(500));
  }

  @Test
  void ridTellsAboutAnEarlierCall() {
    String rid = simulatorRid(client.get("/cgi-bin/user/info?openid=oNo"));
    JsonNode request =
        client.post("/cgi-bin/openapi/rid/get", "{\"rid\":\"" + rid + "\"}").path("request");
    assertThat(request.path("response_body").asText()).contains("40003", rid);
    assertThat(client.post("/cgi-bin/openapi/rid/get", "{\"rid\":\"x\"}").path("errcode").asInt())
        .isEqualTo(76001);
  }

  private static String simulatorRid(JsonNode answer) {
    String words = answer.path("errmsg").asText();
    return words.substring(words.indexOf("rid: ") + 5);
  }

  @Test
  void templateManagement() {
    String add = "/cgi-bin/template/api_add_template";
    String body = "{\"template_id_short\":\"%s\",\"keyword_name_list\":%s}";
    assertThat(client.post(add, body.formatted("1", "[\"订单号\"]")).path("errcode").asInt())
        .isEqualTo(40037);
    assertThat(client.post(add, body.formatted("OPENTM1", "[\"订单号\"]")).path("errcode").asInt())
        .isEqualTo(40247);
    assertThat(client.post(add, body.formatted("47123", "[]")).path("errcode").asInt())
        .isEqualTo(40246);
    assertThat(client.post(add, body.formatted("47123", "[\"没有\"]")).path("errcode").asInt())
        .isEqualTo(40246);
    account.addLibraryTemplate("9", "自定", java.util.Map.of("备注", "thing1"));
    for (int i = 0; i < 25; i++) {
      assertThat(client.post(add, body.formatted("9", "[\"备注\"]")).path("errcode").asInt())
          .isZero();
    }
    assertThat(client.post(add, body.formatted("9", "[\"备注\"]")).path("errcode").asInt())
        .isEqualTo(45026);
    JsonNode list = client.get("/cgi-bin/template/get_all_private_template").path("template_list");
    assertThat(list).hasSize(25);
    String id = list.path(0).path("template_id").asText();
    String delete = "/cgi-bin/template/del_private_template";
    assertThat(client.post(delete, "{\"template_id\":\"" + id + "\"}").path("errcode").asInt())
        .isZero();
    assertThat(client.post(delete, "{\"template_id\":\"" + id + "\"}").path("errcode").asInt())
        .isEqualTo(40037);
  }

  @Test
  void specsAreChecked() {
    assertThatThrownBy(() -> AccountSpec.service().withEncodingAesKey("short"))
        .hasMessageContaining("43 characters");
    assertThatThrownBy(() -> AccountSpec.service().withAppId(" ")).hasMessageContaining("appId");
    assertThatThrownBy(() -> account.addTemplate("T", "x", "no field"))
        .hasMessageContaining("field such as");
    assertThatThrownBy(() -> simulator.addAccount(AccountSpec.service().withAppId(account.appId())))
        .hasMessageContaining("taken");
    assertThatThrownBy(() -> account.follower("路人").say("hi")).hasMessageContaining("not follow");
    assertThatThrownBy(() -> simulator.advance(Duration.ofSeconds(-1)))
        .hasMessageContaining("ahead only");
  }

  @Test
  void aTakenPortGivesTheNextFreeOne() {
    try (WeChatSimulator next = WeChatSimulator.builder().port(simulator.port()).start()) {
      assertThat(next.port()).isGreaterThan(simulator.port());
      assertThat(next.baseUrl()).endsWith(":" + next.port());
    }
  }

  @Test
  void manyCallersAtOnceGetOneTokenAndOneMessage() throws Exception {
    account.addTemplate("ONE", "通知", "内容:{{thing1.DATA}}");
    Follower wang = account.follower("小王");
    wang.follow();
    var threads = java.util.concurrent.Executors.newFixedThreadPool(16);
    try {
      List<java.util.concurrent.Callable<Long>> work = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        work.add(
            () -> client.send(wang.openId(), "ONE", "same", "thing1", "a").path("msgid").asLong());
      }
      var msgIds = new java.util.TreeSet<Long>();
      for (var done : threads.invokeAll(work)) {
        msgIds.add(done.get());
      }
      assertThat(msgIds).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
    assertThat(wang.cards()).hasSize(1);
    assertThat(account.tokensIssued()).isEqualTo(1);
    assertThat(account.accepted().get(0).repeats()).isEqualTo(63);
  }
}
