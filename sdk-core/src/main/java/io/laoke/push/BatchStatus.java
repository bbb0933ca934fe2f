package io.laoke.push;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A part of a plan that goes to WeChat by one call, and what became of it there.
 *
 * @param id its number; {@code dealer.deliveries()} knows its message as cause PLAN_BATCH of that
 *     id
 * @param rule the place of the rule whose content it carries
 * @param recipients to how many followers
 * @param state how far it is
 * @param reason why it is not sent, or what it waits for: a code that {@link Plans#reason} explains
 *     where it is Laoke's or of a job report, or empty
 * @param providerId WeChat's id of the job ({@code msg_id}), where it was told
 * @param takenAt business time at which WeChat took it; empty while that is open or unknown
 * @param report what told how the job ended: totals, and it is not known who did not get it. Empty
 *     while no report has come, or where WeChat was asked instead
 * @param others reports that came after the end was known, as they came: those that say otherwise
 *     change nothing, neither the state nor the ledger. Each end is listed once
 * @param askedAt machine time at which WeChat was last asked how the job stands, as is done where
 *     no report comes within 30 minutes
 */
public record BatchStatus(
    long id,
    int rule,
    int recipients,
    State state,
    String reason,
    Optional<String> providerId,
    Optional<Instant> takenAt,
    Optional<JobReport> report,
    List<JobReport> others,
    Optional<Instant> askedAt) {
  /** Copies. */
  public BatchStatus {
    others = List.copyOf(others);
  }

  /** Whether reports contradict each other; the one that came first counts. */
  public boolean contradicted() {
    boolean failed = state == State.FAILED;
    return others.stream().anyMatch(other -> other.succeeded() == failed);
  }

  /** How far a batch is. */
  public enum State {
    /**
     * Has a single follower, which WeChat's lists do not take: it gets a tag of its own first, by
     * which it is sent to.
     */
    TAGGING,
    /** On its way. */
    OPEN,
    /**
     * WeChat took it; the job runs, or ended well, though some may not have got it: see {@link
     * BatchStatus#report}.
     */
    SENT,
    /**
     * Certainly not sent, or ended by WeChat without reaching anybody; the followers have their
     * messages of the month back. They are not in a later batch of the plan.
     */
    FAILED,
    /**
     * Perhaps sent; it counts as sent until a report, WeChat's answer or somebody says otherwise.
     */
    UNKNOWN,
    /**
     * WeChat has asked the account's administrator, who has 30 minutes; until then it counts as
     * sent.
     */
    AWAITING_ADMIN
  }
}
