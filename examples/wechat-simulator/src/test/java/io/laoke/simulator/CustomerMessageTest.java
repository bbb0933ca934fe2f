package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Customer-service messages, the JS-SDK's ticket, and taps on the menu. */
class CustomerMessageTest {
  private static final String SEND = "/cgi-bin/message/custom/send";
  private final TestHost host = new TestHost();
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final SimulatedAccount account =
      simulator.addAccount(AccountSpec.service().withCallbackUrl(host.url()));
  private final TestClient client = new TestClient(simulator, account);
  private final Follower wang = account.follower("小王");

  @AfterEach
  void stop() {
    simulator.close();
    host.close();
  }

  private int send(String text) {
    return client
        .post(
            SEND,
            "{\"touser\":\"%s\",\"msgtype\":\"text\",\"text\":{\"content\":\"%s\"}}"
                .formatted(wang.openId(), text))
        .path("errcode")
        .asInt();
  }

  private int[] send(int times) {
    return IntStream.range(0, times).map(i -> send("您好")).toArray();
  }

  @Test
  void eachTriggerOpensItsWindow() {
    assertThat(send("您好")).isEqualTo(43004);
    wang.follow();
    assertThat(send(4)).containsExactly(0, 0, 0, 45047);
    assertThat(wang.chat())
        .extracting(ChatMessage::kind)
        .containsExactly(
            ChatMessage.Kind.SERVICE, ChatMessage.Kind.SERVICE, ChatMessage.Kind.SERVICE);
    simulator.advance(Duration.ofMinutes(1));
    assertThat(send("您好")).isEqualTo(45015);
    wang.say("在吗");
    assertThat(send(6)).containsExactly(0, 0, 0, 0, 0, 45047);
    wang.click("MENU_SERVICE");
    assertThat(send(4)).containsExactly(0, 0, 0, 45047);
    wang.say("还在吗");
    simulator.advance(Duration.ofHours(48).minusSeconds(1));
    assertThat(send("您好")).isZero();
    simulator.advance(Duration.ofSeconds(1));
    assertThat(send("您好")).isEqualTo(45015);
    wang.scan(client.qr("a", 60).path("url").asText());
    assertThat(send("您好")).isZero();
    wang.view("https://dealer.example/menu");
    assertThat(send(3)).as("view opens no window").containsExactly(0, 0, 45047);
    wang.block();
    wang.say("1");
    assertThat(send("您好")).isEqualTo(48002);
    wang.unfollow();
    wang.follow();
    assertThat(send(4)).containsExactly(0, 0, 0, 45047);
  }

  @Test
  void refusesWhatItCannotShow() {
    wang.follow();
    wang.say("在吗");
    assertThat(send("")).isEqualTo(44004);
    assertThat(send("长".repeat(683))).isEqualTo(45002);
    assertThat(code(client.post(SEND, "{\"msgtype\":\"text\",\"text\":{\"content\":\"a\"}}")))
        .isEqualTo(41009);
    assertThat(
            code(
                client.post(
                    SEND,
                    "{\"touser\":\"oNobody\",\"msgtype\":\"text\",\"text\":{\"content\":\"a\"}}")))
        .isEqualTo(40003);
    assertThat(custom("\"msgtype\":\"poem\",\"poem\":{}")).isEqualTo(40008);
    assertThat(custom("\"msgtype\":\"image\",\"image\":{\"media_id\":\"none\"}")).isEqualTo(40007);
    assertThat(
            custom(
                "\"msgtype\":\"news\",\"news\":{\"articles\":[{\"title\":\"a\"},{\"title\":\"b\"}]}"))
        .isEqualTo(45008);
    assertThat(
            custom(
                "\"msgtype\":\"msgmenu\",\"msgmenu\":{\"head_content\":\"满意吗\",\"list\":[{\"id\":\"1\",\"content\":\"满意\"}],\"tail_content\":\"谢谢\"}"))
        .isZero();
    assertThat(wang.chat().get(1).text()).isEqualTo("满意吗\n· 满意\n谢谢");
    assertThat(typing("Typing")).isZero();
    assertThat(typing("Typing")).isEqualTo(45081);
    assertThat(typing("CancelTyping")).isZero();
    assertThat(typing("Sing")).isEqualTo(45072);
    simulator.advance(Duration.ofSeconds(31));
    assertThat(typing("Typing")).isEqualTo(45080);
  }

  private int custom(String more) {
    return code(client.post(SEND, "{\"touser\":\"" + wang.openId() + "\"," + more + "}"));
  }

  private int typing(String command) {
    return code(
        client.post(
            "/cgi-bin/message/custom/typing",
            "{\"touser\":\"%s\",\"command\":\"%s\"}".formatted(wang.openId(), command)));
  }

  private static int code(JsonNode answer) {
    return answer.path("errcode").asInt();
  }

  @Test
  void theTicketStaysTheSameWhileItIsValidAndProvesAPage() {
    String path = "/cgi-bin/ticket/getticket?type=jsapi";
    String ticket = client.get(path).path("ticket").asText();
    assertThat(client.get(path).path("ticket").asText()).isEqualTo(ticket);
    String signature =
        PushCrypto.signature(
            "jsapi_ticket=" + ticket + "&noncestr=n&timestamp=1&url=https://d.example/a?b=c");
    assertThat(account.admitsPage("n", 1, "https://d.example/a?b=c#top", signature)).isTrue();
    assertThat(account.admitsPage("n", 2, "https://d.example/a?b=c", signature)).isFalse();
    simulator.advance(Duration.ofHours(2));
    assertThat(account.admitsPage("n", 1, "https://d.example/a?b=c", signature)).isFalse();
    assertThat(client.get(path).path("ticket").asText()).isNotEqualTo(ticket);
    assertThat(code(client.get("/cgi-bin/ticket/getticket?type=x"))).isEqualTo(40097);
  }

  @Test
  void tellsWhichQuotasAnAccountHasAndWhetherItsCallbackIsFound() {
    assertThat(quota(SEND)).isZero();
    account.type(AccountType.VERIFIED_SUBSCRIPTION);
    assertThat(quota("/cgi-bin/message/template/send")).isEqualTo(76022);
    assertThat(quota("/cgi-bin/nothing")).isEqualTo(76021);
    String check = "{\"action\":\"all\",\"check_operator\":\"DEFAULT\"}";
    assertThat(client.post("/cgi-bin/callback/check", check).path("ping")).hasSize(1);
    account.callbackUnreachable(true);
    assertThat(client.post("/cgi-bin/callback/check", check).has("ping")).isFalse();
    assertThat(code(client.post("/cgi-bin/callback/check", "{\"action\":\"x\"}"))).isEqualTo(40097);
  }

  private int quota(String path) {
    return code(client.post("/cgi-bin/openapi/quota/get", "{\"cgi_path\":\"" + path + "\"}"));
  }
}
