package io.laoke.reminder;

import io.laoke.catalog.Chunks;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The SQL of reminders. */
final class ReminderTable {
  private static final String SELECT =
      """
      SELECT r.unit_id, r.kind, r.order_id, r.category, r.model, r.brand, r.party, r.member_id,
        r.place_id, r.store_code, r.delivered, r.installed, r.completed, r.serviced, r.done, r.closed,
        r.skipped, r.replaced, r.rule_code, r.rule_version, r.state, r.due, r.basis, r.from_day,
        r.assumed, r.not_before, r.contact_day
      FROM {reminder} r""";

  /** What a change of a rule may concern. */
  private static final String CONCERNED =
      """
      (r.rule_code = :code OR (r.kind = :kind
        AND (r.category = :path OR LEFT(r.category, CHAR_LENGTH(:below)) = :below)))""";

  private ReminderTable() {}

  // ---- reading

  /** The reminders of units, locked in the order of their keys unless they are only shown. */
  static Map<ReminderRow.Key, ReminderRow> ofUnits(
      Tx tx, Tenant tenant, Collection<Long> unitIds, boolean lock) {
    return ofUnits(tx, tenant, unitIds, Optional.empty(), lock);
  }

  /** The same of one kind of service alone, if one is given. */
  static Map<ReminderRow.Key, ReminderRow> ofUnits(
      Tx tx, Tenant tenant, Collection<Long> unitIds, Optional<String> kind, boolean lock) {
    Map<ReminderRow.Key, ReminderRow> found = new HashMap<>();
    for (List<Long> some : Chunks.of(unitIds.stream().distinct().sorted().toList())) {
      Query query =
          tx.query(
                  SELECT
                      + (lock ? tx.dialect().byPrimaryKey() : "")
                      + " WHERE r.dealer_id = :dealer AND r.unit_id IN (<units>)"
                      + (kind.isPresent() ? " AND r.kind = :kind" : "")
                      + " ORDER BY r.unit_id, r.kind"
                      + (lock ? " FOR UPDATE" : ""),
                  "units",
                  Rows.Type.LONG,
                  some)
              .bind("dealer", tenant.id());
      kind.ifPresent(one -> query.bind("kind", one));
      query.map((row, context) -> row(row)).forEach(row -> found.put(row.key(), row));
    }
    return found;
  }

  /**
   * Some that are due by a day, the longest due first; locked, without those others have locked.
   */
  static List<ReminderRow> due(Tx tx, Tenant tenant, LocalDate today, int limit) {
    return due(tx, tenant, today, limit, "");
  }

  /** The same without those of orders that have changed, however many these are. */
  static List<ReminderRow> dueUnlessChanged(Tx tx, Tenant tenant, LocalDate today, int limit) {
    return due(
        tx,
        tenant,
        today,
        limit,
        " AND NOT EXISTS (SELECT c.id FROM {reminder_todo} c"
            + " WHERE c.dealer_id = r.dealer_id AND c.order_id = r.order_id)");
  }

  private static List<ReminderRow> due(
      Tx tx, Tenant tenant, LocalDate today, int limit, String and) {
    return tx.query(
            SELECT
                + tx.dialect().byIndex("reminder_planned")
                + " WHERE r.dealer_id = :dealer AND r.contact_day <= :today"
                + and
                + " ORDER BY r.dealer_id, r.contact_day, r.unit_id LIMIT :limit FOR UPDATE"
                + tx.dialect().skipLocked())
        .bind("dealer", tenant.id())
        .bind("today", today)
        .bind("limit", limit)
        .map((row, context) -> row(row))
        .list();
  }

