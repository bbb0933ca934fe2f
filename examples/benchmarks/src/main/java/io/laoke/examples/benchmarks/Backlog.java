package io.laoke.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.message.Inbound;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Notices that wait in the outbox. One order is reported, scanned and advanced through the public
 * API; the rows which that has written are then copied by SQL, each copy with keys, order number
 * and openid of its own: the same rows that the API would write, without the minutes it would take.
 */
final class Backlog {
  private static final String OPENID = "oBENCH000000000000000000000";

  /** What is different in a copy; {@code i} counts the copies. */
  private static final Map<String, String> OWN =
      Map.of(
          "customer_order", "'id', b.id + i, 'order_no', 'SO-' || i",
          "order_stage", "'id', b.id + i, 'order_id', b.order_id + i",
          "recipient",
              "'id', b.id + i, 'order_id', b.order_id + i, 'openid_hash', lpad(i::text, 43, 'h')",
          "identity",
              "'value_hash', lpad(i::text, 43, 'h'), 'value_sealed', 'o' || lpad(i::text, 27, '0')",
          "outbox",
              "'id', b.id + i, 'order_id', b.order_id + i, 'recipient', lpad(i::text, 43, 'h'),"
                  + " 'cause_id', b.cause_id + i, 'dedupe_id', 'lk' || lpad(i::text, 24, '0')",
          "decision",
              "'id', b.id + i, 'order_id', b.order_id + i, 'recipient', lpad(i::text, 43, 'h'),"
                  + " 'cause_id', b.cause_id + i, 'order_no', 'SO-' || i");

  private static final List<String> ABOUT =
      List.of("customer_order", "order_stage", "recipient", "identity");
  private static final List<String> QUEUE = List.of("outbox", "decision");

  private final HikariDataSource database;

  private Backlog(HikariDataSource database) {
    this.database = database;
  }

  /** Makes the first notice through the API and keeps its rows as the pattern. */
  static Backlog like(HikariDataSource database, Laoke laoke, String dealer, String account)
      throws SQLException {
    Dealer shop = laoke.dealer(dealer);
    shop.notices()
        .template(
            Stage.SHIPPED,
            NoticeTemplate.of("TPL-STAGE")
                .field("character_string1", "{order.no}")
                .field("thing2", "{order.items}")
                .field("phrase3", "{stage.name}"));
    shop.orders()
        .upsert(
            Order.of("SO-0", Instant.now())
                .buyer(Buyer.of("C-0", "王芳", "13800138000"))
                .line(OrderLine.goods("1", "kitchen/hood", 1, "2999.00").name("侧吸式油烟机")));
    shop.bindings().issue("SO-0");
    String scene =
        text(
            database,
            "SELECT scene FROM laoke_ticket WHERE dealer_id = (SELECT id FROM laoke_dealer WHERE code = '"
                + dealer
                + "')");
    laoke.receive(account, new Inbound.Scanned("bench", Instant.now(), OPENID, scene, true));
    shop.orders().advance("SO-0", StageReport.of(Stage.SHIPPED, Instant.now()).document("CK-0"));
    Backlog backlog = new Backlog(database);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String table : OWN.keySet()) {
        String which =
            switch (table) {
              case "identity" -> " WHERE kind = 'OPENID'";
              case "outbox", "decision" -> " WHERE seq = (SELECT MAX(seq) FROM laoke_outbox)";
              case "order_stage" -> " WHERE stage = 'SHIPPED'";
              default -> "";
            };
        statement.execute(
            "CREATE TABLE pattern_%s AS SELECT * FROM laoke_%s%s".formatted(table, table, which));
        if (number(database, "SELECT COUNT(*) FROM pattern_" + table) != 1) {
          throw new IllegalStateException("The pattern of " + table + " is not one row.");
        }
      }
    }
    backlog.clear();
    return backlog;
  }

  /** Nothing waits and nothing was sent. */
  void clear() throws SQLException {
    run("TRUNCATE laoke_outbox, laoke_outbox_claim, laoke_decision, laoke_work_due");
  }

  /** Orders, stages, recipients and openids of the copies from one number to another. */
  void know(int from, int to) throws SQLException {
    for (String table : ABOUT) {
      copy(table, from, to);
    }
    run("ANALYZE");
  }

  /** Puts the notices of the copies from one number to another, and the note that tells of them. */
  void put(int from, int to) throws SQLException {
    for (String table : QUEUE) {
      copy(table, from, to);
    }
    run(
        "INSERT INTO laoke_work_due (dealer_id, id, due_ms) SELECT dealer_id, id + "
            + from
            + ", due_ms FROM pattern_outbox");
    run("ANALYZE laoke_outbox", "ANALYZE laoke_decision");
  }

  private void copy(String table, int from, int to) throws SQLException {
    String columns = columns(table);
    run(
        """
        INSERT INTO laoke_%1$s (%5$s)
        WITH copy AS MATERIALIZED (
          SELECT jsonb_populate_record(NULL::laoke_%1$s, to_jsonb(b) || jsonb_build_object(%2$s)) AS r
          FROM pattern_%1$s b, generate_series(%3$d, %4$d) AS i)
        SELECT %6$s FROM copy"""
            .formatted(
                table,
                OWN.get(table),
                from,
                to,
                columns,
                columns.replaceAll("([a-z_0-9]+)", "(copy.r).$1")));
  }

  /** But for those that the database works out itself. */
  private String columns(String table) throws SQLException {
    return text(
        database,
        """
        SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = 'laoke_%s'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"""
            .formatted(table));
  }

  /** How many notices have been accepted. */
  long sent() throws SQLException {
    return number(
        database,
        "SELECT COUNT(*) FROM laoke_outbox WHERE state = 'SENT' AND provider_id IS NOT NULL");
  }

  private void run(String... statements) throws SQLException {
    Postgres.execute(database, List.of(statements));
  }

  private static long number(HikariDataSource database, String sql) throws SQLException {
    return Long.parseLong(text(database, sql));
  }

  private static String text(HikariDataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }
}
