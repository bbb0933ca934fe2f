package io.laoke.reminder;

import io.laoke.catalog.Chunks;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The SQL of steps of ladders. */
final class ContactTable {
  private ContactTable() {}

  /**
   * A step.
   *
   * @param takenMs business time
   */
  record Contact(
      long id,
      long taskId,
      ContactStep step,
      ReminderContact.State state,
      ContactPlan plan,
      long takenMs) {
    Instant taken() {
      return Instant.ofEpochMilli(takenMs);
    }
  }

  /** A step to be taken. */
  record NewContact(long id, long taskId, ContactStep step, ContactPlan plan, Instant next) {}

  static void insert(Tx tx, Tenant tenant, Collection<NewContact> added, Instant now) {
    Rows rows =
        Rows.of("reminder_contact", tenant.id())
            .with(Rows.Type.LONG, "id", "task_id")
            .with(Rows.Type.TEXT, "step", "state", "plan")
            .with(Rows.Type.LONG, "taken_ms", "next_ms");
    for (NewContact one : added) {
      rows.add(
          one.id(),
          one.taskId(),
          one.step().name(),
          ReminderContact.State.DUE.name(),
          one.plan().stored(),
          now.toEpochMilli(),
          one.next().toEpochMilli());
    }
    tx.insertAll(rows);
  }

  /** Steps whose time has come, locked; but for those that others have locked. */
  static List<Contact> due(Tx tx, Tenant tenant, Instant now, int limit) {
    return tx.query(
            "SELECT id, task_id, step, state, plan, taken_ms FROM {reminder_contact}"
                + tx.dialect().byIndex("reminder_contact_due")
                + " WHERE dealer_id = :dealer AND next_ms <= :now"
                + " ORDER BY dealer_id, next_ms LIMIT :limit FOR UPDATE"
                + tx.dialect().skipLocked())
        .bind("dealer", tenant.id())
        .bind("now", now.toEpochMilli())
        .bind("limit", limit)
        .map((row, context) -> contact(row))
        .list();
  }

  /** How rows are read. */
  enum Lock {
    /** As they are seen. */
    NONE,
    /** As they are committed, since what they change under is locked. */
    HELD
  }

  static Optional<Contact> find(Tx tx, Tenant tenant, long id, Lock lock) {
    String sql =
        """
        SELECT id, task_id, step, state, plan, taken_ms FROM {reminder_contact}
        WHERE dealer_id = :dealer AND id = :id""";
    return (lock == Lock.HELD ? tx.guarded(sql) : tx.query(sql))
        .bind("dealer", tenant.id())
        .bind("id", id)
        .map((row, context) -> contact(row))
        .findOne();
  }

  /** The last step about a task. */
  static Optional<Contact> newest(Tx tx, Tenant tenant, long taskId) {
    return tx.query(
            """
            SELECT id, task_id, step, state, plan, taken_ms FROM {reminder_contact}
            WHERE dealer_id = :dealer AND task_id = :task ORDER BY id DESC LIMIT 1""")
        .bind("dealer", tenant.id())
        .bind("task", taskId)
        .map((row, context) -> contact(row))
        .findOne();
  }

  /** These steps, as they are seen. */
  static List<Contact> all(Tx tx, Tenant tenant, Collection<Long> ids) {
    List<Contact> found = new ArrayList<>();
    for (List<Long> some : Chunks.of(ids)) {
      tx.query(
              """
              SELECT id, task_id, step, state, plan, taken_ms FROM {reminder_contact}
              WHERE dealer_id = :dealer AND id IN (<ids>)""")
          .bind("dealer", tenant.id())
          .bindList("ids", some)
          .map((row, context) -> contact(row))
          .forEach(found::add);
    }
    return found;
  }

