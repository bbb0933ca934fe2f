package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.DealerSettings;
import io.laoke.error.InvalidInputException;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.testing.TestServer;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The services that are to come, by day and store. */
class ForecastTest {
  private static final LocalDate TODAY = ReminderFixture.START.plusMonths(5);
  private static final LocalDate DUE = ReminderFixture.START.plusMonths(6);

  private static void sold(ReminderFixture laoke, String no, String store, int units, int day) {
    laoke
        .dealer()
        .orders()
        .upsert(
            Order.of(no, at(ReminderFixture.START))
                .store(store)
                .line(OrderLine.goods("1", "kitchen/hood", units, "3000")));
    laoke.installed(no, ReminderFixture.START.plusDays(day));
  }

  private static List<String> shown(ReminderFixture laoke, ForecastQuery query) {
    return laoke.dealer().reminders().forecast(query).days().stream()
        .map(
            day ->
                "%s %s %d %d %d"
                    .formatted(
                        day.day(), day.store().orElse("-"), day.due(), day.planned(), day.over()))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void byDayAndStoreWithRoomForSoMany(TestServer server) throws Exception {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke
          .rules()
          .put(
              ReminderRule.of(
                  "hood",
                  "kitchen/hood",
                  "CLEANING",
                  ServiceCycle.every(Period.ofMonths(6)).leadDays(2)));
      sold(laoke, "SO-1", "S1", 5, 0);
      sold(laoke, "SO-2", "S2", 1, 0);
      sold(laoke, "SO-3", null, 1, 1);
      sold(laoke, "SO-4", "S1", 1, 70);
      laoke.on(TODAY);

      assertThat(shown(laoke, ForecastQuery.ninetyDays()))
          .containsExactly(DUE + " S1 5 5 0", DUE + " S2 1 1 0", DUE.plusDays(1) + " - 1 1 0");
      assertThat(shown(laoke, ForecastQuery.days(120).store("S1").kind("CLEANING")))
          .containsExactly(
              DUE + " S1 5 5 0", ReminderFixture.START.plusDays(70).plusMonths(6) + " S1 1 1 0");
      assertThat(shown(laoke, ForecastQuery.ninetyDays().kind("FILTER"))).isEmpty();
      assertThat(shown(laoke, ForecastQuery.ninetyDays().capacity(1).capacity("S2", 0)))
          .containsExactly(
              DUE.minusDays(2) + " S1 0 1 0",
              DUE.minusDays(1) + " S1 0 1 0",
              DUE + " S1 5 1 0",
              DUE + " S2 1 1 1",
              DUE.plusDays(1) + " - 1 1 0",
              DUE.plusDays(1) + " S1 0 1 0",
              DUE.plusDays(2) + " S1 0 1 0");

      assertThat(shown(laoke, ForecastQuery.days(1).from(DUE)))
          .containsExactly(DUE + " S1 5 5 0", DUE + " S2 1 1 0");

      laoke.be(DUE.minusDays(2)); // nobody has looked yet
      assertThat(shown(laoke, ForecastQuery.days(2).capacity(1)))
          .containsExactly(DUE.minusDays(2) + " S1 0 1 0", DUE.minusDays(1) + " S1 0 1 0");
      laoke.be(DUE.plusDays(9));
      assertThat(shown(laoke, ForecastQuery.days(3).capacity(2)))
          .as("what is overdue is for today, or as soon as there is room")
          .containsExactly(
              DUE.plusDays(9) + " - 1 1 0",
              DUE.plusDays(9) + " S1 5 2 0",
              DUE.plusDays(9) + " S2 1 1 0",
              DUE.plusDays(10) + " S1 0 2 0",
              DUE.plusDays(11) + " S1 0 1 0");
      assertThat(shown(laoke, ForecastQuery.days(2).capacity(2).store("S1")))
          .as("within the days that are asked for")
          .containsExactly(DUE.plusDays(9) + " S1 5 3 1", DUE.plusDays(10) + " S1 0 2 0");
    }
  }

