package io.laoke.binding;

import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Tables {@code recipient} and {@code binding_audit}. */
final class RecipientTable {
  private static final String COLUMNS =
      "id, order_id, account, openid_hash, state, source, joined_ms, introduced, given_member_id,"
          + " joined_member_id, told_id, told_revision";

  /** All of an order, oldest first. The order row must be locked by whoever then writes. */
  List<RecipientRow> of(Tx tx, Tenant tenant, long orderId) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {recipient} WHERE dealer_id = :dealer AND order_id = :order ORDER BY id")
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .map(RecipientTable::row)
        .list();
  }

  /** All of an order, oldest first, their rows locked: what others have just committed is seen. */
  List<RecipientRow> lock(Tx tx, Tenant tenant, long orderId) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {recipient} WHERE dealer_id = :dealer AND order_id = :order ORDER BY id"
                + " FOR UPDATE")
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .map(RecipientTable::row)
        .list();
  }

  List<RecipientRow> of(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    return of(tx, tenant, orderIds, "");
  }

  /** All of these orders, oldest first, their rows locked. */
  List<RecipientRow> lock(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    return of(tx, tenant, orderIds, " FOR UPDATE");
  }

  private static List<RecipientRow> of(
      Tx tx, Tenant tenant, Collection<Long> orderIds, String locking) {
    if (orderIds.isEmpty()) {
      return List.of();
    }
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {recipient} WHERE dealer_id = :dealer AND order_id IN (<orders>)"
                + " ORDER BY id"
                + locking,
            "orders",
            Rows.Type.LONG,
            orderIds)
        .bind("dealer", tenant.id())
        .map(RecipientTable::row)
        .list();
  }

  /** What a message is judged by, of all who ever belonged to these orders. */
  List<BindingBook.OrderRecipient> all(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    return orderIds.isEmpty()
        ? List.of()
        : tx.query(
                """
                SELECT id, order_id, account, openid_hash, state, source, introduced, told_id,
                  told_revision
                FROM {recipient} WHERE dealer_id = :dealer AND order_id IN (<orders>)""",
                "orders",
                Rows.Type.LONG,
                orderIds)
            .bind("dealer", tenant.id())
            .map(
                (row, context) ->
                    new BindingBook.OrderRecipient(
                        row.getLong(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4),
                        RecipientState.valueOf(row.getString(5)),
                        Recipient.Source.AUTO.name().equals(row.getString(6)) && row.getInt(7) == 0,
                        row.getLong(8),
                        row.getInt(9)))
            .list();
  }

  Optional<RecipientRow> find(
      Tx tx, Tenant tenant, long orderId, String account, String openidHash) {
    return of(tx, tenant, orderId).stream().filter(row -> row.is(account, openidHash)).findFirst();
  }

  /** The recipient of that id. */
  Optional<RecipientRow> find(Tx tx, Tenant tenant, long id) {
    return tx.query(
            "SELECT " + COLUMNS + " FROM {recipient} WHERE dealer_id = :dealer AND id = :id")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .map(RecipientTable::row)
        .findOne();
  }

  /** Whether a person ever belonged to an order, or was offered one. */
  boolean ever(Tx tx, Tenant tenant, String account, String openidHash) {
    return tx.query(
            """
            SELECT order_id FROM {recipient}
            WHERE dealer_id = :dealer AND account = :account AND openid_hash = :hash
            ORDER BY order_id LIMIT 1
            """)
        .bind("dealer", tenant.id())
        .bind("account", account)
        .bind("hash", openidHash)
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  /** A person's orders in one state, newest first. */
  List<Long> orders(
      Tx tx, Tenant tenant, String account, String openidHash, RecipientState state, int limit) {
    return tx.query(
            """
            SELECT order_id FROM {recipient}
            WHERE dealer_id = :dealer AND account = :account AND openid_hash = :hash
              AND state = :state
            ORDER BY order_id DESC LIMIT :limit
            """)
        .bind("state", state.name())
        .bind("dealer", tenant.id())
        .bind("account", account)
        .bind("hash", openidHash)
        .bind("limit", limit)
        .mapTo(Long.class)
        .list();
  }

  /** Orders that bound themselves to this person, and still are. */
  List<Long> autoBound(Tx tx, Tenant tenant, String account, String openidHash) {
    return tx.query(
            """
            SELECT order_id FROM {recipient}
            WHERE dealer_id = :dealer AND account = :account AND openid_hash = :hash
              AND source = 'AUTO' AND state <> 'UNBOUND'
            ORDER BY order_id
            """)
        .bind("dealer", tenant.id())
        .bind("account", account)
        .bind("hash", openidHash)
        .mapTo(Long.class)
        .list();
  }

  boolean insert(Tx tx, Tenant tenant, RecipientRow row) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {recipient} (dealer_id, order_id, account, openid_hash, id, state, source,
          joined_ms, changed_ms, introduced, given_member_id)
        VALUES (:dealer, :order, :account, :hash, :id, :state, :source, :joined, :joined,
          :introduced, :given)""",
        insert ->
            insert
                .bind("dealer", tenant.id())
                .bind("order", row.orderId())
                .bind("account", row.account())
                .bind("hash", row.openidHash())
                .bind("id", row.id())
                .bind("state", row.state().name())
                .bind("source", row.source().name())
                .bind("joined", row.joinedMillis())
                .bind("introduced", row.introduced() ? 1 : 0)
                .bind("given", row.givenMemberId()));
  }

  void state(Tx tx, Tenant tenant, RecipientRow row, RecipientState state, Instant now) {
    tx.update(
            """
            UPDATE {recipient} SET state = :state, changed_ms = :now
            WHERE dealer_id = :dealer AND order_id = :order AND account = :account
              AND openid_hash = :hash
            """)
        .bind("state", state.name())
        .bind("now", now.toEpochMilli())
        .bind("dealer", tenant.id())
        .bind("order", row.orderId())
        .bind("account", row.account())
        .bind("hash", row.openidHash())
        .execute();
  }

  void remove(Tx tx, Tenant tenant, RecipientRow row) {
    tx.update("DELETE FROM {recipient} WHERE dealer_id = :dealer AND id = :id")
        .bind("dealer", tenant.id())
        .bind("id", row.id())
        .execute();
  }

  void source(Tx tx, Tenant tenant, RecipientRow row, Recipient.Source source) {
    tx.update(
            "UPDATE {recipient} SET source = :source, introduced = 1 WHERE dealer_id = :dealer AND"
                + " id = :id")
        .bind("source", source.name())
        .bind("dealer", tenant.id())
        .bind("id", row.id())
        .execute();
  }

  /**
   * Notes what this recipient's scan brought about.
   *
   * @param given the member that it gave the order to, null for none
   * @param joined the order's member that it joined the openid to, null for none
   */
  void ties(Tx tx, Tenant tenant, long id, @Nullable Long given, @Nullable Long joined) {
    tx.update(
            """
            UPDATE {recipient} SET given_member_id = :given, joined_member_id = :joined
            WHERE dealer_id = :dealer AND id = :id
            """)
        .bind("given", given)
        .bind("joined", joined)
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  void told(Tx tx, Tenant tenant, long id, long stageId, int revision) {
    tx.update(
            """
            UPDATE {recipient} SET told_id = :stage, told_revision = :revision
            WHERE dealer_id = :dealer AND id = :id
            """)
        .bind("stage", stageId)
        .bind("revision", revision)
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  void introduced(Tx tx, Tenant tenant, long id) {
    tx.update("UPDATE {recipient} SET introduced = 1 WHERE dealer_id = :dealer AND id = :id")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  void notIntroduced(Tx tx, Tenant tenant, Collection<BindingBook.Addressee> those) {
    if (those.isEmpty()) {
      return;
    }
    try (PreparedBatch batch =
        tx.batch(
            """
            UPDATE {recipient} SET introduced = 0
            WHERE dealer_id = :dealer AND order_id = :order AND account = :account
              AND openid_hash = :openid""")) {
      for (BindingBook.Addressee one : those) {
        batch
            .bind("dealer", tenant.id())
            .bind("order", one.orderId())
            .bind("account", one.account())
            .bind("openid", one.openidHash())
            .add();
      }
      batch.execute();
    }
  }

  void audit(Tx tx, Tenant tenant, long orderId, long id, BindingEvent event) {
    tx.update(
            """
            INSERT INTO {binding_audit} (dealer_id, order_id, id, at_ms, action, ticket_id,
              recipient_id, actor, reason)
            VALUES (:dealer, :order, :id, :at, :action, :ticket, :recipient, :by, :reason)
            """)
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .bind("id", id)
        .bind("at", event.at().toEpochMilli())
        .bind("action", event.action().name())
        .bind("ticket", boxed(event.ticketId()))
        .bind("recipient", boxed(event.recipientId()))
        .bind("by", event.by().orElse(null))
        .bind("reason", event.reason().orElse(null))
        .execute();
  }

  List<BindingEvent> events(Tx tx, Tenant tenant, long orderId) {
    return tx.query(
            """
            SELECT at_ms, action, ticket_id, recipient_id, actor, reason FROM {binding_audit}
            WHERE dealer_id = :dealer AND order_id = :order ORDER BY id
            """)
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .map(
            (row, context) ->
                new BindingEvent(
                    Instant.ofEpochMilli(row.getLong("at_ms")),
                    BindingEvent.Action.valueOf(row.getString("action")),
                    number(row, "ticket_id"),
                    number(row, "recipient_id"),
                    Optional.ofNullable(row.getString("actor")),
                    Optional.ofNullable(row.getString("reason"))))
        .list();
  }

  private static @Nullable Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private static OptionalLong number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static @Nullable Long member(ResultSet row, String column) throws SQLException {
    return boxed(number(row, column));
  }

  private static RecipientRow row(ResultSet row, StatementContext context) throws SQLException {
    return new RecipientRow(
        row.getLong("id"),
        row.getLong("order_id"),
        row.getString("account"),
        row.getString("openid_hash"),
        RecipientState.valueOf(row.getString("state")),
        Recipient.Source.valueOf(row.getString("source")),
        row.getLong("joined_ms"),
        row.getInt("introduced") != 0,
        member(row, "given_member_id"),
        member(row, "joined_member_id"),
        row.getLong("told_id"),
        row.getInt("told_revision"));
  }
}
