package io.laoke.examples.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Questions about a million members beside SQL by hand over the same tables, over orders and lines
 * alone, and over arrays in this process; and what it costs to keep the consumption file.
 */
final class SegmentBenchmark implements Benchmark {
  private static final int MILLION = 1_000_000;
  private static final int TENTH = 100_000;
  private static final int SHAPE_SECONDS = 60;
  private static final int FETCHED = 10_000;
  private static final int SCANS = 20;

  /** Fewer members are a trial run, whose figures nobody reads. */
  private static final int SMALL = 10_000;

  /**
   * How long a side takes orders before it is measured: a server and a process just started are not
   * what takes orders all day.
   */
  private static final int WARM_UP_SECONDS = 20;

  /** How a side answers. */
  private interface Asking {
    List<List<String>> ask() throws Exception;
  }

  @Override
  public String about() {
    return "segments beside SQL by hand, arrays and a cursor: [database=postgresql|mysql|mariadb|h2]"
        + " [members=1000000] [from=a tenth] [upserts=1000] [seed=1] [keep=DIR]"
        + " [only=sql|memory|stream|upkeep|growth]";
  }

  @Override
  public Set<String> options() {
    return Set.of("database", "members", "from", "upserts", "seed", "keep", "only");
  }

  @Override
  public void run(Options options, Report report) throws Exception {
    String kind = options.choice("database", "postgresql", "mysql", "mariadb", "h2");
    int members = options.number("members", kind.equals("postgresql") ? MILLION : TENTH);
    int from = options.number("from", Math.max(1, members / 10));
    int upserts = options.number("upserts", 1_000);
    long seed = options.anyNumber("seed", 1);
    Optional<Path> keep = options.folder("keep");
    int rounds = options.rounds();
    String only = options.choice("only", "all", "sql", "memory", "stream", "upkeep", "growth");
    if (from > members || members < 100) {
      throw new Options.Wrong("members must be 100 or more, and from not more than members");
    }
    Map<String, Measured> many = new LinkedHashMap<>();
    try (SegmentDatabase database =
        SegmentDatabase.open(kind, new Shop(members, seed), seed, keep, report)) {
      Optional<SegmentSide> laoke = SegmentSide.laoke(database);
      List<SegmentQuestion> questions = SegmentQuestion.all(database);
      if (Set.of("all", "sql").contains(only)) {
        many.putAll(sql(report, database, questions, laoke, rounds));
      } else if (only.equals("growth")) {
        many.putAll(figures(database, questions, laoke, rounds));
      }
      if (Set.of("all", "memory").contains(only)) {
        memory(report, database, questions, laoke, rounds);
      }
      if (Set.of("all", "stream").contains(only)) {
        stream(report, database, laoke, rounds);
      }
      if (Set.of("all", "upkeep").contains(only)) {
        upkeep(report, database, upserts, keep.isPresent(), rounds);
      }
    }
    if (Set.of("all", "growth").contains(only) && from < members) {
      growth(report, kind, from, seed, keep, many, rounds);
    }
  }

  // ---- SQL

  private static Map<String, Measured> sql(
      Report report,
      SegmentDatabase database,
      List<SegmentQuestion> questions,
      Optional<SegmentSide> laoke,
      int rounds)
      throws Exception {
    Map<String, Measured> figures = new LinkedHashMap<>();
    List<Measured> all = new ArrayList<>();
    List<Measured> inFile = new ArrayList<>();
    for (SegmentQuestion question : questions) {
      Shape expert = fastest(database, question.expert());
      Shape raw = fastest(database, question.raw());
      same(question, "raw SQL", expert.answer(), raw.answer());
      Rounds sides = new Rounds();
      if (laoke.isPresent()) {
        SegmentSide side = laoke.get();
        same(question, "Laoke", expert.answer(), side.ask(question));
        sides.side("laoke", timed(database, () -> side.ask(question)));
      }
      Measured measured =
          sides
              .side("expert", timed(database, () -> database.ask(expert.sql())))
              .side("raw", timed(database, () -> database.ask(raw.sql())))
              .run(rounds);
      report.table(
          "%s, %s (%s)".formatted(question.name(), question.about(), told(expert.answer())),
          1,
          measured.all());
      report.line(
          "raw over expert: %.1f; shapes: %s and %s",
          measured.of("raw").median() / measured.of("expert").median(),
          expert.number(),
          raw.number());
      plan(report, database, expert.sql());
      figures.put(question.name(), measured);
      all.add(measured);
      if (question.inFile()) {
        inFile.add(measured);
      }
    }
    if (laoke.isPresent()) {
      worst(report, 0.77, "segments-sql-vs-expert", "expert", all);
      worst(report, 10, "segments-sql-vs-raw", "raw", inFile);
    }
    return figures;
  }

