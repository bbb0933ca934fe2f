package io.laoke.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.examples.benchmarks.crash.PlanCrash;
import io.laoke.examples.benchmarks.crash.PlanCrashReport;
import io.laoke.examples.benchmarks.crash.PlanCrashRun;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short run; {@code examples/run benchmarks plan-crash} is the one with 50,000 followers. */
class PlanCrashTest {
  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void nobodyGetsTwoWhereverTheWorkerIsKilled() throws Exception {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("plan crash run: -Dlaoke.seed=" + seed);
    PlanCrash plan = PlanCrash.brief(seed);
    try (PlanCrashRun run = new PlanCrashRun(plan, System.out)) {
      PlanCrashReport report = run.run();
      System.out.println(report.text());

      assertThat(report.wrong()).as("seed %d, logs %s", seed, run.logs()).isEmpty();
      assertThat(report.unknown()).as("WeChat forgets no id within a day").isZero();
      assertThat(report.got()).isEqualTo(plan.followers());
      assertThat(report.kills()).hasSize(PlanCrash.Moment.values().length).doesNotHaveDuplicates();
      run.deleteLogs();
    }
  }
}
