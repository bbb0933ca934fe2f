package io.laoke.examples.erp;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Business time of the ERP and of Laoke in it: the machine's, moved by whole days. Only what is due
 * when depends on it; Laoke's leases and repeats go by the database's own clock.
 */
final class DemoClock extends Clock {
  private final Clock machine;
  private volatile Duration moved = Duration.ZERO;

  DemoClock(Clock machine) {
    this.machine = machine;
  }

  void move(Duration by) {
    moved = by;
  }

  Duration moved() {
    return moved;
  }

  /** What the machine says. */
  Instant real() {
    return machine.instant();
  }

  @Override
  public Instant instant() {
    return machine.instant().plus(moved);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    Clock self = this;
    return new Clock() {
      @Override
      public Instant instant() {
        return self.instant();
      }

      @Override
      public ZoneId getZone() {
        return zone;
      }

      @Override
      public Clock withZone(ZoneId other) {
        return self.withZone(other);
      }
    };
  }
}