  private static void worst(
      Report report, double bound, String name, String beside, List<Measured> questions) {
    Measured worst =
        questions.stream()
            .min(
                (one, other) ->
                    Double.compare(
                        one.of(beside).median() / one.of("laoke").median(),
                        other.of(beside).median() / other.of("laoke").median()))
            .orElseThrow();
    report.atLeast(bound, name, worst.of("laoke"), worst.of(beside));
  }

  /** The fastest of some shapes of a question. */
  private record Shape(int number, String sql, List<List<String>> answer) {}

  /** Tries each shape cold and once more; what takes too long is none. */
  private static Shape fastest(SegmentDatabase database, List<String> shapes) throws Exception {
    Shape fastest = null;
    long least = Long.MAX_VALUE;
    List<List<String>> answer = null;
    for (int i = 0; i < shapes.size(); i++) {
      String sql = shapes.get(i);
      try (Connection connection = database.pool.getConnection();
          Statement statement = connection.createStatement()) {
        statement.setQueryTimeout(shapes.size() > 1 ? SHAPE_SECONDS : 0);
        SegmentDatabase.read(statement.executeQuery(sql));
        database.freshen();
        long start = System.nanoTime();
        List<List<String>> now = SegmentDatabase.read(statement.executeQuery(sql));
        long nanos = System.nanoTime() - start;
        if (answer != null && !answer.equals(now)) {
          throw new IllegalStateException(
              "Shapes differ: %s and %s, %s".formatted(answer, now, sql));
        }
        answer = now;
        if (nanos < least) {
          least = nanos;
          fastest = new Shape(i + 1, sql, now);
        }
      } catch (SQLException failed) {
        if (!late(failed)) {
          throw failed;
        }
      }
    }
    if (fastest == null) {
      throw new IllegalStateException("No shape ends in time: " + shapes);
    }
    return fastest;
  }

  /** PostgreSQL and MariaDB tell a timeout by a state alone. */
  private static boolean late(SQLException failed) {
    return failed instanceof SQLTimeoutException
        || Set.of("57014", "70100").contains(String.valueOf(failed.getSQLState()));
  }

  private static void same(
      SegmentQuestion question, String who, List<List<String>> one, List<List<String>> other) {
    if (!one.equals(other)) {
      throw new IllegalStateException(
          "%s: the expert has %s, %s has %s".formatted(question.name(), one, who, other));
    }
  }

  private static String told(List<List<String>> answer) {
    return answer.size() == 1 ? answer.get(0).get(0) : answer.size() + " rows";
  }

  private static Rounds.Side timed(SegmentDatabase database, Asking asking) {
    return () -> {
      database.freshen();
      return Rounds.timed(asking::ask);
    };
  }

  private static void plan(Report report, SegmentDatabase database, String sql)
      throws SQLException {
    for (List<String> row : database.ask("EXPLAIN " + sql)) {
      report.line("    %s", String.join(" | ", row.stream().map(String::valueOf).toList()));
    }
  }

  // ---- memory

