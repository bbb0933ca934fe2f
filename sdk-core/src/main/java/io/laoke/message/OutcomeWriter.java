package io.laoke.message;

import io.laoke.error.StoreException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Tenant;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps outcomes until they are written: few by the rounds of the engine, many on a thread of its
 * own beside them. What it could not write it keeps and tells the next round; what is lost with it
 * the leases tell.
 */
final class OutcomeWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeWriter.class);
  private static final int MOST = 400;

  /** From here on they are worth a transaction beside the visits. */
  static final int MANY = 200;

  /** With so many unwritten nothing more is claimed: their leases would end before they are. */
  private static final int TOO_MANY = 4 * MOST;

  private final Database database;
  private final List<RecipientListener> recipients;
  private final Alarms alarms;
  private final Supplier<Visit.Tools> tools;
  private final Follow follow;

  private final LinkedBlockingQueue<Outcomes.Done> done = new LinkedBlockingQueue<>();

  /** How many messages of each claim have no written outcome yet; the last takes the claim away. */
  private final Map<String, Integer> underWay = new ConcurrentHashMap<>();

  private volatile long wroteFew = System.nanoTime();

  /** Whether an outcome may change what is claimed next: it is written before that. */
  private final AtomicBoolean news = new AtomicBoolean();

  /**
   * Held while outcomes are written. Nobody waits for it in a round: it may be held by a listener
   * of alarms that calls a tick.
   */
  private final ReentrantLock writing = new ReentrantLock();

  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicReference<@Nullable RuntimeException> unwritten = new AtomicReference<>();

  /** With {@link #wroteBeside}, guarded by itself. */
  private final Tally writtenBeside = new Tally();

  private boolean wroteBeside;
  private final ThreadPoolExecutor thread = thread();
  private volatile boolean closed;

  /** What follows on outcomes. */
  interface Follow {
    /** Something came or was written. */
    void signal();

    /** Whether an outcome like any other makes a difference at once. */
    boolean waitsFor(Visit.Ready accepted);

    /** There may be more to do for a dealer. */
    void awake(int dealer);

    /** Gives back what waits to be handed over and was paused. */
    List<Visit.Ready> takeBack(int dealer, Outcomes.Paused paused);
  }

  OutcomeWriter(
      Database database,
      List<RecipientListener> recipients,
      Alarms alarms,
      Supplier<Visit.Tools> tools,
      Follow follow) {
    this.database = database;
    this.recipients = recipients;
    this.alarms = alarms;
    this.tools = tools;
    this.follow = follow;
  }

  /** These were claimed; each comes back by one of the following. */
  void claimed(Collection<Visit.Ready> ready) {
    ready.forEach(one -> underWay.merge(claimOf(one), 1, Integer::sum));
  }

  /** What a channel said of one. */
  void came(Outcomes.Done one) {
    done.add(one);
    boolean plain = one.outcome() instanceof SendOutcome.Accepted;
    if (!plain) {
      news.set(true);
    }
    writeBeside();
    if (!plain || follow.waitsFor(one.ready())) {
      follow.signal();
    }
  }

  /** One that was not handed over. */
  void givenBack(Visit.Ready one) {
    done.add(new Outcomes.Done(one, null));
  }

  /** One of which nothing came within its lease. */
  void lost(Visit.Ready one) {
    underWay.remove(claimOf(one));
  }

  boolean allWritten() {
    // In this order: an outcome is out of the queue once the thread is busy.
    return done.isEmpty() && !busy.get();
  }

  boolean tooMany() {
    return done.size() >= TOO_MANY;
  }

  boolean noSuspects() {
    return done.stream().noneMatch(one -> one.ready().row().claims() > Visit.SUSPECT);
  }

  /** What kept the thread from writing, once; it writes nothing until it is taken. */
  @Nullable RuntimeException takeFailure() {
    return unwritten.getAndSet(null);
  }

  /** Takes no more to its thread; {@link #writeAll} still writes. */
  @Override
  public void close() {
    closed = true;
    thread.shutdown();
  }

  /** Writes what waits; during a backlog only what may change it, or now and then. */
  boolean writeDue(boolean backlog, Tally tally) {
    if (backlog && !news.get() && !Engine.longAgo(wroteFew)) {
      return false;
    }
    boolean some = news.getAndSet(false); // whatever comes from here on sets it anew
    wroteFew = System.nanoTime();
    boolean wrote = writeFew(tally);
    if (some && (!wrote || !done.isEmpty())) {
      news.set(true); // it may be among those
    }
    return wrote;
  }

  /** Writes if the thread does not keep up. */
  boolean catchUp(Tally tally) {
    return done.size() >= MOST && writeFew(tally);
  }

  /** None exists before it is needed, and it ends when it is not for a while. */
  private static ThreadPoolExecutor thread() {
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "laoke-outcomes");
              thread.setDaemon(true);
              return thread;
            });
    one.allowCoreThreadTimeOut(true);
    return one;
  }

  private static String claimOf(Visit.Ready ready) {
    return String.valueOf(ready.row().claimToken());
  }

  private void fewer(String claim, int by) {
    underWay.computeIfPresent(claim, (same, left) -> left > by ? left - by : null);
  }

  /** Writes all that waits, after what is just being written. */
  void writeAll(Tally tally) {
    writing.lock();
    try {
      unwritten.set(null); // it is tried again here
      while (writeOutcomes(tally)) {
        // Until there is none.
      }
    } finally {
      writing.unlock();
    }
  }

  /** Writes what waits, unless the writer is just doing so. */
  private boolean writeFew(Tally tally) {
    if (!writing.tryLock()) {
      return false; // it signals when it has done
    }
    try {
      return writeOutcomes(tally);
    } finally {
      writing.unlock();
    }
  }

  /** Many outcomes are written beside the visits, on a thread of their own. */
  private void writeBeside() {
    if (done.size() >= MANY
        && !closed
        && unwritten.get() == null
        && busy.compareAndSet(false, true)) {
      try {
        thread.execute(this::writeMany);
      } catch (RejectedExecutionException | Error noThread) {
        busy.set(false); // then rounds do it alone, or the one who closes
      }
    }
  }

  private void writeMany() {
    Tally tally = new Tally();
    boolean wrote = false;
    writing.lock();
    try {
      while (done.size() >= MANY) {
        wrote = true;
        writeOutcomes(tally);
      }
    } catch (RuntimeException away) {
      unwritten.set(away); // a round reports it, and tries again
    } catch (Error broken) {
      unwritten.set(new IllegalStateException("outcomes could not be written", broken));
    } finally {
      synchronized (writtenBeside) {
        writtenBeside.add(tally);
        wroteBeside |= wrote;
      }
      writing.unlock(); // whoever has waited for it finds what was written counted
      busy.set(false);
      follow.signal();
    }
  }

  /** Counts what the writer has written meanwhile; whether it has written anything. */
  boolean takeOver(Tally tally) {
    synchronized (writtenBeside) {
      boolean wrote = wroteBeside;
      wroteBeside = false;
      writtenBeside.moveTo(tally);
      return wrote;
    }
  }

  /** Writes what has come back, one transaction for each dealer. */
  private boolean writeOutcomes(Tally tally) {
    List<Outcomes.Done> batch = new ArrayList<>();
    done.drainTo(batch, MOST);
    if (batch.isEmpty()) {
      return false;
    }
    Map<Integer, List<Outcomes.Done>> byDealer = new LinkedHashMap<>();
    for (Outcomes.Done one : batch) {
      byDealer.computeIfAbsent(one.ready().tenant().id(), id -> new ArrayList<>()).add(one);
    }
    Throwable failure = null;
    for (List<Outcomes.Done> ofDealer : byDealer.values()) {
      try {
        writeOrSplit(ofDealer, tally);
      } catch (RuntimeException | Error failed) {
        failure = failed;
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException failed) {
      throw failed;
    }
    return true;
  }

  /**
   * Keeps what a database that is away could not take. Where waiting cannot help, one outcome must
   * not hold up the others: it alone is given up, and the lease of its row tells what to do.
   */
  private void writeOrSplit(List<Outcomes.Done> some, Tally tally) {
    try {
      write(some, tally);
    } catch (RuntimeException | Error failed) {
      if (failed instanceof OutOfMemoryError
          || (failed instanceof StoreException store && !aboutTheValues(store))) {
        done.addAll(some);
        throw failed;
      }
      if (some.size() == 1) {
        underWay.remove(claimOf(some.get(0).ready()));
        LOG.error(
            "laoke.engine.outcome of message {} of dealer={} cannot be written; its lease will tell",
            some.get(0).ready().row().id(),
            some.get(0).ready().tenant().code(),
            failed);
        return;
      }
      int half = some.size() / 2;
      List<Outcomes.Done> others = some.subList(half, some.size());
      try {
        writeOrSplit(some.subList(0, half), tally);
      } catch (RuntimeException | Error away) {
        done.addAll(others);
        throw away;
      }
      writeOrSplit(others, tally);
    }
  }

  private static boolean aboutTheValues(StoreException failure) {
    if (!(failure.getCause() instanceof SQLException sql)) {
      return !failure.retryable(); // a stored value that cannot be read
    }
    return sql.getSQLState() != null
        && (sql.getSQLState().startsWith("22") || sql.getSQLState().startsWith("23"));
  }

  private void write(List<Outcomes.Done> ofDealer, Tally tally) {
    Tenant tenant = ofDealer.get(0).ready().tenant();
    Map<String, Integer> counts = new HashMap<>();
    ofDealer.forEach(one -> counts.merge(claimOf(one.ready()), 1, Integer::sum));
    Set<String> ended = new HashSet<>(counts.keySet());
    ended.removeIf(claim -> !Objects.equals(underWay.get(claim), counts.get(claim)));
    Outcomes.Result result =
        database.own(
            "write outcomes",
            tx -> new Outcomes(tools.get(), recipients, tx, tenant, ended).write(ofDealer));
    counts.forEach(this::fewer);
    result.changes().stream()
        .filter(change -> change.result != Decision.Result.QUEUED)
        .forEach(tally::count);
    for (Outcomes.Paused paused : result.paused()) {
      follow.takeBack(tenant.id(), paused).forEach(this::givenBack);
    }
    follow.awake(tenant.id());
    alarms.raise(result.alarms());
  }
}
