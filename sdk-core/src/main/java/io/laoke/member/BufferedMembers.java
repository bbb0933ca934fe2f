package io.laoke.member;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.jdbc.Undo;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The members that one transaction speaks of: new ones and changes are written at its end. */
final class BufferedMembers extends MemberTable {
  private final MemberTable table = new MemberTable();
  private final Undo undo;
  private final Map<Long, Row> made = new TreeMap<>();
  private final Set<Long> numbered = new HashSet<>();
  private final Map<Long, Boolean> nameless = new HashMap<>();
  private final Map<Long, String> names = new TreeMap<>();
  private final Map<Long, Row> locked = new HashMap<>();
  private final Map<Long, Row> updated = new TreeMap<>();
  private final Set<Long> given = new HashSet<>();

  BufferedMembers(Undo undo) {
    this.undo = undo;
  }

  /** Reads which of these have no name. */
  void prefetch(Tx tx, Tenant tenant, Collection<Long> ids) {
    Set<Long> without = table.nameless(tx, tenant, ids);
    ids.forEach(id -> nameless.put(id, without.contains(id)));
  }

  /** Locks these in the order of their ids. */
  void lockFirst(Tx tx, Tenant tenant, Collection<Long> ids) {
    table.lockAll(tx, tenant, ids);
  }

  /** Reads these, which are locked. */
  void prefetchLocked(Tx tx, Tenant tenant, Collection<Long> ids) {
    table.lockedRows(tx, tenant, ids).forEach(row -> locked.put(row.id(), row));
  }

  @Override
  void insert(Tx tx, Tenant tenant, long id, String source, boolean withNumber, Instant now) {
    put(made, id, new Row(id, source, null, null, null, null, now));
    if (withNumber) {
      number(id);
    }
  }

  private void number(long id) {
    numbered.add(id);
    undo.by(() -> numbered.remove(id));
  }

  @Override
  boolean takeNumber(Tx tx, Tenant tenant, long id) {
    if (!made.containsKey(id)) {
      undo.written();
      return table.takeNumber(tx, tenant, id);
    }
    if (numbered.contains(id)) {
      return false;
    }
    number(id);
    return true;
  }

  @Override
  boolean nameless(Tx tx, Tenant tenant, long id) {
    Row own = made.get(id);
    if (own != null) {
      return own.name() == null;
    }
    Row changed = updated.get(id);
    if (names.containsKey(id) || (changed != null && changed.name() != null)) {
      return false;
    }
    return nameless.computeIfAbsent(id, any -> table.nameless(tx, tenant, id));
  }

  @Override
  void nameIfMissing(Tx tx, Tenant tenant, long id, String name) {
    Row own = made.get(id);
    Row row = own != null ? own : updated.get(id);
    if (row == null) {
      put(names, id, name);
    } else if (row.name() == null) {
      put(own != null ? made : updated, id, named(row, name));
    }
  }

  private static Row named(Row row, String name) {
    return new Row(
        row.id(), row.source(), name, row.gender(), row.birthday(), row.region(), row.created());
  }

  @Override
  Optional<Row> find(Tx tx, Tenant tenant, long id) {
    return lock(tx, tenant, id);
  }

  @Override
  Optional<Row> lock(Tx tx, Tenant tenant, long id) {
    Row known = made.containsKey(id) ? made.get(id) : updated.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    if (!locked.containsKey(id)) {
      table.lock(tx, tenant, id).ifPresent(row -> locked.put(id, row));
    }
    String name = names.get(id);
    return Optional.ofNullable(locked.get(id))
        .map(row -> row.name() == null && name != null ? named(row, name) : row);
  }

  @Override
  void update(Tx tx, Tenant tenant, Row row) {
    put(made.containsKey(row.id()) ? made : updated, row.id(), row);
  }

  @Override
  boolean noteDuplicate(
      Tx tx, Tenant tenant, long id, long one, long other, String why, Instant now) {
    undo.written();
    return table.noteDuplicate(tx, tenant, id, one, other, why, now);
  }

  /** Remembers that these are given something: they are locked, and looked at, at the end. */
  @Override
  List<Fate> lockAll(Tx tx, Tenant tenant, Collection<Long> ids) {
    remember(ids);
    return List.of();
  }

  /** The same. */
  @Override
  void mark(Tx tx, Tenant tenant, Collection<Long> ids) {
    remember(ids);
  }

  private void remember(Collection<Long> ids) {
    for (long id : ids) {
      if (given.add(id)) {
        undo.by(() -> given.remove(id));
      }
    }
  }

  /** Marks those that others can see. */
  void markStored(Tx tx, Tenant tenant, Collection<Long> ids) {
    table.mark(tx, tenant, stored(ids));
  }

  private List<Long> stored(Collection<Long> ids) {
    return ids.stream().filter(id -> !made.containsKey(id)).toList();
  }

  /** The members that identities were given to. */
  Set<Long> given() {
    return given;
  }

  /** Locks those that others can see. */
  List<Fate> lockStored(Tx tx, Tenant tenant, Collection<Long> ids) {
    return table.lockAll(tx, tenant, stored(ids));
  }

  @Override
  Optional<Fate> fate(Tx tx, Tenant tenant, long id) {
    return made.containsKey(id)
        ? Optional.of(new Fate(id, null, false, numbered.contains(id)))
        : table.fate(tx, tenant, id);
  }

  /** Whether this transaction made it. */
  boolean made(long id) {
    return made.containsKey(id);
  }

  private <V> void put(Map<Long, V> map, long id, V value) {
    V was = map.put(id, value);
    undo.by(
        () -> {
          if (was == null) {
            map.remove(id);
          } else {
            map.put(id, was);
          }
        });
  }

  /** Inserts those that were made. */
  void flushMade(Tx tx, Tenant tenant) {
    insertAll(tx, tenant, made.values(), numbered);
  }

  /** Those that were there and are changed. */
  Set<Long> changed() {
    Set<Long> changed = new HashSet<>(names.keySet());
    changed.addAll(updated.keySet());
    return changed;
  }

  /** Changes those that were there. */
  void flushChanged(Tx tx, Tenant tenant) {
    names.forEach((id, name) -> table.nameIfMissing(tx, tenant, id, name));
    updated.values().forEach(row -> table.update(tx, tenant, row));
  }
}
