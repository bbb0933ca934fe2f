package io.laoke.push;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.Optional;

/** What accounts hold of files already. */
final class UploadTable {
  private UploadTable() {}

  /** As what a file was uploaded. */
  enum Kind {
    BODY,
    IMAGE,
    VOICE,
    VIDEO
  }

  /**
   * Which upload.
   *
   * @param key the file's hash, of a video that of its words too
   */
  record Key(String account, Kind kind, String key) {}

  static Optional<String> find(Tx tx, Tenant tenant, Key key) {
    return tx.query(
            """
            SELECT ref FROM {content_upload} WHERE dealer_id = :dealer AND account = :account
              AND kind = :kind AND upload_key = :key\
            """)
        .bind("dealer", tenant.id())
        .bind("account", key.account())
        .bind("kind", key.kind().name())
        .bind("key", key.key())
        .mapTo(String.class)
        .findOne();
  }

  /**
   * Keeps where it is; if another was first, that stays.
   *
   * @return whether this one was kept
   */
  static boolean put(Tx tx, Tenant tenant, Key key, String ref) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {content_upload} (dealer_id, account, kind, upload_key, ref, uploaded_ms)
        VALUES (:dealer, :account, :kind, :key, :ref, :at)\
        """,
        row ->
            row.bind("dealer", tenant.id())
                .bind("account", key.account())
                .bind("kind", key.kind().name())
                .bind("key", key.key())
                .bind("ref", ref)
                .bind("at", tx.machineMillis()));
  }

  static void forget(Tx tx, Tenant tenant, Key key) {
    tx.update(
            """
            DELETE FROM {content_upload} WHERE dealer_id = :dealer AND account = :account
              AND kind = :kind AND upload_key = :key\
            """)
        .bind("dealer", tenant.id())
        .bind("account", key.account())
        .bind("kind", key.kind().name())
        .bind("key", key.key())
        .execute();
  }
}
