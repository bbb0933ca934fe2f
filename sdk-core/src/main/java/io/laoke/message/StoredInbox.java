package io.laoke.message;

import io.laoke.base.Check;
import io.laoke.error.LaokeException;
import io.laoke.error.StoreException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Privacy;
import io.laoke.internal.tenant.Tenant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Facts from outside: written down first, processed under the lock of their row, answered again.
 */
final class StoredInbox implements InboundReceiver {
  private static final Logger LOG = LoggerFactory.getLogger(StoredInbox.class);

  /** How often a fact is tried by itself. */
  static final int MOST_TRIES = 6;

  private static final int PAGE = 50;
  private static final long HEAD_START = 20_000;

  private final Database database;
  private final Json json;
  private final Ids ids;
  private final Accounts accounts;
  private final Tenants tenants;
  private final Notes notes;
  private final List<InboundHandler> handlers;
  private final Alarms alarms;
  private final Supplier<ErasedRecipients> erased;

  StoredInbox(
      Database database,
      Json json,
      Ids ids,
      Accounts accounts,
      Tenants tenants,
      Notes notes,
      List<InboundHandler> handlers,
      Alarms alarms,
      Supplier<ErasedRecipients> erased) {
    this.database = database;
    this.json = json;
    this.ids = ids;
    this.accounts = accounts;
    this.tenants = tenants;
    this.notes = notes;
    this.handlers = handlers;
    this.alarms = alarms;
    this.erased = erased;
  }

  private record Key(String account, String hash) {}

  private record Entry(String state, String fact, @Nullable String reply, int tries, long id) {}

  @Override
  public Receipt accept(String account, Inbound fact) {
    Check.text("account", account, 64);
    Check.notNull("fact", fact);
    Tenant tenant = tenants.byCode(accounts.require(account).dealer());
    Privacy privacy = tenant.privacy();
    Key key = new Key(account, privacy.hash("inbound:" + account, fact.key()));
    String sealed = StoredFact.write(json, privacy, fact);
    boolean written =
        database.own(
            "write a fact from outside down",
            tx -> {
              accounts.own(tx, tenant, account);
              return !insert(tx, tenant, key, fact, sealed) || kept(tx, tenant, key, fact);
            });
    if (!written) {
      return Reply::none;
    }
    return () -> process(tenant, key, false).orElseThrow(() -> gone(account));
  }

  /**
   * Whether the fact may stay written down. Asked after the row is there: an erasure under way is
   * waited for here, and one that begins later finds the row.
   */
  private boolean kept(Tx tx, Tenant tenant, Key key, Inbound fact) {
    String recipient = Recipients.of(tenant, key.account, fact);
    if (!(fact.byPhone()
        ? erased.get().erasedPhone(tx, tenant, recipient)
        : erased.get().erased(tx, tenant, key.account, recipient))) {
      return true;
    }
    tx.update(
            """
            DELETE FROM {callback_inbox}
            WHERE dealer_id = :dealer AND account = :account AND key_hash = :key""")
        .bind("dealer", tenant.id())
        .bind("account", key.account)
        .bind("key", key.hash)
        .execute();
    return false;
  }

  /** Whether the row was not there before. */
  private boolean insert(Tx tx, Tenant tenant, Key key, Inbound fact, String sealed) {
    long now = tx.machineMillis();
    boolean fresh =
        tx.insertIfAbsent(
            """
            INSERT INTO {callback_inbox} (dealer_id, account, key_hash, id, kind, recipient, fact, state,
              tries, retry_ms, error, received_ms)
            VALUES (:dealer, :account, :key, :id, :kind, :recipient, :fact, 'RECEIVED', 0, :retry, '', :now)""",
            row ->
                row.bind("dealer", tenant.id())
                    .bind("account", key.account)
                    .bind("key", key.hash)
                    .bind("id", ids.next())
                    .bind("kind", StoredFact.kind(fact))
                    .bind("recipient", Recipients.of(tenant, key.account, fact))
                    .bind("fact", sealed)
                    .bind("retry", now + HEAD_START)
                    .bind("now", now));
    if (fresh) {
      notes.add(tx, tenant.id(), now + HEAD_START);
    }
    return fresh;
  }

  private static StoreException gone(String account) {
    return new StoreException(
        "A fact from the account %s that had been written down is no longer there. Somebody deleted it from table callback_inbox; let the platform push it again."
            .formatted(account),
        null,
        false);
  }

  /**
   * Processes unless that has been done.
   *
   * @param skip whether to pass over a row that another node works on
   * @return the reply; empty when the row is not there, or passed over
   */
  private Optional<Reply> process(Tenant tenant, Key key, boolean skip) {
    try {
      return database.own("process a fact from outside", tx -> once(tx, tenant, key, skip));
    } catch (RuntimeException | Error failure) {
      failed(tenant, key, failure);
      throw failure instanceof LaokeException known
          ? known
          : new LaokeException(
              "A fact from outside could not be processed (%s); the next tick tries again."
                  .formatted(failure.getClass().getName()),
              failure,
              true);
    }
  }

