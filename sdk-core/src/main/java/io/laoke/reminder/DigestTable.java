package io.laoke.reminder;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The SQL of digests. */
final class DigestTable {
  /** Whose row says for which day digests were made. */
  static final String NOBODY = "";

  private static final LocalDate NEVER = LocalDate.of(1970, 1, 1);

  /** How long, of the machine's time, a day is kept that is over. */
  private static final Duration KEPT = Duration.ofDays(62);

  private DigestTable() {}

  /**
   * Locks out others, and notes that the digests of a day are made; whether they were not, be it
   * before the business clock was moved back. Each day before is kept in a row of its own.
   */
  static boolean begin(Tx tx, Tenant tenant, LocalDate today) {
    tx.insertIfAbsent(
        """
        INSERT INTO {reminder_digest} (dealer_id, staff, digest_day, due, overdue, booked)
        VALUES (:dealer, :staff, :day, 0, 0, 0)""",
        row -> row.bind("dealer", tenant.id()).bind("staff", NOBODY).bind("day", NEVER));
    LocalDate made =
        tx.query(
                """
                SELECT digest_day FROM {reminder_digest}
                WHERE dealer_id = :dealer AND staff = :staff FOR UPDATE""")
            .bind("dealer", tenant.id())
            .bind("staff", NOBODY)
            .mapTo(LocalDate.class)
            .one();
    if (made.equals(today)) {
      return false;
    }
    long nowMs = tx.machineMillis();
    if (!made.equals(NEVER)) {
      tx.insertIfAbsent(
          """
          INSERT INTO {reminder_digest_day} (dealer_id, digest_day, ended_ms)
          VALUES (:dealer, :day, :now)""",
          row -> row.bind("dealer", tenant.id()).bind("day", made).bind("now", nowMs));
    }
    tx.update(
            """
            DELETE FROM {reminder_digest_day}
            WHERE dealer_id = :dealer AND digest_day < :today AND ended_ms < :ended""")
        .bind("dealer", tenant.id())
        .bind("today", today)
        .bind("ended", nowMs - KEPT.toMillis())
        .execute();
    tx.update(
            """
            UPDATE {reminder_digest} SET digest_day = :day
            WHERE dealer_id = :dealer AND staff = :staff""")
        .bind("day", today)
        .bind("dealer", tenant.id())
        .bind("staff", NOBODY)
        .execute();
    return tx.query(
            """
            SELECT digest_day FROM {reminder_digest_day}
            WHERE dealer_id = :dealer AND digest_day = :day""")
        .bind("dealer", tenant.id())
        .bind("day", today)
        .mapTo(LocalDate.class)
        .findOne()
        .isEmpty();
  }

  /** What everybody has on their list who has something. */
  static List<Digest> count(Tx tx, Tenant tenant, LocalDate today, Instant now) {
    return tx.query(
            "SELECT q.assignee, SUM(q.due) AS due, SUM(q.overdue) AS overdue, SUM(q.booked) AS booked"
                + " FROM (SELECT t.assignee,"
                + " CASE WHEN t.state <> 'BOOKED' AND t.due >= :today THEN 1 ELSE 0 END AS due,"
                + " CASE WHEN t.state = 'BOOKED' THEN CASE WHEN t.booked_to_ms <= :now THEN 1 ELSE 0"
                + " END WHEN t.due < :today THEN 1 ELSE 0 END AS overdue,"
                + " CASE WHEN t.state = 'BOOKED' AND t.booked_to_ms > :now THEN 1 ELSE 0 END AS booked"
                + " FROM {reminder_task} t"
                + tx.dialect().byIndex("reminder_task_listed")
                + " WHERE t.dealer_id = :dealer AND t.assignee IS NOT NULL AND t.listed = 1"
                + " AND (t.snoozed IS NULL OR t.snoozed <= :today)) q"
                + " GROUP BY q.assignee ORDER BY q.assignee")
        .bind("dealer", tenant.id())
        .bind("today", today)
        .bind("now", now.toEpochMilli())
        .map(
            (row, context) ->
                new Digest(
                    tenant.code(),
                    row.getString("assignee"),
                    today,
                    row.getInt("due"),
                    row.getInt("overdue"),
                    row.getInt("booked")))
        .list();
  }

  /** Writes a digest of today, to be told from that machine time on. */
  static void write(Tx tx, Tenant tenant, Digest digest, long tellMs) {
    tx.insertIfAbsent(
        """
        INSERT INTO {reminder_digest} (dealer_id, staff, digest_day, due, overdue, booked)
        VALUES (:dealer, :staff, :day, 0, 0, 0)""",
        row -> row.bind("dealer", tenant.id()).bind("staff", digest.staff()).bind("day", NEVER));
    tx.update(
            """
            UPDATE {reminder_digest} SET digest_day = :day, due = :due, overdue = :overdue,
              booked = :booked, tell_ms = :tell
            WHERE dealer_id = :dealer AND staff = :staff""")
        .bind("day", digest.day())
        .bind("due", digest.due())
        .bind("overdue", digest.overdue())
        .bind("booked", digest.booked())
        .bind("tell", tellMs)
        .bind("dealer", tenant.id())
        .bind("staff", digest.staff())
        .execute();
  }

  /** A digest that is to be told at that machine time. */
  record Taken(Digest digest, long at) {
    Taken until(long later) {
      return new Taken(digest, later);
    }
  }

  static List<Taken> toTell(Tx tx, Tenant tenant, long nowMs, int limit) {
    return tx.query(
            """
            SELECT staff, digest_day, due, overdue, booked, tell_ms FROM {reminder_digest}
            WHERE dealer_id = :dealer AND tell_ms <= :now ORDER BY dealer_id, tell_ms LIMIT :limit""")
        .bind("dealer", tenant.id())
        .bind("now", nowMs)
        .bind("limit", limit)
        .map((row, context) -> new Taken(digest(tenant, row), row.getLong("tell_ms")))
        .list();
  }

  private static Digest digest(Tenant tenant, ResultSet row) throws SQLException {
    return new Digest(
        tenant.code(),
        row.getString("staff"),
        Objects.requireNonNull(ReminderTable.day(row, "digest_day")),
        row.getInt("due"),
        row.getInt("overdue"),
        row.getInt("booked"));
  }

  /** Has a digest be told at another time, or never again; whether nobody else did so. */
  static boolean told(Tx tx, Tenant tenant, Taken one, Optional<Long> next) {
    return tx.update(
                """
                UPDATE {reminder_digest} SET tell_ms = :next
                WHERE dealer_id = :dealer AND staff = :staff AND digest_day = :day
                  AND tell_ms = :at""")
            .bind("next", next.orElse(null))
            .bind("dealer", tenant.id())
            .bind("staff", one.digest().staff())
            .bind("day", one.digest().day())
            .bind("at", one.at())
            .execute()
        == 1;
  }
}
