package io.laoke.binding;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Table {@code ticket}. */
final class TicketTable {
  private static final String COLUMNS =
      "id, order_id, account, scene, state, issued_ms, expires_ms, code_content, code_until_ms";

  boolean insert(Tx tx, Tenant tenant, TicketRow row, @Nullable String by) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {ticket} (dealer_id, id, order_id, live_order_id, account, scene, state,
          issued_ms, issued_by, expires_ms)
        VALUES (:dealer, :id, :order, :order, :account, :scene, :state, :issued, :by, :expires)""",
        insert ->
            insert
                .bind("dealer", tenant.id())
                .bind("id", row.id())
                .bind("order", row.orderId())
                .bind("account", row.account())
                .bind("scene", row.scene())
                .bind("state", row.state().name())
                .bind("issued", row.issuedMillis())
                .bind("by", by)
                .bind("expires", row.expiresMillis()));
  }

  /** The ticket that is not marked as over, its row locked. */
  Optional<TicketRow> lockLive(Tx tx, Tenant tenant, long orderId) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {ticket} WHERE dealer_id = :dealer AND live_order_id = :order FOR UPDATE")
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .map(TicketTable::row)
        .findOne();
  }

  /** The live one, else the one that was issued last: ids of two nodes do not tell that. */
  Optional<TicketRow> newest(Tx tx, Tenant tenant, long orderId) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {ticket} WHERE dealer_id = :dealer AND order_id = :order"
                + " ORDER BY CASE WHEN live_order_id IS NULL THEN 1 ELSE 0 END, issued_ms DESC, id DESC"
                + " LIMIT 1")
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .map(TicketTable::row)
        .findOne();
  }

  Optional<TicketRow> byScene(Tx tx, Tenant tenant, String scene) {
    return tx.query(
            "SELECT " + COLUMNS + " FROM {ticket} WHERE dealer_id = :dealer AND scene = :scene")
        .bind("dealer", tenant.id())
        .bind("scene", scene)
        .map(TicketTable::row)
        .findOne();
  }

  Optional<TicketRow> find(Tx tx, Tenant tenant, long id) {
    return tx.query("SELECT " + COLUMNS + " FROM {ticket} WHERE dealer_id = :dealer AND id = :id")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .map(TicketTable::row)
        .findOne();
  }

  Optional<TicketRow> lock(Tx tx, Tenant tenant, long id) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {ticket} WHERE dealer_id = :dealer AND id = :id FOR UPDATE")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .map(TicketTable::row)
        .findOne();
  }

  void claim(Tx tx, Tenant tenant, long id, Instant now) {
    tx.update(
            """
            UPDATE {ticket} SET state = 'CLAIMED', claimed_ms = :now
            WHERE dealer_id = :dealer AND id = :id AND state = 'ISSUED'
            """)
        .bind("now", now.toEpochMilli())
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  void end(
      Tx tx,
      Tenant tenant,
      long id,
      TicketState state,
      Instant now,
      @Nullable String by,
      @Nullable String reason) {
    tx.update(
            """
            UPDATE {ticket} SET state = :state, live_order_id = NULL, ended_ms = :now,
              ended_by = :by, ended_reason = :reason
            WHERE dealer_id = :dealer AND id = :id
            """)
        .bind("state", state.name())
        .bind("now", now.toEpochMilli())
        .bind("by", by)
        .bind("reason", reason)
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  /**
   * Keeps a code, unless the row is locked: whoever asked for the code may hold that lock in a
   * transaction of their own, and waiting for it would never end.
   */
  boolean code(Tx tx, Tenant tenant, long id, String content, long untilMillis) {
    boolean free =
        tx.query(
                "SELECT id FROM {ticket} WHERE dealer_id = :dealer AND id = :id FOR UPDATE"
                    + tx.dialect().skipLocked())
            .bind("dealer", tenant.id())
            .bind("id", id)
            .mapTo(Long.class)
            .findOne()
            .isPresent();
    if (free) {
      tx.update(
              """
              UPDATE {ticket} SET code_content = :content, code_until_ms = :until
              WHERE dealer_id = :dealer AND id = :id
              """)
          .bind("content", content)
          .bind("until", untilMillis)
          .bind("dealer", tenant.id())
          .bind("id", id)
          .execute();
    }
    return free;
  }

  private static TicketRow row(ResultSet row, StatementContext context) throws SQLException {
    long until = row.getLong("code_until_ms");
    return new TicketRow(
        row.getLong("id"),
        row.getLong("order_id"),
        row.getString("account"),
        row.getString("scene"),
        TicketState.valueOf(row.getString("state")),
        row.getLong("issued_ms"),
        row.getLong("expires_ms"),
        row.getString("code_content"),
        until == 0 ? null : until);
  }
}