  /** What was to be a template message is a subscription message. */
  static void subscription(Tx tx, Tenant tenant, long id) {
    tx.update(
            "UPDATE {reminder_contact} SET step = 'SUBSCRIPTION' WHERE dealer_id = :dealer AND id ="
                + " :id")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  /** Those of these tasks on whose present occasion the step before was a subscription message. */
  static Set<Long> subscribed(Tx tx, Tenant tenant, Collection<Contact> now) {
    Set<Long> found = new HashSet<>();
    for (Contact one : now) {
      tx.query(
              """
              SELECT step, why FROM {reminder_contact}
              WHERE dealer_id = :dealer AND task_id = :task AND id < :id
              ORDER BY id DESC LIMIT 1""")
          .bind("dealer", tenant.id())
          .bind("task", one.taskId())
          .bind("id", one.id())
          .map(
              (row, context) ->
                  row.getString("step").equals("SUBSCRIPTION")
                      && !Ladder.anew(row.getString("why")))
          .findOne()
          .filter(sent -> sent)
          .ifPresent(sent -> found.add(one.taskId()));
    }
    return found;
  }

  /** Locks the steps of a task, so that none is taken meanwhile. */
  static void lockOf(Tx tx, Tenant tenant, long taskId) {
    tx.query(
            """
            SELECT id FROM {reminder_contact} WHERE dealer_id = :dealer AND task_id = :task
            ORDER BY id FOR UPDATE""")
        .bind("dealer", tenant.id())
        .bind("task", taskId)
        .mapTo(Long.class)
        .list();
  }

  /** Ends what is under way of a task, whose steps are locked. */
  static void endOf(Tx tx, Tenant tenant, long taskId, String why) {
    tx.update(
            """
            UPDATE {reminder_contact} SET state = 'ENDED', why = :why, next_ms = NULL
            WHERE dealer_id = :dealer AND task_id = :task AND next_ms IS NOT NULL""")
        .bind("why", why)
        .bind("dealer", tenant.id())
        .bind("task", taskId)
        .execute();
  }

  private static Contact contact(ResultSet row) throws SQLException {
    return new Contact(
        row.getLong("id"),
        row.getLong("task_id"),
        ContactStep.valueOf(row.getString("step")),
        ReminderContact.State.valueOf(row.getString("state")),
        ContactPlan.stored(row.getString("plan")),
        row.getLong("taken_ms"));
  }

  /** What a step has come to. */
  record Changed(
      long id,
      ReminderContact.State state,
      @Nullable String why,
      @Nullable String account,
      @Nullable Instant next,
      @Nullable Instant taken,
      @Nullable Integer items) {
    Changed(long id, ReminderContact.State state, @Nullable String why, @Nullable Instant next) {
      this(id, state, why, null, next, null, null);
    }
  }

  static void update(Tx tx, Tenant tenant, Collection<Changed> changed) {
    if (changed.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {reminder_contact} SET state = :state, why = :why,
              account = COALESCE(:account, account), next_ms = :next,
              taken_ms = COALESCE(:taken, taken_ms), items = COALESCE(:items, items)
            WHERE dealer_id = :dealer AND id = :id""");
    for (Changed one : changed) {
      batch
          .bind("state", one.state().name())
          .bind("why", one.why())
          .bind("account", one.account())
          .bind("next", one.next() == null ? null : one.next().toEpochMilli())
          .bind("taken", one.taken() == null ? null : one.taken().toEpochMilli())
          .bind("items", one.items())
          .bind("dealer", tenant.id())
          .bind("id", one.id())
          .add();
    }
    batch.execute();
  }

  /** Those of these tasks about which somebody is being told, or was since then. */
  static Set<Long> toldSince(Tx tx, Tenant tenant, Collection<Long> taskIds, Instant since) {
    Set<Long> told = new HashSet<>();
    for (List<Long> some : Chunks.of(taskIds)) {
      told.addAll(
          tx.guarded(
                  """
                  SELECT DISTINCT task_id FROM {reminder_contact}
                  WHERE dealer_id = :dealer AND task_id IN (<tasks>)
                    AND (next_ms IS NOT NULL OR taken_ms > :since)""")
              .bind("dealer", tenant.id())
              .bind("since", since.toEpochMilli())
              .bindList("tasks", some)
              .mapTo(Long.class)
              .list());
    }
    return told;
  }

  static List<ReminderContact> ofTask(Tx tx, Tenant tenant, long taskId) {
    return tx.query(
            """
            SELECT step, state, why, account, taken_ms FROM {reminder_contact}
            WHERE dealer_id = :dealer AND task_id = :task ORDER BY id""")
        .bind("dealer", tenant.id())
        .bind("task", taskId)
        .map(
            (row, context) ->
                new ReminderContact(
                    ContactStep.valueOf(row.getString("step")),
                    ReminderContact.State.valueOf(row.getString("state")),
                    Optional.ofNullable(row.getString("why")),
                    Optional.ofNullable(row.getString("account")),
                    Instant.ofEpochMilli(row.getLong("taken_ms"))))
        .list();
  }

  // ---- what steps are about

  /** A task as a step sees it. */
  record Subject(long taskId, TaskState state, @Nullable Long memberId, @Nullable String store) {}

  static Map<Long, Subject> subjects(Tx tx, Tenant tenant, Collection<Long> taskIds) {
    Map<Long, Subject> found = new HashMap<>();
    for (List<Long> some : Chunks.of(taskIds)) {
      tx.guarded(
              """
              SELECT id, state, member_id, store_code FROM {reminder_task}
              WHERE dealer_id = :dealer AND id IN (<tasks>)""")
          .bind("dealer", tenant.id())
          .bindList("tasks", some)
          .map(
              (row, context) ->
                  new Subject(
                      row.getLong("id"),
                      TaskState.valueOf(row.getString("state")),
                      ReminderTable.number(row, "member_id"),
                      row.getString("store_code")))
          .forEach(one -> found.put(one.taskId(), one));
    }
    return found;
  }

  /** A service that is due, as it is told. */
  record Told(
      long orderId,
      LocalDate due,
      String kind,
      String ruleCode,
      String orderNo,
      @Nullable String name,
      @Nullable String model,
      @Nullable String brand) {}

  /** What is open of tasks, the earliest first. */
  static Map<Long, List<Told>> open(Tx tx, Tenant tenant, Collection<Long> taskIds) {
    Map<Long, List<Told>> found = new HashMap<>();
    for (List<Long> some : Chunks.of(taskIds)) {
      record Row(long task, Told told) {}
      List<Row> rows = new ArrayList<>();
      tx.guarded(
              """
              SELECT i.task_id, u.order_id, i.due, i.kind, i.rule_code, o.order_no, l.name, l.model, l.brand
              FROM {reminder_item} i
              JOIN {order_unit} u ON u.dealer_id = i.dealer_id AND u.id = i.unit_id
              JOIN {customer_order} o ON o.dealer_id = u.dealer_id AND o.id = u.order_id
              LEFT JOIN {order_line} l ON l.dealer_id = u.dealer_id AND l.order_id = u.order_id
                AND l.line_no = u.line_no
              WHERE i.dealer_id = :dealer AND i.task_id IN (<tasks>) AND i.state = 'OPEN'
              ORDER BY i.task_id, i.due, i.unit_id, i.kind""")
          .bind("dealer", tenant.id())
          .bindList("tasks", some)
          .map(
              (row, context) ->
                  new Row(
                      row.getLong("task_id"),
                      new Told(
                          row.getLong("order_id"),
                          row.getObject("due", LocalDate.class),
                          row.getString("kind"),
                          row.getString("rule_code"),
                          row.getString("order_no"),
                          row.getString("name"),
                          row.getString("model"),
                          row.getString("brand"))))
          .forEach(rows::add);
      rows.forEach(
          row -> found.computeIfAbsent(row.task(), task -> new ArrayList<>()).add(row.told()));
    }
    return found;
  }

  /**
   * What a message is about.
   *
   * @param items how many services it tells of
   * @param over whether nothing more is to come of the step, as once it was answered
   */
  record About(long taskId, int items, boolean over) {}

  /** What messages of these steps are about, by step. */
  static Map<Long, About> about(Tx tx, Tenant tenant, Collection<Long> contactIds) {
    Map<Long, About> found = new HashMap<>();
    for (List<Long> some : Chunks.of(contactIds)) {
      tx.guarded(
              """
              SELECT id, task_id, items, state FROM {reminder_contact}
              WHERE dealer_id = :dealer AND id IN (<contacts>)""")
          .bind("dealer", tenant.id())
          .bindList("contacts", some)
          .map(
              (row, context) ->
                  Map.entry(
                      row.getLong("id"),
                      new About(
                          row.getLong("task_id"),
                          row.getInt("items"),
                          row.getString("state").equals(ReminderContact.State.ENDED.name()))))
          .forEach(one -> found.put(one.getKey(), one.getValue()));
    }
    return found;
  }

  /** Staff are not to call whom a task is about before the ladder says so again. */
  static void notToBeCalled(Tx tx, Tenant tenant, long taskId) {
    tx.update(
            """
            UPDATE {reminder_task} SET call_ms = NULL WHERE dealer_id = :dealer AND id = :id""")
        .bind("dealer", tenant.id())
        .bind("id", taskId)
        .execute();
  }

  /** From now on staff are to call them. */
  static void toBeCalled(Tx tx, Tenant tenant, Collection<Long> taskIds, Instant now) {
    if (taskIds.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {reminder_task} SET call_ms = COALESCE(call_ms, :now)
            WHERE dealer_id = :dealer AND id = :id""");
    for (long id : taskIds) {
      batch.bind("now", now.toEpochMilli()).bind("dealer", tenant.id()).bind("id", id).add();
    }
    batch.execute();
  }

  // ---- what came of messages

  /** A step's message, and when it left. */
  record Sent(long taskId, ContactStep step, LocalDate day) {
    private String channel() {
      return (step == ContactStep.SMS ? ContactChannel.SMS : ContactChannel.WECHAT).name();
    }
  }

  /**
   * Notes of tasks when their customers were told last: by these, and no longer by those that are
   * lost, but by the one before.
   */
  static void sent(
      Tx tx,
      Tenant tenant,
      Collection<Sent> sent,
      Collection<Sent> lost,
      Function<Instant, LocalDate> dayOf) {
    told(tx, tenant, sent);
    if (lost.isEmpty()) {
      return;
    }
    Map<Long, Sent> before = new HashMap<>();
    for (List<Long> some : Chunks.of(lost.stream().map(Sent::taskId).distinct().toList())) {
      tx.guarded(
              """
              SELECT task_id, step, taken_ms FROM {reminder_contact}
              WHERE dealer_id = :dealer AND task_id IN (<tasks>) AND why = 'SILENT'
              ORDER BY taken_ms, id""")
          .bind("dealer", tenant.id())
          .bindList("tasks", some)
          .map(
              (row, context) ->
                  new Sent(
                      row.getLong("task_id"),
                      ContactStep.valueOf(row.getString("step")),
                      dayOf.apply(Instant.ofEpochMilli(row.getLong("taken_ms")))))
          .forEach(one -> before.put(one.taskId(), one));
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {reminder_task} SET told = :before, told_by = :beforeBy
            WHERE dealer_id = :dealer AND id = :id AND told = :day AND told_by = :by""");
    for (Sent one : lost) {
      Sent other = before.get(one.taskId());
      batch
          .bind("before", other == null ? null : other.day())
          .bind("beforeBy", other == null ? null : other.channel())
          .bind("dealer", tenant.id())
          .bind("id", one.taskId())
          .bind("day", one.day())
          .bind("by", one.channel())
          .add();
    }
    batch.execute();
  }

  private static void told(Tx tx, Tenant tenant, Collection<Sent> sent) {
    if (sent.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {reminder_task} SET told = :day, told_by = :by
            WHERE dealer_id = :dealer AND id = :id
              AND (told IS NULL OR told < :day OR (told = :day AND told_by <> :by))""");
    for (Sent one : sent) {
      batch
          .bind("day", one.day())
          .bind("by", one.channel())
          .bind("dealer", tenant.id())
          .bind("id", one.taskId())
          .add();
    }
    batch.execute();
  }
}
