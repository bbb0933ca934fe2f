package io.laoke.examples.benchmarks;

import java.util.Collection;
import java.util.Map;

/** What all sides took. */
record Measured(Map<String, Samples> samples) {
  Samples of(String side) {
    Samples found = samples.get(side);
    if (found == null) {
      throw new IllegalArgumentException("There is no side '%s'.".formatted(side));
    }
    return found;
  }

  Collection<Samples> all() {
    return samples.values();
  }
}
