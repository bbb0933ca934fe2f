package io.laoke.examples.benchmarks;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Sizes from the command line, as {@code rows=2000}; what is not given has a default. */
final class Options {
  /** These change what is run, or how often, and no size. */
  private static final Set<String> NO_SIZES = Set.of("database", "keep", "only", "rounds");

  private final Map<String, String> given = new LinkedHashMap<>();

  /** What is given cannot be done. */
  static final class Wrong extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    Wrong(String message) {
      super(message);
    }
  }

  private Options() {}

  static Options of(String... arguments) {
    return of(List.of(arguments));
  }

  static Options of(List<String> arguments) {
    Options options = new Options();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 1) {
        throw new Wrong("An option is written name=value, was: '%s'".formatted(argument));
      }
      String name = argument.substring(0, equals);
      if (options.given.put(name, argument.substring(equals + 1)) != null) {
        throw new Wrong("%s is given twice".formatted(name));
      }
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
    throw new Wrong("%s must be a positive whole number, was: '%s'".formatted(name, value));
  }

  /** Any whole number. */
  long anyNumber(String name, long otherwise) {
    String value = text(name, Long.toString(otherwise));
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException wrong) {
      throw new Wrong("%s must be a whole number, was: '%s'".formatted(name, value));
    }
  }

  /** One of these; the first is the default. */
  String choice(String name, String... choices) {
    String value = text(name, choices[0]);
    if (!List.of(choices).contains(value)) {
      throw new Wrong(
          "%s must be one of %s, was: '%s'".formatted(name, String.join(", ", choices), value));
    }
    return value;
  }

  /** A folder, made when it is needed; empty if none is given. */
  Optional<Path> folder(String name) {
    try {
      return Optional.ofNullable(given.get(name)).map(Path::of);
    } catch (InvalidPathException wrong) {
      throw new Wrong("%s must be a folder, was: '%s'".formatted(name, given.get(name)));
    }
  }

  /** How often each side is measured. */
  int rounds() {
    return number("rounds", 5);
  }

  private String text(String name, String otherwise) {
    return given.getOrDefault(name, otherwise);
  }

  /** Names that are none of these: typing errors. */
  Set<String> otherThan(Set<String> known) {
    Set<String> unknown = new TreeSet<>(given.keySet());
    unknown.removeAll(known);
    return unknown;
  }

  /** Whether all sizes are those that bounds are meant for, and rounds are enough for a median. */
  boolean standard() {
    return NO_SIZES.containsAll(given.keySet()) && rounds() >= 5;
  }
}
