package io.laoke.segment;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Follows table {@code member_change} of all dealers. Ids of rows are given out one by one, so what
 * is missing between two of them is of a transaction that is under way, or was rolled back: such
 * gaps are looked at again, and no row is missed however late it is committed. Used by one thread
 * at a time.
 */
final class ChangeFeed {
  /** Gaps that are younger are looked at each time, others now and then. */
  private static final long YOUNG = Duration.ofMinutes(10).toNanos();

  private static final long NOW_AND_THEN = Duration.ofSeconds(10).toNanos();

  /** Then rows are removed, so that what is still missing was rolled back. */
  static final Duration KEPT = Duration.ofHours(6);

  /** Before the first row that is there, others may be under way. */
  private static final long BEFORE_FIRST = 1_000;

  private static final int MOST_LOOKS = 30;

  private record Gap(long from, long to, long sinceNanos) {}

  private final TreeMap<Long, Gap> gaps = new TreeMap<>();
  private boolean begun;
  private long last;
  private long lookedBackNanos;

  /** Whether it has begun. */
  boolean begun() {
    return begun;
  }

  /** From now on; what is there already was seen. */
  void begin(Tx tx, long nanos) {
    gaps.clear();
    long[] before = {-1};
    tx.query("SELECT id, dealer_id FROM {member_change} ORDER BY id")
        .map((row, context) -> row.getLong("id"))
        .forEach(
            id -> {
              if (before[0] < 0) {
                gap(Math.max(1, id - BEFORE_FIRST), id - 1, nanos);
              } else {
                gap(before[0] + 1, id - 1, nanos);
              }
              before[0] = id;
            });
    last = Math.max(0, before[0]);
    lookedBackNanos = nanos;
    begun = true;
  }

  private void gap(long from, long to, long nanos) {
    if (from <= to) {
      gaps.put(from, new Gap(from, to, nanos));
    }
  }

  private record Row(long id, int dealer, String members) {}

  /** Whether rows are there that were not seen; one statement of one moment. */
  boolean news(Tx tx, long nanos) {
    List<Row> rows = rows(tx, nanos);
    return rows.stream().anyMatch(row -> row.id() > last || missing(row.id()) != null)
        || lost(rows);
  }

  /**
   * Takes the rows that were not seen.
   *
   * @return who changed, by dealer; null if the table is not the one that was followed
   */
  @Nullable Map<Integer, Set<Long>> take(Tx tx, long nanos) {
    List<Row> rows = rows(tx, nanos);
    if (lost(rows)) {
      return null;
    }
    Map<Integer, Set<Long>> changed = new HashMap<>();
    TreeSet<Long> behind = new TreeSet<>();
    for (Row row : rows) {
      Gap gap = missing(row.id());
      if (gap != null) {
        gaps.remove(gap.from());
        gap(gap.from(), row.id() - 1, gap.sinceNanos());
        gap(row.id() + 1, gap.to(), gap.sinceNanos());
      } else if (row.id() > last) {
        behind.add(row.id());
      } else {
        continue;
      }
      Set<Long> members = changed.computeIfAbsent(row.dealer(), none -> new TreeSet<>());
      for (String id : row.members().split(",", -1)) {
        members.add(Long.parseLong(id));
      }
    }
    for (long id : behind) {
      gap(last + 1, id - 1, nanos);
      last = id;
    }
    gaps.values().removeIf(gap -> nanos - gap.sinceNanos() > KEPT.toNanos());
    return changed;
  }

  /** The last row stays until there is another. */
  private boolean lost(List<Row> rows) {
    return last > 0 && rows.stream().noneMatch(row -> row.id() == last);
  }

  private @Nullable Gap missing(long id) {
    Map.Entry<Long, Gap> below = gaps.floorEntry(id);
    return below != null && id <= below.getValue().to() ? below.getValue() : null;
  }

  private List<Row> rows(Tx tx, long nanos) {
    boolean back = nanos - lookedBackNanos > NOW_AND_THEN;
    if (back) {
      lookedBackNanos = nanos;
    }
    List<long[]> looks = new ArrayList<>();
    for (Gap gap : gaps.values()) {
      if (back || nanos - gap.sinceNanos() <= YOUNG) {
        looks.add(new long[] {gap.from(), gap.to()});
      }
    }
    while (looks.size() > MOST_LOOKS) {
      joinNearest(looks);
    }
    StringBuilder sql =
        new StringBuilder("SELECT id, dealer_id, members FROM {member_change} WHERE id >= :last");
    Map<String, Object> values = new HashMap<>();
    values.put("last", last);
    for (int i = 0; i < looks.size(); i++) {
      sql.append(
          " UNION ALL SELECT id, dealer_id, members FROM {member_change} WHERE id BETWEEN :from%1$d AND :to%1$d"
              .formatted(i));
      values.put("from" + i, looks.get(i)[0]);
      values.put("to" + i, looks.get(i)[1]);
    }
    return tx.query(sql.toString(), values)
        .map(
            (row, context) ->
                new Row(row.getLong("id"), row.getInt("dealer_id"), row.getString("members")))
        .list();
  }

  /**
   * Removes some of a dealer's rows that all have taken; never the last of those, by which a node
   * may still know the table.
   *
   * @return how many; fewer than {@code most} when none is left
   */
  static int forget(Tx tx, Tenant tenant, int most) {
    long before = tx.machineMillis() - KEPT.toMillis();
    Optional<Long> last =
        tx.query(
                """
                SELECT id FROM {member_change} WHERE dealer_id = :dealer AND changed_ms < :before
                ORDER BY id DESC LIMIT 1""")
            .bind("dealer", tenant.id())
            .bind("before", before)
            .mapTo(Long.class)
            .findFirst();
    if (last.isEmpty()) {
      return 0;
    }
    List<Long> old =
        tx.query(
                """
                SELECT id FROM {member_change}
                WHERE dealer_id = :dealer AND changed_ms < :before AND id < :last
                ORDER BY id LIMIT :most""")
            .bind("dealer", tenant.id())
            .bind("before", before)
            .bind("last", last.get())
            .bind("most", most)
            .mapTo(Long.class)
            .list();
    if (!old.isEmpty()) {
      tx.update(
              """
              DELETE FROM {member_change}
              WHERE id BETWEEN :from AND :to AND dealer_id = :dealer AND changed_ms < :before""")
          .bind("from", old.get(0))
          .bind("to", old.get(old.size() - 1))
          .bind("dealer", tenant.id())
          .bind("before", before)
          .execute();
    }
    return old.size();
  }

  private static void joinNearest(List<long[]> looks) {
    int nearest = 1;
    for (int i = 2; i < looks.size(); i++) {
      if (looks.get(i)[0] - looks.get(i - 1)[1]
          < looks.get(nearest)[0] - looks.get(nearest - 1)[1]) {
        nearest = i;
      }
    }
    looks.get(nearest - 1)[1] = looks.remove(nearest)[1];
  }
}
