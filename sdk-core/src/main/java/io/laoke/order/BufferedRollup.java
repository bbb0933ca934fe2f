package io.laoke.order;

import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.jdbc.Undo;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBatch;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The changes of consumption files that one transaction makes, added up in memory and written at
 * its end. What only adds is added where it stands, without being read; where something is taken
 * away, rows are read and ends looked for as ever.
 */
final class BufferedRollup extends Rollup {
  private static final Comparator<Key> BY_KEY =
      Comparator.comparing(Key::path).thenComparing(Key::month);

  private final Undo undo;
  private final List<Changes> pending = new ArrayList<>();
  private SortedMap<Long, Map<Key, Changes.Delta>> settled = new TreeMap<>();
  private Set<Long> receiving = Set.of();

  BufferedRollup(MemberBatch members, Undo undo) {
    super(members.book());
    this.undo = undo;
  }

  @Override
  void apply(Tx tx, Tenant tenant, Changes changes) {
    pending.add(changes);
    undo.by(() -> pending.remove(pending.size() - 1));
  }

  /** Adds all changes up; the members whose files they change. */
  Collection<Long> settle(Tenant tenant) {
    Changes all = new Changes(tenant.zone());
    pending.forEach(all::then);
    settled = all.settled();
    receiving = all.receiving();
    return settled.keySet();
  }

  /** The members that orders or returns are given to; known once the changes are added up. */
  Set<Long> receiving() {
    return receiving;
  }

  /**
   * Writes the files; members are locked, and lines written.
   *
   * @param carefully whether all rows are read first, so that what does not fit is told
   */
  void flush(Tx tx, Tenant tenant, MemberBatch members, boolean carefully) {
    Rows added = rows(tenant);
    Rows accumulated = rows(tenant);
    SortedMap<Long, Map<Key, Changes.Delta>> read = new TreeMap<>();
    settled.forEach(
        (member, deltas) -> {
          boolean fresh = members.made(member);
          deltas.keySet().stream()
              .sorted(BY_KEY)
              .forEach(
                  key -> {
                    Changes.Delta delta = deltas.get(key);
                    if (delta == null) {
                      return;
                    }
                    if (fresh) {
                      add(added, member, key, delta);
                    } else if (delta.adds() && !carefully && tx.dialect().accumulates()) {
                      add(accumulated, member, key, delta);
                    } else {
                      read.computeIfAbsent(member, id -> new HashMap<>()).put(key, delta);
                    }
                  });
        });
    tx.insertAll(added);
    tx.accumulateAll(
        accumulated,
        List.of("member_id", "path", "month_no"),
        List.of("orders", "quantity", "net_fen"),
        "first_ms",
        "last_ms");
    applyLocked(tx, tenant, read);
  }

  private static Rows rows(Tenant tenant) {
    return Rows.of("member_category", tenant.id())
        .with(Rows.Type.LONG, "member_id")
        .with(Rows.Type.TEXT, "path")
        .with(Rows.Type.INT, "month_no")
        .with(Rows.Type.LONG, "orders")
        .with(Rows.Type.DECIMAL, "quantity")
        .with(Rows.Type.LONG, "net_fen", "first_ms", "last_ms");
  }

  private static void add(Rows rows, long member, Key key, Changes.Delta delta) {
    Sum sum = sum(null, delta);
    if (!sum.zero()) {
      BigDecimal quantity = sum.quantity();
      rows.add(
          member,
          key.path(),
          key.month(),
          sum.orders(),
          quantity,
          sum.netFen(),
          sum.firstMs(),
          sum.lastMs());
    }
  }
}
