package io.laoke.member;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Table {@code member_audit}. */
final class AuditTable {
  void insert(Tx tx, Tenant tenant, long member, AuditEntry entry) {
    tx.update(
            """
            INSERT INTO {member_audit} (dealer_id, id, member_id, action, subject, until_ms, reason,
              actor, at_ms)
            VALUES (:dealer, :id, :member, :action, :subject, :until, :why, :by, :at)""")
        .bind("dealer", tenant.id())
        .bind("id", entry.id())
        .bind("member", member)
        .bind("action", entry.action().name())
        .bind("subject", entry.subject())
        .bind("until", entry.until().map(Instant::toEpochMilli).orElse(null))
        .bind("why", tenant.privacy().seal(entry.why().orElse(null)))
        .bind("by", entry.by())
        .bind("at", entry.at().toEpochMilli())
        .execute();
  }

  List<AuditEntry> page(Tx tx, Tenant tenant, Collection<Long> members, long afterId, int limit) {
    return tx.query(
            """
            SELECT id, action, subject, until_ms, reason, actor, at_ms FROM {member_audit}
            WHERE dealer_id = :dealer AND member_id IN (<members>) AND id > :after
            ORDER BY id LIMIT :limit""")
        .bind("dealer", tenant.id())
        .bindList("members", List.copyOf(members))
        .bind("after", afterId)
        .bind("limit", limit)
        .map(
            (row, context) -> {
              long until = row.getLong("until_ms");
              Optional<Instant> end =
                  row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(until));
              return new AuditEntry(
                  row.getLong("id"),
                  AuditEntry.Action.valueOf(row.getString("action")),
                  row.getString("subject"),
                  end,
                  Optional.ofNullable(tenant.privacy().open(row.getString("reason"))),
                  row.getString("actor"),
                  Instant.ofEpochMilli(row.getLong("at_ms")));
            })
        .list();
  }
}
