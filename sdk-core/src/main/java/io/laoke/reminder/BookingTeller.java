package io.laoke.reminder;

import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Tenant;
import java.time.Duration;
import java.time.LocalDate;
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
    boolean worked = false;
    RuntimeException failure = null;
    for (WorkTable.ToTell one :
        database.own(
            "look for bookings that are to be told",
            tx -> WorkTable.toTell(tx, tenant, tx.machineMillis(), AT_ONCE))) {
      // Each when its turn comes: until then it may be changed or cancelled, and others may tell
      // it.
      Optional<Taken> taken;
      try {
        taken = take(tenant, one, today);
      } catch (RuntimeException failed) {
        later(tenant, one, failed);
        failure = failed;
        continue;
      }
      taken.ifPresent(
          booking -> {
            if (told(new ReminderBooked(tenant.code(), booking.task()))) {
              database.own(
                  "note that a booking was told",
                  tx ->
                      WorkTable.told(
                          tx, tenant, booking.task().id(), booking.until(), Optional.empty()));
            }
          });
      worked |= taken.isPresent();
    }
    if (failure != null && !worked) {
      throw failure; // where none can be told it is not their fault
    }
    return worked;
  }

  /** One that cannot be told keeps no other waiting. */
  private void later(Tenant tenant, WorkTable.ToTell one, RuntimeException failed) {
    database.own(
        "put off a booking that cannot be told",
        tx ->
            WorkTable.told(
                tx, tenant, one.id(), one.at(), Optional.of(tx.machineMillis() + AGAIN)));
    LOG.warn(
        "laoke.reminders.booking: the slot of task {} of dealer '{}' cannot be told; others go on,"
            + " and it is tried again in a minute",
        one.id(),
        tenant.code(),
        failed);
  }

  private Optional<Taken> take(Tenant tenant, WorkTable.ToTell one, LocalDate today) {
    return database.own(
        "take a booking that is to be told",
        tx ->
            WorkTable.lockIfFree(tx, tenant, one.id())
                .filter(task -> task.tellMs != null && task.tellMs == one.at())
                .map(
                    row -> {
                      long until = tx.machineMillis() + AGAIN;
                      WorkTable.told(tx, tenant, one.id(), one.at(), Optional.of(until));
                      Task task = WorkTable.shown(tx, tenant, List.of(row), today).get(0);
                      return new Taken(task, until);
                    }));
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
