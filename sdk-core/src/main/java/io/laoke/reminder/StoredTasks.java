package io.laoke.reminder;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.optionalText;
import static io.laoke.base.Check.range;

import io.laoke.base.Upserted;
import io.laoke.catalog.Keys;
import io.laoke.catalog.Races;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.order.OrderBook;
import io.laoke.order.Orders;
import io.laoke.order.UnitServiceReport;
import io.laoke.reminder.WorkTable.Dated;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link Tasks} over the tables. Locks orders, reminders of their units, and tasks, each by id. */
final class StoredTasks implements Tasks {
  private static final String HOST = "host";
  private static final String ENGINE = "laoke";
  private static final int LOOKED_AT = 32;
  private static final int LEFT_AT_ONCE = 100;
  private static final int EXPORTED_AT_ONCE = 500;
  private static final int NOTE = 200;
  private static final Duration SAME_CONTACT = Duration.ofMinutes(5);

  private final Database database;
  private final Tenant tenant;
  private final TakingStaff taking;
  private final OrderBook book;
  private final BiFunction<Database, Tenant, Orders> orders;
  private final Planner planner;
  private final Function<Tenant, ReminderSettings> settings;
  private final Ids ids;
  private final Clock clock;
  private final Runnable wake;

  StoredTasks(
      Database database,
      Tenant tenant,
      TakingStaff taking,
      OrderBook book,
      BiFunction<Database, Tenant, Orders> orders,
      Planner planner,
      Function<Tenant, ReminderSettings> settings,
      Ids ids,
      Clock clock,
      Runnable wake) {
    this.database = database;
    this.tenant = tenant;
    this.taking = taking;
    this.book = book;
    this.orders = orders;
    this.planner = planner;
    this.settings = settings;
    this.ids = ids;
    this.clock = clock;
    this.wake = wake;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private LocalDate today() {
    return tenant.dayOf(now());
  }

  private static String staff(String field, String code) {
    return Keys.line(field, code, 64);
  }

  // ---- lists

  @Override
  public TaskPage list(TaskQuery query, @Nullable String cursor, int limit) {
    notNull("query", query);
    range("limit", limit, 1, 500);
    return list(query, cursor, limit, (tx, page) -> page);
  }

  /** A page, of which more is read in the same transaction. */
  private <T> T list(
      TaskQuery query, @Nullable String cursor, int limit, BiFunction<Tx, TaskPage, T> then) {
    WorkTable.After after = cursor == null ? null : WorkTable.After.of(cursor);
    Instant now = now();
    LocalDate today = tenant.dayOf(now);
    return database.view(
        "read a page of tasks",
        tx -> {
          byIndexes(tx);
          List<TaskRow> rows = WorkTable.page(tx, tenant, query, now, after, limit + 1);
          boolean more = rows.size() > limit;
          List<TaskRow> some = more ? rows.subList(0, limit) : rows;
          Optional<String> next =
              more
                  ? Optional.of(
                      new WorkTable.After(some.get(limit - 1).due, some.get(limit - 1).id)
                          .toString())
                  : Optional.empty();
          return then.apply(tx, new TaskPage(WorkTable.shown(tx, tenant, some, today), next));
        });
  }

  /** A host plans its own queries. */
  private static void byIndexes(Tx tx) {
    if (tx.own()) {
      tx.byIndexes();
    }
  }

  @Override
  public Optional<Task> find(long taskId) {
    LocalDate today = today();
    return database.view(
        "read task " + taskId,
        tx -> WorkTable.find(tx, tenant, taskId).map(row -> shown(tx, row, today)));
  }

  private Task shown(Tx tx, TaskRow row, LocalDate today) {
    return WorkTable.shown(tx, tenant, List.of(row), today).get(0);
  }

  @Override
  public List<TaskEvent> history(long taskId) {
    return database.read(
        "read the history of task " + taskId, tx -> WorkTable.history(tx, tenant, taskId));
  }

  @Override
  public long exportCsv(TaskQuery query, Appendable to) throws IOException {
    notNull("query", query);
    notNull("to", to);
    TaskCsv.heading(to);
    long count = 0;
    String cursor = null;
    do {
      Exported some = list(query, cursor, EXPORTED_AT_ONCE, this::exported);
      for (Task task : some.page().tasks()) {
        TaskCsv.lines(to, task, some.steps().getOrDefault(task.id(), List.of()), tenant.zone());
        count++;
      }
      cursor = some.page().next().orElse(null);
    } while (cursor != null);
    return count;
  }

  /** A page with the steps that were taken about its tasks. */
  private record Exported(TaskPage page, Map<Long, List<ReminderContact>> steps) {}

  private Exported exported(Tx tx, TaskPage page) {
    List<Long> ids = page.tasks().stream().map(Task::id).toList();
    return new Exported(page, ContactTable.ofTasks(tx, tenant, ids));
  }

  // ---- what all actions have in common

  /** Changes a locked task; returns whether something changed. */
  private interface Change {
    boolean of(Tx tx, TaskRow row);
  }

  private boolean change(String what, long taskId, Change change) {
    return database.write(
        what + " task " + taskId,
        tx -> change.of(tx, WorkTable.lock(tx, tenant, taskId).orElseThrow(() -> unknown(taskId))));
  }

  private NotFoundException unknown(long taskId) {
    return new NotFoundException(
        "Dealer '%s' has no task %d. Take the id from reminders().tasks().list(…)."
            .formatted(tenant.code(), taskId));
  }

  private static ConflictException refused(TaskRow row, String what, String why, String advice) {
    return new ConflictException(
        "Task %d cannot be %s: %s. %s".formatted(row.id, what, why, advice));
  }

  private static void mustLive(TaskRow row, String what) {
    if (!row.state.live()) {
      throw refused(
          row,
          what,
          "it has ended as " + row.state,
          "Nothing is left to do; record services that were done since with services().record.");
    }
  }

  /** Only whoever has a task acts on it. */
  private static void mustHave(TaskRow row, String staff, String what) {
    mustLive(row, what);
    if (row.assignee == null) {
      throw refused(row, what, "nobody has taken it up", "Claim it first with tasks().claim.");
    }
    if (!row.assignee.equals(staff)) {
      throw taken(row, what);
    }
    if (row.state == TaskState.OPEN) {
      throw refused(row, what, "it is OPEN", "Claim it first with tasks().claim.");
    }
  }

  private static ConflictException taken(TaskRow row, String what) {
    String until =
        row.leaseMs == null ? "" : " until " + Instant.ofEpochMilli(row.leaseMs) + " at least";
    return refused(
        row,
        what,
        "'%s' has it%s".formatted(row.assignee, until),
        "Take another, or have it given over with tasks().reassign.");
  }

  private static void mustNotBeBooked(TaskRow row, String what) {
    if (row.state == TaskState.BOOKED) {
      throw refused(
          row,
          what,
          "it is booked" + (row.workOrderNo == null ? "" : " as " + row.workOrderNo),
          "Cancel the booking first with tasks().cancelBooking.");
    }
  }

  private boolean write(
      Tx tx,
      TaskRow row,
      TaskState from,
      TaskEvent.Action action,
      String by,
      String detail,
      @Nullable String note,
      Instant now) {
    WorkTable.write(tx, tenant, row, now);
    TaskTable.audit(
        tx,
        tenant,
        ids.next(),
        new TaskTable.Happened(row.id, action, by, from, row.state, detail, note),
        now);
    return true;
  }

  // ---- who has it

  @Override
  public Task claim(long taskId, String staff) {
    String who = staff("staff", staff);
    Instant now = now();
    return database.write(
        "claim task " + taskId,
        tx -> {
          TaskRow row = WorkTable.lock(tx, tenant, taskId).orElseThrow(() -> unknown(taskId));
          mustLive(row, "claimed");
          boolean own = who.equals(row.assignee);
          if (!own || row.leaseMs != null || row.state == TaskState.OPEN) {
            taking.mustWork(tx, who);
            if (!own && !row.free()) {
              throw taken(row, "claimed");
            }
            claim(tx, row, who, now);
          }
          return shown(tx, row, tenant.dayOf(now));
        });
  }

  private void claim(Tx tx, TaskRow row, String who, Instant now) {
    TaskState from = row.state;
    boolean own = who.equals(row.assignee);
    boolean assigned = own && from == TaskState.OPEN; // by a rule, for good
    String before = row.assignee == null || own ? "" : "from " + row.assignee;
    row.assignee = who;
    if (row.state == TaskState.OPEN || row.state == TaskState.CLAIMED) {
      row.state = TaskState.CLAIMED;
      row.leaseMs = assigned ? null : row.readMs + settings.apply(tenant).claimedFor().toMillis();
    }
    write(
        tx,
        row,
        from,
        own && !assigned ? TaskEvent.Action.RENEWED : TaskEvent.Action.CLAIMED,
        who,
        before,
        null,
        now);
  }

  @Override
  public Optional<Task> claimNext(String staff, TaskQuery query) {
    String who = staff("staff", staff);
    TaskQuery wanted = notNull("query", query).anybodys();
    Instant now = now();
    LocalDate today = tenant.dayOf(now);
    return database.write(
        "claim the next task",
        tx -> {
          byIndexes(tx);
          taking.mustWork(tx, who);
          WorkTable.After after = null;
          while (true) {
            List<TaskRow> some = WorkTable.free(tx, tenant, wanted, now, after, LOOKED_AT);
            for (TaskRow seen : some) {
              Optional<TaskRow> row =
                  WorkTable.lockIfFree(tx, tenant, seen.id)
                      .filter(TaskRow::free)
                      .filter(one -> wanted.any().contains(one.state));
              if (row.isPresent()) {
                claim(tx, row.get(), who, now);
                return Optional.of(shown(tx, row.get(), today));
              }
            }
            if (some.size() < LOOKED_AT) {
              return Optional.empty();
            }
            TaskRow last = some.get(some.size() - 1);
            after = new WorkTable.After(last.due, last.id);
          }
        });
  }

  @Override
  public boolean release(long taskId, String staff) {
    String who = staff("staff", staff);
    Instant now = now();
    return database.write(
        "release task " + taskId,
        tx -> {
          Locked locked = lockWithOpen(tx, taskId);
          TaskRow row = locked.row();
          mustLive(row, "released");
          if (row.assignee == null) {
            return false;
          }
          if (!row.assignee.equals(who)) {
            throw taken(row, "released");
          }
          return toPool(tx, locked, who, now);
        });
  }

  /**
   * A task that is locked.
   *
   * @param open the id of another of its party that is open
   */
  private record Locked(TaskRow row, Optional<Long> open) {}

  /**
   * Locks a task that goes back to the pool and, if there is one, that which came due for its party
   * meanwhile, with the orders of what that is about.
   */
  private Locked lockWithOpen(Tx tx, long taskId) {
    TaskRow seen = WorkTable.find(tx, tenant, taskId).orElseThrow(() -> unknown(taskId));
    Optional<Long> open = other(tx, seen);
    if (open.isPresent()) {
      ordersOf(WorkTable.items(tx, tenant, List.of(open.get()), false))
          .forEach(order -> book.lock(tx, tenant, order));
      TaskTable.lock(tx, tenant, List.of(taskId, open.get()));
    }
    return new Locked(WorkTable.lock(tx, tenant, taskId).orElseThrow(() -> unknown(taskId)), open);
  }

  private Optional<Long> other(Tx tx, TaskRow row) {
    return row.party == null || row.state == TaskState.BOOKED || !row.state.begun()
        ? Optional.empty()
        : WorkTable.openOf(tx, tenant, row.party);
  }

  private static Set<Long> ordersOf(Collection<Dated> items) {
    Set<Long> orderIds = new TreeSet<>();
    items.forEach(item -> orderIds.add(item.orderId()));
    return orderIds;
  }

  /** What was booked keeps its slot; of all else, what came due meanwhile joins it. */
  private boolean toPool(Tx tx, Locked locked, String by, Instant now) {
    TaskRow row = locked.row();
    TaskState from = row.state;
    String had = Objects.requireNonNullElse(row.assignee, "");
    row.assignee = null;
    row.leaseMs = null;
    if (row.state != TaskState.BOOKED) {
      row.state = TaskState.OPEN;
    }
    List<Dated> own = WorkTable.items(tx, tenant, List.of(row.id), false);
    if (row.state == TaskState.OPEN) {
      locked.open().ifPresent(other -> join(tx, row, other, now));
    }
    write(
        tx,
        row,
        from,
        TaskEvent.Action.RELEASED,
        by,
        had.equals(by) ? "" : "from " + had,
        null,
        now);
    if (row.state == TaskState.OPEN) {
      planner.planLater(tx, tenant, ordersOf(own)); // some may have gone to another party
      tx.afterCommit(wake);
    }
    return true;
  }

  /** Has what is in an open task of the same party, which is locked, belong to this one. */
  private void join(Tx tx, TaskRow row, long openId, Instant now) {
    TaskRow open = WorkTable.lock(tx, tenant, openId).orElseThrow(() -> Races.lost("task"));
    if (open.state != TaskState.OPEN || !Objects.equals(open.party, row.party)) {
      throw Races.lost("task");
    }
    TaskState from = open.state;
    open.end(TaskState.CLOSED);
    write(tx, open, from, TaskEvent.Action.CLOSED, ENGINE, "joined " + row.id, null, now);
    WorkTable.join(tx, tenant, openId, row.id);
    row.due = open.due.isBefore(row.due) ? open.due : row.due;
    if (open.snoozed == null || (row.snoozed != null && open.snoozed.isBefore(row.snoozed))) {
      row.snoozed = open.snoozed; // what joins was not put off as long
    }
    TaskTable.audit(
        tx,
        tenant,
        ids.next(),
        new TaskTable.Happened(
            row.id,
            TaskEvent.Action.JOINED,
            ENGINE,
            row.state,
            row.state,
            Long.toString(openId),
            null),
        now);
  }

  @Override
  public boolean reassign(long taskId, @Nullable String from, String to, String by) {
    String had = from == null ? null : staff("from", from);
    String gets = staff("to", to);
    String who = staff("by", by);
    Instant now = now();
    return change(
        "reassign",
        taskId,
        (tx, row) -> {
          mustLive(row, "reassigned");
          if (gets.equals(row.assignee) && row.leaseMs == null) {
            return false;
          }
          taking.mustWork(tx, gets);
          if (!Objects.equals(row.assignee, had) && !gets.equals(row.assignee)) {
            throw row.assignee == null
                ? refused(
                    row,
                    "reassigned",
                    "'%s' does not have it any more".formatted(had),
                    "It is in the pool: leave from out.")
                : refused(
                    row,
                    "reassigned",
                    "'%s' has it".formatted(row.assignee),
                    "Look again who is to give it, and name them as from.");
          }
          return give(tx, row, gets, who, now);
        });
  }

  private boolean give(Tx tx, TaskRow row, String to, String by, Instant now) {
    TaskState from = row.state;
    boolean assigned = row.assignee != null;
    row.assignee = to;
    row.leaseMs = null;
    if (row.state == TaskState.OPEN && !assigned) {
      row.state = TaskState.CLAIMED;
    }
    return write(tx, row, from, TaskEvent.Action.REASSIGNED, by, "to " + to, null, now);
  }

  @Override
  public int leave(String staff, @Nullable String successor, String by) {
    String leaver = staff("staff", staff);
    String gets = successor == null ? null : staff("successor", successor);
    String who = staff("by", by);
    if (leaver.equals(gets)) {
      throw new InvalidInputException("successor", "must be somebody else than staff");
    }
    Instant now = now();
    int all = 0;
    int some;
    do {
      boolean first = all == 0;
      some =
          database.write(
              "give over the tasks of '" + leaver + "'",
              tx -> leave(tx, leaver, gets, who, first, now));
      all += some;
    } while (some > 0);
    return all;
  }

  private int leave(
      Tx tx, String leaver, @Nullable String successor, String by, boolean first, Instant now) {
    if (successor != null) {
      taking.mustWork(tx, successor);
    }
    List<Long> ids = WorkTable.of(tx, tenant, leaver, successor == null ? 1 : LEFT_AT_ONCE);
    if (first && ids.isEmpty()) {
      taking.mustBeKnown(tx, leaver);
    }
    int given = 0;
    for (long id : ids) {
      Locked locked =
          successor == null
              ? lockWithOpen(tx, id)
              : new Locked(
                  WorkTable.lock(tx, tenant, id).orElseThrow(() -> unknown(id)), Optional.empty());
      TaskRow row = locked.row();
      if (!row.state.live() || !leaver.equals(row.assignee)) {
        continue; // it ended, or went to another, beside us
      }
      if (successor == null) {
        toPool(tx, locked, by, now);
      } else {
        give(tx, row, successor, by, now);
      }
      given++;
    }
    return given;
  }

  // ---- what is done about it

  @Override
  public boolean contacted(
      long taskId,
      String staff,
      ContactChannel channel,
      ContactResult result,
      @Nullable String note) {
    String who = staff("staff", staff);
    notNull("channel", channel);
    notNull("result", result);
    String words = optionalText("note", note, NOTE);
    Instant now = now();
    return change(
        "note a contact of",
        taskId,
        (tx, row) -> {
          mustHave(row, who, "noted as contacted");
          TaskState from = row.state;
          boolean same =
              row.state != TaskState.CLAIMED
                  && channel.name().equals(row.channel)
                  && result.name().equals(row.result)
                  && row.contactMs != null
                  && Math.abs(now.toEpochMilli() - row.contactMs) < SAME_CONTACT.toMillis();
          if (same) {
            return false;
          }
          row.contactMs = now.toEpochMilli();
          row.channel = channel.name();
          row.result = result.name();
          if (result == ContactResult.REACHED || result == ContactResult.LATER) {
            row.reached = tenant.dayOf(now);
            row.reachedBy = channel.name();
          }
          row.state = from == TaskState.CLAIMED ? TaskState.CONTACTED : from;
          row.keep();
          return write(
              tx, row, from, TaskEvent.Action.CONTACTED, who, channel + " " + result, words, now);
        });
  }

  @Override
  public boolean snooze(long taskId, String staff, LocalDate until) {
    String who = staff("staff", staff);
    notNull("until", until);
    Instant now = now();
    LocalDate today = tenant.dayOf(now);
    if (!until.isAfter(today) || until.isAfter(today.plusYears(3))) {
      throw new InvalidInputException(
          "until",
          "must be after today, %s, and within three years; was %s".formatted(today, until));
    }
    return change(
        "put off",
        taskId,
        (tx, row) -> {
          mustHave(row, who, "put off");
          mustNotBeBooked(row, "put off");
          if (until.equals(row.snoozed)) {
            return false;
          }
          row.keep();
          row.snoozed = until;
          return write(
              tx, row, row.state, TaskEvent.Action.SNOOZED, who, "until " + until, null, now);
        });
  }

  @Override
  public boolean book(long taskId, String staff, Instant from, Instant to, @Nullable String note) {
    String who = staff("staff", staff);
    Task.Slot slot = Slots.of(from, to);
    String words = optionalText("note", note, NOTE);
    Instant now = now();
    return change(
        "book",
        taskId,
        (tx, row) -> {
          mustHave(row, who, "booked");
          TaskState before = row.state;
          if (before == TaskState.BOOKED && row.slot().equals(Optional.of(slot))) {
            return false;
          }
          Slots.mustBeNoted(tenant, slot, now);
          row.reached = tenant.dayOf(now);
          row.book(slot, row.reached);
          tx.afterCommit(wake);
          return write(
              tx,
              row,
              before,
              TaskEvent.Action.BOOKED,
              who,
              slot.from() + " to " + slot.to(),
              words,
              now);
        });
  }

  @Override
  public boolean workOrder(long taskId, String workOrderNo) {
    String number = key("workOrderNo", workOrderNo, 64);
    Instant now = now();
    return change(
        "note the work order of",
        taskId,
        (tx, row) -> {
          if (number.equals(row.workOrderNo)) {
            return false;
          }
          mustLive(row, "given a work order");
          if (row.state != TaskState.BOOKED) {
            throw refused(
                row,
                "given a work order",
                "it is " + row.state + ", not booked",
                "Book a slot first with tasks().book.");
          }
          WorkTable.byWorkOrder(tx, tenant, number)
              .ifPresent(
                  other -> {
                    throw refused(
                        row,
                        "given work order '" + number + "'",
                        "that is task " + other + "'s",
                        "Give each booked task a work order of its own.");
                  });
          row.workOrderNo = number;
          return write(tx, row, row.state, TaskEvent.Action.WORK_ORDER, HOST, number, null, now);
        });
  }

  @Override
  public boolean cancelBooking(long taskId, String by, @Nullable String why) {
    return cancel(taskId, null, staff("by", by), why);
  }

  @Override
  public boolean cancelBooking(String workOrderNo, @Nullable String why) {
    String number = key("workOrderNo", workOrderNo, 64);
    return cancel(of(number), number, HOST, why);
  }

  private long of(String workOrderNo) {
    return database
        .read(
            "find work order '" + workOrderNo + "'",
            tx -> WorkTable.byWorkOrder(tx, tenant, workOrderNo))
        .orElseThrow(() -> unknown(workOrderNo));
  }

  private NotFoundException unknown(String workOrderNo) {
    return new NotFoundException(
        "Dealer '%s' has no task with work order '%s'. Give its number first with reminders().tasks().workOrder; a booking that was cancelled has lost it."
            .formatted(tenant.code(), workOrderNo));
  }

  private boolean cancel(
      long taskId, @Nullable String workOrderNo, String by, @Nullable String why) {
    String words = optionalText("why", why, NOTE);
    Instant now = now();
    return change(
        "cancel the booking of",
        taskId,
        (tx, row) -> {
          if (workOrderNo != null && !workOrderNo.equals(row.workOrderNo)) {
            throw unknown(workOrderNo);
          }
          mustLive(row, "taken off its slot");
          if (row.state != TaskState.BOOKED) {
            return false;
          }
          String was = Objects.requireNonNullElse(row.workOrderNo, "");
          row.state = TaskState.CONTACTED;
          row.slot(null);
          row.workOrderNo = null;
          row.tellMs = null;
          return write(
              tx, row, TaskState.BOOKED, TaskEvent.Action.BOOKING_CANCELLED, by, was, words, now);
        });
  }

  @Override
  public boolean refused(long taskId, String staff, @Nullable String why) {
    return drop(
        taskId, staff, TaskState.REFUSED, TaskEvent.Action.REFUSED, optionalText("why", why, NOTE));
  }

  @Override
  public boolean unreachable(long taskId, String staff) {
    return drop(taskId, staff, TaskState.UNREACHABLE, TaskEvent.Action.UNREACHABLE, null);
  }

  private boolean drop(
      long taskId, String staff, TaskState state, TaskEvent.Action action, @Nullable String why) {
    String who = staff("staff", staff);
    Instant now = now();
    return change(
        "end",
        taskId,
        (tx, row) -> {
          if (row.state == state) {
            return false;
          }
          String what = "ended as " + state;
          mustHave(row, who, what);
          mustNotBeBooked(row, what);
          TaskState from = row.state;
          row.end(state);
          if (state == TaskState.REFUSED) {
            row.reached = tenant.dayOf(now);
          }
          WorkTable.drop(tx, tenant, taskId);
          return write(tx, row, from, action, who, "", why, now);
        });
  }

  // ---- done

  @Override
  public boolean done(long taskId, String staff, ServiceDone done) {
    String who = staff("staff", staff);
    notNull("done", done);
    return done(taskId, null, who, done);
  }

  @Override
  public boolean done(String workOrderNo, ServiceDone done) {
    String number = key("workOrderNo", workOrderNo, 64);
    notNull("done", done);
    return done(of(number), number, HOST, done);
  }

  private boolean done(long taskId, @Nullable String workOrderNo, String who, ServiceDone done) {
    Instant now = now();
    return database.write(
        "note that the services of task " + taskId + " were done",
        tx -> {
          if (WorkTable.find(tx, tenant, taskId).isEmpty()) {
            throw unknown(taskId);
          }
          Set<Long> orderIds = ordersOf(WorkTable.items(tx, tenant, List.of(taskId), false));
          ActiveRules rules = planner.rules(tx, tenant);
          planner.lock(tx, tenant, rules, orderIds, taskId, now);
          TaskRow row = WorkTable.lock(tx, tenant, taskId).orElseThrow(() -> unknown(taskId));
          List<Dated> items = WorkTable.items(tx, tenant, List.of(taskId), true);
          if (!orderIds.containsAll(ordersOf(items))) {
            throw Races.lost("task"); // something joined it in between
          }
          if (workOrderNo != null && !workOrderNo.equals(row.workOrderNo)) {
            throw unknown(workOrderNo);
          }
          boolean changed = done(tx, row, items, workOrderNo == null, who, done, now);
          if (changed) {
            planner.plan(tx, tenant, rules, orderIds, tenant.dayOf(now), now);
            mustBeDone(tx, row, done);
          }
          return changed;
        });
  }

  private boolean done(
      Tx tx,
      TaskRow row,
      List<Dated> items,
      boolean byStaff,
      String who,
      ServiceDone done,
      Instant now) {
    List<Dated> meant = meant(row, items, done);
    meant.forEach(one -> mustBeThere(one, tenant.dayOf(done.doneAt())));
    boolean again =
        row.state == TaskState.DONE
            || (!meant.isEmpty()
                && meant.stream().allMatch(one -> one.item().state() == TaskItem.State.DONE));
    if (!again) {
      mustLive(row, "done");
      if (byStaff) {
        mustHave(row, who, "done");
      }
    }
    if (record(tx, row, meant, done)) {
      if (again) {
        throw refused(
            row,
            "done once more",
            "it was done already, but otherwise",
            "Correct what was recorded with services().record.");
      }
    } else if (again) {
      return false;
    }
    meant.forEach(item -> WorkTable.done(tx, tenant, item, done.doneAt().toEpochMilli()));
    TaskState from = row.state;
    boolean left =
        items.stream()
            .anyMatch(one -> one.item().state() == TaskItem.State.OPEN && !meant.contains(one));
    if (!left) {
      row.end(TaskState.DONE);
    } else if (from == TaskState.BOOKED) {
      row.state = TaskState.CONTACTED;
      row.slot(null);
      row.tellMs = null;
    }
    String detail =
        "%s%s".formatted(done.doneAt(), row.workOrderNo == null ? "" : " " + row.workOrderNo);
    return write(
        tx,
        row,
        from,
        left ? TaskEvent.Action.PARTLY_DONE : TaskEvent.Action.DONE,
        who,
        detail,
        null,
        now);
  }

  /** The dates that were done: all that are open, or those that are named. */
  private static List<Dated> meant(TaskRow row, List<Dated> items, ServiceDone done) {
    if (done.units().isEmpty()) {
      TaskItem.State state =
          row.state == TaskState.DONE ? TaskItem.State.DONE : TaskItem.State.OPEN;
      List<Dated> all = items.stream().filter(one -> one.item().state() == state).toList();
      List<Dated> noted =
          all.stream()
              .filter(one -> Objects.equals(one.doneMs(), done.doneAt().toEpochMilli()))
              .toList();
      return noted.isEmpty() ? all : noted;
    }
    List<Dated> meant = new ArrayList<>();
    for (ServiceDone.Unit unit : done.units()) {
      List<Dated> of = items.stream().filter(one -> unit(one).equals(unit)).toList();
      if (of.isEmpty()) {
        throw new InvalidInputException(
            "only",
            "must name services of task %d, was %s of unit %d of line '%s' of order '%s'"
                .formatted(row.id, unit.kind(), unit.unitNo(), unit.lineNo(), unit.orderNo()));
      }
      meant.addAll(of);
    }
    return meant.stream().distinct().toList();
  }

  private static ServiceDone.Unit unit(Dated one) {
    TaskItem item = one.item();
    return new ServiceDone.Unit(item.orderNo(), item.lineNo(), item.unitNo(), item.kind());
  }

  /**
   * Facts of an ERP may come in any order and be wrong for a while; a day that staff give may not.
   */
  private static void mustBeThere(Dated one, LocalDate day) {
    LocalDate from = one.from();
    Basis basis = one.basis();
    if (from != null
        && basis != null
        && basis != Basis.LAST_SERVICE
        && !one.assumed()
        && day.isBefore(from)) {
      throw new InvalidInputException(
          "doneAt",
          "must not be before %s, the day that unit %d of line '%s' of order '%s' was %s; was %s. Give the day on which it was really done, or correct the stage first with orders().advance"
              .formatted(
                  from,
                  one.item().unitNo(),
                  one.item().lineNo(),
                  one.item().orderNo(),
                  basis.english(),
                  day));
    }
  }

  /** Returns whether that changed what is recorded. */
  private boolean record(Tx tx, TaskRow row, List<Dated> meant, ServiceDone done) {
    Set<ServiceDone.Unit> units = new LinkedHashSet<>();
    meant.forEach(item -> units.add(unit(item)));
    Orders recorded = orders.apply(database.within(tx), tenant);
    boolean changed = false;
    int index = 0;
    for (ServiceDone.Unit unit : units) {
      Upserted outcome =
          recorded.recordService(
              unit.orderNo(),
              UnitServiceReport.of(unit.lineNo(), unit.kind(), done.doneAt())
                  .unit(unit.unitNo())
                  .paidFen(done.share(index++, units.size()))
                  .document(row.workOrderNo)
                  .technician(done.technician())
                  .note(done.note()));
      changed |= outcome != Upserted.UNCHANGED;
    }
    return changed;
  }

  /** What was recorded answers the dates. */
  private void mustBeDone(Tx tx, TaskRow row, ServiceDone done) {
    List<ServiceDone.Unit> open =
        WorkTable.items(tx, tenant, List.of(row.id), true).stream()
            .filter(one -> one.item().state() != TaskItem.State.DONE)
            .filter(one -> Objects.equals(one.doneMs(), done.doneAt().toEpochMilli()))
            .map(StoredTasks::unit)
            .toList();
    if (!open.isEmpty()) {
      ServiceDone.Unit unit = open.get(0);
      throw refused(
          row,
          "done",
          "%s of unit %d of line '%s' of order '%s' on %s does not follow the service before"
              .formatted(
                  unit.kind(),
                  unit.unitNo(),
                  unit.lineNo(),
                  unit.orderNo(),
                  tenant.dayOf(done.doneAt())),
          "Give the day on which it was really done; record past services with services().record.");
    }
  }
}
