package io.laoke.push;

import io.laoke.internal.jdbc.Listed;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The SQL of the ledger: how many mass messages of a month each follower has got, or may have got.
 */
final class QuotaTable {
  private QuotaTable() {}

  static int number(YearMonth month) {
    return month.getYear() * 100 + month.getMonthValue();
  }

  /** How many each of these has used; who is not there has used none. One query. */
  static Map<String, Integer> used(
      Tx tx, Tenant tenant, String account, YearMonth month, Collection<String> openidHashes) {
    Map<String, Integer> used = new HashMap<>();
    if (!openidHashes.isEmpty()) {
      read(tx, tenant, account, month, openidHashes, "", used);
    }
    return used;
  }

  private static void read(
      Tx tx,
      Tenant tenant,
      String account,
      YearMonth month,
      Collection<String> openidHashes,
      String more,
      Map<String, Integer> used) {
    tx.query(
            """
            SELECT openid_hash, used FROM {push_quota}
            WHERE dealer_id = :dealer AND account = :account AND month_no = :month
              AND openid_hash IN (<hashes>)"""
                + more,
            "hashes",
            Rows.Type.TEXT,
            openidHashes)
        .bind("dealer", tenant.id())
        .bind("account", account)
        .bind("month", number(month))
        .map((row, context) -> used.put(row.getString(1), row.getInt(2)))
        .list();
  }

  /**
   * Takes one message of the month from each of these that has less than so many used. Locks their
   * rows, in their order, until the transaction ends: of two that meet, the later sees what the
   * earlier took. Three statements at most.
   *
   * @param console how many each has got that are in no row
   * @return from whom it was taken
   */
  static Set<String> take(
      Tx tx,
      Tenant tenant,
      String account,
      YearMonth month,
      Collection<String> openidHashes,
      int console,
      int most) {
    TreeSet<String> sorted = new TreeSet<>(openidHashes);
    if (sorted.isEmpty()) {
      return Set.of();
    }
    Map<String, Integer> used = new TreeMap<>();
    read(tx, tenant, account, month, sorted, " ORDER BY openid_hash FOR UPDATE", used);
    Set<String> taken = new TreeSet<>();
    List<String> more = new ArrayList<>();
    used.forEach(
        (hash, many) -> {
          if (many + console < most) {
            more.add(hash);
          }
        });
    taken.addAll(more);
    add(tx, tenant, account, month, more, 1);
    if (console < most) {
      sorted.removeAll(used.keySet());
      insert(tx, tenant, account, month, sorted);
      taken.addAll(sorted);
    }
    return taken;
  }

  /** Gives a message of the month back to each of these: it was certainly not sent. */
  static void giveBack(
      Tx tx, Tenant tenant, String account, YearMonth month, Collection<String> openidHashes) {
    if (!openidHashes.isEmpty()) {
      add(tx, tenant, account, month, new TreeSet<>(openidHashes), -1);
    }
  }

  private static void add(
      Tx tx,
      Tenant tenant,
      String account,
      YearMonth month,
      Collection<String> openidHashes,
      int more) {
    if (openidHashes.isEmpty()) {
      return;
    }
    tx.update(
        """
        UPDATE {push_quota} SET used = used + :more
        WHERE dealer_id = :dealer AND account = :account AND month_no = :month
          AND openid_hash IN (<hashes>)""",
        Map.of(
            "more",
            more,
            "dealer",
            tenant.id(),
            "account",
            account,
            "month",
            number(month),
            "hashes",
            new Listed(Rows.Type.TEXT, List.copyOf(openidHashes))));
  }

  /** Of whom nobody has a row; if somebody writes one meanwhile, the transaction is repeated. */
  private static void insert(
      Tx tx, Tenant tenant, String account, YearMonth month, Collection<String> openidHashes) {
    Rows rows =
        Rows.of("push_quota", tenant.id())
            .with(Rows.Type.TEXT, "account")
            .with(Rows.Type.INT, "month_no")
            .with(Rows.Type.TEXT, "openid_hash")
            .with(Rows.Type.INT, "used");
    openidHashes.forEach(hash -> rows.add(account, number(month), hash, 1));
    tx.insertAll(rows);
  }

  // ---- sends made in WeChat's own console

  /** A mass message of which the ledger has no rows: it went to all. */
  record Console(YearMonth month, LocalDate day, String by, String note) {}

  static void addConsole(Tx tx, Tenant tenant, long id, String account, Console sent, long nowMs) {
    tx.update(
            """
            INSERT INTO {push_console} (dealer_id, id, account, month_no, sent_day, noted_by, note, noted_ms)
            VALUES (:dealer, :id, :account, :month, :day, :by, :note, :now)""")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .bind("account", account)
        .bind("month", number(sent.month()))
        .bind("day", sent.day())
        .bind("by", sent.by())
        .bind("note", sent.note())
        .bind("now", nowMs)
        .execute();
  }

  static boolean removeConsole(Tx tx, Tenant tenant, long id) {
    return tx.update("DELETE FROM {push_console} WHERE dealer_id = :dealer AND id = :id")
            .bind("dealer", tenant.id())
            .bind("id", id)
            .execute()
        == 1;
  }

  /** Messages of a month that went to all from WeChat's console. */
  static List<QuotaMonth.ConsoleSend> console(
      Tx tx, Tenant tenant, String account, YearMonth month) {
    return tx.guarded(
            """
            SELECT id, sent_day, noted_by, note FROM {push_console}
            WHERE dealer_id = :dealer AND account = :account AND month_no = :month
            ORDER BY sent_day, id""")
        .bind("dealer", tenant.id())
        .bind("account", account)
        .bind("month", number(month))
        .map(
            (row, context) ->
                new QuotaMonth.ConsoleSend(
                    row.getLong("id"),
                    row.getObject("sent_day", LocalDate.class),
                    row.getString("noted_by"),
                    row.getString("note")))
        .list();
  }

  /** How many followers have used how many. */
  static Map<Integer, Long> histogram(Tx tx, Tenant tenant, String account, YearMonth month) {
    Map<Integer, Long> counts = new TreeMap<>();
    tx.guarded(
            """
            SELECT used, COUNT(*) FROM {push_quota}
            WHERE dealer_id = :dealer AND account = :account AND month_no = :month AND used > 0
            GROUP BY used""")
        .bind("dealer", tenant.id())
        .bind("account", account)
        .bind("month", number(month))
        .map((row, context) -> counts.put(row.getInt(1), row.getLong(2)))
        .list();
    return counts;
  }
}
