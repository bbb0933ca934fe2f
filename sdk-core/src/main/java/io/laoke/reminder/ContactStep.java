package io.laoke.reminder;

/** A way to reach who has a service due 触达步骤. */
public enum ContactStep {
  /**
   * A one-time subscription message to somebody who has agreed to one. It is taken by itself before
   * TEMPLATE, and no part of a plan.
   */
  SUBSCRIPTION,
  /** A WeChat template message to a follower. */
  TEMPLATE,
  /** A text message to the member's phone. */
  SMS,
  /** A call by staff: the task is on their list to be called. */
  CALL
}
