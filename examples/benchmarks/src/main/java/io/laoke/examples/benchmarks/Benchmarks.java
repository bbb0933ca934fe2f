package io.laoke.examples.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs the benchmarks that are named: {@code examples/run benchmarks NAME [option=value …]}. */
public final class Benchmarks {
  private static final Map<String, Benchmark> ALL = all();

  private Benchmarks() {}

  private static Map<String, Benchmark> all() {
    Map<String, Benchmark> all = new LinkedHashMap<>();
    all.put("delivery", new DeliveryBenchmark());
    all.put("callback", new CallbackBenchmark());
    all.put("import", new ImportBenchmark());
    all.put("qr", new QrBenchmark());
    all.put("crash", new CrashBenchmark());
    return all;
  }

  /**
   * Runs one benchmark, or several one after the other.
   *
   * @param arguments names of benchmarks, then sizes as {@code rows=2000}
   */
  public static void main(String... arguments) throws Exception {
    int status = run(System.out, arguments);
    System.out.flush();
    System.exit(status); // whatever thread a baseline has left behind
  }

  /** Zero when all were measured, 2 for wrong arguments. */
  static int run(PrintStream out, String... arguments) throws Exception {
    List<String> names = new ArrayList<>();
    List<String> sizes = new ArrayList<>();
    Arrays.stream(arguments).forEach(each -> (each.contains("=") ? sizes : names).add(each));
    if (names.isEmpty() || !ALL.keySet().containsAll(names)) {
      usage(out);
      return 2;
    }
    Options options = Options.of(sizes);
    Report report = new Report(out);
    report.machine();
    for (String name : names) {
      requireNonNull(ALL.get(name)).run(options, report);
    }
    report.end();
    Set<String> unknown = options.unknown();
    if (!unknown.isEmpty()) {
      report.line("not used by %s: %s", String.join(", ", names), String.join(", ", unknown));
    }
    return 0;
  }

  private static void usage(PrintStream out) {
    out.println("usage: examples/run benchmarks NAME… [rounds=5] [option=value …]");
    ALL.forEach((name, each) -> out.printf("  %-10s %s%n", name, each.about()));
  }
}
