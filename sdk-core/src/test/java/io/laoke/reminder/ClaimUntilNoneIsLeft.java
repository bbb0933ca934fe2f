package io.laoke.reminder;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Laoke;
import io.laoke.testing.AtOnce;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import javax.sql.DataSource;

/**
 * Staff who take tasks up, give some back, and end the others, until none is left. What somebody
 * has stands in a table of the test's own meanwhile, whose key lets nobody else have it.
 */
final class ClaimUntilNoneIsLeft {
  private final Tasks tasks;
  private final DataSource source;

  private ClaimUntilNoneIsLeft(Tasks tasks, DataSource source) {
    this.tasks = tasks;
    this.source = source;
  }

  /** Returns how many tasks each has ended. */
  static List<Integer> all(Tasks tasks, DataSource source, String name, int staff)
      throws Exception {
    ClaimUntilNoneIsLeft race = new ClaimUntilNoneIsLeft(tasks, source);
    List<Callable<Integer>> racing = new ArrayList<>();
    for (int i = 0; i < staff; i++) {
      String who = name + i;
      racing.add(() -> race.work(who, new Random(who.hashCode())));
    }
    return AtOnce.all(racing);
  }

  private int work(String who, Random random) throws Exception {
    int ended = 0;
    int given = 0;
    while (true) {
      Optional<Task> next = tasks.claimNext(who, TaskQuery.todo());
      if (next.isEmpty()) {
        return ended;
      }
      long id = next.get().id();
      held("INSERT INTO held (task_id, staff) VALUES (?, ?)", id, who);
      if (given < 3 && random.nextInt(3) == 0) {
        given++;
        held("DELETE FROM held WHERE task_id = ? AND staff = ?", id, who);
        tasks.release(id, who);
      } else {
        ended++;
        held("DELETE FROM held WHERE task_id = ? AND staff = ?", id, who);
        tasks.refused(id, who, null);
      }
    }
  }

  private void held(String sql, long id, String who) throws Exception {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, id);
      statement.setString(2, who);
      if (statement.executeUpdate() != 1) {
        throw new IllegalStateException(who + " had task " + id + " no more");
      }
    }
  }

  /** In a process of its own: the database, its name, how many staff, the time. */
  public static void main(String[] args) throws Exception {
    try (HikariDataSource source = new HikariDataSource()) {
      source.setJdbcUrl(args[0]);
      try (Laoke laoke =
          Laoke.builder()
              .dataSource(source)
              .clock(Clock.fixed(Instant.parse(args[3]), ReminderFixture.ZONE))
              .dealer("hengxin")
              .build()) {
        Tasks tasks = laoke.dealer("hengxin").reminders().tasks();
        int ended =
            all(tasks, source, args[1], Integer.parseInt(args[2])).stream()
                .mapToInt(Integer::intValue)
                .sum();
        System.exit(ended > 0 ? 0 : 3);
      }
    }
  }
}
