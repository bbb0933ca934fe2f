package io.laoke.examples.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Prints tables, then one line {@code ratio <name> <value>} per figure. */
final class Report {
  private final PrintStream out;
  private final List<Figure> figures = new ArrayList<>();

  Report(PrintStream out) {
    this.out = out;
  }

  /** The machine and the JVM; figures mean little without them. */
  void machine() {
    line(
        "machine: %d cores, %s, %s %s, load %.2f",
        Runtime.getRuntime().availableProcessors(),
        processor(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    line(
        "java: %s %s, heap at most %d MB",
        System.getProperty("java.vm.name"),
        System.getProperty("java.version"),
        Runtime.getRuntime().maxMemory() >> 20);
  }

  private static String processor() {
    Path about = Path.of("/proc/cpuinfo");
    try {
      return Files.isReadable(about)
          ? Files.readAllLines(about).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse("processor unknown")
          : "processor unknown";
    } catch (IOException unreadable) {
      return "processor unknown";
    }
  }

  /** The version of a library that takes part, as its jar tells it. */
  void version(String name, Class<?> type) {
    String version = type.getPackage().getImplementationVersion();
    line("%s: %s", name, version != null ? version : jar(type));
  }

  private static String jar(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().getPath().replaceAll(".*/", "");
  }

  void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }

  /**
   * Prints what each side took.
   *
   * @param operations how many of them one round does
   */
  void table(String title, long operations, Collection<Samples> sides) {
    line("");
    line("%s: %,d a round, %d rounds in turn", title, operations, rounds(sides));
    line("%-24s %12s %12s %12s %14s", "", "median s", "min s", "max s", "per second");
    for (Samples side : sides) {
      line(
          "%-24s %12.4f %12.4f %12.4f %,14.0f",
          side.name(), side.median(), side.least(), side.most(), operations / side.median());
    }
  }

  private static int rounds(Collection<Samples> sides) {
    return sides.stream().mapToInt(Samples::rounds).max().orElse(0);
  }

  private record Figure(String name, double value, String relation, double bound) {
    boolean kept() {
      return relation.equals("≤") ? value <= bound : value >= bound;
    }
  }

  /** Time of {@code b} over time of {@code a}: higher is better for {@code a}. */
  void atLeast(double bound, String name, Samples a, Samples b) {
    figures.add(new Figure(name, b.median() / a.median(), "≥", bound));
  }

  /** A figure that is better the lower it is. */
  void atMost(double bound, String name, double value) {
    figures.add(new Figure(name, value, "≤", bound));
  }

  /**
   * The last lines: what keeps its bound, then each figure.
   *
   * @param standard whether bounds are meant for what was run
   * @return false if a bound was missed
   */
  boolean end(boolean standard) {
    line("");
    if (!standard && !figures.isEmpty()) {
      line("Bounds are not checked: they are meant for the default sizes and five rounds or more.");
    }
    boolean kept = true;
    for (Figure one : figures) {
      if (standard) {
        kept &= one.kept();
        line(
            "%-26s %7.3f   bound %s %s: %s",
            one.name, one.value, one.relation, one.bound, one.kept() ? "kept" : "MISSED");
      }
    }
    figures.forEach(one -> line("ratio %s %.2f", one.name, one.value));
    return kept;
  }
}
