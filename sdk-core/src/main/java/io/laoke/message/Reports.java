package io.laoke.message;

import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Delivery reports, by account and the platform's id. A report that finds no message stays open for
 * a while and is joined by the acceptance that comes after it or, where both were written at the
 * same moment, by the engine's next visits.
 */
final class Reports implements InboundHandler {
  private static final long OPEN = 130_000;
  private static final long FIRST_LOOK = 5_000;
  private static final long SECOND_LOOK = 70_000;

  private final Json json;
  private final Notes notes;

  Reports(Json json, Notes notes) {
    this.json = json;
    this.notes = notes;
  }

  private record Report(
      String account,
      String providerId,
      String recipient,
      String messageId,
      Inbound.Delivery delivery,
      String detail) {
    @Nullable Reason reason() {
      return delivery == Inbound.Delivery.DELIVERED ? null : Reasons.notDelivered(delivery, detail);
    }
  }

  @Override
  public Optional<Reply> handle(Tx tx, Tenant tenant, String account, Inbound fact) {
    String recipient = Recipients.of(tenant, account, fact);
    if (fact instanceof Inbound.Reported reported) {
      add(
          tx,
          tenant.id(),
          new Report(
              account,
              reported.providerId(),
              recipient,
              "",
              reported.delivery(),
              Changes.cut(reported.detail(), 400)));
    }
    if (fact instanceof Inbound.SmsReport reported) {
      add(
          tx,
          tenant.id(),
          new Report(
              account,
              reported.providerId(),
              recipient,
              Changes.cut(reported.messageId(), 64),
              reported.delivery(),
              Changes.cut(reported.detail(), 400)));
    }
    return Optional.empty();
  }

  private void add(Tx tx, int dealer, Report report) {
    long now = tx.machineMillis();
    boolean fresh =
        tx.insertIfAbsent(
            """
            INSERT INTO {delivery_report} (dealer_id, account, provider_id, recipient, message_id, delivery,
              detail, open_until_ms, received_ms)
            VALUES (:dealer, :account, :provider, :recipient, :message, :delivery, :detail, :open,
              :now)""",
            row ->
                row.bind("dealer", dealer)
                    .bind("account", report.account)
                    .bind("provider", report.providerId)
                    .bind("recipient", report.recipient)
                    .bind("message", report.messageId.isEmpty() ? null : report.messageId)
                    .bind("delivery", report.delivery.name())
                    .bind("detail", report.detail)
                    .bind("open", now + OPEN)
                    .bind("now", now));
    if (fresh && !join(tx, dealer, report, now)) {
      // A visit has skipped what was locked here, if it came by meanwhile.
      notes.add(tx, dealer, now);
      notes.add(tx, dealer, now + FIRST_LOOK);
      notes.add(tx, dealer, now + SECOND_LOOK);
    }
  }

  /** Looks again for the messages of reports that are open. */
  void joinOpen(Tx tx, int dealer, long now) {
    List<Report> open =
        tx.query(
                """
                SELECT account, provider_id, recipient, message_id, delivery, detail
                FROM {delivery_report}
                WHERE dealer_id = :dealer AND open_until_ms > :now ORDER BY open_until_ms LIMIT 200""")
            .bind("dealer", dealer)
            .bind("now", now)
            .map((row, context) -> read(row))
            .list();
    if (open.isEmpty()) {
      return;
    }
    // Most open reports are about messages that the host sends by itself, and stay open: they cost
    // two queries for all.
    Set<String> accepted = accepted(tx, dealer, open);
    Set<String> uncertain = uncertain(tx, dealer, open);
    for (Report report : open) {
      if (accepted.contains(report.providerId) || uncertain.contains(report.recipient)) {
        join(tx, dealer, report, now);
      }
    }
  }

