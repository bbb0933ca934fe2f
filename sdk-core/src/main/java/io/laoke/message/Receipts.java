package io.laoke.message;

import io.laoke.error.LaokeException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.ReceiptSource.Answer;
import io.laoke.message.ReceiptSource.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for receipts that did not come. A row of each text message that was accepted says from when
 * on; who takes one up has it for ten minutes, so that of several engines one asks, and what is
 * lost with a process is asked again.
 */
final class Receipts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);
  private static final Duration LATE = Duration.ofDays(3);
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Duration UNDER_WAY = Duration.ofHours(6);

  /** Behind this nobody is asked any more; Tencent Cloud forgets after seven days. */
  private static final Duration LONGEST = Duration.ofDays(6);

  private static final int AT_ONCE = 20;

  private final Database database;
  private final Accounts accounts;
  private final Reports reports;
  private final InboundReceiver receiver;
  private final Supplier<AddressBook> addresses;
  private final Set<CompletableFuture<Void>> underWay = new HashSet<>();
  private final ThreadPoolExecutor writer;

  Receipts(
      Database database,
      Accounts accounts,
      Reports reports,
      InboundReceiver receiver,
      Supplier<AddressBook> addresses) {
    this.database = database;
    this.accounts = accounts;
    this.reports = reports;
    this.receiver = receiver;
    this.addresses = addresses;
    this.writer =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "laoke-receipts");
              thread.setDaemon(true);
              return thread;
            });
    writer.allowCoreThreadTimeOut(true);
  }

  /** Notes that these text messages were accepted, in the transaction that writes it. */
  static void expect(Tx tx, int dealer, Collection<Change> accepted, long now) {
    Rows rows =
        Rows.of("receipt_due", dealer)
            .with(Rows.Type.LONG, "id")
            .with(Rows.Type.TEXT, "account")
            .with(Rows.Type.LONG, "ask_ms");
    boolean any = false;
    for (Change change : accepted) {
      if (change.row.channel() == ChannelKind.SMS && change.delivery == null) {
        rows.add(change.row.id(), change.row.account(), now + LATE.toMillis());
        any = true;
      }
    }
    if (any) {
      tx.insertAll(rows);
    }
  }

  /** A message of which nothing is known. */
  private record Silent(
      long id, String account, String recipient, String providerId, String messageId, long sentMs) {
    Question question(String to) {
      return new Question(to, providerId, messageId, Instant.ofEpochMilli(sentMs));
    }
  }

  /** A message that is asked for. */
  private record Asked(Silent message, Question question) {}

  /** Asks for some of a dealer's that are due; does not wait for the answers. */
  void ask(Tenant tenant) {
    for (Asked one : due(tenant)) {
      CompletionStage<Answer> answer;
      try {
        answer = asked(one);
      } catch (RuntimeException failed) {
        answer = CompletableFuture.failedFuture(failed);
      }
      follow(tenant, one, answer);
    }
  }

  private List<Asked> due(Tenant tenant) {
    try {
      return database.own("look for missing receipts", tx -> take(tx, tenant, due(tx, tenant)));
    } catch (RuntimeException failed) {
      return oneByOne(tenant, failed);
    }
  }

  /** One that cannot be asked for, as of a number that cannot be opened, keeps no other waiting. */
  private List<Asked> oneByOne(Tenant tenant, RuntimeException together) {
    List<Long> due = database.own("look which receipts are missing", tx -> due(tx, tenant));
    List<Asked> asked = new ArrayList<>();
    int failures = 0;
    for (long id : due) {
      try {
        asked.addAll(
            database.own(
                "look for a missing receipt", tx -> take(tx, tenant, due(tx, tenant, id))));
      } catch (RuntimeException failed) {
        failures++;
        database.own(
            "put off a receipt that cannot be asked for",
            tx -> again(tx, tenant, List.of(id), tx.machineMillis() + LEASE.toMillis()));
        LOG.warn(
            "laoke.receipts of message {} of dealer={} cannot be asked for; others are, and it is"
                + " tried again in {} min",
            id,
            tenant.code(),
            LEASE.toMinutes(),
            failed);
      }
    }
    if (failures > 0 && failures == due.size()) {
      throw together;
    }
    return asked;
  }

  private CompletionStage<Answer> asked(Asked one) {
    return accounts
        .find(one.message().account())
        .flatMap(found -> found.account().capability(ReceiptSource.class))
        .map(source -> source.ask(one.question()))
        .orElseGet(() -> CompletableFuture.completedFuture(new Answer.Nothing()));
  }

  private void follow(Tenant tenant, Asked one, CompletionStage<Answer> answer) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    synchronized (underWay) {
      underWay.add(written);
    }
    answer.whenComplete(
        (said, failure) -> {
          try {
            writer.execute(
                () -> {
                  try {
                    write(tenant, one, said, failure);
                  } finally {
                    ended(written);
                  }
                });
          } catch (RejectedExecutionException closed) {
            ended(written); // its lease ends, and it is asked for again
          }
        });
  }

  private void ended(CompletableFuture<Void> written) {
    synchronized (underWay) {
      underWay.removeIf(one -> one == written);
    }
    written.complete(null);
  }

  /** The ids of some that are due, locked, without those others have locked. */
  private static List<Long> due(Tx tx, Tenant tenant) {
    return tx.query(
            "SELECT id FROM {receipt_due}"
                + tx.dialect().byIndex("receipt_due_at")
                + " WHERE dealer_id = :dealer AND ask_ms <= :now"
                + " ORDER BY dealer_id, ask_ms LIMIT :limit FOR UPDATE"
                + tx.dialect().skipLocked())
        .bind("dealer", tenant.id())
        .bind("now", tx.machineMillis())
        .bind("limit", AT_ONCE)
        .mapTo(Long.class)
        .list();
  }

  /** One of them, unless another has taken it up since. */
  private static List<Long> due(Tx tx, Tenant tenant, long id) {
    return tx.query(
            """
            SELECT id FROM {receipt_due}
            WHERE dealer_id = :dealer AND id = :id AND ask_ms <= :now FOR UPDATE"""
                + tx.dialect().skipLocked())
        .bind("dealer", tenant.id())
        .bind("id", id)
        .bind("now", tx.machineMillis())
        .mapTo(Long.class)
        .list();
  }

  /** Takes those of these up of which nothing is known. */
  private List<Asked> take(Tx tx, Tenant tenant, List<Long> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    long now = tx.machineMillis();
    List<Silent> silent = silent(tx, tenant, ids);
    Map<String, String> phones =
        silent.isEmpty()
            ? Map.of()
            : addresses
                .get()
                .phonesOf(
                    tx, tenant, new HashSet<>(silent.stream().map(Silent::recipient).toList()));
    List<Asked> asked = new ArrayList<>();
    Set<Long> over = new HashSet<>(ids);
    for (Silent one : silent) {
      String phone = phones.get(one.recipient());
      if (phone != null) {
        asked.add(new Asked(one, one.question(phone)));
        over.remove(one.id());
      }
    }
    remove(tx, tenant, over);
    again(
        tx, tenant, asked.stream().map(one -> one.message().id()).toList(), now + LEASE.toMillis());
    return asked;
  }

  /** Those of which no receipt has come, and that are still there. */
  private static List<Silent> silent(Tx tx, Tenant tenant, List<Long> ids) {
    return tx.query(
            """
            SELECT o.id, o.account, o.recipient, o.provider_id, o.dedupe_id, o.ended_ms
            FROM {outbox} o JOIN {decision} d ON d.dealer_id = o.dealer_id AND d.id = o.id
            WHERE o.dealer_id = :dealer AND o.id IN (<ids>) AND o.state = 'SENT'
              AND o.provider_id IS NOT NULL AND d.delivery IS NULL
            ORDER BY o.id""",
            "ids",
            Rows.Type.LONG,
            ids)
        .bind("dealer", tenant.id())
        .map(
            (row, context) ->
                new Silent(
                    row.getLong("id"),
                    row.getString("account"),
                    row.getString("recipient"),
                    row.getString("provider_id"),
                    row.getString("dedupe_id"),
                    row.getLong("ended_ms")))
        .list();
  }

  private void write(Tenant tenant, Asked one, @Nullable Answer said, @Nullable Throwable failure) {
    long id = one.message().id();
    try {
      if (said instanceof Answer.Reported reported) {
        receiver.accept(one.message().account(), reported.report()).process();
        database.own("note that a receipt was got", tx -> remove(tx, tenant, Set.of(id)));
      } else if (said instanceof Answer.Nothing) {
        database.own("note that no receipt will come", tx -> expire(tx, tenant, id));
      } else {
        boolean waiting = said instanceof Answer.Waiting;
        database.own(
            "note when to ask for a receipt again",
            tx -> {
              long now = tx.machineMillis();
              boolean last = now - one.message().sentMs() > LONGEST.toMillis();
              Duration wait = waiting ? UNDER_WAY : LEASE;
              return last
                  ? expire(tx, tenant, id)
                  : again(tx, tenant, Set.of(id), now + wait.toMillis());
            });
        if (!waiting) {
          LOG.warn(
              "laoke.receipts of account={} dealer={} cannot be asked for ({}); it is tried again in"
                  + " {} min",
              one.message().account(),
              tenant.code(),
              said instanceof Answer.Failed failed ? failed.why().code() : failure,
              LEASE.toMinutes());
        }
      }
    } catch (LaokeException later) {
      LOG.debug("laoke.receipts answer cannot be written; it is asked for again", later);
    }
  }

  private boolean expire(Tx tx, Tenant tenant, long id) {
    reports.expire(tx, tenant.id(), id);
    return remove(tx, tenant, Set.of(id));
  }

  private static boolean remove(Tx tx, Tenant tenant, Collection<Long> ids) {
    return !ids.isEmpty()
        && tx.update("DELETE FROM {receipt_due} WHERE dealer_id = :dealer AND id IN (<ids>)")
                .bind("dealer", tenant.id())
                .bindList("ids", List.copyOf(ids))
                .execute()
            > 0;
  }

  private static boolean again(Tx tx, Tenant tenant, Collection<Long> ids, long at) {
    return !ids.isEmpty()
        && tx.update(
                    """
                    UPDATE {receipt_due} SET ask_ms = :at
                    WHERE dealer_id = :dealer AND id IN (<ids>)""")
                .bind("at", at)
                .bind("dealer", tenant.id())
                .bindList("ids", List.copyOf(ids))
                .execute()
            > 0;
  }

  /** Waits for what was asked, no longer than that. */
  void await(Duration most) {
    CompletableFuture<?>[] all;
    synchronized (underWay) {
      all = underWay.toArray(CompletableFuture[]::new);
    }
    try {
      CompletableFuture.allOf(all).get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException late) {
      LOG.debug("laoke.receipts are still waited for", late);
    }
  }

  /** Answers that come later are asked for again, by whoever is there then. */
  @Override
  public void close() {
    writer.shutdown();
  }
}
