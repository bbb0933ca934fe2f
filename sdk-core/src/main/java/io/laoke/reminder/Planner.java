package io.laoke.reminder;

import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.Races;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.order.OrderBook;
import io.laoke.order.ServicedOrder;
import io.laoke.reminder.TaskTable.Item;
import io.laoke.reminder.TaskTable.ItemState;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plans the services of orders' units. What is planned is a function of what is recorded: of the
 * order, of the dates that have come due, and of the rules. So it may be done again at any time, by
 * anybody, and then changes nothing; whoever does so holds the order's lock.
 */
final class Planner {
  private static final String ENGINE = "laoke";
  private static final String NO_STORE = "";

  private final OrderBook orders;
  private final CatalogBook catalog;
  private final Contacts contacts;
  private final Ids ids;
  private final Function<Tenant, ReminderSettings> settings;
  private final ParsedRules parsed = new ParsedRules();

  Planner(
      OrderBook orders,
      CatalogBook catalog,
      Contacts contacts,
      Ids ids,
      Function<Tenant, ReminderSettings> settings) {
    this.orders = orders;
    this.catalog = catalog;
    this.contacts = contacts;
    this.ids = ids;
    this.settings = settings;
  }

  /** The rules that are in force now. */
  ActiveRules rules(Tx tx, Tenant tenant) {
    return RuleTable.active(tx, tenant, catalog, parsed);
  }

  // ---- orders

  /** Plans orders anew, from all that is recorded of them; waits for those others have locked. */
  RuleEffect plan(
      Tx tx,
      Tenant tenant,
      ActiveRules rules,
      Collection<Long> orderIds,
      LocalDate today,
      Instant now) {
    List<ServicedOrder> found = orders.serviced(tx, tenant, orderIds, rules, now);
    return plan(tx, tenant, rules, found, Optional.empty(), today, now);
  }

  /**
   * Locks all that planning orders would, in its order: the orders, the reminders of their units,
   * and the tasks in which they have been, with one more.
   */
  void lock(
      Tx tx,
      Tenant tenant,
      ActiveRules rules,
      Collection<Long> orderIds,
      long taskId,
      Instant now) {
    List<Long> units = units(orders.serviced(tx, tenant, orderIds, rules, now));
    ReminderTable.ofUnits(tx, tenant, units, true);
    Set<Long> tasks = new HashSet<>(Set.of(taskId));
    TaskTable.itemsOf(tx, tenant, units).forEach(item -> tasks.add(item.taskId()));
    TaskTable.lock(tx, tenant, tasks);
  }

  /**
   * What was planned.
   *
   * @param locked ids of the orders that were passed over
   */
  record Planned(RuleEffect effect, List<Long> locked) {}

  /** The same without orders that others have locked: a host may hold one for long. */
  Planned planUnlessLocked(
      Tx tx,
      Tenant tenant,
      ActiveRules rules,
      Collection<Long> orderIds,
      LocalDate today,
      Instant now) {
    return planUnlessLocked(tx, tenant, rules, orderIds, Optional.empty(), today, now);
  }

  /**
   * The same of one kind of service alone, as a rule of it has changed; what has come due before is
   * no matter of rules.
   */
  Planned planKindUnlessLocked(
      Tx tx,
      Tenant tenant,
      ActiveRules rules,
      Collection<Long> orderIds,
      String kind,
      LocalDate today,
      Instant now) {
    return planUnlessLocked(
        tx, tenant, rules.ofKind(kind), orderIds, Optional.of(kind), today, now);
  }

  private Planned planUnlessLocked(
      Tx tx,
      Tenant tenant,
      ActiveRules rules,
      Collection<Long> orderIds,
      Optional<String> kind,
      LocalDate today,
      Instant now) {
    OrderBook.Free free = orders.servicedUnlessLocked(tx, tenant, orderIds, rules, now);
    return new Planned(plan(tx, tenant, rules, free.orders(), kind, today, now), free.locked());
  }

  /** Has orders planned anew later. */
  void planLater(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    ReminderTable.todo(tx, tenant, orderIds, ids::next);
  }

  /**
   * Plans orders that are locked.
   *
   * @param kind that alone; empty for all, and for what came due, too
   */
  private RuleEffect plan(
      Tx tx,
      Tenant tenant,
      ActiveRules rules,
      List<ServicedOrder> found,
      Optional<String> kind,
      LocalDate today,
      Instant now) {
    List<Long> units = units(found);
    if (units.isEmpty()) {
      return RuleEffect.NONE;
    }
    Map<ReminderRow.Key, ReminderRow> stored = ReminderTable.ofUnits(tx, tenant, units, kind, true);
    Map<Long, List<Item>> items = byUnit(TaskTable.itemsOf(tx, tenant, units, kind));
    Map<ReminderRow.Key, ReminderRow> planned = new TreeMap<>(KEYS);
    for (ServicedOrder order : found) {
      for (ServicedOrder.Unit unit : order.units()) {
        reminders(tenant, rules, order, unit, items.getOrDefault(unit.id(), List.of()))
            .forEach(row -> planned.put(row.key(), row));
      }
    }
    RuleEffect effect = write(tx, tenant, stored, planned, today, true);
    if (!items.isEmpty() && kind.isEmpty()) {
      settleItems(tx, tenant, found, items, today, now);
    }
    return effect;
  }

