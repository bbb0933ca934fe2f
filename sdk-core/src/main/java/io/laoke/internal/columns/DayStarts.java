package io.laoke.internal.columns;

import java.time.LocalDate;
import java.time.ZoneId;

/**
 * When days of a zone begin. The day of a moment is the last one that has begun by then, so that
 * from a day's begin on is the same as from that day on, whatever a zone did with its clocks.
 */
public final class DayStarts {
  private static final LocalDate FIRST = LocalDate.of(1900, 1, 1);
  private static final LocalDate LAST = LocalDate.of(2250, 1, 1);
  private static final long DAY = 86_400_000L;

  private final int first = (int) FIRST.toEpochDay();
  private final long[] starts;

  /** Of a zone. */
  public DayStarts(ZoneId zone) {
    starts = new long[(int) LAST.toEpochDay() - first + 1];
    LocalDate day = FIRST;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = day.atStartOfDay(zone).toInstant().toEpochMilli();
      day = day.plusDays(1);
    }
  }

  /** Whether a moment is of one of the days that are known. */
  public boolean knows(long ms) {
    return ms >= starts[0] && ms < starts[starts.length - 1];
  }

  /** The day of a moment that is known, as its number since 1970. */
  public int of(long ms) {
    int guess = (int) Math.min(starts.length - 1, Math.max(0, (ms - starts[0]) / DAY));
    while (guess + 1 < starts.length && starts[guess + 1] <= ms) {
      guess++;
    }
    while (guess > 0 && starts[guess] > ms) {
      guess--;
    }
    return first + guess;
  }

  /** When a day begins. */
  public long start(int day) {
    return starts[day - first];
  }
}
