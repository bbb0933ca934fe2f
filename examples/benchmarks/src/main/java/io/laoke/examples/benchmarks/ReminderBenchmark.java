package io.laoke.examples.benchmarks;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.laoke.Laoke;
import io.laoke.reminder.ReminderModule;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reminders that come due among millions of later ones on PostgreSQL, beside db-scheduler and a
 * queue by hand; by two processes; when nothing is due; and when their rule changes.
 */
final class ReminderBenchmark implements Benchmark {
  private static final long SLICE = 5_000_000_000L;

  /** As somebody sets it up who knows that it holds some gigabytes. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "shared_buffers",
          "1GB",
          "effective_cache_size",
          "8GB",
          "work_mem",
          "64MB",
          "maintenance_work_mem",
          "512MB",
          "max_wal_size",
          "8GB");

  /** Fewer probes are a trial run, whose figures nobody reads. */
  private static final int SMALL = 100;

  @Override
  public String about() {
    return "reminders that come due beside later ones: [due=20000] [units=2] [later=10000000] [from=100000]"
        + " [replanned=1000000] [threads=50] [warmup=3] [probes=2000] [keep=DIR] [only=due|empty|two|replan]";
  }

  @Override
  public Set<String> options() {
    return Set.of(
        "due",
        "units",
        "later",
        "from",
        "replanned",
        "threads",
        "warmup",
        "probes",
        "keep",
        "only");
  }

  private record Sizes(
      int due,
      int units,
      int later,
      int from,
      int replanned,
      int threads,
      int warmUp,
      int rounds) {}

  @Override
  public void run(Options options, Report report) throws Exception {
    report.version("db-scheduler", Scheduler.class);
    Sizes sizes =
        new Sizes(
            options.number("due", 20_000),
            options.number("units", 2),
            options.number("later", 10_000_000),
            options.number("from", 100_000),
            options.number("replanned", 1_000_000),
            options.number("threads", 50),
            options.number("warmup", 3),
            options.rounds());
    int probes = options.number("probes", 2_000);
    Optional<Path> keep = options.folder("keep");
    String only = options.choice("only", "all", "due", "empty", "two", "replan");
    for (int all : List.of(sizes.due, sizes.later, sizes.from, sizes.replanned)) {
      if (all % sizes.units != 0) {
        throw new Options.Wrong("units must divide due, later, from and replanned");
      }
    }
    Set<String> parts = only.equals("all") ? Set.of("due", "empty", "two", "replan") : Set.of(only);
    try (Postgres server =
        Postgres.start(
            keep.map(folder -> folder.toAbsolutePath().resolve("reminders")), SETTINGS)) {
      if (!only.equals("replan")) {
        try (ReminderDatabase many =
            ReminderDatabase.open(server, "many", sizes.later, sizes.units, report)) {
          if (parts.contains("due")) {
            due(report, server, many, sizes);
          }
          if (parts.contains("empty")) {
            empty(report, many, probes, sizes.rounds);
          }
          if (parts.contains("two")) {
            two(report, many, sizes);
          }
        }
      }
      if (parts.contains("replan")) {
        replan(report, server, sizes);
      }
    }
  }

  // ---- due

  private static void due(Report report, Postgres server, ReminderDatabase many, Sizes sizes)
      throws Exception {
    try (ReminderDatabase few =
            ReminderDatabase.open(server, "few", sizes.from, sizes.units, report);
        SchedulerQueue scheduler =
            SchedulerQueue.open(server, sizes.later, sizes.threads, report)) {
      int due = sizes.due;
      BareLoop bare = new BareLoop(many);
      Rounds sides =
          new Rounds()
              .side("laoke", () -> come(many, due, 1))
              .side("laoke, few", () -> come(few, due, 1))
              .side("laoke, two threads", () -> come(many, due, 2))
              .side("db-scheduler", () -> scheduler.round(due, SchedulerQueue.Limits.NORMAL))
              .side("db-scheduler, tuned", () -> scheduler.round(due, SchedulerQueue.Limits.HIGH))
              .side("bare loop", () -> bare.round(due, BareLoop.Marking.BATCH))
              .side("bare loop, by arrays", () -> bare.round(due, BareLoop.Marking.ARRAY));
      sides.run(sizes.warmUp);
      Measured measured = sides.run(sizes.rounds);
      report.table(
          "%,d reminders come due, %d a customer, beside %,d later ones (few: %,d)"
              .formatted(due, sizes.units, sizes.later, sizes.from),
          due,
          measured.all());
      report.line(
          "%.2f times db-scheduler with its guide's limits for high throughput",
          measured.of("db-scheduler, tuned").median() / measured.of("laoke, two threads").median());
      report.atLeast(
          3,
          "reminders-vs-dbscheduler",
          measured.of("laoke, two threads"),
          measured.of("db-scheduler"));
      report.atLeast(0.4, "reminders-vs-bare", measured.of("laoke"), measured.of("bare loop"));
      report.atMost(
          1.2,
          "reminders-growth",
          measured.of("laoke").median() / measured.of("laoke, few").median());
    }
  }

