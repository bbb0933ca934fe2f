package io.laoke.reminder;

/** By what a customer was reached about a date, the last time. */
public enum ReportChannel {
  /** 微信: by a WeChat message, or by staff in WeChat. */
  WECHAT,
  /** 短信: by a text message. */
  SMS,
  /** 电话: staff called. */
  PHONE,
  /** 上门/到店: in the store, or at the customer's door. */
  VISIT,
  /** 其他: they booked or refused, and staff did not note how they were reached. */
  UNKNOWN,
  /** 未联系上: nobody has reached them. */
  NONE,
  /** 自发: a service that came of no date. */
  OWN
}
