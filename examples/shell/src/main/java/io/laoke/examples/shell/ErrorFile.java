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
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** All that was refused, one row each, for whoever mends the files. */
final class ErrorFile implements Consumer<Problem>, AutoCloseable {
  private static final int PAGE = 1_000;

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
          problem.file(), problem.line(), problem.column(), problem.value(), problem.reason());
    } catch (IOException failed) {
      throw cannot(failed);
    }
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