  private static void memory(
      Report report,
      SegmentDatabase database,
      List<SegmentQuestion> questions,
      Optional<SegmentSide> laoke,
      int rounds)
      throws Exception {
    SegmentColumns[] read = new SegmentColumns[1];
    long nanos = Rounds.timed(() -> read[0] = new SegmentColumns(database));
    SegmentColumns columns = read[0];
    report.line("");
    report.line(
        "arrays read in %.1f s: %.1f MiB, bitmaps beside %.1f MiB and what stands for numbers",
        nanos / 1e9, columns.arrayBytes() / 1048576.0, columns.bitmapBytes() / 1048576.0);
    Optional<SegmentSide.Index> index =
        laoke.isPresent() ? laoke.get().index() : Optional.<SegmentSide.Index>empty();
    List<Measured> all = new ArrayList<>();
    for (SegmentQuestion question : questions) {
      if (!SegmentColumns.answered().contains(question.name())) {
        continue;
      }
      List<List<String>> truth = database.ask(question.expert().get(0));
      same(question, "the scan", truth, counted(columns.scan(question.name())));
      same(question, "bitmaps", truth, counted(columns.bitmaps(question.name())));
      Rounds sides = new Rounds();
      if (index.isPresent()) {
        SegmentSide.Index live = index.get();
        same(question, "the index", truth, counted(live.count(question)));
        sides.side("laoke", many(() -> live.count(question)));
        SegmentSide side = laoke.orElseThrow();
        sides.side("sql", () -> SCANS * Rounds.timed(() -> side.ask(question)));
      }
      Measured measured =
          sides
              .side("scan", many(() -> columns.scan(question.name())))
              .side("bitmaps", many(() -> columns.bitmaps(question.name())))
              .warm(database.shop.members < SMALL ? 0 : 1)
              .run(rounds);
      report.table(question.name() + " in this process", SCANS, measured.all());
      all.add(measured);
    }
    if (index.isPresent()) {
      worst(report, 0.5, "segments-index-vs-scan", "scan", all);
      worst(report, 10, "segments-index-vs-sql", "sql", all);
      report.atMost(150, "segments-index-mib", index.get().bytes() / 1048576.0);
      report.atMost(60, "segments-index-built", index.get().builtSeconds());
    }
  }

  private static List<List<String>> counted(long count) {
    return List.of(List.of(Long.toString(count)));
  }

  private interface Counting {
    long count();
  }

  private static Rounds.Side many(Counting counting) {
    return () ->
        Rounds.timed(
            () -> {
              long all = 0;
              for (int i = 0; i < SCANS; i++) {
                all += counting.count();
              }
              if (all < 0) {
                throw new IllegalStateException("never: keeps the counts from being left out");
              }
            });
  }

  // ---- ids

  private static void stream(
      Report report, SegmentDatabase database, Optional<SegmentSide> laoke, int rounds)
      throws Exception {
    Rounds sides = new Rounds();
    if (laoke.isPresent()) {
      SegmentSide side = laoke.get();
      sides.side(
          "laoke",
          () -> {
            long[] count = {0};
            long nanos = Rounds.timed(() -> side.stream(id -> count[0]++));
            return whole(database, count[0], nanos);
          });
    }
    Measured measured = sides.side("cursor", () -> cursor(database)).run(rounds);
    report.table("ids of all members", database.shop.members, measured.all());
    if (laoke.isPresent()) {
      report.atLeast(
          0.77, "segments-stream-vs-cursor", measured.of("laoke"), measured.of("cursor"));
      report.atMost(16, "segments-stream-heap-mib", held(database, laoke.get()) / 1048576.0);
    }
  }

