package io.laoke.loop;

import static io.laoke.loop.Shop.SEND;
import static io.laoke.loop.Shop.STAGES;
import static io.laoke.loop.Shop.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.binding.CodeUnavailableException;
import io.laoke.error.LaokeException;
import io.laoke.message.Decision;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.simulator.Follower;
import io.laoke.simulator.PushMode;
import io.laoke.testing.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** An order reported, scanned, bound, and every stage told: engine, database, HTTP, encryption. */
class FirstLoopTest {
  private static final List<String> ALL = STAGES.stream().map(Stage::chinese).toList();

  @ParameterizedTest
  @CsvSource({
    "H2, PLAIN",
    "H2, COMPATIBLE",
    "H2, SECURE",
    "POSTGRESQL, PLAIN",
    "POSTGRESQL, SECURE"
  })
  void everyStageReachesWhoeverScannedTheOrder(TestServer server, PushMode mode) throws Exception {
    try (Shop shop = new Shop(server, mode)) {
      Follower customer = shop.bound("SO-1");
      Instant at = Instant.now();
      for (int reported = 0; reported < 2; reported++) {
        for (Stage stage : STAGES) {
          shop.dealer.orders().advance("SO-1", StageReport.of(stage, at));
        }
      }
      // WeChat's report of one notice, while it is looked at, may keep the next from a tick.
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                shop.laoke.tick(Instant.now());
                shop.wechat.settle();
                assertThat(told(customer)).isEqualTo(ALL);
              });

