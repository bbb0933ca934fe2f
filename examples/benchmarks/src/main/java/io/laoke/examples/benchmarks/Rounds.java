package io.laoke.examples.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Measures several sides in turn, A B A B …, so that a slow moment of the machine meets them all.
 */
final class Rounds {
  private final Map<String, Side> sides = new LinkedHashMap<>();

  /** One side; what it prepares is not measured. */
  interface Side {
    /** Does the work once and says how long it took, in nanoseconds. */
    long nanos() throws Exception;
  }

  /** Work that is measured whole. */
  interface Work {
    void run() throws Exception;
  }

  Rounds side(String name, Side side) {
    sides.put(name, side);
    return this;
  }

  /** Runs each side for so long without measuring it. */
  Rounds warm(int seconds) throws Exception {
    for (Side side : sides.values()) {
      long start = System.nanoTime();
      while (System.nanoTime() - start < seconds * 1_000_000_000L) {
        side.nanos();
      }
    }
    return this;
  }

  /** What each side took, in the order in which they were added. */
  Measured run(int rounds) throws Exception {
    Map<String, Samples> measured = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<String, Side> side : sides.entrySet()) {
        measured
            .computeIfAbsent(side.getKey(), Samples::new)
            .add(side.getValue().nanos() / 1_000_000_000.0);
      }
    }
    return new Measured(measured);
  }

  static long timed(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return System.nanoTime() - start;
  }
}