  /** How much more is held half way through the ids than before them. */
  private static long held(SegmentDatabase database, SegmentSide side) throws Exception {
    long before = used();
    long[] count = {0};
    long[] half = {0};
    side.stream(
        id -> {
          if (++count[0] == database.shop.members / 2) {
            half[0] = used();
          }
        });
    return Math.max(0, half[0] - before);
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static long whole(SegmentDatabase database, long count, long nanos) {
    if (count != database.shop.members) {
      throw new IllegalStateException("%,d ids came".formatted(count));
    }
    return nanos;
  }

  /** A cursor of JDBC, as bare as it can be. */
  private static long cursor(SegmentDatabase database) throws Exception {
    long[] seen = {0};
    try (Connection connection = database.pool.getConnection()) {
      connection.setAutoCommit(false);
      long nanos =
          Rounds.timed(
              () -> {
                try (PreparedStatement ids =
                    connection.prepareStatement(
                        "SELECT id FROM laoke_member WHERE dealer_id = ? ORDER BY id")) {
                  ids.setInt(1, database.dealerId());
                  ids.setFetchSize(database.product.equals("MySQL") ? Integer.MIN_VALUE : FETCHED);
                  try (ResultSet rows = ids.executeQuery()) {
                    while (rows.next()) {
                      seen[0] += rows.getLong(1) > 0 ? 1 : 0;
                    }
                  }
                }
              });
      connection.rollback();
      return whole(database, seen[0], nanos);
    }
  }

  // ---- upkeep

  private static void upkeep(
      Report report, SegmentDatabase database, int upserts, boolean kept, int rounds)
      throws Exception {
    SegmentUpkeep upkeep = new SegmentUpkeep(database);
    try {
      Measured measured =
          new Rounds()
              .side("laoke", () -> upkeep.laoke(upserts))
              .side("order rows", () -> upkeep.rows(upserts))
              .warm(database.shop.members < SMALL ? 0 : WARM_UP_SECONDS)
              .run(rounds);
      report.table("new orders of known members", upserts, measured.all());
      report.atMost(
          2.5,
          "segments-upkeep",
          measured.of("laoke").median() / measured.of("order rows").median());
    } finally {
      if (kept) {
        upkeep.undo();
      }
    }
  }

  // ---- growth

  /** What each question takes, by Laoke where it answers, else by the expert. */
  private static Map<String, Measured> figures(
      SegmentDatabase database,
      List<SegmentQuestion> questions,
      Optional<SegmentSide> laoke,
      int rounds)
      throws Exception {
    Map<String, Measured> figures = new LinkedHashMap<>();
    for (SegmentQuestion question : questions) {
      Rounds sides = new Rounds();
      if (laoke.isPresent()) {
        SegmentSide side = laoke.get();
        side.ask(question);
        sides.side("laoke", timed(database, () -> side.ask(question)));
      }
      Shape expert = fastest(database, question.expert());
      sides.side("expert", timed(database, () -> database.ask(expert.sql())));
      figures.put(question.name(), sides.run(rounds));
    }
    return figures;
  }

  private static void growth(
      Report report,
      String kind,
      int from,
      long seed,
      Optional<Path> keep,
      Map<String, Measured> many,
      int rounds)
      throws Exception {
    report.line("");
    try (SegmentDatabase few =
        SegmentDatabase.open(kind, new Shop(from, seed), seed, keep, report)) {
      Optional<SegmentSide> laoke = SegmentSide.laoke(few);
      Map<String, Measured> figures = figures(few, SegmentQuestion.all(few), laoke, rounds);
      double worst = 0;
      for (Map.Entry<String, Measured> one : figures.entrySet()) {
        Measured grown = Objects.requireNonNull(many.get(one.getKey()), one.getKey());
        for (String side : grown.samples().keySet()) {
          if (!side.equals("raw")) {
            double before = one.getValue().of(side).median();
            double after = grown.of(side).median();
            report.line(
                "%s, %s: from %.4f s to %.4f s, %.1f times",
                one.getKey(), side, before, after, after / before);
            worst = side.equals("laoke") ? Math.max(worst, after / before) : worst;
          }
        }
      }
      if (laoke.isPresent()) {
        report.atMost(14, "segments-growth", worst);
      }
    }
  }
}
