package io.laoke.member;

import io.laoke.catalog.Chunks;
import io.laoke.catalog.Races;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Table {@code identity}. */
class IdentityTable {
  static final String ACTIVE = "ACTIVE";
  static final String SHARED = "SHARED";
  static final String WALK_IN = "WALK_IN";

  /** A tombstone: nobody's, without a value, until the person is readmitted. */
  static final String ERASED = "ERASED";

  private static final String COLUMNS =
      """
      SELECT kind, account, value_hash, value_sealed, member_id, status, proven, names, follows,
        follow_at_ms, first_seen_ms
      FROM {identity} WHERE dealer_id = :dealer\
      """;
  private static final String SEALED =
      """
      SELECT value_hash, value_sealed FROM {identity}
      WHERE dealer_id = :dealer AND value_sealed IS NOT NULL""";
  private static final String ONE =
      COLUMNS + " AND kind = :kind AND account = :account AND value_hash = :hash";

  private static final String OF_MEMBER =
      COLUMNS + " AND member_id = :member ORDER BY first_seen_ms, kind, account, value_hash";

  private static final String NAMED =
      """
      SELECT i.kind, i.account, i.value_hash, i.value_sealed, i.member_id, i.status, i.proven,
        i.names, i.follows, i.follow_at_ms, i.first_seen_ms,
        CASE WHEN m.id IS NOT NULL AND m.name IS NULL THEN 1 ELSE 0 END AS nameless
      FROM {identity} i LEFT JOIN {member} m ON m.dealer_id = i.dealer_id AND m.id = i.member_id
      WHERE i.dealer_id = :dealer AND i.kind = :kind AND i.account = :account
        AND i.value_hash = :hash""";

  /** What an identity is found by. */
  record Key(IdentityKind kind, String account, String hash) {}

  /**
   * A row.
   *
   * @param sealed the sealed value, null once it was taken away
   * @param names hashes of names, blanks between them
   * @param follows null while unknown
   */
  record Row(
      Key key,
      @Nullable String sealed,
      OptionalLong member,
      String status,
      boolean proven,
      String names,
      @Nullable Boolean follows,
      long followAt,
      Instant firstSeen) {
    boolean is(String wanted) {
      return status.equals(wanted);
    }

    /** Whether it was a tombstone and has its value back as soon as somebody names it. */
    boolean readmitted() {
      return sealed == null && is(ACTIVE) && key.kind() != IdentityKind.OPENID;
    }

    boolean unfollowed() {
      return Boolean.FALSE.equals(follows);
    }

    MemberBook.OpenidIdentity openid() {
      return new MemberBook.OpenidIdentity(
          key.account(), key.hash(), member, Boolean.TRUE.equals(follows), sealed != null);
    }
  }

  Optional<Row> find(Tx tx, Tenant tenant, Key key) {
    return one(tx, tenant, key, ONE);
  }

  /** What is read of an identity. */
  interface Reading {
    /**
     * A row that is there.
     *
     * @param nameless whether its member has no name; null if that was not read
     */
    void found(Row row, @Nullable Boolean nameless);
  }

  /** Reads a row with whether its member has no name, once what waits is done. */
  void findLater(Tx tx, Tenant tenant, Key key, Reading reading) {
    tx.later(
        NAMED,
        Map.of(
            "dealer",
            tenant.id(),
            "kind",
            key.kind().name(),
            "account",
            key.account(),
            "hash",
            key.hash()),
        row -> reading.found(row(row), row.getInt("nameless") != 0));
  }

  /** Those of these hashes that there are. */
  List<Row> find(
      Tx tx, Tenant tenant, IdentityKind kind, String account, Collection<String> hashes) {
    if (!tx.dialect().looksListsUpLast()) {
      // Single look-ups cost such a database next to nothing, as it runs in this process.
      return hashes.stream()
          .flatMap(hash -> find(tx, tenant, new Key(kind, account, hash)).stream())
          .toList();
    }
    return hashes.isEmpty()
        ? List.of()
        : ofHashes(tx, tenant, COLUMNS, kind, account, hashes)
            .map((row, context) -> row(row))
            .list();
  }

