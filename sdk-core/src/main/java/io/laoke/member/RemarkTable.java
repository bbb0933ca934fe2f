package io.laoke.member;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.List;

/** Table {@code member_remark}. */
final class RemarkTable {
  /** A row, its text sealed. */
  record Row(long id, String sealed, String by, Instant at) {
    Remark opened(Tenant tenant) {
      return new Remark(id, String.valueOf(tenant.privacy().open(sealed)), by, at);
    }
  }

  /** The remarks of a locked member, the newest last. */
  List<Row> of(Tx tx, Tenant tenant, long member) {
    return tx.guarded(
            """
            SELECT id, text_sealed, actor, at_ms FROM {member_remark}
            WHERE dealer_id = :dealer AND member_id = :member ORDER BY at_ms, id""")
        .bind("dealer", tenant.id())
        .bind("member", member)
        .map(
            (row, context) ->
                new Row(
                    row.getLong("id"),
                    row.getString("text_sealed"),
                    row.getString("actor"),
                    Instant.ofEpochMilli(row.getLong("at_ms"))))
        .list();
  }

  void insert(Tx tx, Tenant tenant, long member, Remark remark) {
    tx.update(
            """
            INSERT INTO {member_remark} (dealer_id, id, member_id, text_sealed, actor, at_ms)
            VALUES (:dealer, :id, :member, :text, :by, :at)""")
        .bind("dealer", tenant.id())
        .bind("id", remark.id())
        .bind("member", member)
        .bind("text", tenant.privacy().seal(remark.text()))
        .bind("by", remark.by())
        .bind("at", remark.at().toEpochMilli())
        .execute();
  }

  boolean remove(Tx tx, Tenant tenant, long member, long id) {
    return tx.update(
                """
                DELETE FROM {member_remark}
                WHERE dealer_id = :dealer AND id = :id AND member_id = :member""")
            .bind("dealer", tenant.id())
            .bind("id", id)
            .bind("member", member)
            .execute()
        == 1;
  }
}
