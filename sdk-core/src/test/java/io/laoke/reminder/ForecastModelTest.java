package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.DealerSettings;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Forecasts of random histories, against what is counted from the due list and the work list. */
class ForecastModelTest {
  private static final int DAYS = 366;
  private static final List<String> STORES = List.of("S0", "S1", "S2");

  /** A service that there is to do, and the days on which it may be done. */
  private record Job(
      String store, String sort, LocalDate wanted, LocalDate earliest, LocalDate latest) {}

  private final Random random = new Random(Long.getLong("laoke.seed", 20_261_127));

  private void sold(ReminderFixture laoke, int number) {
    String no = "SO-" + number;
    laoke
        .dealer()
        .orders()
        .upsert(
            Order.of(no, at(ReminderFixture.START))
                .store(STORES.get(random.nextInt(3)))
                .line(OrderLine.goods("1", "kitchen/hood", 1 + random.nextInt(3), "3000")));
    laoke.installed(no, ReminderFixture.START.plusDays(random.nextInt(120)));
  }

  /** Some of the staff do something about some tasks. */
  private void act(ReminderFixture laoke) {
    Tasks work = laoke.work();
    LocalDate today = laoke.today();
    for (Task task : work.list(TaskQuery.todo().withSnoozed(), null, 500).tasks()) {
      if (task.state() == TaskState.BOOKED || random.nextInt(3) > 0) {
        continue;
      }
      work.claim(task.id(), "li");
      Instant slot =
          at(today.plusDays(random.nextInt(12))).plus(Duration.ofHours(random.nextInt(14)));
      switch (random.nextInt(5)) {
        case 0 -> work.snooze(task.id(), "li", today.plusDays(1L + random.nextInt(25)));
        case 1 -> work.done(task.id(), "li", ServiceDone.at(at(today)));
        case 2 -> work.refused(task.id(), "li", null);
        default -> work.book(task.id(), "li", slot, slot.plusSeconds(3600), null);
      }
    }
  }

  /** By lists that others test, one service after the other. */
  private static List<Job> jobs(ReminderFixture laoke) {
    LocalDate today = laoke.today();
    LocalDate end = today.plusDays(DAYS - 1);
    List<Job> jobs = new ArrayList<>();
    for (DueReminder one :
        laoke
            .dealer()
            .reminders()
            .due(DueQuery.between(today.minusYears(1), today.plusYears(2)), null, 500)
            .reminders()) {
      if (!one.contact().isAfter(end)) {
        LocalDate from = later(one.contact(), today);
        jobs.add(job(one.storeCode().orElseThrow(), "coming", one.due(), one.contact(), from, end));
      }
    }
    for (Task task : laoke.work().list(TaskQuery.todo().withSnoozed(), null, 500).tasks()) {
      for (TaskItem item : task.items()) {
        if (item.state() == TaskItem.State.OPEN) {
          jobs.add(job(task, item, today, end));
        }
      }
    }
    return jobs;
  }

  private static Job job(Task task, TaskItem item, LocalDate today, LocalDate end) {
    String store = task.storeCode().orElseThrow();
    if (task.state() == TaskState.BOOKED) {
      LocalDate slot =
          LocalDate.ofInstant(task.booked().orElseThrow().from(), ReminderFixture.ZONE);
      return slot.isBefore(today)
          ? new Job(store, "overdue", today, today, end)
          : new Job(store, "booked", slot, slot, slot);
    }
    LocalDate from = later(task.snoozedUntil().orElse(today), today);
    String sort = item.due().isBefore(today) ? "overdue" : "waiting";
    return job(store, sort, item.due(), task.opened(), from, end);
  }

  private static Job job(
      String store, String sort, LocalDate due, LocalDate told, LocalDate from, LocalDate end) {
    if (due.isBefore(from)) {
      return new Job(store, sort, from, from, later(end, from));
    }
    long lead = Math.max(0, ChronoUnit.DAYS.between(told, due));
    return new Job(store, sort, due, from, due.plusDays(lead));
  }

  private static LocalDate later(LocalDate one, LocalDate other) {
    return one.isAfter(other) ? one : other;
  }

