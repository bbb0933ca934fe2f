package io.laoke.message;

import static io.laoke.base.Check.mended;
import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;

/**
 * Why something did not happen, for people and for programs.
 *
 * @param code short and stable, such as {@code 43004} or {@code TIMEOUT}
 * @param text what happened, with the platform's request id where it gave one; never a secret, an
 *     openid, a phone or a URL
 * @param advice what to do about it, in English; empty where there is nothing to do
 * @param adviceZh the same in Chinese
 */
public record Reason(String code, String text, String advice, String adviceZh) {
  /** Checks. */
  public Reason {
    code = Check.text("code", code, 64);
    text = mended(notNull("text", text));
    advice = mended(notNull("advice", advice));
    adviceZh = mended(notNull("adviceZh", adviceZh));
  }

  /** A reason about which there is nothing to do. */
  public static Reason of(String code, String text) {
    return new Reason(code, text, "", "");
  }
}