  /** The parties that have several of the longest due by a day, with how many these are. */
  static Map<String, Integer> several(Tx tx, Tenant tenant, LocalDate today, int among) {
    return tx.query(
            "SELECT d.party, COUNT(*) AS dates FROM (SELECT r.party FROM {reminder} r"
                + tx.dialect().byIndex("reminder_planned")
                + """
                     WHERE r.dealer_id = :dealer AND r.contact_day <= :today
                      ORDER BY r.dealer_id, r.contact_day, r.unit_id LIMIT :among) d
                    GROUP BY d.party HAVING COUNT(*) > 1""")
        .bind("dealer", tenant.id())
        .bind("today", today)
        .bind("among", among)
        .map((row, context) -> Map.entry(row.getString("party"), row.getInt("dates")))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** The last unit of a window of rows behind one; empty if there is none. */
  static Optional<Long> window(Tx tx, Tenant tenant, long afterUnit, int rows) {
    return tx.query(
            """
            SELECT MAX(w.unit_id) FROM (
              SELECT unit_id FROM {reminder} WHERE dealer_id = :dealer AND unit_id > :after
              ORDER BY dealer_id, unit_id LIMIT :rows) w""")
        .bind("dealer", tenant.id())
        .bind("after", afterUnit)
        .bind("rows", rows)
        .mapTo(Long.class)
        .findOne();
  }

  /** What a change of a rule may concern, of the units behind one and up to another. */
  static List<ReminderRow> concerned(
      Tx tx, Tenant tenant, RuleTable.Scope scope, long afterUnit, long lastUnit, boolean lock) {
    return tx.query(
            SELECT
                + (lock ? tx.dialect().byPrimaryKey() : "")
                + " WHERE r.dealer_id = :dealer AND r.unit_id > :after AND r.unit_id <= :last"
                + " AND "
                + CONCERNED
                + " ORDER BY r.unit_id, r.kind"
                + (lock ? " FOR UPDATE" : ""))
        .bind("dealer", tenant.id())
        .bind("after", afterUnit)
        .bind("last", lastUnit)
        .bind("code", scope.code())
        .bind("kind", scope.kind())
        .bind("path", scope.category())
        .bind("below", scope.category() + "/")
        .map((row, context) -> row(row))
        .list();
  }

  private static ReminderRow row(ResultSet row) throws SQLException {
    String basis = row.getString("basis");
    return new ReminderRow(
        new ReminderRow.Unit(
            row.getLong("unit_id"),
            row.getLong("order_id"),
            row.getString("category"),
            row.getString("model"),
            row.getString("brand"),
            row.getString("party"),
            number(row, "member_id"),
            number(row, "place_id"),
            row.getString("store_code")),
        row.getString("kind"),
        new ReminderRow.Days(
            day(row, "delivered"),
            day(row, "installed"),
            day(row, "completed"),
            day(row, "serviced"),
            day(row, "done"),
            row.getInt("closed"),
            day(row, "skipped"),
            day(row, "replaced")),
        new ReminderRow.Planned(
            row.getString("rule_code"),
            row.getInt("rule_version"),
            row.getString("state"),
            day(row, "due"),
            basis == null ? null : Basis.valueOf(basis),
            day(row, "from_day"),
            row.getBoolean("assumed"),
            day(row, "not_before"),
            day(row, "contact_day")));
  }

  static @Nullable LocalDate day(ResultSet row, String column) throws SQLException {
    return row.getObject(column, LocalDate.class);
  }

  static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  // ---- writing

  /** With the columns of what changes when a reminder alone is planned. */
  private static Rows withPlan(Rows rows) {
    return rows.with(Rows.Type.INT, "closed")
        .with(Rows.Type.DATE, "skipped")
        .with(Rows.Type.TEXT, "rule_code")
        .with(Rows.Type.INT, "rule_version")
        .with(Rows.Type.TEXT, "state")
        .with(Rows.Type.DATE, "due")
        .with(Rows.Type.TEXT, "basis")
        .with(Rows.Type.DATE, "from_day")
        .with(Rows.Type.BOOL, "assumed")
        .with(Rows.Type.DATE, "not_before", "contact_day");
  }

  /** A row whose last columns are those of {@link #withPlan}. */
  private static void add(Rows rows, ReminderRow row, @Nullable Object... first) {
    ReminderRow.Planned planned = row.planned();
    List<@Nullable Object> values = new ArrayList<>(Arrays.asList(first));
    Collections.addAll(
        values,
        row.days().closed(),
        row.days().skipped(),
        planned.ruleCode(),
        planned.ruleVersion(),
        planned.state(),
        planned.due(),
        planned.basis() == null ? null : planned.basis().name(),
        planned.from(),
        planned.assumed(),
        planned.notBefore(),
        planned.contactDay());
    rows.add(values.toArray());
  }

  static void insert(Tx tx, Tenant tenant, Collection<ReminderRow> added) {
    Rows rows =
        withPlan(
            Rows.of("reminder", tenant.id())
                .with(Rows.Type.LONG, "unit_id")
                .with(Rows.Type.TEXT, "kind")
                .with(Rows.Type.LONG, "order_id")
                .with(Rows.Type.TEXT, "category", "model", "brand", "party")
                .with(Rows.Type.LONG, "member_id", "place_id")
                .with(Rows.Type.TEXT, "store_code")
                .with(Rows.Type.DATE, "delivered", "installed", "completed", "serviced", "done")
                .with(Rows.Type.DATE, "replaced"));
    for (ReminderRow row : added) {
      ReminderRow.Unit unit = row.unit();
      ReminderRow.Days days = row.days();
      add(
          rows,
          row,
          unit.id(),
          row.kind(),
          unit.orderId(),
          unit.category(),
          unit.model(),
          unit.brand(),
          unit.party(),
          unit.memberId(),
          unit.placeId(),
          unit.storeCode(),
          days.delivered(),
          days.installed(),
          days.completed(),
          days.serviced(),
          days.done(),
          days.replaced());
    }
    tx.insertAll(rows);
  }

  /**
   * Writes rows that are there and locked; of their units nothing changes but by {@link #update}.
   */
  static void updatePlans(Tx tx, Tenant tenant, Collection<ReminderRow> changed) {
    if (changed.isEmpty()) {
      return;
    }
    if (tx.dialect().returnsUpdated()) {
      Rows rows =
          withPlan(
              Rows.of("reminder", tenant.id())
                  .with(Rows.Type.LONG, "unit_id")
                  .with(Rows.Type.TEXT, "kind"));
      changed.forEach(row -> add(rows, row, row.unit().id(), row.kind()));
      tx.updateWhere(rows, "", "TRUE");
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {reminder} SET closed = :closed, skipped = :skipped, rule_code = :rule,
              rule_version = :version, state = :state, due = :due, basis = :basis,
              from_day = :from, assumed = :assumed, not_before = :notBefore, contact_day = :contact
            WHERE dealer_id = :dealer AND unit_id = :unit AND kind = :kind""");
    changed.forEach(row -> bind(batch, tenant, row).add());
    batch.execute();
  }

  private static PreparedBatch bind(PreparedBatch batch, Tenant tenant, ReminderRow row) {
    ReminderRow.Planned planned = row.planned();
    return batch
        .bind("closed", row.days().closed())
        .bind("skipped", row.days().skipped())
        .bind("rule", planned.ruleCode())
        .bind("version", planned.ruleVersion())
        .bind("state", planned.state())
        .bind("due", planned.due())
        .bind("basis", planned.basis() == null ? null : planned.basis().name())
        .bind("from", planned.from())
        .bind("assumed", planned.assumed())
        .bind("notBefore", planned.notBefore())
        .bind("contact", planned.contactDay())
        .bind("dealer", tenant.id())
        .bind("unit", row.unit().id())
        .bind("kind", row.kind());
  }

  /** Writes rows that are there and locked, all of them anew. */
  static void update(Tx tx, Tenant tenant, Collection<ReminderRow> changed) {
    if (changed.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {reminder} SET order_id = :order, category = :category, model = :model,
              brand = :brand, party = :party, member_id = :member, place_id = :place,
              store_code = :store, delivered = :delivered, installed = :installed,
              completed = :completed, serviced = :serviced, done = :done, closed = :closed,
              replaced = :replaced, skipped = :skipped, rule_code = :rule, rule_version = :version, state = :state,
              due = :due, basis = :basis, from_day = :from, assumed = :assumed,
              not_before = :notBefore, contact_day = :contact
            WHERE dealer_id = :dealer AND unit_id = :unit AND kind = :kind""");
    for (ReminderRow row : changed) {
      ReminderRow.Unit unit = row.unit();
      bind(batch, tenant, row)
          .bind("order", unit.orderId())
          .bind("category", unit.category())
          .bind("model", unit.model())
          .bind("brand", unit.brand())
          .bind("party", unit.party())
          .bind("member", unit.memberId())
          .bind("place", unit.placeId())
          .bind("store", unit.storeCode())
          .bind("delivered", row.days().delivered())
          .bind("installed", row.days().installed())
          .bind("completed", row.days().completed())
          .bind("serviced", row.days().serviced())
          .bind("done", row.days().done())
          .bind("replaced", row.days().replaced())
          .add();
    }
    batch.execute();
  }

  static void delete(Tx tx, Tenant tenant, Collection<ReminderRow.Key> gone) {
    if (gone.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            "DELETE FROM {reminder} WHERE dealer_id = :dealer AND unit_id = :unit AND kind = :kind");
    for (ReminderRow.Key key : gone) {
      batch.bind("dealer", tenant.id()).bind("unit", key.unitId()).bind("kind", key.kind()).add();
    }
    batch.execute();
  }

  // ---- days that are filled with what was overdue

  /**
   * Gives things to do days from one on, of each day no more than so many, behind those that were
   * given before; see {@link MovedClock} for a clock that was moved back. Locks the store's row.
   */
  static List<LocalDate> fill(
      Tx tx, Tenant tenant, String storeCode, LocalDate today, int many, int aDay) {
    tx.insertIfAbsent(
        """
        INSERT INTO {reminder_filled} (dealer_id, store_code, fill_day, taken)
        VALUES (:dealer, :store, :day, 0)""",
        row -> row.bind("dealer", tenant.id()).bind("store", storeCode).bind("day", today));
    record Filled(LocalDate day, int taken) {}
    Filled at =
        tx.query(
                """
                SELECT fill_day, taken FROM {reminder_filled}
                WHERE dealer_id = :dealer AND store_code = :store FOR UPDATE""")
            .bind("dealer", tenant.id())
            .bind("store", storeCode)
            .map(
                (row, context) ->
                    new Filled(row.getObject("fill_day", LocalDate.class), row.getInt("taken")))
            .one();
    LocalDate day = at.day().isBefore(today) ? today : at.day();
    int taken = at.day().isBefore(today) ? 0 : at.taken();
    List<LocalDate> given = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      if (taken >= aDay) {
        day = day.plusDays(1);
        taken = 0;
      }
      given.add(day);
      taken++;
    }
    filled(tx, tenant, storeCode, day, taken);
    return given;
  }