  private static Set<String> accepted(Tx tx, int dealer, List<Report> open) {
    // By their recipients, who have few messages each.
    return new HashSet<>(
        tx.query(
                """
                SELECT provider_id FROM {outbox} WHERE dealer_id = :dealer AND %s
                  AND provider_id IS NOT NULL"""
                    .formatted(MessageData.foundBy(tx, "recipient IN (<recipients>)")),
                "recipients",
                Rows.Type.TEXT,
                recipients(open))
            .bind("dealer", dealer)
            .mapTo(String.class)
            .list());
  }

  private static Set<String> recipients(List<Report> open) {
    return open.stream().map(Report::recipient).collect(Collectors.toSet());
  }

  private static Set<String> uncertain(Tx tx, int dealer, List<Report> open) {
    return new HashSet<>(
        tx.query(
                """
                SELECT recipient FROM {outbox} WHERE dealer_id = :dealer AND %s
                  AND uncertain = 1 AND state IN ('WAITING', 'HELD', 'PARKED')"""
                    .formatted(MessageData.foundBy(tx, "recipient IN (<recipients>)")),
                "recipients",
                Rows.Type.TEXT,
                recipients(open))
            .bind("dealer", dealer)
            .mapTo(String.class)
            .list());
  }

  private static Report read(ResultSet row) throws SQLException {
    return new Report(
        row.getString("account"),
        row.getString("provider_id"),
        row.getString("recipient"),
        Objects.requireNonNullElse(row.getString("message_id"), ""),
        Inbound.Delivery.valueOf(row.getString("delivery")),
        row.getString("detail"));
  }

  private boolean join(Tx tx, int dealer, Report report, long now) {
    // Settling waits for an acceptance that is being written, whose writer could not see this
    // report; so what was accepted is asked for once more.
    return tellAccepted(tx, dealer, report, now)
        || settle(tx, dealer, report, now)
        || tellAccepted(tx, dealer, report, now);
  }

  private boolean tellAccepted(Tx tx, int dealer, Report report, long now) {
    List<Long> accepted = accepted(tx, dealer, report);
    if (!accepted.isEmpty()) {
      tell(tx, dealer, accepted.get(0), report, now);
    }
    return !accepted.isEmpty();
  }

  private static List<Long> accepted(Tx tx, int dealer, Report report) {
    return tx.query(
            """
            SELECT id FROM {outbox} WHERE dealer_id = :dealer AND %s
              AND account = :account AND provider_id = :provider"""
                .formatted(MessageData.foundBy(tx, "recipient = :recipient")))
        .bind("dealer", dealer)
        .bind("recipient", report.recipient)
        .bind("account", report.account)
        .bind("provider", report.providerId)
        .mapTo(Long.class)
        .list();
  }

  /**
   * A report that belongs to no accepted message belongs to the message of unknown outcome that it
   * names. Where the platform names none, to the only one there is. None may be under way, whose
   * acceptance may be about to be written.
   */
  private boolean settle(Tx tx, int dealer, Report report, long now) {
    List<Row> candidates =
        tx.query(
                """
                SELECT %s FROM {outbox} o
                WHERE o.dealer_id = :dealer AND %s AND o.account = :account
                  AND o.state IN ('WAITING', 'CLAIMED', 'HELD', 'PARKED')
                ORDER BY o.id FOR UPDATE"""
                    .formatted(
                        Row.COLUMNS, MessageData.foundBy(tx, "o.", "recipient = :recipient")))
            .bind("dealer", dealer)
            .bind("recipient", report.recipient)
            .bind("account", report.account)
            .map((row, context) -> Row.read(row))
            .list();
    if (candidates.stream().anyMatch(row -> row.state() == Delivery.State.CLAIMED)) {
      return false;
    }
    List<Row> unknown =
        candidates.stream()
            .filter(Row::uncertain)
            .filter(row -> report.messageId.isEmpty() || row.dedupeId().equals(report.messageId))
            .toList();
    if (unknown.size() != 1 || !accepted(tx, dealer, report).isEmpty()) {
      return false; // its own message was accepted while these rows were waited for
    }
    Change sent =
        new Change(unknown.get(0), Delivery.State.SENT, Decision.Result.SENT, report.reason());
    sent.providerId = report.providerId;
    sent.delivery = report.delivery;
    sent.uncertain = false;
    Changes.write(tx, json, dealer, List.of(sent), now);
    close(tx, dealer, report, sent.row.id());
    notes.add(tx, dealer, now);
    return true;
  }

