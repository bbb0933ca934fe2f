package io.laoke.message;

import static io.laoke.base.Check.notNull;

import java.time.Instant;
import java.util.Optional;

/**
 * A message of the outbox as people see it.
 *
 * @param id for the calls of {@link Deliveries}; a string in JSON
 * @param orderNo the order's number, or empty
 * @param recipient an opaque name of the recipient, as in {@link Decision}
 * @param account the account's key
 * @param channel the channel
 * @param purpose the purpose
 * @param templateId the template
 * @param seq place among the messages of that order and recipient
 * @param state where it is
 * @param mayHaveArrived whether an attempt of unknown outcome has been made: sending it again may
 *     tell the person twice
 * @param attempts how often it was claimed for sending
 * @param dueAt business time before which it is not sent
 * @param validUntil business time from which on it is not sent any more
 * @param nextAttempt machine time before which it is not tried again, or empty
 * @param reason why it waits, failed or is parked, with advice; or empty
 */
public record Delivery(
    long id,
    Optional<String> orderNo,
    String recipient,
    String account,
    ChannelKind channel,
    Purpose purpose,
    String templateId,
    long seq,
    State state,
    boolean mayHaveArrived,
    int attempts,
    Instant dueAt,
    Instant validUntil,
    Optional<Instant> nextAttempt,
    Optional<Reason> reason) {
  /** Checks. */
  public Delivery {
    notNull("orderNo", orderNo);
    notNull("nextAttempt", nextAttempt);
    notNull("reason", reason);
  }

  /** Where a message is. */
  public enum State {
    /** Waits for its time, its turn or its next attempt. */
    WAITING,
    /** Under way. */
    CLAIMED,
    /** Held by a {@link Pause}. */
    HELD,
    /** The platform took it. */
    SENT,
    /** The platform refused it. */
    REFUSED,
    /** It became too old. */
    EXPIRED,
    /** A rule stopped it. */
    STOPPED,
    /** Waits for a person. */
    PARKED,
    /** A person dropped it. */
    DROPPED;

    /** Whether it still may be sent by itself, so that later messages of its key wait for it. */
    public boolean live() {
      return this == WAITING || this == CLAIMED || this == HELD;
    }
  }

  /** Shows no recipient. */
  @Override
  public String toString() {
    return "Delivery[%d, seq %d, %s%s]"
        .formatted(id, seq, state, reason.map(r -> " " + r.code()).orElse(""));
  }
}
