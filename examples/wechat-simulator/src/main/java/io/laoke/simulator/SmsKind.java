package io.laoke.simulator;

/** What a text message's template was approved for. */
public enum SmsKind {
  /** One-time codes. */
  OTP,
  /** Notices. */
  NOTICE,
  /** Promotions. */
  PROMOTION
}
