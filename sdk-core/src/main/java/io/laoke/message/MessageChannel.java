package io.laoke.message;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Sends one message and tells what became of it. Implementations are safe for use by many threads
 * and never block the caller on the network.
 */
public interface MessageChannel {
  /**
   * How long after a first attempt the platform itself drops a repeat with the same {@link
   * Outbound#dedupeId()}; zero where it does not. The engine never repeats an attempt of unknown
   * outcome later than this, less one minute.
   */
  Duration dedupeWindow();

  /**
   * How long the platform needs at least before a repeat of an attempt of unknown outcome says what
   * became of it; zero where it may follow at once.
   */
  default Duration repeatAfter() {
    return Duration.ZERO;
  }

  /**
   * The longest time from handing a message over to its outcome, at most 45 seconds. The engine's
   * lease on a row must be longer: a channel that may take as long as the lease is paused instead
   * of used.
   */
  Duration callLimit();

  /** How many messages of this account may be under way at once. */
  int maxInFlight();

  /**
   * Sends.
   *
   * <p>What follows on the outcome may run on a thread of the channel, and counts as under way
   * until it ends: it must not block. Whoever has more to do uses {@code thenAcceptAsync} and the
   * like.
   *
   * @return completes with the outcome within {@link #callLimit()}; never exceptionally. Whatever
   *     the implementation does not understand is {@link SendOutcome.Unknown}, since the message
   *     may have left
   */
  CompletionStage<SendOutcome> send(Outbound message);

  /**
   * Asks the platform what became of a message whose outcome is unknown, if it can be asked.
   *
   * @return empty when this platform offers no such question; else completes like {@link #send}:
   *     {@link SendOutcome.Accepted} if the platform took it, {@link SendOutcome.Later} only if it
   *     certainly did not and it may be sent again, and {@link SendOutcome.Unknown} for everything
   *     else, a question that failed included: the message then waits for a person
   */
  default Optional<CompletionStage<SendOutcome>> lookup(Outbound message) {
    return Optional.empty();
  }
}
