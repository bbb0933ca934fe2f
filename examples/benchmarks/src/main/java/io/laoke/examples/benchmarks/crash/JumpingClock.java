package io.laoke.examples.benchmarks.crash;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Business time that jumps by half a year back and forth, every few hundred milliseconds. The host
 * is half a year ahead of machine time; a worker is there mostly, sometimes further ahead, and
 * sometimes half a year or a whole one behind it.
 */
final class JumpingClock extends Clock {
  static final Duration HALF_A_YEAR = Duration.ofDays(182);

  /** Notices are valid for 30 days, so that this makes none too old. */
  private static final Duration FURTHER = HALF_A_YEAR.plusDays(20);

  private static final long PHASE = TimeUnit.MILLISECONDS.toNanos(400);

  private final long seed;

  JumpingClock(long seed) {
    this.seed = seed;
  }

  /** The host's own: half a year ahead. */
  static Clock ofTheHost() {
    return Clock.offset(Clock.systemUTC(), HALF_A_YEAR);
  }

  private Duration offset() {
    return switch (new Random(seed + System.nanoTime() / PHASE).nextInt(10)) {
      case 0 -> Duration.ZERO;
      case 1 -> HALF_A_YEAR.negated();
      case 2, 3 -> FURTHER;
      default -> HALF_A_YEAR;
    };
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(offset());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
