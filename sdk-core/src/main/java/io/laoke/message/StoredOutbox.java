package io.laoke.message;

import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The outbox and its decisions, in the caller's transaction. */
final class StoredOutbox implements Outbox, Decisions {
  private final Json json;
  private final Ids ids;
  private final Accounts accounts;
  private final Notes notes;
  private final IntConsumer wake;

  StoredOutbox(Json json, Ids ids, Accounts accounts, Notes notes, IntConsumer wake) {
    this.json = json;
    this.ids = ids;
    this.accounts = accounts;
    this.notes = notes;
    this.wake = wake;
  }

  @Override
  public Optional<TemplateMessage> newest(
      Tx tx, Tenant tenant, long orderId, long causeId, String openidHash) {
    return tx.query(
            """
            SELECT body FROM {outbox}
            WHERE dealer_id = :dealer AND order_id = :order AND recipient = :recipient
              AND cause_id = :cause AND state IN ('WAITING', 'CLAIMED', 'HELD', 'SENT')
            ORDER BY seq DESC LIMIT 1""")
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .bind("recipient", openidHash)
        .bind("cause", causeId)
        .mapTo(String.class)
        .findOne()
        .map(body -> StoredBody.read(json, tenant.privacy(), body));
  }

  @Override
  public List<Put> all(Tx tx, Tenant tenant, long orderId, String openidHash) {
    return tx.query(
            """
            SELECT state, body FROM {outbox}
            WHERE dealer_id = :dealer AND order_id = :order AND recipient = :recipient
            ORDER BY seq, id""")
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .bind("recipient", openidHash)
        .map(
            (row, context) ->
                new Put(
                    Delivery.State.valueOf(row.getString("state")),
                    StoredBody.read(json, tenant.privacy(), row.getString("body"))))
        .list();
  }

  @Override
  public List<Waiting> waiting(Tx tx, Tenant tenant, Set<Long> orderIds, Instant now) {
    return orderIds.isEmpty()
        ? List.of()
        : tx.query(
                """
                SELECT order_id, recipient, seq, cause_kind, cause_id FROM {outbox}
                WHERE dealer_id = :dealer AND order_id IN (<orders>)
                  AND state = 'WAITING' AND valid_until_ms > :now
                ORDER BY order_id, recipient, seq""")
            .bind("dealer", tenant.id())
            .bindList("orders", List.copyOf(orderIds))
            .bind("now", now.toEpochMilli())
            .map(
                (row, context) ->
                    new Waiting(
                        row.getLong("order_id"),
                        row.getString("recipient"),
                        row.getLong("seq"),
                        row.getString("cause_kind"),
                        row.getLong("cause_id")))
            .list();
  }

  @Override
  public boolean enqueue(Tx tx, Tenant tenant, NewMessage message) {
    accounts.own(tx, tenant, message.account());
    long id = ids.next();
    NewDecision decision =
        new NewDecision(
            message.causeKind(),
            message.causeId(),
            message.orderId(),
            message.orderNo(),
            message.account(),
            message.openidHash(),
            message.seq(),
            message.purpose(),
            message.channel(),
            Decision.Result.STOPPED,
            Reason.of("QUEUED", ""),
            message.dueAt());
    if (!insert(tx, tenant, id, decision, true, Decision.Result.QUEUED, null)) {
      return false;
    }
    tx.update(
            """
            INSERT INTO {outbox} (dealer_id, id, state, account, purpose, due_ms, valid_until_ms, order_id,
              recipient, seq, cause_kind, cause_id, channel, template_id, dedupe_id, body, retry_ms, claims,
              attempts, uncertain, wanted, created_ms)
            VALUES (:dealer, :id, 'WAITING', :account, :purpose, :due, :valid, :order,
              :recipient, :seq, :causeKind, :cause, :channel, :template, :dedupe, :body, 0, 0,
              0, 0, 0, %s)"""
                .formatted(tx.dialect().machineMillis()))
        .bind("dealer", tenant.id())
        .bind("id", id)
        .bind("account", message.account())
        .bind("purpose", Row.rank(message.purpose()))
        .bind("due", message.dueAt().toEpochMilli())
        .bind("valid", message.validUntil().toEpochMilli())
        .bind("order", message.orderId())
        .bind("recipient", message.openidHash())
        .bind("seq", message.seq())
        .bind("causeKind", message.causeKind())
        .bind("cause", message.causeId())
        .bind("channel", message.channel().name())
        .bind("template", message.body().templateId())
        .bind("dedupe", dedupeId(tenant, id))
        .bind("body", StoredBody.write(json, tenant.privacy(), message.body()))
        .execute();
    notes.add(tx, tenant.id(), message.dueAt().toEpochMilli());
    tx.afterCommit(() -> wake.accept(tenant.id()));
    return true;
  }

  @Override
  public boolean record(Tx tx, Tenant tenant, NewDecision decision) {
    return insert(tx, tenant, ids.next(), decision, false, decision.result(), decision.reason());
  }

  private static boolean insert(
      Tx tx,
      Tenant tenant,
      long id,
      NewDecision decision,
      boolean hasMessage,
      Decision.Result result,
      @Nullable Reason reason) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {decision} (dealer_id, id, cause_kind, cause_id, recipient, channel, account, purpose,
          order_id, order_no, seq, has_message, result, reason_code, reason_text, advice, advice_zh, at_ms,
          changed_ms)
        VALUES (:dealer, :id, :causeKind, :cause, :recipient, :channel, :account, :purpose,
          :order, :orderNo, :seq, :message, :result, :code, :text, :advice, :adviceZh, :at, %s)"""
            .formatted(tx.dialect().machineMillis()),
        row ->
            row.bind("dealer", tenant.id())
                .bind("id", id)
                .bind("causeKind", decision.causeKind())
                .bind("cause", decision.causeId())
                .bind("recipient", decision.openidHash())
                .bind("channel", decision.channel().name())
                .bind("account", decision.account())
                .bind("purpose", Row.rank(decision.purpose()))
                .bind("order", decision.orderId())
                .bind("orderNo", decision.orderNo())
                .bind("seq", decision.seq())
                .bind("message", hasMessage ? 1 : 0)
                .bind("result", result.name())
                .bind("code", reason == null ? null : reason.code())
                .bind("text", reason == null ? null : Changes.cut(reason.text()))
                .bind("advice", reason == null ? null : Changes.cut(reason.advice()))
                .bind("adviceZh", reason == null ? null : Changes.cut(reason.adviceZh()))
                .bind("at", decision.at().toEpochMilli()));
  }

  /**
   * The same on every attempt; the dealer's own hash keeps apart two installations that use one
   * account.
   */
  private static String dedupeId(Tenant tenant, long id) {
    String hash = tenant.privacy().hash("dedupe", Long.toString(id)).replaceAll("[^A-Za-z0-9]", "");
    return "lk" + Long.toString(id, 36) + hash.substring(0, Math.min(12, hash.length()));
  }
}
