package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Laoke;
import io.laoke.catalog.Category;
import io.laoke.imports.ImportFact;
import io.laoke.imports.ImportFact.Kind;
import io.laoke.imports.ImportOptions;
import io.laoke.imports.ImportReport;
import io.laoke.testing.KilledAtWork;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An import in a process of its own, with little memory, that is killed (SIGKILL) at random moments
 * and started again.
 */
class ImportKillTest {
  private static final int ORDERS = 4_000;
  private static final int REFUSED = ORDERS / 100;
  private static final Instant FROM = Instant.parse("2024-01-01T01:00:00Z");

  /** As many orders as are asked for; the memory that they would take together is far beyond it. */
  static Iterator<ImportFact> history(int orders) {
    return IntStream.range(0, orders).mapToObj(ImportKillTest::fact).iterator();
  }

  private static ImportFact fact(int number) {
    Random random = new Random(number);
    Instant at = FROM.plus(Duration.ofMinutes(number));
    int member = random.nextInt(2_000);
    return ImportFact.order(
            "SO-" + number,
            () ->
                Order.of("SO-" + number, at)
                    .buyer(Buyer.of("C" + member, "顾客" + member, "13%09d".formatted(member)))
                    .line(OrderLine.goods("1", "kitchen/hood", number % 100 == 99 ? -1 : 1, "199"))
                    .line(OrderLine.goods("2", "av/tv", 2, "1.5")))
        .stage(StageReport.of(Stage.DELIVERED, at.plusSeconds(60)));
  }

  /** What runs in the other process: address, user, orders, and what to be killed by, or 0. */
  public static void main(String[] arguments) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(arguments[0]);
    if (!arguments[1].isEmpty()) {
      config.setUsername(arguments[1]);
      config.setPassword("");
    }
    config.setMaximumPoolSize(2);
    long kill = Long.parseLong(arguments[3]);
    Random random = new Random(kill);
    try (HikariDataSource pool = new HikariDataSource(config);
        Laoke laoke =
            Laoke.builder()
                .dataSource(
                    kill == 0
                        ? pool
                        : new TamperedDataSource(
                            pool,
                            new KilledAtWork(
                                "UPDATE laoke_import_run", 2 + random.nextInt(3), random)))
                .dealer("hengxin")
                .build()) {
      laoke
          .dealer("hengxin")
          .imports()
          .run(
              "history",
              history(Integer.parseInt(arguments[2])),
              ImportOptions.defaults().withBatch(250));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MARIADB"})
  void aKilledProcessGoesOnAndTheCountsAreWhole(TestServer server) throws Exception {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("killed imports on " + server + ": -Dlaoke.seed=" + seed);
    Random random = new Random(seed);
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = Laoke.builder().dataSource(pool).dealer("hengxin").build()) {
      for (String path : List.of("kitchen/hood", "av/tv")) {
        laoke.dealer("hengxin").catalog().put(Category.of(path, path));
      }
      int kills = 3;
      for (int kill = 1; kill <= kills; kill++) {
        assertThat(ended(start(pool, random.nextLong() | 1)))
            .as("seed " + seed)
            .isEqualTo(KilledAtWork.EXIT);
        assertThat(laoke.dealer("hengxin").imports().report("history").orElseThrow().state())
            .as("seed " + seed)
            .isEqualTo(ImportReport.State.RUNNING);
      }
      assertThat(ended(start(pool, 0))).isZero();

      ImportReport report = laoke.dealer("hengxin").imports().report("history").orElseThrow();
      assertThat(report.state()).isEqualTo(ImportReport.State.DONE);
      assertThat(report.starts()).isEqualTo(kills + 1);
      assertThat(report.position()).isEqualTo(ORDERS);
      assertThat(report.of(Kind.ORDER))
          .as("seed " + seed)
          .isEqualTo(new ImportReport.Counts(ORDERS - REFUSED, 0, 0, REFUSED));
      assertThat(report.lines()).isEqualTo(2L * (ORDERS - REFUSED));
      assertThat(laoke.dealer("hengxin").imports().refusals("history", 0, 100)).hasSize(REFUSED);
      assertThat(laoke.dealer("hengxin").orders().recountAll(0, 100).clean()).isTrue();
      ImportReport again = laoke.dealer("hengxin").imports().run("history", history(ORDERS));
      assertThat(again.of(Kind.ORDER))
          .isEqualTo(new ImportReport.Counts(0, 0, ORDERS - REFUSED, REFUSED));
      assertThat(again.unchanged()).isTrue();
    }
  }

  private static int ended(Process process) throws InterruptedException {
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(HikariDataSource pool, long kill) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx40m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
            "-cp",
            System.getProperty("java.class.path"),
            ImportKillTest.class.getName(),
            pool.getJdbcUrl(),
            pool.getUsername() == null ? "" : pool.getUsername(),
            "" + ORDERS,
            "" + kill)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
