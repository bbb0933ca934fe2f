package io.laoke.reminder;

/** How far a task 跟进任务 is. */
enum TaskState {
  /** Nobody has taken it up; more services of the household may still join it. */
  OPEN,
  /** Somebody has it. */
  CLAIMED,
  /** The customer was reached. */
  CONTACTED,
  /** It is put off to a day. */
  SNOOZED,
  /** A visit is agreed. */
  BOOKED,
  /** The services were done. */
  DONE,
  /** The customer does not want them. */
  REFUSED,
  /** 联系不上. */
  UNREACHABLE,
  /** Nothing is left to be done: the units are gone. */
  CLOSED;

  /** Whether it waits for somebody to do something. */
  boolean live() {
    return compareTo(BOOKED) <= 0;
  }

  /** Whether what is recorded of its units has ended it, not somebody's word. */
  boolean endedByFacts() {
    return this == DONE || this == CLOSED;
  }
}
