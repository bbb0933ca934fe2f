package io.laoke.reminder;

import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Tenant;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what was booked, outside of any transaction. Whoever tells has the booking for a
 * minute, so that it is told again if that process ends or a listener fails.
 */
final class BookingTeller {
  private static final Logger LOG = LoggerFactory.getLogger(BookingTeller.class);
  private static final long AGAIN = Duration.ofMinutes(1).toMillis();
  private static final int AT_ONCE = 20;

  private final Database database;
  private final List<BookingListener> listeners = new CopyOnWriteArrayList<>();

  BookingTeller(Database database) {
    this.database = database;
  }

  void add(BookingListener listener) {
    listeners.add(listener);
  }

  boolean any() {
    return !listeners.isEmpty();
  }

  /** A booking that this process tells, until then. */
  private record Taken(Task task, long until) {}

  /** Returns whether there was something to tell. */
  boolean tell(Tenant tenant, LocalDate today) {
    List<Taken> taken = take(tenant, today);
    for (Taken one : taken) {
      if (told(new ReminderBooked(tenant.code(), one.task()))) {
        database.own(
            "note that a booking was told",
            tx -> WorkTable.told(tx, tenant, one.task().id(), one.until(), Optional.empty()));
      }
    }
    return !taken.isEmpty();
  }

  private List<Taken> take(Tenant tenant, LocalDate today) {
    return database.own(
        "take bookings that are to be told",
        tx -> {
          long now = tx.machineMillis();
          List<Taken> taken = new ArrayList<>();
          for (WorkTable.ToTell one : WorkTable.toTell(tx, tenant, now, AT_ONCE)) {
            Optional<TaskRow> row =
                WorkTable.lockIfFree(tx, tenant, one.id())
                    .filter(task -> task.tellMs != null && task.tellMs == one.at());
            if (row.isPresent()) {
              WorkTable.told(tx, tenant, one.id(), one.at(), Optional.of(now + AGAIN));
              Task task = WorkTable.shown(tx, tenant, List.of(row.get()), today).get(0);
              taken.add(new Taken(task, now + AGAIN));
            }
          }
          return taken;
        });
  }

  private boolean told(ReminderBooked booking) {
    boolean all = true;
    for (BookingListener listener : listeners) {
      try {
        listener.booked(booking);
      } catch (RuntimeException | Error failure) {
        all = false;
        LOG.warn(
            "laoke.reminders.booking: a listener failed with the slot of task {} of dealer '{}'; it"
                + " is told again in a minute",
            booking.task().id(),
            booking.dealer(),
            failure);
      }
    }
    return all;
  }
}
