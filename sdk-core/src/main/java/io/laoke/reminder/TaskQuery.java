package io.laoke.reminder;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.optionalKey;

import io.laoke.catalog.Keys;
import io.laoke.error.InvalidInputException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which tasks are asked for. Immutable; each method gives a changed copy. */
public final class TaskQuery {
  private static final LocalDate FIRST = LocalDate.of(1900, 1, 1);
  private static final LocalDate LAST = LocalDate.of(2399, 12, 31);
  private static final TaskQuery ALL_THERE_IS_TO_DO =
      new TaskQuery(
          FIRST,
          LAST,
          false,
          null,
          null,
          null,
          null,
          false,
          EnumSet.of(TaskState.OPEN, TaskState.CLAIMED, TaskState.CONTACTED, TaskState.BOOKED),
          false,
          false);

  private final LocalDate from;
  private final LocalDate to;
  private final boolean overdue;
  private final @Nullable String store;
  private final @Nullable String region;
  private final @Nullable String kind;
  private final @Nullable String assignee;
  private final boolean unassigned;
  private final Set<TaskState> states;
  private final boolean snoozed;
  private final boolean calls;

  private TaskQuery(
      LocalDate from,
      LocalDate to,
      boolean overdue,
      @Nullable String store,
      @Nullable String region,
      @Nullable String kind,
      @Nullable String assignee,
      boolean unassigned,
      Set<TaskState> states,
      boolean snoozed,
      boolean calls) {
    this.from = from;
    this.to = to;
    this.overdue = overdue;
    this.store = store;
    this.region = region;
    this.kind = kind;
    this.assignee = assignee;
    this.unassigned = unassigned;
    this.states = states;
    this.snoozed = snoozed;
    this.calls = calls;
  }

  /** All that there is to do, without what was put off to a later day. */
  public static TaskQuery todo() {
    return ALL_THERE_IS_TO_DO;
  }

  /**
   * Due on these days, in the dealer's zone.
   *
   * @param last included
   */
  public TaskQuery due(LocalDate first, LocalDate last) {
    day("first", first);
    day("last", last);
    if (last.isBefore(first)) {
      throw new InvalidInputException(
          "last", "must not be before first, " + first + "; was " + last);
    }
    return new TaskQuery(
        first, last, overdue, store, region, kind, assignee, unassigned, states, snoozed, calls);
  }

  private static void day(String field, LocalDate day) {
    if (notNull(field, day).isBefore(FIRST) || day.isAfter(LAST)) {
      throw new InvalidInputException(field, "must be in the years 1900 to 2399, was " + day);
    }
  }

  /** Due before today, in business time. */
  public TaskQuery overdue() {
    return new TaskQuery(
        from, to, true, store, region, kind, assignee, unassigned, states, snoozed, calls);
  }

  /** Of orders of that store; null for any. */
  public TaskQuery store(@Nullable String code) {
    return new TaskQuery(
        from,
        to,
        overdue,
        optionalKey("store", code, 64),
        region,
        kind,
        assignee,
        unassigned,
        states,
        snoozed,
        calls);
  }

  /** At places in that region, or below it; null for any. */
  public TaskQuery region(@Nullable String path) {
    return new TaskQuery(
        from,
        to,
        overdue,
        store,
        path == null ? null : Keys.path("region", path),
        kind,
        assignee,
        unassigned,
        states,
        snoozed,
        calls);
  }

  /**
   * With a service of that kind to be done, or, of tasks that have ended, done or not; null any.
   */
  public TaskQuery kind(@Nullable String code) {
    return new TaskQuery(
        from,
        to,
        overdue,
        store,
        region,
        optionalKey("kind", code, 32),
        assignee,
        unassigned,
        states,
        snoozed,
        calls);
  }

  /** On that member of staff's list. */
  public TaskQuery assignee(String staff) {
    return new TaskQuery(
        from,
        to,
        overdue,
        store,
        region,
        kind,
        key("staff", staff, 64),
        false,
        states,
        snoozed,
        calls);
  }

  /** On nobody's list. */
  public TaskQuery unassigned() {
    return new TaskQuery(
        from, to, overdue, store, region, kind, null, true, states, snoozed, calls);
  }

  /** In one of these states; those in which something is to do unless said. */
  public TaskQuery states(TaskState... any) {
    Set<TaskState> given = EnumSet.noneOf(TaskState.class);
    Arrays.stream(notNull("states", any)).forEach(one -> given.add(notNull("states", one)));
    if (given.isEmpty()) {
      throw new InvalidInputException("states", "must name at least one");
    }
    return new TaskQuery(
        from,
        to,
        overdue,
        store,
        region,
        kind,
        assignee,
        unassigned,
        Collections.unmodifiableSet(given),
        snoozed,
        calls);
  }

  /** Those as well that were put off to a day that has not come. */
  public TaskQuery withSnoozed() {
    return new TaskQuery(
        from, to, overdue, store, region, kind, assignee, unassigned, states, true, calls);
  }

  /**
   * Without those that nobody has taken up and whose customers are being told by messages, see
   * {@link ContactPlan}, and without those whose customers refuse service reminders by now, or
   * whose reminders staff have paused, unless a slot is booked: what is left is for staff to do.
   */
  public TaskQuery toBeCalled() {
    return new TaskQuery(
        from, to, overdue, store, region, kind, assignee, unassigned, states, snoozed, true);
  }

  /** Of whoever it is. */
  TaskQuery anybodys() {
    return new TaskQuery(
        from, to, overdue, store, region, kind, null, false, states, snoozed, calls);
  }

  LocalDate from() {
    return from;
  }

  LocalDate to(LocalDate today) {
    LocalDate before = today.minusDays(1);
    return overdue && before.isBefore(to) ? before : to;
  }

  Optional<String> store() {
    return Optional.ofNullable(store);
  }

  Optional<String> region() {
    return Optional.ofNullable(region);
  }

  Optional<String> kind() {
    return Optional.ofNullable(kind);
  }

  Optional<String> assignee() {
    return Optional.ofNullable(assignee);
  }

  boolean isUnassigned() {
    return unassigned;
  }

  Set<TaskState> any() {
    return states;
  }

  boolean isWithSnoozed() {
    return snoozed;
  }

  boolean isToBeCalled() {
    return calls;
  }
}
