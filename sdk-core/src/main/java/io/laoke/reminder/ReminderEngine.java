package io.laoke.reminder;

import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.internal.work.Worker;
import io.laoke.message.Tenants;
import io.laoke.order.OrderBook;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans what has changed, has reminders follow changed rules, and has them come due. Each step is
 * one transaction, which locks what it works at and passes over what others have locked: it is done
 * as a whole or not at all, wherever the process ends, by however many engines. No call leaves the
 * database meanwhile, so nothing has to be claimed beforehand.
 */
final class ReminderEngine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReminderEngine.class);
  private static final int ORDERS_AT_ONCE = 200;
  private static final int ORDERS_WINDOW = 500;
  private static final int REMINDERS_WINDOW = 5_000;
  private static final int DUE_AT_ONCE = 2_000;
  private static final int MOST_PASSED = 1_000;
  private static final int MOST_FAILURES = 3;
  private static final int BATCHES_A_VISIT = 10;
  private static final long FOLLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration LONGEST_JOIN = Duration.ofMinutes(1);

  /** One look finds all dealers that may have something to do. */
  private static final String LOOK =
      """
      SELECT d.dealer_id,
        (SELECT r.contact_day FROM {reminder} r
         WHERE r.dealer_id = d.dealer_id AND r.contact_day IS NOT NULL
         ORDER BY r.dealer_id, r.contact_day LIMIT 1) AS first_day,
        (SELECT t.id FROM {reminder_todo} t WHERE t.dealer_id = d.dealer_id
         ORDER BY t.dealer_id, t.id LIMIT 1) AS first_todo,
        (SELECT c.next_ms FROM {reminder_change} c
         WHERE c.dealer_id = d.dealer_id AND c.next_ms IS NOT NULL
         ORDER BY c.dealer_id, c.next_ms LIMIT 1) AS next_ms,
        %s AS tell_ms,
        %s AS digest_day,
        %s AS digest_ms,
        (SELECT s.next_ms FROM {reminder_contact} s
         WHERE s.dealer_id = d.dealer_id AND s.next_ms IS NOT NULL
         ORDER BY s.dealer_id, s.next_ms LIMIT 1) AS step_ms,
        %s AS now_ms
      FROM (SELECT DISTINCT dealer_id FROM {reminder_rule}) d""";

  private static final String FIRST_BOOKING =
      """
      (SELECT b.tell_ms FROM {reminder_task} b
       WHERE b.dealer_id = d.dealer_id AND b.tell_ms IS NOT NULL
       ORDER BY b.dealer_id, b.tell_ms LIMIT 1)""";

  private static final String DIGESTS_MADE =
      """
      (SELECT g.digest_day FROM {reminder_digest} g
       WHERE g.dealer_id = d.dealer_id AND g.staff = '')""";

  private static final String FIRST_DIGEST =
      """
      (SELECT g.tell_ms FROM {reminder_digest} g
       WHERE g.dealer_id = d.dealer_id AND g.tell_ms IS NOT NULL
       ORDER BY g.dealer_id, g.tell_ms LIMIT 1)""";

  private final Database database;
  private final Tenants tenants;
  private final OrderBook orders;
  private final BookingTeller bookings;
  private final DigestTeller digests;
  private final Expiry expiry;
  private final MovedClock moved;
  private final Planner planner;
  private final Contacts contacts;
  private final Clock business;
  private final SetAside setAside = new SetAside();
  private final SetAside untold = new SetAside();
  private final Map<List<Boolean>, String> lookFor = new ConcurrentHashMap<>();
  private final Worker worker =
      new Worker(
          "laoke-reminders",
          new Worker.Work() {
            @Override
            public boolean round() {
              return run(now(), SLICE_NANOS, due -> {});
            }

            @Override
            public Duration rest(int failures) {
              return POLL.multipliedBy(Math.max(1, Math.min(failures, 30)));
            }

            @Override
            public void failed(int failures, Throwable failure) {
              LOG.warn(
                  "laoke.reminders failed; nothing is lost or done twice, the next try is in {} s",
                  rest(failures).toSeconds(),
                  failure);
            }
          });

  ReminderEngine(
      Database database,
      Tenants tenants,
      OrderBook orders,
      BookingTeller bookings,
      DigestTeller digests,
      Expiry expiry,
      Planner planner,
      Contacts contacts,
      Clock business) {
    this.database = database;
    this.tenants = tenants;
    this.orders = orders;
    this.bookings = bookings;
    this.digests = digests;
    this.expiry = expiry;
    this.planner = planner;
    this.moved = new MovedClock(database, planner);
    this.contacts = contacts;
    this.business = business;
  }

  private Instant now() {
    return business.instant();
  }

  /** What a dealer may have to do. */
  private record Look(
      int dealer,
      @Nullable LocalDate firstDay,
      boolean todo,
      boolean change,
      boolean tell,
      @Nullable Long stepMs,
      @Nullable LocalDate digests,
      boolean digest) {}

  /**
   * Does what is due until nothing is or the time is over, dealers in turn.
   *
   * @param due told how many dates came due
   * @return whether something was done
   */
  boolean run(Instant now, long nanos, IntConsumer due) {
    long deadline = System.nanoTime() + nanos;
    boolean worked = false;
    RuntimeException failure = null;
    Set<Integer> idle = new HashSet<>();
    boolean more = true;
    while (more && !over(deadline)) {
      more = false;
      for (Look look : look()) {
        if (idle.contains(look.dealer()) || over(deadline)) {
          continue;
        }
        try {
          boolean did = visit(tenants.byId(look.dealer()), look, now, deadline, due);
          worked |= did;
          more |= did;
          if (!did) {
            idle.add(look.dealer());
          }
        } catch (NotFoundException unknown) {
          idle.add(look.dealer());
        } catch (RuntimeException failed) {
          idle.add(look.dealer()); // others go on all the same
          failure = failed;
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return worked;
  }

  private boolean over(long deadline) {
    return worker.ended() || System.nanoTime() - deadline >= 0;
  }

  /** A look; made once, since most of the time nothing is found. */
  private String lookFor(boolean booked, boolean digested) {
    return lookFor.computeIfAbsent(
        List.of(booked, digested),
        none ->
            LOOK.formatted(
                booked ? FIRST_BOOKING : "CAST(NULL AS DECIMAL)",
                DIGESTS_MADE,
                digested ? FIRST_DIGEST : "CAST(NULL AS DECIMAL)",
                database.dialect().machineMillis()));
  }

  private List<Look> look() {
    List<Look> looks = new ArrayList<>();
    database.ask(
        "look for reminders",
        lookFor(bookings.any(), digests.any()),
        row -> {
          Long next = ReminderTable.number(row, "next_ms");
          Long tell = ReminderTable.number(row, "tell_ms");
          Long digest = ReminderTable.number(row, "digest_ms");
          looks.add(
              new Look(
                  row.getInt("dealer_id"),
                  ReminderTable.day(row, "first_day"),
                  ReminderTable.number(row, "first_todo") != null,
                  next != null && next <= row.getLong("now_ms"),
                  tell != null && tell <= row.getLong("now_ms"),
                  ReminderTable.number(row, "step_ms"),
                  ReminderTable.day(row, "digest_day"),
                  digest != null && digest <= row.getLong("now_ms")));
        });
    return looks;
  }

  /**
   * A dealer's turn: what has changed first, so that nobody is told what is no longer so. What may
   * take long is not done to its end, so that it keeps nothing else waiting.
   */
  private boolean visit(Tenant tenant, Look look, Instant now, long deadline, IntConsumer heard) {
    LocalDate today = tenant.dayOf(now);
    boolean worked = moved.run(tenant, today);
    if (look.todo()) {
      Set<Long> but = setAside.of(tenant);
      for (int i = 0; i < BATCHES_A_VISIT && but.size() < MOST_PASSED && !over(deadline); i++) {
        Batch batch = plan(tenant, but, today, now, deadline);
        worked |= batch.planned() > 0;
        if (!batch.more()) {
          break;
        }
      }
    }
    if (look.tell() && !over(deadline)) {
      worked |= bookings.tell(tenant, today);
    }
    if (look.change() && !over(deadline)) {
      long soon = System.nanoTime() + FOLLOW_NANOS;
      worked |= follow(tenant, today, now, soon - deadline < 0 ? soon : deadline);
    }
    if (look.firstDay() != null && !look.firstDay().isAfter(today)) {
      Households households = new Households();
      for (int i = 0; i < BATCHES_A_VISIT && !over(deadline); i++) {
        Optional<Integer> due = comeDue(tenant, households, today, now);
        if (due.isEmpty()) {
          break;
        }
        heard.accept(due.get());
        worked = true;
      }
    }
    // What has just come due has begun ladders, which the look did not see.
    boolean steps = look.stepMs() != null && look.stepMs() <= now.toEpochMilli();
    for (int i = 0; (steps || worked) && i < BATCHES_A_VISIT && !over(deadline); i++) {
      if (!takeSteps(tenant, now, deadline)) {
        break;
      }
      worked = true;
    }
    worked |= !over(deadline) && expiry.run(tenant, today, now);
    // Once all else is done, so that they say how things are.
    return worked || (!over(deadline) && digests.run(tenant, look.digests(), look.digest(), now));
  }

  private boolean takeSteps(Tenant tenant, Instant now, long deadline) {
    Set<Long> but = untold.of(tenant);
    if (but.size() >= MOST_PASSED) {
      return false;
    }
    try {
      return database.own(
          "tell customers of services",
          tx -> {
            tx.byIndexes();
            ActiveRules rules = planner.rules(tx, tenant);
            return contacts.take(tx, tenant, but, rules::name, now) > 0;
          });
    } catch (RuntimeException failed) {
      return stepByStep(tenant, but, now, deadline, failed);
    }
  }

  /**
   * Takes each step by itself, so that one that cannot be taken keeps no other waiting; it is set
   * aside, and tried again later. Where none can be taken it is not their fault.
   */
  private boolean stepByStep(
      Tenant tenant, Set<Long> but, Instant now, long deadline, RuntimeException together) {
    List<Long> due = database.own("look for steps", tx -> contacts.due(tx, tenant, but, now));
    int taken = 0;
    int failures = 0;
    for (long id : due) {
      if (over(deadline)) {
        break;
      }
      try {
        taken +=
            database.own(
                "tell a customer of services",
                tx -> {
                  tx.byIndexes();
                  ActiveRules rules = planner.rules(tx, tenant);
                  return contacts.take(tx, tenant, id, rules::name, now);
                });
        untold.done(tenant, id);
      } catch (RuntimeException failed) {
        LOG.warn(
            "laoke.reminders.untold: step {} of telling a customer of dealer '{}' cannot be taken;"
                + " others go on, and it is tried again in {} s and after each start",
            id,
            tenant.code(),
            untold.failed(tenant, id).toSeconds(),
            failed);
        if (++failures == MOST_FAILURES && taken == 0) {
          break;
        }
      }
    }
    if (failures > 0 && taken == 0) {
      throw together;
    }
    return taken > 0;
  }

  // ---- orders that have changed

  /**
   * What came of some orders.
   *
   * @param more whether there may be others
   */
  private record Batch(int planned, boolean more) {}

  /**
   * Plans some orders.
   *
   * @param but ids of orders that are not to be looked at in this visit, to which what others have
   *     locked and what fails is added
   */
  private Batch plan(Tenant tenant, Set<Long> but, LocalDate today, Instant now, long deadline) {
    try {
      return database.own(
          "plan services of changed orders",
          tx -> {
            List<ReminderTable.Todo> todo = ReminderTable.todo(tx, tenant, ORDERS_AT_ONCE, but);
            return new Batch(planned(tx, tenant, todo, but, today, now), !todo.isEmpty());
          });
    } catch (RuntimeException failed) {
      return oneByOne(tenant, but, today, now, deadline, failed);
    }
  }

  private int planned(
      Tx tx,
      Tenant tenant,
      List<ReminderTable.Todo> todo,
      Set<Long> but,
      LocalDate today,
      Instant now) {
    if (todo.isEmpty()) {
      return 0;
    }
    tx.byIndexes();
    List<Long> locked =
        planner
            .planUnlessLocked(
                tx,
                tenant,
                planner.rules(tx, tenant),
                todo.stream().map(ReminderTable.Todo::orderId).distinct().toList(),
                today,
                now)
            .locked();
    but.addAll(locked);
    List<ReminderTable.Todo> done =
        todo.stream().filter(one -> !but.contains(one.orderId())).toList();
    ReminderTable.done(tx, tenant, done);
    done.forEach(one -> setAside.done(tenant, one.orderId()));
    return done.size();
  }

  /**
   * Plans each order by itself, so that one that cannot be planned keeps no other waiting; it is
   * set aside, and tried again later. Where none can be planned it is not the orders' fault.
   */
  private Batch oneByOne(
      Tenant tenant,
      Set<Long> but,
      LocalDate today,
      Instant now,
      long deadline,
      RuntimeException together) {
    List<Long> orderIds =
        database.own(
            "look for changed orders",
            tx ->
                ReminderTable.waiting(tx, tenant, ORDERS_AT_ONCE, but).stream()
                    .map(ReminderTable.Todo::orderId)
                    .distinct()
                    .toList());
    int planned = 0;
    int failures = 0;
    for (long id : orderIds) {
      if (over(deadline)) {
        break;
      }
      try {
        planned +=
            database.own(
                "plan services of a changed order",
                tx -> planned(tx, tenant, ReminderTable.todoOf(tx, tenant, id), but, today, now));
      } catch (RuntimeException failed) {
        but.add(id);
        LOG.warn(
            "laoke.reminders.unplanned: order {} of dealer '{}' cannot be planned; others go on,"
                + " and it is tried again in {} s and after each start",
            id,
            tenant.code(),
            setAside.failed(tenant, id).toSeconds(),
            failed);
        if (++failures == MOST_FAILURES && planned == 0) {
          throw together;
        }
      }
    }
    return new Batch(planned, true);
  }

  // ---- changed rules

  private boolean follow(Tenant tenant, LocalDate today, Instant now, long deadline) {
    Optional<RuleTable.Claim> taken =
        database.own("take up a changed rule", tx -> RuleTable.claim(tx, tenant));
    if (taken.isEmpty()) {
      return false;
    }
    RuleTable.Claim claim = taken.get();
    while (!over(deadline)) {
      Slice slice = slice(tenant, claim, today, now);
      if (slice.lost()) {
        return true; // the lease ended, and another goes on from there
      }
      claim = slice.claim();
      if (slice.end()) {
        RuleTable.Claim all = claim;
        database.own(
            "end a changed rule",
            tx -> {
              RuleTable.passed(tx, tenant, all, now);
              return true;
            });
        return true;
      }
    }
    RuleTable.Claim rest = claim;
    database.own(
        "put a changed rule down",
        tx -> {
          RuleTable.giveBack(tx, tenant, rest);
          return true;
        });
    return true;
  }

  private record Slice(RuleTable.Claim claim, boolean lost, boolean end) {}

  private Slice slice(Tenant tenant, RuleTable.Claim claim, LocalDate today, Instant now) {
    try {
      return database.own(
          "have reminders follow a changed rule",
          tx -> slice(tx, tenant, claim, Slicing.NOW, today, now));
    } catch (RuntimeException failed) {
      LOG.warn(
          "laoke.reminders.slice: some orders could not follow a changed rule of dealer '{}'"
              + " together; they are planned one by one",
          tenant.code(),
          failed);
      return database.own(
          "leave orders to be planned one by one",
          tx -> slice(tx, tenant, claim, Slicing.LATER, today, now));
    }
  }

  /** Whether orders are planned with the slice, or noted as changed, which holds up no other. */
  private enum Slicing {
    NOW,
    LATER
  }

  private Slice slice(
      Tx tx, Tenant tenant, RuleTable.Claim claim, Slicing slicing, LocalDate today, Instant now) {
    tx.byIndexes();
    RuleEffect effect = RuleEffect.NONE;
    int step = claim.step();
    long after = claim.afterId();
    boolean end = false;
    if (step == RuleTable.ORDERS) {
      OrderBook.OrdersOf some =
          orders.ordersOf(tx, tenant, claim.scope().category(), after, ORDERS_WINDOW);
      if (some.last() == after) {
        step = RuleTable.REMINDERS;
        after = 0;
      } else {
        after = some.last();
        boolean unnoted = claim.passes() == 1 && RuleTable.first(tx, tenant, claim);
        List<Long> wanted =
            claim.passes() == 0 || unnoted
                ? some.orderIds()
                : withoutReminders(tx, tenant, claim, some);
        Planner.Planned planned =
            slicing == Slicing.NOW
                ? planned(tx, tenant, claim, wanted, unnoted, today, now)
                : new Planner.Planned(RuleEffect.NONE, wanted);
        planner.planLater(tx, tenant, planned.locked());
        effect = planned.effect();
      }
    } else {
      Optional<Long> last = ReminderTable.window(tx, tenant, after, REMINDERS_WINDOW);
      if (last.isEmpty()) {
        end = true;
      } else {
        List<ReminderRow> rows =
            ReminderTable.concerned(tx, tenant, claim.scope(), after, last.get(), true);
        if (slicing == Slicing.NOW && !rows.isEmpty()) {
          effect = planner.replan(tx, tenant, planner.rules(tx, tenant), rows, today);
        } else {
          planner.planLater(
              tx, tenant, rows.stream().map(row -> row.unit().orderId()).distinct().toList());
        }
        after = last.get();
      }
    }
    Optional<RuleTable.Claim> kept = RuleTable.walked(tx, tenant, claim, step, after, effect);
    return new Slice(kept.orElse(claim), kept.isEmpty(), end);
  }

  /**
   * Plans orders of a changed rule's category.
   *
   * @param unnoted whether nobody may have noted that they changed otherwise, too
   */
  private Planner.Planned planned(
      Tx tx,
      Tenant tenant,
      RuleTable.Claim claim,
      List<Long> wanted,
      boolean unnoted,
      LocalDate today,
      Instant now) {
    ActiveRules rules = planner.rules(tx, tenant);
    return unnoted
        ? planner.planUnlessLocked(tx, tenant, rules, wanted, today, now)
        : planner.planKindUnlessLocked(tx, tenant, rules, wanted, claim.scope().kind(), today, now);
  }

  /** Those of which nothing was planned: most were, the first time. */
  private static List<Long> withoutReminders(
      Tx tx, Tenant tenant, RuleTable.Claim claim, OrderBook.OrdersOf some) {
    Set<Long> with = ReminderTable.ordersWith(tx, tenant, claim.scope().kind(), some.orderIds());
    List<Long> without = new ArrayList<>(some.orderIds());
    without.removeAll(with);
    return without;
  }

  // ---- due dates

  /** What a visit knows of those who are told. */
  private static final class Households {
    /** How many dates are due of those that have several, which may be met in several batches. */
    @Nullable Map<String, Integer> several;

    boolean tellNow = true;

    /** Whether orders that have changed fill what is looked at together, and are passed over. */
    boolean passOver;

    /** Whether these are all its dates; else it is told behind all batches, of all together. */
    boolean tellNow(String party, int dates) {
      return tellNow && several != null && several.getOrDefault(party, 1) == dates;
    }
  }

  /** Returns how many came due; empty if there is nothing to do. */
  private Optional<Integer> comeDue(
      Tenant tenant, Households households, LocalDate today, Instant now) {
    try {
      return dueTogether(tenant, households, today, now);
    } catch (RuntimeException failed) {
      if (!households.tellNow) {
        throw failed;
      }
      households.tellNow = false;
      Optional<Integer> came = dueTogether(tenant, households, today, now);
      LOG.warn(
          "laoke.reminders.tell: customers of dealer '{}' could not be told as their services came"
              + " due; staff see these, and telling is tried again by itself",
          tenant.code(),
          failed);
      return came;
    }
  }

  private Optional<Integer> dueTogether(
      Tenant tenant, Households households, LocalDate today, Instant now) {
    return database.own(
        "have reminders come due",
        tx -> {
          tx.byIndexes();
          List<ReminderRow> due = unchanged(tx, tenant, households, today);
          if (due.isEmpty()) {
            return Optional.empty();
          }
          if (households.several == null) {
            households.several =
                ReminderTable.several(tx, tenant, today, BATCHES_A_VISIT * DUE_AT_ONCE);
          }
          return Optional.of(
              planner.comeDue(
                  tx, tenant, planner.rules(tx, tenant), due, households::tellNow, today, now));
        });
  }

  /**
   * What is due of orders that have not just changed: nobody is told of those before they are
   * planned anew. Where they are most of what is looked at together, be it since they cannot be
   * planned, what is behind them is looked for; who has several dates is not counted up to there,
   * so all are told behind the batches.
   */
  private static List<ReminderRow> unchanged(
      Tx tx, Tenant tenant, Households households, LocalDate today) {
    if (!households.passOver) {
      List<ReminderRow> due = new ArrayList<>(ReminderTable.due(tx, tenant, today, DUE_AT_ONCE));
      boolean more = due.size() == DUE_AT_ONCE;
      withoutChanged(tx, tenant, due);
      if (!more || due.size() > DUE_AT_ONCE / 2) {
        return due;
      }
      households.passOver = true;
      households.tellNow = false;
    }
    List<ReminderRow> others =
        new ArrayList<>(ReminderTable.dueUnlessChanged(tx, tenant, today, DUE_AT_ONCE));
    withoutChanged(tx, tenant, others); // which may have changed by the time they were locked
    return others;
  }

  private static void withoutChanged(Tx tx, Tenant tenant, List<ReminderRow> due) {
    if (due.isEmpty()) {
      return;
    }
    Set<Long> changed =
        new HashSet<>(
            ReminderTable.changed(
                tx, tenant, due.stream().map(row -> row.unit().orderId()).distinct().toList()));
    due.removeIf(row -> changed.contains(row.unit().orderId()));
  }

  // ---- by itself

  /** There may be something to do. */
  void wake() {
    worker.wake();
  }

  /** Starts the thread. */
  void start() {
    worker.start();
  }

  /** Ends the thread after the step that it is at. */
  @Override
  public void close() {
    worker.close(LONGEST_JOIN);
  }
}
