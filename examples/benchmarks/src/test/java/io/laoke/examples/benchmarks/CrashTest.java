package io.laoke.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.examples.benchmarks.crash.CrashPlan;
import io.laoke.examples.benchmarks.crash.CrashReport;
import io.laoke.examples.benchmarks.crash.CrashRun;
import io.laoke.testing.TestServer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short crash run; {@code examples/run benchmarks crash} is the long one. */
class CrashTest {
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void killedWorkersLoseNothingAndTellNothingTwice() throws Exception {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("crash run: -Dlaoke.seed=" + seed);
    CrashPlan plan = CrashPlan.brief(TestServer.POSTGRESQL, seed);
    try (CrashRun run = new CrashRun(plan, System.out)) {
      CrashReport report = run.run();
      System.out.println(report.text());

      assertThat(report.wrong()).as("seed %d, logs %s", seed, run.logs()).isEmpty();
      assertThat(report.unknown()).isZero();
      assertThat(report.accepted()).isEqualTo(plan.notices());
      assertThat(report.kills()).hasSizeGreaterThanOrEqualTo(3).doesNotHaveDuplicates();
      assertThat(report.faults().values())
          .as("kinds of faults that struck: %s", report.faults())
          .filteredOn(times -> times > 0)
          .hasSizeGreaterThanOrEqualTo(8);
      run.deleteLogs();
      assertThat(run.logs()).isNotEmpty().allSatisfy(log -> assertThat(log).doesNotExist());
    }
  }
}
