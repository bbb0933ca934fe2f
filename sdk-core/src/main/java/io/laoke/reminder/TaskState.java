package io.laoke.reminder;

/** How far a task 跟进任务 is. */
enum TaskState {
  /** Nobody has taken it up; more services of the household may still join it. */
  OPEN,
  /** The services were done. */
  DONE,
  /** Nothing is left to be done: the units are gone. */
  CLOSED
}
