package io.laoke.member;

import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Purpose;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Table {@code member_pause}: what nobody has ended; some may have ended by themselves. */
final class PauseTable {
  /**
   * A row, its reason sealed.
   *
   * @param complaint the complaint's number, or empty
   */
  record Row(
      long id,
      long member,
      Purpose purpose,
      String complaint,
      @Nullable Instant until,
      @Nullable String sealed,
      String by,
      Instant since) {
    boolean holdsAt(Instant now) {
      return until == null || until.isAfter(now);
    }

    boolean is(Purpose other, String ofComplaint) {
      return purpose == other && complaint.equals(ofComplaint);
    }

    Row of(long newId, long newMember) {
      return new Row(newId, newMember, purpose, complaint, until, sealed, by, since);
    }

    MemberPause opened(Tenant tenant) {
      return new MemberPause(
          purpose,
          Optional.of(complaint).filter(no -> !no.isEmpty()),
          Optional.ofNullable(until),
          String.valueOf(tenant.privacy().open(sealed)),
          by,
          since);
    }
  }

  /** In the order in which they began. */
  List<Row> of(Tx tx, Tenant tenant, Collection<Long> members) {
    return members.isEmpty()
        ? List.of()
        : tx.guarded(
                """
                SELECT id, member_id, purpose, complaint, until_ms, reason, actor, at_ms
                FROM {member_pause} WHERE dealer_id = :dealer AND member_id IN (<members>)
                ORDER BY at_ms, id""",
                "members",
                Rows.Type.LONG,
                members)
            .bind("dealer", tenant.id())
            .map((row, context) -> row(row))
            .list();
  }

  private static Row row(ResultSet row) throws SQLException {
    long until = row.getLong("until_ms");
    boolean open = row.wasNull();
    return new Row(
        row.getLong("id"),
        row.getLong("member_id"),
        row.getInt("purpose") == 1 ? Purpose.CARE : Purpose.MARKETING,
        row.getString("complaint"),
        open ? null : Instant.ofEpochMilli(until),
        row.getString("reason"),
        row.getString("actor"),
        Instant.ofEpochMilli(row.getLong("at_ms")));
  }

  void insert(Tx tx, Tenant tenant, Row row) {
    Instant until = row.until();
    tx.update(
            """
            INSERT INTO {member_pause} (dealer_id, id, member_id, purpose, complaint, until_ms,
              reason, actor, at_ms)
            VALUES (:dealer, :id, :member, :purpose, :complaint, :until, :reason, :by, :at)""")
        .bind("dealer", tenant.id())
        .bind("id", row.id())
        .bind("member", row.member())
        .bind("purpose", row.purpose() == Purpose.CARE ? 1 : 2)
        .bind("complaint", row.complaint())
        .bind("until", until == null ? null : (Long) until.toEpochMilli())
        .bind("reason", row.sealed())
        .bind("by", row.by())
        .bind("at", row.since().toEpochMilli())
        .execute();
  }

  void remove(Tx tx, Tenant tenant, Row row) {
    tx.update("DELETE FROM {member_pause} WHERE dealer_id = :dealer AND id = :id")
        .bind("dealer", tenant.id())
        .bind("id", row.id())
        .execute();
  }
}