  private static void filled(Tx tx, Tenant tenant, String storeCode, LocalDate day, int taken) {
    tx.update(
            """
            UPDATE {reminder_filled} SET fill_day = :day, taken = :taken
            WHERE dealer_id = :dealer AND store_code = :store""")
        .bind("day", day)
        .bind("taken", taken)
        .bind("dealer", tenant.id())
        .bind("store", storeCode)
        .execute();
  }

  /** The last day on which an engine worked, if one did; see {@link MovedClock}. */
  static Optional<LocalDate> lived(Tx tx, Tenant tenant) {
    return tx.query("SELECT lived FROM {reminder_clock} WHERE dealer_id = :dealer")
        .bind("dealer", tenant.id())
        .mapTo(LocalDate.class)
        .findOne();
  }

  /** An engine works on that day. */
  static void live(Tx tx, Tenant tenant, LocalDate today) {
    tx.insertIfAbsent(
        "INSERT INTO {reminder_clock} (dealer_id, lived) VALUES (:dealer, :day)",
        row -> row.bind("dealer", tenant.id()).bind("day", today));
    tx.update("UPDATE {reminder_clock} SET lived = :day WHERE dealer_id = :dealer")
        .bind("day", today)
        .bind("dealer", tenant.id())
        .execute();
  }

