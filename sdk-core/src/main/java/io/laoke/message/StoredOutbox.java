package io.laoke.message;

import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The outbox and its decisions, in the caller's transaction. */
final class StoredOutbox implements Outbox, Decisions {
  private static final int PAGE = 500;

  private final Json json;
  private final Ids ids;
  private final Accounts accounts;
  private final Notes notes;
  private final Pauses pauses;
  private final IntConsumer wake;

  StoredOutbox(
      Json json, Ids ids, Accounts accounts, Notes notes, Pauses pauses, IntConsumer wake) {
    this.json = json;
    this.ids = ids;
    this.accounts = accounts;
    this.notes = notes;
    this.pauses = pauses;
    this.wake = wake;
  }

  @Override
  public Optional<TemplateMessage> newest(
      Tx tx, Tenant tenant, long orderId, long causeId, String openidHash) {
    return tx.guarded(
            """
            SELECT body FROM {outbox}
            WHERE dealer_id = :dealer AND order_id = :order AND %s
              AND cause_id = :cause AND state IN ('WAITING', 'CLAIMED', 'HELD', 'SENT')
              AND body <> ''
            ORDER BY seq DESC LIMIT 1"""
                .formatted(MessageData.foundBy(tx, "recipient = :recipient")))
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
    return tx.guarded(
            """
            SELECT state, body FROM {outbox}
            WHERE dealer_id = :dealer AND order_id = :order AND %s
              AND body <> ''
            ORDER BY seq, id"""
                .formatted(MessageData.foundBy(tx, "recipient = :recipient")))
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
                  AND phase IN ('WAITING', 'HELD') AND state = 'WAITING' AND valid_until_ms > :now
                ORDER BY order_id, recipient, seq""",
                "orders",
                Rows.Type.LONG,
                orderIds)
            .bind("dealer", tenant.id())
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
    NewDecision decision = queued(message);
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
  public void enqueueNew(Tx tx, Tenant tenant, List<NewMessage> messages) {
    if (messages.isEmpty()) {
      return;
    }
    messages.stream()
        .map(NewMessage::account)
        .distinct()
        .sorted()
        .forEach(account -> accounts.own(tx, tenant, account));
    long machine = tx.machineMillis();
    Rows decisions = decisionRows(tenant);
    Rows rows =
        Rows.of("outbox", tenant.id())
            .with(Rows.Type.LONG, "id")
            .with(Rows.Type.TEXT, "state", "account")
            .with(Rows.Type.INT, "purpose")
            .with(Rows.Type.LONG, "due_ms", "valid_until_ms", "order_id")
            .with(Rows.Type.TEXT, "recipient")
            .with(Rows.Type.LONG, "seq")
            .with(Rows.Type.TEXT, "cause_kind")
            .with(Rows.Type.LONG, "cause_id")
            .with(Rows.Type.TEXT, "channel", "template_id", "dedupe_id", "body")
            .with(Rows.Type.LONG, "retry_ms")
            .with(Rows.Type.INT, "claims", "attempts", "uncertain", "wanted")
            .with(Rows.Type.LONG, "created_ms");
    Set<Long> due = new TreeSet<>();
    for (NewMessage message : messages) {
      long id = ids.next();
      due.add(message.dueAt().toEpochMilli());
      add(decisions, id, queued(message), 1, Decision.Result.QUEUED, null, machine);
      rows.add(
          id,
          "WAITING",
          message.account(),
          Row.rank(message.purpose()),
          message.dueAt().toEpochMilli(),
          message.validUntil().toEpochMilli(),
          message.orderId(),
          message.openidHash(),
          message.seq(),
          message.causeKind(),
          message.causeId(),
          message.channel().name(),
          message.body().templateId(),
          dedupeId(tenant, id),
          StoredBody.write(json, tenant.privacy(), message.body()),
          0L,
          0,
          0,
          0,
          0,
          machine);
    }
    tx.insertAll(decisions);
    tx.insertAll(rows);
    due.forEach(at -> notes.add(tx, tenant.id(), at));
    tx.afterCommit(() -> wake.accept(tenant.id()));
  }

  private static NewDecision queued(NewMessage message) {
    return new NewDecision(
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
  }

  @Override
  public Set<String> lockAccounts(Tx tx, Tenant tenant) {
    return new LinkedHashSet<>(
        tx.query(
                "SELECT account FROM {account} WHERE dealer_id = :dealer ORDER BY account FOR"
                    + " UPDATE")
            .bind("dealer", tenant.id())
            .mapTo(String.class)
            .list());
  }

  @Override
  public Set<String> reword(
      Tx tx,
      Tenant tenant,
      String account,
      Purpose purpose,
      ChannelKind channel,
      Function<List<Unsent>, Map<Long, TemplateMessage>> words) {
    Set<String> left = new HashSet<>();
    // What a tick holds meanwhile goes from the first to the second, so it is met in one of them.
    for (Delivery.State state : List.of(Delivery.State.WAITING, Delivery.State.HELD)) {
      Turn after = new Turn(Long.MIN_VALUE, Long.MIN_VALUE);
      List<Kept> page;
      do {
        page = page(tx, tenant, account, purpose, channel, state, after);
        List<Unsent> unsent = page.stream().flatMap(kept -> readable(tenant, kept)).toList();
        if (!unsent.isEmpty()) {
          left.addAll(reword(tx, tenant, unsent, words.apply(unsent)));
        }
        after = page.isEmpty() ? after : page.get(page.size() - 1).turn;
      } while (page.size() == PAGE);
    }
    if (!left.isEmpty()) {
      long now = tx.machineMillis();
      // A visit meanwhile has passed over what is locked here, and taken its note away.
      notes.add(tx, tenant.id(), now);
      templatePauses(tx, tenant)
          .filter(pause -> pause.account().equals(account))
          .forEach(pause -> pauses.letGoOthers(tx, tenant.id(), pause, now));
      tx.afterCommit(() -> wake.accept(tenant.id()));
    }
    return left;
  }

  private record Turn(long dueMs, long id) {}

  private record Kept(
      Turn turn, long orderId, String recipient, String causeKind, long causeId, String body) {}

  /** In the order of the index of turns: however much was sent before, only what waits is read. */
  private static List<Kept> page(
      Tx tx,
      Tenant tenant,
      String account,
      Purpose purpose,
      ChannelKind channel,
      Delivery.State state,
      Turn after) {
    return tx.query(
            """
            SELECT due_ms, id, order_id, recipient, cause_kind, cause_id, body FROM {outbox}
            WHERE dealer_id = :dealer AND phase = '%1$s' AND account = :account AND purpose = :purpose
              AND due_ms >= :due AND (due_ms > :due OR id > :after)
              AND state = '%1$s' AND channel = :channel AND uncertain = 0
            ORDER BY due_ms, id LIMIT %2$d"""
                .formatted(state, PAGE))
        .bind("dealer", tenant.id())
        .bind("account", account)
        .bind("purpose", Row.rank(purpose))
        .bind("due", after.dueMs)
        .bind("after", after.id)
        .bind("channel", channel.name())
        .map(
            (row, context) ->
                new Kept(
                    new Turn(row.getLong("due_ms"), row.getLong("id")),
                    row.getLong("order_id"),
                    row.getString("recipient"),
                    row.getString("cause_kind"),
                    row.getLong("cause_id"),
                    row.getString("body")))
        .list();
  }

  /** What cannot be read is the engine's to report when its turn comes. */
  private Stream<Unsent> readable(Tenant tenant, Kept kept) {
    TemplateMessage body;
    try {
      body = StoredBody.read(json, tenant.privacy(), kept.body);
    } catch (RuntimeException unreadable) {
      return Stream.empty();
    }
    return Stream.of(
        new Unsent(kept.turn.id, kept.orderId, kept.recipient, kept.causeKind, kept.causeId, body));
  }

  /** Compare and set: what was claimed since it was read keeps its words. */
  private Set<String> reword(
      Tx tx, Tenant tenant, List<Unsent> unsent, Map<Long, TemplateMessage> words) {
    Set<String> left = new HashSet<>();
    try (PreparedBatch batch =
        tx.batch(
            """
            UPDATE {outbox} SET template_id = :template, body = :body
            WHERE dealer_id = :dealer AND id = :id
              AND CASE WHEN state IN ('WAITING', 'HELD') AND uncertain = 0 THEN 1 ELSE 0 END = 1""")) {
      for (Unsent one : unsent) {
        TemplateMessage body = words.get(one.id());
        if (body != null && !body.equals(one.body())) {
          left.add(one.body().templateId());
          batch
              .bind("template", body.templateId())
              .bind("body", StoredBody.write(json, tenant.privacy(), body))
              .bind("dealer", tenant.id())
              .bind("id", one.id())
              .add();
        }
      }
      if (!left.isEmpty()) {
        batch.execute();
      }
    }
    return left;
  }

  private Stream<Pause> templatePauses(Tx tx, Tenant tenant) {
    return pauses.all(tx, tenant.id()).stream()
        .filter(pause -> pause.scope() == Pause.Scope.TEMPLATE);
  }

  @Override
  public Map<String, Set<String>> pausedTemplates(Tx tx, Tenant tenant) {
    Map<String, Set<String>> paused = new HashMap<>();
    templatePauses(tx, tenant)
        .forEach(
            pause ->
                paused
                    .computeIfAbsent(pause.account(), account -> new HashSet<>())
                    .add(pause.reference()));
    return paused;
  }

  @Override
  public void resumeTemplates(Tx tx, Tenant tenant, String account, Set<String> templateIds) {
    List<Pause> ended =
        templatePauses(tx, tenant)
            .filter(pause -> pause.account().equals(account))
            .filter(pause -> templateIds.contains(pause.reference()))
            .toList();
    if (!ended.isEmpty()) {
      long now = tx.machineMillis();
      ended.forEach(pause -> pauses.end(tx, tenant.id(), pause.id(), now));
      tx.afterCommit(() -> wake.accept(tenant.id()));
    }
  }

  @Override
  public boolean record(Tx tx, Tenant tenant, NewDecision decision) {
    return insert(tx, tenant, ids.next(), decision, false, decision.result(), decision.reason());
  }

  @Override
  public void recordNew(Tx tx, Tenant tenant, List<NewDecision> decisions) {
    if (decisions.isEmpty()) {
      return;
    }
    long machine = tx.machineMillis();
    Rows rows = decisionRows(tenant);
    for (NewDecision one : decisions) {
      add(rows, ids.next(), one, 0, one.result(), one.reason(), machine);
    }
    tx.insertAll(rows);
  }

  @Override
  public List<Decision> about(Tx tx, Tenant tenant, String causeKind, Set<Long> causeIds) {
    return causeIds.isEmpty()
        ? List.of()
        : tx.query(
                StoredDeliveries.DECISIONS
                    + " AND d.cause_kind = :kind AND d.cause_id IN (<causes>) ORDER BY d.cause_id, d.id",
                "causes",
                Rows.Type.LONG,
                causeIds)
            .bind("dealer", tenant.id())
            .bind("kind", causeKind)
            .map((row, context) -> StoredDeliveries.decision(json, row))
            .list();
  }

  @Override
  public Map<Long, String> providerIds(Tx tx, Tenant tenant, String causeKind, Set<Long> causeIds) {
    Map<Long, String> ids = new HashMap<>();
    if (!causeIds.isEmpty()) {
      tx.query(
              """
              SELECT d.cause_id, o.provider_id FROM {decision} d
              JOIN {outbox} o ON o.dealer_id = :dealer AND o.id = d.id
              WHERE d.dealer_id = :dealer AND d.cause_kind = :kind AND d.cause_id IN (<causes>)
                AND o.provider_id IS NOT NULL""",
              "causes",
              Rows.Type.LONG,
              causeIds)
          .bind("dealer", tenant.id())
          .bind("kind", causeKind)
          .map((row, context) -> ids.put(row.getLong(1), row.getString(2)))
          .list();
    }
    return ids;
  }

  @Override
  public List<Decision> told(
      Tx tx,
      Tenant tenant,
      String causeKind,
      Collection<String> recipientHashes,
      Instant from,
      Instant until) {
    return recipientHashes.isEmpty()
        ? List.of()
        : tx.query(
                StoredDeliveries.DECISIONS
                    + " AND d.recipient IN (<recipients>) AND d.cause_kind = :kind"
                    + " AND d.at_ms >= :from AND d.at_ms < :until ORDER BY d.at_ms, d.id",
                "recipients",
                Rows.Type.TEXT,
                recipientHashes)
            .bind("dealer", tenant.id())
            .bind("kind", causeKind)
            .bind("from", from.toEpochMilli())
            .bind("until", until.toEpochMilli())
            .map((row, context) -> StoredDeliveries.decision(json, row))
            .list();
  }

  @Override
  public List<Long> causesOf(
      Tx tx, Tenant tenant, String causeKind, String account, String recipientHash, int limit) {
    return tx.query(
            """
            SELECT cause_id FROM {decision}
            WHERE dealer_id = :dealer AND recipient = :recipient AND cause_kind = :kind
              AND account = :account
            ORDER BY cause_id DESC LIMIT :limit""")
        .bind("dealer", tenant.id())
        .bind("recipient", recipientHash)
        .bind("kind", causeKind)
        .bind("account", account)
        .bind("limit", limit)
        .mapTo(Long.class)
        .list();
  }

  private static Rows decisionRows(Tenant tenant) {
    return Rows.of("decision", tenant.id())
        .with(Rows.Type.LONG, "id")
        .with(Rows.Type.TEXT, "cause_kind")
        .with(Rows.Type.LONG, "cause_id")
        .with(Rows.Type.TEXT, "recipient", "channel", "account")
        .with(Rows.Type.INT, "purpose")
        .with(Rows.Type.LONG, "order_id")
        .with(Rows.Type.TEXT, "order_no")
        .with(Rows.Type.LONG, "seq")
        .with(Rows.Type.INT, "has_message")
        .with(Rows.Type.TEXT, "result", "reason_code", "reason_text", "advice", "advice_zh")
        .with(Rows.Type.LONG, "at_ms", "changed_ms");
  }

  private static void add(
      Rows rows,
      long id,
      NewDecision decision,
      int hasMessage,
      Decision.Result result,
      @Nullable Reason reason,
      long machine) {
    rows.add(
        id,
        decision.causeKind(),
        decision.causeId(),
        decision.openidHash(),
        decision.channel().name(),
        decision.account(),
        Row.rank(decision.purpose()),
        decision.orderId(),
        decision.orderNo(),
        decision.seq(),
        hasMessage,
        result.name(),
        reason == null ? null : reason.code(),
        reason == null ? null : Changes.cut(reason.text()),
        reason == null ? null : Changes.cut(reason.advice()),
        reason == null ? null : Changes.cut(reason.adviceZh()),
        decision.at().toEpochMilli(),
        machine);
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
    StringBuilder text = new StringBuilder("lk").append(Long.toString(id, 36));
    tenant
        .privacy()
        .hash("dedupe", Long.toString(id))
        .chars()
        .filter(letter -> letter != '-' && letter != '_')
        .limit(12)
        .forEach(letter -> text.append((char) letter));
    return text.toString();
  }
}
