package io.laoke.push;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Contents and their versions. */
final class ContentTable {
  private static final String COLUMNS =
      "content_key, version, name, body, hash, saved_by, saved_ms";

  private ContentTable() {}

  /** Whoever changes contents of a dealer, or counts on one being there, does so in turn. */
  static void lock(Tx tx, Tenant tenant) {
    tx.lockDealer(tenant.id());
  }

  static Optional<SavedContent> find(Tx tx, Tenant tenant, String key, boolean locked) {
    String sql =
        "SELECT " + COLUMNS + " FROM {content} WHERE dealer_id = :dealer AND content_key = :key";
    return (locked ? tx.guarded(sql) : tx.query(sql))
        .bind("dealer", tenant.id())
        .bind("key", key)
        .map((row, context) -> saved(row))
        .findOne();
  }

  static Optional<SavedContent> find(Tx tx, Tenant tenant, String key, int version) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {content_version} WHERE dealer_id = :dealer AND content_key = :key"
                + " AND version = :version AND body IS NOT NULL")
        .bind("dealer", tenant.id())
        .bind("key", key)
        .bind("version", version)
        .map((row, context) -> saved(row))
        .findOne();
  }

  static List<SavedContent> versions(Tx tx, Tenant tenant, String key) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {content_version} WHERE dealer_id = :dealer AND content_key = :key"
                + " AND body IS NOT NULL ORDER BY version")
        .bind("dealer", tenant.id())
        .bind("key", key)
        .map((row, context) -> saved(row))
        .list();
  }

  static List<SavedContent> all(Tx tx, Tenant tenant) {
    return tx.query(
            "SELECT " + COLUMNS + " FROM {content} WHERE dealer_id = :dealer ORDER BY content_key")
        .bind("dealer", tenant.id())
        .map((row, context) -> saved(row))
        .list();
  }

  static int lastVersion(Tx tx, Tenant tenant, String key) {
    return tx.guarded(
            """
            SELECT version FROM {content_version}
            WHERE dealer_id = :dealer AND content_key = :key ORDER BY version DESC LIMIT 1\
            """)
        .bind("dealer", tenant.id())
        .bind("key", key)
        .mapTo(Integer.class)
        .findOne()
        .orElse(0);
  }

  private static SavedContent saved(ResultSet row) throws SQLException {
    return new SavedContent(
        row.getString("content_key"),
        row.getInt("version"),
        row.getString("name"),
        ContentJson.read(row.getString("body")),
        row.getString("hash"),
        Instant.ofEpochMilli(row.getLong("saved_ms")),
        row.getString("saved_by"));
  }

  /** Puts a version; the one before it is replaced. */
  static void put(Tx tx, Tenant tenant, SavedContent saved, String body, boolean first) {
    row(
        tx,
        first
            ? """
            INSERT INTO {content} (dealer_id, content_key, version, name, body, hash, saved_by,
              saved_ms)
            VALUES (:dealer, :key, :version, :name, :body, :hash, :by, :at)\
            """
            : """
            UPDATE {content} SET version = :version, name = :name, body = :body, hash = :hash,
              saved_by = :by, saved_ms = :at
            WHERE dealer_id = :dealer AND content_key = :key\
            """,
        tenant,
        saved,
        body);
    version(tx, tenant, saved, body);
  }

  private static void version(Tx tx, Tenant tenant, SavedContent saved, @Nullable String body) {
    row(
        tx,
        """
        INSERT INTO {content_version} (dealer_id, content_key, version, name, body, hash, saved_by,
          saved_ms)
        VALUES (:dealer, :key, :version, :name, :body, :hash, :by, :at)\
        """,
        tenant,
        saved,
        body);
  }

  private static void row(
      Tx tx, String sql, Tenant tenant, SavedContent saved, @Nullable String body) {
    tx.update(sql)
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

  static void remove(Tx tx, Tenant tenant, SavedContent saved, String by, Instant now) {
    tx.update("DELETE FROM {content} WHERE dealer_id = :dealer AND content_key = :key")
        .bind("dealer", tenant.id())
        .bind("key", saved.key())
        .execute();
    SavedContent removal =
        new SavedContent(
            saved.key(), saved.version() + 1, saved.name(), saved.content(), saved.hash(), now, by);
    version(tx, tenant, removal, null);
  }
}
