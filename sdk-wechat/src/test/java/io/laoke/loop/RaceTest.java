package io.laoke.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.order.Stage;
import io.laoke.simulator.AcceptedMessage;
import io.laoke.simulator.Follower;
import io.laoke.simulator.PushMode;
import io.laoke.simulator.QrTicket;
import io.laoke.testing.TestServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * 64 threads in each of two processes do everything at once to the same orders and people. Then all
 * that must hold is looked for in the tables and in what WeChat accepted. {@code -Dlaoke.seed=…}
 * repeats what is done, though not in which order.
 */
class RaceTest {
  private static final int THREADS = 64;
  private static final int ROUNDS = 6;
  private static final int ORDERS = 12;
  private static final int PEOPLE = 6;
  private static final int LIMIT = 3;

  @Test
  void twoProcessesOf64ThreadsBreakNothing() throws Exception {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("race: -Dlaoke.seed=" + seed);
    try (Shop shop = new Shop(TestServer.POSTGRESQL, PushMode.SECURE)) {
      Race race = prepared(shop);
      Process other = worker(shop, race, seed + THREADS);
      try (BufferedReader said =
          new BufferedReader(
              new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
        assertThat(said.readLine()).isEqualTo(RaceWorker.READY);
        other.getOutputStream().write('\n');
        other.getOutputStream().flush();
        Race.Done mine = race.run(shop.laoke, seed, THREADS, ROUNDS);
        String its = said.readLine();
        List<String> itsErrors = said.lines().toList();

        assertThat(mine.errors()).as("seed %d", seed).isEmpty();
        assertThat(itsErrors).as("seed %d", seed).isEmpty();
        assertThat(mine.deeds()).isEqualTo(THREADS * ROUNDS);
        assertThat(its).startsWith(THREADS * ROUNDS + " ");
      } finally {
        other.destroyForcibly();
      }
      shop.laoke.tick(Instant.now());
      check(shop, race);
    }
  }

  private static Race prepared(Shop shop) {
    List<String> scenes = new ArrayList<>();
    Race naming = new Race(shop.account.appId(), now(), List.of("none"), List.of());
    for (int i = 0; i < ORDERS; i++) {
      shop.dealer.orders().upsert(naming.order(i));
      String code = shop.dealer.bindings().issue("SO-" + i).qrCode().content();
      scenes.add(
          shop.account.qrCodes().stream()
              .filter(one -> one.url().equals(code))
              .map(QrTicket::scene)
              .findFirst()
              .orElseThrow());
    }
    List<String> openids = new ArrayList<>();
    for (int i = 0; i < PEOPLE; i++) {
      Follower one = shop.account.follower("顾客 " + i);
      one.follow();
      openids.add(one.openId());
    }
    return new Race(naming.appId(), naming.at(), scenes, openids);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  private static Process worker(Shop shop, Race race, long seed) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.logFile=System.err",
            "-Dorg.slf4j.simpleLogger.log.io.laoke.wechat=error",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            RaceWorker.class.getName(),
            shop.database.getJdbcUrl(),
            shop.wechat.baseUrl(),
            shop.account.appId(),
            shop.account.secret(),
            shop.account.token(),
            shop.account.encodingAesKey(),
            race.at().toString(),
            String.join(",", race.scenes()),
            String.join(",", race.openids()),
            Long.toString(seed),
            Integer.toString(THREADS),
            Integer.toString(ROUNDS))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void check(Shop shop, Race race) throws SQLException {
    assertThat(shop.dealer.deliveries().waiting(Optional.empty(), 1).items()).isEmpty();
    assertThat(shop.dealer.deliveries().parked(Optional.empty(), 1).items()).isEmpty();
    assertThat(shop.dealer.deliveries().failed(Optional.empty(), 1).items()).isEmpty();
    assertThat(shop.dealer.deliveries().failedInbound(Optional.empty(), 1).items()).isEmpty();
    none(
        shop,
        "two codes of an order",
        "SELECT order_id FROM laoke_ticket GROUP BY order_id HAVING COUNT(*) > 1");
    none(
        shop,
        "a recipient twice",
        "SELECT order_id FROM laoke_recipient GROUP BY order_id, account, openid_hash HAVING"
            + " COUNT(*) > 1");
    none(
        shop,
        "more recipients than the limit",
        "SELECT order_id FROM laoke_recipient GROUP BY order_id HAVING COUNT(*) > " + LIMIT);
    none(
        shop,
        "one cause decided twice for one recipient",
        "SELECT cause_id FROM laoke_decision WHERE recipient <> '' GROUP BY cause_kind, cause_id,"
            + " recipient, channel HAVING COUNT(*) > 1");
    none(
        shop,
        "one stage recorded twice",
        "SELECT order_id FROM laoke_order_stage GROUP BY order_id, stage HAVING COUNT(*) > 1");
    none(
        shop,
        "one openid with two members",
        "SELECT value_hash FROM laoke_identity GROUP BY kind, account, value_hash HAVING COUNT(*) >"
            + " 1");
    none(
        shop,
        "two messages with one place in a row",
        "SELECT order_id FROM laoke_outbox GROUP BY order_id, recipient, seq HAVING COUNT(*) > 1");
    for (int i = 0; i < ORDERS; i++) {
      String orderNo = "SO-" + i;
      assertThat(shop.dealer.bindings().audit(orderNo))
          .filteredOn(event -> event.recipientId().isPresent())
          .as("each joined once to %s", orderNo)
          .hasSameSizeAs(shop.dealer.bindings().recipients(orderNo));
    }
    told(shop);
    assertThat(shop.dealer.orders().recountAll(0, 1000).clean()).isTrue();
  }

  /** Each told once, in the order of the stages, and every message that was made was told. */
  private static void told(Shop shop) throws SQLException {
    Map<String, List<String>> told = new HashMap<>();
    List<AcceptedMessage> accepted = shop.account.accepted();
    accepted.forEach(
        one ->
            told.computeIfAbsent(
                    one.openId() + " " + one.data().get("character_string1"),
                    key -> new ArrayList<>())
                .add(one.data().get("phrase3")));
    List<String> stages = Race.STAGES.stream().map(Stage::chinese).toList();
    told.forEach(
        (key, words) -> {
          assertThat(words).doesNotHaveDuplicates();
          assertThat(words.stream().filter(stages::contains).map(stages::indexOf).toList())
              .as("the stages of an order are told in their order")
              .isSorted();
        });
    assertThat(number(shop, "SELECT COUNT(*) FROM laoke_outbox WHERE state = 'SENT'"))
        .isEqualTo(accepted.size());
    assertThat(number(shop, "SELECT COUNT(DISTINCT provider_id) FROM laoke_outbox"))
        .isEqualTo(accepted.size());
    assertThat(accepted).as("the race told something").hasSizeGreaterThan(ORDERS / 3);
  }

  private static void none(Shop shop, String what, String sql) throws SQLException {
    assertThat(number(shop, "SELECT COUNT(*) FROM (" + sql + ") AS found")).as(what).isZero();
  }

  private static long number(Shop shop, String sql) throws SQLException {
    try (Connection connection = shop.database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
