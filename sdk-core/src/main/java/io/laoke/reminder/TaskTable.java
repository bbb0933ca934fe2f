package io.laoke.reminder;

import io.laoke.catalog.Chunks;
import io.laoke.catalog.Races;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The SQL of tasks and of the dates that they are about. */
final class TaskTable {
  private TaskTable() {}

  /** What became of a date that came due. */
  enum ItemState {
    /** It waits. */
    OPEN,
    /** A service followed. */
    DONE,
    /** Its unit is gone. */
    GONE,
    /** Its task was refused, or in vain. */
    DROPPED
  }

  /**
   * A date of a unit that came due.
   *
   * @param opened the day on which it did
   * @param over the next date is after it; before {@code due} if it came due ahead of its time, on
   *     days that a clock was moved back from
   * @param from the day from which it was counted, if that was kept
   * @param doneMs the time of the service by which its task was done
   * @param served the day of the first service that came of it
   * @param incomeFen what was paid for services that came of it
   */
  record Item(
      long unitId,
      String kind,
      LocalDate due,
      long taskId,
      LocalDate opened,
      LocalDate over,
      @Nullable LocalDate since,
      String ruleCode,
      int ruleVersion,
      ItemState state,
      @Nullable LocalDate from,
      @Nullable Basis basis,
      boolean assumed,
      @Nullable Long doneMs,
      @Nullable LocalDate served,
      @Nullable Long incomeFen) {
    Item in(ItemState now, long task) {
      return new Item(
          unitId,
          kind,
          due,
          task,
          opened,
          over,
          since,
          ruleCode,
          ruleVersion,
          now,
          from,
          basis,
          assumed,
          doneMs,
          served,
          incomeFen);
    }

    boolean ahead() {
      return over.isBefore(due);
    }

    Item over(LocalDate day) {
      return new Item(
          unitId,
          kind,
          due,
          taskId,
          opened,
          day,
          since,
          ruleCode,
          ruleVersion,
          state,
          from,
          basis,
          assumed,
          doneMs,
          served,
          incomeFen);
    }

    Item with(Attribution.Income income) {
      return new Item(
          unitId,
          kind,
          due,
          taskId,
          opened,
          over,
          since,
          ruleCode,
          ruleVersion,
          state,
          from,
          basis,
          assumed,
          doneMs,
          income.served(),
          income.fen());
    }
  }

  /**
   * A task.
   *
   * @param openParty whose more services may join it
   * @param party whom it concerns, until it ends
   * @param contactMs when the customer was contacted last
   * @param snoozed until when it is put off
   * @param memberId whom it concerns, or concerned last
   */
  record Task(
      long id,
      @Nullable String openParty,
      @Nullable String party,
      TaskState state,
      LocalDate due,
      @Nullable Long contactMs,
      @Nullable LocalDate snoozed,
      @Nullable Long memberId) {}

  // ---- items

  private static final String COLUMNS =
      """
      unit_id, kind, due, task_id, opened, over_day, since_day, rule_code, rule_version,
        state, from_day, basis, assumed, done_ms, served, income_fen""";

  static List<Item> itemsOf(Tx tx, Tenant tenant, Collection<Long> unitIds) {
    return itemsOf(tx, tenant, unitIds, Optional.empty());
  }

  /** The same of one kind of service alone, if one is given. */
  static List<Item> itemsOf(Tx tx, Tenant tenant, Collection<Long> unitIds, Optional<String> kind) {
    List<Item> found = new ArrayList<>();
    for (List<Long> some : Chunks.of(unitIds.stream().distinct().sorted().toList())) {
      Query query =
          tx.guarded(
                  "SELECT "
                      + COLUMNS
                      + " FROM {reminder_item} WHERE dealer_id = :dealer AND unit_id IN (<units>)"
                      + (kind.isPresent() ? " AND kind = :kind" : "")
                      + " ORDER BY unit_id, kind, due")
              .bind("dealer", tenant.id())
              .bindList("units", some);
      kind.ifPresent(one -> query.bind("kind", one));
      query.map((row, context) -> item(row)).forEach(found::add);
    }
    return found;
  }

