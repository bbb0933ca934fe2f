package io.laoke.push;

/**
 * A part of a plan that goes to WeChat by one call.
 *
 * @param id its number; {@code dealer.deliveries()} knows its message as cause PLAN_BATCH of that
 *     id
 * @param rule the place of the rule whose content it carries
 * @param recipients to how many followers
 * @param state how far it is
 * @param reason why it is not sent: a code, or empty
 */
public record BatchStatus(long id, int rule, int recipients, State state, String reason) {
  /** How far a batch is. */
  public enum State {
    /** On its way. */
    OPEN,
    /** WeChat took it. */
    SENT,
    /** Certainly not sent; the followers have their messages of the month back. */
    FAILED,
    /** Perhaps sent; it counts as sent until somebody says otherwise. */
    UNKNOWN
  }
}
