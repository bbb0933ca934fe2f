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
    report.ratio("a-vs-b", measured.of("a"), measured.of("b"));
    report.end();
    assertThat(printed.toString(StandardCharsets.UTF_8).strip()).isEqualTo("ratio a-vs-b 2.50");
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
  }

  @Test
  void refusesSizesThatAreNone() {
    assertThatThrownBy(() -> Options.of("rows=-1").number("rows", 1))
        .hasMessage("rows must be a positive whole number, was: '-1'");
    assertThat(Options.of("rosw=1").unknown()).containsExactly("rosw");
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
            "delivery-30ms-vs-okhttp",
            "delivery-30ms-vs-wxjava",
            "delivery-0ms-vs-okhttp",
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
