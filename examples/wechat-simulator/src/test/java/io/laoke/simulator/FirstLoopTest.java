package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Token, code, scan, reply, template message, report: in every mode and format. */
class FirstLoopTest {
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final TestHost host = new TestHost();

  @AfterEach
  void stop() {
    simulator.close();
    host.close();
  }

  @ParameterizedTest
  @CsvSource({
    "PLAIN,XML",
    "COMPATIBLE,XML",
    "SECURE,XML",
    "PLAIN,JSON",
    "COMPATIBLE,JSON",
    "SECURE,JSON"
  })
  void runsTheWholeLoop(PushMode mode, PushFormat format) throws Exception {
    SimulatedAccount account =
        simulator.addAccount(
            AccountSpec.service().withMode(mode).withFormat(format).withCallbackUrl(host.url()));
    TestClient client = new TestClient(simulator, account);
    account.addTemplate("TPL", "订单状态通知", "订单号:{{character_string1.DATA}}\n状态:{{phrase2.DATA}}");
    Follower wang = account.follower("小王");
    JsonNode code = client.qr("ord:7f3a9c21", 604_800);

    host.reply = got -> Replies.text(account, got, "已绑定订单 SO-1");
    Reaction scan = wang.scan(code.path("url").asText());

    assertThat(scan.reply()).contains("已绑定订单 SO-1");
    assertThat(scan.delivered()).isTrue();
    String push = Replies.open(account, host.last());
    assertThat(push)
        .contains("subscribe", "qrscene_ord:7f3a9c21", code.path("ticket").asText(), wang.openId());
    assertThat(host.last().query()).containsEntry("openid", wang.openId());

    Reaction again = wang.scan(code.path("ticket").asText());
    assertThat(Replies.open(account, host.last())).contains("SCAN").doesNotContain("qrscene_");
    assertThat(again.callbacks())
        .singleElement()
        .extracting(CallbackDelivery::event)
        .isEqualTo("SCAN");

    host.reply = got -> "success";
    JsonNode sent =
        client.send(
            wang.openId(), "TPL", "ord1-st3", "character_string1", "SO-1", "phrase2", "已发货");
    assertThat(sent.path("errcode").asInt()).isZero();
    simulator.settle();
    assertThat(wang.cards())
        .singleElement()
        .satisfies(
            card -> {
              assertThat(card.title()).isEqualTo("订单状态通知");
              assertThat(card.value("订单号")).isEqualTo("SO-1");
              assertThat(card.value("状态")).isEqualTo("已发货");
              assertThat(card.msgId()).isEqualTo(sent.path("msgid").asLong());
            });
    assertThat(Replies.open(account, host.last()))
        .contains("TEMPLATESENDJOBFINISH", sent.path("msgid").asText(), "success");

    wang.say("你好 <&]]> 中文");
    assertThat(Replies.open(account, host.last())).contains("text", "MsgId");
    wang.unfollow();
    assertThat(Replies.open(account, host.last())).contains("unsubscribe");
    assertThat(
            client
                .send(wang.openId(), "TPL", "", "character_string1", "SO-1", "phrase2", "已发货")
                .path("errcode")
                .asInt())
        .isEqualTo(43004);
  }

  @Test
  void showsTheCodeAsAnImageThatPhonesRead() throws Exception {
    SimulatedAccount account = simulator.addAccount();
    TestClient client = new TestClient(simulator, account);
    JsonNode code = client.qr("a/b+c", 60);
    String ticket = java.net.URLEncoder.encode(code.path("ticket").asText(), UTF_8);
    var image = client.raw("GET", "/cgi-bin/showqrcode?ticket=" + ticket, "");
    assertThat(image.statusCode()).isEqualTo(200);
    assertThat(image.headers().firstValue("content-type")).contains("image/jpg");
    assertThat(WeChatSimulator.readQrCode(image.body())).contains(code.path("url").asText());
    Follower wang = account.follower("小王");
    wang.scanImage(image.body());
    assertThat(wang.following()).isTrue();
    assertThat(client.raw("GET", "/cgi-bin/showqrcode?ticket=no", "").statusCode()).isEqualTo(404);
  }
}