  /**
   * Some that came due on a day or later, in the order of that.
   *
   * @param behind the last one before them, if any
   */
  static List<Item> openedFrom(
      Tx tx, Tenant tenant, LocalDate from, @Nullable Item behind, int limit) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {reminder_item}"
                + tx.dialect().byIndex("reminder_item_opened")
                + " WHERE dealer_id = :dealer AND opened >= :from"
                + " AND (opened > :from OR unit_id > :unit OR (unit_id = :unit"
                + " AND (kind > :kind OR (kind = :kind AND due > :due))))"
                + " ORDER BY opened, unit_id, kind, due LIMIT :limit")
        .bind("dealer", tenant.id())
        .bind("from", behind == null ? from : behind.opened())
        .bind("unit", behind == null ? -1 : behind.unitId())
        .bind("kind", behind == null ? "" : behind.kind())
        .bind("due", behind == null ? from : behind.due())
        .bind("limit", limit)
        .map((row, context) -> item(row))
        .list();
  }

  /** Writes after which day the next date is. */
  static void over(Tx tx, Tenant tenant, Collection<Item> items) {
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {reminder_item} SET over_day = :over
            WHERE dealer_id = :dealer AND unit_id = :unit AND kind = :kind AND due = :due""");
    for (Item item : items) {
      batch
          .bind("over", item.over())
          .bind("dealer", tenant.id())
          .bind("unit", item.unitId())
          .bind("kind", item.kind())
          .bind("due", item.due())
          .add();
    }
    batch.execute();
  }

  private static Item item(ResultSet row) throws SQLException {
    return new Item(
        row.getLong("unit_id"),
        row.getString("kind"),
        row.getObject("due", LocalDate.class),
        row.getLong("task_id"),
        row.getObject("opened", LocalDate.class),
        row.getObject("over_day", LocalDate.class),
        ReminderTable.day(row, "since_day"),
        row.getString("rule_code"),
        row.getInt("rule_version"),
        ItemState.valueOf(row.getString("state")),
        ReminderTable.day(row, "from_day"),
        basis(row),
        row.getBoolean("assumed"),
        ReminderTable.number(row, "done_ms"),
        ReminderTable.day(row, "served"),
        ReminderTable.number(row, "income_fen"));
  }

  static @Nullable Basis basis(ResultSet row) throws SQLException {
    String basis = row.getString("basis");
    return basis == null ? null : Basis.valueOf(basis);
  }

  static void insertItems(Tx tx, Tenant tenant, Collection<Item> items) {
    Rows rows =
        Rows.of("reminder_item", tenant.id())
            .with(Rows.Type.LONG, "unit_id")
            .with(Rows.Type.TEXT, "kind")
            .with(Rows.Type.DATE, "due")
            .with(Rows.Type.LONG, "task_id")
            .with(Rows.Type.DATE, "opened", "over_day", "since_day")
            .with(Rows.Type.TEXT, "rule_code")
            .with(Rows.Type.INT, "rule_version")
            .with(Rows.Type.TEXT, "state")
            .with(Rows.Type.DATE, "from_day")
            .with(Rows.Type.TEXT, "basis")
            .with(Rows.Type.BOOL, "assumed");
    for (Item item : items) {
      rows.add(
          item.unitId(),
          item.kind(),
          item.due(),
          item.taskId(),
          item.opened(),
          item.over(),
          item.since(),
          item.ruleCode(),
          item.ruleVersion(),
          item.state().name(),
          item.from(),
          item.basis() == null ? null : item.basis().name(),
          item.assumed());
    }
    tx.insertAll(rows);
  }

  /** Writes items anew whose dates are there, told of a unit that was replaced or too early. */
  static void tellAgain(Tx tx, Tenant tenant, Collection<Item> told) {
    if (told.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {reminder_item} SET task_id = :task, opened = :opened, over_day = :over,
              since_day = :since, rule_code = :rule, rule_version = :version, state = :state,
              from_day = :from, basis = :basis, assumed = :assumed, done_ms = NULL,
              served = :served, income_fen = :income
            WHERE dealer_id = :dealer AND unit_id = :unit AND kind = :kind AND due = :due""");
    for (Item item : told) {
      bound(batch, tenant, item)
          .bind("opened", item.opened())
          .bind("over", item.over())
          .bind("since", item.since())
          .bind("rule", item.ruleCode())
          .bind("version", item.ruleVersion())
          .bind("from", item.from())
          .bind("basis", item.basis() == null ? null : item.basis().name())
          .bind("assumed", item.assumed())
          .add();
    }
    batch.execute();
  }

  /** Gives items their state and task, and what came of them. */
  static void updateItems(Tx tx, Tenant tenant, Collection<Item> changed) {
    if (changed.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {reminder_item} SET state = :state, task_id = :task, served = :served,
              income_fen = :income
            WHERE dealer_id = :dealer AND unit_id = :unit AND kind = :kind AND due = :due""");
    for (Item item : changed) {
      bound(batch, tenant, item).add();
    }
    batch.execute();
  }

  /** With an item's key, state, task and what came of it. */
  private static PreparedBatch bound(PreparedBatch batch, Tenant tenant, Item item) {
    return batch
        .bind("state", item.state().name())
        .bind("task", item.taskId())
        .bind("served", item.served())
        .bind("income", item.incomeFen())
        .bind("dealer", tenant.id())
        .bind("unit", item.unitId())
        .bind("kind", item.kind())
        .bind("due", item.due());
  }

  // ---- tasks

  private static Task task(ResultSet row) throws SQLException {
    return new Task(
        row.getLong("id"),
        row.getString("open_party"),
        row.getString("party"),
        TaskState.valueOf(row.getString("state")),
        row.getObject("due", LocalDate.class),
        ReminderTable.number(row, "contact_ms"),
        ReminderTable.day(row, "snoozed"),
        ReminderTable.number(row, "member_id"));
  }

  /** Tasks, locked in the order of their ids. */
  static Map<Long, Task> lock(Tx tx, Tenant tenant, Collection<Long> taskIds) {
    Map<Long, Task> locked = new HashMap<>();
    for (List<Long> some : Chunks.keys(tx, new TreeSet<>(taskIds))) {
      tx.query(
              "SELECT id, open_party, party, state, due, contact_ms, snoozed, member_id"
                  + " FROM {reminder_task}"
                  + tx.dialect().byPrimaryKey()
                  + " WHERE dealer_id = :dealer AND id IN (<tasks>) ORDER BY id FOR UPDATE",
              "tasks",
              Rows.Type.LONG,
              some)
          .bind("dealer", tenant.id())
          .map((row, context) -> task(row))
          .forEach(task -> locked.put(task.id(), task));
    }
    return locked;
  }

  /** The tasks that more services of these parties may join, locked; by party. */
  static Map<String, Task> open(Tx tx, Tenant tenant, Collection<String> parties) {
    Map<String, Task> open = new HashMap<>();
    for (List<String> some : Chunks.of(new TreeSet<>(parties))) {
      List<Long> ids =
          tx.query(
                  """
                  SELECT id FROM {reminder_task}
                  WHERE dealer_id = :dealer AND open_party IN (<parties>)""",
                  "parties",
                  Rows.Type.TEXT,
                  some)
              .bind("dealer", tenant.id())
              .mapTo(Long.class)
              .list();
      lock(tx, tenant, ids)
          .values()
          .forEach(
              task -> {
                if (task.openParty() != null) {
                  open.put(task.openParty(), task);
                }
              });
    }
    return open;
  }

  /** A task to be made. */
  record NewTask(long id, ReminderRow.Unit of, LocalDate due) {}

  /** Inserts tasks, of which none must be there that more may join. */
  static void insert(
      Tx tx, Tenant tenant, Collection<NewTask> made, LocalDate opened, Instant now) {
    tx.insertAll(rows(tenant, made, opened, now));
  }

  /** Inserts those of these tasks for whose party there is none that more may join. */
  static Set<Long> insertUnlessOpen(
      Tx tx, Tenant tenant, Collection<NewTask> made, LocalDate opened, Instant now) {
    return tx.insertUnlessThere(rows(tenant, made, opened, now));
  }

  private static Rows rows(Tenant tenant, Collection<NewTask> made, LocalDate opened, Instant now) {
    Rows rows =
        Rows.of("reminder_task", tenant.id())
            .with(Rows.Type.LONG, "id")
            .with(Rows.Type.TEXT, "open_party", "party")
            .with(Rows.Type.LONG, "member_id", "place_id")
            .with(Rows.Type.TEXT, "store_code", "state")
            .with(Rows.Type.DATE, "due", "opened")
            .with(Rows.Type.LONG, "created_ms", "changed_ms");
    for (NewTask task : made) {
      ReminderRow.Unit of = task.of();
      rows.add(
          task.id(),
          of.party(),
          of.party(),
          of.memberId(),
          of.placeId(),
          of.storeCode(),
          TaskState.OPEN.name(),
          task.due(),
          opened,
          now.toEpochMilli(),
          now.toEpochMilli());
    }
    return rows;
  }

  /** What tasks are about, by how many items in each state. */
  static Map<Long, EnumMap<ItemState, Integer>> counts(
      Tx tx, Tenant tenant, Collection<Long> taskIds) {
    Map<Long, EnumMap<ItemState, Integer>> counts = new HashMap<>();
    for (List<Long> some : Chunks.of(taskIds)) {
      record Counted(long task, ItemState state) {}
      tx.guarded(
              """
              SELECT task_id, state FROM {reminder_item}
              WHERE dealer_id = :dealer AND task_id IN (<tasks>)""")
          .bind("dealer", tenant.id())
          .bindList("tasks", some)
          .map(
              (row, context) ->
                  new Counted(row.getLong("task_id"), ItemState.valueOf(row.getString("state"))))
          .forEach(
              one ->
                  counts
                      .computeIfAbsent(one.task(), task -> new EnumMap<>(ItemState.class))
                      .merge(one.state(), 1, Integer::sum));
    }
    return counts;
  }

  /** Has open tasks be due as early as what joins them. */
  static void dueBy(Tx tx, Tenant tenant, Map<Task, LocalDate> joined) {
    joined.entrySet().removeIf(one -> !one.getValue().isBefore(one.getKey().due()));
    if (joined.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch("UPDATE {reminder_task} SET due = :due WHERE dealer_id = :dealer AND id = :id");
    joined.forEach(
        (task, due) ->
            batch.bind("due", due).bind("dealer", tenant.id()).bind("id", task.id()).add());
    batch.execute();
  }

  /**
   * Has open tasks that were put off be on lists again: what joins them was not put off.
   *
   * @return the ids of those that were
   */
  static Set<Long> awake(Tx tx, Tenant tenant, Collection<Task> joined, LocalDate today) {
    Set<Long> asleep =
        joined.stream()
            .filter(task -> task.snoozed() != null && task.snoozed().isAfter(today))
            .map(Task::id)
            .collect(Collectors.toCollection(TreeSet::new));
    for (List<Long> some : Chunks.of(asleep)) {
      tx.update(
              """
              UPDATE {reminder_task} SET snoozed = NULL WHERE dealer_id = :dealer AND id IN (<tasks>)""")
          .bind("dealer", tenant.id())
          .bindList("tasks", some)
          .execute();
    }
    return asleep;
  }

  /** The units whose dates in these tasks are open, by task. */
  static Map<Long, NavigableSet<Long>> openUnits(Tx tx, Tenant tenant, Collection<Long> taskIds) {
    Map<Long, NavigableSet<Long>> found = new HashMap<>();
    for (List<Long> some : Chunks.of(taskIds)) {
      tx.guarded(
              """
              SELECT task_id, unit_id FROM {reminder_item}
              WHERE dealer_id = :dealer AND task_id IN (<tasks>) AND state = 'OPEN'""",
              "tasks",
              Rows.Type.LONG,
              some)
          .bind("dealer", tenant.id())
          .map((row, context) -> Map.entry(row.getLong("task_id"), row.getLong("unit_id")))
          .forEach(
              one ->
                  found.computeIfAbsent(one.getKey(), task -> new TreeSet<>()).add(one.getValue()));
    }
    return found;
  }

  /** Has tasks that staff have begun with concern other parties. */
  static void concern(Tx tx, Tenant tenant, Map<Long, ReminderRow.Unit> others, Instant now) {
    if (others.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {reminder_task} SET party = :party,
              member_id = :member, place_id = :place, store_code = :store, changed_ms = :now
            WHERE dealer_id = :dealer AND id = :id""");
    others.forEach((task, of) -> whose(batch, tenant, task, of, now).add());
    batch.execute();
  }

  private static <S extends SqlStatement<S>> S whose(
      S statement, Tenant tenant, long taskId, ReminderRow.Unit of, Instant now) {
    return statement
        .bind("party", of.party())
        .bind("member", of.memberId())
        .bind("place", of.placeId())
        .bind("store", of.storeCode())
        .bind("now", now.toEpochMilli())
        .bind("dealer", tenant.id())
        .bind("id", taskId);
  }

  /** Ends a task; nothing more joins it. */
  static void end(Tx tx, Tenant tenant, long taskId, TaskState state, Instant now) {
    tx.update(
            """
            UPDATE {reminder_task} SET state = :state, open_party = NULL, party = NULL, listed = 0,
              lease_ms = NULL, snoozed = NULL, tell_ms = NULL, changed_ms = :now
            WHERE dealer_id = :dealer AND id = :id""")
        .bind("state", state.name())
        .bind("now", now.toEpochMilli())
        .bind("dealer", tenant.id())
        .bind("id", taskId)
        .execute();
  }

  /** Opens a task again, for whom no other is open; more may join it. */
  static void reopen(Tx tx, Tenant tenant, long taskId, ReminderRow.Unit of, Instant now) {
    Update update =
        whose(
            tx.update(
                """
                UPDATE {reminder_task} SET state = 'OPEN', open_party = :party, party = :party,
                  listed = 1, assignee = NULL, booked_from_ms = NULL, booked_to_ms = NULL,
                  work_order_no = NULL, member_id = :member, place_id = :place,
                  store_code = :store, changed_ms = :now
                WHERE dealer_id = :dealer AND id = :id"""),
            tenant,
            taskId,
            of,
            now);
    try (update) {
      update.execute();
    } catch (UnableToExecuteStatementException failed) {
      throw Races.lostIfEqualKey("reminder task", failed); // one was opened in between
    }
  }

  /**
   * Tasks that have one of these in that column. Looks at all tasks of the dealer: one whose dates
   * have gone to others is found by nothing else.
   */
  static List<Long> with(Tx tx, Tenant tenant, String column, List<Object> values) {
    return tx.query(
            "SELECT id FROM {reminder_task} WHERE dealer_id = :dealer AND "
                + column
                + " IN (<values>)")
        .bind("dealer", tenant.id())
        .bindList("values", values)
        .mapTo(Long.class)
        .list();
  }

  /** Whose a task is, and where. */
  private record Whose(@Nullable Long member, @Nullable Long place) {}

  /**
   * Has tasks name nobody who was erased, of whom nothing is planned any more: one that is open is
   * another's whose dates it holds, one that has ended nobody's.
   */
  static void forget(Tx tx, Tenant tenant, Set<Long> taskIds) {
    if (taskIds.isEmpty()) {
      return;
    }
    lock(tx, tenant, taskIds);
    Map<Long, Whose> others = new HashMap<>();
    for (List<Long> some : Chunks.of(taskIds)) {
      record Found(long task, Whose whose) {}
      tx.query(
              """
              SELECT t.id, r.member_id, r.place_id FROM {reminder_task} t
              JOIN {reminder_item} i ON i.dealer_id = t.dealer_id AND i.task_id = t.id
                AND i.state = 'OPEN'
              JOIN {reminder} r ON r.dealer_id = i.dealer_id AND r.unit_id = i.unit_id
                AND r.party = t.party
              WHERE t.dealer_id = :dealer AND t.id IN (<tasks>)
              ORDER BY t.id, i.unit_id, i.due""")
          .bind("dealer", tenant.id())
          .bindList("tasks", some)
          .map(
              (row, context) ->
                  new Found(
                      row.getLong("id"),
                      new Whose(
                          ReminderTable.number(row, "member_id"),
                          ReminderTable.number(row, "place_id"))))
          .forEach(one -> others.putIfAbsent(one.task(), one.whose()));
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {reminder_task} SET member_id = :member, place_id = :place
            WHERE dealer_id = :dealer AND id = :id""");
    for (long id : taskIds) {
      Whose whose = others.getOrDefault(id, new Whose(null, null));
      batch
          .bind("member", whose.member())
          .bind("place", whose.place())
          .bind("dealer", tenant.id())
          .bind("id", id)
          .add();
    }
    batch.execute();
  }

  /** The tasks in which dates of these orders' units are. */
  static Set<Long> ofOrders(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    return new TreeSet<>(
        tx.query(
                """
                SELECT i.task_id FROM {reminder_item} i
                JOIN {order_unit} u ON u.dealer_id = i.dealer_id AND u.id = i.unit_id
                WHERE i.dealer_id = :dealer AND u.dealer_id = :dealer AND u.order_id IN (<orders>)""")
            .bind("dealer", tenant.id())
            .bindList("orders", List.copyOf(orderIds))
            .mapTo(Long.class)
            .list());
  }

  /** Takes out what was written down about tasks. */
  static void forgetNotes(Tx tx, Tenant tenant, Set<Long> taskIds) {
    for (List<Long> some : Chunks.of(taskIds)) {
      tx.update(
              """
              UPDATE {reminder_audit} SET note = NULL
              WHERE dealer_id = :dealer AND task_id IN (<tasks>) AND note IS NOT NULL""")
          .bind("dealer", tenant.id())
          .bindList("tasks", some)
          .execute();
    }
  }

  /** What happened to a task, with what else is to be said of it. */
  record Happened(
      long taskId,
      TaskEvent.Action action,
      String actor,
      TaskState from,
      TaskState to,
      String detail,
      @Nullable String note) {}

  static void audit(Tx tx, Tenant tenant, long id, Happened what, Instant now) {
    tx.update(
            """
            INSERT INTO {reminder_audit} (dealer_id, id, task_id, action, actor, at_ms, from_state,
              to_state, detail, note)
            VALUES (:dealer, :id, :task, :action, :actor, :now, :from, :to, :detail, :note)""")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .bind("task", what.taskId())
        .bind("action", what.action().name())
        .bind("actor", what.actor())
        .bind("now", now.toEpochMilli())
        .bind("from", what.from().name())
        .bind("to", what.to().name())
        .bind("detail", what.detail())
        .bind("note", tenant.privacy().seal(what.note()))
        .execute();
  }
}
