package io.laoke.reminder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.reminder.Smoothing.Sort;
import io.laoke.reminder.Smoothing.Wish;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is to be done finds days with room. */
class SmoothingTest {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 1);

  private static Wish wish(int earliest, int wanted, int latest, long count) {
    return wish(Sort.COMING, earliest, wanted, latest, count);
  }

  private static Wish wish(Sort sort, int earliest, int wanted, int latest, long count) {
    return new Wish(
        sort, DAY.plusDays(wanted), DAY.plusDays(earliest), DAY.plusDays(latest), count);
  }

  /** What comes to be on a day, of whatever sort. */
  private record Day(long wanted, long planned, long over) {
    static Day of(Map<Sort, ForecastDay.Count> counts) {
      return new Day(
          counts.values().stream().mapToLong(ForecastDay.Count::due).sum(),
          counts.values().stream().mapToLong(ForecastDay.Count::planned).sum(),
          counts.values().stream().mapToLong(ForecastDay.Count::over).sum());
    }
  }

  private static NavigableMap<LocalDate, Day> smoothed(List<Wish> wishes, long room) {
    NavigableMap<LocalDate, Day> days = new TreeMap<>();
    Smoothing.of(wishes, room).forEach((day, counts) -> days.put(day, Day.of(counts)));
    return days;
  }

  /** As {@code day:wanted>planned!over}. */
  private static String shown(Map<LocalDate, Day> days) {
    return days.entrySet().stream()
        .map(
            one ->
                one.getKey().toEpochDay()
                    - DAY.toEpochDay()
                    + ":"
                    + one.getValue().wanted()
                    + ">"
                    + one.getValue().planned()
                    + (one.getValue().over() == 0 ? "" : "!" + one.getValue().over()))
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing                              | 2 |                        |
          a day has room                       | 2 | 0-3-6x2                | 3:2>2
          one more goes to the day before      | 2 | 0-3-6x3                | 2:0>1 3:3>2
          then to the day behind               | 1 | 0-3-6x3                | 2:0>1 3:3>1 4:0>1
          never before it may                  | 1 | 3-3-6x3                | 3:3>1 4:0>1 5:0>1
          never behind the last                | 1 | 2-3-3x3                | 2:0>1 3:3>2!1
          no window, no move                   | 2 | 3-3-3x5                | 3:5>5!3
          no room at all                       | 0 | 0-3-6x2                | 3:2>2!2
          others make room                     | 1 | 4-5-5x2 2-4-4x1        | 3:0>1 4:1>1 5:2>1
          the others' day stays if it can      | 1 | 2-5-5x2 2-4-4x1        | 3:0>1 4:1>1 5:2>1
          alike are one                        | 3 | 0-3-6x2 0-3-6x2        | 2:0>1 3:4>3
          as much as there is room             | 2 | 0-1-2x9                | 0:0>2 1:9>5!3 2:0>2
          """)
  void asInTheTable(String what, int room, String wishes, String days) {
    List<Wish> all = new ArrayList<>();
    for (String one : wishes == null ? new String[0] : wishes.split(" ")) {
      String[] parts = one.split("[-x]");
      all.add(
          wish(
              Integer.parseInt(parts[0]),
              Integer.parseInt(parts[1]),
              Integer.parseInt(parts[2]),
              Long.parseLong(parts[3])));
    }

    assertThat(shown(smoothed(all, room))).isEqualTo(days == null ? "" : days);
    Collections.reverse(all);
    assertThat(shown(smoothed(all, room))).isEqualTo(days == null ? "" : days);
  }

  @Test
  void aWindowHoldsItsDay() {
    assertThatThrownBy(() -> wish(3, 2, 4, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> wish(1, 5, 4, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> wish(1, 2, 4, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  /** How many find room at most: day by day, those that can wait the least first. */
  private static long most(List<Wish> wishes, long room) {
    long placed = 0;
    PriorityQueue<LocalDate> waiting = new PriorityQueue<>();
    LocalDate last = wishes.stream().map(Wish::latest).max(Comparator.naturalOrder()).orElse(DAY);
    for (LocalDate day = DAY; !day.isAfter(last); day = day.plusDays(1)) {
      for (Wish wish : wishes) {
        for (int i = 0; wish.earliest().equals(day) && i < wish.count(); i++) {
          waiting.add(wish.latest());
        }
      }
      for (int i = 0; i < room && !waiting.isEmpty(); i++) {
        waiting.remove();
        placed++;
      }
      LocalDate today = day;
      waiting.removeIf(latest -> !latest.isAfter(today));
    }
    return placed;
  }

  /**
   * Whether so many on each day are within the windows: each set of days holds what must be there.
   */
  private static boolean within(List<Wish> wishes, NavigableMap<LocalDate, Day> days, int span) {
    for (int from = 0; from <= span; from++) {
      for (int to = from; to <= span; to++) {
        LocalDate first = DAY.plusDays(from);
        LocalDate last = DAY.plusDays(to);
        long must =
            wishes.stream()
                .filter(one -> !one.earliest().isBefore(first) && !one.latest().isAfter(last))
                .mapToLong(Wish::count)
                .sum();
        long there =
            days.subMap(first, true, last, true).values().stream().mapToLong(Day::planned).sum();
        if (there < must) {
          return false;
        }
      }
    }
    return true;
  }

  @Test
  void noOtherWayLeavesFewerWithoutRoom() {
    long seed = Long.getLong("laoke.seed", 20_260_301);
    Random random = new Random(seed);
    for (int round = 0; round < 3_000; round++) {
      int span = 2 + random.nextInt(12);
      long room = random.nextInt(5);
      List<Wish> wishes = new ArrayList<>();
      for (int i = random.nextInt(10); i >= 0; i--) {
        int wanted = random.nextInt(span + 1);
        int earliest = random.nextInt(wanted + 1);
        int latest = wanted + random.nextInt(span + 1 - wanted);
        Sort sort = Sort.values()[random.nextInt(4)];
        wishes.add(
            sort == Sort.BOOKED
                ? wish(sort, wanted, wanted, wanted, random.nextInt(5))
                : wish(sort, earliest, wanted, latest, random.nextInt(5)));
      }
      String story = "seed " + seed + ", round " + round + ": " + room + " " + wishes;

      NavigableMap<LocalDate, Day> days = smoothed(wishes, room);
      NavigableMap<LocalDate, Map<Sort, ForecastDay.Count>> sorted = Smoothing.of(wishes, room);

      for (Sort sort : Sort.values()) {
        List<ForecastDay.Count> counts =
            sorted.values().stream().flatMap(one -> Stream.ofNullable(one.get(sort))).toList();
        long some = wishes.stream().filter(o -> o.sort() == sort).mapToLong(Wish::count).sum();
        assertThat(counts.stream().mapToLong(ForecastDay.Count::due).sum()).isEqualTo(some);
        assertThat(counts.stream().mapToLong(ForecastDay.Count::planned).sum()).isEqualTo(some);
        for (ForecastDay.Count count : counts) {
          assertThat(count.over()).as(story).isBetween(0L, Math.min(count.due(), count.planned()));
          assertThat(sort != Sort.BOOKED || count.planned() == count.due()).as(story).isTrue();
          assertThat(sort != Sort.BOOKED || count.over() == Math.max(0, count.due() - room))
              .as(story)
              .isTrue();
        }
      }
      long all = wishes.stream().mapToLong(Wish::count).sum();
      long over = days.values().stream().mapToLong(Day::over).sum();
      assertThat(days.values().stream().mapToLong(Day::wanted).sum()).as(story).isEqualTo(all);
      assertThat(days.values().stream().mapToLong(Day::planned).sum()).as(story).isEqualTo(all);
      assertThat(all - over).as(story).isEqualTo(most(wishes, room));
      assertThat(within(wishes, days, span)).as(story).isTrue();
      for (Map.Entry<LocalDate, Day> one : days.entrySet()) {
        Day day = one.getValue();
        assertThat(day.planned() - day.over()).as(story).isBetween(0L, room);
        assertThat(day.over()).as(story).isLessThanOrEqualTo(Math.max(0, day.wanted()));
        assertThat(day.over() == 0 || day.planned() - day.over() == room).as(story).isTrue();
        assertThat(day.planned()).as(story).isGreaterThanOrEqualTo(Math.min(day.wanted(), room));
      }
      if (days.values().stream().allMatch(day -> day.wanted() <= room)) {
        assertThat(days.values()).as(story).allMatch(day -> day.wanted() == day.planned());
      }
      Collections.shuffle(wishes, random);
      assertThat(Smoothing.of(wishes, room)).as(story).isEqualTo(sorted);
    }
  }

  @Test
  void aYearOfABigStoreIsSpread() {
    Random random = new Random(1);
    List<Wish> wishes = new ArrayList<>();
    for (int day = 0; day < 366; day++) {
      for (int lead : new int[] {0, 7, 14, 30}) {
        wishes.add(wish(day, day + lead, day + 2 * lead, random.nextInt(200)));
      }
    }
    NavigableMap<LocalDate, Day> days = smoothed(wishes, 380);

    assertThat(days.values().stream().mapToLong(Day::planned).sum())
        .isEqualTo(wishes.stream().mapToLong(Wish::count).sum());
  }

  /** As many ways lead nowhere as there are wishes. */
  @Test
  void soIsOneOfAStoreThatCannotDoHalfOfIt() {
    Random random = new Random(1);
    List<Wish> wishes = new ArrayList<>();
    for (int day = 0; day < 366; day++) {
      for (int lead : new int[] {3, 7, 14, 30, 60, 90}) {
        wishes.add(wish(day, day + lead, day + 2 * lead, 1 + random.nextInt(20)));
      }
    }
    NavigableMap<LocalDate, Day> days = smoothed(wishes, 8);

    assertThat(days.values().stream().mapToLong(Day::planned).sum())
        .isEqualTo(wishes.stream().mapToLong(Wish::count).sum());
  }
}
