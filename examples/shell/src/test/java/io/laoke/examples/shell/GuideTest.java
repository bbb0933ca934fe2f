package io.laoke.examples.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The commands of the guide, run on the files of the guide, print what the guide shows. */
class GuideTest {
  @TempDir private Path dir;

  @Test
  void theCommandsPrintWhatTheGuideShows() throws Exception {
    Guide guide = new Guide(dir.resolve("shop"));

    assertThat(guide.files("file")).isEqualTo(4);
    assertThat(guide.commands("shell", dir.resolve("db").toString())).isEqualTo(2);
    assertThat(Files.readAllLines(dir.resolve("shop/refused.csv"))).hasSize(2);
    assertThat(guide.files("rule")).isEqualTo(1);
    assertThat(guide.commands("reminders", dir.resolve("db").toString())).isEqualTo(7);
  }

  /** Needs python3, as whoever follows the guide does. */
  @Test
  void theScriptWritesTheLayout() throws Exception {
    Path data = DataSets.folder();
    Path ours = Files.createDirectory(dir.resolve("ours"));
    DataSets.contoso(data, ours, false);
    Path theirs = dir.resolve("theirs");
    int code;
    try {
      code =
          new ProcessBuilder(
                  "python3", "contoso.py", "" + data.resolve("contoso-10k"), theirs.toString())
              .inheritIO()
              .start()
              .waitFor();
    } catch (IOException missing) {
      throw new TestAbortedException("SKIPPED: no python3", missing);
    }

    assertThat(code).isZero();
    for (String name : List.of("members.csv", "orders.csv", "lines.csv", "stages.csv")) {
      assertThat(rows(Files.newInputStream(theirs.resolve(name))))
          .as(name)
          .isEqualTo(rows(new GZIPInputStream(Files.newInputStream(ours.resolve(name + ".gz")))));
    }
  }

  private static List<List<String>> rows(InputStream in) throws IOException {
    try (CSVParser rows =
        CSVParser.parse(new InputStreamReader(in, StandardCharsets.UTF_8), CSVFormat.RFC4180)) {
      return rows.stream().map(CSVRecord::toList).toList();
    }
  }

  @Test
  void theGuideNamesEveryColumnAndOption() throws Exception {
    String guide = Files.readString(Path.of("README.md"));
    List<String> columns = new ArrayList<>(MemberRows.KNOWN);
    columns.addAll(OrderRows.KNOWN);
    columns.addAll(OrderRows.LINE_KNOWN);
    columns.addAll(OrderRows.STAGE_KNOWN);
    columns.addAll(OrderRows.SERVICE_KNOWN);
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
            "--consent-text",
            "--segment",
            "--everyone",
            "--lines",
            "--as-of",
            "--lang",
            "--of",
            "--by",
            "--where",
            "--during",
            "--scope",
            "--format",
            "--names",
            "--limit",
            "--id",
            "--due-from",
            "--due-to",
            "--state",
            "--store",
            "--kind",
            "--order",
            "--line",
            "--unit",
            "--task",
            "--at",
            "--paid",
            "--document",
            "--staff");
  }
}
