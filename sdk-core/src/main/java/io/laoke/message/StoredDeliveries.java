package io.laoke.message;

import io.laoke.base.Check;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads and settles the rows of one dealer's outbox. */
final class StoredDeliveries implements Deliveries {
  private static final int LONGEST_PAGE = 1_000;
  private static final Duration VALID_AGAIN = Duration.ofHours(24);

  private final Database database;
  private final Tenant tenant;
  private final Json json;
  private final Clock business;
  private final Notes notes;
  private final Pauses pauses;
  private final IntConsumer wake;

  StoredDeliveries(
      Database database,
      Tenant tenant,
      Json json,
      Clock business,
      Notes notes,
      Pauses pauses,
      IntConsumer wake) {
    this.database = database;
    this.tenant = tenant;
    this.json = json;
    this.business = business;
    this.notes = notes;
    this.pauses = pauses;
    this.wake = wake;
  }

  @Override
  public Page<Delivery> waiting(Optional<String> after, int limit) {
    return page(List.of(Delivery.State.WAITING), after, limit); // what is claimed is among them
  }

  @Override
  public Page<Delivery> paused(Optional<String> after, int limit) {
    return page(List.of(Delivery.State.HELD), after, limit);
  }

  @Override
  public Page<Delivery> failed(Optional<String> after, int limit) {
    return page(List.of(Delivery.State.REFUSED), after, limit);
  }

  @Override
  public Page<Delivery> unsent(Optional<String> after, int limit) {
    return page(
        List.of(Delivery.State.EXPIRED, Delivery.State.STOPPED, Delivery.State.DROPPED),
        after,
        limit);
  }

  @Override
  public Page<Delivery> parked(Optional<String> after, int limit) {
    return page(List.of(Delivery.State.PARKED), after, limit);
  }

  private Page<Delivery> page(List<Delivery.State> phases, Optional<String> after, int limit) {
    long from = cursor(after);
    Check.range("limit", limit, 1, LONGEST_PAGE);
    List<Delivery> items =
        database.read(
            "read deliveries",
            tx ->
                tx.query(
                        """
                        SELECT %s, d.order_no, d.reason_code, d.reason_text, d.advice, d.advice_zh
                        FROM (%s) i
                        JOIN {outbox} o ON o.dealer_id = :dealer AND o.id = i.id
                        JOIN {decision} d ON d.dealer_id = :dealer AND d.id = i.id
                        ORDER BY o.id LIMIT %d"""
                            .formatted(Row.COLUMNS, firstOf(phases, limit + 1), limit + 1))
                    .bind("dealer", tenant.id())
                    .bind("after", from)
                    .map((row, context) -> delivery(row))
                    .list());
    return pageOf(items, limit, Delivery::id);
  }

  /** Phase by phase, so that the index of phases gives each in order and no more than a page. */
  static String firstOf(List<Delivery.State> phases, int most) {
    return phases.stream()
        .map(
            phase ->
                """
                (SELECT id FROM {outbox} WHERE dealer_id = :dealer AND phase = '%s' AND id > :after
                 ORDER BY id LIMIT %d)"""
                    .formatted(phase, most))
        .collect(Collectors.joining(" UNION ALL "));
  }

  private static long cursor(Optional<String> after) {
    Check.notNull("after", after);
    if (after.isEmpty()) {
      return Long.MIN_VALUE;
    }
    try {
      return Long.parseLong(after.get());
    } catch (NumberFormatException foreign) {
      throw new InvalidInputException("after", "must be what a page before gave as next", foreign);
    }
  }

  private static <T> Page<T> pageOf(List<T> found, int limit, Function<T, Long> id) {
    if (found.size() <= limit) {
      return new Page<>(found, Optional.empty());
    }
    List<T> items = found.subList(0, limit);
    return new Page<>(items, Optional.of(Long.toString(id.apply(items.get(limit - 1)))));
  }

