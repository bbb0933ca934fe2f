package io.laoke.binding;

import io.laoke.message.Reason;
import java.time.Duration;

/** What asking for a code comes to. It never tells whether a phone is known. */
public sealed interface PhoneCode {
  /**
   * If the phone is somebody's who bought, and theirs alone, a code is on its way to it.
   *
   * @param validFor how long it holds
   */
  record Sent(Duration validFor) implements PhoneCode {}

  /**
   * Too many codes for this person or this phone, or one a moment ago; nothing was sent.
   *
   * @param retryAfter when to come back at the earliest, by machine time from now
   */
  record TooManyTries(Duration retryAfter) implements PhoneCode {}

  /** Staff never bind. */
  record StaffClaim() implements PhoneCode {}

  /**
   * Nothing can be sent to any phone, such as for want of a template; the reason says what to do.
   */
  record Unable(Reason why) implements PhoneCode {}
}
