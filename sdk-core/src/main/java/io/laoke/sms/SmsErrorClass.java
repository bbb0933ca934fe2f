package io.laoke.sms;

/** What a provider's refusal means for the message, whatever its code is. */
public enum SmsErrorClass {
  /** Certainly not sent, for a reason that passes in seconds. */
  RETRY,
  /** A limit of so many in a time: it passes when the time is over. */
  WAIT,
  /** The number is none, or cannot be written to. */
  NUMBER,
  /** The person refuses messages of this sender. */
  OPT_OUT,
  /** Template, signature or parameters are not as they were approved. */
  TEMPLATE,
  /** The words are not allowed. */
  CONTENT,
  /** It is too late, or too early, for promotions. */
  TIME,
  /** The account has no money, or is suspended for it. */
  MONEY,
  /** Keys, permissions or addresses are wrong. */
  ACCESS,
  /** The template is not meant for numbers of this country. */
  REGION,
  /** A code that nobody has classified. */
  OTHER
}
