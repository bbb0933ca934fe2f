package io.laoke.reminder;

/** A way to reach who has a service due 触达步骤. */
public enum ContactStep {
  /** A WeChat template message to a follower. */
  TEMPLATE,
  /** A text message to the member's phone. */
  SMS,
  /** A call by staff: the task is on their list to be called. */
  CALL
}