  private static List<String> sorts(ReminderFixture laoke, ForecastQuery query) {
    return laoke.dealer().reminders().forecast(query).days().stream()
        .map(
            day ->
                "%s %s | %s | %s | %s | %s"
                    .formatted(
                        day.day(),
                        day.store().orElse("-"),
                        shown(day.coming()),
                        shown(day.waiting()),
                        shown(day.overdue()),
                        shown(day.booked())))
        .toList();
  }

  private static String shown(ForecastDay.Count count) {
    return count.due() + ">" + count.planned() + (count.over() == 0 ? "" : "!" + count.over());
  }

  /** Coming, waiting, overdue and booked. */
  @ParameterizedTest
  @EnumSource
  void tellsApartWhatIsOnTheWorkList(TestServer server) throws Exception {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke
          .rules()
          .put(
              ReminderFixture.cleaning().cycle(ServiceCycle.every(Period.ofMonths(6)).leadDays(2)));
      sold(laoke, "SO-1", "S1", 3, 0);
      sold(laoke, "SO-2", "S1", 2, 0);
      sold(laoke, "SO-3", "S1", 1, 6);
      sold(laoke, "SO-4", "S2", 1, 0);
      sold(laoke, "SO-5", "S1", 1, 90);
      laoke.on(DUE.minusDays(2));
      assertThat(sorts(laoke, ForecastQuery.days(20)))
          .as("told, and due in two days; one is not told yet")
          .containsExactly(
              DUE + " S1 | 0>0 | 5>5 | 0>0 | 0>0",
              DUE + " S2 | 0>0 | 1>1 | 0>0 | 0>0",
              DUE.plusDays(6) + " S1 | 1>1 | 0>0 | 0>0 | 0>0");

      LocalDate late = DUE.plusDays(5);
      laoke.on(late);
      List<String> list =
          List.of(
              late + " S1 | 0>0 | 0>0 | 5>5 | 0>0",
              late + " S2 | 0>0 | 0>0 | 1>1 | 0>0",
              DUE.plusDays(6) + " S1 | 0>0 | 1>1 | 0>0 | 0>0");
      assertThat(sorts(laoke, ForecastQuery.days(20))).isEqualTo(list);
      Tasks work = laoke.work();
      long booked = laoke.task("SO-2");
      work.claim(booked, "li");
      work.book(booked, "li", at(late.plusDays(1)), at(late.plusDays(1)).plusSeconds(3600), null);
      long off = laoke.task("SO-4");
      work.claim(off, "li");
      work.snooze(off, "li", late.plusDays(9));

      assertThat(sorts(laoke, ForecastQuery.days(20).capacity(2)))
          .as("what is booked has its day's room, what is overdue takes what is left from today on")
          .containsExactly(
              late + " S1 | 0>0 | 0>0 | 3>2 | 0>0",
              late.plusDays(1) + " S1 | 0>0 | 1>0 | 0>0 | 2>2",
              late.plusDays(2) + " S1 | 0>0 | 0>1 | 0>1 | 0>0",
              late.plusDays(9) + " S2 | 0>0 | 0>0 | 1>1 | 0>0");
      assertThat(sorts(laoke, ForecastQuery.days(20).capacity(1).store("S1")))
          .containsExactly(
              late + " S1 | 0>0 | 0>1 | 3>0 | 0>0",
              late.plusDays(1) + " S1 | 0>0 | 1>0 | 0>0 | 2>2!1",
              late.plusDays(2) + " S1 | 0>0 | 0>0 | 0>1 | 0>0",
              late.plusDays(3) + " S1 | 0>0 | 0>0 | 0>1 | 0>0",
              late.plusDays(4) + " S1 | 0>0 | 0>0 | 0>1 | 0>0");
      assertThat(sorts(laoke, ForecastQuery.days(1).from(late.plusDays(3)).store("S1")))
          .as("a slot is over, and all else is overdue too")
          .containsExactly(late.plusDays(3) + " S1 | 0>0 | 0>0 | 6>6 | 0>0");

      StringBuilder csv = new StringBuilder();
      laoke
          .dealer()
          .reminders()
          .forecast(ForecastQuery.days(90).store("S1").capacity(2))
          .writeCsv(csv);
      assertThat(csv.toString())
          .isEqualTo(
              """
              day,store,due,planned,over,coming_planned,waiting_planned,overdue_planned,booked_planned
              2026-07-15,S1,3,2,0,0,0,2,0
              2026-07-16,S1,3,2,0,0,0,0,2
              2026-07-17,S1,0,2,0,0,1,1,0
              2026-10-10,S1,1,1,0,1,0,0,0
              """
                  .replace("\n", "\r\n"));

      work.done(booked, "li", ServiceDone.at(at(late)));
      work.claim(laoke.task("SO-1"), "li");
      work.refused(laoke.task("SO-1"), "li", null);
      assertThat(sorts(laoke, ForecastQuery.days(20).store("S1").kind("CLEANING")))
          .as("what has ended is none of it")
          .containsExactly(list.get(2));
      assertThat(sorts(laoke, ForecastQuery.days(20).kind("FILTER"))).isEmpty();
    }
  }

  @Test
  void asksForAYearAtMost() {
    assertThatThrownBy(() -> ForecastQuery.days(367)).isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> ForecastQuery.days(0)).isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> ForecastQuery.ninetyDays().capacity(-1))
        .isInstanceOf(InvalidInputException.class);
    ForecastQuery query = ForecastQuery.ninetyDays().capacity("S1", 3);
    assertThat(query.capacityOf(Optional.of("S1"))).hasValue(3);
    assertThat(query.capacityOf(Optional.of("S2"))).isEmpty();
    assertThat(query.capacity(7).capacityOf(Optional.empty())).hasValue(7);
  }

  /** Against what a page by page walk of the due list gives. */
  @ParameterizedTest
  @EnumSource
  void isWhatTheDueListHas(TestServer server) {
    DealerSettings settings =
        DealerSettings.defaults().reminders(ReminderSettings.standard().withOverdueADay(2));
    try (ReminderFixture laoke = new ReminderFixture(server, settings)) {
      Random random = new Random(7);
      laoke.be(ReminderFixture.START.plusMonths(5));
      for (int i = 0; i < 40; i++) {
        sold(laoke, "SO-" + i, "S" + random.nextInt(3), 1 + random.nextInt(2), random.nextInt(90));
      }
      laoke
          .rules()
          .put(
              ReminderFixture.cleaning()
                  .cycle(ServiceCycle.every(Period.ofMonths(4)).leadDays(random.nextInt(20))));
      laoke.tick();
      Map<String, Long> due = new TreeMap<>();
      LocalDate today = laoke.today();
      laoke
          .dealer()
          .reminders()
          .due(DueQuery.between(today, today.plusDays(400)), null, 500)
          .reminders()
          .forEach(
              one -> {
                LocalDate day = one.due().isBefore(one.contact()) ? one.contact() : one.due();
                due.merge(day + " " + one.storeCode().orElse("-"), 1L, Long::sum);
              });
      due.keySet()
          .removeIf(key -> !LocalDate.parse(key.substring(0, 10)).isBefore(today.plusDays(50)));

      List<String> found = new ArrayList<>();
      laoke
          .dealer()
          .reminders()
          .forecast(ForecastQuery.days(50))
          .days()
          .forEach(
              day -> {
                if (day.coming().due() > 0) {
                  found.add(day.day() + " " + day.store().orElse("-") + "=" + day.coming().due());
                }
              });

      assertThat(due).isNotEmpty();
      assertThat(found)
          .containsExactlyElementsOf(due.entrySet().stream().map(Object::toString).toList());
    }
  }
}
