package io.laoke.reminder;

import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.reminder.TaskTable.Item;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the business clock was moved back, as that of a demo is, or that of a machine that
 * was wrong.
 *
 * <p>What came due on the days ahead has come due, and does not again: that is kept by its date.
 * But it took along whatever else was missed up to then, and of that nothing has been missed. And
 * work that was overdue got days behind those, see {@link ReminderSettings#overdueADay}, and what
 * is overdue now would get days behind these, which nobody lives for long. So once an engine works
 * on a day that is before the last one on which any has, by more than one day, the days that were
 * given to work and are still ahead are taken back: what is overdue as of now is given days from
 * now on, of each no more than so many, and anything else comes due on its own day. What was told
 * ahead of its time counts as told today: the dates behind it come on their own days, and a service
 * that is done before it begins the count anew, as if it had not come due. Clocks that differ by a
 * day at most, as about midnight, move nothing.
 *
 * <p>Looked for once a day and engine. Taking back is done by some rows at a time, and by another
 * engine where one ends before it is done.
 */
final class MovedClock {
  private static final Logger LOG = LoggerFactory.getLogger(MovedClock.class);
  private static final int AT_ONCE = 1_000;

  private final Database database;
  private final Planner planner;
  private final Map<Integer, LocalDate> looked = new ConcurrentHashMap<>();

  MovedClock(Database database, Planner planner) {
    this.database = database;
    this.planner = planner;
  }

  /** Returns whether days were taken back, so that orders are to be planned anew. */
  boolean run(Tenant tenant, LocalDate today) {
    if (today.equals(looked.get(tenant.id()))) {
      return false;
    }
    Optional<LocalDate> last =
        database.own("look for the last day of reminders", tx -> ReminderTable.lived(tx, tenant));
    boolean back = last.filter(day -> day.isAfter(today.plusDays(1))).isPresent();
    if (back) {
      LOG.warn(
          "laoke.reminders.clock: the business day of dealer '{}' is {}, and was {}; days that were"
              + " given to overdue services are given anew, and what came due ahead of its time does"
              + " not again",
          tenant.code(),
          today,
          last.get());
      takeBack(tenant, today);
      countAsToldOn(tenant, today);
    }
    if (back || last.isEmpty() || last.get().isBefore(today)) {
      database.own("note the day of reminders", tx -> begin(tx, tenant, today, back));
    }
    looked.put(tenant.id(), today);
    return back;
  }

  private void takeBack(Tenant tenant, LocalDate today) {
    Optional<LocalDate> next = Optional.of(today.plusDays(1));
    while (next.isPresent()) {
      LocalDate from = next.get();
      next =
          database.own(
              "take back days of overdue services",
              tx -> {
                tx.byIndexes();
                return takeBack(tx, tenant, from);
              });
    }
  }

  /** Returns on which day to go on. */
  private Optional<LocalDate> takeBack(Tx tx, Tenant tenant, LocalDate from) {
    List<ReminderTable.Given> some = ReminderTable.given(tx, tenant, from, AT_ONCE);
    ReminderTable.takeBack(tx, tenant, some);
    planner.planLater(
        tx, tenant, some.stream().map(ReminderTable.Given::orderId).distinct().toList());
    return some.size() < AT_ONCE ? Optional.empty() : Optional.of(some.get(some.size() - 1).day());
  }

  private void countAsToldOn(Tenant tenant, LocalDate today) {
    Optional<Item> last = Optional.empty();
    do {
      Item behind = last.orElse(null);
      last =
          database.own(
              "count services that came due ahead as told",
              tx -> {
                tx.byIndexes();
                return countAsToldOn(tx, tenant, behind, today);
              });
    } while (last.isPresent());
  }

  /** Returns behind which one to go on. */
  private Optional<Item> countAsToldOn(
      Tx tx, Tenant tenant, @Nullable Item behind, LocalDate today) {
    List<Item> some = TaskTable.openedFrom(tx, tenant, today.plusDays(2), behind, AT_ONCE);
    if (some.isEmpty()) {
      return Optional.empty();
    }
    TaskTable.lock(tx, tenant, some.stream().map(Item::taskId).distinct().toList());
    planner.toldOn(tx, tenant, planner.rules(tx, tenant), some, today);
    return some.size() < AT_ONCE ? Optional.empty() : Optional.of(some.get(some.size() - 1));
  }

  private static boolean begin(Tx tx, Tenant tenant, LocalDate today, boolean back) {
    if (back) {
      ReminderTable.fillFrom(tx, tenant, today);
    }
    ReminderTable.live(tx, tenant, today);
    return back;
  }
}
