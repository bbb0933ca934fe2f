package io.laoke.inbox;

import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import java.util.UUID;

/**
 * Whose turn it is to apply a dealer's facts: a lease in machine time. It spares two engines the
 * same work. What they decide is right without it, since each row is taken by compare-and-set.
 */
final class Turns {
  static final long LEASE_MILLIS = 30_000;

  private final Database database;
  private final String token = UUID.randomUUID().toString();

  Turns(Database database) {
    this.database = database;
  }

  /** Takes a turn that nobody has. */
  boolean take(int dealer) {
    return database.own(
        "take the turn to apply facts",
        tx -> {
          long now = tx.machineMillis();
          return moved(tx, dealer, ":until", "until_ms < :now", now, now + LEASE_MILLIS)
              || tx.insertIfAbsent(
                  "INSERT INTO {inbox_turn} (dealer_id, token, until_ms) VALUES (:dealer, :token,"
                      + " :until)",
                  row ->
                      row.bind("dealer", dealer)
                          .bind("token", token)
                          .bind("until", now + LEASE_MILLIS));
        });
  }

  /**
   * Goes on with a turn; false if it has been lost. Twice in one millisecond, too: by {@code
   * useAffectedRows} a row that stays as it was counts as not found.
   */
  boolean keep(Tx tx, int dealer, long now) {
    return moved(
        tx,
        dealer,
        "CASE WHEN until_ms < :until THEN :until ELSE until_ms + 1 END",
        "token = :token AND until_ms >= :now",
        now,
        now + LEASE_MILLIS);
  }

  void giveBack(int dealer) {
    database.own(
        "give the turn to apply facts back",
        tx -> moved(tx, dealer, ":until", "token = :token AND until_ms >= :now", 0, 0));
  }

  private boolean moved(Tx tx, int dealer, String to, String where, long now, long until) {
    return tx.update(
                """
                UPDATE {inbox_turn} SET token = :token, until_ms = %s
                WHERE dealer_id = :dealer AND %s"""
                    .formatted(to, where))
            .bind("token", token)
            .bind("until", until)
            .bind("dealer", dealer)
            .bind("now", now)
            .execute()
        == 1;
  }
}
