package io.laoke.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** What one side took, in seconds, round by round. */
final class Samples {
  private final String name;
  private final List<Double> seconds = new ArrayList<>();

  Samples(String name) {
    this.name = name;
  }

  void add(double more) {
    seconds.add(more);
  }

  String name() {
    return name;
  }

  int rounds() {
    return seconds.size();
  }

  double median() {
    List<Double> sorted = seconds.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  double least() {
    return seconds.stream().mapToDouble(each -> each).min().orElseThrow();
  }

  double most() {
    return seconds.stream().mapToDouble(each -> each).max().orElseThrow();
  }
}
