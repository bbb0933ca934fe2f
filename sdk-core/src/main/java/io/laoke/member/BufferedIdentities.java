package io.laoke.member;

import io.laoke.catalog.Races;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.jdbc.Undo;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The identities that one transaction speaks of: read once, changed in memory, locked and written
 * at its end, after their members.
 */
final class BufferedIdentities extends IdentityTable {
  /**
   * An identity as this transaction sees it.
   *
   * @param row null if there is none
   * @param stored whether the table has a row; without {@code row} one that only keeps others from
   *     making it
   * @param read as it was read without a lock; null if nobody else can change it
   * @param wanted whether it is to be locked at the end, and to be then as it was read
   */
  private record Held(
      @Nullable Row row, boolean stored, @Nullable Row read, boolean wanted, boolean changed) {
    static Held none() {
      return new Held(null, false, null, false, false);
    }

    static Held read(Row row) {
      return new Held(row, true, row, false, false);
    }

    static Held locked(@Nullable Row row) {
      return new Held(row, true, null, false, false);
    }
  }

  /** Facts of history name people by these. */
  private static final List<IdentityKind> KINDS =
      List.of(IdentityKind.CUSTOMER_NO, IdentityKind.PHONE);

  private static final Comparator<Row> BY_KEY =
      Comparator.<Row, IdentityKind>comparing(row -> row.key().kind())
          .thenComparing(row -> row.key().account())
          .thenComparing(row -> row.key().hash());

  private final IdentityTable table = new IdentityTable();
  private final Undo undo;
  private final Map<Key, Held> held = new HashMap<>();

  BufferedIdentities(Undo undo) {
    this.undo = undo;
  }

  /** Reads what is there of these. */
  void prefetch(Tx tx, Tenant tenant, IdentityKind kind, Collection<String> hashes) {
    List<String> missing = new ArrayList<>();
    for (String hash : hashes) {
      if (!held.containsKey(new Key(kind, "", hash))) {
        missing.add(hash);
      }
    }
    missing.forEach(hash -> held.put(new Key(kind, "", hash), Held.none()));
    table.find(tx, tenant, kind, "", missing).forEach(row -> held.put(row.key(), Held.read(row)));
  }

  /**
   * Locks those of these that were read, after their members.
   *
   * @throws io.laoke.error.StoreException to repeat the transaction, if one went to another member
   *     or became a tombstone meanwhile
   */
  void lockRead(Tx tx, Tenant tenant, IdentityKind kind, Collection<String> hashes) {
    List<String> read = new ArrayList<>();
    for (String hash : hashes) {
      Held known = held.get(new Key(kind, "", hash));
      if (known != null && known.read() != null) {
        read.add(hash);
      }
    }
    List<Row> locked = table.lockAll(tx, tenant, kind, read);
    for (Row row : locked) {
      Held before = held.put(row.key(), Held.locked(row));
      if (before == null || before.row() == null || !same(before.row(), row)) {
        throw Races.lost("identity");
      }
    }
    if (locked.size() < read.size()) {
      throw Races.lost("identity");
    }
  }

  /**
   * Makes rows for identities that have none, so that whoever else makes them is met now. Those
   * that no fact makes are removed at the end: what the rules leave out stays out.
   */
  void claim(Tx tx, Tenant tenant, IdentityKind kind, Map<String, String> values, Instant now) {
    new TreeMap<>(values)
        .forEach(
            (hash, value) -> {
              Key key = new Key(kind, "", hash);
              Held known = held.get(key);
              if (known == null || !known.stored()) {
                boolean made = insert(tx, tenant, key, tenant.privacy().seal(value), now);
                held.put(
                    key,
                    made
                        ? Held.locked(null)
                        : Held.read(
                            table.find(tx, tenant, key).orElseThrow(() -> Races.lost("identity"))));
              }
            });
  }

  /** The members of those that were read. */
  List<Long> members() {
    List<Long> members = new ArrayList<>();
    for (Held one : held.values()) {
      if (one.row() != null) {
        one.row().member().ifPresent(members::add);
      }
    }
    return members;
  }

  @Override
  Optional<Row> find(Tx tx, Tenant tenant, Key key) {
    Held known = held.get(key);
    if (known == null) {
      known = table.find(tx, tenant, key).map(Held::read).orElseGet(Held::none);
      held.put(key, known);
    }
    return Optional.ofNullable(known.row());
  }

  @Override
  void findLater(Tx tx, Tenant tenant, Key key, Reading reading) {
    find(tx, tenant, key).ifPresent(row -> reading.found(row, null));
  }

  @Override
  Row lock(Tx tx, Tenant tenant, Key key, String value, Instant now, boolean there) {
    Held known = held.get(key);
    if (known != null && known.row() == null) {
      Row made =
          new Row(
              key,
              tenant.privacy().seal(value),
              OptionalLong.empty(),
              ACTIVE,
              false,
              "",
              null,
              0,
              now);
      put(key, new Held(made, known.stored(), null, false, true));
      return made;
    }
    Row row = mine(tx, tenant, key);
    if (row.readmitted()) {
      setValue(tx, tenant, key, value);
    }
    return row;
  }

