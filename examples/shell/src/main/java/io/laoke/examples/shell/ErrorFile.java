package io.laoke.examples.shell;

import io.laoke.imports.Imports;
import io.laoke.imports.Refusal;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/** All that was refused, one row each, for whoever mends the files. */
final class ErrorFile implements Consumer<Problem>, AutoCloseable {
  private static final int PAGE = 1_000;
  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9.]+");

  private final Path path;
  private final CSVPrinter printer;

  ErrorFile(Path path) {
    this.path = path;
    try {
      BufferedWriter writer = Files.newBufferedWriter(path, StandardCharsets.UTF_8);
      printer = new CSVPrinter(writer, CSVFormat.RFC4180.builder().setRecordSeparator("\n").get());
      printer.printRecord("file", "line", "column", "value", "reason");
    } catch (IOException failed) {
      throw cannot(failed);
    }
  }

  private CannotException cannot(IOException failed) {
    return new CannotException(
        "%s cannot be written (%s).".formatted(path, failed.getClass().getSimpleName()));
  }

  @Override
  public void accept(Problem problem) {
    try {
      printer.printRecord(
          text(problem.file()),
          problem.line(),
          text(problem.column()),
          text(problem.value()),
          text(problem.reason()));
    } catch (IOException failed) {
      throw cannot(failed);
    }
  }

  /** Numbers stay as they were written, to be searched for; nothing is calculated of them. */
  private static @Nullable String text(@Nullable String cell) {
    return cell == null || NUMBER.matcher(cell).matches() ? cell : Spreadsheets.text(cell);
  }

  /** Those of a run, over all its starts. */
  void all(Imports imports, String run) {
    long seen = 0;
    List<Refusal> page;
    do {
      page = imports.refusals(run, seen, PAGE);
      page.stream().map(Problem::of).forEach(this);
      seen += page.size();
    } while (page.size() == PAGE);
  }

  @Override
  public void close() {
    try {
      printer.close();
    } catch (IOException failed) {
      throw cannot(failed);
    }
  }
}
