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
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.statement.PreparedBatch;
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
    GONE
  }

  /** A date of a unit that came due. */
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
      ItemState state) {
    Item in(ItemState now, long task) {
      return new Item(unitId, kind, due, task, opened, over, since, ruleCode, ruleVersion, now);
    }
  }

  /**
   * A task.
   *
   * @param openParty whose more services may join it
   */
  record Task(long id, @Nullable String openParty, TaskState state) {}

  // ---- items

  static List<Item> itemsOf(Tx tx, Tenant tenant, Collection<Long> unitIds) {
    List<Item> found = new ArrayList<>();
    for (List<Long> some : Chunks.of(unitIds.stream().distinct().sorted().toList())) {
      tx.guarded(
              """
              SELECT unit_id, kind, due, task_id, opened, over_day, since_day, rule_code, rule_version,
                state
              FROM {reminder_item} WHERE dealer_id = :dealer AND unit_id IN (<units>)
              ORDER BY unit_id, kind, due""")
          .bind("dealer", tenant.id())
          .bindList("units", some)
          .map((row, context) -> item(row))
          .forEach(found::add);
    }
    return found;
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
        ItemState.valueOf(row.getString("state")));
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
            .with(Rows.Type.TEXT, "state");
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
          item.state().name());
    }
    tx.insertAll(rows);
  }

  /** Writes items anew whose dates are there, told of a unit that was replaced. */
  static void tellAgain(Tx tx, Tenant tenant, Collection<Item> told) {
    if (told.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {reminder_item} SET task_id = :task, opened = :opened, over_day = :over,
              since_day = :since, rule_code = :rule, rule_version = :version, state = :state
            WHERE dealer_id = :dealer AND unit_id = :unit AND kind = :kind AND due = :due""");
    for (Item item : told) {
      bound(batch, tenant, item)
          .bind("opened", item.opened())
          .bind("over", item.over())
          .bind("since", item.since())
          .bind("rule", item.ruleCode())
          .bind("version", item.ruleVersion())
          .add();
    }
    batch.execute();
  }

  /** Gives items their state and task. */
  static void updateItems(Tx tx, Tenant tenant, Collection<Item> changed) {
    if (changed.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {reminder_item} SET state = :state, task_id = :task
            WHERE dealer_id = :dealer AND unit_id = :unit AND kind = :kind AND due = :due""");
    for (Item item : changed) {
      bound(batch, tenant, item).add();
    }
    batch.execute();
  }

  /** With an item's key, state and task. */
  private static PreparedBatch bound(PreparedBatch batch, Tenant tenant, Item item) {
    return batch
        .bind("state", item.state().name())
        .bind("task", item.taskId())
        .bind("dealer", tenant.id())
        .bind("unit", item.unitId())
        .bind("kind", item.kind())
        .bind("due", item.due());
  }

  // ---- tasks

  private static Task task(ResultSet row) throws SQLException {
    return new Task(
        row.getLong("id"), row.getString("open_party"), TaskState.valueOf(row.getString("state")));
  }

  /** Tasks, locked in the order of their ids. */
  static Map<Long, Task> lock(Tx tx, Tenant tenant, Collection<Long> taskIds) {
    Map<Long, Task> locked = new HashMap<>();
    for (List<Long> some : Chunks.keys(tx, new TreeSet<>(taskIds))) {
      tx.query(
              "SELECT id, open_party, state FROM {reminder_task}"
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
  static Map<String, Long> open(Tx tx, Tenant tenant, Collection<String> parties) {
    Map<String, Long> open = new HashMap<>();
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
                  open.put(task.openParty(), task.id());
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
            .with(Rows.Type.TEXT, "open_party")
            .with(Rows.Type.LONG, "member_id", "place_id")
            .with(Rows.Type.TEXT, "store_code", "state")
            .with(Rows.Type.DATE, "due", "opened")
            .with(Rows.Type.LONG, "created_ms", "changed_ms");
    for (NewTask task : made) {
      ReminderRow.Unit of = task.of();
      rows.add(
          task.id(),
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

  /** Ends a task; nothing more joins it. */
  static void end(Tx tx, Tenant tenant, long taskId, TaskState state, Instant now) {
    tx.update(
            """
            UPDATE {reminder_task} SET state = :state, open_party = NULL, changed_ms = :now
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
        tx.update(
                """
                UPDATE {reminder_task} SET state = 'OPEN', open_party = :party,
                  member_id = :member, place_id = :place, store_code = :store, changed_ms = :now
                WHERE dealer_id = :dealer AND id = :id""")
            .bind("party", of.party())
            .bind("member", of.memberId())
            .bind("place", of.placeId())
            .bind("store", of.storeCode())
            .bind("now", now.toEpochMilli())
            .bind("dealer", tenant.id())
            .bind("id", taskId);
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
                AND r.party = t.open_party
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

  static void audit(
      Tx tx, Tenant tenant, long id, long taskId, String action, String actor, Instant now) {
    tx.update(
            """
            INSERT INTO {reminder_audit} (dealer_id, id, task_id, action, actor, at_ms)
            VALUES (:dealer, :id, :task, :action, :actor, :now)""")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .bind("task", taskId)
        .bind("action", action)
        .bind("actor", actor)
        .bind("now", now.toEpochMilli())
        .execute();
  }
}
