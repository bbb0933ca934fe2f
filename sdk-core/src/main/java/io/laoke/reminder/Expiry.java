package io.laoke.reminder;

import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Ends tasks that nobody does anything about; looks for them once a day and engine. */
final class Expiry {
  private static final String ENGINE = "laoke";
  private static final int AT_ONCE = 200;

  private final Database database;
  private final Function<Tenant, ReminderSettings> settings;
  private final Ids ids;
  private final Map<Integer, LocalDate> looked = new ConcurrentHashMap<>();

  Expiry(Database database, Function<Tenant, ReminderSettings> settings, Ids ids) {
    this.database = database;
    this.settings = settings;
    this.ids = ids;
  }

  /** Returns whether some were ended. */
  boolean run(Tenant tenant, LocalDate today, Instant now) {
    int days = settings.apply(tenant).expireAfterDays();
    if (days == 0 || today.equals(looked.get(tenant.id()))) {
      return false;
    }
    LocalDate last = today.minusDays(days);
    Instant untouched = last.atStartOfDay(tenant.zone()).toInstant();
    boolean some =
        database.own(
            "end tasks that nobody does anything about",
            tx -> {
              tx.byIndexes();
              List<Long> old = old(tx, tenant, last, untouched);
              old.forEach(id -> expire(tx, tenant, id, last, now));
              return !old.isEmpty();
            });
    if (!some) {
      looked.put(tenant.id(), today);
    }
    return some;
  }

  private static List<Long> old(Tx tx, Tenant tenant, LocalDate last, Instant untouched) {
    return tx.query(
            "SELECT t.id FROM {reminder_task} t"
                + tx.dialect().byIndex("reminder_task_listed")
                + """
                 WHERE t.dealer_id = :dealer AND t.listed = 1 AND t.due < :last
                  AND t.state = 'OPEN' AND t.changed_ms < :untouched
                  AND (t.snoozed IS NULL OR t.snoozed < :last)
                  AND NOT EXISTS (SELECT i.unit_id FROM {reminder_item} i
                    WHERE i.dealer_id = t.dealer_id AND i.task_id = t.id AND i.opened >= :last)
                ORDER BY t.id LIMIT :limit""")
        .bind("dealer", tenant.id())
        .bind("last", last)
        .bind("untouched", untouched.toEpochMilli())
        .bind("limit", AT_ONCE)
        .mapTo(Long.class)
        .list();
  }

  private void expire(Tx tx, Tenant tenant, long id, LocalDate last, Instant now) {
    TaskRow row = WorkTable.lock(tx, tenant, id).orElse(null);
    if (row == null || row.state != TaskState.OPEN || joined(tx, tenant, id, last)) {
      return; // somebody has done something meanwhile
    }
    WorkTable.drop(tx, tenant, id);
    TaskTable.end(tx, tenant, id, TaskState.EXPIRED, now);
    TaskTable.audit(
        tx,
        tenant,
        ids.next(),
        new TaskTable.Happened(
            id, TaskEvent.Action.EXPIRED, ENGINE, TaskState.OPEN, TaskState.EXPIRED, "", null),
        now);
  }

  private static boolean joined(Tx tx, Tenant tenant, long id, LocalDate last) {
    return tx.guarded(
            """
            SELECT unit_id FROM {reminder_item}
            WHERE dealer_id = :dealer AND task_id = :task AND opened >= :last""")
        .bind("dealer", tenant.id())
        .bind("task", id)
        .bind("last", last)
        .mapTo(Long.class)
        .findFirst()
        .isPresent();
  }
}