  private static final Comparator<ReminderRow.Key> KEYS =
      Comparator.comparingLong(ReminderRow.Key::unitId).thenComparing(ReminderRow.Key::kind);

  private static List<Long> units(List<ServicedOrder> orders) {
    return orders.stream()
        .flatMap(order -> order.units().stream())
        .map(ServicedOrder.Unit::id)
        .filter(id -> id != 0)
        .toList();
  }

  static Map<Long, List<Item>> byUnit(List<Item> items) {
    Map<Long, List<Item>> byUnit = new HashMap<>();
    items.forEach(
        item -> byUnit.computeIfAbsent(item.unitId(), unit -> new ArrayList<>()).add(item));
    return byUnit;
  }

  /** The reminders of a unit, as far as nothing was put off. */
  static List<ReminderRow> reminders(
      Tenant tenant,
      ActiveRules rules,
      ServicedOrder order,
      ServicedOrder.Unit unit,
      List<Item> items) {
    if (!unit.living()) {
      return List.of();
    }
    List<ReminderRow> all = new ArrayList<>();
    rules
        .best(unit.category(), unit.model().orElse(null), unit.brand().orElse(null))
        .forEach(
            (kind, rule) -> {
              ReminderRow.Days days =
                  days(
                      tenant,
                      unit,
                      kind,
                      items.stream().filter(item -> item.kind().equals(kind)).toList());
              all.add(
                  new ReminderRow(of(order, unit), kind, days, ReminderRow.planned(rule, days)));
            });
    return all;
  }

  private static ReminderRow.Unit of(ServicedOrder order, ServicedOrder.Unit unit) {
    return new ReminderRow.Unit(
        unit.id(),
        order.id(),
        unit.category(),
        unit.model().orElse(null),
        unit.brand().orElse(null),
        party(order),
        boxed(order.memberId()),
        boxed(order.placeId()),
        order.storeCode().orElse(null));
  }

  private static @Nullable Long boxed(OptionalLong value) {
    return value.isPresent() ? (Long) value.getAsLong() : null;
  }

  /** Whom an order's units concern: the same member, else the same household. */
  private static String party(ServicedOrder order) {
    if (order.memberId().isPresent()) {
      return party(order.memberId().getAsLong());
    }
    if (order.household().isPresent()) {
      return "H:" + order.household().get();
    }
    return order.placeId().isPresent() ? "P:" + order.placeId().getAsLong() : "O:" + order.id();
  }

  /** A member as those whom units concern. */
  static String party(long memberId) {
    return "M:" + memberId;
  }

  // ---- what is known of a unit

  /**
   * The days of a unit for a kind of service.
   *
   * <p>A unit that was replaced begins anew on that day, unless what is counted from was reported
   * later; what was done or told before was of the unit that is gone. A date that was told ahead of
   * its time, see {@link MovedClock}, and that a service came before, is as if it had never come.
   *
   * @param items the dates of this kind that came due
   */
  static ReminderRow.Days days(
      Tenant tenant, ServicedOrder.Unit unit, String kind, List<Item> items) {
    LocalDate replaced = unit.exchanged().map(tenant::dayOf).orElse(null);
    NavigableSet<LocalDate> done = new TreeSet<>();
    LocalDate serviced = null;
    for (ServicedOrder.Service service : unit.services()) {
      if (!of(unit, service)) {
        continue;
      }
      LocalDate day = tenant.dayOf(service.at());
      serviced = ReminderRow.later(serviced, day);
      if (service.kind().equals(kind)) {
        done.add(day);
      }
    }
    List<Item> own =
        items.stream()
            .filter(item -> of(item, replaced))
            .filter(item -> !takenBack(item, done))
            .sorted(TOLD)
            .toList();
    LocalDate delivered = unit.delivered().map(tenant::dayOf).orElse(replaced);
    return new ReminderRow.Days(
        since(delivered, replaced),
        since(unit.installed().map(tenant::dayOf).orElse(null), replaced),
        since(unit.completed().map(tenant::dayOf).orElse(null), replaced),
        serviced,
        done.isEmpty() ? null : done.last(),
        closed(done, own),
        own.stream()
            .map(item -> ReminderRow.later(item.due(), item.over()))
            .max(LocalDate::compareTo)
            .orElse(null),
        replaced);
  }

  private static @Nullable LocalDate since(@Nullable LocalDate day, @Nullable LocalDate replaced) {
    return day == null || replaced == null ? day : ReminderRow.later(replaced, day);
  }

