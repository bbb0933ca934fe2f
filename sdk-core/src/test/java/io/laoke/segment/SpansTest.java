package io.laoke.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows against a calendar that counts days on its fingers. */
class SpansTest {
  private static final int FIRST_YEAR = 1990;
  private static final int YEARS = 40;
  private static final int FROM_YEAR = 1998;
  private static final int TO_YEAR = 2018;

  /** All days of 40 years, one after the other, made with nothing but additions. */
  private static final class Days {
    final int[] year = new int[YEARS * 366];
    final int[] month = new int[YEARS * 366];
    final int[] day = new int[YEARS * 366];
    final int[] weekday = new int[YEARS * 366];
    final long[] start = new long[YEARS * 366];
    int size;

    Days(ZoneId zone) {
      int monday = 1;
      for (int y = FIRST_YEAR; y < FIRST_YEAR + YEARS; y++) {
        for (int m = 1; m <= 12; m++) {
          for (int d = 1; d <= length(y, m); d++, size++) {
            year[size] = y;
            month[size] = m;
            day[size] = d;
            weekday[size] = monday; // 1990-01-01 was a Monday
            monday = monday == 7 ? 1 : monday + 1;
            start[size] = start(zone, size);
          }
        }
      }
    }

    static boolean leap(int y) {
      return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    }

    static int length(int y, int m) {
      return m == 2 ? (leap(y) ? 29 : 28) : m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
    }

    /** The first quarter of an hour in which the zone's clocks show this day or a later one. */
    private long start(ZoneId zone, int i) {
      long wanted = i;
      long at = i == 0 ? Instant.parse("1989-12-31T00:00:00Z").toEpochMilli() : start[i - 1];
      if (i > 0 && shown(zone, at) < wanted) {
        at += 20L * 3_600_000;
      }
      while (shown(zone, at) < wanted) {
        at += 900_000;
      }
      return at;
    }

    /** Days since 1990-01-01 that the clocks show. */
    private static long shown(ZoneId zone, long ms) {
      long offset = zone.getRules().getOffset(Instant.ofEpochMilli(ms)).getTotalSeconds();
      return Math.floorDiv(ms / 1000 + offset, 86_400L) - 7_305;
    }

    int find(int y, int m, int d) {
      int i = (y - FIRST_YEAR) * 365;
      while (year[i] != y || month[i] != m || day[i] != d) {
        i++;
      }
      return i;
    }

    /** That many months on, on the last day there is up to that of the month. */
    int months(int i, int months) {
      int count = year[i] * 12 + month[i] - 1 + months;
      int y = count / 12;
      int m = count % 12 + 1;
      return find(y, m, Math.min(day[i], length(y, m)));
    }

    int first(int i, Window.Unit unit) {
      while (i > 0 && same(i, i - 1, unit)) {
        i--;
      }
      return i;
    }

    int behind(int i, Window.Unit unit) {
      int next = i;
      while (same(i, next, unit)) {
        next++;
      }
      return next;
    }

    private boolean same(int i, int other, Window.Unit unit) {
      return switch (unit) {
        case DAY -> i == other;
        case WEEK -> i - weekday[i] == other - weekday[other];
        case MONTH -> year[i] == year[other] && month[i] == month[other];
        case QUARTER -> year[i] == year[other] && (month[i] + 2) / 3 == (month[other] + 2) / 3;
        case YEAR -> year[i] == year[other];
      };
    }

    LocalDate date(int i) {
      return LocalDate.of(year[i], month[i], day[i]);
    }
  }

