package io.laoke.reminder;

import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends tasks that nobody does anything about; looks for them once a day and engine. One that cannot
 * be ended keeps no other, and is tried again on the next day.
 */
final class Expiry {
  private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);
  private static final String ENGINE = "laoke";
  private static final int AT_ONCE = 200;
  private static final int MOST_FAILURES = 3;

  private final Database database;
  private final Function<Tenant, ReminderSettings> settings;
  private final Ids ids;
  private final Map<Integer, LocalDate> looked = new ConcurrentHashMap<>();
  private final Map<Integer, Set<Long>> failed = new ConcurrentHashMap<>();

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
    Set<Long> but = failed.getOrDefault(tenant.id(), Set.of());
    boolean some;
    try {
      some =
          database.own(
              "end tasks that nobody does anything about",
              tx -> {
                tx.byIndexes();
                List<Long> old = old(tx, tenant, last, untouched, but);
                old.forEach(id -> expire(tx, tenant, id, last, now));
                return !old.isEmpty();
              });
    } catch (RuntimeException together) {
      some = oneByOne(tenant, last, untouched, but, now, together);
    }
    if (!some) {
      looked.put(tenant.id(), today);
      failed.remove(tenant.id());
    }
    return some;
  }

  private boolean oneByOne(
      Tenant tenant,
      LocalDate last,
      Instant untouched,
      Set<Long> but,
      Instant now,
      RuntimeException together) {
    List<Long> old =
        database.own(
            "look for tasks that nobody does anything about",
            tx -> {
              tx.byIndexes();
              return old(tx, tenant, last, untouched, but);
            });
    Set<Long> left = new TreeSet<>(but);
    int ended = 0;
    for (long id : old) {
      try {
        database.own(
            "end a task that nobody does anything about",
            tx -> {
              expire(tx, tenant, id, last, now);
              return true;
            });
        ended++;
      } catch (RuntimeException alone) {
        left.add(id);
        LOG.warn(
            "laoke.reminders.expiry: task {} of dealer '{}', which nobody does anything about, cannot"
                + " be ended; others are, and it is tried again tomorrow and after each start",
            id,
            tenant.code(),
            alone);
        if (left.size() - but.size() == MOST_FAILURES && ended == 0) {
          break;
        }
      }
    }
    failed.put(tenant.id(), left);
    if (ended == 0) {
      throw together; // where none can be ended it is not their fault
    }
    return true;
  }

  private static List<Long> old(
      Tx tx, Tenant tenant, LocalDate last, Instant untouched, Set<Long> but) {
    String without =
        but.isEmpty()
            ? ""
            : but.stream()
                .map(String::valueOf)
                .collect(Collectors.joining(", ", " AND t.id NOT IN (", ")"));
    return tx.query(
            "SELECT t.id FROM {reminder_task} t"
                + tx.dialect().byIndex("reminder_task_listed")
                + """
                 WHERE t.dealer_id = :dealer AND t.listed = 1 AND t.due < :last
                  AND t.state = 'OPEN' AND t.changed_ms < :untouched
                  AND (t.snoozed IS NULL OR t.snoozed < :last)
                  AND NOT EXISTS (SELECT i.unit_id FROM {reminder_item} i
                    WHERE i.dealer_id = t.dealer_id AND i.task_id = t.id AND i.opened >= :last)
                """
                + without
                + " ORDER BY t.id LIMIT :limit")
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
