package io.laoke.message;

import static io.laoke.base.Check.notNull;

/**
 * Something that a person should look at. Holds no personal value.
 *
 * @param kind what happened
 * @param dealer the dealer's code
 * @param account the account's key
 * @param reference the template, channel or message concerned; may be empty
 * @param reason why, and in both languages what to do
 */
public record Alarm(Kind kind, String dealer, String account, String reference, Reason reason) {
  /** Checks. */
  public Alarm {
    notNull("kind", kind);
    notNull("reason", reason);
  }

  /** What happened. */
  public enum Kind {
    /** An account, channel or template was paused. */
    PAUSED,
    /**
     * A message was refused with a code that deserves a look; raised once in ten minutes for each
     * code.
     */
    REFUSED,
    /** A message may have arrived or not; it is parked. */
    UNKNOWN,
    /** A message could not be handled; it is parked. */
    PARKED,
    /**
     * Nothing is sent, since the engine fails again and again, as when the database is away; of all
     * dealers where none is named. It goes on by itself once it can.
     */
    STALLED,
    /** Messages became too old before they could be sent. */
    EXPIRED,
    /** The platform takes nothing for a while; raised once in ten minutes. */
    UNREACHABLE,
    /** Messages wait for an account that is not configured here. */
    ACCOUNT_MISSING,
    /** A fact from outside could not be processed. */
    INBOUND_FAILED,
    /**
     * A row of table inbox was refused, or names a dealer that is not known; raised once until no
     * such row is left.
     */
    FACTS_REFUSED
  }
}
