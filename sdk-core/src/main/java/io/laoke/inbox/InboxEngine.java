package io.laoke.inbox;

import io.laoke.error.LaokeException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.internal.work.Worker;
import io.laoke.message.Alarm;
import io.laoke.message.Tenants;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Visits the dealers that have rows, in turn. Nothing depends on its memory. */
final class InboxEngine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InboxEngine.class);
  private static final long SWEEP_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int BATCHES_A_VISIT = 5;
  private static final int DEALERS_A_ROUND = 100;
  private static final int REMOVED_AT_ONCE = 1_000;
  private static final int REMOVALS_A_SWEEP = 100;
  private static final long STRAYS_WAIT = 60_000;
  private static final int STRAYS_AT_ONCE = 500;

  private final Database database;
  private final Tenants tenants;
  private final Applier applier;
  private final Turns turns;
  private final Duration poll;
  private final Consumer<Alarm> alarms;
  private final Worker worker =
      new Worker(
          "laoke-inbox",
          new Worker.Work() {
            @Override
            public boolean round() {
              return run(SLICE_NANOS) > 0;
            }

            @Override
            public Duration rest(int failures) {
              return failures > 0 ? afterFailures(failures) : poll;
            }

            @Override
            public void failed(int failures, Throwable failure) {
              LOG.warn(
                  "laoke.inbox.round failed; no row is lost, the next round is in {} s",
                  afterFailures(failures).toSeconds(),
                  failure);
            }
          });
  private volatile long nextSweep = System.nanoTime();
  private volatile String lastVisited = "";

  InboxEngine(
      Database database,
      Tenants tenants,
      Applier applier,
      Turns turns,
      Duration poll,
      Consumer<Alarm> alarms) {
    this.database = database;
    this.tenants = tenants;
    this.applier = applier;
    this.turns = turns;
    this.poll = poll;
    this.alarms = alarms;
  }

  /** There may be work. */
  void wake() {
    worker.wake();
  }

  /**
   * Applies rows until none is due that another engine has not taken, or the time is over. A dealer
   * whose rows cannot go on now, since others hold locks, is not visited again.
   *
   * @return how many were applied
   */
  int run(long nanos) {
    long deadline = System.nanoTime() + nanos;
    int applied = 0;
    Set<String> held = new HashSet<>();
    boolean worked = true;
    while (worked && !over(deadline)) {
      worked = false;
      for (String dealer : dealers()) {
        if (over(deadline)) {
          break;
        }
        if (held.contains(dealer)) {
          continue;
        }
        lastVisited = dealer;
        Applier.Report report = visit(dealer, deadline);
        applied += report.done();
        worked |= report.worked();
        if (report.held()) {
          held.add(dealer);
        }
      }
    }
    sweep();
    return applied;
  }

  private boolean over(long deadline) {
    return worker.ended() || System.nanoTime() - deadline >= 0;
  }

  /** Who has rows that are due, beginning after the one that was visited last. */
  private List<String> dealers() {
    return database.own("look for facts", this::dealers);
  }

  private List<String> dealers(Tx tx) {
    Optional<Long> earliest = FactTable.earliest(tx);
    if (earliest.isEmpty()) {
      return List.of();
    }
    long now = earliest.get() == 0 ? 0 : tx.machineMillis();
    if (earliest.get() > now) {
      return List.of();
    }
    Set<String> due =
        new TreeSet<>(FactTable.dueDealers(tx, tx.machineMillis(), DEALERS_A_ROUND * 10));
    String last = lastVisited;
    Optional<String> fresh = FactTable.freshAfter(tx, last);
    for (int i = 0; i < DEALERS_A_ROUND && fresh.isPresent(); i++) {
      due.add(fresh.get());
      fresh = FactTable.freshAfter(tx, fresh.get());
    }
    fresh = FactTable.freshAfter(tx, "");
    while (due.size() < DEALERS_A_ROUND && fresh.isPresent() && due.add(fresh.get())) {
      fresh = FactTable.freshAfter(tx, fresh.get());
    }
    List<String> turn = new ArrayList<>(due);
    turn.sort(
        Comparator.comparing((String dealer) -> dealer.compareTo(last) <= 0)
            .thenComparing(dealer -> dealer));
    return turn;
  }

  /** A dealer whose rows fail holds up nobody else's. */
  private Applier.Report visit(String dealer, long deadline) {
    Tenant tenant;
    try {
      tenant = tenants.byCode(dealer);
      if (!named(tenant, dealer)) {
        return strays(dealer);
      }
    } catch (NotFoundException unknown) {
      return strays(dealer);
    } catch (LaokeException wrong) {
      if (wrong.retryable()) {
        throw wrong;
      }
      return strays(dealer);
    }
    Applier.Report all = Applier.Report.NOTHING;
    if (turns.take(tenant.id())) {
      try {
        Applier.Report report;
        int batches = 0;
        do {
          report = applier.batch(tenant);
          all = all.with(report);
        } while (report.worked()
            && !report.ended()
            && ++batches < BATCHES_A_VISIT
            && !over(deadline));
      } finally {
        turns.giveBack(tenant.id());
      }
    }
    return all;
  }

  /** Whether the column holds the dealer's code; MySQL and MariaDB see no blanks at its end. */
  private boolean named(Tenant tenant, String dealer) {
    boolean padded = database.dialect().overlooksBlanksAtEnd();
    return tenant.code().equals(padded ? dealer.stripTrailing() : dealer);
  }

  /** Rows of a dealer that is not known wait; each look takes up some of them. */
  private Applier.Report strays(String dealer) {
    record Found(int count, boolean news) {}
    Found found =
        database.own(
            "set facts of an unknown dealer aside",
            tx -> {
              long now = tx.machineMillis();
              List<FactRow> rows = new ArrayList<>(FactTable.fresh(tx, dealer, STRAYS_AT_ONCE));
              boolean before = FactTable.any(tx, dealer, "WAITING");
              rows.addAll(FactTable.due(tx, dealer, now, STRAYS_AT_ONCE));
              Set<Long> free = FactTable.lockAll(tx, dealer, rows);
              rows.removeIf(row -> !free.contains(row.id()));
              FactTable.decide(
                  tx,
                  dealer,
                  rows.stream()
                      .map(
                          row ->
                              new FactTable.Decided(
                                  row,
                                  "WAITING",
                                  "",
                                  now + STRAYS_WAIT,
                                  row.tries() + 1,
                                  "DEALER_UNKNOWN",
                                  "dealer",
                                  "is no dealer that Laoke knows"))
                      .toList(),
                  now);
              return new Found(rows.size(), !before && !rows.isEmpty());
            });
    if (found.news()) {
      String shown = Words.shown(dealer);
      alarms.accept(
          new Alarm(
              Alarm.Kind.FACTS_REFUSED,
              shown,
              "",
              "",
              Words.reason(
                  "DEALER_UNKNOWN",
                  "Rows of table inbox name the dealer '%s', which is not known; they wait."
                      .formatted(shown))));
    }
    return new Applier.Report(0, found.count(), false, false);
  }

  private void sweep() {
    if (System.nanoTime() - nextSweep < 0) {
      return;
    }
    nextSweep = System.nanoTime() + SWEEP_NANOS;
    for (String state : List.of("DONE", "DROPPED")) {
      int removed = REMOVED_AT_ONCE;
      for (int i = 0; i < REMOVALS_A_SWEEP && removed == REMOVED_AT_ONCE && !worker.ended(); i++) {
        removed =
            database.own(
                "remove facts that are done",
                tx -> FactTable.remove(tx, state, tx.machineMillis(), REMOVED_AT_ONCE));
      }
    }
  }

  private static Duration afterFailures(int failures) {
    return Duration.ofSeconds(Math.min(failures, 5));
  }

  /** Starts the thread. */
  void start() {
    worker.start();
  }

  /** Ends the thread after the row that it is at. */
  @Override
  public void close() {
    worker.close(Duration.ofMillis(Turns.LEASE_MILLIS));
  }
}