  private static long come(ReminderDatabase database, int due, int threads) throws Exception {
    LocalDate day = database.due(due);
    long nanos = database.tick(day, threads);
    database.prove(day, due);
    return nanos;
  }

  // ---- nothing due

  /**
   * What a tick does of reminders, without its looks for messages and rows of the inbox, beside a
   * query of a connection of the same pool.
   */
  private static void empty(Report report, ReminderDatabase database, int probes, int rounds)
      throws Exception {
    Field field = Laoke.class.getDeclaredField("reminders");
    field.setAccessible(true);
    ReminderModule reminders = (ReminderModule) field.get(database.laoke);
    // The day of the last round: on one before it the engine would first take back what came due.
    Instant now = ReminderDatabase.noon(database.today());
    // Else it passes over what has come due before in the index, until somebody vacuums.
    database.execute("VACUUM (ANALYZE, INDEX_CLEANUP ON)");
    Measured measured =
        new Rounds()
            .side("laoke", () -> many(probes, () -> reminders.run(now, SLICE, came -> {})))
            .side("index probe", () -> many(probes, () -> probe(database)))
            .side("whole tick", () -> many(probes, () -> database.laoke.tick(now)))
            .warm(probes < SMALL ? 0 : 2)
            .run(rounds);
    report.table("nothing is due", probes, measured.all());
    report.atMost(
        2,
        "reminders-empty-tick",
        measured.of("laoke").median() / measured.of("index probe").median());
  }

  private static long many(int times, Rounds.Work work) throws Exception {
    return Rounds.timed(
        () -> {
          for (int i = 0; i < times; i++) {
            work.run();
          }
        });
  }

  private static void probe(ReminderDatabase database) throws Exception {
    try (Connection connection = database.pool.getConnection();
        PreparedStatement due =
            connection.prepareStatement(
                """
                SELECT unit_id FROM laoke_reminder
                WHERE dealer_id = ? AND contact_day <= ? ORDER BY contact_day LIMIT 1""")) {
      due.setInt(1, database.dealerId());
      due.setObject(2, database.today());
      try (ResultSet row = due.executeQuery()) {
        if (row.next()) {
          throw new IllegalStateException("Something is due.");
        }
      }
    }
  }

  // ---- two processes

  private static void two(Report report, ReminderDatabase database, Sizes sizes) throws Exception {
    int due = sizes.due;
    try (ReminderWorker first = ReminderWorker.start(database);
        ReminderWorker second = ReminderWorker.start(database)) {
      Rounds sides =
          new Rounds()
              .side("two processes", () -> together(database, due, first, second))
              .side("one process", () -> together(database, due, first));
      sides.run(sizes.warmUp);
      Measured measured = sides.run(sizes.rounds);
      report.table("reminders come due, by processes", due, measured.all());
      report.atLeast(
          0.9, "reminders-two-processes", measured.of("two processes"), measured.of("one process"));
    }
  }

  private static long together(ReminderDatabase database, int due, ReminderWorker... workers)
      throws Exception {
    LocalDate day = database.due(due);
    long nanos =
        Rounds.timed(
            () -> {
              for (ReminderWorker worker : workers) {
                worker.tick(day);
              }
              for (ReminderWorker worker : workers) {
                worker.ended();
              }
            });
    database.prove(day, due);
    return nanos;
  }

  // ---- a changed rule

  private static void replan(Report report, Postgres server, Sizes sizes) throws Exception {
    int replanned = sizes.replanned;
    try (ReminderDatabase database =
        ReminderDatabase.open(server, "rules", replanned, sizes.units, report)) {
      ReminderReplan replan = new ReminderReplan(database, replanned);
      Measured measured =
          new Rounds()
              .side("laoke", replan::laoke)
              .side("bare update", replan::bare)
              .run(sizes.rounds);
      report.table("reminders follow a changed rule", replanned, measured.all());
      report.atLeast(
          0.3, "reminders-replan-vs-bare", measured.of("laoke"), measured.of("bare update"));
    }
  }
}
