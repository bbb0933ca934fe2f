package io.laoke.reminder;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.DealerSettings;
import io.laoke.order.UnitServiceReport;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What nobody does anything about ends. */
class ExpiryTest {
  private static DealerSettings settings(int days) {
    return DealerSettings.defaults()
        .reminders(ReminderSettings.standard().withExpireAfterDays(days));
  }

  private static String state(ReminderFixture laoke, String order) {
    return laoke.work().find(laoke.task(order)).orElseThrow().state().name();
  }

  @ParameterizedTest
  @EnumSource
  void afterTheDaysThatTheDealerSays(TestServer server) throws Exception {
    try (ReminderFixture laoke = new ReminderFixture(server, settings(90))) {
      laoke.engine(settings(90));
      LocalDate due = laoke.due(5);
      Tasks tasks = laoke.work();
      tasks.claim(laoke.task("SO-2"), "li");
      long released = laoke.task("SO-3");
      tasks.claim(released, "li");
      laoke.on(due.plusDays(10));
      tasks.release(released, "li");

      laoke.on(due.plusDays(90));
      assertThat(state(laoke, "SO-1")).isEqualTo("OPEN");
      laoke.be(due.plusDays(91));
      AtOnce.all(
          List.of(
              () -> laoke.engine(0).tick(ReminderFixture.at(laoke.today())),
              () -> laoke.engine(1).tick(ReminderFixture.at(laoke.today()))));
      laoke.tick();

      assertThat(state(laoke, "SO-1")).isEqualTo("EXPIRED");
      assertThat(state(laoke, "SO-2")).as("somebody has it").isEqualTo("CLAIMED");
      assertThat(state(laoke, "SO-3")).as("somebody had it").isEqualTo("OPEN");
      assertThat(state(laoke, "SO-4")).isEqualTo("EXPIRED");
      assertThat(tasks.history(laoke.task("SO-1")))
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.action()).isEqualTo(TaskEvent.Action.EXPIRED);
                assertThat(event.by()).isEqualTo("laoke");
                assertThat(event.from()).contains(TaskState.OPEN);
              });
      assertThat(laoke.strays()).isEmpty();

      laoke.on(due.plusDays(101));
      assertThat(state(laoke, "SO-3")).isEqualTo("EXPIRED");
      long old = laoke.task("SO-1");
      laoke
          .dealer()
          .services()
          .record(
              "SO-1",
              UnitServiceReport.of("1", "CLEANING", ReminderFixture.at(laoke.today())).unit(1));
      laoke.on(due.plusMonths(6));
      assertThat(laoke.work().find(old).orElseThrow().state()).isEqualTo(TaskState.EXPIRED);
      assertThat(laoke.task("SO-4")).as("the next date has a task of its own").isNotEqualTo(old);
      assertThat(state(laoke, "SO-4")).isEqualTo("OPEN");
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneThatCannotBeEndedKeepsNoOthers(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server, settings(90))) {
      LocalDate due = laoke.due(5);
      laoke.write(
          "ALTER TABLE {reminder_task} ADD CONSTRAINT no_end CHECK (id <> %d OR state <> 'EXPIRED')"
              .formatted(laoke.task("SO-2")));

      laoke.on(due.plusDays(91));
      laoke.tick();
      assertThat(state(laoke, "SO-2")).isEqualTo("OPEN");
      for (String other : List.of("SO-1", "SO-3", "SO-4", "SO-5")) {
        assertThat(state(laoke, other)).isEqualTo("EXPIRED");
      }

      laoke.write("ALTER TABLE {reminder_task} DROP CONSTRAINT no_end");
      laoke.on(due.plusDays(92));
      assertThat(state(laoke, "SO-2")).as("tried again on the next day").isEqualTo("EXPIRED");
      assertThat(laoke.strays()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void notWhatHasJustBeenJoinedAndNeverUnlessTheDealerSaysSo(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server, settings(200))) {
      LocalDate due = laoke.due(1);
      laoke.on(due.plusMonths(6)); // the next date joins
      laoke.on(due.plusDays(201));
      assertThat(state(laoke, "SO-1")).isEqualTo("OPEN");
    }
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      LocalDate due = laoke.due(1);
      laoke.on(due.plusDays(4_000));
      assertThat(state(laoke, "SO-1")).isEqualTo("OPEN");
    }
  }
}
