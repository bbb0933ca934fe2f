package io.laoke.internal.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaySpanTest {
  /** Apia left out a day; Havana's clocks go back over midnight; Moscow's have done both. */
  @ParameterizedTest
  @ValueSource(
      strings = {"Asia/Shanghai", "Pacific/Apia", "America/Havana", "Europe/Moscow", "UTC"})
  void daysAndMomentsTellTheSame(String name) {
    ZoneId zone = ZoneId.of(name);
    DayStarts days = new DayStarts(zone);
    Random random = new Random(5);
    long first = Instant.parse("2009-01-01T00:00:00Z").toEpochMilli();
    long length = 4L * 366 * 86_400_000;
    for (int i = 0; i < 100_000; i++) {
      long ms = first + (long) (random.nextDouble() * length);
      LocalDate near = Instant.ofEpochMilli(ms).atZone(zone).toLocalDate();
      long from = edge(random, ms, near, zone);
      long to = edge(random, ms, near.plusDays(random.nextInt(2)), zone);
      DaySpan span = DaySpan.of(from, to, days);
      int day = days.of(ms);
      assertThat(days.start(day)).isLessThanOrEqualTo(ms);
      assertThat(days.start(day + 1)).isGreaterThan(ms);
      boolean whole = day >= span.from() && day < span.before();
      boolean in = whole || (span.inPart(day) && span.has(ms));
      assertThat(in)
          .as("%d from %d to %d, day %d of %s", ms, from, to, day, span)
          .isEqualTo(ms >= from && ms < to);
    }
  }

  private static long edge(Random random, long ms, LocalDate day, ZoneId zone) {
    return switch (random.nextInt(5)) {
      case 0 -> ms + random.nextInt(5) - 2;
      case 1 -> random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE;
      case 2 -> ms + (random.nextInt(200_000_000) - 100_000_000);
      default -> day.plusDays(random.nextInt(3) - 1L).atStartOfDay(zone).toInstant().toEpochMilli();
    };
  }
}
