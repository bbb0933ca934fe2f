package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A simulator is a guest too: its threads, its memory, its neighbours and its end. */
@Timeout(60)
class LifeTest {
  private final TestHost host = new TestHost();

  @AfterEach
  void stop() {
    host.close();
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("wechat-simulator"))
        .toList();
  }

  private SimulatedAccount add(WeChatSimulator simulator) {
    return simulator.addAccount(AccountSpec.service().withCallbackUrl(host.url()));
  }

  @Test
  void closingEndsItsThreads() {
    List<Thread> before = threads();
    WeChatSimulator simulator = WeChatSimulator.start();
    SimulatedAccount account = add(simulator);
    account.addTemplate("T", "通知", "内容:{{thing1.DATA}}");
    account.follower("小王").follow();
    new TestClient(simulator, account)
        .send(account.follower("小王").openId(), "T", "", "thing1", "a");
    simulator.settle();
    assertThat(threads()).hasSizeGreaterThan(before.size() + 2).allMatch(Thread::isDaemon);
    simulator.close();
    simulator.close();
    await() // a pool has ended a moment before its last thread has
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(threads()).containsExactlyInAnyOrderElementsOf(before));
    assertThat(account.callbacks()).as("still to be read").hasSize(2);
  }

  @Test
  void afterTheEndNothingIsPushed() {
    WeChatSimulator simulator = WeChatSimulator.start();
    SimulatedAccount account = add(simulator);
    simulator.close();
    CallbackDelivery push = account.follower("小王").follow().callbacks().get(0);
    assertThat(push.status()).isEqualTo(CallbackDelivery.Status.FAILED);
    assertThat(push.attempts())
        .singleElement()
        .satisfies(attempt -> assertThat(attempt.problem()).contains("closed"));
    assertThat(host.got).isEmpty();
  }

  @Test
  void closingEndsAPushThatWaitsForItsHost() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    host.reply =
        got -> {
          asked.countDown();
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return "success";
        };
    WeChatSimulator simulator =
        WeChatSimulator.builder().callbackLimit(Duration.ofMinutes(5)).start();
    SimulatedAccount account = add(simulator);
    FutureTask<Reaction> follow = new FutureTask<>(() -> account.follower("小王").follow());
    new Thread(follow).start();
    asked.await();
    simulator.close();
    assertThat(follow.get().callbacks().get(0).attempts())
        .singleElement()
        .satisfies(attempt -> assertThat(attempt.problem()).contains("closed"));
    end.countDown();
  }

  @Test
  void twoInOneProcessDoNotMeet() {
    try (WeChatSimulator one = WeChatSimulator.start();
        WeChatSimulator two = WeChatSimulator.start()) {
      AccountSpec spec = AccountSpec.service().withCallbackUrl(host.url());
      SimulatedAccount here = one.addAccount(spec);
      SimulatedAccount there = two.addAccount(spec);
      one.advance(Duration.ofDays(1));
      one.faults().onAnyCallback().lose();
      here.follower("小王").follow();
      assertThat(there.follower("小王").following()).isFalse();
      assertThat(there.follower("小王").follow().attempts()).isEqualTo(1);
      assertThat(Duration.between(two.clock().instant(), one.clock().instant()).toHours())
          .isBetween(23L, 24L);
      String token = new TestClient(one, here).token();
      assertThat(
              new TestClient(two, there)
                  .json("GET", "/cgi-bin/user/get?access_token=" + token, "")
                  .path("errcode")
                  .asInt())
          .isEqualTo(40001);
    }
  }

  @Test
  void recordsAreBounded() {
    try (WeChatSimulator simulator = WeChatSimulator.builder().records(3).start()) {
      SimulatedAccount account = add(simulator);
      Follower wang = account.follower("小王");
      simulator.faults().onCallback("subscribe").hold();
      wang.follow();
      for (int i = 1; i <= 9; i++) {
        wang.say("第" + i + "句");
        new TestClient(simulator, account).json("GET", "/cgi-bin/no/" + i, "");
      }
      assertThat(simulator.calls())
          .extracting(ReceivedCall::path)
          .containsExactly("/cgi-bin/no/7", "/cgi-bin/no/8", "/cgi-bin/no/9");
      assertThat(simulator.callbacks())
          .extracting(CallbackDelivery::number)
          .as("one that is held is not forgotten")
          .containsExactly(1L, 9L, 10L);
      assertThatThrownBy(() -> WeChatSimulator.builder().records(0))
          .hasMessageContaining("at least 1");
    }
  }

  @Test
  void longBodiesAreCutInRecordsAndStillMasked() {
    try (WeChatSimulator simulator = WeChatSimulator.start()) {
      TestClient client = new TestClient(simulator, add(simulator));
      client.json(
          "POST",
          "/cgi-bin/stable_token",
          "{\"secret\":\"" + "s".repeat(70_000) + "\",\"x\":\"" + "y".repeat(100_000) + "\"}");
      assertThat(simulator.calls().get(0).body())
          .hasSizeLessThan(65_600)
          .startsWith("{\"secret\":\"***\"")
          .endsWith("y…");
    }
  }

  @Test
  void aCodeInAPictureOfManyPixelsIsFound() throws Exception {
    var picture =
        new java.awt.image.BufferedImage(
            9_000, 6_000, java.awt.image.BufferedImage.TYPE_BYTE_BINARY);
    var pen = picture.createGraphics();
    pen.setColor(java.awt.Color.WHITE);
    pen.fillRect(0, 0, 9_000, 6_000);
    var code =
        javax.imageio.ImageIO.read(
            new java.io.ByteArrayInputStream(QrImages.jpeg("http://weixin.qq.com/q/02a")));
    pen.drawImage(code, 2_000, 1_500, 2_000, 2_000, null);
    pen.dispose();
    var png = new java.io.ByteArrayOutputStream();
    javax.imageio.ImageIO.write(picture, "png", png);
    assertThat(WeChatSimulator.readQrCode(png.toByteArray()))
        .contains("http://weixin.qq.com/q/02a");
  }
}
