package io.laoke.reminder;

/** How staff contacted a customer. */
public enum ContactChannel {
  /** By phone. */
  PHONE,
  /** By WeChat. */
  WECHAT,
  /** By a text message. */
  SMS,
  /** In the store, or at the customer's door. */
  VISIT
}
