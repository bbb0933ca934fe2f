package io.laoke.message;

import io.laoke.error.ChannelException;
import io.laoke.error.NotFoundException;
import io.laoke.error.StoreException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Tenant;
import io.laoke.internal.work.Worker;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due. Works in rounds: has outcomes written, visits the dealers that have work,
 * hands over what it claimed. Sending goes on while it claims and writes; the lanes keep the
 * channels busy. Nothing depends on its memory: what it forgets by ending, the leases and notes
 * tell the next.
 */
final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final int MOST_A_VISIT = 400;

  /** A visit that claims so many is likely to be followed by another like it. */
  private static final int MANY_CLAIMED = 100;

  private static final Duration STEP = Duration.ofMillis(20);

  /**
   * While a backlog is claimed, all else is looked at no more often: what is due of other dealers,
   * facts from outside, and outcomes too few for the writer.
   */
  private static final Duration BREATH = Duration.ofMillis(100);

  /** After so many failures one after the other somebody is told. */
  private static final int STALLED = 3;

  /** A rule that has not failed for so long is well again. */
  private static final Duration RULE_WELL = Duration.ofMinutes(3);

  /** Lost connections, no resources, shutting down, system errors, read-only; and H2's of files. */
  private static final Set<String> AWAY =
      Set.of(
          "08", "53", "57P", "58", "25006", "90007", "90028", "90031", "90067", "90098", "90121");

  /** MySQL and MariaDB: the disk, or the table, is full. */
  private static final Set<Integer> FULL = Set.of(1021, 1114);

  private static final long FAR = TimeUnit.DAYS.toNanos(1);

  private final Database database;
  private final Accounts accounts;
  private final Tenants tenants;
  private final Clock business;
  private final EngineSettings settings;
  private final Notes notes;
  private final Alarms alarms;
  private final Supplier<Visit.Tools> tools;
  private final StoredInbox inbox;

  private final OutcomeWriter outcomes;
  private final Map<LaneKey, Lane> lanes = new ConcurrentHashMap<>();
  private final Map<Integer, Long> quietUntil = new ConcurrentHashMap<>();

  /** How often each dealer was woken. */
  private final Map<Integer, Long> wakes = new ConcurrentHashMap<>();

  private final Set<LaneKey> missing = new HashSet<>();
  private final Set<Integer> unswept = new HashSet<>();
  private final Map<Integer, Integer> failedVisits = new HashMap<>();
  private final Map<Integer, Broken> brokenRules = new HashMap<>();
  private int lastVisited;

  /** Whose last visit claimed many messages: likely there are more. */
  private final Set<Integer> backlog = ConcurrentHashMap.newKeySet();

  private volatile boolean woken = true;
  private long lookedForDue = System.nanoTime();

  /** Whose notes were taken away before the facts they may speak of were looked for. */
  private final Set<Integer> factsOwed = new HashSet<>();

  private final Map<Integer, Long> lookedForFacts = new HashMap<>();
  private final Worker worker =
      new Worker(
          "laoke-delivery",
          new Worker.Work() {
            @Override
            public boolean round() {
              return Engine.this.round(business::instant, System.nanoTime() + FAR, new Tally());
            }

            @Override
            public Duration rest(int failures) {
              Duration rest = settings.poll().multipliedBy(Math.max(1, Math.min(failures, 5)));
              boolean soon = failures == 0 && !backlog.isEmpty() && rest.compareTo(BREATH) > 0;
              return soon ? BREATH : rest;
            }

            @Override
            public void failed(int failures, Throwable failure) {
              troubled("round", failures, "", failure);
            }

            @Override
            public void recovered(int failures) {
              LOG.info("laoke.engine.round works again after {} failures", failures);
            }
          });

  private final ReentrantLock round = new ReentrantLock();
  private volatile long nextSweep = System.nanoTime();
  private volatile Consumer<Tenant> chores = tenant -> {};

  private record LaneKey(int dealer, String account) {}

  Engine(
      Database database,
      Accounts accounts,
      Tenants tenants,
      Clock business,
      EngineSettings settings,
      Notes notes,
      List<RecipientListener> recipients,
      Alarms alarms,
      Supplier<Visit.Tools> tools,
      StoredInbox inbox) {
    this.database = database;
    this.accounts = accounts;
    this.tenants = tenants;
    this.business = business;
    this.settings = settings;
    this.notes = notes;
    this.alarms = alarms;
    this.tools = tools;
    this.inbox = inbox;
    outcomes =
        new OutcomeWriter(
            database,
            recipients,
            alarms,
            tools,
            new OutcomeWriter.Follow() {
              @Override
              public void signal() {
                worker.wake();
              }

              @Override
              public boolean waitsFor(Visit.Ready accepted) {
                int dealer = accepted.tenant().id();
                return !backlog.contains(dealer) || lane(dealer, accepted.row().account()).hungry();
              }

              @Override
              public void awake(int dealer) {
                Engine.this.awake(dealer);
              }

              @Override
              public List<Visit.Ready> takeBack(int dealer, Outcomes.Paused paused) {
                return lane(dealer, paused.account()).drain(paused::holds);
              }
            });
  }

  /** What is done for each dealer when all of it is looked at. */
  void chores(Consumer<Tenant> chore) {
    chores = chore;
  }

  /** A dealer has new work, which is committed. */
  void wake(int dealer) {
    awake(dealer);
    woken = true;
    worker.wake();
  }

  /** Whoever visits it just now may not see the new work, and must not quiet it. */
  private void awake(int dealer) {
    wakes.merge(dealer, 1L, Long::sum);
    quietUntil.remove(dealer);
  }

  /** Rounds on the calling thread until nothing is due or the budget is used up. */
  TickReport tick(Instant businessNow, Duration budget) {
    Tally tally = new Tally();
    long deadline = System.nanoTime() + budget.toNanos();
    quietUntil.clear();
    woken = true;
    boolean interrupted = false;
    while (true) {
      boolean progress = round(() -> businessNow, deadline, tally);
      if (!progress && idle()) {
        // What the writer has just written may have made way for more.
        if (!outcomes.takeOver(tally)) {
          break;
        }
        progress = true;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0 || interrupted || worker.ended()) {
        break;
      }
      if (!progress) {
        try {
          worker.await(Duration.ofNanos(Math.min(left, STEP.toNanos())));
        } catch (InterruptedException stop) {
          interrupted = true;
        }
      }
    }
    if (!worker.started()) {
      giveBack();
      outcomes.writeAll(tally);
    }
    outcomes.takeOver(tally);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return tally.report(remaining(businessNow));
  }

  private boolean idle() {
    // In this order: an outcome is among the unwritten before its lane is idle.
    return lanes.values().stream().allMatch(Lane::idle) && outcomes.allWritten();
  }

  /** Starts the thread. */
  void start() {
    worker.start();
  }

  /** Ends the thread, gives back what was not handed over, and waits for what was. */
  @Override
  public void close() {
    worker.end();
    outcomes.close();
    try {
      worker.join(settings.lease());
      // A tick's round that is on may still claim and hand over; none begins after it.
      round.lock();
      try {
        giveBack();
      } finally {
        round.unlock();
      }
      long deadline = System.nanoTime() + longestCall().toNanos();
      while (!idle() && System.nanoTime() - deadline < 0) {
        giveBack(); // a tick on another thread may have been about to hand over
        outcomes.writeAll(new Tally());
        if (!idle()) {
          worker.await(STEP);
        }
      }
      outcomes.writeAll(new Tally());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException lost) {
      LOG.warn(
          "laoke.engine.close could not write the last outcomes; their leases will tell", lost);
    }
  }

  private Duration longestCall() {
    Duration longest = Duration.ZERO;
    for (DealerAccount one : accounts.all()) {
      for (ChannelKind kind : ChannelKind.values()) {
        Duration limit =
            one.account().channel(kind).map(MessageChannel::callLimit).orElse(Duration.ZERO);
        longest = limit.compareTo(longest) > 0 ? limit : longest;
      }
    }
    return longest.compareTo(settings.lease()) < 0 ? longest : settings.lease();
  }

  private void giveBack() {
    for (Lane lane : lanes.values()) {
      lane.drain(row -> true).forEach(outcomes::givenBack);
    }
  }

  /**
   * One round; false when there was nothing to do. What it does not come to before the deadline is
   * where the next one begins.
   */
  private boolean round(Supplier<Instant> clock, long deadline, Tally tally) {
    round.lock();
    try {
      // What cannot be written now stays in the queue; the other dealers' work goes on meanwhile.
      RuntimeException failure = outcomes.takeFailure();
      boolean progress = outcomes.takeOver(tally);
      try {
        progress |= failure == null && outcomes.writeDue(!backlog.isEmpty(), tally);
      } catch (RuntimeException away) {
        failure = away;
      }
      tidyLanes();
      Map<Integer, List<Account>> dealers = dealers();
      boolean sweep = System.nanoTime() - nextSweep >= 0;
      if (sweep) {
        unswept.addAll(tenants.ids());
        nextSweep = System.nanoTime() + settings.sweep().toNanos();
      }
      boolean late = worker.ended();
      for (int dealer : due(clock)) {
        if (late) {
          progress = true; // not all were visited
          break;
        }
        lastVisited = dealer;
        boolean all = unswept.remove(dealer);
        List<Account> own = dealers.getOrDefault(dealer, List.of());
        progress |= visitAlone(dealer, own, clock, all, tally);
        progress |= failure == null && outcomes.catchUp(tally);
        late = worker.ended() || System.nanoTime() - deadline >= 0;
      }
      if (failure != null) {
        throw failure;
      }
      return progress;
    } finally {
      round.unlock();
    }
  }

  /** A dealer whose visit fails, as when one of its rules does, holds up nobody else. */
  private boolean visitAlone(
      int dealer, List<Account> own, Supplier<Instant> clock, boolean sweep, Tally tally) {
    try {
      return visit(dealer, own, clock, sweep, tally);
    } catch (RuntimeException | Error failed) {
      if (failed instanceof StoreException store && away(store)) {
        throw failed; // nobody else would fare better
      }
      int failures = failedVisits.merge(dealer, 1, Integer::sum);
      troubled("visit", failures, codeOf(dealer), failed);
      backlog.remove(dealer);
      quiet(dealer);
      return false;
    }
  }

  /** Whether the database as a whole cannot be reached, or cannot write. */
  private static boolean away(StoreException failure) {
    if (!(failure.getCause() instanceof SQLException sql)) {
      return false;
    }
    String state = String.valueOf(sql.getSQLState());
    return sql instanceof SQLTransientConnectionException
        || sql instanceof SQLNonTransientConnectionException
        || AWAY.stream().anyMatch(state::startsWith)
        || FULL.contains(sql.getErrorCode());
  }

  private String codeOf(int dealer) {
    try {
      return tenants.byId(dealer).code();
    } catch (RuntimeException unknown) {
      return "";
    }
  }

  /** Told once, however long it lasts. */
  private void troubled(String what, int failures, String dealer, Throwable failure) {
    if (failures == 1) {
      LOG.warn(
          "laoke.engine.{} failed dealer={}; what was claimed stays safe, and it is tried again",
          what,
          dealer,
          failure);
    } else {
      LOG.debug("laoke.engine.{} failed dealer={} {} times", what, dealer, failures, failure);
    }
    if (failures == STALLED) {
      alarms.raise(new Alarm(Alarm.Kind.STALLED, dealer, "", "", Reasons.stalled(failure)));
    }
  }

  private void tidyLanes() {
    long nanos = System.nanoTime();
    for (Lane lane : lanes.values()) {
      lane.drainLate(nanos).forEach(outcomes::givenBack);
      List<Visit.Ready> lost = lane.forget(nanos - settings.lease().toNanos());
      if (!lost.isEmpty()) {
        lost.forEach(outcomes::lost);
        LOG.warn(
            "laoke.engine.lost messages={} a channel did not answer within the lease", lost.size());
        lane.pump();
      }
    }
  }

  private Map<Integer, List<Account>> dealers() {
    Map<String, List<Account>> byCode = new LinkedHashMap<>();
    Map<String, String> owner = new HashMap<>();
    Set<String> shared = new HashSet<>();
    List<DealerAccount> all = listed();
    for (DealerAccount one : all) {
      String before = owner.putIfAbsent(one.account().key(), one.dealer());
      if (before != null && !before.equals(one.dealer())) {
        shared.add(one.account().key());
      }
    }
    for (DealerAccount one : all) {
      if (!shared.contains(one.account().key())) {
        byCode.computeIfAbsent(one.dealer(), code -> new ArrayList<>()).add(one.account());
      }
    }
    Map<Integer, List<Account>> dealers = new LinkedHashMap<>();
    byCode.forEach(
        (code, own) -> {
          try {
            dealers.put(tenants.byCode(code).id(), own);
          } catch (NotFoundException unknown) {
            LOG.debug("laoke.engine.dealer {} of the account source is not registered", code);
          }
        });
    return dealers;
  }

  /** All accounts; those of the builder while a source has never answered. */
  private List<DealerAccount> listed() {
    try {
      return accounts.all();
    } catch (ChannelException failed) {
      return accounts.fixed();
    }
  }

  /** Who is to be visited, beginning after the one that was visited last. */
  private List<Integer> due(Supplier<Instant> clock) {
    Set<Integer> due = new HashSet<>(backlog);
    if (due.isEmpty() || woken || longAgo(lookedForDue)) {
      woken = false;
      lookedForDue = System.nanoTime();
      due.addAll(
          database.own(
              "look for dealers with work",
              tx -> notes.dealers(tx, Math.max(clock.get().toEpochMilli(), tx.machineMillis()))));
    }
    long nanos = System.nanoTime();
    quietUntil.values().removeIf(until -> nanos - until >= 0);
    due.addAll(factsOwed);
    due.removeAll(quietUntil.keySet());
    due.addAll(unswept);
    List<Integer> turn = new ArrayList<>(due);
    int last = lastVisited;
    turn.sort(Comparator.comparing((Integer dealer) -> dealer <= last).thenComparing(id -> id));
    return turn;
  }

  private boolean visit(
      int dealer, List<Account> own, Supplier<Instant> clock, boolean sweep, Tally tally) {
    Tenant tenant;
    try {
      tenant = tenants.byId(dealer);
    } catch (NotFoundException unknown) {
      backlog.remove(dealer);
      quiet(dealer);
      return false;
    }
    List<Visit.Quota> quotas = quotas(dealer, own);
    boolean full = !own.isEmpty() && quotas.isEmpty();
    if (full && !sweep && !factsWait(tenant)) {
      return false; // its lanes signal when they have room
    }
    if (sweep) {
      warnOfMissing(tenant, own);
    }
    Long wakesBefore = wakes.get(dealer);
    // Read behind the count of wakes: what was woken for before is due by then, and seen.
    Visit.Result result = visitTransaction(tenant, quotas, clock.get(), sweep, own.size());
    failedVisits.remove(dealer);
    hand(dealer, result.ready());
    rules(tenant, result.trouble());
    alarms.raise(result.alarms());
    tally.claimed += result.claimed();
    result.changes().forEach(tally::count);
    if (result.claimed() >= MANY_CLAIMED) {
      backlog.add(dealer);
    } else if (!full) {
      backlog.remove(dealer);
    }
    if (result.noted() || sweep) {
      factsOwed.add(dealer);
    }
    int facts = facts(tenant, sweep || result.claimed() == 0);
    tally.inbound += facts;
    if (sweep) {
      chores.accept(tenant);
    }
    boolean worked = result.worked() || facts > 0;
    if (!worked) {
      quiet(dealer);
      if (!Objects.equals(wakesBefore, wakes.get(dealer))) {
        quietUntil.remove(dealer);
      }
    }
    return worked;
  }

  /** Whether there are facts to process, looked for now and then. */
  private boolean factsWait(Tenant tenant) {
    Long last = lookedForFacts.get(tenant.id());
    if (last != null && !longAgo(last)) {
      return false;
    }
    lookedForFacts.put(tenant.id(), System.nanoTime());
    return inbox.due(tenant);
  }

  /** Processes facts that a note may have spoken of, between claims now and then. */
  private int facts(Tenant tenant, boolean atOnce) {
    Long last = lookedForFacts.get(tenant.id());
    if (!factsOwed.contains(tenant.id()) || !(atOnce || last == null || longAgo(last))) {
      return 0;
    }
    lookedForFacts.put(tenant.id(), System.nanoTime());
    int processed = inbox.processDue(tenant);
    factsOwed.remove(tenant.id());
    return processed;
  }

  /** Whether the last time was so long ago that even a backlog makes way. */
  static boolean longAgo(long nanos) {
    return System.nanoTime() - nanos >= BREATH.toNanos();
  }

  /** Its messages come back after a while, so that visits between say nothing of the rule. */
  private void rules(Tenant tenant, @Nullable RuntimeException trouble) {
    Broken before = brokenRules.get(tenant.id());
    if (trouble != null) {
      int times = before == null ? 1 : before.times + 1;
      brokenRules.put(tenant.id(), new Broken(times, System.nanoTime()));
      troubled("rule", times, tenant.code(), trouble);
    } else if (before != null && System.nanoTime() - before.lastNanos > RULE_WELL.toNanos()) {
      brokenRules.remove(tenant.id());
    }
  }

  private record Broken(int times, long lastNanos) {}

  private Visit.Result visitTransaction(
      Tenant tenant, List<Visit.Quota> quotas, Instant businessNow, boolean sweep, int accounts) {
    boolean suspects = lanes.values().stream().noneMatch(Lane::suspects) && outcomes.noSuspects();
    return database.own(
        "take up messages",
        tx ->
            new Visit(tools.get(), tx, tenant, businessNow)
                .run(quotas, suspects, quotas.size() < accounts, sweep));
  }

  private void quiet(int dealer) {
    quietUntil.put(dealer, System.nanoTime() + settings.poll().toNanos());
  }

  private List<Visit.Quota> quotas(int dealer, List<Account> own) {
    List<Visit.Quota> open = new ArrayList<>();
    if (outcomes.tooMany()) {
      return open;
    }
    for (Account account : own) {
      int room = lane(dealer, account.key()).room(account);
      if (room > 0) {
        open.add(new Visit.Quota(account, room));
      }
    }
    int share = open.isEmpty() ? 0 : Math.max(1, MOST_A_VISIT / open.size());
    return open.stream()
        .map(quota -> new Visit.Quota(quota.account(), Math.min(share, quota.rows())))
        .toList();
  }

  private Lane lane(int dealer, String account) {
    return lanes.computeIfAbsent(new LaneKey(dealer, account), key -> new Lane(outcomes::came));
  }

  private void hand(int dealer, List<Visit.Ready> ready) {
    outcomes.claimed(ready);
    Map<String, List<Visit.Ready>> byAccount = new LinkedHashMap<>();
    for (Visit.Ready one : ready) {
      byAccount.computeIfAbsent(one.row().account(), key -> new ArrayList<>()).add(one);
    }
    byAccount.forEach((account, rows) -> lane(dealer, account).add(rows));
  }

  private void warnOfMissing(Tenant tenant, List<Account> own) {
    List<String> keys = own.stream().map(Account::key).toList();
    List<String> waiting =
        database.own(
            "look for accounts with messages",
            tx ->
                tx.query(
                        """
                        SELECT a.account FROM {account} a WHERE a.dealer_id = :dealer AND EXISTS (
                          SELECT 1 FROM {outbox} o WHERE o.dealer_id = :dealer AND o.phase = 'WAITING'
                            AND o.account = a.account)""")
                    .bind("dealer", tenant.id())
                    .mapTo(String.class)
                    .list());
    for (String account : waiting) {
      LaneKey key = new LaneKey(tenant.id(), account);
      if (keys.contains(account)) {
        missing.remove(key);
      } else if (missing.add(key)) {
        alarms.raise(
            new Alarm(
                Alarm.Kind.ACCOUNT_MISSING, tenant.code(), account, "", Reasons.accountMissing()));
      }
    }
  }

  private long remaining(Instant businessNow) {
    List<Integer> ids = List.copyOf(dealers().keySet());
    long remaining = 0;
    for (int from = 0; from < ids.size(); from += 500) {
      List<Integer> some = ids.subList(from, Math.min(ids.size(), from + 500));
      remaining +=
          database.own(
              "count what remains",
              tx ->
                  tx.query(
                          "SELECT COUNT(*) FROM {outbox} WHERE dealer_id IN (<dealers>) AND phase = 'WAITING' AND due_ms <= :business")
                      .bindList("dealers", some)
                      .bind("business", businessNow.toEpochMilli())
                      .mapTo(Long.class)
                      .one());
    }
    return remaining;
  }
}