  /** As it was read: its member is to be locked first, and that is known at the end only. */
  @Override
  Optional<Row> lockExisting(Tx tx, Tenant tenant, Key key) {
    Optional<Row> row = find(tx, tenant, key);
    held.computeIfPresent(
        key,
        (same, one) ->
            one.read() == null
                ? one
                : new Held(one.row(), one.stored(), one.read(), true, one.changed()));
    return row;
  }

  @Override
  void setMember(Tx tx, Tenant tenant, Key key, OptionalLong member) {
    Row row = mine(tx, tenant, key);
    change(
        new Row(
            key,
            row.sealed(),
            member,
            row.status(),
            row.proven(),
            row.names(),
            row.follows(),
            row.followAt(),
            row.firstSeen()));
  }

  @Override
  void setStatus(Tx tx, Tenant tenant, Key key, String status, @Nullable String names) {
    Row row = mine(tx, tenant, key);
    change(
        new Row(
            key,
            row.sealed(),
            row.member(),
            status,
            row.proven(),
            names == null ? "" : names,
            row.follows(),
            row.followAt(),
            row.firstSeen()));
  }

  @Override
  void setValue(Tx tx, Tenant tenant, Key key, String value) {
    Row row = mine(tx, tenant, key);
    change(
        new Row(
            key,
            tenant.privacy().seal(value),
            row.member(),
            row.status(),
            row.proven(),
            row.names(),
            row.follows(),
            row.followAt(),
            row.firstSeen()));
  }

  private Row mine(Tx tx, Tenant tenant, Key key) {
    return lockExisting(tx, tenant, key).orElseThrow(() -> Races.lost("identity"));
  }

  private void change(Row row) {
    Held was = held.getOrDefault(row.key(), Held.none());
    put(row.key(), new Held(row, was.stored(), was.read(), was.wanted(), true));
  }

  private void put(Key key, Held now) {
    Held was = held.put(key, now);
    undo.by(
        () -> {
          if (was == null) {
            held.remove(key);
          } else {
            held.put(key, was);
          }
        });
  }

  /** The members of those that are to be locked. */
  List<Long> membersOfWanted() {
    List<Long> members = new ArrayList<>();
    for (Held one : held.values()) {
      if (one.wanted() && one.read() != null) {
        one.read().member().ifPresent(members::add);
      }
    }
    return members;
  }

  /**
   * Locks those that were wanted, now that their members are locked.
   *
   * @throws io.laoke.error.StoreException to repeat the transaction, if one is not as it was read
   */
  void lockWanted(Tx tx, Tenant tenant) {
    for (IdentityKind kind : KINDS) {
      Map<String, Row> wanted = new HashMap<>();
      held.forEach(
          (key, one) -> {
            if (key.kind() == kind && one.wanted() && one.read() != null) {
              wanted.put(key.hash(), one.read());
            }
          });
      List<Row> locked = table.lockAll(tx, tenant, kind, wanted.keySet());
      if (locked.size() < wanted.size()
          || !locked.stream().allMatch(row -> row.equals(wanted.get(row.key().hash())))) {
        throw Races.lost("identity");
      }
    }
  }

  /** Writes what was changed. */
  void flush(Tx tx, Tenant tenant) {
    List<Row> added = new ArrayList<>();
    List<Row> changed = new ArrayList<>();
    List<Key> unused = new ArrayList<>();
    held.forEach(
        (key, one) -> {
          if (one.changed() && one.row() != null) {
            (one.stored() ? changed : added).add(one.row());
          } else if (one.stored() && one.row() == null) {
            unused.add(key);
          }
        });
    added.sort(BY_KEY);
    insertAll(tx, tenant, added);
    updateAll(tx, tenant, changed);
    removeAll(tx, tenant, unused);
  }

  /**
   * Looks at those again that were read without a lock, now that their members are locked.
   *
   * @throws io.laoke.error.StoreException to repeat the transaction, if one went to another member
   *     or became a tombstone
   */
  void verify(Tx tx, Tenant tenant) {
    for (IdentityKind kind : KINDS) {
      Map<String, Row> read = new HashMap<>();
      held.forEach(
          (key, one) -> {
            if (key.kind() == kind && one.read() != null && !one.wanted()) {
              read.put(key.hash(), one.read());
            }
          });
      int same = 0;
      for (Row now : table.find(tx, tenant, kind, "", read.keySet())) {
        Row was = read.get(now.key().hash());
        same += was != null && same(was, now) ? 1 : 0;
      }
      if (same < read.size()) {
        throw Races.lost("identity");
      }
    }
  }

  private static boolean same(Row was, Row now) {
    return was.member().equals(now.member()) && was.is(ERASED) == now.is(ERASED);
  }

  // ---- what no fact of history does

  private static IllegalStateException never() {
    return new IllegalStateException("this is not seen by the rows that an import keeps in memory");
  }

  @Override
  List<Row> ofMember(Tx tx, Tenant tenant, long member) {
    throw never();
  }

  @Override
  void ofMemberLater(Tx tx, Tenant tenant, long member, Consumer<List<Row>> found) {
    throw never();
  }

  @Override
  List<Row> lockOfMembers(Tx tx, Tenant tenant, Collection<Long> members) {
    throw never();
  }

  @Override
  List<Row> ofMembers(Tx tx, Tenant tenant, IdentityKind kind, List<Long> members) {
    throw never();
  }

  @Override
  void setFollows(
      Tx tx, Tenant tenant, Key key, @Nullable String value, boolean follows, long atMillis) {
    throw never();
  }
}
