package io.laoke.sms;

import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Table {@code sms_opt_out}. */
final class OptOutTable {
  /** Keeps the latest; an older one changes nothing. */
  void put(Tx tx, Tenant tenant, String phoneHash, SmsOptOut optOut) {
    String words = tenant.privacy().seal(optOut.text().orElse(null));
    boolean inserted =
        tx.insertIfAbsent(
            """
            INSERT INTO {sms_opt_out} (dealer_id, phone_hash, at_ms, source, account, signature, words,
              recorded_ms)
            VALUES (:dealer, :hash, :at, :source, :account, :signature, :words, :now)""",
            row ->
                row.bind("dealer", tenant.id())
                    .bind("hash", phoneHash)
                    .bind("at", optOut.at().toEpochMilli())
                    .bind("source", optOut.source().name())
                    .bind("account", optOut.account())
                    .bind("signature", optOut.signature())
                    .bind("words", words)
                    .bind("now", tx.machineMillis()));
    if (!inserted) {
      tx.update(
              """
              UPDATE {sms_opt_out} SET source = :source, account = :account, signature = :signature,
                words = :words, recorded_ms = :now, at_ms = :at
              WHERE dealer_id = :dealer AND phone_hash = :hash AND at_ms < :at""")
          .bind("source", optOut.source().name())
          .bind("account", optOut.account())
          .bind("signature", optOut.signature())
          .bind("words", words)
          .bind("now", tx.machineMillis())
          .bind("at", optOut.at().toEpochMilli())
          .bind("dealer", tenant.id())
          .bind("hash", phoneHash)
          .execute();
    }
  }

  Optional<SmsOptOut> find(Tx tx, Tenant tenant, String phoneHash) {
    return tx.query(
            """
            SELECT at_ms, source, account, signature, words FROM {sms_opt_out}
            WHERE dealer_id = :dealer AND phone_hash = :hash""")
        .bind("dealer", tenant.id())
        .bind("hash", phoneHash)
        .map(
            (row, context) ->
                new SmsOptOut(
                    Instant.ofEpochMilli(row.getLong("at_ms")),
                    SmsOptOut.Source.valueOf(row.getString("source")),
                    row.getString("account"),
                    row.getString("signature"),
                    Optional.ofNullable(tenant.privacy().open(row.getString("words")))))
        .findFirst();
  }

  /** When those of these phones that opted out did so, by hash. */
  Map<String, Instant> times(Tx tx, Tenant tenant, Collection<String> phoneHashes) {
    Map<String, Instant> times = new HashMap<>();
    tx.query(
            """
            SELECT phone_hash, at_ms FROM {sms_opt_out}
            WHERE dealer_id = :dealer AND phone_hash IN (<hashes>)""",
            "hashes",
            Rows.Type.TEXT,
            phoneHashes)
        .bind("dealer", tenant.id())
        .map(
            (row, context) ->
                times.put(row.getString("phone_hash"), Instant.ofEpochMilli(row.getLong("at_ms"))))
        .list();
    return times;
  }
}
