package io.laoke.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** A database that cannot start is never passed over in silence. */
class SkippedServersTest {
  @Test
  void isANamedSkipAndALineOfTheClosingTable() throws Exception {
    String told = ran(false);

    assertThat(told).contains("skipped 2 failed 0", "NOT TESTED HERE");
    assertThat(told).containsPattern("MARIADB +2 .*-Dlaoke.test.absent");
  }

  @Test
  void isAFailureWhereCiIsSet() throws Exception {
    assertThat(ran(true)).contains("skipped 0 failed 2").doesNotContain("NOT TESTED HERE");
  }

  /** What needs the database that is not there; run only by {@link #main}. */
  @EnabledIfSystemProperty(named = "laoke.test.absent", matches = ".+")
  static class Needing {
    @Test
    void one() {
      use();
    }

    @Test
    void another() {
      use();
    }

    private static void use() {
      try (HikariDataSource pool = TestServer.MARIADB.fresh()) {
        assertThat(pool.isClosed()).isFalse();
      }
    }
  }

  /** A test process of its own. */
  public static void main(String[] none) {
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    try (LauncherSession session = LauncherFactory.openSession()) {
      session
          .getLauncher()
          .execute(
              LauncherDiscoveryRequestBuilder.request()
                  .selectors(selectClass(Needing.class))
                  .build(),
              summary);
    }
    TestExecutionSummary counted = summary.getSummary();
    System.out.printf(
        "skipped %d failed %d%n", counted.getTestsAbortedCount(), counted.getTestsFailedCount());
  }

  private static String ran(boolean ci) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Dlaoke.test.absent=MARIADB",
                    "-cp",
                    System.getProperty("java.class.path"),
                    SkippedServersTest.class.getName()))
            .redirectErrorStream(true);
    builder.environment().remove("CI");
    if (ci) {
      builder.environment().put("CI", "true");
    }
    Process process = builder.start();
    String told = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return told;
  }
}
