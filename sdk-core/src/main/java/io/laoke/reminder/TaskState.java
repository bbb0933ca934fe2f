package io.laoke.reminder;

/** How far a task 跟进任务 is; {@link Tasks} says which action leads where. */
public enum TaskState {
  /** 待跟进: nobody has taken it up; more services of the household may still join it. */
  OPEN,
  /** 跟进中: somebody has taken it up, or was given it. */
  CLAIMED,
  /** 已联系: the customer was contacted, or it was tried. */
  CONTACTED,
  /** 已预约: the customer has agreed to a time. */
  BOOKED,
  /** 已完成: the services were done. */
  DONE,
  /** 已拒绝: the customer does not want them. */
  REFUSED,
  /** 联系不上: nobody could be reached. */
  UNREACHABLE,
  /** 已关闭: nothing is left to be done: the units are gone, or another task has it. */
  CLOSED,
  /** 已过期: nobody has taken it up, or done anything about it, for a long time. */
  EXPIRED;

  /** Whether something is left to be done. */
  public boolean live() {
    return this == OPEN || begun();
  }

  /** Whether staff have begun with it, so that no more services join it. */
  boolean begun() {
    return this == CLAIMED || this == CONTACTED || this == BOOKED;
  }

  /** Whether it was ended without a service, by staff or since they did nothing. */
  boolean dropped() {
    return this == REFUSED || this == UNREACHABLE || this == EXPIRED;
  }
}
