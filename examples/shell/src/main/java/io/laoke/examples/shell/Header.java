package io.laoke.examples.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The columns of a file by their names; those of the layout in any case. */
final class Header {
  private final String file;
  private final Map<String, Integer> columns = new LinkedHashMap<>();
  private final List<String> unknown = new ArrayList<>();
  private final int size;

  /**
   * Reads the first row.
   *
   * @param known columns of the layout, in small letters
   * @param required those of them that must be there
   */
  Header(String file, CsvRows.@Nullable Raw row, Set<String> known, Set<String> required) {
    this.file = file;
    if (row == null) {
      throw new CannotException(
          file + " is empty: its header line is missing. Give at least the header line.");
    }
    if (!row.broken().isEmpty()) {
      throw new CannotException("%s, line %d, %s.".formatted(file, row.line(), row.broken()));
    }
    List<String> cells = row.cells().stream().map(Cells::stripped).toList();
    this.size = cells.size();
    for (int i = 0; i < size; i++) {
      add(cells.get(i), i, known);
    }
    List<String> missing =
        required.stream().filter(column -> !columns.containsKey(column)).sorted().toList();
    if (!missing.isEmpty()) {
      throw new CannotException(
          "%s has no column %s. Its columns are %s.%s"
              .formatted(
                  file,
                  String.join(", ", missing),
                  Cells.shown(String.join(", ", cells)),
                  size == 1 && cells.get(0).matches("(?s).*[;\t|].*")
                      ? " Separate them by commas."
                      : ""));
    }
  }

  private void add(String cell, int index, Set<String> known) {
    if (cell.isEmpty()) {
      return;
    }
    String small = cell.toLowerCase(Locale.ROOT);
    String name = known.contains(small) ? small : cell;
    if (columns.put(name, index) != null) {
      throw new CannotException(
          "%s has two columns '%s'. Take one of them away.".formatted(file, Cells.shown(name)));
    }
    if (!known.contains(name)) {
      unknown.add(name);
    }
  }

  String file() {
    return file;
  }

  int size() {
    return size;
  }

  /** Columns that are none of the layout, as they are written. */
  List<String> unknown() {
    return unknown;
  }

  int index(String column) {
    return columns.getOrDefault(column, -1);
  }
}
