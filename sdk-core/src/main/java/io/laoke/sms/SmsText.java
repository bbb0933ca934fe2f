package io.laoke.sms;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;

/** How long a text message is, and so what it costs. */
public final class SmsText {
  /** Most characters of a message, its signature included. */
  public static final int LONGEST = 500;

  private static final int ALONE = 70;
  private static final int JOINED = 67;

  private SmsText() {}

  /** The text as the phone shows it: 【signature】 at its head, as the providers put it. */
  public static String shown(String signature, String text) {
    return "【" + notNull("signature", signature) + "】" + notNull("text", text);
  }

  /**
   * How many messages a text is charged as. Every character counts, Chinese, Latin, digit or blank,
   * and so do the signature and its brackets: up to 70 are one message, more are 67 a message.
   */
  public static int segments(String signature, String text) {
    return segments(shown(signature, text).length());
  }

  /**
   * The same for a number of characters.
   *
   * @param characters UTF-16 units, the signature and its brackets included
   */
  public static int segments(int characters) {
    int length = (int) Check.range("characters", characters, 0, Integer.MAX_VALUE - JOINED);
    return length <= ALONE ? 1 : (length + JOINED - 1) / JOINED;
  }
}
