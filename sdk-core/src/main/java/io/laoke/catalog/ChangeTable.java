package io.laoke.catalog;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The changes that recorded lines follow. Who works at one holds a lease, {@code next_ms}; once all
 * lines have followed it is looked at again a few times, for those that were written meanwhile by
 * transactions that had begun before it.
 */
@Internal
public final class ChangeTable {
  private static final int ATTEMPTS = 100;
  private static final long LEASE = Duration.ofMinutes(2).toMillis();
  private static final long DAILY = Duration.ofDays(1).toMillis();
  private static final long SWEEP = 0;
  private static final List<Duration> AGAIN =
      List.of(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofDays(1));

  ChangeTable() {}

  /**
   * A change that is being worked at.
   *
   * @param until the lease
   */
  public record Claim(long id, int passes, long until) {
    Claim renewed(long next) {
      return new Claim(id, passes, next);
    }
  }

  /**
   * From now on goods that stand under {@link CatalogBook#UNMAPPED} are looked at once a day: one
   * whose code was mapped while a transaction that had read the catalogue before was reporting it
   * stands there until then.
   */
  void sweep(Tx tx, Tenant tenant) {
    boolean there =
        tx.query("SELECT id FROM {category_change} WHERE dealer_id = :dealer AND id = :id")
            .bind("dealer", tenant.id())
            .bind("id", SWEEP)
            .mapTo(Long.class)
            .findFirst()
            .isPresent();
    if (!there
        && insert(tx, tenant, SWEEP, "SWEEP", null, null, 0, 1, tx.machineMillis() + DAILY)) {
      looks(tx, tenant, SWEEP, List.of(new Look(CatalogBook.UNMAPPED, false, null)));
    }
  }

