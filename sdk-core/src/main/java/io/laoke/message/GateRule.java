package io.laoke.message;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.List;

/**
 * SPI: a rule of the gate, asked at send time in the claiming transaction. It reads in few queries
 * for all messages together, takes no locks and calls no network. It is not asked about a repeat of
 * an attempt that may have left.
 */
@Internal
public interface GateRule {
  /**
   * Judges.
   *
   * @param now business time
   * @param messages of one dealer, at least one
   * @return a verdict for each message, in the same order. A message for which a rule fails, though
   *     it passes others, is parked with an alarm; while it fails for all, they wait, and the
   *     engine tells that it is stalled
   */
  List<Verdict> judge(Tx tx, Tenant tenant, Instant now, List<Candidate> messages);

  /**
   * A message that is about to leave.
   *
   * @param wanted whether a person asked for it by {@link Deliveries#retry}, and knows its age
   */
  record Candidate(
      long id,
      String causeKind,
      long causeId,
      long orderId,
      long seq,
      Purpose purpose,
      ChannelKind channel,
      String account,
      String openidHash,
      String templateId,
      Instant dueAt,
      Instant validUntil,
      boolean wanted) {
    /** Shows no recipient. */
    @Override
    public String toString() {
      return "Candidate[%s %d, seq %d, %s]".formatted(causeKind, causeId, seq, purpose);
    }
  }

  /** What a rule says about one message. */
  sealed interface Verdict {
    /** Nothing speaks against it. */
    record Pass() implements Verdict {}

    /** It is never sent. */
    record Stop(Reason why) implements Verdict {
      /** Checks. */
      public Stop {
        notNull("why", why);
      }
    }

    /**
     * It waits.
     *
     * @param until business time
     */
    record Defer(Instant until, Reason why) implements Verdict {
      /** Checks. */
      public Defer {
        notNull("until", until);
        notNull("why", why);
      }
    }

    /** Nothing speaks against it. */
    static Verdict pass() {
      return new Pass();
    }
  }
}
