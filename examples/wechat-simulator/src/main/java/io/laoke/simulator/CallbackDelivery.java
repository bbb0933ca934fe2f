package io.laoke.simulator;

import java.time.Instant;
import java.util.List;

/**
 * One push to the host's callback URL, with all its tries, as it stood when it was asked for.
 *
 * @param number 1 for the first push since the start
 * @param at platform time when it was made
 * @param appId account
 * @param event event name ({@code subscribe}, {@code SCAN}, {@code TEMPLATESENDJOBFINISH} …), or
 *     the message type ({@code text})
 * @param openId follower it is about
 * @param content the plain content, before any encryption
 * @param url the callback URL with the query as sent
 * @param body the body as sent
 * @param status how it stands
 * @param attempts the tries, oldest first
 */
public record CallbackDelivery(
    long number,
    Instant at,
    String appId,
    String event,
    String openId,
    String content,
    String url,
    String body,
    Status status,
    List<Attempt> attempts) {

  /** How a push stands. */
  public enum Status {
    /** Not sent yet, or under way. */
    PENDING,
    /** Kept back by an ordered fault until it is released. */
    HELD,
    /** Lost by an ordered fault. */
    LOST,
    /** Answered in time with {@code success}, nothing or a good reply. */
    DELIVERED,
    /** Answered in time with something that the platform cannot use. */
    BAD_ANSWER,
    /** No try was answered in time with a 2xx status. */
    FAILED
  }

  /**
   * One try.
   *
   * @param at machine time of the try
   * @param httpStatus status answered, 0 if no answer came
   * @param answer body answered
   * @param problem what was wrong; empty if nothing was
   */
  public record Attempt(Instant at, int httpStatus, String answer, String problem) {}

  /** Copies the list. */
  public CallbackDelivery {
    attempts = List.copyOf(attempts);
  }
}
