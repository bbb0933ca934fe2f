package io.laoke.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each benchmark runs at a tiny size, counts right, and prints its table and figures. */
class BenchmarksTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private int status;

  private List<String> run(String... arguments) throws Exception {
    printed.reset();
    status = Benchmarks.run(new PrintStream(printed, true, StandardCharsets.UTF_8), arguments);
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static List<String> ratios(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("ratio "))
        .map(line -> line.split(" ", -1)[1])
        .toList();
  }

  @Test
  void measuresTheSidesInTurn() throws Exception {
    List<String> order = new ArrayList<>();
    Measured measured =
        new Rounds()
            .side("a", () -> record(order, "a", 2_000_000_000L + order.size()))
            .side("b", () -> record(order, "b", 5_000_000_000L))
            .run(3);

    assertThat(order).containsExactly("a", "b", "a", "b", "a", "b");
    assertThat(measured.of("a").median()).isEqualTo(2.000000002);
    assertThat(measured.of("a").least()).isEqualTo(2.0);
    assertThat(measured.of("a").most()).isEqualTo(2.000000004);
    Report report = new Report(new PrintStream(printed, true, StandardCharsets.UTF_8));
    report.atLeast(2.5, "a-vs-b", measured.of("a"), measured.of("b"));
    assertThat(report.end(true)).isFalse(); // 2.4999…
    assertThat(printed.toString(StandardCharsets.UTF_8).strip().lines())
        .containsExactly(
            "a-vs-b                       2.500   bound ≥ 2.5: MISSED", "ratio a-vs-b 2.50");
  }

  @Test
  void boundsAreCheckedAtTheSizesThatTheyAreMeantFor() {
    Report report = new Report(new PrintStream(printed, true, StandardCharsets.UTF_8));
    report.atMost(1.2, "growth", 1.21);
    assertThat(report.end(false)).isTrue();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("Bounds are not checked");
    assertThat(report.end(true)).isFalse();

    Report better = new Report(new PrintStream(printed, true, StandardCharsets.UTF_8));
    better.atMost(1.2, "growth", 1.2);
    printed.reset();
    assertThat(better.end(true)).isTrue();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("bound ≤ 1.2: kept");
    assertThat(Options.of("only=0ms", "rounds=9").standard()).isTrue();
    assertThat(Options.of("rounds=4").standard()).isFalse();
    assertThat(Options.of("images=3").standard()).isFalse();
  }

  private static long record(List<String> order, String side, long nanos) {
    order.add(side);
    return nanos;
  }

  @Test
  void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
    Samples samples = new Samples("x");
    List.of(4.0, 1.0, 3.0, 2.0).forEach(samples::add);

    assertThat(samples.median()).isEqualTo(2.5);
  }

  @Test
  void namesWhatThereIsWhenAskedForSomethingElse() throws Exception {
    assertThat(run("nothing")).anyMatch(line -> line.strip().startsWith("qr "));
    assertThat(status).isEqualTo(2);
    assertThat(run("--help")).anyMatch(line -> line.strip().startsWith("qr "));
    assertThat(status).isZero();
  }

  @Test
  void refusesWhatIsWrongBeforeItMeasures() throws Exception {
    for (String[] wrong :
        List.of(
            new String[] {"qr", "images=-1", "images must be a positive whole number, was: '-1'"},
            new String[] {"qr", "images=", "images must be a positive whole number, was: ''"},
            new String[] {"qr", "=5", "An option is written name=value, was: '=5'"},
            new String[] {"qr", "imags=3", "qr has no option imags; there are images, rounds,"},
            new String[] {"delivery", "only=30", "only must be one of all, 30ms, 0ms, growth"},
            new String[] {"delivery", "growth=20000", "growth must be at least twice messages"},
            new String[] {
              "segments", "database=oracle", "database must be one of postgresql, mysql,"
            },
            new String[] {
              "segments", "members=99", "members must be 100 or more, and from not more"
            },
            new String[] {"crash", "database=h2", "database must be one of postgresql, mysql,"},
            new String[] {"crash", "seed=abc", "seed must be a whole number, was: 'abc'"},
            new String[] {"crash", "notices=30", "notices must be a multiple of 20"})) {
      List<String> lines = run(wrong[0], wrong[1]);

      assertThat(status).as(wrong[1]).isEqualTo(2);
      assertThat(lines).anyMatch(line -> line.startsWith(wrong[2]));
      assertThat(lines).noneMatch(line -> line.startsWith("ratio") || line.contains("Exception"));
    }
    run("crash", "plan=brief", "kills=5");
    assertThat(status).isEqualTo(2);
    assertThatThrownBy(() -> Options.of("a=1", "a=2")).hasMessage("a is given twice");
  }

  @Test
  void qr() throws Exception {
    List<String> lines = run("qr", "rounds=2", "images=3", "warmup=1", "size=120");

    assertThat(status).isZero();
    assertThat(lines).anyMatch(line -> line.startsWith("machine: "));
    assertThat(lines).contains("qr, 120 × 120 pixels: 3 a round, 2 rounds in turn");
    assertThat(lines).anyMatch(line -> line.startsWith("laoke "));
    assertThat(lines).anyMatch(line -> line.startsWith("imageio "));
    assertThat(ratios(lines)).containsExactly("qr-vs-imageio");
  }

  @Test
  void imports() throws Exception {
    List<String> lines = run("import", "rounds=1", "orders=120", "from=60", "growth=120");

    assertThat(status).isZero();
    assertThat(lines).contains("  customer_order   120");
    assertThat(lines).anyMatch(line -> line.startsWith("laoke "));
    assertThat(lines).anyMatch(line -> line.startsWith("bare "));
    assertThat(ratios(lines)).containsExactly("import-vs-bare", "import-growth");
  }

  @Test
  void segments() throws Exception {
    List<String> lines = run("segments", "database=h2", "rounds=1", "members=400", "upserts=3");

    assertThat(status).isZero();
    assertThat(lines).contains("  member           400", "  customer_order   2,000");
    assertThat(lines).anyMatch(line -> line.startsWith("  recounted by Laoke: 200 members"));
    assertThat(lines).anyMatch(line -> line.startsWith("Q1, women with lifetime spend"));
    assertThat(lines).anyMatch(line -> line.startsWith("expert "));
    assertThat(lines).anyMatch(line -> line.startsWith("raw "));
    assertThat(lines).anyMatch(line -> line.startsWith("scan "));
    assertThat(lines).anyMatch(line -> line.startsWith("cursor "));
    assertThat(lines).anyMatch(line -> line.startsWith("Q3, laoke: from "));
    assertThat(ratios(lines))
        .contains(
            "segments-sql-vs-expert",
            "segments-sql-vs-raw",
            "segments-stream-vs-cursor",
            "segments-stream-heap-mib",
            "segments-growth",
            "segments-upkeep");
  }

  @Test
  void segmentsByCopyAndByWrittenRows() throws Exception {
    for (String database : List.of("postgresql", "mysql")) {
      assertThat(run("segments", "database=" + database, "rounds=1", "members=300", "only=sql"))
          .anyMatch(line -> line.startsWith("  recounted by Laoke: 300 members"))
          .anyMatch(line -> line.startsWith("Q5, members of Q1 by category"));
      assertThat(status).isZero();
    }
  }

  @Test
  void reminders() throws Exception {
    List<String> lines =
        run(
            "reminders",
            "rounds=1",
            "warmup=1",
            "due=60",
            "later=500",
            "from=100",
            "replanned=300",
            "threads=4",
            "probes=5");

    assertThat(status).isZero();
    assertThat(lines)
        .contains(
            "60 reminders come due, 2 a customer, beside 500 later ones (few: 100): 60 a round,"
                + " 1 rounds in turn");
    assertThat(lines).anyMatch(line -> line.startsWith("db-scheduler "));
    assertThat(lines).anyMatch(line -> line.startsWith("two processes "));
    assertThat(ratios(lines))
        .containsExactly(
            "reminders-vs-dbscheduler",
            "reminders-vs-bare",
            "reminders-growth",
            "reminders-empty-tick",
            "reminders-two-processes",
            "reminders-replan-vs-bare");
  }

  @Test
  void plans() throws Exception {
    List<String> lines = run("plans", "rounds=1", "members=2500", "from=500");

    assertThat(status).isZero();
    assertThat(lines)
        .contains("decisions of a plan for all members: 2,500 a round, 1 rounds in turn");
    assertThat(lines).anyMatch(line -> line.startsWith("preview: 2,500 chosen; "));
    assertThat(ratios(lines)).containsExactly("plans-vs-bare", "plans-growth");
  }

  @Test
  void delivery() throws Exception {
    List<String> lines =
        run(
            "delivery",
            "rounds=1",
            "warmup=1",
            "messages=150",
            "wxjava=30",
            "growth=300",
            "flight=16");

    assertThat(status).isZero();
    assertThat(lines)
        .contains("delivery, 30 ms latency, 16 in flight: 150 a round, 1 rounds in turn");
    assertThat(lines).contains("delivery, no latency, 16 in flight: 150 a round, 1 rounds in turn");
    assertThat(lines).anyMatch(line -> line.startsWith("wxjava (30, scaled) "));
    assertThat(ratios(lines))
        .containsExactly(
            "delivery-0ms-vs-okhttp",
            "delivery-30ms-vs-okhttp",
            "delivery-30ms-vs-wxjava",
            "delivery-heap-growth");
  }

  @Test
  void callback() throws Exception {
    List<String> lines = run("callback", "rounds=1", "events=50", "warmup=1", "http=20");

    assertThat(status).isZero();
    assertThat(lines)
        .contains("callback, bytes to event, one thread: 50 a round, 1 rounds in turn");
    assertThat(lines).anyMatch(line -> line.startsWith("callback over HTTP"));
    assertThat(ratios(lines)).containsExactly("callback-vs-wxjava");
  }
}
