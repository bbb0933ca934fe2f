package io.laoke.examples.benchmarks;

import io.laoke.examples.benchmarks.crash.CrashPlan;
import io.laoke.examples.benchmarks.crash.CrashReport;
import io.laoke.examples.benchmarks.crash.CrashRun;
import io.laoke.testing.TestServer;
import java.io.PrintStream;
import java.util.Locale;

/** Not a measurement but a proof: workers killed while they send 10,000 notices. */
final class CrashBenchmark implements Benchmark {
  @Override
  public String about() {
    return "10,000 notices, two worker processes, killed again and again (database=mysql kills=8"
        + " seed=… plan=brief)";
  }

  @Override
  public void run(Options options, Report report) throws Exception {
    TestServer server =
        TestServer.valueOf(options.text("database", "postgresql").toUpperCase(Locale.ROOT));
    long seed = Long.parseLong(options.text("seed", Long.toString(System.nanoTime())));
    report.line("crash run on %s: seed=%d", server, seed);
    CrashPlan plan =
        options.text("plan", "whole").equals("brief")
            ? CrashPlan.brief(server, seed)
            : CrashPlan.whole(server, options.number("kills", 8), seed);
    PrintStream progress = System.out;
    try (CrashRun run = new CrashRun(plan, progress)) {
      CrashReport result = run.run();
      report.line("%s", result.text());
      if (!result.wrong().isEmpty() || result.unknown() > 0) {
        throw new IllegalStateException("the crash run failed; its workers' logs: " + run.logs());
      }
    }
  }
}