  private static boolean insert(
      Tx tx,
      Tenant tenant,
      long id,
      String kind,
      @Nullable String from,
      @Nullable String to,
      int items,
      int passes,
      long nextMs) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {category_change} (dealer_id, id, kind, from_path, to_path, items, state,
          passes, next_ms, moved_lines, moved_orders, moved_returns, moved_fen, created_ms)
        VALUES (:dealer, :id, :kind, :from, :to, :items, 'WAITING', :passes, :next, 0, 0, 0, 0,
          :now)""",
        row ->
            row.bind("dealer", tenant.id())
                .bind("id", id)
                .bind("kind", kind)
                .bind("from", from)
                .bind("to", to)
                .bind("items", items)
                .bind("passes", passes)
                .bind("next", nextMs)
                .bind("now", tx.machineMillis()));
  }

  /** Writes a change down, to be followed from now on. */
  long insert(
      Tx tx,
      Tenant tenant,
      ChangeProgress.Kind kind,
      @Nullable String from,
      @Nullable String to,
      int items,
      Collection<Look> looks) {
    long now = tx.machineMillis();
    long next =
        tx.query("SELECT COALESCE(MAX(id), 0) + 1 FROM {category_change} WHERE dealer_id = :dealer")
            .bind("dealer", tenant.id())
            .mapTo(Long.class)
            .one();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long id = next + attempt;
      if (insert(tx, tenant, id, kind.name(), from, to, items, 0, now)) {
        looks(tx, tenant, id, looks);
        return id;
      }
    }
    throw Races.lost("change of the catalogue");
  }

  private static void looks(Tx tx, Tenant tenant, long id, Collection<Look> looks) {
    PreparedBatch batch =
        tx.batch(
            """
            INSERT INTO {category_look} (dealer_id, change_id, look_no, place, below, code)
            VALUES (:dealer, :change, :no, :place, :below, :code)""");
    int no = 0;
    for (Look look : new LinkedHashSet<>(looks)) {
      batch
          .bind("dealer", tenant.id())
          .bind("change", id)
          .bind("no", no++)
          .bind("place", look.place())
          .bind("below", look.below() ? 1 : 0)
          .bind("code", look.code())
          .add();
    }
    if (no > 0) {
      batch.execute();
    }
  }

  // ---- working at them

  /** Dealers that have something due. */
  public List<Integer> due(Tx tx, int limit) {
    return tx.query(
            "SELECT DISTINCT dealer_id FROM {category_change} WHERE next_ms <= :now LIMIT :limit")
        .bind("now", tx.machineMillis())
        .bind("limit", limit)
        .mapTo(Integer.class)
        .list();
  }

  /**
   * Takes a change of a dealer that is due and that nobody else works at, one not yet followed
   * first.
   */
  public Optional<Claim> claim(Tx tx, Tenant tenant) {
    long now = tx.machineMillis();
    record Due(long id, int passes, long nextMs) {}
    List<Due> due =
        tx.query(
                """
                SELECT id, passes, next_ms FROM {category_change}
                WHERE dealer_id = :dealer AND next_ms <= :now ORDER BY passes, id LIMIT 20""")
            .bind("dealer", tenant.id())
            .bind("now", now)
            .map(
                (row, context) ->
                    new Due(row.getLong("id"), row.getInt("passes"), row.getLong("next_ms")))
            .list();
    for (Due one : due) {
      if (set(tx, tenant, one.id(), one.nextMs(), now + LEASE)) {
        if (one.passes() == 0) {
          tx.update(
                  """
                  UPDATE {category_change} SET state = 'RUNNING'
                  WHERE dealer_id = :dealer AND id = :id""")
              .bind("dealer", tenant.id())
              .bind("id", one.id())
              .execute();
        }
        return Optional.of(new Claim(one.id(), one.passes(), now + LEASE));
      }
    }
    return Optional.empty();
  }

  private static boolean set(Tx tx, Tenant tenant, long id, long was, @Nullable Long next) {
    return tx.update(
                """
                UPDATE {category_change} SET next_ms = :next
                WHERE dealer_id = :dealer AND id = :id AND next_ms = :was""")
            .bind("next", next)
            .bind("dealer", tenant.id())
            .bind("id", id)
            .bind("was", was)
            .execute()
        == 1;
  }

  /** Where it looks. */
  public List<Look> looks(Tx tx, Tenant tenant, long id) {
    return tx.query(
            """
            SELECT place, below, code FROM {category_look}
            WHERE dealer_id = :dealer AND change_id = :change ORDER BY look_no""")
        .bind("dealer", tenant.id())
        .bind("change", id)
        .map(
            (row, context) ->
                new Look(row.getString("place"), row.getInt("below") != 0, row.getString("code")))
        .list();
  }

  /** Counts what was placed anew, and keeps the lease if nobody has taken it over. */
  public Claim moved(
      Tx tx, Tenant tenant, Claim claim, long lines, long orders, long returns, BigDecimal fen) {
    long until = tx.machineMillis() + LEASE;
    tx.update(
            """
            UPDATE {category_change} SET moved_lines = moved_lines + :lines,
              moved_orders = moved_orders + :orders, moved_returns = moved_returns + :returns,
              moved_fen = moved_fen + :fen
            WHERE dealer_id = :dealer AND id = :id""")
        .bind("lines", lines)
        .bind("orders", orders)
        .bind("returns", returns)
        .bind("fen", fen)
        .bind("dealer", tenant.id())
        .bind("id", claim.id())
        .execute();
    return set(tx, tenant, claim.id(), claim.until(), until) ? claim.renewed(until) : claim;
  }

  /** Gives it back before the end, to go on at once. */
  public void giveBack(Tx tx, Tenant tenant, Claim claim) {
    set(tx, tenant, claim.id(), claim.until(), tx.machineMillis());
  }

  /** All lines have followed. */
  public void passed(Tx tx, Tenant tenant, Claim claim) {
    long now = tx.machineMillis();
    Long next = next(claim, now);
    if (set(tx, tenant, claim.id(), claim.until(), next)) {
      tx.update(
              """
              UPDATE {category_change} SET passes = passes + 1, state = 'DONE',
                done_ms = COALESCE(done_ms, :now)
              WHERE dealer_id = :dealer AND id = :id""")
          .bind("now", now)
          .bind("dealer", tenant.id())
          .bind("id", claim.id())
          .execute();
    }
  }

  private static @Nullable Long next(Claim claim, long now) {
    if (claim.id() == SWEEP) {
      return now + DAILY;
    }
    return claim.passes() < AGAIN.size()
        ? (Long) (now + AGAIN.get(claim.passes()).toMillis())
        : null;
  }

  // ---- asking

  private static final String PROGRESS =
      """
      SELECT id, kind, from_path, to_path, items, state, moved_lines, moved_orders, moved_returns,
        moved_fen, created_ms, done_ms
      FROM {category_change} WHERE dealer_id = :dealer""";

  Optional<ChangeProgress> progress(Tx tx, Tenant tenant, long id) {
    return tx.query(PROGRESS + " AND id = :id AND id > 0")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .map((row, context) -> progress(row))
        .findOne();
  }

  /** The last move from there to there. */
  Optional<ChangeProgress> last(Tx tx, Tenant tenant, String from, String to) {
    return tx.query(
            PROGRESS
                + " AND kind = 'MOVE' AND from_path = :from AND to_path = :to ORDER BY id DESC LIMIT 1")
        .bind("dealer", tenant.id())
        .bind("from", from)
        .bind("to", to)
        .map((row, context) -> progress(row))
        .findOne();
  }

  List<ChangeProgress> page(Tx tx, Tenant tenant, long before, int limit) {
    return tx.query(PROGRESS + " AND id < :before AND id > 0 ORDER BY id DESC LIMIT :limit")
        .bind("dealer", tenant.id())
        .bind("before", before)
        .bind("limit", limit)
        .map((row, context) -> progress(row))
        .list();
  }

  private static ChangeProgress progress(ResultSet row) throws SQLException {
    BigDecimal fen = row.getBigDecimal("moved_fen");
    long done = row.getLong("done_ms");
    Optional<Instant> doneAt =
        row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(done));
    return new ChangeProgress(
        row.getLong("id"),
        ChangeProgress.Kind.valueOf(row.getString("kind")),
        Optional.ofNullable(row.getString("from_path")),
        Optional.ofNullable(row.getString("to_path")),
        row.getInt("items"),
        ChangeProgress.State.valueOf(row.getString("state")),
        row.getLong("moved_lines"),
        row.getLong("moved_orders"),
        row.getLong("moved_returns"),
        fen.toBigInteger(),
        Instant.ofEpochMilli(row.getLong("created_ms")),
        doneAt);
  }
}
