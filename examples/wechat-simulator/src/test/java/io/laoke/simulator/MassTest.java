package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mass sending, its quotas, its dedupe and its job reports. */
class MassTest {
  private static final String SEND = "/cgi-bin/message/mass/send";
  private static final String SEND_ALL = "/cgi-bin/message/mass/sendall";
  private final TestHost host = new TestHost();
  private final WeChatSimulator simulator =
      WeChatSimulator.builder()
          .clock(
              java.time.Clock.fixed(
                  java.time.Instant.parse("2026-11-10T02:00:00Z"), java.time.ZoneOffset.UTC))
          .start();
  private final SimulatedAccount account =
      simulator.addAccount(
          AccountSpec.service().withMode(PushMode.SECURE).withCallbackUrl(host.url()));
  private final TestClient client = new TestClient(simulator, account);

  @AfterEach
  void stop() {
    simulator.close();
    host.close();
  }

  private static int code(JsonNode answer) {
    return answer.path("errcode").asInt();
  }

  private List<String> followers(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              Follower one = account.follower("粉丝" + i);
              one.follow();
              return one.openId();
            })
        .toList();
  }

  private JsonNode send(List<String> openIds, String clientMsgId, String text) {
    ObjectNode body = Json.object().put("msgtype", "text").put("clientmsgid", clientMsgId);
    openIds.forEach(body.putArray("touser")::add);
    body.putObject("text").put("content", text);
    return client.post(SEND, Json.write(body));
  }

  private JsonNode sendDraft(List<String> openIds, String clientMsgId, String mediaId) {
    ObjectNode body = Json.object().put("msgtype", "mpnews").put("clientmsgid", clientMsgId);
    openIds.forEach(body.putArray("touser")::add);
    body.putObject("mpnews").put("media_id", mediaId);
    return client.post(SEND, Json.write(body));
  }

  private JsonNode all(String clientMsgId) {
    return client.post(
        SEND_ALL,
        "{\"filter\":{\"is_to_all\":true},\"text\":{\"content\":\"%s\"},\"msgtype\":\"text\",\"clientmsgid\":\"%s\"}"
            .formatted(clientMsgId, clientMsgId));
  }

  private String lastReport() {
    simulator.settle();
    List<CallbackDelivery> reports = account.callbacks("MASSSENDJOBFINISH");
    CallbackDelivery last = reports.get(reports.size() - 1);
    assertThat(last.body()).contains("<Encrypt>").doesNotContain("TotalCount");
    assertThat(last.status()).isEqualTo(CallbackDelivery.Status.DELIVERED);
    return last.content();
  }

  @Test
  void anArticleReachesTheListOnceAndItsDraftIsGone() throws Exception {
    List<String> openIds = followers(5);
    account.follower("粉丝3").unfollow();
    account.follower("粉丝4").block();
    String draft = client.draft("双十一清洗优惠");
    JsonNode sent = sendDraft(openIds, "cmp7-seg2-b1", draft);
    assertThat(code(sent)).isZero();
    assertThat(sent.path("msg_data_id").asLong()).isPositive();
    assertThat(lastReport())
        .contains("<MsgID>" + sent.path("msg_id").asLong() + "</MsgID>")
        .contains("<![CDATA[send success]]>")
        .contains("<TotalCount>5</TotalCount>")
        .contains("<FilterCount>3</FilterCount>")
        .contains("<SentCount>3</SentCount>")
        .contains("<ErrorCount>0</ErrorCount>")
        .contains("<CheckState>1</CheckState>")
        .contains("<ArticleUrl>");
    ChatMessage shown = account.follower("粉丝0").chat().get(0);
    assertThat(shown.kind()).isEqualTo(ChatMessage.Kind.ARTICLE);
    assertThat(shown.title()).isEqualTo("双十一清洗优惠");
    assertThat(page(shown.url())).contains("双十一清洗优惠", "<p>内容</p>");
    assertThat(account.follower("粉丝4").chat()).isEmpty();
    assertThat(account.drafts()).isEmpty();
    assertThat(code(sendDraft(openIds, "other", draft))).isEqualTo(40007);
    assertThat(state(sent)).isEqualTo("SEND_SUCCESS");

    assertThat(
            code(
                client.post(
                    "/cgi-bin/message/mass/delete",
                    "{\"msg_id\":%d,\"article_idx\":1}".formatted(sent.path("msg_id").asLong()))))
        .isZero();
    assertThat(page(shown.url())).contains("已被发布者删除").doesNotContain("内容</p>");
    assertThat(state(sent)).isEqualTo("DELETE");
  }

  private String page(String url) throws Exception {
    return new String(
        client.raw("GET", url.substring(simulator.baseUrl().length()), "").body(),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  private String state(JsonNode sent) {
    return client
        .post("/cgi-bin/message/mass/get", "{\"msg_id\":\"" + sent.path("msg_id").asText() + "\"}")
        .path("msg_status")
        .asText();
  }

  @Test
  void aServiceAccountReachesEachFollowerFourTimesAMonth() {
    List<String> openIds = followers(3);
    for (int i = 0; i < 4; i++) {
      assertThat(code(send(openIds.subList(0, 2), "m" + i, "第" + i))).isZero();
    }
    assertThat(account.massesThisMonth(openIds.get(0))).isEqualTo(4);
    assertThat(code(send(openIds, "m5", "第五"))).as("accepted, yet").isZero();
    assertThat(lastReport())
        .contains("<TotalCount>3</TotalCount>")
        .contains("<FilterCount>1</FilterCount>")
        .contains("<SentCount>1</SentCount>");
    assertThat(account.follower("粉丝0").chat()).hasSize(4);
    assertThat(account.massJobs().get(4).reached()).containsExactly(openIds.get(2));
    simulator.advance(Duration.ofDays(21)); // December in Shanghai
    assertThat(code(send(openIds, "m6", "第六"))).isZero();
    assertThat(account.follower("粉丝0").chat()).hasSize(5);
    assertThat(account.massesThisMonth(openIds.get(0))).isEqualTo(1);
  }

  @Test
  void aSubscriptionAccountSendsOnceADayAndNotByList() {
    account.type(AccountType.VERIFIED_SUBSCRIPTION);
    List<String> openIds = followers(2);
    assertThat(code(send(openIds, "x", "y"))).isEqualTo(48001);
    simulator.faults().failMass(1, "err(20001)");
    assertThat(code(all("d0"))).isZero();
    assertThat(lastReport())
        .contains("<![CDATA[err(20001)]]>")
        .contains("<SentCount>0</SentCount>")
        .contains("<ErrorCount>2</ErrorCount>");
    assertThat(code(all("d1"))).as("a failed one does not count").isZero();
    assertThat(code(all("d2"))).isEqualTo(45028);
    simulator.advance(Duration.ofHours(13));
    assertThat(code(all("d2"))).as("23:00 in Shanghai").isEqualTo(45028);
    simulator.advance(Duration.ofHours(1));
    assertThat(code(all("d2"))).isZero();
  }

  @Test
  void aRepeatedIdIsAnsweredWithItsJobForADay() {
    List<String> openIds = followers(2);
    JsonNode first = send(openIds, "cmp1", "一");
    assertThat(code(send(openIds, "cmp1", "一"))).as("within a minute").isEqualTo(45066);
    simulator.advance(Duration.ofSeconds(61));
    JsonNode again = send(openIds, "cmp1", "一");
    assertThat(code(again)).isEqualTo(45065);
    assertThat(again.path("msg_id")).isEqualTo(first.path("msg_id"));
    String draft = client.draft("图文");
    JsonNode article = sendDraft(openIds, "cmp2", draft);
    simulator.advance(Duration.ofHours(23));
    assertThat(sendDraft(openIds, "cmp2", draft).path("msg_id"))
        .as("the draft is gone, and yet it is known")
        .isEqualTo(article.path("msg_id"));
    simulator.advance(Duration.ofHours(1));
    assertThat(code(send(openIds, "cmp1", "一"))).as("forgotten after 24 h").isZero();
    assertThat(account.massJobs()).hasSize(3);
    assertThat(code(send(openIds, "", "没有编号"))).isZero();
    simulator.advance(Duration.ofMinutes(2));
    assertThat(code(send(openIds, "", "没有编号"))).as("the platform's own id").isEqualTo(45065);
    assertThat(code(send(openIds, "x".repeat(33), "一"))).isEqualTo(45067);
  }

  @Test
  void refusesWrongListsAndContent() {
    List<String> openIds = followers(2);
    assertThat(code(send(openIds.subList(0, 1), "a", "一"))).isEqualTo(40130);
    assertThat(code(send(List.of(openIds.get(0), openIds.get(0)), "a", "一"))).isEqualTo(40130);
    assertThat(code(send(List.of(openIds.get(0), "oNobody"), "a", "一"))).isEqualTo(40031);
    List<String> tooMany = IntStream.range(0, 10_001).mapToObj(i -> "o" + i).toList();
    assertThat(code(send(tooMany, "a", "一"))).isEqualTo(40032);
    assertThat(code(send(openIds, "a", ""))).isEqualTo(44004);
    assertThat(code(send(openIds, "a", "长".repeat(700)))).isEqualTo(45002);
    assertThat(code(sendDraft(openIds, "a", "none"))).isEqualTo(40007);
    assertThat(
            code(
                client.post(
                    SEND_ALL,
                    "{\"filter\":{\"is_to_all\":false,\"tag_id\":7},\"text\":{\"content\":\"a\"},\"msgtype\":\"text\"}")))
        .isEqualTo(40152);
    assertThat(
            code(
                client.post(
                    SEND_ALL,
                    "{\"filter\":{\"is_to_all\":true},\"wxcard\":{\"card_id\":\"a\"},\"msgtype\":\"wxcard\"}")))
        .isEqualTo(45113);
    assertThat(code(client.post("/cgi-bin/message/mass/get", "{\"msg_id\":1}"))).isEqualTo(40059);
    assertThat(code(client.post("/cgi-bin/message/mass/speed/set", "{\"speed\":5}")))
        .isEqualTo(45083);
    assertThat(code(client.post("/cgi-bin/message/mass/speed/set", "{}"))).isEqualTo(45084);
    assertThat(code(client.post("/cgi-bin/message/mass/speed/set", "{\"speed\":4}"))).isZero();
    assertThat(client.post("/cgi-bin/message/mass/speed/get", "{}").path("realspeed").asInt())
        .isEqualTo(10);
    assertThat(account.massJobs()).isEmpty();
  }

  @Test
  void aTagWithOneMemberGetsItAndAPreviewCostsNothing() {
    List<String> openIds = followers(2);
    client.post("/cgi-bin/tags/create", "{\"tag\":{\"name\":\"一个人\"}}");
    client.post(
        "/cgi-bin/tags/members/batchtagging",
        "{\"openid_list\":[\"%s\"],\"tagid\":100}".formatted(openIds.get(1)));
    String draft = client.draft("预览");
    ObjectNode preview = Json.object().put("touser", openIds.get(0)).put("msgtype", "mpnews");
    preview.putObject("mpnews").put("media_id", draft);
    assertThat(code(client.post("/cgi-bin/message/mass/preview", Json.write(preview)))).isZero();
    assertThat(account.follower("粉丝0").chat()).hasSize(1);
    assertThat(account.massesThisMonth(openIds.get(0))).isZero();
    assertThat(account.drafts()).hasSize(1);
    JsonNode sent =
        client.post(
            SEND_ALL,
            "{\"filter\":{\"is_to_all\":false,\"tag_id\":100},\"mpnews\":{\"media_id\":\"%s\"},\"msgtype\":\"mpnews\"}"
                .formatted(draft));
    assertThat(code(sent)).isZero();
    assertThat(account.massJobs().get(0).reached()).containsExactly(openIds.get(1));
  }

  @Test
  void aJobMayTakeTimeAndItsReportMayBeLostOrDoubled() {
    List<String> openIds = followers(2);
    account.massTakes(Duration.ofMinutes(10));
    JsonNode sent = send(openIds, "slow", "慢");
    assertThat(state(sent)).isEqualTo("SENDING");
    assertThat(account.follower("粉丝0").chat()).isEmpty();
    simulator.faults().onCallback("MASSSENDJOBFINISH").lose();
    simulator.advance(Duration.ofMinutes(10));
    assertThat(state(sent))
        .as("what polling finds when the report is lost")
        .isEqualTo("SEND_SUCCESS");
    simulator.settle();
    assertThat(host.got).noneMatch(got -> got.body().contains("MASSSENDJOBFINISH"));
    int before = host.got.size();
    account.massTakes(Duration.ZERO);
    simulator.faults().onCallback("MASSSENDJOBFINISH").twice();
    send(openIds, "twice", "两次");
    simulator.settle();
    assertThat(host.got).hasSize(before + 2);
    assertThat(host.got.get(before).body()).isEqualTo(host.got.get(before + 1).body());
  }

  @Test
  void anAnswerThatIsLostIsFoundByItsId() throws Exception {
    List<String> openIds = followers(2);
    simulator.faults().onCall(SEND).acceptThenHttpStatus(502);
    ObjectNode body = Json.object().put("msgtype", "text").put("clientmsgid", "c");
    openIds.forEach(body.putArray("touser")::add);
    body.putObject("text").put("content", "一");
    assertThat(
            client
                .raw("POST", SEND + "?access_token=" + client.token(), Json.write(body))
                .statusCode())
        .isEqualTo(502);
    simulator.advance(Duration.ofSeconds(61));
    JsonNode again = client.post(SEND, Json.write(body));
    assertThat(code(again)).isEqualTo(45065);
    assertThat(account.follower("粉丝0").chat()).hasSize(1);
    simulator.faults().onCall(SEND).answer(45009);
    body.put("clientmsgid", "d");
    assertThat(code(client.post(SEND, Json.write(body)))).isEqualTo(45009);
    for (int i = 0; i < 60; i++) {
      client.post("/cgi-bin/message/mass/get", "{\"msg_id\":1}");
    }
    assertThat(code(client.post(SEND, Json.write(body)))).as("60 a minute").isEqualTo(45011);
  }

  @Test
  void aProtectedSendWaitsForTheAdministrator() {
    List<String> openIds = followers(2);
    simulator.faults().protectMass(2, true);
    simulator.faults().protectMass(1, false);
    JsonNode asked = send(openIds, "a", "一");
    assertThat(code(asked)).isEqualTo(89504);
    JsonNode again = send(openIds, "a", "一");
    assertThat(code(again)).isEqualTo(89505);
    assertThat(again.path("msg_id")).isEqualTo(asked.path("msg_id"));
    assertThat(state(asked)).isEqualTo("SENDING");
    assertThat(account.follower("粉丝0").chat()).isEmpty();
    account.answerMass(asked.path("msg_id").asLong(), true);
    assertThat(lastReport()).contains("<![CDATA[send success]]>");
    assertThat(state(asked)).isEqualTo("SEND_SUCCESS");
    assertThat(account.follower("粉丝0").chat()).hasSize(1);

    String draft = client.draft("不同意");
    JsonNode refused = sendDraft(openIds, "b", draft);
    account.answerMass(refused.path("msg_id").asLong(), false);
    assertThat(lastReport())
        .contains("<![CDATA[err(40001)]]>")
        .contains("<TotalCount>2</TotalCount>")
        .contains("<SentCount>0</SentCount>");
    assertThat(state(refused)).isEqualTo("SEND_FAIL");
    assertThat(account.drafts()).as("it was not sent").containsExactly(draft);

    JsonNode silent = send(openIds, "c", "三");
    assertThat(code(silent)).isEqualTo(89504);
    assertThat(silent.has("msg_id")).isFalse();
    simulator.advance(Duration.ofMinutes(29));
    assertThat(code(send(openIds, "c", "三"))).isEqualTo(89505);
    simulator.advance(Duration.ofMinutes(1));
    assertThat(lastReport()).contains("<![CDATA[err(40002)]]>");
    assertThat(account.massesThisMonth(openIds.get(0))).isEqualTo(1);
    assertThat(code(send(openIds, "d", "四"))).as("used up").isZero();
  }

  @Test
  void aReportMayContradictTheOneBefore() {
    List<String> openIds = followers(2);
    JsonNode sent = send(openIds, "a", "一");
    assertThat(lastReport()).contains("<![CDATA[send success]]>");
    long msgId = sent.path("msg_id").asLong();
    account.reportMass(msgId, "err(20001)");
    assertThat(lastReport())
        .contains("<MsgID>" + msgId + "</MsgID>")
        .contains("<![CDATA[err(20001)]]>")
        .contains("<SentCount>0</SentCount>");
    assertThat(state(sent)).isEqualTo("SEND_SUCCESS");
    assertThat(account.massesThisMonth(openIds.get(0))).isEqualTo(1);
  }
}
