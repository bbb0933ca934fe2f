package io.laoke.reminder;

import io.laoke.base.Phone;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A task 跟进任务: what came due together for a customer, and how far staff are with it.
 *
 * @param id Laoke's own number of the task
 * @param due the earliest day among its services, those included that are over by now
 * @param overdueDays how many days ago that was, in business time; 0 if it was not
 * @param opened the day on which it came due
 * @param memberId whose it is; empty while nobody is known
 * @param contactName who receives at the place, or else the buyer
 * @param phone of the same; {@code toString} masks it
 * @param region of the place
 * @param street of the place
 * @param storeCode the store that sold
 * @param items what it is about, by order, line, unit and kind
 * @param assignee on whose list it is; empty for the pool
 * @param leaseUntil machine time, until when nobody else can claim it; empty if it is the
 *     assignee's for good, or nobody's
 * @param snoozedUntil from which day on it is to be followed up again
 * @param booked the slot that was agreed on
 * @param workOrderNo the ERP's own number 工单号 of what was booked, once the ERP has told it
 * @param lastContact the last time that the customer was contacted
 */
public record Task(
    long id,
    TaskState state,
    LocalDate due,
    long overdueDays,
    LocalDate opened,
    OptionalLong memberId,
    Optional<String> contactName,
    Optional<Phone> phone,
    Optional<String> region,
    Optional<String> street,
    Optional<String> storeCode,
    List<TaskItem> items,
    Optional<String> assignee,
    Optional<Instant> leaseUntil,
    Optional<LocalDate> snoozedUntil,
    Optional<Slot> booked,
    Optional<String> workOrderNo,
    Optional<Contact> lastContact) {
  /** Copies. */
  public Task {
    items = List.copyOf(items);
  }

  /**
   * A time that was agreed on with the customer.
   *
   * @param to behind its end
   */
  public record Slot(Instant from, Instant to) {}

  /** A contact with the customer. */
  public record Contact(Instant at, ContactChannel channel, ContactResult result) {}

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "Task[%d, %s, due %s, %d items]".formatted(id, state, due, items.size());
  }
}
