package io.laoke.examples.benchmarks;

import io.laoke.examples.benchmarks.crash.PlanCrash;
import io.laoke.examples.benchmarks.crash.PlanCrashReport;
import io.laoke.examples.benchmarks.crash.PlanCrashRun;
import java.io.PrintStream;
import java.util.Set;

/** Not a measurement but a proof: a worker killed at each step of a plan of six batches. */
final class PlanCrashBenchmark implements Benchmark {
  @Override
  public String about() {
    return "not a measurement but a proof: a worker killed at each step of a plan in six batches,"
        + " and started again 1, 5 and 70 minutes later: [followers=50000] [seed=…]";
  }

  @Override
  public Set<String> options() {
    return Set.of("followers", "seed");
  }

  @Override
  public void run(Options options, Report report) throws Exception {
    long seed = options.anyNumber("seed", System.nanoTime());
    int followers = options.number("followers", 50_000);
    if (followers < 2_000 || followers > 50_000) {
      throw new Options.Wrong("followers must be 2000 to 50000, was: " + followers);
    }
    PlanCrash plan = PlanCrash.whole(followers, seed);
    report.line("plan crash run on POSTGRESQL: seed=%d followers=%d", seed, followers);
    PrintStream progress = System.out;
    try (PlanCrashRun run = new PlanCrashRun(plan, progress)) {
      PlanCrashReport result = run.run();
      report.line("%s", result.text());
      if (!result.wrong().isEmpty()) {
        throw new IllegalStateException("the crash run failed; its workers' logs: " + run.logs());
      }
      run.deleteLogs();
    }
  }
}