  private static Delivery delivery(ResultSet row) throws SQLException {
    Row stored = Row.read(row);
    return new Delivery(
        stored.id(),
        filled(row.getString("order_no")),
        stored.recipient(),
        stored.account(),
        stored.channel(),
        stored.purpose(),
        stored.templateId(),
        stored.seq(),
        stored.state(),
        stored.uncertain(),
        stored.attempts(),
        Instant.ofEpochMilli(stored.dueMs()),
        Instant.ofEpochMilli(stored.validUntilMs()),
        stored.retryMs() > 0
            ? Optional.of(Instant.ofEpochMilli(stored.retryMs()))
            : Optional.empty(),
        reason(row));
  }

  private static Optional<String> filled(@Nullable String text) {
    return text == null || text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static Optional<Reason> reason(ResultSet row) throws SQLException {
    String code = row.getString("reason_code");
    return code == null
        ? Optional.empty()
        : Optional.of(
            new Reason(
                code,
                row.getString("reason_text"),
                row.getString("advice"),
                row.getString("advice_zh")));
  }

  @Override
  public List<Decision> decisions(String orderNo) {
    String number = Check.key("orderNo", orderNo, 128);
    return database.read(
        "read decisions",
        tx ->
            tx.query(DECISIONS + " AND d.order_no = :order ORDER BY d.seq, d.id LIMIT 1000")
                .bind("dealer", tenant.id())
                .bind("order", number)
                .map((row, context) -> decision(json, row))
                .list());
  }

  /** Decisions of a dealer, each with what its message says of it. */
  static final String DECISIONS =
      """
      SELECT d.id, d.cause_kind, d.cause_id, d.seq, d.order_no, d.recipient, d.account,
        d.channel, d.purpose, d.result, d.reason_code, d.reason_text, d.advice, d.advice_zh,
        d.fitted, d.delivery, d.has_message, d.at_ms, d.changed_ms,
        CASE WHEN %s THEN o.ended_ms END AS sent_ms
      FROM {decision} d
      LEFT JOIN {outbox} o ON o.dealer_id = :dealer AND o.id = d.id
      WHERE d.dealer_id = :dealer"""
          .formatted(Changes.PLAINLY_SENT);

  static Decision decision(Json json, ResultSet row) throws SQLException {
    long sent = row.getLong("sent_ms");
    boolean plainly = !row.wasNull();
    return new Decision(
        row.getString("cause_kind"),
        row.getLong("cause_id"),
        row.getLong("seq"),
        filled(row.getString("order_no")),
        row.getString("recipient"),
        row.getString("account"),
        ChannelKind.valueOf(row.getString("channel")),
        Row.purpose(row.getInt("purpose")),
        plainly ? Decision.Result.SENT : Decision.Result.valueOf(row.getString("result")),
        plainly && row.getString("delivery") == null ? Optional.empty() : reason(row),
        Changes.fitted(json, row.getString("fitted")),
        Optional.ofNullable(row.getString("delivery")).map(Inbound.Delivery::valueOf),
        row.getInt("has_message") != 0 ? Optional.of(row.getLong("id")) : Optional.empty(),
        Instant.ofEpochMilli(row.getLong("at_ms")),
        Instant.ofEpochMilli(
            plainly ? Math.max(sent, row.getLong("changed_ms")) : row.getLong("changed_ms")));
  }

  @Override
  public void retry(long id) {
    database.write(
        "retry a message",
        tx -> {
          Row row = locked(tx, id);
          if (row.state().live() || row.state() == Delivery.State.SENT) {
            throw new ConflictException(
                "Message %d cannot be retried: it is %s. Only call this for one that was refused, stopped, expired, parked or dropped."
                    .formatted(id, row.state()));
          }
          long now = tx.machineMillis();
          Change again = new Change(row, Delivery.State.WAITING, Decision.Result.QUEUED, null);
          again.uncertain = false;
          again.firstAttemptMs = null;
          Changes.write(tx, json, tenant.id(), List.of(again), now);
          want(tx, row);
          return noted(tx, now);
        });
  }

  private void want(Tx tx, Row row) {
    long least = business.instant().plus(VALID_AGAIN).toEpochMilli();
    tx.update(
            "UPDATE {outbox} SET wanted = 1, valid_until_ms = :valid WHERE dealer_id = :dealer AND id = :id")
        .bind("valid", Math.max(least, row.validUntilMs()))
        .bind("dealer", tenant.id())
        .bind("id", row.id())
        .execute();
  }

  @Override
  public void drop(long id, String reason) {
    String why = Check.text("reason", reason, 400);
    database.write(
        "drop a message",
        tx -> {
          Row row = locked(tx, id);
          if (row.state() == Delivery.State.DROPPED) {
            return row.id();
          }
          if (row.state() != Delivery.State.WAITING
              && row.state() != Delivery.State.HELD
              && row.state() != Delivery.State.REFUSED
              && row.state() != Delivery.State.PARKED) {
            throw new ConflictException(
                "Message %d cannot be dropped: it is %s. %s"
                    .formatted(
                        id,
                        row.state(),
                        row.state() == Delivery.State.CLAIMED
                            ? "It is under way; ask again when it has its outcome."
                            : "Leave it: nothing of it is sent any more."));
          }
          long now = tx.machineMillis();
          Change dropped =
              new Change(
                  row, Delivery.State.DROPPED, Decision.Result.DROPPED, Reason.of("DROPPED", why));
          Changes.write(tx, json, tenant.id(), List.of(dropped), now);
          return noted(tx, now);
        });
  }

  private Row locked(Tx tx, long id) {
    return tx.query(
            "SELECT %s FROM {outbox} o WHERE o.dealer_id = :dealer AND o.id = :id FOR UPDATE"
                .formatted(Row.COLUMNS))
        .bind("dealer", tenant.id())
        .bind("id", id)
        .map((row, context) -> Row.read(row))
        .findOne()
        .orElseThrow(
            () ->
                new NotFoundException(
                    "The dealer %s has no message %d. Take the ids from deliveries(); old ones are removed after a time."
                        .formatted(tenant.code(), id)));
  }

  private long noted(Tx tx, long now) {
    notes.add(tx, tenant.id(), now);
    tx.afterCommit(() -> wake.accept(tenant.id()));
    return now;
  }

  @Override
  public List<Pause> pauses() {
    return database.read("read pauses", tx -> pauses.all(tx, tenant.id()));
  }

  @Override
  public void resume(long pauseId) {
    database.write(
        "end a pause",
        tx -> {
          long now = tx.machineMillis();
          pauses.end(tx, tenant.id(), pauseId, now);
          return noted(tx, now);
        });
  }

  @Override
  public Page<FailedInbound> failedInbound(Optional<String> after, int limit) {
    long from = cursor(after);
    Check.range("limit", limit, 1, LONGEST_PAGE);
    List<FailedInbound> items =
        database.read(
            "read failed facts",
            tx ->
                tx.query(
                        """
                        SELECT id, account, kind, received_ms, tries, error FROM {callback_inbox}
                        WHERE dealer_id = :dealer AND state = 'FAILED' AND id > :after
                        ORDER BY id LIMIT %d"""
                            .formatted(limit + 1))
                    .bind("dealer", tenant.id())
                    .bind("after", from)
                    .map(
                        (row, context) ->
                            new FailedInbound(
                                row.getLong("id"),
                                row.getString("account"),
                                row.getString("kind"),
                                Instant.ofEpochMilli(row.getLong("received_ms")),
                                row.getInt("tries"),
                                row.getString("error")))
                    .list());
    return pageOf(items, limit, FailedInbound::id);
  }

  @Override
  public void retryInbound(long id) {
    database.write(
        "retry a fact from outside",
        tx -> {
          long now = tx.machineMillis();
          List<Long> failed =
              tx.query(
                      """
                      SELECT id FROM {callback_inbox}
                      WHERE dealer_id = :dealer AND state = 'FAILED' AND id = :id FOR UPDATE""")
                  .bind("dealer", tenant.id())
                  .bind("id", id)
                  .mapTo(Long.class)
                  .list();
          if (failed.isEmpty()) {
            throw new NotFoundException(
                "The dealer %s has no failed fact %d. Take the ids from deliveries().failedInbound(…)."
                    .formatted(tenant.code(), id));
          }
          tx.update(
                  """
                  UPDATE {callback_inbox} SET state = 'RECEIVED', tries = 0, retry_ms = :now
                  WHERE dealer_id = :dealer AND state = 'FAILED' AND id = :id""")
              .bind("now", now)
              .bind("dealer", tenant.id())
              .bind("id", id)
              .execute();
          return noted(tx, now);
        });
  }
}
