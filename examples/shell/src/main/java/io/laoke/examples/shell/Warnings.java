package io.laoke.examples.shell;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a user should know though nothing was refused: each kind with how often, and where first.
 */
final class Warnings {
  /**
   * A kind.
   *
   * @param code for programs
   * @param first where it was seen first
   */
  record Warning(String code, String text, long count, String first) {}

  private final Map<String, Warning> all = new TreeMap<>();

  void add(String code, String text, String where) {
    all.merge(
        code + "\n" + text,
        new Warning(code, text, 1, where),
        (was, one) -> new Warning(code, text, was.count() + 1, was.first()));
  }

  List<Warning> all() {
    return List.copyOf(all.values());
  }
}
