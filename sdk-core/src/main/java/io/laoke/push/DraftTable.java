package io.laoke.push;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.List;
import java.util.Optional;

/** The drafts that Laoke makes. */
final class DraftTable {
  private DraftTable() {}

  /** How a draft stands. */
  enum State {
    /** The call that makes it may have left. */
    MAKING,
    /** It is there. */
    MADE,
    /** It may be there, and nobody was told its id. */
    LOST,
    /** It is there, and is to be deleted. */
    DROPPED
  }

  /** A draft that is there. */
  record Made(long id, String mediaId, String hash) {}

  /** Which drafts: those of a batch in an account. */
  record Batch(Tenant tenant, String account, String key) {}

  /** The batch's draft; of several that were made at once the first, always the same. */
  static Optional<Made> made(Tx tx, Batch batch) {
    return tx.query(
            """
            SELECT id, media_id, hash FROM {content_draft}
            WHERE dealer_id = :dealer AND account = :account AND batch_key = :batch
              AND state = 'MADE' ORDER BY id LIMIT 1\
            """)
        .bind("dealer", batch.tenant().id())
        .bind("account", batch.account())
        .bind("batch", batch.key())
        .map(
            (row, context) ->
                new Made(row.getLong("id"), row.getString("media_id"), row.getString("hash")))
        .findOne();
  }

  static void made(Tx tx, Tenant tenant, long id, String mediaId) {
    tx.update(
            """
            UPDATE {content_draft} SET state = 'MADE', media_id = :media, changed_ms = :at
            WHERE dealer_id = :dealer AND id = :id\
            """)
        .bind("media", mediaId)
        .bind("at", tx.machineMillis())
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  static void begin(Tx tx, Batch batch, long id, String hash) {
    tx.update(
            """
            INSERT INTO {content_draft} (dealer_id, id, account, batch_key, hash, state, started_ms,
              changed_ms)
            VALUES (:dealer, :id, :account, :batch, :hash, 'MAKING', :at, :at)\
            """)
        .bind("dealer", batch.tenant().id())
        .bind("id", id)
        .bind("account", batch.account())
        .bind("batch", batch.key())
        .bind("hash", hash)
        .bind("at", tx.machineMillis())
        .execute();
  }

  /** Those of a batch that are in one state are in another from now on. */
  static int change(Tx tx, Batch batch, State from, State to) {
    return tx.update(
            """
            UPDATE {content_draft} SET state = :to, changed_ms = :at
            WHERE dealer_id = :dealer AND account = :account AND batch_key = :batch
              AND state = :from\
            """)
        .bind("to", to.name())
        .bind("at", tx.machineMillis())
        .bind("dealer", batch.tenant().id())
        .bind("account", batch.account())
        .bind("batch", batch.key())
        .bind("from", from.name())
        .execute();
  }

  /** No row of it any more: it is certainly not there. */
  static void remove(Tx tx, Tenant tenant, long id) {
    tx.update("DELETE FROM {content_draft} WHERE dealer_id = :dealer AND id = :id")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  /** The batch's drafts that may be there without anybody having been told their ids. */
  static List<Long> lost(Tx tx, Batch batch, String hash) {
    return tx.query(
            """
            SELECT id FROM {content_draft}
            WHERE dealer_id = :dealer AND account = :account AND batch_key = :batch
              AND state = 'LOST' AND hash = :hash ORDER BY id\
            """)
        .bind("dealer", batch.tenant().id())
        .bind("account", batch.account())
        .bind("batch", batch.key())
        .bind("hash", hash)
        .mapTo(Long.class)
        .list();
  }

  /** The batch's draft was sent and has ended with that. */
  static void spent(Tx tx, Batch batch, String mediaId) {
    tx.update(
            """
            DELETE FROM {content_draft} WHERE dealer_id = :dealer AND account = :account
              AND batch_key = :batch AND media_id = :media\
            """)
        .bind("dealer", batch.tenant().id())
        .bind("account", batch.account())
        .bind("batch", batch.key())
        .bind("media", mediaId)
        .execute();
  }

  /** Drafts of an account that are to be deleted, the oldest first. */
  static List<Made> dropped(Tx tx, Tenant tenant, String account, int most) {
    return tx.query(
            """
            SELECT id, media_id, hash FROM {content_draft}
            WHERE dealer_id = :dealer AND account = :account AND state = 'DROPPED'
            ORDER BY id LIMIT :most\
            """)
        .bind("dealer", tenant.id())
        .bind("account", account)
        .bind("most", most)
        .map(
            (row, context) ->
                new Made(row.getLong("id"), row.getString("media_id"), row.getString("hash")))
        .list();
  }

  /** How many may be there without anybody having been told their ids. */
  static long lost(Tx tx, Tenant tenant, String account) {
    return tx.query(
            """
            SELECT COUNT(*) FROM {content_draft}
            WHERE dealer_id = :dealer AND account = :account AND state = 'LOST'\
            """)
        .bind("dealer", tenant.id())
        .bind("account", account)
        .mapTo(Long.class)
        .one();
  }
}
