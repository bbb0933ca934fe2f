package io.laoke.binding;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Table {@code phone_code}: the code that somebody was sent last, as a keyed hash. */
final class PhoneCodeTable {
  /**
   * A row.
   *
   * @param recipient the lookup hash of who asked
   * @param memberId whose the phone is, null if nobody's, so that nothing was sent
   */
  record Row(
      String recipient,
      long id,
      String account,
      String codeHash,
      @Nullable Long memberId,
      int tries,
      long sentMs,
      long untilMs) {}

  Optional<Row> lock(Tx tx, Tenant tenant, String recipient) {
    return tx.query(
            """
            SELECT recipient, id, account, code_hash, member_id, tries, sent_ms, until_ms
            FROM {phone_code} WHERE dealer_id = :dealer AND recipient = :recipient FOR UPDATE""")
        .bind("dealer", tenant.id())
        .bind("recipient", recipient)
        .map(
            (row, context) -> {
              long member = row.getLong("member_id");
              return new Row(
                  row.getString("recipient"),
                  row.getLong("id"),
                  row.getString("account"),
                  row.getString("code_hash"),
                  member == 0 ? null : (Long) member,
                  row.getInt("tries"),
                  row.getLong("sent_ms"),
                  row.getLong("until_ms"));
            })
        .findOne();
  }

  void remove(Tx tx, Tenant tenant, String recipient) {
    tx.update("DELETE FROM {phone_code} WHERE dealer_id = :dealer AND recipient = :recipient")
        .bind("dealer", tenant.id())
        .bind("recipient", recipient)
        .execute();
  }

  /** Takes what is too old away. */
  void removeOld(Tx tx, Tenant tenant, long nowMs) {
    tx.update("DELETE FROM {phone_code} WHERE dealer_id = :dealer AND until_ms <= :now")
        .bind("dealer", tenant.id())
        .bind("now", nowMs)
        .execute();
  }

  /** Writes one; there is none of that recipient's. */
  void insert(Tx tx, Tenant tenant, Row row) {
    tx.update(
            """
            INSERT INTO {phone_code} (dealer_id, recipient, id, account, code_hash, member_id, tries,
              sent_ms, until_ms)
            VALUES (:dealer, :recipient, :id, :account, :code, :member, :tries, :sent, :until)""")
        .bind("dealer", tenant.id())
        .bind("recipient", row.recipient())
        .bind("id", row.id())
        .bind("account", row.account())
        .bind("code", row.codeHash())
        .bind("member", row.memberId())
        .bind("tries", row.tries())
        .bind("sent", row.sentMs())
        .bind("until", row.untilMs())
        .execute();
  }

  void tried(Tx tx, Tenant tenant, String recipient, int tries) {
    tx.update(
            """
            UPDATE {phone_code} SET tries = :tries
            WHERE dealer_id = :dealer AND recipient = :recipient""")
        .bind("tries", tries)
        .bind("dealer", tenant.id())
        .bind("recipient", recipient)
        .execute();
  }
}
