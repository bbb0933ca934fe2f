package io.laoke.examples.shell;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the rows of a list go. */
interface RowsOut {
  /** How rows are written. */
  enum Format {
    CSV,
    JSONL
  }

  /** Which of them, as it is told by options. */
  final class Choice {
    @Option(
        names = "--format",
        paramLabel = "csv|jsonl",
        description =
            "Comma-separated values, or a line of JSON each (also by --json). Default: csv")
    private @Nullable Format format;

    /**
     * Rows in that format.
     *
     * @param columns what the first line names, where the format has such a line
     */
    RowsOut rows(Shell shell, PrintWriter out, List<String> columns) {
      return shell.json() || format == Format.JSONL
          ? cells -> out.println(Json.line(cells))
          : new Csv(out, columns);
    }
  }

  /** Writes one; the values in the order of the columns. */
  void row(Map<String, Object> cells);

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
      if (cell == null) {
        return "";
      }
      if (cell instanceof Number) {
        return cell;
      }
      return Spreadsheets.text(
          cell instanceof List<?> several
              ? String.join(";", several.stream().map(String::valueOf).toList())
              : cell.toString());
    }
  }
}
