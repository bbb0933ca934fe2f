package io.laoke.push;

import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Inbound;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The SQL of job reports. */
final class ReportTable {
  private static final int LONGEST_WORDS = 100;

  /** For as long a report that was written while its batch was is looked for by each round. */
  private static final long OPEN = Duration.ofMinutes(10).toMillis();

  private static final String COLUMNS =
      "id, account, provider_id, words, succeeded, total, filtered, sent, failed, decided, at_ms,"
          + " received_ms";

  private ReportTable() {}

  /**
   * A report.
   *
   * @param decided whether it told its batch's end
   * @param receivedMs machine time
   */
  record Stored(
      long id,
      String account,
      String providerId,
      JobReport told,
      boolean decided,
      long receivedMs) {}

  /** Keeps a report, unless the same end of the same job was told before. */
  static boolean insert(Tx tx, Tenant tenant, long id, String account, Inbound.JobReported report) {
    long now = tx.machineMillis();
    return tx.insertIfAbsent(
        """
        INSERT INTO {plan_report} (dealer_id, id, account, provider_id, words, succeeded, total, filtered,
          sent, failed, decided, at_ms, received_ms, open_until_ms)
        VALUES (:dealer, :id, :account, :provider, :words, :succeeded, :total, :filtered,
          :sent, :failed, 0, :at, :now, :open)""",
        row ->
            row.bind("dealer", tenant.id())
                .bind("id", id)
                .bind("account", account)
                .bind("provider", report.providerId())
                .bind("words", words(report.detail()))
                .bind("succeeded", report.succeeded() ? 1 : 0)
                .bind("total", report.total())
                .bind("filtered", report.filtered())
                .bind("sent", report.sent())
                .bind("failed", report.failed())
                .bind("at", report.at().toEpochMilli())
                .bind("now", now)
                .bind("open", now + OPEN));
  }

  private static String words(String detail) {
    String clean = detail.replace('\0', ' ').strip();
    if (clean.length() <= LONGEST_WORDS) {
      return clean;
    }
    boolean half = Character.isHighSurrogate(clean.charAt(LONGEST_WORDS - 1));
    return clean.substring(0, half ? LONGEST_WORDS - 1 : LONGEST_WORDS).strip();
  }

  private static Stored stored(ResultSet row) throws SQLException {
    return new Stored(
        row.getLong("id"),
        row.getString("account"),
        row.getString("provider_id"),
        new JobReport(
            row.getInt("succeeded") == 1,
            row.getString("words"),
            row.getInt("total"),
            row.getInt("filtered"),
            row.getInt("sent"),
            row.getInt("failed"),
            Instant.ofEpochMilli(row.getLong("at_ms"))),
        row.getInt("decided") == 1,
        row.getLong("received_ms"));
  }

  /** Those whose batches are looked for, the first that came first. */
  static List<Stored> open(Tx tx, Tenant tenant, int most) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {plan_report} WHERE dealer_id = :dealer AND open_until_ms > :now"
                + " ORDER BY open_until_ms, id LIMIT :most")
        .bind("dealer", tenant.id())
        .bind("now", tx.machineMillis())
        .bind("most", most)
        .map((row, context) -> stored(row))
        .list();
  }

  /** Those of a job that are nobody's so far, the first that came first. */
  static List<Stored> loose(Tx tx, Tenant tenant, String account, String providerId) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {plan_report} WHERE dealer_id = :dealer AND account = :account"
                + " AND provider_id = :provider AND batch_id IS NULL ORDER BY id")
        .bind("dealer", tenant.id())
        .bind("account", account)
        .bind("provider", providerId)
        .map((row, context) -> stored(row))
        .list();
  }

  /** Those of an account that are nobody's so far, since a moment of machine time. */
  static List<Stored> looseSince(Tx tx, Tenant tenant, String account, long sinceMs) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {plan_report} WHERE dealer_id = :dealer AND id >= :since"
                + " AND account = :account AND batch_id IS NULL ORDER BY id")
        .bind("dealer", tenant.id())
        .bind("since", Ids.firstAt(sinceMs))
        .bind("account", account)
        .map((row, context) -> stored(row))
        .list();
  }

  /** The report is a batch's; whether nobody has given it to one meanwhile. */
  static boolean give(Tx tx, Tenant tenant, long id, long batchId, boolean decided) {
    return tx.update(
                """
                UPDATE {plan_report} SET batch_id = :batch, decided = :decided, open_until_ms = 0
                WHERE dealer_id = :dealer AND id = :id AND batch_id IS NULL""")
            .bind("batch", batchId)
            .bind("decided", decided ? 1 : 0)
            .bind("dealer", tenant.id())
            .bind("id", id)
            .execute()
        == 1;
  }

  /** Those of these batches, the one that told the end first, then as they came. */
  static List<OfBatch> of(Tx tx, Tenant tenant, List<Long> batchIds) {
    return batchIds.isEmpty()
        ? List.of()
        : tx.guarded(
                "SELECT batch_id, "
                    + COLUMNS
                    + " FROM {plan_report} WHERE dealer_id = :dealer AND batch_id IN (<batches>)"
                    + " ORDER BY decided DESC, id")
            .bind("dealer", tenant.id())
            .bindList("batches", batchIds)
            .map((row, context) -> new OfBatch(row.getLong("batch_id"), stored(row)))
            .list();
  }

  /** A report with whose it is. */
  record OfBatch(long batchId, Stored report) {}

  /** Removes some that came before a moment of machine time. */
  static int expire(Tx tx, Tenant tenant, long beforeMs, int most) {
    List<Long> old =
        tx.query(
                """
                SELECT id FROM {plan_report} WHERE dealer_id = :dealer AND id < :before
                ORDER BY id LIMIT :most""")
            .bind("dealer", tenant.id())
            .bind("before", Ids.firstAt(beforeMs))
            .bind("most", most)
            .mapTo(Long.class)
            .list();
    if (!old.isEmpty()) {
      try (PreparedBatch batch =
          tx.batch("DELETE FROM {plan_report} WHERE dealer_id = :dealer AND id = :id")) {
        old.forEach(id -> batch.bind("dealer", tenant.id()).bind("id", id).add());
        batch.execute();
      }
    }
    return old.size();
  }
}
