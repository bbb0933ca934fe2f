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
   * The longest time from handing a message over to its outcome. The engine's lease on a row is
   * longer than this. At most 45 seconds.
   */
  Duration callLimit();

  /** How many messages of this account may be under way at once. */
  int maxInFlight();

  /**
   * Sends.
   *
   * @return completes with the outcome within {@link #callLimit()}; never exceptionally. Whatever
   *     the implementation does not understand is {@link SendOutcome.Unknown}, since the message
   *     may have left
   */
  CompletionStage<SendOutcome> send(Outbound message);

  /**
   * Asks the platform what became of a message whose outcome is unknown, if it can be asked.
   *
   * @return empty when this platform offers no such question
   */
  default Optional<CompletionStage<SendOutcome>> lookup(Outbound message) {
    return Optional.empty();
  }
}
