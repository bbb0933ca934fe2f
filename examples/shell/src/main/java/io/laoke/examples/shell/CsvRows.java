package io.laoke.examples.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a file of comma-separated values, one after the other; a line that is none is told.
 */
final class CsvRows implements AutoCloseable {
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setIgnoreEmptyLines(false).get();

  /**
   * A row.
   *
   * @param line where it begins, from 1
   * @param broken why it is none; empty if it is one
   */
  record Raw(long line, List<String> cells, String broken) {
    Raw {
      cells = List.copyOf(cells);
    }

    boolean blank() {
      return broken.isEmpty() && cells.stream().allMatch(cell -> Cells.stripped(cell).isEmpty());
    }
  }

  private final Source source;
  private final Tape tape;
  private Iterator<CSVRecord> records;
  private CSVParser parser;
  private long lines;
  private long lastLines;

  @SuppressWarnings("NullAway.Init")
  CsvRows(Source source) {
    this.source = source;
    try {
      this.tape = new Tape(source.open());
    } catch (IOException unreadable) {
      throw Source.unreadable(source.path(), unreadable);
    }
    begin();
  }

  private void begin() {
    try {
      parser = CSVParser.parse(tape, FORMAT);
    } catch (IOException unreadable) {
      throw Source.unreadable(source.path(), unreadable);
    }
    records = parser.iterator();
    lastLines = 0;
  }

  /** The next row that is not blank, or null at the end. */
  @Nullable Raw next() {
    while (true) {
      Raw row = any();
      if (row == null || !row.blank()) {
        return row;
      }
    }
  }

  private @Nullable Raw any() {
    CSVRecord row;
    try {
      if (!records.hasNext()) {
        return null;
      }
      row = records.next();
    } catch (UncheckedIOException bad) {
      return broken();
    }
    long line = lines + 1;
    long end = parser.getCurrentLineNumber();
    lines += end - lastLines;
    tape.forget(end - lastLines);
    lastLines = end;
    return new Raw(line, List.of(row.values()), "");
  }

  private Raw broken() {
    try {
      tape.check();
    } catch (IOException unreadable) {
      throw Source.unreadable(source.path(), unreadable);
    }
    String why =
        tape.tooLong()
            ? "has more than %,d characters, or a quotation mark that is not closed"
                .formatted(Tape.LONGEST)
            : "has a quotation mark that does not enclose its cell, or is not closed";
    lines++;
    tape.afterLine();
    begin();
    return new Raw(
        lines, List.of(), why + "; quote whole cells, and double the quotation marks in them");
  }

  @Override
  public void close() {
    try {
      tape.close();
    } catch (IOException unreadable) {
      throw Source.unreadable(source.path(), unreadable);
    }
  }
}
