package io.laoke.reminder;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A task as it is stored, to be changed and written while its row is locked. */
final class TaskRow {
  final long id;
  final @Nullable String party;
  final @Nullable Long memberId;
  final @Nullable Long placeId;
  final @Nullable String storeCode;
  final LocalDate opened;

  /** Machine time, when it was read. */
  long readMs;

  TaskState state;
  LocalDate due;
  @Nullable String assignee;
  @Nullable Long leaseMs;
  @Nullable LocalDate snoozed;
  @Nullable Long bookedFromMs;
  @Nullable Long bookedToMs;
  @Nullable String workOrderNo;
  @Nullable Long tellMs;
  @Nullable Long contactMs;
  @Nullable String channel;
  @Nullable String result;
  @Nullable LocalDate reached;
  @Nullable String reachedBy;
  @Nullable LocalDate bookedOn;

  TaskRow(
      long id,
      @Nullable String party,
      @Nullable Long memberId,
      @Nullable Long placeId,
      @Nullable String storeCode,
      LocalDate opened,
      long readMs,
      TaskState state,
      LocalDate due) {
    this.id = id;
    this.party = party;
    this.memberId = memberId;
    this.placeId = placeId;
    this.storeCode = storeCode;
    this.opened = opened;
    this.readMs = readMs;
    this.state = state;
    this.due = due;
  }

  /** Whether nobody has it, or whoever took it has let the lease lapse. */
  boolean free() {
    return state.live() && (assignee == null || (leaseMs != null && leaseMs <= readMs));
  }

  Optional<Task.Slot> slot() {
    return bookedFromMs == null || bookedToMs == null
        ? Optional.empty()
        : Optional.of(
            new Task.Slot(Instant.ofEpochMilli(bookedFromMs), Instant.ofEpochMilli(bookedToMs)));
  }

  void slot(Task.@Nullable Slot slot) {
    bookedFromMs = slot == null ? null : (Long) slot.from().toEpochMilli();
    bookedToMs = slot == null ? null : (Long) slot.to().toEpochMilli();
  }

  /** Whoever has it has it for good, and it is looked after now. */
  void keep() {
    leaseMs = null;
    snoozed = null;
  }

  /** It is booked, as is said on that day; what was done before has no work order here. */
  void book(Task.Slot slot, LocalDate on) {
    if (state != TaskState.BOOKED) {
      workOrderNo = null;
    }
    state = TaskState.BOOKED;
    slot(slot);
    bookedOn = on;
    keep();
    tellMs = readMs; // the host is told
  }

  /** It is over. */
  void end(TaskState as) {
    state = as;
    keep();
    tellMs = null;
  }

  Optional<Task.Contact> contact() {
    return contactMs == null || channel == null || result == null
        ? Optional.empty()
        : Optional.of(
            new Task.Contact(
                Instant.ofEpochMilli(contactMs),
                ContactChannel.valueOf(channel),
                ContactResult.valueOf(result)));
  }
}
