package io.laoke;

import io.laoke.message.EngineSettings;
import java.time.Duration;

/** Engines whose leases and pauses are short, for tests of other modules. */
public final class EngineTimes {
  private EngineTimes() {}

  /**
   * A builder with this lease, and all else as short.
   *
   * @param lease longer than the call limit of every channel
   */
  public static Laoke.Builder quick(Laoke.Builder builder, Duration lease) {
    return builder.engine(
        new EngineSettings(
            lease,
            Duration.ofMillis(100),
            Duration.ofSeconds(2),
            Duration.ofMillis(200),
            Duration.ofSeconds(2)));
  }
}
