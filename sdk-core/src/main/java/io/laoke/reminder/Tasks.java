package io.laoke.reminder;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The work list of after-sales staff: tasks 跟进任务, what is done about them, and by whom. Safe for
 * use by many threads and processes. Each action is one transaction, or a part of the host's, and
 * leaves a line in {@link #history}; repeating it is harmless, and returns false where nothing
 * changed.
 *
 * <p><b>Who may take tasks.</b> Staff are named by the ERP's codes, as {@code catalog().put(Staff)}
 * has them, and only those who are active there can be given tasks or claim any: see {@link
 * #claim}, {@link #claimNext}, {@link #reassign} and {@link #leave}. Somebody who has tasks and is
 * no longer active can still end what they began. A dealer of whom no staff at all was ever put
 * names them as they like. Who decides something, in {@code by}, need not be staff.
 *
 * <p><b>Who has a task.</b> It is on the list of its assignee, or in the pool, which is
 * everybody's. Whoever claims one of the pool has it alone for {@link
 * ReminderSettings#claimedFor()}, by the database's clock, and for as long again each time they
 * claim it again; once that has passed, anybody else may claim it. With the first contact, snooze
 * or booking it is theirs for good, as it is with {@link #reassign} and {@link #leave}: only these
 * two, or {@link #release}, take it away. Nobody else than the assignee can act on it; what came
 * due for the same customer after it was taken up is a task of its own. A task that an {@link
 * AssigneeRule} has put on somebody's list is theirs from the start, and OPEN until they claim it;
 * given to another, it stays so.
 *
 * <p><b>What leads where.</b> An action that is not in a row is refused with a {@code
 * ConflictException} that says what to do; in brackets: no change.
 *
 * <pre>
 *                 OPEN       CLAIMED        CONTACTED      BOOKED       ended
 * claim           CLAIMED    CLAIMED        [CONTACTED]    BOOKED (1)   -
 * release         [OPEN]     OPEN           OPEN           BOOKED (1)   -
 * reassign        CLAIMED    CLAIMED        CONTACTED      BOOKED       -
 * contacted       -          CONTACTED      CONTACTED      BOOKED       -
 * snooze          -          CLAIMED        CONTACTED      -            -
 * book            -          BOOKED         BOOKED         BOOKED       -
 * workOrder       -          -              -              BOOKED       - (2)
 * cancelBooking   [OPEN]     [CLAIMED]      [CONTACTED]    CONTACTED    -
 * done            -          DONE (3)       DONE (3)       DONE (3)     [DONE]
 * refused         -          REFUSED        REFUSED        -            [REFUSED]
 * unreachable     -          UNREACHABLE    UNREACHABLE    -            [UNREACHABLE]
 * </pre>
 *
 * (1) what was booked and then given back keeps its slot, for whoever claims it. (2) the number
 * that it has changes nothing. (3) as long as some services are left it stays, or is CONTACTED
 * again if it was BOOKED. What customers answer by {@link Answers} leads to BOOKED, REFUSED, CLOSED
 * or a later day, whoever has the task. By itself a task becomes DONE once services of all its
 * units were recorded otherwise, and CLOSED once all its units are gone; either is OPEN again if
 * that turns out to be wrong. Dates of a task that was REFUSED or is UNREACHABLE stay so; the
 * units' next dates come due all the same. One that nobody does anything about is EXPIRED after a
 * time, if the dealer wants so: see {@link ReminderSettings#expireAfterDays()}.
 */
public interface Tasks {
  /**
   * A page of tasks by due day and id. The cost is that of the page and of what the filters pass
   * over; {@link TaskQuery#due}, {@link TaskQuery#assignee} and whether tasks have ended go by an
   * index.
   *
   * @param cursor {@link TaskPage#next()} of the page before, or null for the first
   * @param limit 1 to 500
   */
  TaskPage list(TaskQuery query, @Nullable String cursor, int limit);

  /** A task; empty if there is none. */
  Optional<Task> find(long taskId);

  /** What happened to a task since it was opened, the first first; empty if there is none. */
  List<TaskEvent> history(long taskId);

  /**
   * Takes a task up, or keeps it for as long again.
   *
   * @return the task as it is then
   * @throws io.laoke.error.ConflictException if somebody else has it, named in the message, or it
   *     has ended, or who claims it is not active
   * @throws io.laoke.error.NotFoundException if there is no such task, or no such member of staff
   *     where the dealer's staff are known
   */
  Task claim(long taskId, String staff);

  /**
   * Takes up the longest due task of the pool that is among these, passing over what others are
   * about to take; those whose claim has lapsed count as of the pool.
   *
   * @param query whatever it says of assignees
   * @return empty if there is none
   * @throws io.laoke.error.ConflictException if who claims it is not active
   * @throws io.laoke.error.NotFoundException if there is no such member of staff where the dealer's
   *     staff are known
   */
  Optional<Task> claimNext(String staff, TaskQuery query);

  /** Gives a task back to the pool, where what came due for the customer meanwhile joins it. */
  boolean release(long taskId, String staff);

  /**
   * Gives a task to somebody for good.
   *
   * @param from who has it; null for the pool
   * @param by who decides so
   * @throws io.laoke.error.ConflictException also if who is to get it is not active
   * @throws io.laoke.error.NotFoundException if there is no such task, or nobody to get it of that
   *     code where the dealer's staff are known
   */
  boolean reassign(long taskId, @Nullable String from, String to, String by);

  /**
   * Gives all that a leaver has to a successor for good, or back to the pool, in small transactions
   * unless in the host's; may be repeated where it ended.
   *
   * @param staff active or not; one who was never put only if they have tasks all the same
   * @param successor null for the pool
   * @param by who decides so
   * @return how many tasks
   * @throws io.laoke.error.ConflictException if the successor is not active
   * @throws io.laoke.error.NotFoundException if there is no such successor where the dealer's staff
   *     are known, or nobody of that code who could have left and no task of theirs
   */
  int leave(String staff, @Nullable String successor, String by);

  /**
   * Notes a contact. The same once more within five minutes is the same contact.
   *
   * @param note at most 200 characters; kept sealed, and erased with the customer
   */
  boolean contacted(
      long taskId,
      String staff,
      ContactChannel channel,
      ContactResult result,
      @Nullable String note);

  /**
   * Puts a task off: until that day it is not on the list, nor once it was given back to the pool,
   * unless something else came due for the customer that joins it there.
   *
   * @param until after today, at most three years
   */
  boolean snooze(long taskId, String staff, LocalDate until);

  /**
   * Notes a slot that was agreed on, or another one; {@link BookingListener}s hear of it.
   *
   * @param from today or later where the dealer is, so that what was agreed on this morning can be
   *     noted, and at most a year ahead; what has that slot already keeps it whatever the day
   * @param to after {@code from}, at most 31 days
   * @param note at most 200 characters; kept sealed, and erased with the customer
   * @throws io.laoke.error.InvalidInputException also if it begins before today, or later than that
   */
  boolean book(long taskId, String staff, Instant from, Instant to, @Nullable String note);

  /**
   * The ERP's number of what was booked, or another one.
   *
   * @param workOrderNo 工单号, of one task alone, at most 64 characters
   */
  boolean workOrder(long taskId, String workOrderNo);

  /**
   * The booking was cancelled: the task stays with whoever has it, to be followed up, and its work
   * order's number leads to it no longer.
   *
   * @param by who cancelled it
   * @param why at most 200 characters; kept sealed, and erased with the customer
   */
  boolean cancelBooking(long taskId, String by, @Nullable String why);

  /** The same by the work order, for the ERP. */
  boolean cancelBooking(String workOrderNo, @Nullable String why);

  /**
   * Its services were done: they are recorded as by {@code services().record}, with the work order
   * as their document, and the units' next dates are counted from them at once. What was paid
   * counts as having come of this task, whenever it was done.
   *
   * @throws io.laoke.error.ConflictException also if it was done already, but otherwise, or if a
   *     later service is recorded already, so that this one does not answer the date
   * @throws io.laoke.error.InvalidInputException also for a day before that from which the date is
   *     counted, such as the installation's, unless that is only assumed, or before the order's or
   *     after today; nothing is recorded then
   */
  boolean done(long taskId, String staff, ServiceDone done);

  /** The same by the work order, for the ERP, whoever has the task. */
  boolean done(String workOrderNo, ServiceDone done);

  /**
   * The customer does not want it.
   *
   * @param why at most 200 characters; kept sealed, and erased with the customer
   */
  boolean refused(long taskId, String staff, @Nullable String why);

  /** Nobody could be reached. */
  boolean unreachable(long taskId, String staff);

  /**
   * Writes the tasks asked for as CSV (RFC 4180: commas, quotes where needed, lines end with CR
   * LF), a line for each of their services, under a heading. Column {@code steps} has what was
   * tried by itself with the customer, the first first: which {@link ContactStep}, when, and why it
   * was left, or how far it is, as in {@link ReminderContact}, but of a call, which is the staff's;
   * such as {@code TEMPLATE 2026-07-10 09:00 SILENT; SMS 2026-07-13 09:00 TOLD}. Phones are masked,
   * and what a spreadsheet would take for a formula begins with an apostrophe. Reads 500 tasks at a
   * time, so that memory stays the same whatever their number; what changes meanwhile may be seen
   * before or after.
   *
   * @return how many tasks
   * @throws IOException if {@code to} throws it
   */
  long exportCsv(TaskQuery query, Appendable to) throws IOException;
}
