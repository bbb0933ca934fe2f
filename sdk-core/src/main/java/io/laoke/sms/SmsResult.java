package io.laoke.sms;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import java.util.OptionalInt;

/** What became of one attempt to hand a text message to a provider. */
public sealed interface SmsResult {
  /**
   * The provider took it. Whether it arrives is told by a receipt.
   *
   * @param providerId the provider's id of the message, at most 64 characters
   * @param segments how many messages it is charged as, where the provider says so at once
   */
  record Accepted(String providerId, OptionalInt segments) implements SmsResult {
    /** Checks. */
    public Accepted {
      providerId = Check.text("providerId", providerId, 64);
      notNull("segments", segments);
    }
  }

  /**
   * The provider certainly did not take it.
   *
   * @param error why
   */
  record Refused(SmsError error) implements SmsResult {
    /** Checks. */
    public Refused {
      notNull("error", error);
    }
  }

  /**
   * It may have been taken: it left, and no answer came that says. Never send it again by itself:
   * providers do not recognise repeats.
   *
   * @param code short and stable, such as {@code TIMEOUT}
   * @param message what happened; neither a secret nor a phone
   */
  record Unknown(String code, String message) implements SmsResult {
    /** Checks. */
    public Unknown {
      code = Check.text("code", code, 64);
      message = Check.mended(notNull("message", message));
    }
  }
}
