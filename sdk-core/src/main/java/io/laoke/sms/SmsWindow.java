package io.laoke.sms;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** The time for which a provider's limit counts; days and months are China's. */
public enum SmsWindow {
  /** Half a minute. */
  HALF_MINUTE,
  /** An hour. */
  HOUR,
  /** Until midnight. */
  DAY,
  /** Until the month is over. */
  MONTH;

  /** Where the providers' days begin. */
  static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  /** From now until it is over; a minute more where it ends on a clock's stroke. */
  Duration left(Instant now) {
    LocalDate today = now.atZone(CHINA).toLocalDate();
    return switch (this) {
      case HALF_MINUTE -> Duration.ofSeconds(31);
      case HOUR -> Duration.ofHours(1);
      case DAY -> until(now, today.plusDays(1));
      case MONTH -> until(now, today.withDayOfMonth(1).plusMonths(1));
    };
  }

  private static Duration until(Instant now, LocalDate day) {
    return Duration.between(now, day.atStartOfDay(CHINA).toInstant()).plusMinutes(1);
  }
}
