package io.laoke.reminder;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.base.Upserted;
import io.laoke.catalog.Keys;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Decision;
import io.laoke.order.OrderBook;
import io.laoke.order.ServicedOrder;
import io.laoke.reminder.ActiveRules.Numbered;
import io.laoke.reminder.TaskTable.Item;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@link Reminders} over the tables. */
final class StoredReminders implements Reminders, ReminderRules {
  private static final int ORDERS_WINDOW = 500;
  private static final int REMINDERS_WINDOW = 10_000;

  private final Database database;
  private final Tenant tenant;
  private final OrderBook orders;
  private final Planner planner;
  private final Categories categories;
  private final TodoListener todo;
  private final Tasks tasks;
  private final Answers answers;
  private final DigestMessages digests;
  private final Ids ids;
  private final Clock clock;
  private final Runnable wake;

  /** The dealer's categories. */
  interface Categories {
    /** Marks one as serviced. */
    void mark(Database within, Tenant tenant, String category);

    /** Where one is now, which may have moved since a rule was made for it. */
    String now(Tx tx, Tenant tenant, String category);
  }

  StoredReminders(
      Database database,
      Tenant tenant,
      OrderBook orders,
      Planner planner,
      Categories categories,
      TodoListener todo,
      Tasks tasks,
      Answers answers,
      DigestMessages digests,
      Ids ids,
      Clock clock,
      Runnable wake) {
    this.database = database;
    this.tenant = tenant;
    this.orders = orders;
    this.planner = planner;
    this.categories = categories;
    this.todo = todo;
    this.tasks = tasks;
    this.answers = answers;
    this.digests = digests;
    this.ids = ids;
    this.clock = clock;
    this.wake = wake;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public ReminderRules rules() {
    return this;
  }

  @Override
  public Tasks tasks() {
    return tasks;
  }

  // ---- rules

  @Override
  public Upserted put(ReminderRule rule) {
    notNull("rule", rule);
    Instant now = now();
    return database.write("put reminder rule '" + rule.code() + "'", tx -> put(tx, rule, now));
  }

  private Upserted put(Tx tx, ReminderRule rule, Instant now) {
    RuleTable.lock(tx, tenant);
    Optional<RuleVersion> was = RuleTable.find(tx, tenant, rule.code());
    if (was.filter(one -> one.active() && one.rule().equals(rule)).isPresent()) {
      return Upserted.UNCHANGED;
    }
    categories.mark(database.within(tx), tenant, placed(tx, rule).category());
    change(
        tx,
        new RuleVersion(rule, was.map(RuleVersion::version).orElse(0) + 1, true, now),
        was.isEmpty(),
        was.isEmpty() || widens(tx, was.get(), rule));
    return was.isEmpty() ? Upserted.CREATED : Upserted.CHANGED;
  }

  private void change(Tx tx, RuleVersion rule, boolean first, boolean orders) {
    RuleTable.write(tx, tenant, rule, first);
    ReminderRule placed = placed(tx, rule.rule());
    RuleTable.follow(tx, tenant, ids.next(), placed, rule.version(), orders, rule.changedAt());
    todo.forget(tenant);
    tx.afterCommit(
        () -> {
          todo.forget(tenant);
          wake.run();
        });
  }

  /** A rule as of the path where its category is now. */
  private ReminderRule placed(Tx tx, ReminderRule rule) {
    String now = categories.now(tx, tenant, rule.category());
    return now.equals(rule.category()) ? rule : rule.movedTo(now);
  }

  /** Whether it may cover units that the rule did not cover before. */
  private boolean widens(Tx tx, RuleVersion was, ReminderRule rule) {
    ReminderRule before = placed(tx, was.rule());
    ReminderRule now = placed(tx, rule);
    boolean within =
        before.category().equals(now.category()) || Keys.below(now.category(), before.category());
    return !was.active()
        || !before.kind().equals(now.kind())
        || !within
        || before.model().filter(model -> !now.model().equals(Optional.of(model))).isPresent()
        || before.brand().filter(brand -> !now.brand().equals(Optional.of(brand))).isPresent();
  }

  @Override
  public List<RuleVersion> list() {
    return database.read("list reminder rules", tx -> RuleTable.all(tx, tenant));
  }

  @Override
  public Optional<RuleVersion> find(String code) {
    String checked = key("code", code, 64);
    return database.read(
        "read reminder rule '" + checked + "'", tx -> RuleTable.find(tx, tenant, checked));
  }

  @Override
  public boolean retire(String code) {
    String checked = key("code", code, 64);
    Instant now = now();
    return database.write(
        "retire reminder rule '" + checked + "'",
        tx -> {
          RuleTable.lock(tx, tenant);
          RuleVersion was =
              RuleTable.find(tx, tenant, checked)
                  .orElseThrow(
                      () ->
                          new NotFoundException(
                              "Dealer '%s' has no reminder rule '%s'. Take the code from reminders().rules().list()."
                                  .formatted(tenant.code(), checked)));
          if (!was.active()) {
            return false;
          }
          change(tx, new RuleVersion(was.rule(), was.version() + 1, false, now), false, false);
          return true;
        });
  }

  @Override
  public Optional<RuleProgress> progress(String code) {
    String checked = key("code", code, 64);
    return database.read(
        "read how far reminders have followed rule '" + checked + "'",
        tx -> RuleTable.progress(tx, tenant, checked));
  }

  // ---- dry run

  @Override
  public RuleEffect dryRun(ReminderRule given) {
    notNull("rule", given);
    Trial trial = database.read("read reminder rules", tx -> trial(tx, given));
    ActiveRules rules = trial.rules();
    ReminderRule rule = trial.rule();
    RuleEffect effect = RuleEffect.NONE;
    long after = 0;
    for (Walked walked = reminders(rules, rule, after);
        walked.last() != after;
        walked = reminders(rules, rule, after)) {
      effect = effect.and(walked.effect());
      after = walked.last();
    }
    if (!trial.widens()) {
      return effect;
    }
    after = 0;
    for (Walked walked = orders(rules, rule, after);
        walked.last() != after;
        walked = orders(rules, rule, after)) {
      effect = effect.and(walked.effect());
      after = walked.last();
    }
    return effect;
  }

  /**
   * What is tried.
   *
   * @param rule as of the path where its category is now
   */
  private record Trial(ReminderRule rule, ActiveRules rules, boolean widens) {}

  private Trial trial(Tx tx, ReminderRule given) {
    ReminderRule rule = placed(tx, given);
    // Of a category that has moved for where it was, too: lines follow later.
    ActiveRules rules =
        planner
            .rules(tx, tenant)
            .with(Stream.of(given, rule).distinct().map(one -> new Numbered(one, 0)).toList());
    Optional<RuleVersion> was = RuleTable.find(tx, tenant, given.code());
    return new Trial(rule, rules, was.isEmpty() || widens(tx, was.get(), given));
  }

  /** A host plans its own queries. */
  private static void byIndexes(Tx tx) {
    if (tx.own()) {
      tx.byIndexes();
    }
  }

  private record Walked(long last, RuleEffect effect) {}

  private Walked reminders(ActiveRules rules, ReminderRule rule, long after) {
    return database.read(
        "look at reminders that a rule concerns",
        tx -> {
          byIndexes(tx);
          Optional<Long> last = ReminderTable.window(tx, tenant, after, REMINDERS_WINDOW);
          if (last.isEmpty()) {
            return new Walked(after, RuleEffect.NONE);
          }
          RuleTable.Scope scope = new RuleTable.Scope(rule.code(), rule.kind(), rule.category());
          RuleEffect effect = RuleEffect.NONE;
          for (ReminderRow row :
              ReminderTable.concerned(tx, tenant, scope, after, last.get(), false)) {
            ReminderRow now =
                Planner.replanned(rules, row)
                    .map(fresh -> Planner.kept(fresh, row.planned().notBefore()))
                    .orElse(null);
            effect = effect.and(Planner.effect(row, now));
          }
          return new Walked(last.get(), effect);
        });
  }

  /** Units that have no reminder of the kind yet. */
  private Walked orders(ActiveRules rules, ReminderRule rule, long after) {
    return database.read(
        "look at orders that a rule concerns",
        tx -> {
          byIndexes(tx);
          OrderBook.OrdersOf some =
              orders.ordersOf(tx, tenant, rule.category(), after, ORDERS_WINDOW);
          RuleEffect effect = RuleEffect.NONE;
          for (ReminderRow row : computed(tx, rules, some.orderIds()).without()) {
            effect =
                row.kind().equals(rule.kind()) ? effect.and(Planner.effect(null, row)) : effect;
          }
          return new Walked(some.last(), effect);
        });
  }

  // ---- what is next

  /**
   * What rules make of orders.
   *
   * @param units the unit of each row
   */
  private record Computed(
      List<ServicedOrder.Unit> units,
      List<ReminderRow> rows,
      Map<ReminderRow.Key, ReminderRow> stored) {
    List<ReminderRow> without() {
      return rows.stream()
          .filter(row -> row.unit().id() == 0 || !stored.containsKey(row.key()))
          .toList();
    }
  }

  private Computed computed(Tx tx, ActiveRules rules, List<Long> orderIds) {
    List<ServicedOrder> found = orders.serviced(tx, tenant, orderIds, rules);
    Set<Long> unitIds = new TreeSet<>();
    found.forEach(order -> order.units().forEach(unit -> unitIds.add(unit.id())));
    unitIds.remove(0L);
    Map<Long, List<Item>> items = Planner.byUnit(TaskTable.itemsOf(tx, tenant, unitIds));
    List<ServicedOrder.Unit> units = new ArrayList<>();
    List<ReminderRow> rows = new ArrayList<>();
    for (ServicedOrder order : found) {
      for (ServicedOrder.Unit unit : order.units()) {
        for (ReminderRow row :
            Planner.reminders(
                tenant, rules, order, unit, items.getOrDefault(unit.id(), List.of()))) {
          units.add(unit);
          rows.add(row);
        }
      }
    }
    return new Computed(units, rows, ReminderTable.ofUnits(tx, tenant, unitIds, false));
  }

  @Override
  public List<UnitReminder> of(String orderNo) {
    String number = key("orderNo", orderNo, 64);
    return database.view("read the next services of order '" + number + "'", tx -> of(tx, number));
  }

  private List<UnitReminder> of(Tx tx, String orderNo) {
    Long id =
        Optional.ofNullable(orders.ids(tx, tenant, List.of(orderNo)).get(orderNo))
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "Dealer '%s' has no order '%s', so there is no service to come. Report it first with orders().upsert."
                            .formatted(tenant.code(), orderNo)));
    ActiveRules rules = planner.rules(tx, tenant);
    Computed computed = computed(tx, rules, List.of(id));
    List<UnitReminder> next = new ArrayList<>();
    for (int i = 0; i < computed.rows().size(); i++) {
      ReminderRow row = computed.rows().get(i);
      ServicedOrder.Unit unit = computed.units().get(i);
      ReminderRow stored = computed.stored().get(row.key());
      ReminderRow kept = Planner.kept(row, stored == null ? null : stored.planned().notBefore());
      Numbered rule =
          rules.best(row.unit().category(), row.unit().model(), row.unit().brand()).get(row.kind());
      if (rule != null) {
        next.add(
            new UnitReminder(
                unit.lineNo(),
                unit.unitNo(),
                row.kind(),
                rule.rule().code(),
                rule.rule().cycle().next(row.days().shown()),
                Optional.ofNullable(kept.planned().contactDay())));
      }
    }
    next.sort(
        Comparator.comparing(UnitReminder::lineNo)
            .thenComparing(UnitReminder::unitNo)
            .thenComparing(UnitReminder::kind));
    return next;
  }

  @Override
  public List<ReminderContact> contacts(long taskId) {
    return database.view(
        "read how a household was told", tx -> ContactTable.ofTask(tx, tenant, taskId));
  }

  @Override
  public DuePage due(DueQuery query, @Nullable String cursor, int limit) {
    notNull("query", query);
    range("limit", limit, 1, 500);
    DueTable.After after = cursor == null ? null : DueTable.After.of(cursor);
    return database.view(
        "read a page of services to come",
        tx -> {
          byIndexes(tx);
          List<DueTable.Found> found = DueTable.page(tx, tenant, query, after, limit + 1);
          boolean more = found.size() > limit;
          List<DueTable.Found> shown = more ? found.subList(0, limit) : found;
          return new DuePage(
              shown.stream().map(DueTable.Found::reminder).toList(),
              more ? Optional.of(shown.get(limit - 1).after().toString()) : Optional.empty());
        });
  }

  @Override
  public Map<String, Decision> digestMessages(LocalDate day) {
    if (notNull("day", day).getYear() < 1900 || day.getYear() > 2299) {
      throw new InvalidInputException("day", "must be in the years 1900 to 2299, was " + day);
    }
    return database.view(
        "look what became of the digests of a day",
        tx -> Collections.unmodifiableMap(digests.of(tx, tenant, day)));
  }

  @Override
  public Answers answers() {
    return answers;
  }

  @Override
  public Report report(ReportQuery query) {
    notNull("query", query);
    return database.view(
        "report what came of reminders",
        tx -> {
          byIndexes(tx);
          return ReportTable.report(tx, tenant, query);
        });
  }

  @Override
  public Forecast forecast(ForecastQuery query) {
    notNull("query", query);
    LocalDate today = tenant.dayOf(now());
    return database.view(
        "forecast services",
        tx -> {
          byIndexes(tx);
          return ForecastTable.forecast(tx, tenant, query, query.first(today));
        });
  }
}
