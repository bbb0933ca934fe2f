package io.laoke.examples.benchmarks;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Sizes from the command line, as {@code rows=2000}; what is not given has a default. */
final class Options {
  private final Map<String, String> given = new LinkedHashMap<>();
  private final Set<String> asked = new HashSet<>();

  private Options() {}

  static Options of(String... arguments) {
    return of(List.of(arguments));
  }

  static Options of(List<String> arguments) {
    Options options = new Options();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "An option is written name=value, was: '%s'".formatted(argument));
      }
      options.given.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    return options;
  }

  /** A positive whole number. */
  int number(String name, int otherwise) {
    String value = text(name, Integer.toString(otherwise));
    try {
      int number = Integer.parseInt(value);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException wrong) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "%s must be a positive whole number, was: '%s'".formatted(name, value));
  }

  /** How often each side is measured. */
  int rounds() {
    return number("rounds", 5);
  }

  String text(String name, String otherwise) {
    asked.add(name);
    return given.getOrDefault(name, otherwise);
  }

  /** Names that nobody has asked for: typing errors. */
  Set<String> unknown() {
    Set<String> unknown = new TreeSet<>(given.keySet());
    unknown.removeAll(asked);
    return unknown;
  }
}
