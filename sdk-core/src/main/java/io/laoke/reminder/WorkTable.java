package io.laoke.reminder;

import io.laoke.base.Phone;
import io.laoke.catalog.Chunks;
import io.laoke.catalog.Races;
import io.laoke.error.InvalidInputException;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.Consent;
import io.laoke.member.Unwanted;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The SQL of the work list. */
final class WorkTable {
  private static final Pattern CURSOR = Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)_(\\d{1,19})");
  private static final String ROW =
      """
      SELECT t.id, t.party, t.member_id, t.place_id, t.store_code, t.opened, t.state, t.due,
        t.assignee, t.lease_ms, t.snoozed, t.booked_from_ms, t.booked_to_ms, t.work_order_no,
        t.tell_ms, t.contact_ms, t.contact_channel, t.contact_result, t.reached,
        t.reached_by, t.booked, %s AS now_ms
      FROM {reminder_task} t""";

  private WorkTable() {}

  /** Behind which row a page begins. */
  record After(LocalDate due, long id) {
    /** Read from a page's {@code next}. */
    static After of(String cursor) {
      Matcher parts = CURSOR.matcher(cursor);
      try {
        if (parts.matches()) {
          return new After(LocalDate.parse(parts.group(1)), Long.parseLong(parts.group(2)));
        }
      } catch (DateTimeException | NumberFormatException none) {
        // Told below.
      }
      throw new InvalidInputException(
          "cursor", "must be TaskPage.next() of the page before, or null for the first page");
    }

    @Override
    public String toString() {
      return due + "_" + id;
    }
  }

  private static TaskRow row(ResultSet row) throws SQLException {
    TaskRow task =
        new TaskRow(
            row.getLong("id"),
            row.getString("party"),
            ReminderTable.number(row, "member_id"),
            ReminderTable.number(row, "place_id"),
            row.getString("store_code"),
            row.getObject("opened", LocalDate.class),
            row.getLong("now_ms"),
            TaskState.valueOf(row.getString("state")),
            row.getObject("due", LocalDate.class));
    task.assignee = row.getString("assignee");
    task.leaseMs = ReminderTable.number(row, "lease_ms");
    task.snoozed = ReminderTable.day(row, "snoozed");
    task.bookedFromMs = ReminderTable.number(row, "booked_from_ms");
    task.bookedToMs = ReminderTable.number(row, "booked_to_ms");
    task.workOrderNo = row.getString("work_order_no");
    task.tellMs = ReminderTable.number(row, "tell_ms");
    task.contactMs = ReminderTable.number(row, "contact_ms");
    task.channel = row.getString("contact_channel");
    task.result = row.getString("contact_result");
    task.reached = ReminderTable.day(row, "reached");
    task.reachedBy = row.getString("reached_by");
    task.bookedOn = ReminderTable.day(row, "booked");
    return task;
  }

  private static String select(Tx tx) {
    return ROW.formatted(tx.dialect().machineMillis());
  }

  static Optional<TaskRow> find(Tx tx, Tenant tenant, long id) {
    return tx.query(select(tx) + " WHERE t.dealer_id = :dealer AND t.id = :id")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .map((row, context) -> row(row))
        .findOne();
  }

  /** The task, locked; waits for whoever has locked it. */
  static Optional<TaskRow> lock(Tx tx, Tenant tenant, long id) {
    return locked(tx, tenant, id, "");
  }

  /** The task, locked, unless it is not there or others have locked it; H2 waits for them. */
  static Optional<TaskRow> lockIfFree(Tx tx, Tenant tenant, long id) {
    return locked(tx, tenant, id, tx.dialect().skipLocked());
  }

  private static Optional<TaskRow> locked(Tx tx, Tenant tenant, long id, String skip) {
    Optional<TaskRow> found =
        tx.query(
                select(tx)
                    + tx.dialect().byPrimaryKey()
                    + " WHERE t.dealer_id = :dealer AND t.id = :id FOR UPDATE"
                    + skip)
            .bind("dealer", tenant.id())
            .bind("id", id)
            .map((row, context) -> row(row))
            .findOne();
    if (found.isEmpty() || found.get().leaseMs == null) {
      return found;
    }
    // The clock may have been read before the lock was waited for.
    found.get().readMs = tx.machineMillis();
    return found;
  }

  /** Writes a locked task. */
  static void write(Tx tx, Tenant tenant, TaskRow row, Instant now) {
    Update update =
        tx.update(
                """
                UPDATE {reminder_task} SET state = :state, open_party = :open, party = :party,
                  listed = :listed, due = :due, assignee = :assignee, lease_ms = :lease,
                  snoozed = :snoozed, booked_from_ms = :from, booked_to_ms = :to,
                  work_order_no = :work, tell_ms = :tell, contact_ms = :contact,
                  contact_channel = :channel, contact_result = :result, reached = :reached,
                  reached_by = :reachedBy, booked = :bookedOn, changed_ms = :now
                WHERE dealer_id = :dealer AND id = :id""")
            .bind("state", row.state.name())
            .bind("open", row.state == TaskState.OPEN ? row.party : null)
            .bind("party", row.state.live() ? row.party : null)
            .bind("listed", row.state.live() ? 1 : 0)
            .bind("due", row.due)
            .bind("assignee", row.assignee)
            .bind("lease", row.leaseMs)
            .bind("snoozed", row.snoozed)
            .bind("from", row.bookedFromMs)
            .bind("to", row.bookedToMs)
            .bind("work", row.workOrderNo)
            .bind("tell", row.tellMs)
            .bind("contact", row.contactMs)
            .bind("channel", row.channel)
            .bind("result", row.result)
            .bind("reached", row.reached)
            .bind("reachedBy", row.reachedBy)
            .bind("bookedOn", row.bookedOn)
            .bind("now", now.toEpochMilli())
            .bind("dealer", tenant.id())
            .bind("id", row.id);
    try (update) {
      update.execute();
    } catch (UnableToExecuteStatementException failed) {
      throw Races.lostIfEqualKey("reminder task", failed);
    }
  }

  /** The task with that work order. */
  static Optional<Long> byWorkOrder(Tx tx, Tenant tenant, String workOrderNo) {
    return tx.query(
            "SELECT id FROM {reminder_task} WHERE dealer_id = :dealer AND work_order_no = :work")
        .bind("dealer", tenant.id())
        .bind("work", workOrderNo)
        .mapTo(Long.class)
        .findOne();
  }

  /** The task that more services of a party may join. */
  static Optional<Long> openOf(Tx tx, Tenant tenant, String party) {
    return tx.query(
            "SELECT id FROM {reminder_task} WHERE dealer_id = :dealer AND open_party = :party")
        .bind("dealer", tenant.id())
        .bind("party", party)
        .mapTo(Long.class)
        .findOne();
  }

  /** Some of the live tasks on somebody's list. */
  static List<Long> of(Tx tx, Tenant tenant, String assignee, int limit) {
    return tx.query(
            """
            SELECT id FROM {reminder_task}
            WHERE dealer_id = :dealer AND assignee = :assignee AND listed = 1
            ORDER BY id LIMIT :limit""")
        .bind("dealer", tenant.id())
        .bind("assignee", assignee)
        .bind("limit", limit)
        .mapTo(Long.class)
        .list();
  }

  // ---- bookings that are to be told

  /** A booking that is to be told at that machine time. */
  record ToTell(long id, long at) {}

  static List<ToTell> toTell(Tx tx, Tenant tenant, long nowMs, int limit) {
    return tx.query(
            """
            SELECT id, tell_ms FROM {reminder_task}
            WHERE dealer_id = :dealer AND tell_ms <= :now ORDER BY dealer_id, tell_ms LIMIT :limit""")
        .bind("dealer", tenant.id())
        .bind("now", nowMs)
        .bind("limit", limit)
        .map((row, context) -> new ToTell(row.getLong("id"), row.getLong("tell_ms")))
        .list();
  }

  /** Has a booking be told at another time, or never again, unless it has changed. */
  static boolean told(Tx tx, Tenant tenant, long id, long at, Optional<Long> next) {
    return tx.update(
                """
                UPDATE {reminder_task} SET tell_ms = :next
                WHERE dealer_id = :dealer AND id = :id AND tell_ms = :at""")
            .bind("next", next.orElse(null))
            .bind("dealer", tenant.id())
            .bind("id", id)
            .bind("at", at)
            .execute()
        == 1;
  }

  // ---- lists

  /** What else a list is asked for. */
  enum For {
    /** Staff look at it. */
    SHOW,
    /** Somebody takes one of it. */
    CLAIM
  }

  static List<TaskRow> page(
      Tx tx, Tenant tenant, TaskQuery wanted, Instant now, @Nullable After after, int limit) {
    Set<TaskState> live = wanted.any().stream().filter(TaskState::live).collect(Collectors.toSet());
    Set<TaskState> ended = new HashSet<>(wanted.any());
    ended.removeAll(live);
    List<TaskRow> found = new ArrayList<>();
    if (!live.isEmpty()) {
      found.addAll(some(tx, tenant, wanted, For.SHOW, 1, live, now, after, limit));
    }
    if (!ended.isEmpty()) {
      found.addAll(some(tx, tenant, wanted, For.SHOW, 0, ended, now, after, limit));
    }
    found.sort(Comparator.comparing((TaskRow row) -> row.due).thenComparingLong(row -> row.id));
    return found.size() > limit ? found.subList(0, limit) : found;
  }

  /** The next ones that somebody may take up, behind some. */
  static List<TaskRow> free(
      Tx tx, Tenant tenant, TaskQuery wanted, Instant now, @Nullable After after, int limit) {
    Set<TaskState> live = wanted.any().stream().filter(TaskState::live).collect(Collectors.toSet());
    return live.isEmpty()
        ? List.of()
        : some(tx, tenant, wanted, For.CLAIM, 1, live, now, after, limit);
  }

  private static List<TaskRow> some(
      Tx tx,
      Tenant tenant,
      TaskQuery wanted,
      For what,
      int listed,
      Set<TaskState> states,
      Instant now,
      @Nullable After after,
      int limit) {
    LocalDate today = tenant.dayOf(now);
    boolean mine = wanted.assignee().isPresent() && what == For.SHOW;
    StringBuilder sql = new StringBuilder(select(tx));
    sql.append(tx.dialect().byIndex(mine ? "reminder_task_of" : "reminder_task_listed"))
        .append(" WHERE t.dealer_id = :dealer AND t.listed = :listed")
        .append(" AND t.due >= :from AND t.due <= :to");
    if (after != null) {
      sql.append(" AND (t.due > :from OR t.id > :after)");
    }
    if (mine) {
      sql.append(" AND t.assignee = :assignee");
    } else if (what == For.CLAIM) {
      sql.append(" AND (t.assignee IS NULL OR t.lease_ms <= ")
          .append(tx.dialect().machineMillis())
          .append(")");
    } else if (wanted.isUnassigned()) {
      sql.append(" AND t.assignee IS NULL");
    }
    sql.append(" AND t.state IN (<states>)");
    boolean today1 = !wanted.isWithSnoozed() && listed == 1;
    if (today1) {
      sql.append(" AND (t.snoozed IS NULL OR t.snoozed <= :today)");
    }
    if (wanted.isToBeCalled()) {
      sql.append(" AND (t.state <> 'OPEN' OR t.call_ms IS NOT NULL)")
          .append(" AND (t.state = 'BOOKED' OR NOT ")
          .append(Unwanted.care("t"))
          .append(")");
    }
    wanted.store().ifPresent(store -> sql.append(" AND t.store_code = :store"));
    if (wanted.region().isPresent()) {
      sql.append(" AND EXISTS ")
          .append(
              """
              (SELECT p.id FROM {place} p WHERE p.dealer_id = t.dealer_id
               AND p.id = t.place_id AND (p.region = :region OR p.region LIKE :below ESCAPE '!'))""");
    }
    if (wanted.kind().isPresent()) {
      sql.append(" AND EXISTS ")
          .append(
              """
              (SELECT i.unit_id FROM {reminder_item} i WHERE i.dealer_id = t.dealer_id
               AND i.task_id = t.id AND i.kind = :kind""")
          .append(listed == 1 ? " AND i.state = 'OPEN')" : ")");
    }
    sql.append(" ORDER BY t.dealer_id, ")
        .append(mine ? "t.assignee, " : "")
        .append("t.listed, t.due, t.id LIMIT :limit");
    Query query =
        tx.query(sql.toString())
            .bind("dealer", tenant.id())
            .bind("listed", listed)
            .bind("from", after == null ? wanted.from() : later(after.due(), wanted.from()))
            .bind("to", wanted.to(today))
            .bindList("states", states.stream().map(TaskState::name).sorted().toList())
            .bind("limit", limit);
    if (after != null) {
      query.bind("after", after.due().isBefore(wanted.from()) ? 0 : after.id());
    }
    if (mine) {
      query.bind("assignee", wanted.assignee().orElseThrow());
    }
    if (today1) {
      query.bind("today", today);
    }
    if (wanted.isToBeCalled()) {
      query.bind("unwantedNow", now.toEpochMilli());
    }
    wanted.store().ifPresent(store -> query.bind("store", store));
    wanted
        .region()
        .ifPresent(region -> query.bind("region", region).bind("below", escaped(region) + "/%"));
    wanted.kind().ifPresent(kind -> query.bind("kind", kind));
    return query.map((row, context) -> row(row)).list();
  }

  private static LocalDate later(LocalDate one, LocalDate other) {
    return one.isBefore(other) ? other : one;
  }

  private static String escaped(String region) {
    return region.replaceAll("([!%_])", "!$1");
  }

  // ---- what a task is about

  /** A date of a task, with where it stands. */
  record Dated(
      long taskId,
      long orderId,
      long unitId,
      LocalDate opened,
      @Nullable Long doneMs,
      @Nullable String buyerName,
      @Nullable String buyerPhone,
      RuleTable.Key rule,
      @Nullable LocalDate from,
      @Nullable Basis basis,
      boolean assumed,
      TaskItem item) {}

  private record Unit(long orderId, String lineNo, int unitNo) {}

  private record Ordered(String orderNo, @Nullable String buyerName, @Nullable String buyerPhone) {}

  private record LineKey(long orderId, String lineNo) {}

  private record Goods(@Nullable String name, @Nullable String model, @Nullable String brand) {}

  /** A date as it is stored. */
  private record Stored(
      long taskId,
      long unitId,
      LocalDate opened,
      @Nullable Long doneMs,
      RuleTable.Key rule,
      @Nullable LocalDate from,
      @Nullable Basis basis,
      boolean assumed,
      String kind,
      LocalDate due,
      TaskItem.State state,
      @Nullable LocalDate served,
      @Nullable Long income) {}

  /**
   * The dates of tasks, by task, order, line, unit, kind and day. A query for each table:
   * PostgreSQL would join tables that are not analyzed yet by reading all of a dealer, again and
   * again.
   *
   * @param guarded whether orders and tasks are locked, so that it sees them as they are now
   */
  static List<Dated> items(Tx tx, Tenant tenant, Collection<Long> taskIds, boolean guarded) {
    List<Stored> stored =
        rows(
            tx,
            tenant,
            guarded,
            """
            SELECT task_id, unit_id, opened, done_ms, rule_code, rule_version, from_day, basis,
              assumed, kind, due, state, served, income_fen
            FROM {reminder_item} WHERE dealer_id = :dealer AND task_id IN (<ids>)""",
            taskIds,
            WorkTable::stored);
    Map<Long, Unit> units = new HashMap<>();
    rows(
            tx,
            tenant,
            guarded,
            """
            SELECT id, order_id, line_no, unit_no FROM {order_unit}
            WHERE dealer_id = :dealer AND id IN (<ids>)""",
            stored.stream().map(Stored::unitId).distinct().toList(),
            row ->
                Map.entry(
                    row.getLong("id"),
                    new Unit(
                        row.getLong("order_id"), row.getString("line_no"), row.getInt("unit_no"))))
        .forEach(one -> units.put(one.getKey(), one.getValue()));
    List<Long> orderIds = units.values().stream().map(Unit::orderId).distinct().toList();
    Map<Long, Ordered> orders = new HashMap<>();
    rows(
            tx,
            tenant,
            guarded,
            """
            SELECT id, order_no, buyer_name, buyer_phone FROM {customer_order}
            WHERE dealer_id = :dealer AND id IN (<ids>)""",
            orderIds,
            row ->
                Map.entry(
                    row.getLong("id"),
                    new Ordered(
                        row.getString("order_no"),
                        row.getString("buyer_name"),
                        row.getString("buyer_phone"))))
        .forEach(one -> orders.put(one.getKey(), one.getValue()));
    Map<LineKey, Goods> goods = new HashMap<>();
    rows(
            tx,
            tenant,
            guarded,
            """
            SELECT order_id, line_no, name, model, brand FROM {order_line}
            WHERE dealer_id = :dealer AND order_id IN (<ids>)""",
            orderIds,
            row ->
                Map.entry(
                    new LineKey(row.getLong("order_id"), row.getString("line_no")),
                    new Goods(
                        row.getString("name"), row.getString("model"), row.getString("brand"))))
        .forEach(one -> goods.put(one.getKey(), one.getValue()));
    return stored.stream()
        .map(
            one -> {
              Unit unit = Objects.requireNonNull(units.get(one.unitId()));
              return dated(
                  one,
                  unit,
                  Objects.requireNonNull(orders.get(unit.orderId())),
                  goods.getOrDefault(
                      new LineKey(unit.orderId(), unit.lineNo()), new Goods(null, null, null)));
            })
        .sorted(BY_PLACE)
        .toList();
  }

  private static final Comparator<Dated> BY_PLACE =
      Comparator.comparingLong(Dated::taskId)
          .thenComparing(one -> one.item().orderNo())
          .thenComparing(one -> one.item().lineNo())
          .thenComparing(one -> one.item().unitNo())
          .thenComparing(one -> one.item().kind())
          .thenComparing(one -> one.item().due());

  /** What is made of a row. */
  private interface Reader<T> {
    T of(ResultSet row) throws SQLException;
  }

  private static <T> List<T> rows(
      Tx tx, Tenant tenant, boolean guarded, String sql, Collection<Long> ids, Reader<T> reader) {
    List<T> found = new ArrayList<>();
    for (List<Long> some : Chunks.of(ids)) {
      (guarded ? tx.guarded(sql) : tx.query(sql))
          .bind("dealer", tenant.id())
          .bindList("ids", some)
          .map((row, context) -> reader.of(row))
          .forEach(found::add);
    }
    return found;
  }

  private static Stored stored(ResultSet row) throws SQLException {
    return new Stored(
        row.getLong("task_id"),
        row.getLong("unit_id"),
        row.getObject("opened", LocalDate.class),
        ReminderTable.number(row, "done_ms"),
        new RuleTable.Key(row.getString("rule_code"), row.getInt("rule_version")),
        ReminderTable.day(row, "from_day"),
        TaskTable.basis(row),
        row.getBoolean("assumed"),
        row.getString("kind"),
        row.getObject("due", LocalDate.class),
        TaskItem.State.valueOf(row.getString("state")),
        ReminderTable.day(row, "served"),
        ReminderTable.number(row, "income_fen"));
  }

  private static Dated dated(Stored one, Unit unit, Ordered order, Goods goods) {
    return new Dated(
        one.taskId(),
        unit.orderId(),
        one.unitId(),
        one.opened(),
        one.doneMs(),
        order.buyerName(),
        order.buyerPhone(),
        one.rule(),
        one.from(),
        one.basis(),
        one.assumed(),
        new TaskItem(
            order.orderNo(),
            unit.lineNo(),
            unit.unitNo(),
            one.kind(),
            one.due(),
            one.state(),
            Optional.ofNullable(goods.name()),
            Optional.ofNullable(goods.model()),
            Optional.ofNullable(goods.brand()),
            Optional.empty(),
            Optional.ofNullable(one.served()),
            one.income() == null ? OptionalLong.empty() : OptionalLong.of(one.income())));
  }

  /** A place as staff see it. */
  private record Where(
      @Nullable String region,
      @Nullable String street,
      @Nullable String contact,
      @Nullable String phone) {}

  /** Tasks as staff see them, in the same order; six queries for each 500. */
  static List<Task> shown(Tx tx, Tenant tenant, List<TaskRow> rows, LocalDate today) {
    List<Dated> all = items(tx, tenant, rows.stream().map(row -> row.id).toList(), false);
    Map<Long, List<Dated>> items = all.stream().collect(Collectors.groupingBy(Dated::taskId));
    Map<RuleTable.Key, ServiceCycle> cycles =
        RuleTable.cycles(tx, tenant, all.stream().map(Dated::rule).collect(Collectors.toSet()));
    Map<Long, Where> places = places(tx, tenant, rows);
    return rows.stream()
        .map(
            row ->
                shown(
                    tenant,
                    row,
                    items.getOrDefault(row.id, List.of()),
                    cycles,
                    row.placeId == null ? null : places.get(row.placeId),
                    today))
        .toList();
  }

  private static Map<Long, Where> places(Tx tx, Tenant tenant, List<TaskRow> rows) {
    Map<Long, Where> places = new HashMap<>();
    for (List<Long> some :
        Chunks.of(
            rows.stream().map(row -> row.placeId).filter(Objects::nonNull).distinct().toList())) {
      tx.query(
              """
              SELECT id, region, street, contact, phone FROM {place}
              WHERE dealer_id = :dealer AND id IN (<places>)""")
          .bind("dealer", tenant.id())
          .bindList("places", some)
          .map(
              (row, context) ->
                  Map.entry(
                      row.getLong("id"),
                      new Where(
                          row.getString("region"),
                          tenant.privacy().open(row.getString("street")),
                          tenant.privacy().open(row.getString("contact")),
                          tenant.privacy().open(row.getString("phone")))))
          .forEach(one -> places.put(one.getKey(), one.getValue()));
    }
    return places;
  }

  private static Task shown(
      Tenant tenant,
      TaskRow row,
      List<Dated> items,
      Map<RuleTable.Key, ServiceCycle> cycles,
      @Nullable Where where,
      LocalDate today) {
    Dated first =
        items.isEmpty() || (row.memberId == null && row.placeId == null) ? null : items.get(0);
    String name = where == null ? null : where.contact();
    String phone = where == null ? null : where.phone();
    if (name == null && phone == null && first != null) {
      name = tenant.privacy().open(first.buyerName());
      phone = tenant.privacy().open(first.buyerPhone());
    }
    return new Task(
        row.id,
        row.state,
        row.due,
        row.state.live() ? Math.max(0, ChronoUnit.DAYS.between(row.due, today)) : 0,
        row.opened,
        row.memberId == null ? OptionalLong.empty() : OptionalLong.of(row.memberId),
        Optional.ofNullable(name),
        phone == null ? Optional.empty() : Phone.read(phone),
        Optional.ofNullable(where == null ? null : where.region()),
        Optional.ofNullable(where == null ? null : where.street()),
        Optional.ofNullable(row.storeCode),
        items.stream().map(one -> item(one, cycles)).toList(),
        Optional.ofNullable(row.assignee),
        Optional.ofNullable(row.leaseMs).map(Instant::ofEpochMilli),
        Optional.ofNullable(row.snoozed),
        row.slot(),
        Optional.ofNullable(row.workOrderNo),
        row.contact());
  }

  private static TaskItem item(Dated one, Map<RuleTable.Key, ServiceCycle> cycles) {
    TaskItem item = one.item();
    ServiceCycle cycle = cycles.get(one.rule());
    Optional<NextService.Due> why =
        cycle == null || one.from() == null
            ? Optional.empty()
            : cycle.counted(
                one.from(), Optional.ofNullable(one.basis()), one.assumed(), item.due());
    return new TaskItem(
        item.orderNo(),
        item.lineNo(),
        item.unitNo(),
        item.kind(),
        item.due(),
        item.state(),
        item.name(),
        item.model(),
        item.brand(),
        why,
        item.served(),
        item.incomeFen());
  }

  // ---- items

  /** Gives open dates of a task that state. */
  static void drop(Tx tx, Tenant tenant, long taskId) {
    tx.update(
            """
            UPDATE {reminder_item} SET state = 'DROPPED'
            WHERE dealer_id = :dealer AND task_id = :task AND state = 'OPEN'""")
        .bind("dealer", tenant.id())
        .bind("task", taskId)
        .execute();
  }

  /** Gives these dates of a task, which are open, that state. */
  static void drop(Tx tx, Tenant tenant, Collection<Dated> items) {
    for (Dated item : items) {
      tx.update(
              """
              UPDATE {reminder_item} SET state = 'DROPPED'
              WHERE dealer_id = :dealer AND unit_id = :unit AND kind = :kind AND due = :due
                AND state = 'OPEN'""")
          .bind("dealer", tenant.id())
          .bind("unit", item.unitId())
          .bind("kind", item.item().kind())
          .bind("due", item.item().due())
          .execute();
    }
  }

  /** Has the open dates of a task belong to another. */
  static void join(Tx tx, Tenant tenant, long from, long to) {
    tx.update(
            """
            UPDATE {reminder_item} SET task_id = :to
            WHERE dealer_id = :dealer AND task_id = :from AND state = 'OPEN'""")
        .bind("to", to)
        .bind("dealer", tenant.id())
        .bind("from", from)
        .execute();
  }

  /** Notes that a date's task was done by a service at that time. */
  static void done(Tx tx, Tenant tenant, Dated item, long doneMs) {
    tx.update(
            """
            UPDATE {reminder_item} SET state = 'DONE', done_ms = :done
            WHERE dealer_id = :dealer AND unit_id = :unit AND kind = :kind AND due = :due""")
        .bind("done", doneMs)
        .bind("dealer", tenant.id())
        .bind("unit", item.unitId())
        .bind("kind", item.item().kind())
        .bind("due", item.item().due())
        .execute();
  }

  // ---- audit

  /** With what the customer said of reminders while there was something to do. */
  static List<TaskEvent> history(Tx tx, Tenant tenant, long taskId) {
    List<TaskEvent> done = audited(tx, tenant, taskId);
    List<Consent> said = said(tx, tenant, taskId);
    if (said.isEmpty()) {
      return done;
    }
    List<TaskEvent> all = new ArrayList<>();
    Optional<TaskState> state = Optional.of(TaskState.OPEN);
    int next = 0;
    for (Consent one : said) {
      while (next < done.size() && !done.get(next).at().isAfter(one.at())) {
        state = done.get(next).to();
        all.add(done.get(next++));
      }
      all.add(
          new TaskEvent(
              one.given() ? TaskEvent.Action.CARE_ALLOWED : TaskEvent.Action.CARE_REFUSED,
              TaskEvent.CUSTOMER,
              one.at(),
              state,
              state,
              one.source(),
              Optional.empty()));
    }
    all.addAll(done.subList(next, done.size()));
    return all;
  }

  private static List<Consent> said(Tx tx, Tenant tenant, long taskId) {
    record Span(long member, Instant from, Instant until) {}
    return tx
        .query(
            """
            SELECT member_id, created_ms, changed_ms, listed FROM {reminder_task}
            WHERE dealer_id = :dealer AND id = :task AND member_id IS NOT NULL""")
        .bind("dealer", tenant.id())
        .bind("task", taskId)
        .map(
            (row, context) ->
                new Span(
                    row.getLong("member_id"),
                    Instant.ofEpochMilli(row.getLong("created_ms")),
                    row.getInt("listed") == 1
                        ? Instant.MAX
                        : Instant.ofEpochMilli(row.getLong("changed_ms"))))
        .stream()
        .flatMap(
            span ->
                Unwanted.careSaid(tx, tenant, span.member(), span.from(), span.until()).stream())
        .toList();
  }

  private static List<TaskEvent> audited(Tx tx, Tenant tenant, long taskId) {
    return tx.query(
            """
            SELECT action, actor, at_ms, from_state, to_state, detail, note FROM {reminder_audit}
            WHERE dealer_id = :dealer AND task_id = :task ORDER BY id""")
        .bind("dealer", tenant.id())
        .bind("task", taskId)
        .map(
            (row, context) ->
                new TaskEvent(
                    TaskEvent.Action.valueOf(row.getString("action")),
                    row.getString("actor"),
                    Instant.ofEpochMilli(row.getLong("at_ms")),
                    Optional.ofNullable(row.getString("from_state")).map(TaskState::valueOf),
                    Optional.ofNullable(row.getString("to_state")).map(TaskState::valueOf),
                    Objects.requireNonNullElse(row.getString("detail"), ""),
                    Optional.ofNullable(tenant.privacy().open(row.getString("note")))))
        .list();
  }
}
