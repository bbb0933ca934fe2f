package io.laoke.inbox;

import io.laoke.internal.jdbc.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Table {@code inbox}. Rows change from NEW only away and never come back to it. */
final class FactTable {
  private static final String COLUMNS =
      """
      SELECT id, kind, ref, COALESCE(CHAR_LENGTH(fact), -1) AS length, state, next_ms, tries, edition,
        first_ms, reason_code
      FROM {inbox}
      """;

  private FactTable() {}

  private static FactRow row(ResultSet row, StatementContext context) throws SQLException {
    long first = row.getLong("first_ms");
    Long firstMs = row.wasNull() ? null : (Long) first;
    return new FactRow(
        row.getLong("id"),
        row.getString("kind"),
        row.getString("ref"),
        row.getLong("length"),
        row.getString("state"),
        row.getLong("next_ms"),
        row.getInt("tries"),
        row.getInt("edition"),
        firstMs,
        row.getString("reason_code"));
  }

  /**
   * When the earliest open row of all dealers is due; 0 where one is new. The one statement of a
   * look that finds nothing.
   */
  static Optional<Long> earliest(Tx tx) {
    return tx.query(
            """
            SELECT (SELECT MIN(next_ms) FROM {inbox} WHERE state = 'NEW') AS fresh,
              (SELECT MIN(next_ms) FROM {inbox} WHERE state = 'WAITING') AS waiting\
            """)
        .map(
            (row, context) -> {
              long fresh = row.getLong("fresh");
              if (!row.wasNull()) {
                return Optional.of(fresh);
              }
              long waiting = row.getLong("waiting");
              return row.wasNull() ? Optional.<Long>empty() : Optional.of(waiting);
            })
        .one();
  }

  /** The next dealer with new rows, in the order of codes. */
  static Optional<String> freshAfter(Tx tx, String dealer) {
    return tx.query(
            """
            SELECT dealer FROM {inbox}
            WHERE state = 'NEW' AND next_ms = 0 AND dealer > :dealer
            ORDER BY state, next_ms, dealer LIMIT 1\
            """)
        .bind("dealer", dealer)
        .mapTo(String.class)
        .findOne();
  }

  /** Dealers of rows whose waiting is over. */
  static Set<String> dueDealers(Tx tx, long now, int most) {
    return new HashSet<>(
        tx.query(
                """
                SELECT dealer FROM {inbox}
                WHERE state = 'WAITING' AND next_ms <= :now ORDER BY state, next_ms LIMIT %d\
                """
                    .formatted(most))
            .bind("now", now)
            .mapTo(String.class)
            .list());
  }

  /** New rows of a dealer, oldest first. */
  static List<FactRow> fresh(Tx tx, String dealer, int most) {
    return tx.query(
            COLUMNS
                + "WHERE state = 'NEW' AND next_ms = 0 AND dealer = :dealer ORDER BY state,"
                + " next_ms, dealer, id LIMIT "
                + most)
        .bind("dealer", dealer)
        .map(FactTable::row)
        .list();
  }

  /** Rows of a dealer whose waiting is over. */
  static List<FactRow> due(Tx tx, String dealer, long now, int most) {
    return tx.query(
            COLUMNS
                + """
                WHERE state = 'WAITING' AND next_ms <= :now AND dealer = :dealer
                ORDER BY state, next_ms, dealer, id LIMIT %d\
                """
                    .formatted(most))
        .bind("now", now)
        .bind("dealer", dealer)
        .map(FactTable::row)
        .list();
  }

  /** Which of these numbers have a row in that state. */
  static Set<String> among(Tx tx, String dealer, String state, Collection<String> refs) {
    return refs.isEmpty()
        ? Set.of()
        : new HashSet<>(
            tx.query(
                    """
                    SELECT DISTINCT ref FROM {inbox}
                    WHERE dealer = :dealer AND state = :state AND ref IN (<refs>)\
                    """)
                .bind("dealer", dealer)
                .bind("state", state)
                .bindList("refs", List.copyOf(refs))
                .mapTo(String.class)
                .list());
  }

  /** The open rows of a number, oldest first. */
  static List<FactRow> open(Tx tx, String dealer, String ref, int most) {
    return tx.query(
            COLUMNS
                + """
                WHERE dealer = :dealer AND ref = :ref AND state IN ('NEW', 'WAITING')
                ORDER BY id LIMIT %d\
                """
                    .formatted(most))
        .bind("dealer", dealer)
        .bind("ref", ref)
        .map(FactTable::row)
        .list();
  }

