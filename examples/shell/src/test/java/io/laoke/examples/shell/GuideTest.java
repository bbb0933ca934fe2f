package io.laoke.examples.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the guide, run on the files of the guide, print what the guide shows. */
class GuideTest {
  private static final Pattern FILE =
      Pattern.compile("<!-- file: ([a-z.]+) -->\\n```csv\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern COMMAND =
      Pattern.compile(
          "<!-- shell -->\\n```console\\n\\$ examples/run shell ([^\\n]*)\\n(.*?)```",
          Pattern.DOTALL);

  @TempDir private Path dir;

  @Test
  void theCommandsPrintWhatTheGuideShows() throws Exception {
    String guide = Files.readString(Path.of("README.md"));
    Matcher file = FILE.matcher(guide);
    int files = 0;
    while (file.find()) {
      Ran.file(dir.resolve("shop"), file.group(1), file.group(2).stripTrailing().split("\n", -1));
      files++;
    }
    assertThat(files).isEqualTo(4);

    Matcher command = COMMAND.matcher(guide);
    int commands = 0;
    while (command.find()) {
      List<String> arguments = new ArrayList<>();
      for (String word : command.group(1).split(" ", -1)) {
        boolean path = word.equals("shop") || word.endsWith(".csv");
        arguments.add(path ? dir.resolve(word).toString() : word);
      }
      arguments.addAll(List.of("--database", dir.resolve("db").toString()));
      Ran ran = Ran.of(arguments.toArray(String[]::new));
      List<String> printed = new ArrayList<>(ran.out().lines().map(String::stripTrailing).toList());
      printed.add("(exit code " + ran.code() + ")");
      List<String> shown =
          Arrays.stream(command.group(2).split("\n")).map(String::stripTrailing).toList();
      assertThat(printed).as(command.group(1) + "\n" + ran.err()).hasSameSizeAs(shown);
      for (int i = 0; i < shown.size(); i++) {
        String pattern =
            Arrays.stream(shown.get(i).split("…", -1))
                .map(Pattern::quote)
                .reduce((one, other) -> one + ".*" + other)
                .orElseThrow();
        assertThat(printed.get(i)).as(command.group(1)).matches(pattern);
      }
      commands++;
    }
    assertThat(commands).isEqualTo(2);
    assertThat(Files.readAllLines(dir.resolve("refused.csv"))).hasSize(2);
  }

  @Test
  void theGuideNamesEveryColumnAndOption() throws Exception {
    String guide = Files.readString(Path.of("README.md"));
    List<String> columns = new ArrayList<>(MemberRows.KNOWN);
    columns.addAll(OrderRows.KNOWN);
    columns.addAll(OrderRows.LINE_KNOWN);
    columns.addAll(OrderRows.STAGE_KNOWN);
    assertThat(guide).contains(columns);
    assertThat(guide)
        .contains(
            "--database",
            "--user",
            "--password-from",
            "--dealer",
            "--zone",
            "--charset",
            "--json",
            "--dry-run",
            "--errors",
            "--consent-text");
  }
}
