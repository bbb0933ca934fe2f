package io.laoke.binding;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.text;

import io.laoke.error.ChannelException;
import java.time.Duration;

/**
 * Capability: makes codes that a person scans in the platform's own app. Called by many threads,
 * never inside a transaction that Laoke knows of.
 */
public interface ScanCodes {
  /**
   * Asks the platform for a temporary code; one network call.
   *
   * @param scene what a scan brings back; 1 to 64 ASCII characters
   * @param life how long the code is to work, at most 30 days
   * @throws io.laoke.error.ChannelException when the platform refuses or cannot be reached
   */
  ScanCode create(String scene, Duration life);

  /**
   * Asks the platform for a code that never expires; one network call. The same scene gives the
   * same code again. Platforms allow few of them (WeChat 100,000 an account), so they are for
   * stores, not for orders.
   *
   * @param scene what a scan brings back; 1 to 64 ASCII characters
   * @return the text to draw as a QR code
   * @throws io.laoke.error.ChannelException when the platform refuses, cannot be reached, or has no
   *     such codes
   */
  default String createLasting(String scene) {
    throw new ChannelException(
        "This account makes no permanent codes. Take an account that does, such as a verified WeChat service account (已认证服务号).",
        null,
        false);
  }

  /**
   * A code.
   *
   * @param content the text to draw as a QR code
   * @param life how long it works from now on
   */
  record ScanCode(String content, Duration life) {
    /** Checks. */
    public ScanCode {
      content = text("content", content, 512);
      notNull("life", life);
    }
  }
}
