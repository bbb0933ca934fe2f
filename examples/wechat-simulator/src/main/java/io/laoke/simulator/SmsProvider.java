package io.laoke.simulator;

/** Whose gateway is spoken to. */
public enum SmsProvider {
  /** Aliyun: dysmsapi 2017-05-25, signed with ACS3-HMAC-SHA256. */
  ALIYUN,
  /** Tencent Cloud: sms 2021-01-11, signed with TC3-HMAC-SHA256. */
  TENCENT
}
