package io.laoke.examples.shell;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file that is read row by row. */
final class Table implements AutoCloseable {
  private final CsvRows rows;
  private final Header header;
  private long count;

  Table(Source source, Set<String> known, Set<String> required) {
    this.rows = new CsvRows(source);
    try {
      this.header = new Header(source.name(), rows.next(), known, required);
    } catch (RuntimeException bad) {
      rows.close();
      throw bad;
    }
  }

  Header header() {
    return header;
  }

  /** The next row, or null at the end. */
  @Nullable Row next() {
    CsvRows.Raw raw = rows.next();
    if (raw == null) {
      return null;
    }
    count++;
    return new Row(header, raw);
  }

  /** The next row as it is kept apart from its file. */
  CsvRows.@Nullable Raw raw() {
    CsvRows.Raw raw = rows.next();
    count += raw == null ? 0 : 1;
    return raw;
  }

  /** Rows so far. */
  long count() {
    return count;
  }

  @Override
  public void close() {
    rows.close();
  }
}
