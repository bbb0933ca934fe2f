package io.laoke.segment;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Days of any year, as month × 100 + day. */
final class MonthDays {
  private MonthDays() {}

  /** Whether the month and day of a date are among them, or are not. */
  static String sql(String date, BitSet days, Binds binds, boolean negated) {
    return ofNumber(
        "(EXTRACT(MONTH FROM %1$s) * 100 + EXTRACT(DAY FROM %1$s))".formatted(date),
        days,
        binds,
        negated);
  }

  /** The same of month × 100 + day. */
  static String ofNumber(String number, BitSet days, Binds binds, boolean negated) {
    if (days.isEmpty()) {
      return Logic.constant(negated);
    }
    List<String> parts = new ArrayList<>();
    for (int from = days.nextSetBit(0); from >= 0; ) {
      int to = from;
      for (int next = days.nextSetBit(to + 1); follows(to, next); next = days.nextSetBit(to + 1)) {
        to = next;
      }
      String least = binds.value(from);
      String most = binds.value(to);
      parts.add(
          negated
              ? "(%1$s < %2$s OR %1$s > %3$s)".formatted(number, least, most)
              : "(%1$s >= %2$s AND %1$s <= %3$s)".formatted(number, least, most));
      from = days.nextSetBit(to + 1);
    }
    return negated ? Logic.and(parts) : Logic.or(parts);
  }

  /** Whether no day of any year is between them. */
  private static boolean follows(int day, int next) {
    return next == day + 1 || (next % 100 == 1 && next / 100 == day / 100 + 1 && last(day));
  }

  private static boolean last(int day) {
    return switch (day / 100) {
      case 2 -> day % 100 == 29;
      case 4, 6, 9, 11 -> day % 100 == 30;
      default -> day % 100 == 31;
    };
  }
}
