package io.laoke.internal.columns;

/**
 * From a moment on and before another, in days: those wholly in it, and the two that may be in it
 * in part, of which only the moment itself tells.
 *
 * @param from the first day that is wholly in it
 * @param before the first day behind those
 * @param first a day of which a part is in it; {@link #NO_DAY} for none
 * @param last the same
 */
public record DaySpan(long fromMs, long toMs, int from, int before, int first, int last) {
  /** No day. */
  public static final int NO_DAY = Integer.MIN_VALUE;

  /** For ever. */
  public static final DaySpan EVER =
      new DaySpan(
          Long.MIN_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE + 1, Integer.MAX_VALUE, NO_DAY, NO_DAY);

  /** Of moments; the least and the greatest number stand for no bound. */
  public static DaySpan of(long fromMs, long toMs, DayStarts days) {
    if (fromMs >= toMs) {
      return new DaySpan(0, 0, 0, 0, NO_DAY, NO_DAY);
    }
    int from = EVER.from();
    int before = EVER.before();
    int first = NO_DAY;
    int last = NO_DAY;
    if (fromMs != Long.MIN_VALUE) {
      if (days.knows(fromMs)) {
        from = days.of(fromMs);
        if (days.start(from) < fromMs) {
          first = from++;
        }
      } else if (fromMs > 0) {
        return new DaySpan(0, 0, 0, 0, NO_DAY, NO_DAY);
      }
    }
    if (toMs != Long.MAX_VALUE) {
      if (days.knows(toMs)) {
        before = days.of(toMs);
        if (days.start(before) < toMs) {
          last = before;
        }
      } else if (toMs < 0) {
        return new DaySpan(0, 0, 0, 0, NO_DAY, NO_DAY);
      }
    }
    return new DaySpan(fromMs, toMs, from, before, first, last);
  }

  /** Whether it is for ever. */
  public boolean ever() {
    return fromMs == Long.MIN_VALUE && toMs == Long.MAX_VALUE;
  }

  /** Whether a part of that day may be in it. */
  public boolean inPart(int day) {
    return day == first || day == last;
  }

  /** Whether a moment is in it. */
  public boolean has(long ms) {
    return ms >= fromMs && ms < toMs;
  }
}
