package io.laoke.message;

import static io.laoke.base.Check.notNull;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that sends nothing for the time being.
 *
 * @param id for {@link Deliveries#resume}
 * @param account the account's key
 * @param scope how much is paused
 * @param reference the channel's or template's name; empty for the whole account
 * @param since machine time
 * @param until machine time at which it ends by itself; empty where that is not known. The pause of
 *     an account or a template lets one message through now and then, first after five minutes,
 *     later every half an hour, and ends when that is taken; but one for values that do not fit a
 *     template, or for a channel that is not there, ends only by a person
 * @param reason why, with what to do
 */
public record Pause(
    long id,
    String account,
    Scope scope,
    String reference,
    Instant since,
    Optional<Instant> until,
    Reason reason) {
  /** Checks. */
  public Pause {
    notNull("until", until);
    notNull("reason", reason);
  }

  /** How much is paused. */
  public enum Scope {
    /** Everything that the account sends. */
    ACCOUNT,
    /** One channel of the account. */
    CHANNEL,
    /** One template of the account. */
    TEMPLATE
  }
}