  private static void tell(Tx tx, int dealer, long id, Report report, long now) {
    note(tx, dealer, id, report.delivery, report.reason(), now, "");
    close(tx, dealer, report, id);
  }

  /** Notes that nothing will be reported of a message, unless it was. */
  void expire(Tx tx, int dealer, long id) {
    note(
        tx,
        dealer,
        id,
        Inbound.Delivery.EXPIRED,
        Reasons.noReceipt(),
        tx.machineMillis(),
        " AND delivery IS NULL");
  }

  private static void note(
      Tx tx,
      int dealer,
      long id,
      Inbound.Delivery delivery,
      @Nullable Reason reason,
      long now,
      String unless) {
    // Until now the message's own state may have told that it was sent, beside an older reason. The
    // result comes last: MySQL sets one column after the other.
    tx.update(
            """
            UPDATE {decision} SET delivery = :delivery, changed_ms = :now,
              reason_code = CASE WHEN :told = 1 THEN :code WHEN result IN ('SENT', 'FITTED') THEN reason_code END,
              reason_text = CASE WHEN :told = 1 THEN :text WHEN result IN ('SENT', 'FITTED') THEN reason_text END,
              advice = CASE WHEN :told = 1 THEN :advice WHEN result IN ('SENT', 'FITTED') THEN advice END,
              advice_zh = CASE WHEN :told = 1 THEN :adviceZh WHEN result IN ('SENT', 'FITTED') THEN advice_zh END,
              result = CASE WHEN result = 'FITTED' THEN result ELSE 'SENT' END
            WHERE dealer_id = :dealer AND id = :id"""
                + unless)
        .bind("told", reason == null ? 0 : 1)
        .bind("delivery", delivery.name())
        .bind("now", now)
        .bind("code", reason == null ? "" : reason.code())
        .bind("text", reason == null ? "" : Changes.cut(reason.text()))
        .bind("advice", reason == null ? "" : reason.advice())
        .bind("adviceZh", reason == null ? "" : reason.adviceZh())
        .bind("dealer", dealer)
        .bind("id", id)
        .execute();
  }

  private static void close(Tx tx, int dealer, Report report, long id) {
    tx.update(
            """
            UPDATE {delivery_report} SET outbox_id = :id, open_until_ms = 0
            WHERE dealer_id = :dealer AND account = :account AND provider_id = :provider""")
        .bind("id", id)
        .bind("dealer", dealer)
        .bind("account", report.account)
        .bind("provider", report.providerId)
        .execute();
  }

  /** Joins the reports that came before these acceptances. One query unless there are any. */
  void joinAccepted(Tx tx, int dealer, Collection<Change> accepted, long now) {
    Map<String, Long> ids = new HashMap<>();
    for (Change change : accepted) {
      if (change.providerId != null) {
        ids.put(change.row.account() + '\n' + change.providerId, change.row.id());
      }
    }
    if (ids.isEmpty()) {
      return;
    }
    List<String> providers = accepted.stream().map(c -> String.valueOf(c.providerId)).toList();
    List<String> accounts = accepted.stream().map(c -> c.row.account()).distinct().toList();
    tx.query(
            """
            SELECT account, provider_id, recipient, message_id, delivery, detail
            FROM {delivery_report}
            WHERE dealer_id = :dealer AND account IN (<accounts>) AND provider_id IN (<providers>)
              AND outbox_id IS NULL""",
            "providers",
            Rows.Type.TEXT,
            providers)
        .bind("dealer", dealer)
        .bindList("accounts", accounts)
        .map((row, context) -> read(row))
        .list()
        .forEach(
            report -> {
              Long id = ids.get(report.account + '\n' + report.providerId);
              if (id != null) {
                tell(tx, dealer, id, report, now);
              }
            });
  }
}
