package io.laoke.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that brings the tables is killed half-way, and two others go on where it stopped. */
class MigrationKillTest {
  private static final String HERE = "HERE";

  /** Between a statement and its record, and between a record and the next statement. */
  private static final List<String> MOMENTS = List.of("prepareStatement 60", "createStatement 40");

  @ParameterizedTest
  @EnumSource(names = "H2", mode = EnumSource.Mode.EXCLUDE)
  void twoNodesGoOnWhereAKilledProcessStopped(TestServer server) throws Exception {
    int all;
    try (HikariDataSource whole = server.fresh()) {
      all = migrations(whole).apply();
    }
    for (String moment : MOMENTS) {
      HikariConfig config = new HikariConfig();
      config.setMaximumPoolSize(4);
      try (HikariDataSource pool = server.fresh(config)) {
        killedAt(pool.getJdbcUrl(), moment);
        int missing = migrations(pool).missing().size();
        assertThat(missing).as(moment).isBetween(1, all - 1);
        try (Connection connection = pool.getConnection();
            Statement statement = connection.createStatement()) {
          assertThat(
                  statement.executeUpdate(
                      // The dead process's minute passes.
                      "UPDATE laoke_schema_version SET lease_until_ms = 1 WHERE version = 0 AND"
                          + " holder IS NOT NULL"))
              .as("it held the lease")
              .isEqualTo(1);
        }

        assertThat(together(pool)).as(moment).isEqualTo(missing);
        assertThat(migrations(pool).missing()).isEmpty();
      }
    }
  }

  private static int together(HikariDataSource pool) throws Exception {
    ExecutorService nodes = Executors.newFixedThreadPool(2);
    try {
      int applied = 0;
      List<Callable<Integer>> both = Collections.nCopies(2, () -> migrations(pool).apply());
      for (Future<Integer> node : nodes.invokeAll(both)) {
        applied += node.get();
      }
      return applied;
    } finally {
      nodes.shutdownNow();
    }
  }

  private static Migrations migrations(javax.sql.DataSource pool) {
    return new Migrations(
        new Database(pool, HostTransaction.none(), new Names("laoke_", Optional.empty())));
  }

  private static void killedAt(String url, String moment) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx200m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MigrationKillTest.class.getName(),
                url,
                moment)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader told =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      StringBuilder all = new StringBuilder();
      String line = told.readLine();
      while (line != null && !line.equals(HERE)) {
        all.append(line).append('\n');
        line = told.readLine();
      }
      assertThat(line).as("%s", all).isEqualTo(HERE);
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Brings the tables and stands still at the moment that it is told; its kill comes then. */
  public static void main(String[] told) throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(told[0]);
    config.setMaximumPoolSize(1);
    String method = told[1].split(" ", -1)[0];
    int count = Integer.parseInt(told[1].split(" ", -1)[1]);
    AtomicInteger calls = new AtomicInteger();
    try (HikariDataSource pool = new HikariDataSource(config)) {
      migrations(
              new TamperedDataSource(
                  pool,
                  (connection, name, arguments) -> {
                    if (name.equals(method) && calls.incrementAndGet() == count) {
                      System.out.println(HERE);
                      standStill();
                    }
                  }))
          .apply();
    }
  }

  private static void standStill() {
    try {
      Thread.currentThread().join();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
