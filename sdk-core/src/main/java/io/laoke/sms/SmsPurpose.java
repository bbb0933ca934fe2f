package io.laoke.sms;

/** What a text message is for 短信用途, as providers approve it. They refuse one as the other. */
public enum SmsPurpose {
  /** 验证码: a one-time code for a login or a check, and nothing else. */
  OTP,
  /** 通知: about an order, a service or an appointment of the person's own; no offers. */
  NOTICE,
  /** 推广: an offer to members, who can refuse any more by answering R. */
  PROMOTION
}