  private static Query ofHashes(
      Tx tx,
      Tenant tenant,
      String select,
      IdentityKind kind,
      String account,
      Collection<String> hashes) {
    return tx.query(
            select + " AND kind = :kind AND account = :account AND value_hash IN (<hashes>)",
            "hashes",
            Rows.Type.TEXT,
            hashes)
        .bind("dealer", tenant.id())
        .bind("kind", kind.name())
        .bind("account", account);
  }

  /** The sealed values of these by their hashes; those whose value was taken away are left out. */
  Map<String, String> sealedValues(
      Tx tx, Tenant tenant, IdentityKind kind, String account, Collection<String> hashes) {
    Map<String, String> values = new HashMap<>();
    if (!tx.dialect().looksListsUpLast()) {
      for (Row row : find(tx, tenant, kind, account, hashes)) {
        if (row.sealed != null) {
          values.put(row.key.hash, row.sealed);
        }
      }
    } else if (!hashes.isEmpty()) {
      ofHashes(tx, tenant, SEALED, kind, account, hashes)
          .map((row, context) -> values.put(row.getString(1), row.getString(2)))
          .list();
    }
    return values;
  }

  /** Those of these hashes, locked in their order; one by one where the database keeps none. */
  List<Row> lockAll(Tx tx, Tenant tenant, IdentityKind kind, Collection<String> hashes) {
    List<Row> locked = new ArrayList<>();
    TreeSet<String> sorted = new TreeSet<>(hashes);
    if (!tx.dialect().locksInOrder()) {
      sorted.forEach(
          hash -> lockExisting(tx, tenant, new Key(kind, "", hash)).ifPresent(locked::add));
      return locked;
    }
    for (List<String> some : Chunks.of(sorted)) {
      tx.query(
              COLUMNS
                  + " AND kind = :kind AND account = '' AND value_hash IN (<hashes>) ORDER BY"
                  + " value_hash FOR UPDATE",
              "hashes",
              Rows.Type.TEXT,
              some)
          .bind("dealer", tenant.id())
          .bind("kind", kind.name())
          .map((row, context) -> row(row))
          .forEach(locked::add);
    }
    return locked;
  }

  /** Inserts rows that are known not to be there; an equal one is a lost race. */
  static void insertAll(Tx tx, Tenant tenant, Collection<Row> rows) {
    Rows all =
        Rows.of("identity", tenant.id())
            .with(Rows.Type.TEXT, "kind", "account", "value_hash", "value_sealed")
            .with(Rows.Type.LONG, "member_id")
            .with(Rows.Type.TEXT, "status", "names")
            .with(Rows.Type.BOOL, "proven")
            .with(Rows.Type.LONG, "first_seen_ms");
    for (Row row : rows) {
      all.add(
          row.key().kind().name(),
          row.key().account(),
          row.key().hash(),
          row.sealed(),
          row.member().isPresent() ? (Long) row.member().getAsLong() : null,
          row.status(),
          row.names().isEmpty() ? null : row.names(),
          row.proven(),
          row.firstSeen().toEpochMilli());
      changed(tx, tenant, row);
    }
    tx.insertAll(all);
  }

  /**
   * An openid that follows.
   *
   * @param memberId of a new row, null for none
   */
  record Following(Key key, String openid, @Nullable Long memberId, long atMs) {}

