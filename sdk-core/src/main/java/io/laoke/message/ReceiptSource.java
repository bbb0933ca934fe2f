package io.laoke.message;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.text;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * SPI: an account whose platform can be asked what became of a message of which it has reported
 * nothing. Asked 72 hours after the message was accepted, and again while it still is under way;
 * where an account offers none, or knows of no such message, it ends as {@link
 * Inbound.Delivery#EXPIRED}. Safe for use by many threads; never blocks the caller on the network.
 */
public interface ReceiptSource {
  /**
   * Asks.
   *
   * @return completes within {@link #callLimit()}, never exceptionally; what follows on it may run
   *     on a thread of the implementation and must not block
   */
  CompletionStage<Answer> ask(Question question);

  /** The longest time from a question to its answer, at most 45 seconds. */
  Duration callLimit();

  /**
   * Which message is asked for.
   *
   * @param to the recipient as the channel addresses it, for text messages the phone number
   * @param providerId the platform's id of the message, as its acceptance gave it
   * @param messageId Laoke's own id of the message, as it was sent with it
   * @param acceptedAt machine time at which its acceptance was noted
   */
  record Question(String to, String providerId, String messageId, Instant acceptedAt) {
    /** Checks. */
    public Question {
      text("to", to, 128);
      text("providerId", providerId, 64);
      text("messageId", messageId, 64);
      notNull("acceptedAt", acceptedAt);
    }

    /** Shows no recipient. */
    @Override
    public String toString() {
      return "Question[" + messageId + "]";
    }
  }

  /** What the platform says. */
  sealed interface Answer {
    /**
     * What became of it.
     *
     * @param report as the platform would have pushed it, so that one that comes after all changes
     *     nothing
     */
    record Reported(Inbound.SmsReport report) implements Answer {}

    /** It is still under way; the platform is asked again. */
    record Waiting() implements Answer {}

    /** The platform knows nothing of it. */
    record Nothing() implements Answer {}

    /**
     * The question failed; the platform is asked again.
     *
     * @param why for people
     */
    record Failed(Reason why) implements Answer {}
  }
}
