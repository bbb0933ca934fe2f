package io.laoke.member;

import io.laoke.catalog.Races;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tables {@code follower_sync} and {@code follower_seen}. */
final class FollowerSyncTable {
  private static final String ONE =
      """
      SELECT id, state, holder, place, parts, total, listed, new_members, now_following, no_longer,
        kept_out, staff_openids, starts, why, started_ms, changed_ms
      FROM {follower_sync} WHERE dealer_id = :dealer AND account = :account""";

  /** What a run has found. */
  record Counts(
      long total,
      long listed,
      long newMembers,
      long nowFollowing,
      long noLonger,
      long keptOut,
      long staff) {
    static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);

    Counts plus(long made, long following, long out, long ours) {
      return new Counts(
          total,
          listed,
          newMembers + made,
          nowFollowing + following,
          noLonger,
          keptOut + out,
          staff + ours);
    }

    Counts of(long all, long different) {
      return new Counts(all, different, newMembers, nowFollowing, noLonger, keptOut, staff);
    }

    Counts left(long more) {
      return new Counts(total, listed, newMembers, nowFollowing, noLonger + more, keptOut, staff);
    }
  }

  /**
   * A run.
   *
   * @param place what the next page is asked with; null at the beginning
   * @param parts how many lots of openids it has behind it
   */
  record Run(
      String account,
      long id,
      FollowerSync.State state,
      String holder,
      @Nullable String place,
      int parts,
      Counts counts,
      int starts,
      @Nullable String why,
      long startedMs,
      long changedMs) {
    FollowerSync report() {
      return new FollowerSync(
          account,
          state,
          Optional.ofNullable(why),
          starts,
          Instant.ofEpochMilli(startedMs),
          Instant.ofEpochMilli(changedMs),
          counts.total(),
          counts.listed(),
          counts.newMembers(),
          counts.nowFollowing(),
          counts.noLonger(),
          counts.keptOut(),
          counts.staff());
    }

    Run at(@Nullable String next) {
      return new Run(
          account, id, state, holder, next, parts, counts, starts, why, startedMs, changedMs);
    }

    Run counting(int allParts, Counts now) {
      return new Run(
          account, id, state, holder, place, allParts, now, starts, why, startedMs, changedMs);
    }

    Run in(FollowerSync.State now, @Nullable String because) {
      return new Run(
          account, id, now, holder, place, parts, counts, starts, because, startedMs, changedMs);
    }

    Run changed(long nowMs) {
      return new Run(
          account, id, state, holder, place, parts, counts, starts, why, startedMs, nowMs);
    }
  }

  Optional<Run> find(Tx tx, Tenant tenant, String account, boolean lock) {
    return tx.query(lock ? ONE + " FOR UPDATE" : ONE)
        .bind("dealer", tenant.id())
        .bind("account", account)
        .map((row, context) -> run(tenant, account, row))
        .findOne();
  }

  private static Run run(Tenant tenant, String account, ResultSet row) throws SQLException {
    return new Run(
        account,
        row.getLong("id"),
        FollowerSync.State.valueOf(row.getString("state")),
        row.getString("holder"),
        tenant.privacy().open(row.getString("place")),
        row.getInt("parts"),
        new Counts(
            row.getLong("total"),
            row.getLong("listed"),
            row.getLong("new_members"),
            row.getLong("now_following"),
            row.getLong("no_longer"),
            row.getLong("kept_out"),
            row.getLong("staff_openids")),
        row.getInt("starts"),
        row.getString("why"),
        row.getLong("started_ms"),
        row.getLong("changed_ms"));
  }

  /** Takes an unfinished run over, or begins one. */
  Run start(Tx tx, Tenant tenant, String account, long newId, String holder) {
    long now = tx.machineMillis();
    Run fresh =
        new Run(
            account,
            newId,
            FollowerSync.State.UNFINISHED,
            holder,
            null,
            0,
            Counts.NONE,
            1,
            null,
            now,
            now);
    boolean made =
        tx.insertIfAbsent(
            """
            INSERT INTO {follower_sync} (dealer_id, account, id, state, holder, parts, total, listed,
              new_members, now_following, no_longer, kept_out, staff_openids, starts, started_ms,
              changed_ms)
            VALUES (:dealer, :account, :id, 'UNFINISHED', :holder, 0, 0, 0, 0, 0, 0, 0, 0, 1, :now, :now)
            """,
            row ->
                row.bind("dealer", tenant.id())
                    .bind("account", account)
                    .bind("id", newId)
                    .bind("holder", holder)
                    .bind("now", now));
    if (made) {
      return fresh;
    }
    Run was =
        find(tx, tenant, account, true)
            .orElseThrow(() -> Races.lost("the followers of account '" + account + "'"));
    Run run =
        was.state() != FollowerSync.State.UNFINISHED
            ? fresh
            : new Run(
                account,
                was.id(),
                was.state(),
                holder,
                was.place(),
                was.parts(),
                was.counts(),
                was.starts() + 1,
                null,
                was.startedMs(),
                now);
    save(tx, tenant, run);
    return run;
  }

  void save(Tx tx, Tenant tenant, Run run) {
    String place = run.place();
    tx.update(
            """
            UPDATE {follower_sync} SET id = :id, state = :state, holder = :holder, place = :place,
              place_hash = :hash, parts = :parts, total = :total, listed = :listed,
              new_members = :made, now_following = :following, no_longer = :left,
              kept_out = :out, staff_openids = :staff, starts = :starts, why = :why,
              started_ms = :started, changed_ms = :changed
            WHERE dealer_id = :dealer AND account = :account
            """)
        .bind("id", run.id())
        .bind("state", run.state().name())
        .bind("holder", run.holder())
        .bind("place", tenant.privacy().seal(place))
        .bind(
            "hash",
            place == null ? null : StoredMemberBook.openidHashOf(tenant, run.account(), place))
        .bind("parts", run.parts())
        .bind("total", run.counts().total())
        .bind("listed", run.counts().listed())
        .bind("made", run.counts().newMembers())
        .bind("following", run.counts().nowFollowing())
        .bind("left", run.counts().noLonger())
        .bind("out", run.counts().keptOut())
        .bind("staff", run.counts().staff())
        .bind("starts", run.starts())
        .bind("why", run.why())
        .bind("started", run.startedMs())
        .bind("changed", run.changedMs())
        .bind("dealer", tenant.id())
        .bind("account", run.account())
        .execute();
  }

  /** Those who are being read now, locked in the order in which others lock them. */
  void lockRunning(Tx tx, Tenant tenant) {
    List<String> running =
        tx.query(
                """
                SELECT account FROM {follower_sync} WHERE dealer_id = :dealer AND state = 'UNFINISHED'
                ORDER BY account""")
            .bind("dealer", tenant.id())
            .mapTo(String.class)
            .list();
    running.forEach(account -> find(tx, tenant, account, true));
  }

  // ---- who was listed

  void seen(Tx tx, Tenant tenant, Run run, Collection<String> hashes) {
    Rows rows =
        Rows.of("follower_seen", tenant.id())
            .with(Rows.Type.LONG, "run_id")
            .with(Rows.Type.INT, "part_no")
            .with(Rows.Type.TEXT, "openid_hash");
    hashes.forEach(hash -> rows.add(run.id(), run.parts(), hash));
    tx.insertAll(rows);
  }

  long different(Tx tx, Tenant tenant, Run run) {
    return tx.query(
            """
            SELECT COUNT(DISTINCT openid_hash) FROM {follower_seen}
            WHERE dealer_id = :dealer AND run_id = :run""")
        .bind("dealer", tenant.id())
        .bind("run", run.id())
        .mapTo(Long.class)
        .one();
  }

  /** Whether anybody is taken to follow an account. */
  boolean follows(Tx tx, Tenant tenant, String account) {
    return tx.query(
            """
            SELECT 1 FROM {identity}
            WHERE dealer_id = :dealer AND kind = 'OPENID' AND account = :account AND follows = TRUE
            LIMIT 1""")
        .bind("dealer", tenant.id())
        .bind("account", account)
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  /**
   * Openids that are taken to follow since before a time, and that a run has not listed.
   *
   * @param after the last hash of the lot before
   */
  List<String> unlisted(Tx tx, Tenant tenant, Run run, long beforeMs, String after, int most) {
    return tx.query(
            """
            SELECT i.value_hash FROM {identity} i
            WHERE i.dealer_id = :dealer AND i.kind = 'OPENID' AND i.account = :account
              AND i.value_hash > :after AND i.follows = TRUE AND i.follow_at_ms < :before
              AND NOT EXISTS (
                SELECT 1 FROM {follower_seen} s
                WHERE s.dealer_id = :dealer AND s.openid_hash = i.value_hash AND s.run_id = :run)
            ORDER BY i.value_hash LIMIT :most""")
        .bind("dealer", tenant.id())
        .bind("account", run.account())
        .bind("after", after)
        .bind("before", beforeMs)
        .bind("run", run.id())
        .bind("most", most)
        .mapTo(String.class)
        .list();
  }

  /**
   * Takes a part of what a run, or one before it, has listed away.
   *
   * @return whether there is more
   */
  boolean forget(Tx tx, Tenant tenant, long runId) {
    Optional<Integer> part =
        tx.query(
                """
                SELECT part_no FROM {follower_seen} WHERE dealer_id = :dealer AND run_id = :run
                ORDER BY part_no DESC LIMIT 1""")
            .bind("dealer", tenant.id())
            .bind("run", runId)
            .mapTo(Integer.class)
            .findOne();
    part.ifPresent(
        number ->
            tx.update(
                    """
                    DELETE FROM {follower_seen}
                    WHERE dealer_id = :dealer AND run_id = :run AND part_no = :part""")
                .bind("dealer", tenant.id())
                .bind("run", runId)
                .bind("part", number)
                .execute());
    return part.isPresent();
  }
}
