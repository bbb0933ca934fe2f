package io.laoke.push;

import static io.laoke.base.Check.notNull;

import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * What became of a call to a platform that sends nothing; what was sent has a {@link SendOutcome},
 * and these are its like.
 *
 * @param <T> what the call gives
 */
public sealed interface ChannelAnswer<T> {
  /**
   * Done.
   *
   * @param value what it gave
   */
  record Done<T>(T value) implements ChannelAnswer<T> {
    /** Checks. */
    public Done {
      notNull("value", value);
    }
  }

  /**
   * Certainly not done; worth another try.
   *
   * @param after how long to wait at least
   * @param wholeChannel whether nothing else of this account can be done in this way before then
   *     either
   * @param why the reason
   */
  record Later<T>(Duration after, boolean wholeChannel, Reason why) implements ChannelAnswer<T> {
    /** Checks. */
    public Later {
      notNull("after", after);
      notNull("why", why);
    }
  }

  /**
   * Not done, and never will be as it is.
   *
   * @param why the reason
   */
  record Refused<T>(Reason why) implements ChannelAnswer<T> {
    /** Checks. */
    public Refused {
      notNull("why", why);
    }
  }

  /**
   * Perhaps done: the call left and no answer came. What was uploaded or made may be there, under
   * an id that nobody was told.
   *
   * @param why the reason
   */
  record Unknown<T>(Reason why) implements ChannelAnswer<T> {
    /** Checks. */
    public Unknown {
      notNull("why", why);
    }
  }

  /**
   * Not done, because something of the account must be set right first. No other call of this
   * account succeeds before.
   *
   * @param why the reason, with what to do
   */
  record Misconfigured<T>(Reason why) implements ChannelAnswer<T> {
    /** Checks. */
    public Misconfigured {
      notNull("why", why);
    }
  }

  /** Done. */
  static <T> ChannelAnswer<T> done(T value) {
    return new Done<>(value);
  }

  /** What it gave, if it is done. */
  default Optional<T> given() {
    return this instanceof Done<T> done ? Optional.of(done.value()) : Optional.empty();
  }

  /** Why it is not done; empty if it is. */
  default Optional<Reason> reason() {
    if (this instanceof Later<T> later) {
      return Optional.of(later.why());
    }
    if (this instanceof Refused<T> refused) {
      return Optional.of(refused.why());
    }
    if (this instanceof Unknown<T> unknown) {
      return Optional.of(unknown.why());
    }
    return this instanceof Misconfigured<T> wrong ? Optional.of(wrong.why()) : Optional.empty();
  }

  /** The same with another value if it is done, or else as it is. */
  default <R> ChannelAnswer<R> map(Function<? super T, ? extends R> next) {
    return then(value -> new Done<>(next.apply(value)));
  }

  /** What follows if it is done, or else as it is. */
  default <R> ChannelAnswer<R> then(Function<? super T, ChannelAnswer<R>> next) {
    if (this instanceof Done<T> done) {
      return next.apply(done.value());
    }
    if (this instanceof Later<T> later) {
      return new Later<>(later.after(), later.wholeChannel(), later.why());
    }
    if (this instanceof Refused<T> refused) {
      return new Refused<>(refused.why());
    }
    if (this instanceof Unknown<T> unknown) {
      return new Unknown<>(unknown.why());
    }
    return new Misconfigured<>(((Misconfigured<T>) this).why());
  }
}
