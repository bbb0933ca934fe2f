package io.laoke.reminder;

/** What a customer can answer to what they were told. */
public enum AnswerWord {
  /** 预约: they agree to a time, or ask to be called for one. */
  BOOK,
  /** 稍后: they want to be asked another time. */
  LATER,
  /** 不需要: they do not want this service. */
  DECLINE,
  /** 已安装: the unit was installed on another day than was assumed. */
  INSTALLED
}
