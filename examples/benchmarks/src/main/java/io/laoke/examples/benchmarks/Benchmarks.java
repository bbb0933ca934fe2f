package io.laoke.examples.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Runs the benchmarks that are named: {@code examples/run benchmarks NAME [option=value …]}. */
public final class Benchmarks {
  private static final Map<String, Benchmark> ALL = all();
  private static final Set<String> HELP = Set.of("help", "-h", "--help");

  private Benchmarks() {}

  private static Map<String, Benchmark> all() {
    Map<String, Benchmark> all = new LinkedHashMap<>();
    all.put("delivery", new DeliveryBenchmark());
    all.put("callback", new CallbackBenchmark());
    all.put("import", new ImportBenchmark());
    all.put("qr", new QrBenchmark());
    all.put("segments", new SegmentBenchmark());
    all.put("reminders", new ReminderBenchmark());
    all.put("plans", new PlanBenchmark());
    all.put("crash", new CrashBenchmark());
    all.put("plan-crash", new PlanCrashBenchmark());
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

  /** Zero when all went well, 1 when a bound was missed, 2 for wrong arguments. */
  static int run(PrintStream out, String... arguments) throws Exception {
    List<String> names = new ArrayList<>();
    List<String> sizes = new ArrayList<>();
    Arrays.stream(arguments).forEach(each -> (each.contains("=") ? sizes : names).add(each));
    if (names.stream().anyMatch(HELP::contains)) {
      usage(out);
      return 0;
    }
    try {
      return measure(out, names, Options.of(sizes)) ? 0 : 1;
    } catch (Options.Wrong wrong) {
      out.println(wrong.getMessage());
      usage(out);
      return 2;
    }
  }

  /** Whether all that has a bound keeps it. */
  private static boolean measure(PrintStream out, List<String> names, Options options)
      throws Exception {
    if (names.isEmpty() || !ALL.keySet().containsAll(names)) {
      throw new Options.Wrong(
          "Name one or more of %s, was: %s".formatted(ALL.keySet(), String.join(" ", names)));
    }
    Set<String> known = new TreeSet<>(Set.of("rounds"));
    names.forEach(name -> known.addAll(requireNonNull(ALL.get(name)).options()));
    Set<String> unknown = options.otherThan(known);
    if (!unknown.isEmpty()) {
      throw new Options.Wrong(
          "%s has no option %s; there are %s"
              .formatted(
                  String.join(", ", names), String.join(", ", unknown), String.join(", ", known)));
    }
    Report report = new Report(out);
    report.machine();
    for (String name : names) {
      requireNonNull(ALL.get(name)).run(options, report);
    }
    return report.end(options.standard());
  }

  private static void usage(PrintStream out) {
    out.println("usage: examples/run benchmarks NAME… [rounds=5] [option=value …]");
    ALL.forEach((name, each) -> out.printf("  %-10s %s%n", name, each.about()));
  }
}