  /** How many find room at most: day by day, those that can wait the least first. */
  private static long most(List<Job> jobs, LocalDate first, int room) {
    long placed = 0;
    PriorityQueue<LocalDate> open = new PriorityQueue<>();
    for (LocalDate day = first; day.isBefore(first.plusDays(3L * DAYS)); day = day.plusDays(1)) {
      LocalDate now = day;
      jobs.stream()
          .filter(job -> job.earliest().equals(now))
          .forEach(job -> open.add(job.latest()));
      for (int i = 0; i < room && !open.isEmpty(); i++) {
        open.remove();
        placed++;
      }
      open.removeIf(latest -> !latest.isAfter(now));
    }
    return placed;
  }

  private static ForecastDay.Count count(ForecastDay day, String sort) {
    return switch (sort) {
      case "coming" -> day.coming();
      case "waiting" -> day.waiting();
      case "overdue" -> day.overdue();
      default -> day.booked();
    };
  }

  private static Map<String, Long> counted(List<ForecastDay> days) {
    Map<String, Long> found = new TreeMap<>();
    for (ForecastDay day : days) {
      for (String sort : List.of("coming", "waiting", "overdue", "booked")) {
        long due = count(day, sort).due();
        if (due > 0) {
          found.put(day.day() + " " + day.store().orElseThrow() + " " + sort, due);
        }
      }
    }
    return found;
  }

  private static Map<String, Long> counted(List<Job> jobs, LocalDate end) {
    Map<String, Long> due = new TreeMap<>();
    jobs.stream()
        .filter(job -> !job.wanted().isAfter(end))
        .forEach(
            job -> due.merge(job.wanted() + " " + job.store() + " " + job.sort(), 1L, Long::sum));
    return due;
  }

  private static long sum(List<ForecastDay> days, Function<ForecastDay, Long> what) {
    return days.stream().mapToLong(what::apply).sum();
  }

  private static void holds(List<ForecastDay> days, List<Job> jobs, LocalDate today, int room) {
    for (String store : STORES) {
      List<ForecastDay> own =
          days.stream().filter(day -> day.store().orElseThrow().equals(store)).toList();
      List<Job> all = jobs.stream().filter(job -> job.store().equals(store)).toList();
      assertThat(sum(own, ForecastDay::due)).isEqualTo(all.size());
      assertThat(sum(own, ForecastDay::planned)).isEqualTo(all.size());
      assertThat(all.size() - sum(own, ForecastDay::over)).isEqualTo(most(all, today, room));
      for (ForecastDay day : own) {
        assertThat(day.day()).isAfterOrEqualTo(today);
        assertThat(day.planned() - day.over()).isBetween(0L, (long) room);
        assertThat(day.booked().planned()).isEqualTo(day.booked().due());
        assertThat(day.booked().over()).isEqualTo(Math.max(0, day.booked().due() - room));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void isWhatTheListsHave(TestServer server) {
    DealerSettings settings =
        DealerSettings.defaults().reminders(ReminderSettings.standard().withOverdueADay(2));
    try (ReminderFixture laoke = new ReminderFixture(server, settings)) {
      laoke.be(ReminderFixture.START.plusMonths(5));
      for (int i = 0; i < 30; i++) {
        sold(laoke, i);
      }
      laoke
          .rules()
          .put(
              ReminderFixture.cleaning().cycle(ServiceCycle.every(Period.ofMonths(4)).leadDays(6)));
      Map<String, Integer> seen = new TreeMap<>();
      laoke.tick();
      for (int step = 0; step < 8; step++) {
        LocalDate today = laoke.today().plusDays(1L + random.nextInt(9));
        if (random.nextInt(4) > 0) {
          laoke.on(today);
          act(laoke);
        } else {
          laoke.be(today); // nobody has looked yet
        }
        List<Job> jobs = jobs(laoke);
        List<ForecastDay> free =
            laoke.dealer().reminders().forecast(ForecastQuery.days(DAYS)).days();
        assertThat(counted(free)).isEqualTo(counted(jobs, today.plusDays(DAYS - 1)));
        assertThat(free).allMatch(day -> day.due() == day.planned() && day.over() == 0);
        for (int room = 0; room < 3; room++) {
          holds(
              laoke.dealer().reminders().forecast(ForecastQuery.days(DAYS).capacity(room)).days(),
              jobs,
              today,
              room);
        }
        jobs.forEach(job -> seen.merge(job.sort(), 1, Integer::sum));
      }
      assertThat(seen).containsOnlyKeys("coming", "waiting", "overdue", "booked");
    }
  }
}
