package io.laoke.reminder;

import java.time.Instant;
import java.util.Optional;

/**
 * What happened to a task.
 *
 * @param action what was done
 * @param by who did it: a code of staff, {@code host} for the ERP's answer to a booking, {@code
 *     customer} for what the customer answered, or {@code laoke} for what follows from what was
 *     recorded
 * @param at business time
 * @param from the state before; empty for what happened before Laoke kept it
 * @param to the state after, likewise
 * @param detail what else belongs to it, in codes: to whom it was given, channel and result, a day,
 *     a slot, a work order; empty text if nothing
 * @param note what was written down
 */
public record TaskEvent(
    Action action,
    String by,
    Instant at,
    Optional<TaskState> from,
    Optional<TaskState> to,
    String detail,
    Optional<String> note) {
  /** The customer, as {@link #by}. */
  static final String CUSTOMER = "customer";

  /** What was done. */
  public enum Action {
    /** Somebody took it up. */
    CLAIMED,
    /** Whoever had it kept it for longer. */
    RENEWED,
    /** It went back to the pool. */
    RELEASED,
    /** It was given to somebody. */
    REASSIGNED,
    /** The customer was contacted. */
    CONTACTED,
    /** It was put off to a day. */
    SNOOZED,
    /** A slot was agreed on, or changed. */
    BOOKED,
    /** The ERP told its number of what was booked. */
    WORK_ORDER,
    /** The booking was cancelled. */
    BOOKING_CANCELLED,
    /** All that was left was done. */
    DONE,
    /** Some of it was done. */
    PARTLY_DONE,
    /** The customer refused. */
    REFUSED,
    /** Nobody could be reached. */
    UNREACHABLE,
    /** Nothing was left to do. */
    CLOSED,
    /** It was taken up again, since a service was recorded by mistake or a unit came back. */
    REOPENED,
    /** What came due for the same customer meanwhile has joined it. */
    JOINED,
    /** The customer asked to be called for a time. */
    ASKED,
    /** The customer said since when the goods are installed; what is not due yet went off. */
    INSTALLED,
    /**
     * The customer refused service reminders: nobody writes or calls, so it is not among {@link
     * TaskQuery#toBeCalled}. The detail says where they did.
     */
    CARE_REFUSED,
    /** The customer takes service reminders again. */
    CARE_ALLOWED,
    /** A rule put it on somebody's list. */
    ASSIGNED,
    /** Nobody had done anything about it for a long time. */
    EXPIRED
  }

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "TaskEvent[%s at %s]".formatted(action, at);
  }
}
