package io.laoke.examples.shell;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/** Where the rows of a list go. */
interface RowsOut {
  /** How rows are written. */
  enum Format {
    CSV,
    JSONL
  }

  /** Writes one; the values in the order of the columns. */
  void row(Map<String, Object> cells);

  /**
   * Rows in a format.
   *
   * @param columns what the first line names, where the format has such a line
   */
  static RowsOut of(Format format, PrintWriter out, List<String> columns) {
    return format == Format.JSONL ? cells -> out.println(Json.line(cells)) : new Csv(out, columns);
  }

  /** Comma-separated values. */
  final class Csv implements RowsOut {
    private final CSVPrinter printer;

    Csv(PrintWriter out, List<String> columns) {
      try {
        printer = new CSVPrinter(out, CSVFormat.RFC4180.builder().setRecordSeparator("\n").get());
        printer.printRecord(columns);
      } catch (IOException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    @Override
    public void row(Map<String, Object> cells) {
      try {
        printer.printRecord(cells.values().stream().map(Csv::text).toList());
      } catch (IOException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    private static Object text(@Nullable Object cell) {
      return cell == null
          ? ""
          : cell instanceof List<?> several
              ? String.join(";", several.stream().map(String::valueOf).toList())
              : cell;
    }
  }
}
