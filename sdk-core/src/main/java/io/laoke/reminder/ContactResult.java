package io.laoke.reminder;

/** What came of a contact. */
public enum ContactResult {
  /** 已联系上: the customer was reached. */
  REACHED,
  /** 稍后再联系: the customer wants to be asked another time. */
  LATER,
  /** 无人接听: nobody answered. */
  NO_ANSWER,
  /** 号码有误: it is somebody else's number, or none. */
  WRONG_NUMBER
}
