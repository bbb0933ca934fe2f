package io.laoke.examples.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files and commands of the guide. */
final class Guide {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  private final String text;
  private final Path dir;

  /**
   * Reads it.
   *
   * @param dir where its files are
   */
  Guide(Path dir) throws IOException {
    this.text = Files.readString(Path.of("README.md"));
    this.dir = dir;
  }

  /** Writes the files of a mark, and says how many there are. */
  int files(String mark) throws IOException {
    Matcher file =
        Pattern.compile("<!-- " + mark + ": ([a-z.]+) -->\\n```[a-z]+\\n(.*?)```", Pattern.DOTALL)
            .matcher(text);
    int files = 0;
    while (file.find()) {
      Ran.file(dir, file.group(1), file.group(2).stripTrailing().split("\n", -1));
      files++;
    }
    return files;
  }

  /** Runs the commands of a mark: they print what is shown. Says how many there are. */
  int commands(String mark, String database) {
    Matcher command =
        Pattern.compile(
                "<!-- " + mark + " -->\\n```console\\n\\$ examples/run shell ([^\\n]*)\\n(.*?)```",
                Pattern.DOTALL)
            .matcher(text);
    int commands = 0;
    while (command.find()) {
      run(command.group(1), command.group(2), database);
      commands++;
    }
    return commands;
  }

  private void run(String command, String output, String database) {
    List<String> arguments = new ArrayList<>();
    Matcher word = WORD.matcher(command);
    while (word.find()) {
      arguments.add(word.group(1) != null ? word.group(1) : argument(word.group(2)));
    }
    arguments.addAll(List.of("--database", database));
    Ran ran = Ran.of(arguments.toArray(String[]::new));
    List<String> printed = new ArrayList<>(ran.out().lines().map(String::stripTrailing).toList());
    if (ran.code() != 0) {
      printed.add("(exit code " + ran.code() + ")");
    }
    List<String> shown = Arrays.stream(output.split("\n")).map(String::stripTrailing).toList();
    assertThat(printed).as(command + "\n" + ran.err()).hasSameSizeAs(shown);
    for (int i = 0; i < shown.size(); i++) {
      String pattern =
          Arrays.stream(shown.get(i).split("…", -1))
              .map(Pattern::quote)
              .reduce((one, other) -> one + ".*" + other)
              .orElseThrow();
      assertThat(printed.get(i)).as(command).matches(pattern);
    }
  }

  private String argument(String word) {
    return word.equals("shop")
        ? dir.toString()
        : word.matches(".*\\.(csv|jsonl?)") ? dir.resolve(word).toString() : word;
  }
}
