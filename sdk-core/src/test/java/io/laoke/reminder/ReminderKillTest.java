package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.DealerSettings;
import io.laoke.imports.ImportFact;
import io.laoke.message.Outbound;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.KilledAtWork;
import io.laoke.testing.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Processes that are killed while they plan, have a rule followed, or have dates come due. */
class ReminderKillTest {
  private static final int ORDERS = 1_200;
  private static final int FOLLOWERS = 6;
  private static final LocalDate DUE = ReminderFixture.START.plusMonths(6);

  private final long seed = Long.getLong("laoke.seed", System.nanoTime());

  @Test
  void nothingIsHalfLostOrDoubled() throws Exception {
    System.out.println("killed while it reminds: -Dlaoke.seed=" + seed);
    DealerSettings settings =
        DealerSettings.defaults().reminders(ReminderSettings.standard().withOverdueADay(1_000_000));
    try (ReminderFixture laoke = new ReminderFixture(TestServer.POSTGRESQL, settings)) {
      laoke
          .dealer()
          .imports()
          .run(
              "all",
              IntStream.range(0, ORDERS)
                  .boxed()
                  .flatMap(
                      i ->
                          Stream.of(
                              ImportFact.order(
                                  ReminderFixture.order("SO-" + i, "C" + i / 3, 1 + i % 2)),
                              ImportFact.stage(
                                  "SO-" + i,
                                  StageReport.of(
                                      Stage.INSTALLED, at(ReminderFixture.START.plusDays(i % 5))))))
                  .iterator());
      int units = ORDERS + ORDERS / 2;
      laoke
          .dealer()
          .notices()
          .reminderTemplate(NoticeTemplate.of("T-CARE").field("thing1", "{service.name}"));
      for (int i = 0; i < FOLLOWERS; i++) {
        laoke.follows("o-" + i, "SO-" + 3 * i);
      }

      laoke.rules().put(ReminderFixture.cleaning());
      killed(laoke, ReminderFixture.START, "INSERT INTO laoke_reminder ", 2);
      int made = laoke.count("reminder");
      assertThat(made).isPositive().isLessThan(units);
      over(laoke);
      laoke.tick();
      assertThat(laoke.count("reminder")).isEqualTo(units);

      laoke.write(
          "INSERT INTO {reminder_todo} (dealer_id, id, order_id)"
              + " SELECT dealer_id, id, id FROM {customer_order}");
      List<String> planned = laoke.everything();
      killed(laoke, ReminderFixture.START, "DELETE FROM laoke_reminder_todo", 2);
      assertThat(laoke.count("reminder_todo")).isPositive().isLessThan(ORDERS);
      laoke.tick();
      assertThat(laoke.count("reminder_todo")).isZero();
      assertThat(laoke.everything()).isEqualTo(planned);

      laoke.rules().put(ReminderFixture.cleaning().cycle(ServiceCycle.every(Period.ofMonths(5))));
      laoke.tick();
      laoke.be(DUE);
      killed(laoke, DUE, "INSERT INTO laoke_reminder_item", 0);
      killed(laoke, DUE, "INSERT INTO laoke_outbox", 1);
      laoke.tick();
      laoke.tick();
      assertThat(laoke.platform.sent().stream().map(Outbound::to))
          .as("each told once")
          .hasSize(FOLLOWERS)
          .doesNotHaveDuplicates();
      assertThat(laoke.rows("SELECT COUNT(*) FROM {reminder_contact} WHERE step = 'TEMPLATE'"))
          .containsExactly(String.valueOf(ORDERS / 3));
      assertThat(laoke.count("reminder_item")).isEqualTo(units);
      assertThat(laoke.count("reminder_task")).as("one of each member").isEqualTo(ORDERS / 3);
      assertThat(laoke.rows("SELECT DISTINCT closed FROM {reminder}")).containsExactly("1");
    }
  }

  /** The lease of one that ended is over. */
  private static void over(ReminderFixture laoke) {
    laoke.write("UPDATE {reminder_change} SET next_ms = 1 WHERE done_ms IS NULL");
  }

  private void killed(ReminderFixture laoke, LocalDate day, String mark, int marks)
      throws IOException, InterruptedException {
    Process node =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                TickAndDie.class.getName(),
                laoke.pool.getJdbcUrl(),
                String.valueOf(seed),
                String.valueOf(at(day)),
                mark,
                String.valueOf(marks))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(node.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(node.exitValue()).isEqualTo(KilledAtWork.EXIT);
    } finally {
      node.destroyForcibly();
    }
  }
}