  static Map<Long, String> facts(Tx tx, String dealer, Collection<Long> ids) {
    Map<Long, String> facts = new HashMap<>();
    if (!ids.isEmpty()) {
      tx.query("SELECT id, fact FROM {inbox} WHERE " + among(tx))
          .bind("dealer", dealer)
          .bindList("ids", List.copyOf(ids))
          .map((row, context) -> Map.entry(row.getLong("id"), text(row.getString("fact"))))
          .forEach(fact -> facts.put(fact.getKey(), fact.getValue()));
    }
    return facts;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  /**
   * Takes a row as done in this transaction.
   *
   * @return false if another has decided about it meanwhile
   */
  static boolean done(Tx tx, String dealer, FactRow row, String ref, long now, long removal) {
    return tx.update(
                """
                UPDATE {inbox} SET state = 'DONE', ref = :ref, fact = NULL, next_ms = :removal,
                  done_ms = :now, reason_code = NULL, reason_field = NULL, reason = NULL
                WHERE dealer = :dealer AND id = :id AND state = :state AND edition = :edition\
                """)
            .bind("ref", ref)
            .bind("removal", removal)
            .bind("now", now)
            .bind("dealer", dealer)
            .bind("id", row.id())
            .bind("state", row.state())
            .bind("edition", row.edition())
            .execute()
        == 1;
  }

  /** Locks those of these rows that are as they were read and that nobody else has locked. */
  static Set<Long> lockAll(Tx tx, String dealer, List<FactRow> rows) {
    Map<Long, FactRow> read = new HashMap<>();
    rows.forEach(row -> read.put(row.id(), row));
    Set<Long> locked = new HashSet<>();
    if (rows.isEmpty()) {
      return locked;
    }
    tx.query(
            // H2, too, passes over locked rows, where it need not count them.
            "SELECT id, state, edition FROM {inbox} WHERE "
                + among(tx)
                + (tx.dialect().locksInOrder() ? " ORDER BY id" : "")
                + " FOR UPDATE SKIP LOCKED")
        .bind("dealer", dealer)
        .bindList("ids", List.copyOf(read.keySet()))
        .map(
            (row, context) -> {
              FactRow was = read.get(row.getLong("id"));
              return was != null
                      && was.state().equals(row.getString("state"))
                      && was.edition() == row.getInt("edition")
                  ? was.id()
                  : -1L;
            })
        .forEach(locked::add);
    locked.remove(-1L);
    return locked;
  }

  private static String among(Tx tx) {
    return tx.dialect().looksPairsUp()
        ? "(dealer, id) IN (<ids:dealer>)"
        : "dealer = :dealer AND id IN (<ids>)";
  }

  /**
   * Takes locked rows as done.
   *
   * @param refs what to keep as the number of those that do not keep theirs
   */
  static void doneAll(
      Tx tx, String dealer, List<FactRow> rows, Map<Long, String> refs, long now, long removal) {
    List<Long> ids = rows.stream().map(FactRow::id).toList();
    tx.update(
            """
            UPDATE {inbox} SET state = 'DONE', fact = NULL, next_ms = :removal, done_ms = :now,
              reason_code = NULL, reason_field = NULL, reason = NULL
            WHERE \
            """
                + among(tx))
        .bind("removal", removal)
        .bind("now", now)
        .bind("dealer", dealer)
        .bindList("ids", ids)
        .execute();
    if (!refs.isEmpty()) {
      try (PreparedBatch batch =
          tx.batch("UPDATE {inbox} SET ref = :ref WHERE dealer = :dealer AND id = :id")) {
        refs.forEach(
            (id, ref) -> batch.bind("ref", ref).bind("dealer", dealer).bind("id", id).add());
        batch.execute();
      }
    }
  }

  /** A later fact says it all: bad rows of the same number and kind before it are closed. */
  static void replace(
      Tx tx, String dealer, String ref, String kept, String kind, long before, long now, long end) {
    tx.update(
            """
            UPDATE {inbox} SET state = 'DROPPED', ref = :kept, fact = NULL, next_ms = :end, done_ms = :now,
              reason_code = 'REPLACED', reason_field = NULL, reason = :reason
            WHERE dealer = :dealer AND state = 'BAD' AND ref = :ref AND kind = :kind AND id < :before\
            """)
        .bind("kept", kept)
        .bind("end", end)
        .bind("now", now)
        .bind("reason", replacedBy(before))
        .bind("dealer", dealer)
        .bind("ref", ref)
        .bind("kind", kind)
        .bind("before", before)
        .execute();
  }

  static String replacedBy(long id) {
    return "Row " + id + " says the same number's later state and is applied.";
  }

  /** An order has come for which stages were given up waiting. */
  static void revive(Tx tx, String dealer, String orderNo, long now) {
    tx.update(
            """
            UPDATE {inbox} SET state = 'WAITING', next_ms = :now, tries = 0, first_ms = :now
            WHERE dealer = :dealer AND state = 'BAD' AND ref = :ref AND kind = 'STAGE'
              AND reason_code = 'ORDER_UNKNOWN'\
            """)
        .bind("now", now)
        .bind("dealer", dealer)
        .bind("ref", orderNo)
        .execute();
  }

  static boolean any(Tx tx, String dealer, String state) {
    return tx.query("SELECT id FROM {inbox} WHERE dealer = :dealer AND state = :state LIMIT 1")
        .bind("dealer", dealer)
        .bind("state", state)
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  /**
   * What was decided about a row that is not done.
   *
   * @param tries in all
   */
  record Decided(
      FactRow row,
      String state,
      String ref,
      long nextMs,
      int tries,
      String code,
      String field,
      String text) {
    boolean ends() {
      return state.equals("DROPPED");
    }
  }

  /** Writes decisions down, but for rows about which another has decided meanwhile. */
  static void decide(Tx tx, String dealer, List<Decided> all, long now) {
    List<Decided> kept = new ArrayList<>(all);
    kept.removeIf(Decided::ends);
    batch(
        tx,
        dealer,
        kept,
        now,
        """
        UPDATE {inbox} SET state = :to, next_ms = :next, tries = :tries, reason_code = :code,
          reason_field = :field, reason = :text, first_ms = COALESCE(first_ms, :now)
        WHERE dealer = :dealer AND id = :id AND state = :from AND edition = :edition\
        """);
    List<Decided> ended = new ArrayList<>(all);
    ended.removeIf(one -> !one.ends());
    batch(
        tx,
        dealer,
        ended,
        now,
        """
        UPDATE {inbox} SET state = :to, next_ms = :next, tries = :tries, reason_code = :code,
          reason_field = :field, reason = :text, ref = :ref, fact = NULL, done_ms = :now
        WHERE dealer = :dealer AND id = :id AND state = :from AND edition = :edition\
        """);
  }

  private static void batch(Tx tx, String dealer, List<Decided> all, long now, String sql) {
    if (all.isEmpty()) {
      return;
    }
    if (tx.dialect().batchesGoOnAfterFailures()) {
      // Each would wait for the same lock of another; so the first that waits in vain is the last.
      all.forEach(one -> bound(tx.update(sql), dealer, one, now).execute());
      return;
    }
    try (PreparedBatch batch = tx.batch(sql)) {
      all.forEach(one -> bound(batch, dealer, one, now).add());
      batch.execute();
    }
  }

  private static <S extends SqlStatement<S>> S bound(
      S statement, String dealer, Decided one, long now) {
    return statement
        .bind("to", one.state())
        .bind("next", one.nextMs())
        .bind("tries", one.tries())
        .bind("code", one.code())
        .bind("field", one.field().isEmpty() ? null : Words.cut(one.field(), 200))
        .bind("text", Words.cut(one.text(), 1_000))
        .bind("ref", one.ref())
        .bind("now", now)
        .bind("dealer", dealer)
        .bind("id", one.row().id())
        .bind("from", one.row().state())
        .bind("edition", one.row().edition());
  }

  /** Removes rows that have ended and were kept long enough; how many. */
  static int remove(Tx tx, String state, long now, int most) {
    List<Ended> ended =
        tx.query(
                """
                SELECT dealer, id FROM {inbox}
                WHERE state = :state AND next_ms <= :now ORDER BY state, next_ms LIMIT %d\
                """
                    .formatted(most))
            .bind("state", state)
            .bind("now", now)
            .map((row, context) -> new Ended(row.getString("dealer"), row.getLong("id")))
            .list();
    if (!ended.isEmpty()) {
      try (PreparedBatch batch =
          tx.batch("DELETE FROM {inbox} WHERE dealer = :dealer AND id = :id")) {
        ended.forEach(one -> batch.bind("dealer", one.dealer).bind("id", one.id).add());
        batch.execute();
      }
    }
    return ended.size();
  }

  private record Ended(String dealer, long id) {}

  // The public face

  static Optional<FactRow> lock(Tx tx, String dealer, long id) {
    return tx.query(COLUMNS + "WHERE dealer = :dealer AND id = :id FOR UPDATE")
        .bind("dealer", dealer)
        .bind("id", id)
        .map(FactTable::row)
        .findOne();
  }

  /** Whether a later row of the same kind and number is applied. */
  static boolean doneAfter(Tx tx, String dealer, FactRow row, String ref) {
    return tx.query(
            """
            SELECT id FROM {inbox}
            WHERE dealer = :dealer AND state = 'DONE' AND ref = :ref AND kind = :kind AND id > :id
            LIMIT 1\
            """)
        .bind("dealer", dealer)
        .bind("ref", ref)
        .bind("kind", row.kind())
        .bind("id", row.id())
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  /** Has a row tried again, with another fact if one is given. */
  static void again(Tx tx, String dealer, long id, @Nullable String fact) {
    tx.update(
            """
            UPDATE {inbox} SET state = 'WAITING', next_ms = 0, tries = 0, edition = edition + 1,
              fact = COALESCE(:fact, fact), first_ms = NULL, reason_code = 'BUSY',
              reason_field = NULL, reason = :reason
            WHERE dealer = :dealer AND id = :id\
            """)
        .bind("fact", fact)
        .bind("reason", fact == null ? "To be tried again." : "Corrected, to be tried again.")
        .bind("dealer", dealer)
        .bind("id", id)
        .execute();
  }

  static int allAgain(Tx tx, String dealer) {
    return tx.update(
            """
            UPDATE {inbox} SET state = 'WAITING', next_ms = 0, tries = 0, edition = edition + 1,
              first_ms = NULL, reason_code = 'BUSY', reason_field = NULL, reason = 'To be tried again.'
            WHERE dealer = :dealer AND state = 'BAD'\
            """)
        .bind("dealer", dealer)
        .execute();
  }

  static long count(Tx tx, String dealer, String state) {
    return tx.query("SELECT COUNT(*) FROM {inbox} WHERE dealer = :dealer AND state = :state")
        .bind("dealer", dealer)
        .bind("state", state)
        .mapTo(Long.class)
        .one();
  }

  /** A row as it is shown. */
  record Shown(FactRow row, @Nullable Long doneMs, @Nullable String field, @Nullable String text) {}

  static List<Shown> page(Tx tx, String dealer, String state, long afterId, int limit) {
    return tx.query(
            SHOWN
                + """
                WHERE dealer = :dealer AND state = :state AND id > :after ORDER BY id LIMIT %d\
                """
                    .formatted(limit))
        .bind("dealer", dealer)
        .bind("state", state)
        .bind("after", afterId)
        .map(FactTable::shown)
        .list();
  }

  static Optional<Shown> find(Tx tx, String dealer, long id) {
    return tx.query(SHOWN + "WHERE dealer = :dealer AND id = :id")
        .bind("dealer", dealer)
        .bind("id", id)
        .map(FactTable::shown)
        .findOne();
  }

  private static final String SHOWN =
      """
      SELECT id, kind, ref, 0 AS length, state, next_ms, tries, edition, first_ms, reason_code, done_ms,
        reason_field, reason
      FROM {inbox}
      """;

  private static Shown shown(ResultSet row, StatementContext context) throws SQLException {
    long done = row.getLong("done_ms");
    Long doneMs = row.wasNull() ? null : (Long) done;
    return new Shown(
        row(row, context), doneMs, row.getString("reason_field"), row.getString("reason"));
  }

  /** Open and bad rows of a dealer with their facts, for whoever looks for a person in them. */
  record Full(FactRow row, String fact, @Nullable String field, @Nullable String reason) {}

  private static final String FULL =
      """
      SELECT id, kind, ref, 0 AS length, state, next_ms, tries, edition, first_ms, reason_code, fact,
        reason_field, reason
      FROM {inbox}
      """;

  static List<Full> notEnded(Tx tx, String dealer, long afterId, int limit, boolean lock) {
    return tx.query(
            FULL
                + """
                WHERE dealer = :dealer AND id > :after AND state IN ('NEW', 'WAITING', 'BAD')
                ORDER BY id LIMIT %d%s\
                """
                    .formatted(limit, lock ? " FOR UPDATE" : ""))
        .bind("dealer", dealer)
        .bind("after", afterId)
        .map(FactTable::whole)
        .list();
  }

  private static Full whole(ResultSet row, StatementContext context) throws SQLException {
    return new Full(
        row(row, context),
        text(row.getString("fact")),
        row.getString("reason_field"),
        row.getString("reason"));
  }

  static Optional<Full> full(Tx tx, String dealer, long id) {
    return tx.query(FULL + "WHERE dealer = :dealer AND id = :id")
        .bind("dealer", dealer)
        .bind("id", id)
        .map(FactTable::whole)
        .findOne();
  }

  /** Puts another fact in; what was said of the former one may quote it. */
  static void rewrite(Tx tx, String dealer, long id, String fact) {
    rewrite(tx, dealer, id, fact, ", reason = NULL, reason_field = NULL");
  }

  /** The same where what was said of the former one quotes nothing that is gone. */
  static void reword(Tx tx, String dealer, long id, String fact) {
    rewrite(tx, dealer, id, fact, "");
  }

  private static void rewrite(Tx tx, String dealer, long id, String fact, String more) {
    tx.update(
            "UPDATE {inbox} SET fact = :fact, edition = edition + 1"
                + more
                + " WHERE dealer = :dealer AND id = :id")
        .bind("fact", fact)
        .bind("dealer", dealer)
        .bind("id", id)
        .execute();
  }
}
