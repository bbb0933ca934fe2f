package io.laoke.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The platform's time, chance and numbers. Also the one lock that guards all state. */
final class World {
  static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  private static final String ALNUM =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final Clock base;
  private final Random random;
  private volatile Duration offset = Duration.ZERO;
  private volatile @Nullable Clock phones;
  private long lastMsgId = 3_911_200_163_836L;

  World(Clock base, long seed) {
    this.base = base;
    this.random = new Random(seed);
  }

  Clock clock() {
    return new Moved(ZONE);
  }

  Instant now() {
    return base.instant().plus(offset);
  }

  Clock wireClock() {
    return base;
  }

  /** Machine time: what signatures carry, so that moved time does not make pushes look replayed. */
  Instant wireNow() {
    return base.instant();
  }

  void phones(Clock clock) {
    phones = clock;
  }

  /** What phones show as the time that it is. */
  Instant phoneNow() {
    Clock shown = phones;
    return shown == null ? now() : shown.instant();
  }

  LocalDate today() {
    return LocalDate.ofInstant(now(), ZONE);
  }

  YearMonth month() {
    return YearMonth.from(today());
  }

  synchronized void advance(Duration by) {
    offset = offset.plus(by);
  }

  synchronized long nextMsgId() {
    lastMsgId += 1 + random.nextInt(7);
    return lastMsgId;
  }

  synchronized String alnum(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALNUM.charAt(random.nextInt(ALNUM.length())));
    }
    return text.toString();
  }

  synchronized byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  synchronized String rid() {
    return "%08x-%08x-%08x"
        .formatted((int) now().getEpochSecond(), random.nextInt(), random.nextInt());
  }

  /** A key whose last character carries no stray bits, so that strict Base64 decoders take it. */
  synchronized String aesKey() {
    return alnum(42) + "AEIMQUYcgkosw048".charAt(random.nextInt(16));
  }

  private final class Moved extends Clock {
    private final ZoneId zone;

    Moved(ZoneId zone) {
      this.zone = zone;
    }

    @Override
    public ZoneId getZone() {
      return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
      return new Moved(other);
    }

    @Override
    public Instant instant() {
      return now();
    }
  }
}
