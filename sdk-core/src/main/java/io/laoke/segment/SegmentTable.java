package io.laoke.segment;

import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Saved segments. */
final class SegmentTable {
  private static final String COLUMNS =
      "segment_key, version, name, body, hash, saved_by, saved_ms";

  private SegmentTable() {}

  /** The saved segments of a dealer. */
  interface Saved {
    Optional<SavedSegment> find(String key);

    Set<String> keys();
  }

  /** These. */
  static Saved of(List<SavedSegment> all) {
    Map<String, SavedSegment> byKey = new LinkedHashMap<>();
    all.forEach(one -> byKey.put(one.key(), one));
    return new Saved() {
      @Override
      public Optional<SavedSegment> find(String key) {
        return Optional.ofNullable(byKey.get(key));
      }

      @Override
      public Set<String> keys() {
        return byKey.keySet();
      }
    };
  }

  /** Those that are stored, each read once it is asked for: most questions refer to none. */
  static Saved in(Database database, Tenant tenant) {
    Map<String, Optional<SavedSegment>> read = new HashMap<>();
    return new Saved() {
      @Override
      public Optional<SavedSegment> find(String key) {
        return read.computeIfAbsent(
            key,
            one -> database.read("read a saved segment", tx -> SegmentTable.find(tx, tenant, one)));
      }

      @Override
      public Set<String> keys() {
        return database.read(
            "list the saved segments",
            tx ->
                new LinkedHashSet<>(
                    tx.query(
                            "SELECT segment_key FROM {segment} WHERE dealer_id = :dealer ORDER BY segment_key")
                        .bind("dealer", tenant.id())
                        .mapTo(String.class)
                        .list()));
      }
    };
  }

  /** Lets no other transaction save until this one ends: whether a circle closes depends on all. */
  static void lock(Tx tx, Tenant tenant) {
    tx.lockDealer(tenant.id());
  }

  static List<SavedSegment> all(Tx tx, Tenant tenant, boolean locked) {
    String sql =
        "SELECT " + COLUMNS + " FROM {segment} WHERE dealer_id = :dealer ORDER BY segment_key";
    return (locked ? tx.guarded(sql) : tx.query(sql))
        .bind("dealer", tenant.id())
        .map((row, context) -> saved(row))
        .list();
  }

  static Optional<SavedSegment> find(Tx tx, Tenant tenant, String key) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {segment} WHERE dealer_id = :dealer AND segment_key = :key")
        .bind("dealer", tenant.id())
        .bind("key", key)
        .map((row, context) -> saved(row))
        .findOne();
  }

  static List<SavedSegment> versions(Tx tx, Tenant tenant, String key) {
    List<SavedSegment> versions = new ArrayList<>();
    tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {segment_version} WHERE dealer_id = :dealer AND segment_key = :key"
                + " AND body IS NOT NULL ORDER BY version")
        .bind("dealer", tenant.id())
        .bind("key", key)
        .map((row, context) -> saved(row))
        .forEach(versions::add);
    return versions;
  }

  static int lastVersion(Tx tx, Tenant tenant, String key) {
    return tx.guarded(
            """
            SELECT version FROM {segment_version}
            WHERE dealer_id = :dealer AND segment_key = :key ORDER BY version DESC LIMIT 1""")
        .bind("dealer", tenant.id())
        .bind("key", key)
        .mapTo(Integer.class)
        .findOne()
        .orElse(0);
  }

  private static SavedSegment saved(ResultSet row) throws SQLException {
    return new SavedSegment(
        row.getString("segment_key"),
        row.getInt("version"),
        row.getString("name"),
        SegmentJson.read(row.getString("body")),
        row.getString("hash"),
        Instant.ofEpochMilli(row.getLong("saved_ms")),
        row.getString("saved_by"));
  }

  /** Puts a version; the one before it is replaced. */
  static void put(Tx tx, Tenant tenant, SavedSegment saved, boolean first) {
    String body = SegmentJson.write(saved.segment());
    tx.update(
            first
                ? """
                INSERT INTO {segment} (dealer_id, segment_key, version, name, body, hash, saved_by,
                  saved_ms)
                VALUES (:dealer, :key, :version, :name, :body, :hash, :by, :at)"""
                : """
                UPDATE {segment} SET version = :version, name = :name, body = :body, hash = :hash,
                  saved_by = :by, saved_ms = :at
                WHERE dealer_id = :dealer AND segment_key = :key""")
        .bind("dealer", tenant.id())
        .bind("key", saved.key())
        .bind("version", saved.version())
        .bind("name", saved.name())
        .bind("body", body)
        .bind("hash", saved.hash())
        .bind("by", saved.savedBy())
        .bind("at", saved.savedAt().toEpochMilli())
        .execute();
    version(tx, tenant, saved, body);
  }

  private static void version(Tx tx, Tenant tenant, SavedSegment saved, @Nullable String body) {
    tx.listsChanged(tenant.id());
    tx.update(
            """
            INSERT INTO {segment_version} (dealer_id, segment_key, version, name, body, hash,
              saved_by, saved_ms)
            VALUES (:dealer, :key, :version, :name, :body, :hash, :by, :at)""")
        .bind("dealer", tenant.id())
        .bind("key", saved.key())
        .bind("version", saved.version())
        .bind("name", saved.name())
        .bind("body", body)
        .bind("hash", saved.hash())
        .bind("by", saved.savedBy())
        .bind("at", saved.savedAt().toEpochMilli())
        .execute();
  }

  static void remove(Tx tx, Tenant tenant, SavedSegment saved, String by, Instant now) {
    tx.update("DELETE FROM {segment} WHERE dealer_id = :dealer AND segment_key = :key")
        .bind("dealer", tenant.id())
        .bind("key", saved.key())
        .execute();
    version(
        tx,
        tenant,
        new SavedSegment(
            saved.key(), saved.version() + 1, saved.name(), saved.segment(), saved.hash(), now, by),
        null);
  }
}
