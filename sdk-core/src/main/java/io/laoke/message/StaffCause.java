package io.laoke.message;

import io.laoke.base.Internal;

/**
 * How messages to a dealer's own staff are named by their cause, alike on every floor. They are
 * about their work, at the hour that the dealer has chosen: what customers agree to or refuse, and
 * the hours in which they are told, are none of their business. Providers hold promotions only to
 * hours; a notice may go at any.
 */
@Internal
public final class StaffCause {
  /** What a member of staff has to do on a day. */
  public static final String DIGEST = "DIGEST";

  private StaffCause() {}

  /** Whether a message of this cause is to staff. */
  public static boolean is(String causeKind) {
    return causeKind.equals(DIGEST);
  }
}
