package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

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
    for (int i = 1; i <= orders; i++) {
      long id = laoke.task("SO-" + i);
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
      laoke.due(40);
      holders(laoke);
      assertThat(
              ClaimUntilNoneIsLeft.all(laoke.work(), laoke.pool, "a", 16).stream()
                  .mapToInt(Integer::intValue)
                  .sum())
          .isEqualTo(40);
      oneHolderAtATime(laoke, 40);
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
