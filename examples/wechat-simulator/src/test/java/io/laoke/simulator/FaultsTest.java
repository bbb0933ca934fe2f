package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ordered faults of calls. */
class FaultsTest {
  private static final String SEND = "/cgi-bin/message/template/send";
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final SimulatedAccount account = simulator.addAccount();
  private final TestClient client = new TestClient(simulator, account);
  private final Follower wang = account.follower("小王");

  @BeforeEach
  void follow() {
    wang.follow();
    account.addTemplate("T", "通知", "内容:{{thing1.DATA}}");
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private String send() throws IOException {
    String body =
        "{\"touser\":\"%s\",\"template_id\":\"T\",\"client_msg_id\":\"m\",\"data\":{\"thing1\":{\"value\":\"a\"}}}"
            .formatted(wang.openId());
    var answer = client.raw("POST", SEND + "?access_token=" + client.token(), body);
    return answer.statusCode() + " " + new String(answer.body(), UTF_8);
  }

  @Test
  void answersAnErrcodeSoManyTimes() throws Exception {
    var fault = simulator.faults().onCall(SEND).times(2).answer(-1);
    assertThat(send()).contains("\"errcode\":-1", "system error rid: ");
    assertThat(simulator.faults().pending()).hasSize(1);
    assertThat(send()).contains("\"errcode\":-1");
    assertThat(send()).contains("\"errcode\":0");
    assertThat(fault.used()).isEqualTo(2);
    assertThat(simulator.faults().pending()).isEmpty();
    assertThat(wang.cards()).hasSize(1);
    assertThat(simulator.calls(SEND)).extracting(ReceivedCall::errcode).containsExactly(-1, -1, 0);
    assertThat(simulator.calls(SEND).get(0).fault()).contains("answer -1");
  }

  @Test
  void ordersAreConsumedOneByOneAndFitTheirPath() throws Exception {
    simulator.faults().onCall("/cgi-bin/user/get").answer(-1);
    simulator.faults().onCall(SEND).answer(45009);
    simulator.faults().onCall(SEND).answer(40001, "words");
    var token = simulator.faults().onCall("/cgi-bin/stable_token").answer(-1);
    token.cancel();
    assertThat(send()).contains("45009");
    assertThat(send()).contains("40001", "words rid");
    assertThat(send()).contains("\"errcode\":0");
    simulator.faults().clear();
    assertThat(client.get("/cgi-bin/user/get").path("errcode").asInt()).isZero();
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        order("reset before reading", false, Faults.CallFault::resetBeforeReading),
        order("reset unprocessed", false, Faults.CallFault::resetUnprocessed),
        order("accept, reset", true, Faults.CallFault::acceptThenReset),
        order("accept, truncate", true, Faults.CallFault::acceptThenTruncate),
        order("accept, hang", true, f -> f.acceptThenHang(Duration.ofMillis(200))));
  }

  private static Arguments order(
      String name, boolean accepted, Function<Faults.CallFault, Faults.Fault> fault) {
    return Arguments.of(name, accepted, fault);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void brokenConnections(
      String name, boolean accepted, Function<Faults.CallFault, Faults.Fault> fault)
      throws Exception {
    fault.apply(simulator.faults().onCall(SEND));
    assertThatThrownBy(this::send).isInstanceOf(IOException.class);
    assertThat(wang.cards()).hasSize(accepted ? 1 : 0);
    assertThat(simulator.calls(SEND)).hasSize(1);
    assertThat(send()).as("the repeat").contains("\"errcode\":0");
    assertThat(wang.cards()).hasSize(1);
  }

  @Test
  void badStatusesAndBodies() throws Exception {
    simulator.faults().onCall(SEND).httpStatus(502);
    assertThat(send()).startsWith("502");
    assertThat(wang.cards()).isEmpty();
    simulator.faults().onCall(SEND).acceptThenHttpStatus(500);
    assertThat(send()).startsWith("500");
    assertThat(wang.cards()).hasSize(1);
    simulator.faults().onCall(SEND).acceptThenGarble();
    assertThat(send()).isEqualTo("200 {\"errcode\":0,\"errm");
  }

  @Test
  void delays() throws Exception {
    simulator.faults().onAnyCall().times(2).delay(Duration.ofMillis(150));
    long before = System.nanoTime();
    assertThat(send()).contains("\"errcode\":0");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(290));
    simulator.faults().onCall(SEND).pausing(Duration.ofMillis(100)).answer(-1);
    assertThat(send()).contains("-1");
  }

  @Test
  void closingEndsWaitingCallers() {
    simulator.faults().onCall(SEND).acceptThenHang(Duration.ofHours(1));
    Thread closer =
        new Thread(
            () -> {
              org.awaitility.Awaitility.await()
                  .atMost(Duration.ofSeconds(60))
                  .until(() -> !wang.cards().isEmpty());
              simulator.close();
            });
    closer.start();
    assertThatThrownBy(this::send).isInstanceOf(IOException.class);
  }

  @Test
  void ordersAreChecked() {
    assertThatThrownBy(() -> simulator.faults().onAnyCall().times(0).answer(-1))
        .hasMessageContaining("at least 1");
    assertThatThrownBy(() -> simulator.faults().onCall(" ")).hasMessageContaining("path");
    assertThatThrownBy(() -> simulator.faults().onAnyCall().delay(Duration.ofSeconds(-1)))
        .hasMessageContaining("0 to 1 day");
    assertThatThrownBy(() -> simulator.faults().onAnyCall().httpStatus(0))
        .hasMessageContaining("200 to 599");
    assertThat(simulator.faults().pending()).isEmpty();
    assertThat(simulator.faults().onCall(SEND).always().answer(-1))
        .hasToString("call /cgi-bin/message/template/send: answer -1 ×∞");
  }
}
