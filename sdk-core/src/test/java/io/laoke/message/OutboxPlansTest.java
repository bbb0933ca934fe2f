package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Dialect;
import io.laoke.internal.jdbc.Tx;
import io.laoke.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the engine asks at each visit is answered by an index, beside thousands of messages that
 * were sent and thousands that wait for later: a tick costs the same, however large the outbox is.
 */
class OutboxPlansTest {
  private static final String SAME =
      "account, purpose, valid_until_ms, recipient, seq, cause_kind, channel, template_id, body,"
          + " claims, attempts, uncertain, wanted, created_ms";

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MYSQL", "MARIADB"})
  void everyQuestionOfAVisitHasItsIndex(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      fill(host);
      List<String> asked = new ArrayList<>(Visit.NEXT_TIMES);
      straight(host)
          .own(
              "explain",
              tx -> {
                asked.add(Visit.candidates(tx.dialect(), "o.id, o.claims", "", 200));
                asked.add(Visit.lost(tx.dialect()));
                if (tx.dialect().returnsUpdated()) {
                  asked.add(Visit.claimAtOnce(tx.dialect(), 200, true));
                  asked.add(Visit.claimAtOnce(tx.dialect(), 200, false));
                }
                Stream.of(Delivery.State.values())
                    .filter(
                        phase -> phase != Delivery.State.CLAIMED && phase != Delivery.State.SENT)
                    .forEach(phase -> asked.add(StoredDeliveries.firstOf(List.of(phase), 50)));
                asked.add(by(tx, "o.", "recipient = :recipient"));
                asked.add(by(tx, "o.", "order_id = :order"));
                for (String sql : asked) {
                  if (sql.contains("{outbox}")) {
                    assertThat(plan(tx, host, sql))
                        .as(sql)
                        .allSatisfy(line -> assertThat(line).doesNotContain("whole table"));
                  }
                }
                return asked;
              });
    }
  }

  /** Whatever else PostgreSQL would read: an outcome writes the index of the keys alone. */
  @Test
  void onPostgresqlWhatWaitsHasAnIndexOfItsOwnAndAllElseIsFoundByItsDecision() {
    try (Host host = new Host(TestServer.POSTGRESQL)) {
      MessageModule module = host.module();
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      fill(host);
      straight(host)
          .own(
              "explain",
              tx -> {
                assertThat(plan(tx, host, Visit.claimAtOnce(tx.dialect(), 200, true)))
                    .anyMatch(line -> line.contains("outbox_queue on"));
                assertThat(plan(tx, host, by(tx, "o.", "recipient = :recipient")))
                    .anyMatch(line -> line.matches(".*Index Cond: .*id = ANY.*"));
                assertThat(plan(tx, host, by(tx, "o.", "order_id = :order")))
                    .anyMatch(line -> line.matches(".*Index Cond: .*id = ANY.*"));
                return tx;
              });
      assertThat(
              host.number(
                  "SELECT COUNT(*) FROM pg_indexes WHERE schemaname = current_schema() AND tablename = 'laoke_outbox'"
                      + " AND indexdef NOT LIKE '% WHERE %'"))
          .isEqualTo(1);
    }
  }

  private static String by(Tx tx, String row, String condition) {
    return "SELECT o.id FROM {outbox} o WHERE o.dealer_id = :dealer AND "
        + MessageData.foundBy(tx, row, condition);
  }

  /** From the one sent message: 8,191 more that were sent, and as many that wait for next month. */
  private static void fill(Host host) {
    Database database = straight(host);
    database.own(
        "fill",
        tx -> {
          long step = 1;
          for (; step < 8_192; step *= 2) {
            copy(tx, step, "state", "due_ms");
          }
          return copy(tx, step, "'WAITING'", "due_ms + 2600000000 + id - id");
        });
    String analyze =
        server(host) == Dialect.POSTGRESQL ? "ANALYZE {outbox}" : "ANALYZE TABLE {outbox}";
    database.own(
        "analyze",
        tx ->
            server(host) == Dialect.POSTGRESQL
                ? tx.update(analyze).execute()
                : tx.query(analyze).mapToMap().list().size());
  }

  private static Database straight(Host host) {
    return TestServer.outsideOfHosts(TestServer.straight(host.pool));
  }

  private static Dialect server(Host host) {
    return host.database.dialect();
  }

  private static int copy(Tx tx, long step, String state, String due) {
    return tx.update(
            """
            INSERT INTO {outbox} (dealer_id, id, state, due_ms, order_id, cause_id, dedupe_id, retry_ms, %1$s)
            SELECT dealer_id, id + :step, %2$s, %3$s, order_id + :step, cause_id + :step, dedupe_id, 0, %1$s
            FROM {outbox}"""
                .formatted(SAME, state, due))
        .bind("step", step)
        .execute();
  }

  /** One line for each table that is read, which says so where it is read as a whole. */
  private static List<String> plan(Tx tx, Host host, String sql) {
    long now = tx.machineMillis();
    return tx
        .query("EXPLAIN " + sql)
        .bind("recipient", "nobody")
        .bind("order", 77L)
        .bindMap(
            Map.of(
                "dealer",
                host.dealer.id(),
                "account",
                host.account.key,
                "after",
                0L,
                "purpose",
                0,
                "business",
                Host.NOW.toEpochMilli(),
                "now",
                now,
                "token",
                "t",
                "lease",
                now))
        .mapToMap()
        .list()
        .stream()
        .map(row -> line(tx.dialect(), row))
        .toList();
  }

  private static String line(Dialect dialect, Map<String, Object> row) {
    if (dialect == Dialect.POSTGRESQL) {
      String text = String.valueOf(row.values().iterator().next());
      return text.matches(".*Seq Scan on \\S*outbox.*") ? text + " (whole table)" : text;
    }
    String table = String.valueOf(row.get("table"));
    boolean outbox = table.matches("o|p|.*outbox");
    return outbox && (row.get("key") == null || "ALL".equals(row.get("type")))
        ? row + " (whole table)"
        : row.toString();
  }
}
