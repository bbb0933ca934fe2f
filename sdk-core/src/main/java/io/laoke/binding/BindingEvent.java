package io.laoke.binding;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One line of an order's binding history.
 *
 * @param at business time
 * @param action what was done
 * @param ticketId the ticket concerned
 * @param recipientId the recipient concerned
 * @param by who did it, if it was not the customer
 * @param reason why
 */
public record BindingEvent(
    Instant at,
    Action action,
    OptionalLong ticketId,
    OptionalLong recipientId,
    Optional<String> by,
    Optional<String> reason) {
  /** What was done. */
  public enum Action {
    /** A ticket was issued. */
    ISSUED,
    /** A ticket was taken back. */
    REVOKED,
    /** A ticket was found to be over when another was asked for. */
    EXPIRED,
    /** The first scan: the order was bound. */
    BOUND,
    /** One more of the family was added. */
    JOINED,
    /** A recipient was found by the order's member. */
    AUTO_BOUND,
    /** A recipient was found by the order's member and has to confirm. */
    OFFERED,
    /** The dealer bound the order to somebody. */
    REBOUND,
    /** A recipient was taken away. */
    UNBOUND,
    /** A recipient's notices of the order were stopped. */
    STOPPED,
    /** They go on. */
    RESUMED,
    /** The paper link was taken back. */
    LINK_REVOKED
  }
}