  /**
   * Whether a date was that of the unit as it is now, not of one that it has replaced: if it was
   * counted from that day or a later one. Where that was not kept: not if it was before that day,
   * nor if it was told before, some days ahead, and was not counted from a service since.
   */
  static boolean of(Item item, @Nullable LocalDate replaced) {
    if (replaced == null) {
      return true;
    }
    if (item.from() != null) {
      return !item.from().isBefore(replaced);
    }
    boolean countedSince = item.since() != null && !item.since().isBefore(replaced);
    return !item.due().isBefore(replaced) && (!item.opened().isBefore(replaced) || countedSince);
  }

  /** In the order of the services before them, then of their days. */
  private static final Comparator<Item> TOLD =
      Comparator.comparing(Item::since, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(Item::due);

  /** Whether a date that was told ahead of its time is void: a service was done before it. */
  private static boolean takenBack(Item item, NavigableSet<LocalDate> done) {
    LocalDate before = item.ahead() ? done.lower(item.due()) : null;
    return before != null && after(before, item.since());
  }

  /** Whether a service was done to the unit as it is now. */
  static boolean of(ServicedOrder.Unit unit, ServicedOrder.Service service) {
    return unit.exchanged().isEmpty() || service.at().isAfter(unit.exchanged().get());
  }

  /** Services, and dates that came due and were not followed by one before the next came due. */
  private static int closed(NavigableSet<LocalDate> done, List<Item> items) {
    int closed = done.size();
    for (int i = 0; i < items.size(); i++) {
      LocalDate from = items.get(i).since();
      LocalDate to = i + 1 < items.size() ? items.get(i + 1).since() : LocalDate.MAX;
      boolean followed =
          to != null && done.stream().anyMatch(day -> after(day, from) && !day.isAfter(to));
      closed += followed ? 0 : 1;
    }
    return closed;
  }

  static boolean after(LocalDate day, @Nullable LocalDate other) {
    return other == null || day.isAfter(other);
  }

  // ---- writing

  /**
   * Writes what differs.
   *
   * @param units whether the units themselves may differ, too
   */
  RuleEffect write(
      Tx tx,
      Tenant tenant,
      Map<ReminderRow.Key, ReminderRow> stored,
      Map<ReminderRow.Key, ReminderRow> planned,
      LocalDate today,
      boolean units) {
    Map<ReminderRow.Key, ReminderRow> placed = placed(tx, tenant, stored, planned, today);
    List<ReminderRow> added = new ArrayList<>();
    List<ReminderRow> changed = new ArrayList<>();
    RuleEffect effect = RuleEffect.NONE;
    for (ReminderRow row : placed.values()) {
      ReminderRow was = stored.get(row.key());
      if (was == null) {
        added.add(row);
      } else if (!was.equals(row)) {
        changed.add(row);
      }
      effect = effect.and(effect(was, row));
    }
    List<ReminderRow.Key> gone = new ArrayList<>();
    for (ReminderRow was : stored.values()) {
      if (!placed.containsKey(was.key())) {
        gone.add(was.key());
        effect = effect.and(effect(was, null));
      }
    }
    ReminderTable.insert(tx, tenant, added);
    if (units) {
      ReminderTable.update(tx, tenant, changed);
    } else {
      ReminderTable.updatePlans(tx, tenant, changed);
    }
    ReminderTable.delete(tx, tenant, gone);
    return effect;
  }

  static RuleEffect effect(@Nullable ReminderRow was, @Nullable ReminderRow now) {
    boolean before = was != null && was.isPlanned();
    boolean after = now != null && now.isPlanned();
    if (was != null && now != null && before && after) {
      boolean same =
          Objects.equals(was.planned().due(), now.planned().due())
              && Objects.equals(was.planned().contactDay(), now.planned().contactDay());
      return same ? RuleEffect.NONE : new RuleEffect(1, 0, 0);
    }
    return before ? new RuleEffect(0, 1, 0) : after ? new RuleEffect(0, 0, 1) : RuleEffect.NONE;
  }

  /**
   * With what is overdue already when it is planned, be it history or by a new rule, put on days
   * that are not full: else all of it would come due at once. Such a day stays.
   */
  private Map<ReminderRow.Key, ReminderRow> placed(
      Tx tx,
      Tenant tenant,
      Map<ReminderRow.Key, ReminderRow> stored,
      Map<ReminderRow.Key, ReminderRow> planned,
      LocalDate today) {
    Map<ReminderRow.Key, ReminderRow> placed = new TreeMap<>(KEYS);
    SortedMap<String, List<ReminderRow>> overdue = new TreeMap<>();
    for (ReminderRow row : planned.values()) {
      ReminderRow was = stored.get(row.key());
      LocalDate given = was == null ? null : was.planned().notBefore();
      ReminderRow kept = kept(row, given);
      placed.put(row.key(), kept);
      if (kept.equals(row) && row.due(today.minusDays(1)) && (was == null || !was.due(today))) {
        overdue
            .computeIfAbsent(
                Objects.requireNonNullElse(row.unit().storeCode(), NO_STORE),
                store -> new ArrayList<>())
            .add(row);
      }
    }
    overdue.forEach(
        (store, rows) -> {
          rows.sort(
              Comparator.comparing(
                      (ReminderRow row) -> Objects.requireNonNull(row.planned().contactDay()))
                  .thenComparing(ReminderRow::key, KEYS));
          List<LocalDate> days =
              ReminderTable.fill(
                  tx, tenant, store, today, rows.size(), settings.apply(tenant).overdueADay());
          for (int i = 0; i < rows.size(); i++) {
            ReminderRow row = rows.get(i);
            placed.put(row.key(), row.with(row.planned().notBefore(days.get(i))));
          }
        });
    return placed;
  }

  /** On the day that it was given, as long as it would come due before. */
  static ReminderRow kept(ReminderRow row, @Nullable LocalDate given) {
    LocalDate contact = row.planned().contactDay();
    return given == null || contact == null || !contact.isBefore(given)
        ? row
        : row.with(row.planned().notBefore(given));
  }

  // ---- dates that came due

  /** Has tasks follow what is recorded: services end them, and they go with their units. */
  private void settleItems(
      Tx tx,
      Tenant tenant,
      List<ServicedOrder> found,
      Map<Long, List<Item>> items,
      LocalDate today,
      Instant now) {
    Set<Long> involved = new HashSet<>();
    items.values().forEach(some -> some.forEach(item -> involved.add(item.taskId())));
    Map<Long, TaskTable.Task> tasks = TaskTable.lock(tx, tenant, involved);
    Attribution attribution = new Attribution(tenant, settings.apply(tenant).attributedDays());
    List<Item> changed = new ArrayList<>();
    Map<String, List<Item>> moving = new TreeMap<>();
    Map<String, ReminderRow.Unit> movers = new HashMap<>();
    Set<Long> touched = new TreeSet<>();
    Map<Long, Optional<LocalDate>> reminded = new HashMap<>();
    for (ServicedOrder order : found) {
      String party = party(order);
      Attribution.OfOrder came = attribution.ofOrder();
      for (ServicedOrder.Unit unit : order.units()) {
        for (Item item : came.of(unit, items.getOrDefault(unit.id(), List.of()), tasks)) {
          ItemState state = state(tenant, unit, item);
          TaskTable.Task task = tasks.get(item.taskId());
          boolean begun = task != null && task.state().begun();
          boolean dropped = task != null && task.state().dropped();
          if (state == ItemState.OPEN && dropped) {
            state = item.state(); // staff have dropped it, be it a moment ago
          }
          // Not only another's: one that waits again belongs to what its party's next dates join.
          if (state == ItemState.OPEN
              && !begun
              && !dropped
              && (task == null || !party.equals(task.openParty()))) {
            moving.computeIfAbsent(party, same -> new ArrayList<>()).add(item);
            movers.put(party, of(order, unit));
            touched.add(item.taskId());
          } else if (state != item.state()) {
            changed.add(item.in(state, item.taskId()));
            touched.add(item.taskId());
          } else if (came.differs(item)) {
            changed.add(item);
          }
        }
      }
      reminded.putAll(came.reminded(order));
    }
    orders.reminded(tx, tenant, reminded);
    if (touched.isEmpty()) {
      TaskTable.updateItems(tx, tenant, changed);
      begun(tx, tenant, tasks.values(), now);
      return;
    }
    Map<Long, ReminderRow.Unit> reopened = new TreeMap<>();
    Map<Long, Map<Long, Optional<Long>>> went = new TreeMap<>();
    move(tx, tenant, tasks, moving, movers, reopened, went, today, now)
        .forEach(
            item -> {
              changed.add(item);
              touched.add(item.taskId());
            });
    TaskTable.updateItems(tx, tenant, changed);
    begun(tx, tenant, tasks.values(), now);
    settle(tx, tenant, tasks, touched, reopened, went, now);
  }

  /**
   * Tasks that staff have begun with keep their dates, whomever units go to; once none concerns
   * their party any more, they are for whom the first one concerns.
   */
  private void begun(Tx tx, Tenant tenant, Collection<TaskTable.Task> tasks, Instant now) {
    List<TaskTable.Task> begun = tasks.stream().filter(task -> task.state().begun()).toList();
    if (begun.isEmpty()) {
      return;
    }
    Map<Long, NavigableSet<Long>> open =
        TaskTable.openUnits(tx, tenant, begun.stream().map(TaskTable.Task::id).toList());
    Map<Long, List<ReminderRow.Unit>> units = new HashMap<>();
    ReminderTable.ofUnits(
            tx, tenant, open.values().stream().flatMap(NavigableSet::stream).toList(), false)
        .values()
        .stream()
        .map(ReminderRow::unit)
        .forEach(unit -> units.computeIfAbsent(unit.id(), id -> new ArrayList<>()).add(unit));
    Map<Long, ReminderRow.Unit> others = new TreeMap<>();
    for (TaskTable.Task task : begun) {
      List<ReminderRow.Unit> of =
          open.getOrDefault(task.id(), Collections.emptyNavigableSet()).stream()
              .flatMap(id -> units.getOrDefault(id, List.of()).stream())
              .toList();
      if (!of.isEmpty() && of.stream().noneMatch(one -> one.party().equals(task.party()))) {
        if (contacts.concerns(tx, tenant, task, of.get(0).memberId())) {
          contacts.byStaff(tx, tenant, List.of(task.id()), now);
        }
        others.put(task.id(), of.get(0));
      }
    }
    TaskTable.concern(tx, tenant, others, now);
  }

  private static ItemState state(Tenant tenant, ServicedOrder.Unit unit, Item item) {
    if (item.state() == ItemState.DROPPED) {
      return ItemState.DROPPED; // staff's word; what follows has dates of its own
    }
    LocalDate replaced = unit.exchanged().map(tenant::dayOf).orElse(null);
    if (!unit.living()) {
      return item.state() == ItemState.DONE ? ItemState.DONE : ItemState.GONE;
    }
    boolean own = of(item, replaced);
    // What was done stays so, even if it turns out that the unit had been replaced in between.
    boolean done =
        unit.services().stream()
            .filter(service -> service.kind().equals(item.kind()))
            .filter(service -> after(tenant.dayOf(service.at()), item.since()))
            .anyMatch(service -> item.state() == ItemState.DONE || of(unit, service) == own);
    return done ? ItemState.DONE : own ? ItemState.OPEN : ItemState.GONE;
  }

  /**
   * To tasks that are their party's: the one that is open, else one of those in which they have
   * been and that has ended, else a new one. So there is no second one beside one that is open.
   *
   * @param reopened hears which of those that have ended are open again, and for whom
   * @param went hears from which tasks items went to which others, and whom these concern
   */
  private List<Item> move(
      Tx tx,
      Tenant tenant,
      Map<Long, TaskTable.Task> tasks,
      Map<String, List<Item>> moving,
      Map<String, ReminderRow.Unit> movers,
      Map<Long, ReminderRow.Unit> reopened,
      Map<Long, Map<Long, Optional<Long>>> went,
      LocalDate today,
      Instant now) {
    if (moving.isEmpty()) {
      return List.of();
    }
    Map<String, TaskTable.Task> open = TaskTable.open(tx, tenant, moving.keySet());
    Map<TaskTable.Task, LocalDate> joined = new HashMap<>();
    List<TaskTable.NewTask> made = new ArrayList<>();
    List<Item> moved = new ArrayList<>();
    moving.forEach(
        (party, some) -> {
          TaskTable.Task there = open.get(party);
          LocalDate due = some.stream().map(Item::due).min(LocalDate::compareTo).orElse(today);
          Long task = there == null ? null : (Long) there.id();
          if (there != null) {
            joined.put(there, due);
          } else {
            task = ended(tasks, some, reopened.keySet());
            if (task != null) {
              reopened.put(task, Objects.requireNonNull(movers.get(party)));
            }
          }
          if (task == null) {
            task = ids.next();
            made.add(new TaskTable.NewTask(task, Objects.requireNonNull(movers.get(party)), due));
          }
          Long member = Objects.requireNonNull(movers.get(party)).memberId();
          for (Item item : some) {
            moved.add(item.in(ItemState.OPEN, task));
            if (item.taskId() != task) {
              went.computeIfAbsent(item.taskId(), from -> new TreeMap<>())
                  .put(task, Optional.ofNullable(member));
            }
          }
        });
    TaskTable.insert(tx, tenant, made, today, now);
    Set<Long> toCall = TaskTable.awake(tx, tenant, joined.keySet(), today);
    made.forEach(task -> toCall.add(task.id()));
    contacts.byStaff(tx, tenant, toCall, now);
    TaskTable.dueBy(tx, tenant, joined);
    return moved;
  }

  /** The first task of items that has ended by itself, and that is not open again. */
  private static @Nullable Long ended(
      Map<Long, TaskTable.Task> tasks, List<Item> items, Set<Long> reopened) {
    return items.stream()
        .map(item -> tasks.get(item.taskId()))
        .filter(task -> task != null && !task.state().live() && !task.state().dropped())
        .map(TaskTable.Task::id)
        .filter(id -> !reopened.contains(id))
        .min(Long::compareTo)
        .orElse(null);
  }

  private void settle(
      Tx tx,
      Tenant tenant,
      Map<Long, TaskTable.Task> tasks,
      Set<Long> touched,
      Map<Long, ReminderRow.Unit> reopened,
      Map<Long, Map<Long, Optional<Long>>> went,
      Instant now) {
    Map<Long, EnumMap<ItemState, Integer>> counts = TaskTable.counts(tx, tenant, touched);
    for (long id : touched) {
      TaskTable.Task task = tasks.get(id);
      if (task == null || task.state().dropped()) {
        continue; // it is open, and something has joined it; or it stays as staff have left it
      }
      EnumMap<ItemState, Integer> of = counts.getOrDefault(id, new EnumMap<>(ItemState.class));
      TaskState state =
          of.containsKey(ItemState.OPEN)
              ? (task.state().begun() ? task.state() : TaskState.OPEN)
              : of.containsKey(ItemState.DONE) ? TaskState.DONE : TaskState.CLOSED;
      if (reopened.containsKey(id)) {
        ReminderRow.Unit whose = Objects.requireNonNull(reopened.get(id));
        contacts.concerns(tx, tenant, task, whose.memberId());
        TaskTable.reopen(tx, tenant, id, whose, now);
        contacts.byStaff(tx, tenant, List.of(id), now);
      } else if (state != task.state()) {
        TaskTable.end(tx, tenant, id, state, now);
        contacts.follow(tx, tenant, task, went.getOrDefault(id, Map.of()), now);
      }
      if (state != task.state()) {
        TaskTable.audit(
            tx,
            tenant,
            ids.next(),
            new TaskTable.Happened(
                id,
                state == TaskState.OPEN
                    ? TaskEvent.Action.REOPENED
                    : state == TaskState.DONE ? TaskEvent.Action.DONE : TaskEvent.Action.CLOSED,
                ENGINE,
                task.state(),
                state,
                "",
                null),
            now);
      }
    }
  }

  // ---- reminders alone

  /** Plans reminders that are there and locked by the rules as they are now. */
  RuleEffect replan(
      Tx tx, Tenant tenant, ActiveRules rules, List<ReminderRow> rows, LocalDate today) {
    Map<ReminderRow.Key, ReminderRow> stored = new HashMap<>();
    Map<ReminderRow.Key, ReminderRow> planned = new HashMap<>();
    for (ReminderRow row : rows) {
      stored.put(row.key(), row);
      replanned(rules, row).ifPresent(fresh -> planned.put(fresh.key(), fresh));
    }
    return write(tx, tenant, stored, planned, today, false);
  }

  /** A reminder by the rules as they are now; empty if none covers it. */
  static Optional<ReminderRow> replanned(ActiveRules rules, ReminderRow row) {
    ReminderRow.Unit unit = row.unit();
    return Optional.ofNullable(
            rules.best(unit.category(), unit.model(), unit.brand()).get(row.kind()))
        .map(row::replanned);
  }

  // ---- a clock that was moved back

  /**
   * Takes dates that came due on days ahead for told on a day: what lies beyond that rule's lead
   * time was told ahead of its time.
   *
   * @param ahead items, their tasks locked
   */
  void toldOn(Tx tx, Tenant tenant, ActiveRules rules, List<Item> ahead, LocalDate today) {
    Map<ReminderRow.Key, ReminderRow> rows =
        ReminderTable.ofUnits(tx, tenant, ahead.stream().map(Item::unitId).toList(), false);
    Set<Long> orderIds = new HashSet<>();
    List<Item> told = new ArrayList<>();
    for (Item item : ahead) {
      ReminderRow row = rows.get(new ReminderRow.Key(item.unitId(), item.kind()));
      int lead = 0;
      if (row != null) {
        ReminderRow.Unit unit = row.unit();
        ActiveRules.Numbered rule =
            rules.best(unit.category(), unit.model(), unit.brand()).get(item.kind());
        lead = rule == null ? 0 : rule.rule().cycle().leadDays();
      }
      LocalDate over = today.plusDays(lead);
      if (over.isBefore(item.over())) {
        told.add(item.over(over));
        if (row != null) {
          orderIds.add(row.unit().orderId());
        }
      }
    }
    TaskTable.over(tx, tenant, told);
    planLater(tx, tenant, orderIds);
  }

  // ---- due dates

  /**
   * Has reminders that are there, due and locked come due: each date goes to the party's open task,
   * and the next one is planned.
   *
   * @param tellNow hears a party and how many of its dates come due here; whether these are all, so
   *     that it may be told with them. Others are by the steps of ladders
   * @return how many came due
   */
  int comeDue(
      Tx tx,
      Tenant tenant,
      ActiveRules rules,
      List<ReminderRow> rows,
      BiPredicate<String, Integer> tellNow,
      LocalDate today,
      Instant now) {
    List<ReminderRow> stale = new ArrayList<>();
    SortedMap<String, List<ReminderRow>> byParty = new TreeMap<>();
    for (ReminderRow row : rows) {
      ReminderRow.Unit unit = row.unit();
      ActiveRules.Numbered rule =
          rules.best(unit.category(), unit.model(), unit.brand()).get(row.kind());
      if (row.by(rule)) {
        byParty.computeIfAbsent(unit.party(), party -> new ArrayList<>()).add(row);
      } else {
        stale.add(row); // a rule has changed: nobody is told by an old one
      }
    }
    if (!stale.isEmpty()) {
      replan(tx, tenant, rules, stale, today);
    }
    if (byParty.isEmpty()) {
      return 0;
    }
    Set<Long> made = new HashSet<>();
    Set<Long> woken = new HashSet<>();
    Map<String, Long> tasks = tasks(tx, tenant, byParty, made, woken, today, now);
    assign(tx, tenant, rules, byParty, tasks, made, now);
    Set<ReminderRow.Key> told = told(tx, tenant, byParty.values());
    List<Item> items = new ArrayList<>();
    List<Item> again = new ArrayList<>();
    List<ReminderRow> next = new ArrayList<>();
    byParty.forEach(
        (party, some) -> {
          long task = Objects.requireNonNull(tasks.get(party));
          for (ReminderRow row : some) {
            Item item = item(rules, row, task, today);
            (told.contains(row.key()) ? again : items).add(item);
            next.add(after(rules, row, item));
          }
        });
    TaskTable.insertItems(tx, tenant, items);
    TaskTable.tellAgain(tx, tenant, again);
    if (!again.isEmpty()) {
      planLater(
          tx, tenant, ordersOf(byParty.values(), told)); // what came of it before, came of none
    }
    ReminderTable.updatePlans(tx, tenant, next);
    contacts.begin(
        tx,
        tenant,
        plans(rules, byParty, tasks),
        made,
        woken,
        atOnce(byParty, tasks, made, tellNow, items, again),
        rules::name,
        now);
    return next.size();
  }

  private static Set<Long> ordersOf(Collection<List<ReminderRow>> due, Set<ReminderRow.Key> told) {
    Set<Long> orderIds = new TreeSet<>();
    for (List<ReminderRow> rows : due) {
      for (ReminderRow row : rows) {
        if (told.contains(row.key())) {
          orderIds.add(row.unit().orderId());
        }
      }
    }
    return orderIds;
  }

  private static Contacts.AtOnce atOnce(
      Map<String, List<ReminderRow>> byParty,
      Map<String, Long> tasks,
      Set<Long> made,
      BiPredicate<String, Integer> tellNow,
      List<Item> items,
      List<Item> again) {
    Map<Long, ContactTable.Subject> subjects = new HashMap<>();
    byParty.forEach(
        (party, some) -> {
          long task = Objects.requireNonNull(tasks.get(party));
          if (made.contains(task) && tellNow.test(party, some.size())) {
            ReminderRow.Unit of = some.get(0).unit();
            subjects.put(
                task,
                new ContactTable.Subject(task, TaskState.OPEN, of.memberId(), of.storeCode()));
          }
        });
    return new Contacts.AtOnce(
        subjects,
        Stream.concat(items.stream(), again.stream())
            .filter(item -> subjects.containsKey(item.taskId()))
            .map(
                item ->
                    new ContactTable.Due(
                        item.taskId(), item.unitId(), item.kind(), item.due(), item.ruleCode()))
            .toList());
  }

  /** How each task is told: as the rule of its earliest date says. */
  private static Map<Long, ContactPlan> plans(
      ActiveRules rules, Map<String, List<ReminderRow>> byParty, Map<String, Long> tasks) {
    Map<Long, ContactPlan> plans = new HashMap<>();
    byParty.forEach(
        (party, some) -> {
          plans.put(Objects.requireNonNull(tasks.get(party)), first(rules, some).contact());
        });
    return plans;
  }

  /** The rule of the earliest date. */
  private static ReminderRule first(ActiveRules rules, List<ReminderRow> some) {
    ReminderRow first =
        some.stream()
            .min(
                Comparator.comparing(
                        (ReminderRow row) -> Objects.requireNonNull(row.planned().due()))
                    .thenComparing(row -> rule(rules, row).rule().code()))
            .orElseThrow();
    return rule(rules, first).rule();
  }

  /**
   * Puts new tasks on the lists of those who are to have them. Behind all inserts: who has a turn
   * waits for nobody any more.
   */
  private void assign(
      Tx tx,
      Tenant tenant,
      ActiveRules rules,
      SortedMap<String, List<ReminderRow>> byParty,
      Map<String, Long> tasks,
      Set<Long> made,
      Instant now) {
    List<Assigning.Wanted> wanted = new ArrayList<>();
    byParty.forEach(
        (party, some) -> {
          long task = Objects.requireNonNull(tasks.get(party));
          ReminderRule rule = first(rules, some);
          if (made.contains(task) && rule.assignee().by() != AssigneeRule.By.POOL) {
            wanted.add(new Assigning.Wanted(task, rule, some.get(0).unit()));
          }
        });
    Assigning.assign(tx, tenant, catalog, ids, wanted, now);
  }

  /**
   * Those whose very day was told of the unit that theirs has replaced, or ahead of its time and
   * before a service; others need not be looked for. Where it is not kept that a unit was replaced,
   * that was before it was.
   */
  private static Set<ReminderRow.Key> told(
      Tx tx, Tenant tenant, Collection<List<ReminderRow>> due) {
    Map<ReminderRow.Key, LocalDate> early = new HashMap<>();
    for (List<ReminderRow> rows : due) {
      for (ReminderRow row : rows) {
        LocalDate day = Objects.requireNonNull(row.planned().due());
        LocalDate since = row.days().delivered(); // a unit that was replaced always has it
        boolean again = row.days().replaced() != null || row.days().done() != null;
        if (again
            || (since != null && day.minusDays(ServiceCycle.MOST_LEAD_DAYS).isBefore(since))) {
          early.put(row.key(), day);
        }
      }
    }
    Set<ReminderRow.Key> told = new HashSet<>();
    TaskTable.itemsOf(tx, tenant, early.keySet().stream().map(ReminderRow.Key::unitId).toList())
        .forEach(
            item -> {
              ReminderRow.Key key = new ReminderRow.Key(item.unitId(), item.kind());
              if (item.due().equals(early.get(key))) {
                told.add(key);
              }
            });
    return told;
  }

  /**
   * The tasks that what is due joins, made where there is none: by far the most often.
   *
   * @param fresh hears which were made
   * @param woken hears which were put off until now
   */
  private Map<String, Long> tasks(
      Tx tx,
      Tenant tenant,
      SortedMap<String, List<ReminderRow>> byParty,
      Set<Long> fresh,
      Set<Long> woken,
      LocalDate today,
      Instant now) {
    boolean insertFirst = tx.dialect().insertsUnlessThere();
    Map<String, TaskTable.Task> there =
        insertFirst ? new HashMap<>() : TaskTable.open(tx, tenant, byParty.keySet());
    Map<String, TaskTable.NewTask> made = new TreeMap<>();
    Map<String, LocalDate> dues = new HashMap<>();
    byParty.forEach(
        (party, some) -> {
          LocalDate due =
              some.stream()
                  .map(row -> Objects.requireNonNull(row.planned().due()))
                  .min(LocalDate::compareTo)
                  .orElseThrow();
          dues.put(party, due);
          if (!there.containsKey(party)) {
            made.put(party, new TaskTable.NewTask(ids.next(), some.get(0).unit(), due));
          }
        });
    Map<String, Long> tasks = new HashMap<>();
    made.forEach((party, task) -> tasks.put(party, task.id()));
    if (insertFirst) {
      Set<Long> inserted = TaskTable.insertUnlessOpen(tx, tenant, made.values(), today, now);
      fresh.addAll(inserted);
      made.values().removeIf(task -> inserted.contains(task.id()));
      there.putAll(TaskTable.open(tx, tenant, made.keySet()));
      if (there.size() < made.size()) {
        throw Races.lost("reminder task"); // it was taken up in between
      }
    } else {
      TaskTable.insert(tx, tenant, made.values(), today, now);
      made.values().forEach(task -> fresh.add(task.id()));
    }
    Map<TaskTable.Task, LocalDate> joined = new HashMap<>();
    there.forEach(
        (party, task) -> {
          tasks.put(party, task.id());
          joined.put(task, Objects.requireNonNull(dues.get(party)));
        });
    woken.addAll(TaskTable.awake(tx, tenant, joined.keySet(), today));
    TaskTable.dueBy(tx, tenant, joined);
    return tasks;
  }

  private static ActiveRules.Numbered rule(ActiveRules rules, ReminderRow row) {
    ReminderRow.Unit unit = row.unit();
    return Objects.requireNonNull(
        rules.best(unit.category(), unit.model(), unit.brand()).get(row.kind()));
  }

  private static Item item(ActiveRules rules, ReminderRow row, long task, LocalDate today) {
    LocalDate due = Objects.requireNonNull(row.planned().due());
    // Whatever else was missed up to today is told with it.
    LocalDate told = today.plusDays(rule(rules, row).rule().cycle().leadDays());
    return new Item(
        row.unit().id(),
        row.kind(),
        due,
        task,
        today,
        ReminderRow.later(due, told),
        row.days().done(),
        row.planned().ruleCode(),
        row.planned().ruleVersion(),
        ItemState.OPEN,
        row.planned().from(),
        row.planned().basis(),
        row.planned().assumed(),
        null,
        null,
        null);
  }

  private static ReminderRow after(ActiveRules rules, ReminderRow row, Item item) {
    ReminderRow.Days days = row.days().over(item.over());
    return new ReminderRow(
        row.unit(), row.kind(), days, ReminderRow.planned(rule(rules, row), days));
  }
}
