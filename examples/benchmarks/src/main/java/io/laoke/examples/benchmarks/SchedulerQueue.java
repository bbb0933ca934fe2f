package io.laoke.examples.benchmarks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The tasks of db-scheduler, one-time and without data, whose work is to be counted. It picks them
 * by {@code SELECT … FOR UPDATE SKIP LOCKED} and takes each away when it is done.
 */
final class SchedulerQueue implements AutoCloseable {
  private static final String TASK = "remind";

  /**
   * When it fetches, and how many, in threads.
   *
   * @param lower it fetches as soon as no more than these wait
   * @param upper up to so many
   */
  record Limits(double lower, double upper) {
    /** What its guide names for normal use, and what it has itself where it locks and fetches. */
    static final Limits NORMAL = new Limits(0.5, 1);

    /** What its guide names for high throughput. */
    static final Limits HIGH = new Limits(1, 4);
  }

  private final HikariDataSource pool;
  private final int threads;
  private long rounds = System.nanoTime();
  private volatile CountDownLatch left = new CountDownLatch(0);
  private final OneTimeTask<Void> task =
      Tasks.oneTime(TASK).execute((instance, context) -> left.countDown());

  private SchedulerQueue(HikariDataSource pool, int threads) {
    this.pool = pool;
    this.threads = threads;
  }

  /** Its table, with tasks for some years later. */
  static SchedulerQueue open(Postgres server, int later, int threads, Report report)
      throws Exception {
    SchedulerQueue queue = new SchedulerQueue(server.pool("scheduler", threads + 4), threads);
    Postgres.execute(
        queue.pool,
        List.of(
            """
            CREATE TABLE IF NOT EXISTS scheduled_tasks (
              task_name TEXT NOT NULL,
              task_instance TEXT NOT NULL,
              task_data BYTEA,
              execution_time TIMESTAMP WITH TIME ZONE NOT NULL,
              picked BOOLEAN NOT NULL,
              picked_by TEXT,
              last_success TIMESTAMP WITH TIME ZONE,
              last_failure TIMESTAMP WITH TIME ZONE,
              consecutive_failures INT,
              last_heartbeat TIMESTAMP WITH TIME ZONE,
              version BIGINT NOT NULL,
              PRIMARY KEY (task_name, task_instance))""",
            "CREATE INDEX IF NOT EXISTS execution_time_idx ON scheduled_tasks (execution_time)",
            "CREATE INDEX IF NOT EXISTS last_heartbeat_idx ON scheduled_tasks (last_heartbeat)"));
    if (queue.number("SELECT COUNT(*) FROM scheduled_tasks WHERE task_instance LIKE 'later-%'")
        != later) {
      long nanos = Rounds.timed(() -> queue.fill(later));
      report.line("db-scheduler: loaded in %.0f s, %,d tasks", nanos / 1e9, later);
    } else {
      report.line("db-scheduler: kept");
    }
    return queue;
  }

  private void fill(int later) throws SQLException {
    Postgres.execute(
        pool,
        List.of(
            "TRUNCATE scheduled_tasks",
            """
            INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)
            SELECT '%s', 'later-' || i, now() + interval '3 years' + (i::bigint * 7919 %% 1460) * interval '1 day',
              false, 1
            FROM generate_series(1, %d) AS i"""
                .formatted(TASK, later),
            "VACUUM (ANALYZE)",
            "CHECKPOINT"));
  }

  /** Does as many tasks that are due; the time until none is left. */
  long round(int due, Limits limits) throws Exception {
    rounds++;
    Postgres.execute(
        pool,
        List.of(
            """
            INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)
            SELECT '%s', 'due-%d-' || i, now() - interval '1 day', false, 1
            FROM generate_series(1, %d) AS i"""
                .formatted(TASK, rounds, due),
            "CHECKPOINT"));
    left = new CountDownLatch(due);
    Scheduler scheduler =
        Scheduler.create(pool, task)
            .threads(threads)
            .pollUsingLockAndFetch(limits.lower(), limits.upper())
            .pollingInterval(Duration.ofMillis(100))
            .build();
    try {
      return Rounds.timed(
          () -> {
            scheduler.start();
            if (!left.await(10, TimeUnit.MINUTES)) {
              throw new IllegalStateException(left.getCount() + " tasks were not done.");
            }
            while (number("SELECT COUNT(*) FROM scheduled_tasks WHERE execution_time < now()")
                > 0) {
              Thread.sleep(1); // the last ones are taken away
            }
          });
    } finally {
      scheduler.stop();
    }
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
