package io.laoke.sms;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A provider's refusal: the message was certainly not taken.
 *
 * @param kind what it means
 * @param code the provider's own code
 * @param message the provider's own words, long numbers taken out of them
 * @param window of a WAIT, for how long its limit counts
 * @param everybody of a WAIT, whether it is the whole account's limit rather than the number's
 */
public record SmsError(
    SmsErrorClass kind,
    String code,
    String message,
    Optional<SmsWindow> window,
    boolean everybody) {
  private static final Pattern LONG_NUMBER = Pattern.compile("\\d{7,}");
  private static final int LONGEST = 300;

  /** Checks; a message that is too long is cut. */
  public SmsError {
    notNull("kind", kind);
    code = Check.text("code", code, 64);
    String words = LONG_NUMBER.matcher(Check.mended(notNull("message", message))).replaceAll("…");
    message = words.length() <= LONGEST ? words : Check.mended(words.substring(0, LONGEST));
    notNull("window", window);
  }

  /** A refusal that is no limit. */
  public static SmsError of(SmsErrorClass kind, String code, String message) {
    return new SmsError(kind, code, message, Optional.empty(), false);
  }
}
