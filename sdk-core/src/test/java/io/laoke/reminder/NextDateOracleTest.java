package io.laoke.reminder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.MonthDay;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Dates beside an oracle that adds nothing: it walks from day to day and counts first days of
 * months on the way.
 */
class NextDateOracleTest {
  private static final LocalDate FROM = LocalDate.of(2019, 1, 1);
  private static final LocalDate TO = LocalDate.of(2039, 1, 1);
  private static final List<Period> PERIODS =
      List.of(
          Period.ofDays(1),
          Period.ofDays(7),
          Period.ofDays(30),
          Period.ofDays(365),
          Period.ofMonths(1),
          Period.ofMonths(3),
          Period.ofMonths(6),
          Period.ofMonths(11),
          Period.ofYears(1),
          Period.ofYears(2),
          Period.of(0, 1, 1),
          Period.of(1, 1, 29));

  /** Written without {@link Season}: first and last as month × 100 + day. */
  private record Part(int first, int last) {
    boolean has(LocalDate day) {
      int begins = in(day, first);
      int ends = in(day, last);
      int now = day.getMonthValue() * 100 + day.getDayOfMonth();
      return begins <= ends ? now >= begins && now <= ends : now >= begins || now <= ends;
    }

    private static int in(LocalDate day, int monthDay) {
      return monthDay == 229 && !day.isLeapYear() ? 228 : monthDay;
    }

    Season season() {
      return new Season(MonthDay.of(first / 100, first % 100), MonthDay.of(last / 100, last % 100));
    }
  }

  private static final List<Part> PARTS =
      List.of(new Part(401, 930), new Part(1115, 315), new Part(229, 229), new Part(1201, 229));

  /** The day some months and days later, one step after the other. */
  private static LocalDate walked(LocalDate start, int months, int days) {
    LocalDate day = start;
    for (int passed = 0; passed < months; ) {
      day = day.plusDays(1);
      passed += day.getDayOfMonth() == 1 ? 1 : 0;
    }
    if (months > 0) {
      while (day.getDayOfMonth() < start.getDayOfMonth() && day.plusDays(1).getDayOfMonth() != 1) {
        day = day.plusDays(1);
      }
    }
    for (int i = 0; i < days; i++) {
      day = day.plusDays(1);
    }
    return day;
  }

  private static LocalDate waited(LocalDate from, @Nullable Part part) {
    LocalDate day = from;
    while (part != null && !part.has(day)) {
      day = day.plusDays(1);
    }
    return day;
  }

  /** All dates of a unit that never gets a service. */
  private static List<LocalDate> dates(
      LocalDate start, Period every, @Nullable Part part, int most, LocalDate end) {
    List<LocalDate> dates = new ArrayList<>();
    for (int count = 1; dates.size() < most; count++) {
      LocalDate day =
          waited(walked(start, (int) every.toTotalMonths() * count, every.getDays() * count), part);
      if (day.isAfter(end)) {
        break;
      }
      if (dates.isEmpty() || day.isAfter(dates.get(dates.size() - 1))) {
        dates.add(day);
      }
    }
    return dates;
  }

  private static List<LocalDate> asked(ServiceCycle cycle, LocalDate start, int most) {
    List<LocalDate> dates = new ArrayList<>();
    UnitDays days = UnitDays.unknown().installed(start);
    while (dates.size() < most) {
      NextService.Due next = (NextService.Due) cycle.next(days);
      if (next.due().isAfter(TO)) {
        break;
      }
      dates.add(next.due());
      days = days.closed(dates.size(), next.due());
    }
    return dates;
  }

  @Test
  void theFirstDateOfEveryDayOfTwentyYears() {
    for (Period every : PERIODS) {
      ServiceCycle cycle = ServiceCycle.every(every);
      for (LocalDate start = FROM; start.isBefore(TO); start = start.plusDays(1)) {
        NextService.Due next = (NextService.Due) cycle.next(UnitDays.unknown().installed(start));
        assertThat(next.due())
            .as("%s + %s", start, every)
            .isEqualTo(walked(start, (int) every.toTotalMonths(), every.getDays()));
      }
    }
  }

  @Test
  void allDatesOfTwentyYearsFromLeapDaysAndEndsOfMonths() {
    for (Period every : PERIODS) {
      for (Part part : parts()) {
        ServiceCycle plain = ServiceCycle.every(every);
        ServiceCycle cycle = part == null ? plain : plain.within(part.season());
        for (String start :
            List.of("2019-01-01", "2019-01-31", "2019-11-30", "2020-02-28", "2020-02-29")) {
          LocalDate from = LocalDate.parse(start);
          // A cycle of days has thousands of dates; each is walked anew.
          int most = every.toTotalMonths() == 0 ? 60 : 400;
          assertThat(asked(cycle, from, most))
              .as("%s every %s within %s", start, every, Optional.ofNullable(part))
              .isEqualTo(dates(from, every, part, most, TO))
              .isNotEmpty();
        }
      }
    }
  }

  private static List<@Nullable Part> parts() {
    List<@Nullable Part> parts = new ArrayList<>(PARTS);
    parts.add(null);
    return parts;
  }
}
