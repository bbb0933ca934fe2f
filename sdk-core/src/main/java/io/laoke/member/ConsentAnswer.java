package io.laoke.member;

import static io.laoke.base.Check.notNull;

import java.util.Optional;

/**
 * What holds after a follower has refused marketing in the chat, or agreed to it; for the words of
 * the reply.
 *
 * @param state what holds now. That is what the newest says by its own time, so it may be the other
 *     of what a text said that was late
 * @param change the word with which the follower changes it, if the dealer has one
 */
public record ConsentAnswer(State state, Optional<String> change) {
  /** What holds. */
  public enum State {
    /** No marketing. Notices of orders and service reminders go on. */
    REFUSED,
    /** Marketing as agreed to. */
    AGREED,
    /** They are staff and no customer: they get none, and nothing is noted of them. */
    STAFF
  }

  /** Checks. */
  public ConsentAnswer {
    notNull("state", state);
    notNull("change", change);
  }

  static ConsentAnswer of(boolean agreed, ConsentWords words) {
    return new ConsentAnswer(
        agreed ? State.AGREED : State.REFUSED,
        (agreed ? words.refusing() : words.agreeing()).stream().findFirst());
  }
}