      assertThat(Shop.replies(customer)).hasSize(1).first().asString().contains("SO-1", "已上报");
      assertThat(told(customer))
          .as(() -> shop.dealer.deliveries().decisions("SO-1").toString())
          .isEqualTo(ALL);
      assertThat(shop.dealer.bindings().status("SO-1").bound()).isTrue();
      assertThat(shop.dealer.deliveries().decisions("SO-1"))
          .extracting(Decision::result)
          .containsExactly(
              Decision.Result.REPLIED,
              Decision.Result.SENT,
              Decision.Result.SENT,
              Decision.Result.SENT,
              Decision.Result.SENT);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(shop.dealer.deliveries().decisions("SO-1"))
                      .filteredOn(decision -> decision.delivery().isPresent())
                      .hasSize(4));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void aHostsRollbackTakesNoticesBackAndItsCommitSendsThem(TestServer server) throws Exception {
    try (Shop shop = new Shop(server, PushMode.SECURE)) {
      Follower customer = shop.bound("SO-1");
      try (Connection host = shop.database.getConnection()) {
        host.setAutoCommit(false);
        Dealer joined = shop.dealer.in(host);
        joined.orders().advance("SO-1", StageReport.of(Stage.APPROVED, Instant.now()));
        host.rollback();
        shop.laoke.tick(Instant.now());
        assertThat(told(customer)).isEmpty();

        joined.orders().advance("SO-1", StageReport.of(Stage.SHIPPED, Instant.now()));
        assertThatThrownBy(
                () ->
                    joined.orders().advance("NONE", StageReport.of(Stage.APPROVED, Instant.now())))
            .isInstanceOf(LaokeException.class); // swallowed by the host
        host.commit();
      }
      shop.laoke.tick(Instant.now());

      assertThat(told(customer)).containsExactly("已出库");
      assertThat(shop.dealer.orders().find("SO-1").orElseThrow().stage()).isEqualTo(Stage.SHIPPED);
    }
  }

  @Test
  void aProcessKilledAfterTheHostsCommitLosesNothing() throws Exception {
    try (Shop shop = new Shop(TestServer.POSTGRESQL, PushMode.SECURE)) {
      Follower customer = shop.bound("SO-1");
      Process killed =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  CommitAndDie.class.getName(),
                  shop.database.getJdbcUrl(),
                  shop.wechat.baseUrl(),
                  shop.account.appId(),
                  shop.account.secret(),
                  shop.account.token(),
                  shop.account.encodingAesKey())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .start();
      assertThat(killed.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(killed.exitValue()).isEqualTo(CommitAndDie.KILLED);
      assertThat(told(customer)).isEmpty();

      shop.laoke.tick(Instant.now());
      shop.laoke.tick(Instant.now());

      assertThat(told(customer)).containsExactly("已审核", "已出库");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void twoEnginesOnOneDatabaseTellEveryStageOnceAndInOrder(TestServer server) throws Exception {
    try (Shop shop = new Shop(server, PushMode.SECURE);
        Laoke second = shop.anotherEngine()) {
      List<Follower> customers = new ArrayList<>();
      for (int i = 0; i < 25; i++) {
        customers.add(shop.bound("SO-" + i));
      }
      shop.laoke.start();
      second.start();
      ExecutorService clerks = Executors.newFixedThreadPool(4);
      try {
        List<Future<?>> work = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
          String orderNo = "SO-" + i;
          work.add(clerks.submit(() -> STAGES.forEach(stage -> shop.advance(orderNo, stage))));
        }
        for (Future<?> one : work) {
          one.get();
        }
      } finally {
        clerks.shutdownNow();
      }

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> assertThat(customers).allSatisfy(c -> assertThat(told(c)).isEqualTo(ALL)));
      assertThat(shop.account.accepted()).hasSize(100);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void noFaultOfThePlatformLosesOrDoublesAMessage(TestServer server) throws Exception {
    try (Shop shop = new Shop(server, PushMode.SECURE)) {
      Follower customer = shop.bound("SO-1");
      shop.wechat.faults().onCall(SEND).times(1).answer(-1);
      shop.wechat.faults().onCall(SEND).times(1).acceptThenReset();
      shop.wechat.faults().onCall(SEND).times(1).answer(40001);
      shop.wechat.faults().onCall(SEND).times(1).resetBeforeReading();
      shop.wechat.faults().onCall(SEND).times(1).acceptThenHttpStatus(502);
      shop.laoke.start();
      STAGES.forEach(stage -> shop.advance("SO-1", stage));

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(told(customer)).isEqualTo(ALL));
      shop.wechat.settle();
      assertThat(told(customer)).isEqualTo(ALL);
      assertThat(shop.account.accepted()).hasSize(4);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void anUnfollowerIsLeftAloneUntilTheyComeBack(TestServer server) throws Exception {
    try (Shop shop = new Shop(server, PushMode.SECURE)) {
      Follower customer = shop.bound("SO-1");
      shop.wechat.advance(Duration.ofSeconds(2)); // WeChat tells times in seconds
      customer.unfollow();
      shop.advance("SO-1", Stage.APPROVED);
      shop.laoke.tick(Instant.now());
      assertThat(shop.wechat.calls(SEND)).isEmpty();
      assertThat(shop.dealer.deliveries().decisions("SO-1"))
          .last()
          .satisfies(
              decision -> {
                assertThat(decision.result()).isEqualTo(Decision.Result.STOPPED);
                assertThat(decision.reason()).isPresent();
              });

      shop.wechat.advance(Duration.ofSeconds(2)); // WeChat tells times in seconds
      customer.follow();
      shop.advance("SO-1", Stage.SHIPPED);
      shop.laoke.tick(Instant.now());

      assertThat(told(customer)).containsExactly("已出库");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void aRepeatedPushBindsOnceAndIsAnsweredAlike(TestServer server) throws Exception {
    try (Shop shop = new Shop(server, PushMode.SECURE)) {
      shop.dealer.orders().upsert(Shop.order("SO-1"));
      Follower customer = shop.account.follower("王芳");
      shop.wechat.faults().onCallback("subscribe").times(1).twice();
      customer.scan(shop.dealer.bindings().issue("SO-1").qrCode().content());
      shop.wechat.settle();

      assertThat(shop.dealer.bindings().recipients("SO-1")).hasSize(1);
      assertThat(shop.dealer.deliveries().decisions("SO-1")).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void withoutWeChatTheOrderStandsAndTheCodeFollowsLater(TestServer server) throws Exception {
    try (Shop shop = new Shop(server, PushMode.SECURE)) {
      shop.dealer.orders().upsert(Shop.order("SO-1"));
      var ticket = shop.dealer.bindings().issue("SO-1");
      shop.wechat.faults().onCall("/cgi-bin/qrcode/create").times(3).httpStatus(502);

      assertThatThrownBy(ticket::qrCode)
          .isInstanceOf(CodeUnavailableException.class)
          .hasMessageContainingAll("HTTP 502", "untouched");
      assertThat(shop.dealer.orders().find("SO-1")).isPresent();
      assertThat(ticket.qrCode().content()).isNotBlank();
    }
  }
}
