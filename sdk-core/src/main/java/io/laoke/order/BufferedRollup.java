package io.laoke.order;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.jdbc.Undo;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBatch;
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
    changes.tell(tx, tenant);
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
    Adding fresh = new Adding(tenant, true);
    Adding added = new Adding(tenant, true);
    SortedMap<Long, Map<Key, Changes.Delta>> read = new TreeMap<>();
    settled.forEach(
        (member, deltas) -> {
          boolean made = members.made(member);
          deltas.keySet().stream()
              .sorted(BY_KEY)
              .forEach(
                  key -> {
                    Changes.Delta delta = deltas.get(key);
                    if (delta == null) {
                      return;
                    }
                    if (made) {
                      fresh.add(member, key, delta);
                    } else if (delta.adds() && !carefully && tx.dialect().accumulates()) {
                      added.add(member, key, delta);
                    } else {
                      read.computeIfAbsent(member, id -> new HashMap<>()).put(key, delta);
                    }
                  });
        });
    fresh.executeNew(tx);
    added.execute(tx);
    applyLocked(tx, tenant, read);
  }
}
