package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What template/send takes and refuses. */
class TemplateSendTest {
  private static final String SEND = "/cgi-bin/message/template/send";
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final SimulatedAccount account = simulator.addAccount();
  private final TestClient client = new TestClient(simulator, account);
  private final Follower wang = account.follower("小王");

  @BeforeEach
  void follow() {
    wang.follow();
    account.addTemplate("ONE", "通知", "内容:{{thing1.DATA}}");
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          thing            | 反渗透净水器RO-500（白）           | true
          thing            | 一二三四五六七八九十一二三四五六七八九十   | true
          thing            | 一二三四五六七八九十一二三四五六七八九十一 | false
          thing            | 𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷 | true
          thing            | 送您😀                      | false
          thing            | 爱心❤️                       | false
          thing            | ★五星①级                     | true
          short_thing      | 净水器五字                    | true
          short_thing      | 净水器有六字                   | false
          character_string | SO-2025/12_17 #001.A         | true
          character_string | 12345678901234567890123456789012  | true
          character_string | 123456789012345678901234567890123 | false
          character_string | 订单1                        | false
          character_string | A，B                        | false
          number           | 3                           | true
          number           | 3.50                        | true
          number           | 3件                          | false
          number           | -3                          | false
          letter           | abcXYZ                      | true
          letter           | abc1                        | false
          symbol           | ***                         | true
          symbol           | ******                      | false
          symbol           | a*                          | false
          phrase           | 已发货                        | true
          phrase           | 已送达客户处                     | false
          phrase           | 已发货1                       | false
          phrase           | OK                          | false
          name             | 欧阳娜娜                       | true
          name             | 一二三四五六七八九十一                | false
          name             | Christopher Nolan Jr         | true
          name             | Christopher Nolan Jr.        | false
          name             | 张Christopher               | false
          name             | 张三2                         | false
          time             | 15:01                       | true
          time             | 2025年12月17日 15:01          | true
          time             | 2025-12-17 15:01:30         | true
          time             | 09:00~11:30                 | true
          time             | 2025年12月17日 09:00~2025年12月17日 11:00 | true
          time             | 24:01                       | false
          time             | 2025年12月17日               | false
          time             | 下午三点                       | false
          date             | 2025年12月17日               | true
          date             | 2025-12-17                  | true
          date             | 2025/12/17                  | true
          date             | 2025.12.17                  | true
          date             | 2025年12月17日 15:01          | true
          date             | 2025年2月30日                | false
          date             | 12月17日                     | false
          date             | 2025-12-17~2025-12-19       | true
          amount           | ¥1280.50                    | true
          amount           | 1280.5元                    | true
          amount           | 1,280.50                    | false
          amount           | ¥12345678901                | false
          amount           | 免费                         | false
          phone_number     | +86-0766-66888866           | true
          phone_number     | 13800138000                 | true
          phone_number     | 138001380001380013          | false
          phone_number     | 电话13800138000              | false
          car_number       | 粤A8Z888挂                   | true
          car_number       | 粤A8Z8888挂                  | false
          car_number       | 粤A8汉88                     | false
          const            | 一二三四五六七八九十一二三四五六七八九十   | true
          const            | 一二三四五六七八九十一二三四五六七八九十一 | false
          enum             | 随便什么                       | true
          """)
  void fieldTypes(String type, String value, boolean taken) {
    account.addTemplate("T", "通知", "字段:{{" + type + "7.DATA}}");
    JsonNode answer = client.send(wang.openId(), "T", "", type + "7", value);
    assertThat(answer.path("errcode").asInt()).isEqualTo(taken ? 0 : 47003);
    if (taken) {
      assertThat(wang.cards()).singleElement().extracting(c -> c.value("字段")).isEqualTo(value);
    } else {
      assertThat(answer.path("errmsg").asText())
          .startsWith("argument invalid! data." + type + "7.value invalid rid: ");
      assertThat(wang.cards()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\nb", "a\tb", "a\u2028b", "a\u0000b", "\r"})
  void noTypeTakesNothingOrControlCharacters(String value) {
    for (String type : "thing character_string phrase name time amount const".split(" ", -1)) {
      account.addTemplate("T", "通知", "字段:{{" + type + "1.DATA}}");
      JsonNode answer = client.send(wang.openId(), "T", "", type + "1", value);
      assertThat(answer.path("errcode").asInt()).as(type).isEqualTo(47003);
    }
  }

  @Test
  void constTakesDeclaredValuesOnly() {
    account.addTemplate(
        new SimulatedTemplate(
            "T", "通知", "状态:{{const1.DATA}}", Map.of("const1", Set.of("已发货", "已送达"))));
    assertThat(client.send(wang.openId(), "T", "", "const1", "已送达").path("errcode").asInt())
        .isZero();
    assertThat(client.send(wang.openId(), "T", "", "const1", "已签收").path("errcode").asInt())
        .isEqualTo(47003);
  }

  @Test
  void everyFieldOfTheTemplateIsNeededAndOthersAreIgnored() {
    account.addTemplate("T", "通知", "甲:{{thing1.DATA}}\n乙:{{thing2.DATA}}");
    assertThat(client.send(wang.openId(), "T", "", "thing1", "a").path("errmsg").asText())
        .contains("data.thing2.value");
    assertThat(
            client
                .send(wang.openId(), "T", "", "thing1", "a", "thing2", "b", "thing9", "")
                .path("errcode")
                .asInt())
        .isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|44002",
        "{|47001",
        "{} x|47001",
        "{\"template_id\":\"ONE\",\"data\":{}}|41009",
        "{\"touser\":\"oForeign\",\"template_id\":\"ONE\",\"data\":{}}|40003",
        "{\"touser\":\"WANG\",\"data\":{}}|40037",
        "{\"touser\":\"WANG\",\"template_id\":\"TWO\",\"data\":{}}|40037",
        "{\"touser\":\"STRANGER\",\"template_id\":\"ONE\",\"data\":{\"thing1\":{\"value\":\"a\"}}}|43004",
        "{\"touser\":\"WANG\",\"template_id\":\"ONE\"}|47001",
        "{\"touser\":\"WANG\",\"template_id\":\"ONE\",\"data\":\"a\"}|47001",
        "{\"touser\":\"WANG\",\"template_id\":\"ONE\",\"data\":{\"thing1\":\"a\"}}|47003",
        "{\"touser\":\"WANG\",\"template_id\":\"ONE\",\"data\":{\"thing1\":{\"value\":3}}}|47003",
        "{\"touser\":\"WANG\",\"template_id\":\"ONE\",\"url\":\"LONG\",\"data\":{\"thing1\":{\"value\":\"a\"}}}|40039",
        "{\"touser\":\"WANG\",\"template_id\":\"LONG\",\"data\":{}}|40036",
        "{\"touser\":\"WANG\",\"template_id\":\"ONE\",\"client_msg_id\":\"123456789012345678901234567890123\",\"data\":{\"thing1\":{\"value\":\"a\"}}}|47003",
        "{\"touser\":\"WANG\",\"template_id\":\"ONE\",\"miniprogram\":{\"appid\":\"wxmini\"},\"data\":{\"thing1\":{\"value\":\"a\"}}}|40013",
        "{\"touser\":\"WANG\",\"template_id\":\"ONE\",\"miniprogram\":{\"appid\":\"wxlinked\",\"pagepath\":\"p/a?x=1\"},\"data\":{\"thing1\":{\"value\":\"a\"}}}|0"
      })
  void refusals(String body, int errcode) {
    account.linkMiniProgram("wxlinked");
    String filled =
        body.replace("WANG", wang.openId())
            .replace("STRANGER", account.follower("路人").openId())
            .replace("LONG", "https://d.example/" + "x".repeat(1024));
    assertThat(client.post(SEND, filled).path("errcode").asInt()).isEqualTo(errcode);
    assertThat(wang.cards()).hasSize(errcode == 0 ? 1 : 0);
  }

  @Test
  void bytesThatAreNotUtf8AreNoJson() throws Exception {
    var answer =
        client.http.send(
            java.net.http.HttpRequest.newBuilder(
                    java.net.URI.create(
                        simulator.baseUrl() + SEND + "?access_token=" + client.token()))
                .POST(
                    java.net.http.HttpRequest.BodyPublishers.ofByteArray(
                        "{\"touser\":\"中文\"}".getBytes(java.nio.charset.Charset.forName("GBK"))))
                .build(),
            java.net.http.HttpResponse.BodyHandlers.ofString());
    assertThat(answer.body()).contains("47001");
  }

  @Test
  void sameClientMsgIdInsideTenMinutesIsOneMessage() {
    Follower li = account.follower("小李");
    li.follow();
    long first = client.send(wang.openId(), "ONE", "m1", "thing1", "a").path("msgid").asLong();
    simulator.advance(Duration.ofSeconds(599));
    JsonNode again = client.send(wang.openId(), "ONE", "m1", "thing1", "a");
    assertThat(again.path("errcode").asInt()).isZero();
    assertThat(again.path("msgid").asLong()).isEqualTo(first);
    assertThat(client.send(li.openId(), "ONE", "m1", "thing1", "a").path("msgid").asLong())
        .isNotEqualTo(first);
    assertThat(account.accepted(wang.openId()))
        .singleElement()
        .satisfies(
            message -> {
              assertThat(message.clientMsgId()).isEqualTo("m1");
              assertThat(message.repeats()).isEqualTo(1);
            });
    simulator.advance(Duration.ofSeconds(1));
    assertThat(client.send(wang.openId(), "ONE", "m1", "thing1", "a").path("msgid").asLong())
        .isGreaterThan(first);
    assertThat(wang.cards()).hasSize(2);
  }

  @Test
  void oldIndustryTemplatesAreCutInSilence() {
    account.addTemplate(
        "OLD",
        "订单提醒",
        "{{first.DATA}}\n单号：{{keyword1.DATA}}\n商品：{{keyword2.DATA}}\n{{remark.DATA}}");
    assertThat(
            client
                .send(
                    wang.openId(),
                    "OLD",
                    "",
                    "first",
                    "您好",
                    "keyword1",
                    "SO-1\n第二行",
                    "keyword2",
                    "😀一二三四五六七八九十一二三四五六七八九十一",
                    "remark",
                    "点击查看")
                .path("errcode")
                .asInt())
        .isZero();
    assertThat(wang.cards().get(0).text()).isEqualTo("单号：SO-1\n商品：一二三四五六七八九十一二三四五六七八九十");
  }

  @Test
  void blockedAndFailedMessagesAreReportedAndNotShown() {
    try (TestHost host = new TestHost()) {
      account.callbackUrl(host.url());
      wang.block();
      long blocked = client.send(wang.openId(), "ONE", "", "thing1", "a").path("msgid").asLong();
      wang.unblock();
      simulator.faults().failDelivery(1);
      long failed = client.send(wang.openId(), "ONE", "", "thing1", "b").path("msgid").asLong();
      long good = client.send(wang.openId(), "ONE", "", "thing1", "c").path("msgid").asLong();
      simulator.settle();
      assertThat(account.callbacks("TEMPLATESENDJOBFINISH"))
          .extracting(CallbackDelivery::content)
          .satisfiesExactlyInAnyOrder(
              c -> assertThat(c).contains("<MsgID>" + blocked + "</MsgID>", "failed:user block"),
              c -> assertThat(c).contains("<MsgID>" + failed, "failed: system failed"),
              c -> assertThat(c).contains("<MsgID>" + good, "<![CDATA[success]]>"));
      assertThat(wang.cards()).singleElement().extracting(c -> c.value("内容")).isEqualTo("c");
    }
  }

  @Test
  void quotaRunsOutAndComesBackNextDayOrByClearing() {
    account.quotaLimit(SEND, 1);
    assertThat(client.send(wang.openId(), "ONE", "", "thing1", "a").path("errcode").asInt())
        .isZero();
    assertThat(client.send(wang.openId(), "ONE", "", "thing1", "a").path("errcode").asInt())
        .isEqualTo(45009);
    JsonNode quota =
        client.post("/cgi-bin/openapi/quota/get", "{\"cgi_path\":\"" + SEND + "\"}").path("quota");
    assertThat(quota.path("daily_limit").asInt()).isEqualTo(1);
    assertThat(quota.path("used").asInt()).isEqualTo(1);
    assertThat(quota.path("remain").asInt()).isZero();
    client.post("/cgi-bin/clear_quota", "{\"appid\":\"" + account.appId() + "\"}");
    assertThat(client.send(wang.openId(), "ONE", "", "thing1", "a").path("errcode").asInt())
        .isZero();
    simulator.advance(Duration.ofDays(1));
    assertThat(account.quotaUsed(SEND)).isZero();
    assertThat(client.send(wang.openId(), "ONE", "", "thing1", "a").path("errcode").asInt())
        .isZero();
  }
}