  private Optional<Reply> once(Tx tx, Tenant tenant, Key key, boolean skip) {
    Optional<Entry> found = lock(tx, tenant, key, skip);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Entry entry = found.get();
    Privacy privacy = tenant.privacy();
    if (entry.reply != null) {
      return Optional.of(StoredReply.read(json, privacy, entry.reply));
    }
    if (entry.fact.isEmpty()) {
      return Optional.of(Reply.none()); // the person was erased
    }
    Inbound fact = StoredFact.read(json, privacy, entry.fact);
    Optional<Reply> reply = Optional.empty();
    for (InboundHandler handler : handlers) {
      Optional<Reply> said = handler.handle(tx, tenant, key.account, fact, !skip);
      reply = reply.isPresent() ? reply : said;
    }
    Reply answer = reply.orElseGet(Reply::none);
    tx.update(
            """
            UPDATE {callback_inbox} SET state = 'DONE', reply = :reply, done_ms = :now
            WHERE dealer_id = :dealer AND account = :account AND key_hash = :key""")
        .bind("reply", StoredReply.write(json, privacy, answer))
        .bind("now", tx.machineMillis())
        .bind("dealer", tenant.id())
        .bind("account", key.account)
        .bind("key", key.hash)
        .execute();
    return Optional.of(answer);
  }

  private static Optional<Entry> lock(Tx tx, Tenant tenant, Key key, boolean skip) {
    return tx.query(
            """
            SELECT id, state, fact, reply, tries FROM {callback_inbox}
            WHERE dealer_id = :dealer AND account = :account AND key_hash = :key FOR UPDATE%s"""
                .formatted(skip ? tx.dialect().skipLocked() : ""))
        .bind("dealer", tenant.id())
        .bind("account", key.account)
        .bind("key", key.hash)
        .map(
            (row, context) ->
                new Entry(
                    row.getString("state"),
                    row.getString("fact"),
                    row.getString("reply"),
                    row.getInt("tries"),
                    row.getLong("id")))
        .findOne();
  }

  /** Counts the failure in a transaction of its own, since the processing one is gone. */
  private void failed(Tenant tenant, Key key, Throwable failure) {
    String error =
        Changes.cut(
            failure instanceof LaokeException known
                ? known.getClass().getSimpleName() + ": " + known.getMessage()
                : failure.getClass().getName(),
            400);
    try {
      Optional<Entry> last = database.own("count a failure", tx -> count(tx, tenant, key, error));
      last.ifPresent(
          entry ->
              alarms.raise(
                  new Alarm(
                      Alarm.Kind.INBOUND_FAILED,
                      tenant.code(),
                      key.account,
                      Long.toString(entry.id),
                      new Reason(
                          "INBOUND_FAILED",
                          error,
                          "Remove the cause, then call retryInbound.",
                          "请排除原因后重新处理该事件（retryInbound）。"))));
    } catch (StoreException down) {
      LOG.debug("The failure of a fact could not be counted; it stays due", down);
    }
  }

  /** The entry, if this was its last try. */
  private Optional<Entry> count(Tx tx, Tenant tenant, Key key, String error) {
    Optional<Entry> found = lock(tx, tenant, key, false);
    if (found.isEmpty() || found.get().state.equals("DONE")) {
      return Optional.empty();
    }
    long now = tx.machineMillis();
    int tries = found.get().tries + 1;
    boolean last = tries >= MOST_TRIES;
    long retry = now + (1_000L << Math.min(tries, 10));
    tx.update(
            """
            UPDATE {callback_inbox} SET tries = :tries, state = :state, retry_ms = :retry, error = :error
            WHERE dealer_id = :dealer AND account = :account AND key_hash = :key""")
        .bind("tries", tries)
        .bind("state", last ? "FAILED" : "RECEIVED")
        .bind("retry", retry)
        .bind("error", error)
        .bind("dealer", tenant.id())
        .bind("account", key.account)
        .bind("key", key.hash)
        .execute();
    if (!last) {
      notes.add(tx, tenant.id(), retry);
    }
    return last && !found.get().state.equals("FAILED") ? found : Optional.empty();
  }

  /** Whether a fact waits to be processed by the engine. */
  boolean due(Tenant tenant) {
    return !dueKeys(tenant, 1).isEmpty();
  }

  /**
   * Processes what nobody has processed.
   *
   * @return how many were processed
   */
  int processDue(Tenant tenant) {
    int processed = 0;
    List<Key> due = dueKeys(tenant, PAGE);
    for (Key key : due) {
      try {
        processed += process(tenant, key, true).isPresent() ? 1 : 0;
      } catch (LaokeException failure) {
        LOG.debug("A fact from outside failed again", failure);
      }
    }
    if (due.size() == PAGE) {
      database.own(
          "note more facts",
          tx -> {
            long now = tx.machineMillis();
            notes.add(tx, tenant.id(), now);
            return now;
          });
    }
    return processed;
  }

  private List<Key> dueKeys(Tenant tenant, int most) {
    return database.own(
        "look for facts to process",
        tx ->
            tx.query(
                    """
                    SELECT account, key_hash FROM {callback_inbox}
                    WHERE dealer_id = :dealer AND state = 'RECEIVED' AND retry_ms <= :now
                    ORDER BY retry_ms, id LIMIT %d"""
                        .formatted(most))
                .bind("dealer", tenant.id())
                .bind("now", tx.machineMillis())
                .map((row, context) -> new Key(row.getString("account"), row.getString("key_hash")))
                .list());
  }
}