  /** Inserts openids that are known not to be there; an equal one is a lost race. */
  static void insertFollowing(Tx tx, Tenant tenant, Collection<Following> rows, Instant now) {
    Rows all =
        Rows.of("identity", tenant.id())
            .with(Rows.Type.TEXT, "kind", "account", "value_hash", "value_sealed")
            .with(Rows.Type.LONG, "member_id")
            .with(Rows.Type.TEXT, "status")
            .with(Rows.Type.BOOL, "proven", "follows")
            .with(Rows.Type.LONG, "follow_at_ms", "first_seen_ms");
    for (Following row : rows) {
      all.add(
          row.key().kind().name(),
          row.key().account(),
          row.key().hash(),
          tenant.privacy().seal(row.openid()),
          row.memberId(),
          ACTIVE,
          false,
          true,
          row.atMs(),
          now.toEpochMilli());
    }
    tx.insertAll(all);
  }

  /** Writes of rows that are locked that they follow. */
  void follow(Tx tx, Tenant tenant, Collection<Following> rows) {
    if (rows.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(set("value_sealed = :sealed, follows = TRUE, follow_at_ms = :at"));
    rows.forEach(
        row ->
            bound(
                    batch
                        .bind("sealed", tenant.privacy().seal(row.openid()))
                        .bind("at", row.atMs()),
                    tenant,
                    row.key())
                .add());
    batch.execute();
  }

  /** Writes of rows that are locked that they do not follow any more. */
  void unfollow(Tx tx, Tenant tenant, Collection<Key> keys, long atMs) {
    if (keys.isEmpty()) {
      return;
    }
    PreparedBatch batch = tx.batch(set("value_sealed = NULL, follows = FALSE, follow_at_ms = :at"));
    keys.forEach(key -> bound(batch.bind("at", atMs), tenant, key).add());
    batch.execute();
  }

  /** Writes value, member, status and names of rows that this transaction has locked. */
  static void updateAll(Tx tx, Tenant tenant, Collection<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            set("value_sealed = :sealed, member_id = :member, status = :status, names = :names"));
    for (Row row : rows) {
      batch
          .bind("sealed", row.sealed())
          .bind("member", row.member().isPresent() ? (Long) row.member().getAsLong() : null)
          .bind("status", row.status())
          .bind("names", row.names().isEmpty() ? null : row.names())
          .bind("dealer", tenant.id())
          .bind("kind", row.key().kind().name())
          .bind("account", row.key().account())
          .bind("hash", row.key().hash())
          .add();
      changed(tx, tenant, row);
    }
    batch.execute();
  }

  /** Notes that whether its member follows, or has a phone, may have changed. */
  static void changed(Tx tx, Tenant tenant, Row row) {
    if (row.key().kind() != IdentityKind.CUSTOMER_NO) {
      row.member().ifPresent(member -> tx.changed(tenant.id(), member));
    }
  }

  /** Reads and locks the row, which is made first if there is none. */
  Row lock(Tx tx, Tenant tenant, Key key, String value, Instant now) {
    return lock(tx, tenant, key, value, now, find(tx, tenant, key).isPresent());
  }

  /** The same where it was read already whether the row is there. */
  Row lock(Tx tx, Tenant tenant, Key key, String value, Instant now, boolean there) {
    String sealed = tenant.privacy().seal(value);
    if (!there && insert(tx, tenant, key, sealed, now)) {
      return new Row(key, sealed, OptionalLong.empty(), ACTIVE, false, "", null, 0, now);
    }
    Row row = lockExisting(tx, tenant, key).orElseThrow(() -> Races.lost("identity"));
    if (row.readmitted()) {
      setValue(tx, tenant, key, value);
    }
    return row;
  }

