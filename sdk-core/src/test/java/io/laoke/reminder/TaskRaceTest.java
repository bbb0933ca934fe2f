package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.error.ConflictException;
import io.laoke.order.UnitServiceReport;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many staff at the same tasks. */
class TaskRaceTest {
  private static void holders(ReminderFixture laoke) throws Exception {
    try (Connection connection = laoke.pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE held (task_id BIGINT PRIMARY KEY, staff VARCHAR(64))");
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
    }
  }

  /** As the history of each task tells it. */
  private static void oneHolderAtATime(ReminderFixture laoke, int orders) {
    Map<String, Integer> ended = new HashMap<>();
    List<String> ids = laoke.rows("SELECT id FROM {reminder_task}");
    assertThat(ids).hasSize(orders);
    for (String one : ids) {
      long id = Long.parseLong(one);
      List<TaskEvent> history = laoke.work().history(id);
      assertThat(history).isNotEmpty();
      TaskState state = TaskState.OPEN;
      int claimed = 0;
      int released = 0;
      for (TaskEvent event : history) {
        claimed += event.action() == TaskEvent.Action.CLAIMED ? 1 : 0;
        released += event.action() == TaskEvent.Action.RELEASED ? 1 : 0;
        state = event.to().orElseThrow();
      }
      assertThat(claimed).as("%s", history).isEqualTo(released + 1);
      assertThat(laoke.work().find(id).orElseThrow().state()).isEqualTo(TaskState.REFUSED);
      ended.merge(history.get(history.size() - 1).by(), 1, Integer::sum);
    }
    assertThat(laoke.rows("SELECT listed FROM {reminder_task}")).containsOnly("0");
  }

  /** 64 threads here, beside two other processes. */
  @Test
  void sixtyFourThreadsAndTwoProcessesNeverHoldTheSame() throws Exception {
    try (ReminderFixture laoke = new ReminderFixture(TestServer.POSTGRESQL)) {
      LocalDate due = laoke.due(200);
      holders(laoke);
      List<Process> others = new ArrayList<>();
      try {
        others.add(process(laoke, "b", due));
        others.add(process(laoke, "c", due));
        // They have begun, so that all are at it together.
        while (laoke.rows("SELECT action FROM {reminder_audit}").isEmpty()
            && others.stream().allMatch(Process::isAlive)) {
          Thread.onSpinWait();
        }
        List<Integer> here = ClaimUntilNoneIsLeft.all(laoke.work(), laoke.pool, "a", 64);
        for (Process other : others) {
          assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(others.get(0).exitValue() + others.get(1).exitValue()).isLessThan(4);
        assertThat(here.stream().mapToInt(Integer::intValue).sum()).isPositive();
      } finally {
        others.forEach(Process::destroyForcibly);
      }
      oneHolderAtATime(laoke, 200);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "MYSQL", "MARIADB"})
  void neitherDoThreadsOnOtherDatabases(TestServer server) throws Exception {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(24);
      holders(laoke);
      assertThat(
              ClaimUntilNoneIsLeft.all(laoke.work(), laoke.pool, "a", 8).stream()
                  .mapToInt(Integer::intValue)
                  .sum())
          .isEqualTo(24);
      oneHolderAtATime(laoke, 24);
    }
  }

  private static void act(ReminderFixture laoke, String who, int action, Random random) {
    Tasks tasks = laoke.work();
    List<Task> todo = tasks.list(TaskQuery.todo().withSnoozed(), null, 50).tasks();
    if (todo.isEmpty()) {
      return;
    }
    long id = todo.get(random.nextInt(todo.size())).id();
    try {
      switch (action) {
        case 0, 1, 2 -> tasks.claimNext(who, TaskQuery.todo());
        case 3, 4 -> tasks.release(id, who);
        case 5 -> tasks.leave(who, random.nextBoolean() ? null : "sun", "boss");
        case 6 -> tasks.book(id, who, at(laoke.today()), at(laoke.today().plusDays(1)), null);
        case 7 -> tasks.cancelBooking(id, who, null);
        case 8 -> tasks.refused(id, who, null);
        default -> tasks.done(id, who, ServiceDone.at(at(laoke.today())).paidFen(100));
      }
    } catch (ConflictException another) {
      // Somebody else has it, or it has ended.
    }
  }

  /** What the ERP tells meanwhile: dates are done, units go to other customers, more comes due. */
  private static void tell(ReminderFixture laoke, int round, Random random) {
    String no = "SO-" + (1 + random.nextInt(9));
    switch (random.nextInt(4)) {
      case 0 ->
          laoke
              .dealer()
              .services()
              .record(
                  no,
                  UnitServiceReport.of("1", "CLEANING", at(laoke.today()).plusSeconds(round))
                      .document("E-" + round));
      case 1 ->
          laoke
              .dealer()
              .orders()
              .upsert(ReminderFixture.order(no, "C" + (1 + random.nextInt(3)), 1));
      case 2 -> laoke.be(laoke.today().plusDays(20 + random.nextInt(30)));
      default -> laoke.tick();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MYSQL"})
  void whatStaffDoBesideTheEngineLeavesNothingAstray(TestServer server) throws Exception {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("staff beside the engine: -Dlaoke.seed=" + seed);
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(9);
      for (int i = 1; i <= 9; i++) {
        laoke.dealer().orders().upsert(ReminderFixture.order("SO-" + i, "C" + (1 + i % 3), 1));
      }
      List<Callable<Integer>> all = new ArrayList<>();
      for (String who : List.of("li", "wang", "zhao", "chen")) {
        Random random = new Random(seed + who.hashCode());
        all.add(
            () -> {
              for (int i = 0; i < 25; i++) {
                act(laoke, who, random.nextInt(11), random);
              }
              return 1;
            });
      }
      Random random = new Random(seed);
      all.add(
          () -> {
            for (int i = 0; i < 25; i++) {
              tell(laoke, i, random);
            }
            return 1;
          });
      all.add(
          () -> {
            for (int i = 0; i < 12; i++) {
              laoke.tick();
            }
            return 1;
          });
      AtOnce.all(all);
      laoke.tick();
      laoke.tick();
      assertThat(laoke.strays()).as("seed " + seed).isEmpty();
      List<String> settled = laoke.everything();
      laoke.write(
          "INSERT INTO {reminder_todo} (dealer_id, id, order_id)"
              + " SELECT dealer_id, id, id FROM {customer_order}");
      laoke.tick();
      assertThat(laoke.everything()).as("seed " + seed).isEqualTo(settled);
      assertThat(laoke.rows("SELECT state FROM {reminder_task}")).isNotEmpty();
    }
  }

  private static Process process(ReminderFixture laoke, String name, LocalDate day)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            ClaimUntilNoneIsLeft.class.getName(),
            laoke.pool.getJdbcUrl(),
            name,
            "8",
            String.valueOf(at(day)))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
