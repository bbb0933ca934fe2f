package io.laoke.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.binding.BindingEvent;
import io.laoke.binding.Recipient;
import io.laoke.order.Stage;
import io.laoke.simulator.AcceptedMessage;
import io.laoke.simulator.Follower;
import io.laoke.simulator.PushMode;
import io.laoke.simulator.QrTicket;
import io.laoke.testing.TestServer;
import io.laoke.testing.TextColumns;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;

/**
 * 64 threads in each of two processes do everything at once to the same orders and people. Then all
 * that must hold is looked for in the tables and in what WeChat accepted. {@code -Dlaoke.seed=…}
 * repeats what is done, though not in which order; {@code -Dlaoke.race.rounds=60
 * -Dlaoke.race.leaving=20 -Dlaoke.race.server=H2} makes a longer one, in which more people are
 * erased, elsewhere.
 */
class RaceTest {
  private static final int THREADS = 64;
  private static final int ROUNDS = Integer.getInteger("laoke.race.rounds", 8);
  private static final int STAYING = 4;
  private static final int LEAVING = Integer.getInteger("laoke.race.leaving", 4);
  private static final int ORDERS = 3 * (STAYING + LEAVING);
  private static final int PEOPLE = 6;
  private static final int LIMIT = 3;

  @Test
  void twoProcessesOf64ThreadsBreakNothing() throws Exception {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("race: -Dlaoke.seed=" + seed);
    TestServer kind = TestServer.valueOf(System.getProperty("laoke.race.server", "POSTGRESQL"));
    try (Shop shop = new Shop(kind, PushMode.SECURE);
        Reached reached = Reached.of(kind, shop)) {
      Race race = prepared(shop);
      long before = deadlocks(kind, shop);
      Process other = worker(shop, reached.url(), race, seed + THREADS);
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
        System.out.println(
            "deeds and repeats: " + mine.deeds() + " " + mine.repeats() + ", " + its);
      } finally {
        other.destroyForcibly();
      }
      shop.laoke.tick(Instant.now());
      shop.wechat.settle();
      shop.laoke.tick(Instant.now());
      System.out.println("deadlocks on the server: " + (deadlocks(kind, shop) - before));
      check(shop, race);
    }
  }

  /** As the server counts them, of other tests too if they run at the same time. */
  private static long deadlocks(TestServer kind, Shop shop) throws SQLException {
    return number(
        shop,
        switch (kind) {
          case H2 -> "SELECT 0";
          case POSTGRESQL ->
              "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
          case MYSQL ->
              "SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'";
          case MARIADB ->
              """
              SELECT variable_value FROM information_schema.global_status
              WHERE variable_name = 'INNODB_DEADLOCKS'""";
        });
  }

  /** How another process reaches the database. */
  private record Reached(String url, Runnable end) implements AutoCloseable {
    static Reached of(TestServer kind, Shop shop) throws SQLException {
      String url = shop.database.getJdbcUrl();
      if (kind != TestServer.H2) {
        return new Reached(url, () -> {});
      }
      Server server = Server.createTcpServer("-tcpPort", "0").start();
      return new Reached(
          url.replace("jdbc:h2:", "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/"),
          server::stop);
    }

    @Override
    public void close() {
      end.run();
    }
  }

  private static Race prepared(Shop shop) {
    List<String> scenes = new ArrayList<>();
    Race naming =
        new Race(
            shop.account.appId(), now(), STAYING, Collections.nCopies(ORDERS, "none"), List.of());
    Shop.STAGES.forEach(
        stage ->
            shop.dealer
                .notices()
                .template(stage, Shop.template().field("thing2", "{buyer.name}：{order.items}")));
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
    for (int i = 0; i < Race.WITHOUT_CODE; i++) {
      shop.dealer.orders().upsert(naming.withoutCode(i));
    }
    List<String> openids = new ArrayList<>();
    for (int i = 0; i < PEOPLE + LEAVING + 1; i++) {
      Follower one = shop.account.follower("顾客 " + i);
      one.follow();
      openids.add(one.openId());
    }
    return new Race(naming.appId(), naming.at(), STAYING, scenes, openids);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  private static Process worker(Shop shop, String url, Race race, long seed) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.logFile=System.err",
            "-Dorg.slf4j.simpleLogger.log.io.laoke.wechat=error",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            RaceWorker.class.getName(),
            url,
            shop.wechat.baseUrl(),
            shop.account.appId(),
            shop.account.secret(),
            shop.account.token(),
            shop.account.encodingAesKey(),
            race.at().toString(),
            Integer.toString(race.staying()),
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
    for (int i = 0; i < Race.WITHOUT_CODE; i++) {
      assertThat(shop.dealer.bindings().ticket(Race.withoutCodeNo(i)))
          .as("the first code of an order, issued by many at once")
          .isPresent();
    }
    none(
        shop,
        "a recipient twice",
        "SELECT order_id FROM laoke_recipient GROUP BY order_id, account, openid_hash HAVING"
            + " COUNT(*) > 1");
    none(
        shop,
        "more recipients than the limit",
        "SELECT order_id FROM laoke_recipient WHERE state IN ('ACTIVE', 'STOPPED')"
            + " GROUP BY order_id HAVING COUNT(*) > "
            + LIMIT);
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
      joined(shop, "SO-" + i);
    }
    merged(shop);
    told(shop);
    erased(shop, race);
    assertThat(shop.dealer.orders().recountAll(0, 1000).clean()).isTrue();
  }

  /** Whoever joined and was not taken away is a recipient, and nobody joined twice. */
  private static void joined(Shop shop, String orderNo) {
    Map<Long, Integer> times = new HashMap<>();
    for (BindingEvent event : shop.dealer.bindings().audit(orderNo)) {
      int change =
          switch (event.action()) {
            case BOUND, JOINED, AUTO_BOUND -> 1;
            case UNBOUND -> -1;
            default -> 0;
          };
      event.recipientId().ifPresent(id -> times.merge(id, change, Integer::sum));
    }
    assertThat(times.values()).as("each joined once to %s", orderNo).allMatch(one -> one <= 1);
    for (Recipient one : shop.dealer.bindings().recipients(orderNo)) {
      assertThat(times)
          .as("who is bound to %s has joined", orderNo)
          .containsEntry(one.id(), one.state().bound() ? 1 : 0);
    }
  }

  /** A member that ended stands for one that lives, and has nothing of its own any more. */
  private static void merged(Shop shop) throws SQLException {
    none(
        shop,
        "a member that ended stands for one that does not",
        """
        SELECT m.id FROM laoke_member m LEFT JOIN laoke_member s
          ON s.dealer_id = m.dealer_id AND s.id = m.merged_into
        WHERE m.merged_into IS NOT NULL AND (s.id IS NULL
          OR (s.erased_ms IS NULL AND m.erased_ms IS NOT NULL)
          OR (s.erased_ms IS NOT NULL AND m.erased_ms IS NULL))""");
    none(
        shop,
        "a circle of members",
        """
        WITH RECURSIVE way (start_id, at_id, steps) AS (
          SELECT id, merged_into, 1 FROM laoke_member WHERE merged_into IS NOT NULL
          UNION ALL
          SELECT w.start_id, m.merged_into, w.steps + 1 FROM way w JOIN laoke_member m
            ON m.id = w.at_id AND m.merged_into IS NOT NULL AND w.steps < 50)
        SELECT start_id FROM way WHERE steps = 50""");
    for (String owned :
        List.of(
            "customer_order.member_id",
            "order_line.member_id",
            "identity.member_id",
            "member_category.member_id")) {
      String[] column = owned.split("[.]", -1);
      none(
          shop,
          "a member that ended still has rows of " + owned,
          """
          SELECT o.dealer_id FROM laoke_%s o JOIN laoke_member m
            ON m.dealer_id = o.dealer_id AND m.id = o.%s
          WHERE m.merged_into IS NOT NULL"""
              .formatted(column[0], column[1]));
    }
  }

  private static void erased(Shop shop, Race race) throws SQLException {
    none(
        shop,
        "an erased person is still known by something",
        """
        SELECT i.value_hash FROM laoke_identity i JOIN laoke_member m
          ON m.dealer_id = i.dealer_id AND m.id = i.member_id
        WHERE m.erased_ms IS NOT NULL""");
    none(
        shop,
        "a tombstone is somebody's",
        """
        SELECT value_hash FROM laoke_identity
        WHERE status = 'ERASED' AND (member_id IS NOT NULL OR value_sealed IS NOT NULL)""");
    none(
        shop,
        "an erased person is bound to an order",
        """
        SELECT r.id FROM laoke_recipient r JOIN laoke_identity i
          ON i.dealer_id = r.dealer_id AND i.kind = 'OPENID' AND i.account = r.account
          AND i.value_hash = r.openid_hash
        WHERE i.status = 'ERASED'""");
    none(
        shop,
        "an order came to a person after they were erased",
        """
        SELECT o.id FROM laoke_customer_order o JOIN laoke_member m
          ON m.dealer_id = o.dealer_id AND m.id = o.member_id
        WHERE m.erased_ms IS NOT NULL AND (o.erased = 0 OR o.place_id IS NOT NULL)""");
    List<String> words = new ArrayList<>();
    int gone = 0;
    for (int buyer = 0; buyer < race.buyers(); buyer++) {
      if (shop.dealer.members().find(Race.customerNo(buyer)).isEmpty()) {
        assertThat(buyer).as("who is erased").isGreaterThanOrEqualTo(STAYING);
        gone++;
        words.addAll(
            List.of(
                Race.customerNo(buyer), Race.phone(buyer), race.name(buyer), Race.street(buyer)));
      }
    }
    assertThat(gone).as("erased in the race").isGreaterThanOrEqualTo(LEAVING / 2);
    for (String openid : race.openids()) {
      if (shop.dealer.members().readmitOpenid(race.appId(), openid, Race.MANAGER)) {
        assertThat(race.openids().indexOf(openid)).isGreaterThanOrEqualTo(PEOPLE);
        words.add(openid);
      }
    }
    assertThat(TextColumns.showing(shop.database, words)).as("of erased persons").isEmpty();
    assertThat(
            TextColumns.showing(
                shop.database, List.of(Race.customerNo(0), Race.phone(0), Race.street(0))))
        .as("of one who stays")
        .hasSize(3);
    assertThat(number(shop, "SELECT MAX(tries) FROM laoke_claim_try WHERE kind = 'OPENID'"))
        .as("wrong guesses that were answered")
        .isBetween(1L, 5L);
  }

  /**
   * Each told once, in the order of the stages, and every message that was made was told, but to
   * who was erased or taken away, or heard it in a reply.
   */
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
    none(
        shop,
        "a notice to somebody who is there was not sent",
        """
        SELECT o.state, d.result, d.reason_code, c.order_no, o.seq, o.cause_kind
        FROM laoke_outbox o
        JOIN laoke_decision d ON d.dealer_id = o.dealer_id AND d.id = o.id
        JOIN laoke_customer_order c ON c.dealer_id = o.dealer_id AND c.id = o.order_id
        LEFT JOIN laoke_identity i ON i.dealer_id = o.dealer_id AND i.kind = 'OPENID'
          AND i.account = o.account AND i.value_hash = o.recipient AND i.status = 'ERASED'
        WHERE o.state <> 'SENT' AND c.erased = 0 AND i.status IS NULL
          AND NOT (d.reason_code = 'UNBOUND' AND EXISTS (
            SELECT 1 FROM laoke_binding_audit a WHERE a.dealer_id = o.dealer_id
              AND a.order_id = o.order_id AND a.action = 'UNBOUND'))
          AND NOT (d.reason_code = 'TOLD_IN_REPLY' AND EXISTS (
            SELECT 1 FROM laoke_decision r WHERE r.dealer_id = o.dealer_id
              AND r.cause_id = o.cause_id AND r.recipient = o.recipient
              AND r.channel IN ('WECHAT_REPLY', 'WEB_PAGE') AND r.result = 'REPLIED'))""");
    assertThat(number(shop, "SELECT COUNT(*) FROM laoke_outbox WHERE state = 'SENT'"))
        .isEqualTo(accepted.size());
    assertThat(number(shop, "SELECT COUNT(DISTINCT provider_id) FROM laoke_outbox"))
        .isEqualTo(accepted.size());
    assertThat(accepted).as("the race told something").hasSizeGreaterThan(ORDERS / 3);
  }

  private static void none(Shop shop, String what, String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = shop.database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          columns.add(rows.getString(i));
        }
        found.add(String.join(" ", columns));
      }
    }
    assertThat(found).as(what).isEmpty();
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