  static boolean insert(Tx tx, Tenant tenant, Key key, @Nullable String sealed, Instant now) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {identity} (dealer_id, kind, account, value_hash, value_sealed, status, proven,
          first_seen_ms)
        VALUES (:dealer, :kind, :account, :hash, :sealed, :status, FALSE, :now)\
        """,
        row ->
            row.bind("dealer", tenant.id())
                .bind("kind", key.kind().name())
                .bind("account", key.account())
                .bind("hash", key.hash())
                .bind("sealed", sealed)
                .bind("status", ACTIVE)
                .bind("now", now.toEpochMilli()));
  }

  Optional<Row> lockExisting(Tx tx, Tenant tenant, Key key) {
    return one(tx, tenant, key, ONE + " FOR UPDATE");
  }

  private static Optional<Row> one(Tx tx, Tenant tenant, Key key, String sql) {
    return tx.query(sql)
        .bind("dealer", tenant.id())
        .bind("kind", key.kind().name())
        .bind("account", key.account())
        .bind("hash", key.hash())
        .map((row, context) -> row(row))
        .findFirst();
  }

  List<Row> ofMember(Tx tx, Tenant tenant, long member) {
    return tx.query(OF_MEMBER)
        .bind("dealer", tenant.id())
        .bind("member", member)
        .map((row, context) -> row(row))
        .list();
  }

  /** The same, once what waits is done. */
  void ofMemberLater(Tx tx, Tenant tenant, long member, Consumer<List<Row>> found) {
    List<Row> rows = new ArrayList<>();
    tx.later(
        OF_MEMBER,
        Map.of("dealer", tenant.id(), "member", member),
        row -> rows.add(row(row)),
        () -> found.accept(rows));
  }

  /** Those of members, who are locked; locked by their keys, in the order of these. */
  List<Row> lockOfMembers(Tx tx, Tenant tenant, Collection<Long> members) {
    List<Key> keys =
        tx.guarded(
                """
                SELECT kind, account, value_hash FROM {identity}
                WHERE dealer_id = :dealer AND member_id IN (<members>)""")
            .bind("dealer", tenant.id())
            .bindList("members", List.copyOf(members))
            .map(
                (row, context) ->
                    new Key(
                        IdentityKind.valueOf(row.getString("kind")),
                        row.getString("account"),
                        row.getString("value_hash")))
            .list();
    return keys.stream()
        .sorted(
            Comparator.comparing((Key key) -> key.kind().name())
                .thenComparing(Key::account)
                .thenComparing(Key::hash))
        .flatMap(key -> lockExisting(tx, tenant, key).stream())
        .filter(row -> row.member().isPresent() && members.contains(row.member().getAsLong()))
        .toList();
  }

  /** Gives rows that are locked to a member. */
  void setMember(Tx tx, Tenant tenant, Collection<Key> keys, long member) {
    if (keys.isEmpty()) {
      return;
    }
    PreparedBatch batch = tx.batch(set("member_id = :member"));
    keys.forEach(key -> bound(batch.bind("member", member), tenant, key).add());
    batch.execute();
    tx.changed(tenant.id(), member);
  }

  /** Makes tombstones of rows that are locked. */
  void erase(Tx tx, Tenant tenant, Collection<Key> keys) {
    wipe(
        tx,
        tenant,
        keys,
        "status = 'ERASED', value_sealed = NULL, names = NULL, member_id = NULL, follows = NULL,"
            + " follow_at_ms = NULL, proven = FALSE");
  }

  /** Takes the value and the member away from rows that are locked, and nothing else. */
  void release(Tx tx, Tenant tenant, Collection<Key> keys) {
    wipe(tx, tenant, keys, "value_sealed = NULL, names = NULL, member_id = NULL");
  }

  /** Takes the member away from rows that are locked. */
  void part(Tx tx, Tenant tenant, Collection<Key> keys) {
    wipe(tx, tenant, keys, "member_id = NULL");
  }

  private static void wipe(Tx tx, Tenant tenant, Collection<Key> keys, String columns) {
    if (keys.isEmpty()) {
      return;
    }
    PreparedBatch batch = tx.batch(set(columns));
    keys.forEach(key -> bound(batch, tenant, key).add());
    batch.execute();
  }

  private static PreparedBatch bound(PreparedBatch batch, Tenant tenant, Key key) {
    return batch
        .bind("dealer", tenant.id())
        .bind("kind", key.kind().name())
        .bind("account", key.account())
        .bind("hash", key.hash());
  }

  List<Row> ofMembers(Tx tx, Tenant tenant, IdentityKind kind, List<Long> members) {
    return tx.query(
            COLUMNS
                + " AND member_id IN (<members>) AND kind = :kind ORDER BY first_seen_ms,"
                + " value_hash",
            "members",
            Rows.Type.LONG,
            members)
        .bind("dealer", tenant.id())
        .bind("kind", kind.name())
        .map((row, context) -> row(row))
        .list();
  }

  List<Row> withStatus(Tx tx, Tenant tenant, IdentityKind kind, String status) {
    return tx.query(
            COLUMNS
                + " AND kind = :kind AND account = '' AND status = :status ORDER BY first_seen_ms,"
                + " value_hash")
        .bind("dealer", tenant.id())
        .bind("kind", kind.name())
        .bind("status", status)
        .map((row, context) -> row(row))
        .list();
  }

  void setMember(Tx tx, Tenant tenant, Key key, OptionalLong member) {
    if (key.kind() != IdentityKind.CUSTOMER_NO) {
      member.ifPresent(id -> tx.changed(tenant.id(), id));
    }
    tx.update(set("member_id = :member"))
        .bind("member", member.isPresent() ? (Long) member.getAsLong() : null)
        .bind("dealer", tenant.id())
        .bind("kind", key.kind().name())
        .bind("account", key.account())
        .bind("hash", key.hash())
        .execute();
  }

  void setStatus(Tx tx, Tenant tenant, Key key, String status, @Nullable String names) {
    tx.update(set("status = :status, names = :names"))
        .bind("status", status)
        .bind("names", names)
        .bind("dealer", tenant.id())
        .bind("kind", key.kind().name())
        .bind("account", key.account())
        .bind("hash", key.hash())
        .execute();
  }

  void setValue(Tx tx, Tenant tenant, Key key, String value) {
    tx.update(set("value_sealed = :sealed"))
        .bind("sealed", tenant.privacy().seal(value))
        .bind("dealer", tenant.id())
        .bind("kind", key.kind().name())
        .bind("account", key.account())
        .bind("hash", key.hash())
        .execute();
  }

  /** Removes rows that this transaction has made. */
  static void removeAll(Tx tx, Tenant tenant, Collection<Key> keys) {
    if (keys.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            DELETE FROM {identity}
            WHERE dealer_id = :dealer AND kind = :kind AND account = :account AND value_hash = :hash\
            """);
    keys.forEach(key -> bound(batch, tenant, key).add());
    batch.execute();
  }

  void setFollows(
      Tx tx, Tenant tenant, Key key, @Nullable String value, boolean follows, long atMillis) {
    tx.update(set("value_sealed = :sealed, follows = :follows, follow_at_ms = :at"))
        .bind("sealed", tenant.privacy().seal(value))
        .bind("follows", follows)
        .bind("at", atMillis)
        .bind("dealer", tenant.id())
        .bind("kind", key.kind().name())
        .bind("account", key.account())
        .bind("hash", key.hash())
        .execute();
  }

  private static String set(String columns) {
    return "UPDATE {identity} SET "
        + columns
        + " WHERE dealer_id = :dealer AND kind = :kind AND account = :account AND value_hash ="
        + " :hash";
  }

  private static Row row(ResultSet row) throws SQLException {
    long member = row.getLong("member_id");
    OptionalLong ofMember = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(member);
    boolean following = row.getBoolean("follows");
    Boolean follows = row.wasNull() ? null : (Boolean) following;
    String names = row.getString("names");
    return new Row(
        new Key(
            IdentityKind.valueOf(row.getString("kind")),
            row.getString("account"),
            row.getString("value_hash")),
        row.getString("value_sealed"),
        ofMember,
        row.getString("status"),
        row.getBoolean("proven"),
        names == null ? "" : names,
        follows,
        row.getLong("follow_at_ms"),
        Instant.ofEpochMilli(row.getLong("first_seen_ms")));
  }
}