  private static int steps(Days days, int i, int sign, int months, int add) {
    return days.months(i, sign * months) + sign * add;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Asia/Shanghai",
        "America/New_York",
        "America/Sao_Paulo",
        "Australia/Lord_Howe",
        "Pacific/Apia"
      })
  void areThoseOfANaiveCalendarOverTwentyYears(String name) {
    ZoneId zone = ZoneId.of(name);
    Days days = new Days(zone);
    int last = days.find(TO_YEAR, 1, 1);
    for (int i = days.find(FROM_YEAR, 1, 1); i < last; i++) {
      boolean skipped = days.start[i] == days.start[i + 1];
      boolean everyDay = name.equals("Asia/Shanghai");
      if (!everyDay && i % 3 != 0 && days.start[i + 3] - days.start[i - 3] == 6L * 86_400_000) {
        continue; // the clocks change on other days
      }
      if (skipped) {
        continue; // no time is ever on it
      }
      long midnight = days.start[i];
      long asOf = i % 2 == 0 ? midnight : midnight + 10L * 3_600_000 + i * 997L;
      windows(days, i, new Spans(Instant.ofEpochMilli(asOf), zone), asOf);
    }
  }

  private static void windows(Days days, int i, Spans spans, long asOf) {
    int n = 1 + i % 400;
    int m = 1 + i % 25;
    same(days, spans, new Window.Last(Period.ofDays(n)), days.start[i - n], asOf);
    same(days, spans, new Window.Last(Period.ofMonths(m)), days.start[days.months(i, -m)], asOf);
    same(
        days,
        spans,
        new Window.Last(Period.of(1, m, 3)),
        days.start[steps(days, i, -1, 12 + m, 3)],
        asOf);
    same(days, spans, new Window.Next(Period.ofDays(n)), asOf, days.start[i + n + 1]);
    same(days, spans, new Window.Next(Period.ofYears(2)), asOf, days.start[days.months(i, 24) + 1]);
    same(days, spans, new Window.Before(Period.ofDays(n)), null, days.start[i - n]);
    same(days, spans, new Window.Before(Period.ofMonths(m)), null, days.start[days.months(i, -m)]);
    for (Window.Unit unit : Window.Unit.values()) {
      int first = days.first(i, unit);
      int behind = days.behind(i, unit);
      same(days, spans, new Window.This(unit), days.start[first], days.start[behind]);
      same(
          days,
          spans,
          new Window.Prev(unit),
          days.start[days.first(first - 1, unit)],
          days.start[first]);
      same(
          days,
          spans,
          new Window.NextUnit(unit),
          days.start[behind],
          days.start[days.behind(behind, unit)]);
    }
    Optional<LocalDate> from = Optional.of(days.date(i - n));
    Optional<LocalDate> to = Optional.of(days.date(i));
    same(days, spans, new Window.Days(from, to), days.start[i - n], days.start[i + 1]);
    same(days, spans, new Window.Days(from, Optional.empty()), days.start[i - n], null);
    same(days, spans, new Window.Days(Optional.empty(), to), null, days.start[i + 1]);
  }

  private static void same(Days days, Spans spans, Window window, Long from, Long to) {
    Span span = spans.of(window);
    if (!new Span(from, to).equals(span)) {
      assertThat(span).as(window.toString()).isEqualTo(new Span(from, to));
    }
    Condition.InDays in = spans.days(window);
    edge(days, window, from, in.from());
    edge(days, window, to, in.before());
    boolean eleventhDay = index(days, from == null ? to : from) % 11 == 0;
    if (from != null && to != null && eleventhDay) {
      monthDays(days, spans, window, from, to);
    }
  }

  /** The first day that starts then or later. */
  private static void edge(Days days, Window window, Long ms, Optional<LocalDate> day) {
    if (ms == null) {
      assertThat(day).as(window.toString()).isEmpty();
      return;
    }
    int i = index(days, ms);
    if (!day.equals(Optional.of(days.date(i)))) {
      assertThat(day).as(window.toString()).contains(days.date(i));
    }
  }

  private static int index(Days days, long ms) {
    int i = (int) ((ms - days.start[0]) / 86_400_000L) - 2;
    while (days.start[i] < ms) {
      i++;
    }
    return i;
  }

  private static void monthDays(Days days, Spans spans, Window window, long from, long to) {
    BitSet expected = new BitSet();
    int behind = index(days, to);
    for (int i = index(days, from); i < behind; i++) {
      expected.set(days.month[i] * 100 + days.day[i]);
      if (days.month[i] == 2 && days.day[i] == 28 && !Days.leap(days.year[i])) {
        expected.set(229);
      }
    }
    BitSet found = spans.monthDays(window).monthDays();
    if (!expected.equals(found)) {
      assertThat(found).as(window.toString()).isEqualTo(expected);
    }
  }

  @Test
  void ofTheTableAsItIsWritten() {
    ZoneId zone = ZoneId.of("Asia/Shanghai");
    Spans spans = new Spans(Instant.parse("2026-03-31T10:00:00+08:00"), zone);
    assertSpan(
        spans.of(new Window.Last(Period.ofDays(30))),
        "2026-03-01T00:00:00+08:00",
        "2026-03-31T10:00:00+08:00");
    assertSpan(
        spans.of(new Window.Last(Period.ofMonths(1))),
        "2026-02-28T00:00:00+08:00",
        "2026-03-31T10:00:00+08:00");
    assertSpan(
        spans.of(new Window.Next(Period.ofDays(7))),
        "2026-03-31T10:00:00+08:00",
        "2026-04-08T00:00:00+08:00");
    assertSpan(
        spans.of(new Window.This(Window.Unit.WEEK)),
        "2026-03-30T00:00:00+08:00",
        "2026-04-06T00:00:00+08:00");
    assertThat(spans.of(new Window.Before(Period.ofYears(1))).fromMs()).isNull();
  }

  private static void assertSpan(Span span, String from, String to) {
    assertThat(span.fromMs()).isEqualTo(OffsetDateTime.parse(from).toInstant().toEpochMilli());
    assertThat(span.toMs()).isEqualTo(OffsetDateTime.parse(to).toInstant().toEpochMilli());
  }

  @Test
  void everyDayComesRoundInAnOpenWindowOrOneOfAYear() {
    Spans spans = new Spans(Instant.parse("2026-11-26T02:30:00Z"), ZoneId.of("Asia/Shanghai"));
    for (Window window :
        new Window[] {
          new Window.Before(Period.ofDays(1)),
          new Window.Last(Period.ofYears(3)),
          new Window.Days(Optional.empty(), Optional.of(LocalDate.of(2026, 1, 1))),
          new Window.This(Window.Unit.YEAR)
        }) {
      BitSet days = spans.monthDays(window).monthDays();
      assertThat(days.cardinality()).as(window.toString()).isEqualTo(366);
      assertThat(days.get(229)).isTrue();
    }
    assertThat(
            spans
                .monthDays(
                    new Window.Days(
                        Optional.of(LocalDate.of(2024, 2, 28)),
                        Optional.of(LocalDate.of(2024, 2, 28))))
                .monthDays()
                .get(229))
        .as("in a leap year it has a day of its own")
        .isFalse();
  }
}
