package io.laoke.binding;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/** Table {@code paper_link}. */
final class PaperLinkTable {
  private static final String COLUMNS =
      "SELECT id, order_id, account, token, state, issued_ms, expires_ms FROM {paper_link} ";

  /** A row. */
  record Row(
      long id,
      long orderId,
      String account,
      String token,
      String state,
      long issuedMillis,
      long expiresMillis) {
    /** The state as it is at a business time, in the words of tickets. */
    TicketState stateAt(Instant now) {
      return switch (state) {
        case "REVOKED" -> TicketState.REVOKED;
        case "LIVE" ->
            now.toEpochMilli() < expiresMillis ? TicketState.ISSUED : TicketState.EXPIRED;
        default -> TicketState.EXPIRED;
      };
    }

    /** Does not show the token: who has it may bind the order. */
    @Override
    public String toString() {
      return "PaperLink[" + id + ", " + state + "]";
    }
  }

  boolean insert(Tx tx, Tenant tenant, Row row) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {paper_link} (dealer_id, id, order_id, live_order_id, account, token, state,
          issued_ms, expires_ms)
        VALUES (:dealer, :id, :order, :order, :account, :token, :state, :issued, :expires)""",
        insert ->
            insert
                .bind("dealer", tenant.id())
                .bind("id", row.id())
                .bind("order", row.orderId())
                .bind("account", row.account())
                .bind("token", row.token())
                .bind("state", row.state())
                .bind("issued", row.issuedMillis())
                .bind("expires", row.expiresMillis()));
  }

  /** The order's live link; one whose time is over is still there until another is made. */
  Optional<Row> live(Tx tx, Tenant tenant, long orderId, boolean lock) {
    return tx.query(
            COLUMNS
                + "WHERE dealer_id = :dealer AND live_order_id = :order"
                + (lock ? " FOR UPDATE" : ""))
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .map(PaperLinkTable::row)
        .findOne();
  }

  Optional<Row> byToken(Tx tx, Tenant tenant, String token, boolean lock) {
    return tx.query(
            COLUMNS + "WHERE dealer_id = :dealer AND token = :token" + (lock ? " FOR UPDATE" : ""))
        .bind("dealer", tenant.id())
        .bind("token", token)
        .map(PaperLinkTable::row)
        .findOne();
  }

  void account(Tx tx, Tenant tenant, long id, String account) {
    tx.update("UPDATE {paper_link} SET account = :account WHERE dealer_id = :dealer AND id = :id")
        .bind("account", account)
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  void end(Tx tx, Tenant tenant, long id, String state, Instant now) {
    tx.update(
            """
            UPDATE {paper_link} SET state = :state, live_order_id = NULL, ended_ms = :now
            WHERE dealer_id = :dealer AND id = :id
            """)
        .bind("state", state)
        .bind("now", now.toEpochMilli())
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  private static Row row(ResultSet row, StatementContext context) throws SQLException {
    return new Row(
        row.getLong("id"),
        row.getLong("order_id"),
        row.getString("account"),
        row.getString("token"),
        row.getString("state"),
        row.getLong("issued_ms"),
        row.getLong("expires_ms"));
  }
}
