package io.laoke.push;

import java.time.Instant;

/**
 * A step of a plan; never changed.
 *
 * @param version of the plan
 * @param hash of that version
 * @param action what was done
 * @param by who did it
 * @param note why, or empty
 * @param at business time
 */
public record PlanEvent(
    int version, String hash, Action action, String by, String note, Instant at) {
  /** What was done. */
  public enum Action {
    /** A new version. */
    SAVED,
    /** Handed to whoever approves. */
    SUBMITTED,
    /** Handed back. */
    REJECTED,
    /** May go. */
    APPROVED,
    /** It was decided who gets what. */
    ALLOCATED,
    /** To start by itself at its time. */
    SCHEDULED,
    /** Its time was more than a day ago when somebody looked: it is not started. */
    MISSED,
    /** Set off. */
    STARTED,
    /** WeChat has asked the account's administrator. */
    AWAITING_ADMIN,
    /** The account's administrator has confirmed; it goes on. */
    CONFIRMED,
    /** Stopped for a while. */
    PAUSED,
    /** Goes on. */
    RESUMED,
    /** Everything has left. */
    DONE,
    /** Ended. */
    CANCELLED
  }
}
