package io.laoke.member;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.List;

/** Table {@code member_tag}. */
final class TagTable {
  /** The tags of a locked member, in order. */
  List<MemberTag> of(Tx tx, Tenant tenant, long member) {
    return tx.guarded(
            "SELECT tag, actor, at_ms FROM {member_tag} WHERE dealer_id = :dealer AND member_id ="
                + " :member ORDER BY tag")
        .bind("dealer", tenant.id())
        .bind("member", member)
        .map(
            (row, context) ->
                new MemberTag(
                    row.getString("tag"),
                    row.getString("actor"),
                    Instant.ofEpochMilli(row.getLong("at_ms"))))
        .list();
  }

  boolean insert(Tx tx, Tenant tenant, long member, MemberTag tag) {
    tx.changed(tenant.id(), member);
    return tx.insertIfAbsent(
        """
        INSERT INTO {member_tag} (dealer_id, member_id, tag, actor, at_ms)
        VALUES (:dealer, :member, :tag, :by, :at)""",
        row ->
            row.bind("dealer", tenant.id())
                .bind("member", member)
                .bind("tag", tag.tag())
                .bind("by", tag.by())
                .bind("at", tag.at().toEpochMilli()));
  }

  boolean remove(Tx tx, Tenant tenant, long member, String tag) {
    tx.changed(tenant.id(), member);
    return tx.update(
                """
                DELETE FROM {member_tag}
                WHERE dealer_id = :dealer AND member_id = :member AND tag = :tag""")
            .bind("dealer", tenant.id())
            .bind("member", member)
            .bind("tag", tag)
            .execute()
        == 1;
  }
}
