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
 * @param until machine time at which it ends by itself; empty when a person must end it
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
