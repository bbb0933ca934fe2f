package io.laoke.examples.benchmarks;

import java.util.Set;

/** One benchmark: measures Laoke and its baselines in turn and reports the figures. */
interface Benchmark {
  /** A line for the usage text. */
  String about();

  /** The names of its options beside {@code rounds}. */
  Set<String> options();

  /**
   * Measures.
   *
   * @param options sizes; each has a default, which is what the bounds are meant for
   * @param report where tables and ratios go
   */
  void run(Options options, Report report) throws Exception;
}