  /** What was overdue when it was planned, and the day that it was given. */
  record Given(ReminderRow.Key key, long orderId, LocalDate day) {}

  /** Some that were given days, that day or later ones, the earliest first; locked. */
  static List<Given> given(Tx tx, Tenant tenant, LocalDate from, int limit) {
    LocalDate last =
        tx.query("SELECT MAX(fill_day) FROM {reminder_filled} WHERE dealer_id = :dealer")
            .bind("dealer", tenant.id())
            .mapTo(LocalDate.class)
            .findOne()
            .orElse(from);
    return tx.query(
            "SELECT r.unit_id, r.kind, r.order_id, r.contact_day FROM {reminder} r"
                + tx.dialect().byIndex("reminder_planned")
                + """
                 WHERE r.dealer_id = :dealer AND r.contact_day >= :from AND r.contact_day <= :last
                  AND r.not_before = r.contact_day
                ORDER BY r.dealer_id, r.contact_day, r.unit_id LIMIT :limit FOR UPDATE""")
        .bind("dealer", tenant.id())
        .bind("from", from)
        .bind("last", last)
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Given(
                    new ReminderRow.Key(row.getLong("unit_id"), row.getString("kind")),
                    row.getLong("order_id"),
                    row.getObject("contact_day", LocalDate.class)))
        .list();
  }

  /** They have no days any more; when they come due instead is found as they are planned anew. */
  static void takeBack(Tx tx, Tenant tenant, Collection<Given> given) {
    if (given.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {reminder} SET not_before = NULL
            WHERE dealer_id = :dealer AND unit_id = :unit AND kind = :kind""");
    for (Given one : given) {
      batch
          .bind("dealer", tenant.id())
          .bind("unit", one.key().unitId())
          .bind("kind", one.key().kind())
          .add();
    }
    batch.execute();
  }

  /** Days are given from that one on, of which some have been given already. */
  static void fillFrom(Tx tx, Tenant tenant, LocalDate today) {
    Map<String, Integer> taken = new HashMap<>();
    tx.query(
            "SELECT r.store_code, COUNT(*) AS taken FROM {reminder} r"
                + tx.dialect().byIndex("reminder_planned")
                + """
                 WHERE r.dealer_id = :dealer AND r.contact_day = :today AND r.not_before = :today
                GROUP BY r.store_code""")
        .bind("dealer", tenant.id())
        .bind("today", today)
        .map(
            (row, context) ->
                Map.entry(
                    Objects.requireNonNullElse(row.getString("store_code"), ""),
                    row.getInt("taken")))
        .forEach(one -> taken.put(one.getKey(), one.getValue()));
    List<String> stores =
        tx.query(
                """
                SELECT store_code FROM {reminder_filled}
                WHERE dealer_id = :dealer AND fill_day > :today
                ORDER BY store_code FOR UPDATE""")
            .bind("dealer", tenant.id())
            .bind("today", today)
            .mapTo(String.class)
            .list();
    for (String store : stores) {
      filled(tx, tenant, store, today, taken.getOrDefault(store, 0));
    }
  }

  // ---- orders that have changed

  static void todo(Tx tx, Tenant tenant, Collection<Long> orderIds, LongSupplier ids) {
    Rows rows = Rows.of("reminder_todo", tenant.id()).with(Rows.Type.LONG, "id", "order_id");
    orderIds.forEach(order -> rows.add(ids.getAsLong(), order));
    tx.insertLater(rows);
  }

  /** That an order has changed. */
  record Todo(long id, long orderId) {}

  /** The longest waiting, locked, without those others have locked. */
  static List<Todo> todo(Tx tx, Tenant tenant, int limit, Collection<Long> butOrders) {
    return todo(tx, tenant, limit, butOrders, " FOR UPDATE" + tx.dialect().skipLocked());
  }

  /** The same as they are. */
  static List<Todo> waiting(Tx tx, Tenant tenant, int limit, Collection<Long> butOrders) {
    return todo(tx, tenant, limit, butOrders, "");
  }

  private static List<Todo> todo(
      Tx tx, Tenant tenant, int limit, Collection<Long> butOrders, String lock) {
    // Numbers of our own, and as values they would make a statement of each length.
    String but =
        butOrders.isEmpty()
            ? ""
            : butOrders.stream()
                .map(String::valueOf)
                .collect(Collectors.joining(", ", " AND order_id NOT IN (", ")"));
    return tx.query(
            "SELECT id, order_id FROM {reminder_todo}"
                + tx.dialect().byPrimaryKey()
                + " WHERE dealer_id = :dealer"
                + but
                + " ORDER BY dealer_id, id LIMIT :limit"
                + lock)
        .bind("dealer", tenant.id())
        .bind("limit", limit)
        .map((row, context) -> new Todo(row.getLong("id"), row.getLong("order_id")))
        .list();
  }

  /** That one order has changed, as often as it has; locked. */
  static List<Todo> todoOf(Tx tx, Tenant tenant, long orderId) {
    return tx.query(
            """
            SELECT id, order_id FROM {reminder_todo}
            WHERE dealer_id = :dealer AND order_id = :order ORDER BY id FOR UPDATE"""
                + tx.dialect().skipLocked())
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .map((row, context) -> new Todo(row.getLong("id"), row.getLong("order_id")))
        .list();
  }

  static void done(Tx tx, Tenant tenant, Collection<Todo> planned) {
    PreparedBatch batch =
        tx.batch("DELETE FROM {reminder_todo} WHERE dealer_id = :dealer AND id = :id");
    planned.forEach(one -> batch.bind("dealer", tenant.id()).bind("id", one.id()).add());
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  /** Those of these orders that have changed and are to be planned. */
  static List<Long> changed(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    List<Long> changed = new ArrayList<>();
    boolean any =
        tx.query("SELECT id FROM {reminder_todo} WHERE dealer_id = :dealer LIMIT 1")
            .bind("dealer", tenant.id())
            .mapTo(Long.class)
            .findFirst()
            .isPresent();
    if (!any) {
      return changed;
    }
    for (List<Long> some : Chunks.of(orderIds)) {
      tx.query(
              """
              SELECT DISTINCT order_id FROM {reminder_todo}
              WHERE dealer_id = :dealer AND order_id IN (<orders>)""",
              "orders",
              Rows.Type.LONG,
              some)
          .bind("dealer", tenant.id())
          .mapTo(Long.class)
          .forEach(changed::add);
    }
    return changed;
  }

  /** Those of these orders that have a unit with a reminder of a kind. */
  static Set<Long> ordersWith(Tx tx, Tenant tenant, String kind, Collection<Long> orderIds) {
    Set<Long> with = new HashSet<>();
    for (List<Long> some : Chunks.of(orderIds)) {
      tx.query(
              """
              SELECT DISTINCT u.order_id FROM {order_unit} u
              JOIN {reminder} r ON r.dealer_id = u.dealer_id AND r.unit_id = u.id AND r.kind = :kind
              WHERE u.dealer_id = :dealer AND u.order_id IN (<orders>)""")
          .bind("dealer", tenant.id())
          .bind("kind", kind)
          .bindList("orders", some)
          .mapTo(Long.class)
          .forEach(with::add);
    }
    return with;
  }
}
