package io.laoke.examples.erp;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * When the customers of the demo buy what: each category has its share and its season, trade grows
 * a little from year to year, and the festivals of 18 June and 11 November draw their days.
 */
final class DemoSeasons {
  /** How much of a category is sold in each month, from January on; 1 is an ordinary month. */
  private static final Map<String, double[]> SEASON =
      Map.of(
          "aircon", months(0.3, 0.3, 0.6, 1.1, 2.2, 2.9, 2.4, 1.1, 0.5, 0.3, 0.5, 0.4),
          "heater", months(1.0, 0.7, 0.7, 0.6, 0.6, 0.8, 0.5, 0.6, 1.3, 1.9, 2.2, 1.5),
          "fridge", months(0.8, 0.7, 0.9, 1.0, 1.2, 1.6, 1.2, 1.0, 0.9, 0.9, 1.3, 0.9),
          "tv", months(1.3, 1.0, 0.7, 0.7, 0.8, 1.3, 0.8, 0.8, 0.9, 0.9, 1.6, 1.3),
          "audio", months(1.3, 1.0, 0.7, 0.7, 0.8, 1.3, 0.8, 0.8, 0.9, 0.9, 1.6, 1.3));

  /** Kitchens and water follow those who move in and renovate: spring and autumn. */
  private static final double[] MOVING =
      months(0.6, 0.5, 1.1, 1.2, 1.2, 1.3, 0.8, 0.8, 1.2, 1.3, 1.5, 0.8);

  private static final Map<String, Double> SHARE =
      Map.of(
          "hood",
          19.0,
          "stove",
          6.0,
          "dishwasher",
          4.0,
          "purifier",
          10.0,
          "heater",
          11.0,
          "fridge",
          11.0,
          "washer",
          10.0,
          "aircon",
          17.0,
          "tv",
          9.0,
          "audio",
          3.0);

  private static final double GROWTH_A_YEAR = 0.12;
  private static final double BUSY_AT_A_FESTIVAL = 0.45;

  private record Slot(YearMonth month, String category, double upTo) {}

  private final LocalDate first;
  private final LocalDate end;
  private final List<Slot> slots = new ArrayList<>();
  private final double all;

  /**
   * The days of some years.
   *
   * @param first the first day
   * @param end the day behind the last
   */
  DemoSeasons(LocalDate first, LocalDate end) {
    this.first = first;
    this.end = end;
    double sum = 0;
    YearMonth last = YearMonth.from(end.minusDays(1));
    for (YearMonth month = YearMonth.from(first); !month.isAfter(last); ) {
      double size = days(month) / (double) month.lengthOfMonth() * growth(month);
      for (Map.Entry<String, Double> share : new TreeMap<>(SHARE).entrySet()) {
        double season = SEASON.getOrDefault(share.getKey(), MOVING)[month.getMonthValue() - 1];
        sum += share.getValue() * season * size;
        slots.add(new Slot(month, share.getKey(), sum));
      }
      month = month.plusMonths(1);
    }
    this.all = sum;
  }

  private static double[] months(double... months) {
    return months;
  }

  private int days(YearMonth month) {
    LocalDate from = month.atDay(1).isBefore(first) ? first : month.atDay(1);
    LocalDate to = month.plusMonths(1).atDay(1).isAfter(end) ? end : month.plusMonths(1).atDay(1);
    return (int) (to.toEpochDay() - from.toEpochDay());
  }

  private double growth(YearMonth month) {
    return 1 + GROWTH_A_YEAR * (month.getYear() - first.getYear());
  }

  /**
   * A purchase.
   *
   * @param day when
   * @param category of what
   */
  record Occasion(LocalDate day, String category) {}

  Occasion draw(Random random) {
    double at = random.nextDouble() * all;
    Slot slot =
        slots.stream()
            .filter(one -> one.upTo() > at)
            .findFirst()
            .orElse(slots.get(slots.size() - 1));
    return new Occasion(day(slot.month(), random), slot.category());
  }

  private LocalDate day(YearMonth month, Random random) {
    LocalDate day = within(month, 1 + random.nextInt(month.lengthOfMonth()));
    int festival = month.getMonthValue() == 6 ? 18 : month.getMonthValue() == 11 ? 11 : 0;
    if (festival > 0 && random.nextDouble() < BUSY_AT_A_FESTIVAL) {
      day = within(month, festival - random.nextInt(3));
    } else if (day.getDayOfWeek().getValue() < DayOfWeek.SATURDAY.getValue()
        && random.nextDouble() < 0.4) {
      day = within(month, 1 + random.nextInt(month.lengthOfMonth()));
    }
    return day;
  }

  /** That day of the month, or the nearest one that there is. */
  private LocalDate within(YearMonth month, int of) {
    LocalDate day = month.atDay(of);
    return day.isBefore(first) ? first : day.isBefore(end) ? day : end.minusDays(1);
  }
}
