package io.laoke.message;

import static io.laoke.base.Check.notNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was decided about telling one recipient of one thing on one channel 发送判定.
 *
 * @param causeKind what caused it, such as {@code STAGE}
 * @param causeId the id of the cause
 * @param seq place among what happened to the order
 * @param orderNo the order's number, or empty
 * @param recipient an opaque name of the recipient that is the same in every decision about them;
 *     empty when there was none
 * @param account the account's key, or empty
 * @param channel the channel
 * @param purpose the purpose
 * @param result what was decided so far
 * @param reason why, with advice in English and Chinese; present unless it was plainly sent or
 *     waits
 * @param fitted the fields that had to be changed, when {@code result} is FITTED
 * @param delivery what the platform reported after taking it, or empty
 * @param deliveryId the outbox row that {@link Deliveries} calls take, or empty without a message
 * @param at business time at which the cause asked for it
 * @param changedAt machine time of the last change
 */
public record Decision(
    String causeKind,
    long causeId,
    long seq,
    Optional<String> orderNo,
    String recipient,
    String account,
    ChannelKind channel,
    Purpose purpose,
    Result result,
    Optional<Reason> reason,
    List<SendOutcome.FittedField> fitted,
    Optional<Inbound.Delivery> delivery,
    Optional<Long> deliveryId,
    Instant at,
    Instant changedAt) {
  /** Checks and copies. */
  public Decision {
    notNull("orderNo", orderNo);
    notNull("reason", reason);
    fitted = List.copyOf(fitted);
    notNull("delivery", delivery);
    notNull("deliveryId", deliveryId);
  }

  /** What was decided. */
  public enum Result {
    /** Waits for its time or its turn. */
    QUEUED,
    /** Held back for a reason that passes, or that a person must remove; not final. */
    DEFERRED,
    /** The platform took it. */
    SENT,
    /** The platform took it after some fields had been changed to satisfy its rules. */
    FITTED,
    /** A rule stopped it. */
    STOPPED,
    /** It became too old. */
    EXPIRED,
    /** The platform refused it. */
    REFUSED,
    /** It may have arrived or not; a person decides. */
    UNKNOWN,
    /** It could not be handled, as when it ended its worker again and again; a person decides. */
    PARKED,
    /** A person dropped it. */
    DROPPED,
    /** It was told in the immediate reply to the person. */
    REPLIED;

    /** Whether nothing changes any more unless a person asks for it. */
    public boolean ended() {
      return this != QUEUED && this != DEFERRED;
    }
  }

  /** Shows no recipient. */
  @Override
  public String toString() {
    String why = reason.map(Reason::code).filter(code -> !code.equals(result.name())).orElse("");
    return "Decision[%s %d, seq %d, %s]"
        .formatted(causeKind, causeId, seq, why.isEmpty() ? result : result + " " + why);
  }
}
