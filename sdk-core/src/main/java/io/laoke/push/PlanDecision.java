package io.laoke.push;

import io.laoke.message.Reason;
import java.util.Optional;
import java.util.Set;

/**
 * What a plan decides about a member.
 *
 * @param memberId who
 * @param rule the place of the rule whose content it gets, or would get; that of the rest is behind
 *     all others
 * @param matched the places of all rules whose segments it is in
 * @param result what is decided
 * @param reason why nothing is sent; empty if it is {@link Result#CHOSEN}
 */
public record PlanDecision(
    long memberId, int rule, Set<Integer> matched, Result result, Optional<Reason> reason) {
  /** What is decided. */
  public enum Result {
    /** Gets the rule's content. */
    CHOSEN,
    /** Gets nothing, so that what the plan brings in can be told. */
    HELD_OUT,
    /** Gets nothing: it cannot be reached, or must not be, or has had enough. */
    STOPPED
  }

  /** Copies. */
  public PlanDecision {
    matched = Set.copyOf(matched);
  }
}
