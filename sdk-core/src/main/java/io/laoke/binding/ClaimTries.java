package io.laoke.binding;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Table {@code claim_try}: counts wrong claims in windows of machine time. */
final class ClaimTries {
  record Key(String kind, String hash) {}

  private record Row(int tries, long since) {}

  /**
   * Locks the counter, so that tries which meet are counted one after the other.
   *
   * @return when the next try is allowed, by machine time; 0 if it is now
   */
  long blockedUntil(Tx tx, Tenant tenant, Key key, int most, Duration window, long now) {
    Row row = lock(tx, tenant, key, now);
    long until = row.since() + window.toMillis();
    return row.tries() >= most && until > now ? until : 0;
  }

  private Row lock(Tx tx, Tenant tenant, Key key, long now) {
    Row there = find(tx, tenant, key, " FOR UPDATE");
    if (there != null) {
      return there;
    }
    tx.insertIfAbsent(
        """
        INSERT INTO {claim_try} (dealer_id, kind, key_hash, tries, since_ms)
        VALUES (:dealer, :kind, :key, 0, :now)""",
        row ->
            row.bind("dealer", tenant.id())
                .bind("kind", key.kind())
                .bind("key", key.hash())
                .bind("now", now));
    Row winner = find(tx, tenant, key, " FOR UPDATE");
    return winner == null ? new Row(0, now) : winner;
  }

  private static @Nullable Row find(Tx tx, Tenant tenant, Key key, String locking) {
    return tx.query(
            """
            SELECT tries, since_ms FROM {claim_try}
            WHERE dealer_id = :dealer AND kind = :kind AND key_hash = :key%s"""
                .formatted(locking))
        .bind("dealer", tenant.id())
        .bind("kind", key.kind())
        .bind("key", key.hash())
        .map((row, context) -> new Row(row.getInt("tries"), row.getLong("since_ms")))
        .findOne()
        .orElse(null);
  }

  /** One wrong try more; the row is locked. A window that is over begins anew. */
  void count(Tx tx, Tenant tenant, Key key, Duration window, long now) {
    Row row = lock(tx, tenant, key, now);
    boolean anew = row.tries() == 0 || row.since() + window.toMillis() <= now;
    tx.update(
            """
            UPDATE {claim_try} SET tries = :tries, since_ms = :since
            WHERE dealer_id = :dealer AND kind = :kind AND key_hash = :key
            """)
        .bind("tries", anew ? 1 : row.tries() + 1)
        .bind("since", anew ? now : row.since())
        .bind("dealer", tenant.id())
        .bind("kind", key.kind())
        .bind("key", key.hash())
        .execute();
  }
}
