package io.laoke.reminder;

import io.laoke.catalog.Chunks;
import io.laoke.internal.jdbc.Listed;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
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
      @Nullable String why,
      ContactPlan plan,
      long takenMs) {
    Instant taken() {
      return Instant.ofEpochMilli(takenMs);
    }

    /** Whether whom it has told is no longer whom its task concerns. */
    boolean anothers() {
      return Ladder.ANOTHERS.equals(why);
    }
  }

  /** A step to be taken. */
  record NewContact(long id, long taskId, ContactStep step, ContactPlan plan, Instant next) {
    /** As it is looked at when its time has come. */
    Contact due(Instant now) {
      return new Contact(
          id, taskId, step, ReminderContact.State.DUE, null, plan, now.toEpochMilli());
    }

    private Changed untaken() {
      return new Changed(id, ReminderContact.State.DUE, null, next);
    }
  }

  static void insert(Tx tx, Tenant tenant, Collection<NewContact> added, Instant now) {
    insert(tx, tenant, added, List.of(), now);
  }

  /**
   * Inserts steps.
   *
   * @param taken what those have come to that are taken already
   */
  static void insert(
      Tx tx, Tenant tenant, Collection<NewContact> added, Collection<Changed> taken, Instant now) {
    Map<Long, Changed> come = new HashMap<>();
    taken.forEach(one -> come.put(one.id(), one));
    Rows rows =
        Rows.of("reminder_contact", tenant.id())
            .with(Rows.Type.LONG, "id", "task_id")
            .with(Rows.Type.TEXT, "step", "state", "plan", "why", "account")
            .with(Rows.Type.LONG, "taken_ms", "next_ms")
            .with(Rows.Type.INT, "items");
    for (NewContact one : added) {
      Changed state = come.getOrDefault(one.id(), one.untaken());
      rows.add(
          one.id(),
          one.taskId(),
          one.step().name(),
          state.state().name(),
          one.plan().stored(),
          state.why(),
          state.account(),
          Objects.requireNonNullElse(state.taken(), now).toEpochMilli(),
          state.next() == null ? null : state.next().toEpochMilli(),
          Objects.requireNonNullElse(state.items(), 0));
    }
    tx.insertAll(rows);
  }

  /**
   * Steps whose time has come, locked; but for those that others have locked.
   *
   * @param but ids of others that are left out
   */
  static List<Contact> due(Tx tx, Tenant tenant, Instant now, int limit, Collection<Long> but) {
    return due(
        tx,
        tenant,
        now,
        limit,
        but,
        "id, task_id, step, state, why, plan, taken_ms",
        " FOR UPDATE" + tx.dialect().skipLocked(),
        ContactTable::contact);
  }

  /** The ids of the same, as they are. */
  static List<Long> dueIds(Tx tx, Tenant tenant, Instant now, int limit, Collection<Long> but) {
    return due(tx, tenant, now, limit, but, "id", "", row -> row.getLong("id"));
  }

  private static <T> List<T> due(
      Tx tx,
      Tenant tenant,
      Instant now,
      int limit,
      Collection<Long> but,
      String columns,
      String lock,
      RowMapper<T> reader) {
    // Numbers of our own, and as values they would make a statement of each length.
    String without =
        but.isEmpty()
            ? ""
            : but.stream()
                .map(String::valueOf)
                .collect(Collectors.joining(", ", " AND id NOT IN (", ")"));
    return tx.query(
            "SELECT "
                + columns
                + " FROM {reminder_contact}"
                + tx.dialect().byIndex("reminder_contact_due")
                + " WHERE dealer_id = :dealer AND next_ms <= :now"
                + without
                + " ORDER BY dealer_id, next_ms LIMIT :limit"
                + lock)
        .bind("dealer", tenant.id())
        .bind("now", now.toEpochMilli())
        .bind("limit", limit)
        .map((row, context) -> reader.of(row))
        .list();
  }

  /** One of them by its id, if it is still to be taken and nobody else has locked it. */
  static List<Contact> due(Tx tx, Tenant tenant, Instant now, long id) {
    return tx.query(
            """
            SELECT id, task_id, step, state, why, plan, taken_ms FROM {reminder_contact}
            WHERE dealer_id = :dealer AND id = :id AND next_ms <= :now FOR UPDATE"""
                + tx.dialect().skipLocked())
        .bind("dealer", tenant.id())
        .bind("id", id)
        .bind("now", now.toEpochMilli())
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
        SELECT id, task_id, step, state, why, plan, taken_ms FROM {reminder_contact}
        WHERE dealer_id = :dealer AND id = :id""";
    return (lock == Lock.HELD ? tx.guarded(sql) : tx.query(sql))
        .bind("dealer", tenant.id())
        .bind("id", id)
        .map((row, context) -> contact(row))
        .findOne();
  }

  /** The steps about a task, the newest first. */
  static List<Contact> newestFirst(Tx tx, Tenant tenant, long taskId) {
    return tx.query(
            """
            SELECT id, task_id, step, state, why, plan, taken_ms FROM {reminder_contact}
            WHERE dealer_id = :dealer AND task_id = :task ORDER BY id DESC""")
        .bind("dealer", tenant.id())
        .bind("task", taskId)
        .map((row, context) -> contact(row))
        .list();
  }

  /** These steps, as they are seen. */
  static List<Contact> all(Tx tx, Tenant tenant, Collection<Long> ids) {
    List<Contact> found = new ArrayList<>();
    for (List<Long> some : Chunks.of(ids)) {
      tx.query(
              """
              SELECT id, task_id, step, state, why, plan, taken_ms FROM {reminder_contact}
              WHERE dealer_id = :dealer AND id IN (<ids>)""")
          .bind("dealer", tenant.id())
          .bindList("ids", some)
          .map((row, context) -> contact(row))
          .forEach(found::add);
    }
    return found;
  }

  /** What were to be template messages are subscription messages. */
  static void subscriptions(Tx tx, Tenant tenant, Collection<Long> ids) {
    for (List<Long> some : Chunks.of(ids)) {
      tx.update(
              """
              UPDATE {reminder_contact} SET step = 'SUBSCRIPTION'
              WHERE dealer_id = :dealer AND id IN (<ids>)""")
          .bind("dealer", tenant.id())
          .bindList("ids", some)
          .execute();
    }
  }

  /** Those of these tasks on whose present occasion the step before was a subscription message. */
  static Set<Long> subscribed(Tx tx, Tenant tenant, Collection<Contact> now) {
    Map<Long, Long> present = new HashMap<>();
    now.forEach(one -> present.put(one.taskId(), one.id()));
    Set<Long> found = new HashSet<>();
    for (List<Long> some : Chunks.of(present.keySet())) {
      tx.query(
              """
              SELECT id, task_id, step, why FROM {reminder_contact}
              WHERE dealer_id = :dealer AND task_id IN (<tasks>) ORDER BY task_id, id""",
              "tasks",
              Rows.Type.LONG,
              some)
          .bind("dealer", tenant.id())
          .map(
              (row, context) -> {
                long task = row.getLong("task_id");
                if (row.getLong("id") >= Objects.requireNonNull(present.get(task))) {
                  return false;
                }
                boolean subscription =
                    row.getString("step").equals("SUBSCRIPTION")
                        && !Ladder.anew(row.getString("why"));
                return subscription ? found.add(task) : found.remove(task);
              })
          .list();
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

  /**
   * Ends all steps of a task, which is locked, and of which somebody else was told by them: whom it
   * concerns now has not been told.
   */
  static void anothers(Tx tx, Tenant tenant, long taskId) {
    tx.update(
            """
            UPDATE {reminder_task} SET told = NULL, told_by = NULL
            WHERE dealer_id = :dealer AND id = :task""")
        .bind("dealer", tenant.id())
        .bind("task", taskId)
        .execute();
    tx.update(
            """
            UPDATE {reminder_contact} SET state = 'ENDED', why = :why, next_ms = NULL
            WHERE dealer_id = :dealer AND task_id = :task""")
        .bind("why", Ladder.ANOTHERS)
        .bind("dealer", tenant.id())
        .bind("task", taskId)
        .execute();
  }

  /**
   * Steps of a task, which is locked and has ended, are another's, to which its dates went: whoever
   * was told by them was told of that, and answers for it. What was under way of them ends. Those
   * without a message stay: of these nothing but their task says whom they concern.
   */
  static void follow(Tx tx, Tenant tenant, long taskId, long toTask) {
    left(tx, tenant, told(tx, tenant, taskId).map(was -> was.of(toTask)).stream().toList());
    tx.update(
            """
            UPDATE {reminder_contact} SET why = CASE WHEN next_ms IS NULL THEN why ELSE :moved END,
              task_id = CASE WHEN account IS NULL THEN task_id ELSE :to END, state = 'ENDED',
              next_ms = NULL
            WHERE dealer_id = :dealer AND task_id = :task AND (why IS NULL OR why <> :anothers)""")
        .bind("moved", Ladder.MOVED)
        .bind("to", toTask)
        .bind("dealer", tenant.id())
        .bind("task", taskId)
        .bind("anothers", Ladder.ANOTHERS)
        .execute();
  }

  private static Contact contact(ResultSet row) throws SQLException {
    return new Contact(
        row.getLong("id"),
        row.getLong("task_id"),
        ContactStep.valueOf(row.getString("step")),
        ReminderContact.State.valueOf(row.getString("state")),
        row.getString("why"),
        ContactPlan.stored(row.getString("plan")),
        row.getLong("taken_ms"));
  }

  /**
   * What a step has come to.
   *
   * @param account whose message it was; where it is there, so are the two that follow
   * @param taken null where it stays as it was
   */
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
    Rows all = changing(tenant).with(Rows.Type.TEXT, "account").with(Rows.Type.INT, "items");
    Rows some = changing(tenant);
    Rows least = ending(tenant);
    for (Changed one : changed) {
      Long next = one.next() == null ? null : (Long) one.next().toEpochMilli();
      if (one.taken() == null) {
        least.add(one.id(), one.state().name(), one.why(), next);
      } else if (one.account() == null) {
        some.add(one.id(), one.state().name(), one.why(), next, one.taken().toEpochMilli());
      } else {
        all.add(
            one.id(),
            one.state().name(),
            one.why(),
            next,
            one.taken().toEpochMilli(),
            one.account(),
            one.items());
      }
    }
    for (Rows rows : List.of(all, some, least)) {
      tx.updateAll(rows, "");
    }
  }

  private static Rows ending(Tenant tenant) {
    return Rows.of("reminder_contact", tenant.id())
        .with(Rows.Type.LONG, "id")
        .with(Rows.Type.TEXT, "state", "why")
        .with(Rows.Type.LONG, "next_ms");
  }

  private static Rows changing(Tenant tenant) {
    return ending(tenant).with(Rows.Type.LONG, "taken_ms");
  }

  /**
   * When somebody was told of a task last.
   *
   * @param soon whether they are being told, or are to be soon
   */
  record LastTold(Instant at, boolean soon) {
    private LastTold and(LastTold other) {
      return new LastTold(at.isBefore(other.at) ? other.at : at, soon || other.soon);
    }
  }

  /** Those of these tasks about which somebody was told since then, or is to be until then. */
  static Map<Long, LastTold> told(
      Tx tx, Tenant tenant, Collection<Long> taskIds, Instant since, Instant until) {
    Map<Long, LastTold> told = new HashMap<>();
    for (List<Long> some : Chunks.of(taskIds)) {
      tx.guarded(
              """
              SELECT task_id, taken_ms, next_ms FROM {reminder_contact}
              WHERE dealer_id = :dealer AND task_id IN (<tasks>)
                AND (next_ms <= :until OR taken_ms > :since)""")
          .bind("dealer", tenant.id())
          .bind("since", since.toEpochMilli())
          .bind("until", until.toEpochMilli())
          .bindList("tasks", some)
          .map(
              (row, context) -> {
                Long next = ReminderTable.number(row, "next_ms");
                return Map.entry(
                    row.getLong("task_id"),
                    new LastTold(
                        Instant.ofEpochMilli(row.getLong("taken_ms")),
                        next != null && next <= until.toEpochMilli()));
              })
          .forEach(one -> told.merge(one.getKey(), one.getValue(), LastTold::and));
    }
    return told;
  }

  static List<ReminderContact> ofTask(Tx tx, Tenant tenant, long taskId) {
    return ofTasks(tx, tenant, List.of(taskId)).getOrDefault(taskId, List.of());
  }

  /** All steps about these tasks, by task, the first first. */
  static Map<Long, List<ReminderContact>> ofTasks(Tx tx, Tenant tenant, Collection<Long> taskIds) {
    record Taken(long task, long id, ReminderContact step) {}
    List<Taken> taken = new ArrayList<>();
    for (List<Long> some : Chunks.of(taskIds)) {
      tx.query(
              """
              SELECT task_id, id, step, state, why, account, taken_ms FROM {reminder_contact}
              WHERE dealer_id = :dealer AND task_id IN (<tasks>)""",
              "tasks",
              Rows.Type.LONG,
              some)
          .bind("dealer", tenant.id())
          .map(
              (row, context) ->
                  new Taken(
                      row.getLong("task_id"),
                      row.getLong("id"),
                      new ReminderContact(
                          ContactStep.valueOf(row.getString("step")),
                          ReminderContact.State.valueOf(row.getString("state")),
                          Optional.ofNullable(row.getString("why")),
                          Optional.ofNullable(row.getString("account")),
                          Instant.ofEpochMilli(row.getLong("taken_ms")))))
          .forEach(taken::add);
    }
    return taken.stream()
        .sorted(Comparator.comparingLong(Taken::id))
        .collect(
            Collectors.groupingBy(
                Taken::task, Collectors.mapping(Taken::step, Collectors.toList())));
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
              WHERE dealer_id = :dealer AND id IN (<tasks>)""",
              "tasks",
              Rows.Type.LONG,
              some)
          .bind("dealer", tenant.id())
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
      long unitId,
      long orderId,
      LocalDate due,
      String kind,
      String ruleCode,
      String orderNo,
      @Nullable String name,
      @Nullable String model,
      @Nullable String brand) {}

  /** A date of a task that is due. */
  record Due(long taskId, long unitId, String kind, LocalDate due, String ruleCode) {}

  /** What is open of tasks, the earliest first. */
  static Map<Long, List<Told>> open(Tx tx, Tenant tenant, Collection<Long> taskIds) {
    return told(
        tx,
        tenant,
        byKeys(
            tx,
            tenant,
            """
            SELECT task_id, unit_id, kind, due, rule_code FROM {reminder_item}
            WHERE dealer_id = :dealer AND task_id IN (<keys>) AND state = 'OPEN'""",
            taskIds,
            row ->
                new Due(
                    row.getLong("task_id"),
                    row.getLong("unit_id"),
                    row.getString("kind"),
                    row.getObject("due", LocalDate.class),
                    row.getString("rule_code"))));
  }

  private record Unit(long id, long orderId, String lineNo) {}

  private record Ordered(long id, String orderNo) {}

  private record Line(
      long orderId,
      String lineNo,
      @Nullable String name,
      @Nullable String model,
      @Nullable String brand) {}

  private record LineKey(long orderId, String lineNo) {}

  /**
   * Dates as they are told, by task, the earliest first. A query for each table: PostgreSQL would
   * join tables that are not analyzed yet by reading all of a dealer, again and again.
   */
  static Map<Long, List<Told>> told(Tx tx, Tenant tenant, Collection<Due> dates) {
    Map<Long, Unit> units = new HashMap<>();
    byKeys(
            tx,
            tenant,
            "SELECT id, order_id, line_no FROM {order_unit}"
                + " WHERE dealer_id = :dealer AND id IN (<keys>)",
            dates.stream().map(Due::unitId).collect(Collectors.toCollection(TreeSet::new)),
            row -> new Unit(row.getLong("id"), row.getLong("order_id"), row.getString("line_no")))
        .forEach(unit -> units.put(unit.id(), unit));
    Set<Long> orderIds =
        units.values().stream().map(Unit::orderId).collect(Collectors.toCollection(TreeSet::new));
    Map<Long, String> orderNos = new HashMap<>();
    byKeys(
            tx,
            tenant,
            "SELECT id, order_no FROM {customer_order} WHERE dealer_id = :dealer AND id IN (<keys>)",
            orderIds,
            row -> new Ordered(row.getLong("id"), row.getString("order_no")))
        .forEach(order -> orderNos.put(order.id(), order.orderNo()));
    Map<LineKey, Line> lines = new HashMap<>();
    byKeys(
            tx,
            tenant,
            "SELECT order_id, line_no, name, model, brand FROM {order_line}"
                + " WHERE dealer_id = :dealer AND order_id IN (<keys>)",
            orderIds,
            row ->
                new Line(
                    row.getLong("order_id"),
                    row.getString("line_no"),
                    row.getString("name"),
                    row.getString("model"),
                    row.getString("brand")))
        .forEach(line -> lines.put(new LineKey(line.orderId(), line.lineNo()), line));
    Map<Long, List<Told>> told = new HashMap<>();
    dates.stream()
        .sorted(Comparator.comparing(Due::due).thenComparing(Due::unitId).thenComparing(Due::kind))
        .forEach(
            date -> {
              Unit unit = units.get(date.unitId());
              String orderNo = unit == null ? null : orderNos.get(unit.orderId());
              if (unit == null || orderNo == null) {
                return;
              }
              Line line = lines.get(new LineKey(unit.orderId(), unit.lineNo()));
              told.computeIfAbsent(date.taskId(), task -> new ArrayList<>())
                  .add(
                      new Told(
                          unit.id(),
                          unit.orderId(),
                          date.due(),
                          date.kind(),
                          date.ruleCode(),
                          orderNo,
                          line == null ? null : line.name(),
                          line == null ? null : line.model(),
                          line == null ? null : line.brand()));
            });
    return told;
  }

  private static <T> List<T> byKeys(
      Tx tx, Tenant tenant, String sql, Collection<Long> keys, RowMapper<T> reader) {
    List<T> found = new ArrayList<>();
    for (List<Long> some : Chunks.of(keys)) {
      tx.guarded(sql, "keys", Rows.Type.LONG, some)
          .bind("dealer", tenant.id())
          .map((row, context) -> reader.of(row))
          .forEach(found::add);
    }
    return found;
  }

  /** What is made of a row. */
  private interface RowMapper<T> {
    T of(ResultSet row) throws SQLException;
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
              WHERE dealer_id = :dealer AND id IN (<contacts>)""",
              "contacts",
              Rows.Type.LONG,
              some)
          .bind("dealer", tenant.id())
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
    if (tx.dialect().listsAreKeys()) {
      tx.update(
          """
          UPDATE {reminder_task} SET call_ms = :now
          WHERE dealer_id = :dealer AND id IN (<tasks>) AND call_ms IS NULL""",
          Map.of(
              "now",
              now.toEpochMilli(),
              "dealer",
              tenant.id(),
              "tasks",
              new Listed(Rows.Type.LONG, taskIds)));
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

  /** A message, and when it left. */
  record Sent(long taskId, String channel, LocalDate day) {
    Sent(long taskId, ContactStep step, LocalDate day) {
      this(
          taskId,
          (step == ContactStep.SMS ? ContactChannel.SMS : ContactChannel.WECHAT).name(),
          day);
    }

    private Sent of(long task) {
      return new Sent(task, channel, day);
    }
  }

  /** The last message about a task. */
  private static Optional<Sent> told(Tx tx, Tenant tenant, long taskId) {
    return tx.guarded(
            """
            SELECT told, told_by FROM {reminder_task}
            WHERE dealer_id = :dealer AND id = :task AND told IS NOT NULL""")
        .bind("dealer", tenant.id())
        .bind("task", taskId)
        .map(
            (row, context) ->
                new Sent(taskId, row.getString("told_by"), row.getObject("told", LocalDate.class)))
        .findOne();
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
    left(tx, tenant, sent);
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

  private static void left(Tx tx, Tenant tenant, Collection<Sent> sent) {
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
