package io.laoke.message;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Internal;
import io.laoke.error.InvalidInputException;
import java.time.Duration;

/**
 * Times of the engine, all in machine time.
 *
 * @param lease how long a claimed message belongs to its engine; at most 60 s, and longer than
 *     every channel's call limit
 * @param poll how often the started engine looks for work that nobody woke it for
 * @param sweep how often it looks at every dealer whether or not a note says so
 * @param firstRetry the first back-off; doubles with each attempt
 * @param longestRetry the longest back-off
 */
@Internal
public record EngineSettings(
    Duration lease, Duration poll, Duration sweep, Duration firstRetry, Duration longestRetry) {
  /** Checks. */
  public EngineSettings {
    if (notNull("lease", lease).compareTo(Duration.ofSeconds(60)) > 0 || lease.toMillis() < 1) {
      throw new InvalidInputException("lease", "must be at most 60 s, was " + lease);
    }
    positive("poll", poll);
    positive("sweep", sweep);
    positive("firstRetry", firstRetry);
    positive("longestRetry", longestRetry);
  }

  /** What is right in production. */
  public static EngineSettings standard() {
    return new EngineSettings(
        Duration.ofSeconds(60),
        Duration.ofSeconds(1),
        Duration.ofSeconds(60),
        Duration.ofSeconds(2),
        Duration.ofMinutes(10));
  }

  private static void positive(String field, Duration value) {
    if (notNull(field, value).toMillis() < 1) {
      throw new InvalidInputException(field, "must be at least 1 ms, was " + value);
    }
  }
}
