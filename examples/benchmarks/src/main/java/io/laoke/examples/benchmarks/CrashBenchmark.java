package io.laoke.examples.benchmarks;

import io.laoke.examples.benchmarks.crash.CrashPlan;
import io.laoke.examples.benchmarks.crash.CrashReport;
import io.laoke.examples.benchmarks.crash.CrashRun;
import io.laoke.testing.TestServer;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Set;

/** Not a measurement but a proof: workers killed while they send 10,000 notices. */
final class CrashBenchmark implements Benchmark {
  @Override
  public String about() {
    return "not a measurement but a proof: two worker processes, killed again and again while they"
        + " send: [notices=10000] [kills=8] [database=postgresql|mysql|mariadb] [seed=…]"
        + " [plan=whole|brief], brief is the 600 notices and 3 kills of every build";
  }

  @Override
  public Set<String> options() {
    return Set.of("database", "plan", "kills", "notices", "seed");
  }

  @Override
  public void run(Options options, Report report) throws Exception {
    TestServer server =
        TestServer.valueOf(
            options.choice("database", "postgresql", "mysql", "mariadb").toUpperCase(Locale.ROOT));
    long seed = options.anyNumber("seed", System.nanoTime());
    CrashPlan plan = plan(options, server, seed);
    report.line("crash run on %s: seed=%d notices=%d", server, seed, plan.notices());
    PrintStream progress = System.out;
    try (CrashRun run = new CrashRun(plan, progress)) {
      CrashReport result = run.run();
      report.line("%s", result.text());
      if (!result.wrong().isEmpty() || result.unknown() > 0) {
        throw new IllegalStateException("the crash run failed; its workers' logs: " + run.logs());
      }
      run.deleteLogs();
    }
  }

  private static CrashPlan plan(Options options, TestServer server, long seed) {
    if (options.choice("plan", "whole", "brief").equals("brief")) {
      if (!options.otherThan(Set.of("database", "plan", "seed")).isEmpty()) {
        throw new Options.Wrong(
            "plan=brief has its own notices and kills; leave these options out");
      }
      return CrashPlan.brief(server, seed);
    }
    int notices = options.number("notices", 10_000);
    if (notices % CrashPlan.NOTICES_OF_AN_ORDER != 0) {
      throw new Options.Wrong(
          "notices must be a multiple of %d, the notices of one order, was: %d"
              .formatted(CrashPlan.NOTICES_OF_AN_ORDER, notices));
    }
    return CrashPlan.whole(server, notices, options.number("kills", 8), seed);
  }
}
