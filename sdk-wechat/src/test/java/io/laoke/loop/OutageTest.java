package io.laoke.loop;

import static io.laoke.loop.Shop.SEND;
import static io.laoke.loop.Shop.STAGES;
import static io.laoke.loop.Shop.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Laoke;
import io.laoke.binding.CodeUnavailableException;
import io.laoke.error.StoreException;
import io.laoke.message.Alarm;
import io.laoke.message.Pause;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.simulator.Faults;
import io.laoke.simulator.Follower;
import io.laoke.simulator.Reaction;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.testing.TcpProxy;
import io.laoke.testing.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the host sees when something else fails, what is kept, who is told, and how it goes on: each
 * line of the table in the guide of sdk-core is one test here. {@code -Dlaoke.outage.seconds=60}
 * lets the database, and WeChat, be away for so long, with the times of production; {@code
 * -Dlaoke.outage.server=MYSQL} names the database for both.
 */
class OutageTest {
  /** How long what is down stays so at least; none for as long as it takes to see what happens. */
  static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("laoke.outage.seconds", 0));

  /** As long again for a pause that has doubled so often. */
  private static final Duration SOON = Duration.ofSeconds(60).plus(OUTAGE);

  private static final Optional<TestServer> SERVER =
      Optional.ofNullable(System.getProperty("laoke.outage.server")).map(TestServer::valueOf);

  private static void eventually(Runnable check) {
    await().atMost(SOON).ignoreExceptionsInstanceOf(StoreException.class).untilAsserted(check::run);
  }

  /** The host goes on trying, a second apart, until the outage has lasted long enough. */
  private static void whileItLasts(Instant since, Runnable tried) {
    await()
        .pollInterval(Duration.ofSeconds(1))
        .atMost(OUTAGE.plus(SOON))
        .until(
            () -> {
              boolean over = !Instant.now().isBefore(since.plus(OUTAGE));
              if (!over) {
                tried.run();
              }
              return over;
            });
  }

  @Test
  void whileTheDatabaseIsDownCallsFailAndAfterItEverythingGoesOn() throws Exception {
    try (HikariDataSource straight = SERVER.orElse(TestServer.POSTGRESQL).fresh();
        TcpProxy way = new TcpProxy(portOf(straight));
        Branch shop = new Branch(over(way, straight), Clock.systemUTC())) {
      Follower customer = shop.bound("SO-1");
      Follower other = shop.account.follower("李雷");
      shop.dealer.orders().upsert(Shop.order("SO-2"));
      String code = shop.dealer.bindings().issue("SO-2").qrCode().content();
      Faults.Fault slow = shop.wechat.faults().onCall(SEND).delay(Duration.ofMillis(600));
      shop.laoke.start();
      shop.advance("SO-1", Stage.APPROVED);
      eventually(() -> assertThat(slow.used()).isEqualTo(1)); // WeChat is about to take it

      way.down();
      Instant since = Instant.now();
      Runnable refused =
          () ->
              assertThatThrownBy(() -> shop.advance("SO-1", Stage.SHIPPED))
                  .isInstanceOfSatisfying(
                      StoreException.class, e -> assertThat(e.retryable()).isTrue())
                  .hasMessageContainingAll("Could not", "Nothing of the call remains; repeat it.");
      refused.run();
      assertThat(other.scan(code).delivered()).as("WeChat is told to come again").isFalse();
      eventually(() -> assertThat(shop.alarmed()).contains(Alarm.Kind.STALLED));
      eventually(() -> assertThat(told(customer)).hasSize(1));
      whileItLasts(since, refused);
      way.up();

      eventually(() -> shop.advance("SO-1", Stage.SHIPPED));
      eventually(() -> assertThat(told(customer)).containsExactly("已审核", "已出库"));
      assertThat(other.scan(code).delivered()).isTrue();
      assertThat(shop.dealer.bindings().recipients("SO-2")).hasSize(1);
      eventually(() -> assertThat(undelivered(shop)).isZero());
      assertThat(shop.account.accepted())
          .as("accepted before the outcome could be written")
          .hasSize(2);
      assertThat(shop.alarmed()).containsExactly(Alarm.Kind.STALLED);
      assertThat(shop.alarms.get(0).reason().adviceZh()).contains("恢复数据库");
    }
  }

  private static int undelivered(Branch shop) {
    return shop.dealer.deliveries().waiting(Optional.empty(), 10).items().size();
  }

  private static int portOf(HikariDataSource database) {
    return Integer.parseInt(database.getJdbcUrl().replaceFirst(".*://[^:]+:(\\d+)/.*", "$1"));
  }

  private static HikariDataSource over(TcpProxy way, HikariDataSource straight) {
    HikariConfig config = Branch.pool();
    config.setJdbcUrl(
        straight.getJdbcUrl().replaceFirst("://[^/]+/", "://127.0.0.1:" + way.port() + "/"));
    return new HikariDataSource(config);
  }

  @Test
  void whileWeChatIsDownNoticesWaitAndNobodyIsToldTwice() throws Exception {
    try (Branch shop = new Branch(SERVER.orElse(TestServer.H2))) {
      List<Follower> customers = shop.bound(12);
      shop.dealer.orders().upsert(Shop.order("NEW"));
      shop.withoutWeChat();
      Instant since = Instant.now();
      for (Stage stage : STAGES) {
        for (int i = 0; i < 12; i++) {
          shop.advance("SO-" + i, stage);
        }
      }
      Runnable refused =
          () ->
              assertThatThrownBy(() -> shop.dealer.bindings().issue("NEW").qrCode())
                  .isInstanceOf(CodeUnavailableException.class)
                  .hasMessageContaining("untouched");
      refused.run();
      shop.tick();
      assertThat(shop.alarms).as("not yet: it may be over at once").isEmpty();
      if (OUTAGE.isZero()) {
        for (int i = 0; i < 8; i++) {
          shop.after(Duration.ofMinutes(11));
        }
      } else {
        shop.laoke.start();
        whileItLasts(since, refused);
      }

      assertThat(shop.alarmed()).containsExactly(Alarm.Kind.UNREACHABLE);
      assertThat(shop.alarms.get(0).reference()).isEqualTo("WECHAT_TEMPLATE");
      assertThat(shop.dealer.deliveries().waiting(Optional.empty(), 100).items()).hasSize(48);
      List<Follower> again = shop.withWeChat(customers);
      if (OUTAGE.isZero()) {
        shop.after(Duration.ofMinutes(11));
      }

      List<String> all = STAGES.stream().map(Stage::chinese).toList();
      eventually(
          () ->
              assertThat(again).allSatisfy(customer -> assertThat(told(customer)).isEqualTo(all)));
      assertThat(shop.account.accepted()).hasSize(48);
      assertThat(shop.alarmed()).containsExactly(Alarm.Kind.UNREACHABLE);
    }
  }

  /** Something is wrong with the account; then it is not any more. */
  private static void misconfigured(
      Pause.Scope scope,
      String code,
      Consumer<SimulatedAccount> wrong,
      Consumer<SimulatedAccount> right)
      throws Exception {
    try (Branch shop = new Branch(TestServer.H2)) {
      List<Follower> customers = shop.bound(12);
      wrong.accept(shop.account);
      for (int i = 0; i < 12; i++) {
        shop.advance("SO-" + i, Stage.APPROVED);
        shop.advance("SO-" + i, Stage.SHIPPED);
      }
      shop.tick();

      assertThat(shop.alarmed())
          .as("one alarm, not one per message")
          .containsExactly(Alarm.Kind.PAUSED);
      assertThat(shop.alarms.get(0).reason().code()).isEqualTo(code);
      assertThat(shop.alarms.get(0).reason().advice()).isNotBlank();
      assertThat(shop.alarms.get(0).reason().adviceZh()).isNotBlank();
      assertThat(shop.dealer.deliveries().pauses())
          .singleElement()
          .satisfies(pause -> assertThat(pause.scope()).isEqualTo(scope));
      assertThat(shop.account.accepted()).isEmpty();
      shop.tick();
      int calls = shop.wechat.calls().size();
      shop.after(Duration.ofMinutes(5).plusSeconds(1));
      assertThat(shop.wechat.calls().size() - calls).as("one message tries").isBetween(1, 3);
      assertThat(shop.dealer.deliveries().pauses()).hasSize(1);
      assertThat(held(shop)).isEqualTo(24);

      right.accept(shop.account);
      shop.after(Duration.ofMinutes(5).plusSeconds(1));

      assertThat(customers)
          .allSatisfy(customer -> assertThat(told(customer)).containsExactly("已审核", "已出库"));
      assertThat(shop.dealer.deliveries().pauses()).isEmpty();
      assertThat(shop.account.accepted()).hasSize(24);
      assertThat(shop.alarmed()).containsExactly(Alarm.Kind.PAUSED);
    }
  }

  private static int held(Branch shop) {
    return shop.dealer.deliveries().paused(Optional.empty(), 1000).items().size()
        + undelivered(shop, 1000);
  }

  private static int undelivered(Branch shop, int most) {
    return shop.dealer.deliveries().waiting(Optional.empty(), most).items().size();
  }

  @Test
  void aWrongSecretPausesTheAccountOnceAndTheRightOneIsFoundByItself() throws Exception {
    misconfigured(
        Pause.Scope.ACCOUNT,
        "40125",
        account -> {
          account.secret("another");
          account.voidTokens();
        },
        account -> account.secret(Branch.SPEC.secret()));
  }

  @Test
  void anAddressThatIsNotWhitelistedPausesTheAccountOnceUntilItIs() throws Exception {
    misconfigured(
        Pause.Scope.ACCOUNT,
        "40164",
        account -> {
          account.ipWhitelist("203.0.113.9");
          account.voidTokens();
        },
        SimulatedAccount::ipWhitelist);
  }

  @Test
  void aDeletedTemplatePausesOnlyWhatUsesItUntilItIsBack() throws Exception {
    misconfigured(
        Pause.Scope.TEMPLATE,
        "40037",
        account -> account.removeTemplate("TPL"),
        account ->
            account.addTemplate(
                "TPL",
                "订单进度",
                "订单：{{character_string1.DATA}}\n商品：{{thing2.DATA}}\n进度：{{phrase3.DATA}}"));
  }

  @Test
  void aFullDiskOfH2FailsCallsAndWithRoomEverythingGoesOn(@TempDir Path folder) throws Exception {
    FullDisk.install();
    HikariConfig config = Branch.pool();
    config.setJdbcUrl("jdbc:h2:brim:" + folder.resolve("laoke") + ";WRITE_DELAY=0");
    // It tests a connection only after half a second of rest, which a test does not give it.
    System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "-1");
    HikariDataSource pool = new HikariDataSource(config);
    System.clearProperty("com.zaxxer.hikari.aliveBypassWindowMs");
    try (Branch shop = new Branch(pool, Clock.systemUTC())) {
      Follower customer = shop.bound("SO-1");
      shop.advance("SO-1", Stage.APPROVED);
      FullDisk.full(true);
      assertThatThrownBy(() -> shop.advance("SO-1", Stage.SHIPPED))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("Could not");
      shop.laoke.start();
      eventually(() -> assertThat(shop.alarmed()).contains(Alarm.Kind.STALLED));
      assertThat(told(customer)).as("nothing leaves that was not written down before").isEmpty();

      FullDisk.full(false);
      eventually(() -> shop.advance("SO-1", Stage.SHIPPED));
      eventually(() -> assertThat(told(customer)).containsExactly("已审核", "已出库"));
      eventually(() -> assertThat(undelivered(shop)).isZero());
      assertThat(shop.account.accepted()).hasSize(2);
      assertThat(shop.alarmed()).containsExactly(Alarm.Kind.STALLED);
    } finally {
      FullDisk.full(false);
    }
  }

  @Test
  void anExhaustedPoolFailsTheCallAndSendingGoesOnWhenItHasRoom() throws Exception {
    HikariConfig config = Branch.pool();
    config.setMaximumPoolSize(3);
    try (Branch shop = new Branch(TestServer.H2.fresh(config), Clock.systemUTC())) {
      Follower customer = shop.bound("SO-1");
      shop.advance("SO-1", Stage.APPROVED);
      List<Connection> taken = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        taken.add(shop.database.getConnection());
      }
      assertThatThrownBy(() -> shop.advance("SO-1", Stage.SHIPPED))
          .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContainingAll("Could not", "Connection is not available", "repeat it");
      assertThatThrownBy(shop::tick).isInstanceOf(StoreException.class);
      shop.laoke.start();
      eventually(() -> assertThat(shop.alarmed()).contains(Alarm.Kind.STALLED));
      for (Connection one : taken) {
        one.close();
      }

      eventually(() -> assertThat(told(customer)).containsExactly("已审核"));
      shop.advance("SO-1", Stage.SHIPPED);
      eventually(() -> assertThat(told(customer)).containsExactly("已审核", "已出库"));
      assertThat(shop.alarmed()).containsExactly(Alarm.Kind.STALLED);
    }
  }

  @Test
  void aNodeWhoseClockIsWrongTellsNobodyTwiceAndRefusesPushes() throws Exception {
    Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofHours(3));
    try (Branch shop = new Branch(TestServer.H2)) {
      Follower customer = shop.bound("SO-1");
      Laoke ahead = shop.pushedTo(wrong);
      shop.dealer.orders().upsert(Shop.order("SO-2"));
      String code = shop.dealer.bindings().issue("SO-2").qrCode().content();
      Reaction scan = shop.account.follower("王芳").scan(code);
      assertThat(scan.callbacks().get(0).attempts())
          .isNotEmpty()
          .allSatisfy(attempt -> assertThat(attempt.httpStatus()).isEqualTo(403));
      assertThat(shop.dealer.bindings().recipients("SO-2")).isEmpty();

      shop.advance("SO-1", Stage.APPROVED);
      claimedElsewhere(shop);
      ahead.tick(wrong.instant());
      ahead.tick(Instant.now().minus(Duration.ofHours(3)));
      shop.tick();
      assertThat(told(customer)).as("the lease of the other holds").isEmpty();
      assertThat(undelivered(shop)).isEqualTo(1);
      shop.passes(Duration.ofSeconds(21));
      ahead.tick(wrong.instant());
      shop.tick();
      assertThat(told(customer)).containsExactly("已审核");

      ahead
          .dealer("hengxin")
          .orders()
          .advance("SO-1", StageReport.of(Stage.SHIPPED, wrong.instant()));
      CompletableFuture<Void> meanwhile = CompletableFuture.runAsync(shop::tick);
      ahead.tick(wrong.instant());
      meanwhile.get();
      shop.tick();
      ahead.tick(wrong.instant());
      assertThat(told(customer)).containsExactly("已审核", "已出库");
      assertThat(shop.account.accepted()).hasSize(2);
      assertThat(shop.alarms).isEmpty();
    }
  }

  /** As another node leaves it that has claimed what waits and has 20 s to send it. */
  private static void claimedElsewhere(Branch shop) throws SQLException {
    try (Connection connection = shop.database.getConnection();
        Statement statement = connection.createStatement()) {
      long now = System.currentTimeMillis(); // the clock of H2
      int claimed =
          statement.executeUpdate(
              """
              UPDATE laoke_outbox SET state = 'CLAIMED', claim_token = 'elsewhere', claims = 1, attempts = 1,
                lease_until_ms = %d, first_attempt_ms = %d WHERE state = 'WAITING'"""
                  .formatted(now + 20_000, now));
      assertThat(claimed).isEqualTo(1);
      statement.executeUpdate(
          """
          INSERT INTO laoke_outbox_claim (dealer_id, token, lease_until_ms, messages)
          SELECT dealer_id, claim_token, lease_until_ms, CAST(id AS VARCHAR) FROM laoke_outbox
          WHERE state = 'CLAIMED'""");
    }
  }

  @Test
  void theSameNodeStartedTwiceSharesTheWork() throws Exception {
    try (Branch shop = new Branch(TestServer.POSTGRESQL)) {
      List<Follower> customers = shop.bound(20);
      Laoke second = shop.again();
      shop.laoke.start();
      second.start();
      CompletableFuture<Void> other = CompletableFuture.runAsync(() -> reports(second, 10, 20));
      reports(shop.laoke, 0, 10);
      other.get();

      List<String> all = STAGES.stream().map(Stage::chinese).toList();
      eventually(
          () ->
              assertThat(customers)
                  .allSatisfy(customer -> assertThat(told(customer)).isEqualTo(all)));
      assertThat(shop.account.accepted()).hasSize(80);
      try (Connection connection = shop.database.getConnection();
          Statement statement = connection.createStatement();
          ResultSet nodes =
              statement.executeQuery(
                  "SELECT COUNT(DISTINCT holder) FROM laoke_node WHERE holder IS NOT NULL")) {
        nodes.next();
        assertThat(nodes.getInt(1)).as("each has a number for its ids").isEqualTo(2);
      }
      assertThat(shop.alarms).isEmpty();
    }
  }

  private static void reports(Laoke laoke, int from, int to) {
    for (int i = from; i < to; i++) {
      for (Stage stage : STAGES) {
        laoke.dealer("hengxin").orders().advance("SO-" + i, StageReport.of(stage, Instant.now()));
      }
    }
  }

  @Test
  void anInterruptedThreadOfTheHostStaysInterruptedAndLosesNothing() throws Exception {
    try (Branch shop = new Branch(TestServer.POSTGRESQL)) {
      Follower customer = shop.bound("SO-1");
      boolean reported = whileInterrupted(() -> shop.advance("SO-1", Stage.APPROVED));
      if (!reported) {
        shop.advance("SO-1", Stage.APPROVED);
      }
      whileInterrupted(shop::tick);
      shop.tick();

      assertThat(told(customer)).containsExactly("已审核");
      assertThat(undelivered(shop)).isZero();
      assertThat(shop.account.accepted()).hasSize(1);
      assertThat(shop.alarms).isEmpty();
    }
  }

  /** Whether the call came to its end; else it said that repeating it is safe. */
  private static boolean whileInterrupted(Runnable call) {
    Thread.currentThread().interrupt();
    boolean done = false;
    try {
      call.run();
      done = true;
    } catch (StoreException refused) {
      assertThat(refused).hasMessageContaining("Nothing of the call remains");
    } finally {
      assertThat(Thread.interrupted()).as("the host still knows").isTrue();
    }
    return done;
  }
}
