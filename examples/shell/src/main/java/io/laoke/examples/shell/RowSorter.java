package io.laoke.examples.shell;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sorts any number of rows by key and line in bounded memory: parts are sorted in memory, written
 * to files, and the files merged.
 */
final class RowSorter implements AutoCloseable {
  private static final Comparator<RowFile.Keyed> ORDER =
      Comparator.comparingLong(RowFile.Keyed::key).thenComparingLong(keyed -> keyed.row().line());

  /** Characters, roughly, that are sorted at once. */
  private static final long AT_ONCE = 4_000_000;

  private static final int ROW = 100;
  private static final int MOST_FILES = 100;

  private final List<RowFile.Keyed> part = new ArrayList<>();
  private final List<RowFile> files = new ArrayList<>();
  private final PriorityQueue<Head> heads =
      new PriorityQueue<>(Comparator.comparing(Head::keyed, ORDER));
  private long weight;

  /** The first row of a file that is left. */
  private record Head(RowFile.Keyed keyed, RowFile file) {}

  void add(long key, CsvRows.Raw row) {
    part.add(new RowFile.Keyed(key, row));
    weight += ROW + row.broken().length();
    for (String cell : row.cells()) {
      weight += ROW / 2 + cell.length();
    }
    if (weight > AT_ONCE) {
      write();
    }
  }

  private void write() {
    if (files.size() == MOST_FILES) {
      mergeAll();
    }
    part.sort(ORDER);
    RowFile file = new RowFile();
    files.add(file);
    part.forEach(file::add);
    part.clear();
    weight = 0;
  }

  private void mergeAll() {
    open();
    RowFile merged = new RowFile();
    List<RowFile> before = List.copyOf(files);
    files.add(merged);
    for (RowFile.Keyed keyed = next(); keyed != null; keyed = next()) {
      merged.add(keyed);
    }
    before.forEach(RowFile::close);
    files.removeAll(before);
  }

  private void open() {
    for (RowFile file : files) {
      advance(file.rewound());
    }
  }

  private void advance(RowFile file) {
    RowFile.Keyed keyed = file.next();
    if (keyed != null) {
      heads.add(new Head(keyed, file));
    }
  }

  /** All are added: begins to give them. */
  RowSorter sorted() {
    write();
    open();
    return this;
  }

  /** The next row, or null at the end. */
  RowFile.@Nullable Keyed next() {
    Head head = heads.poll();
    if (head == null) {
      return null;
    }
    advance(head.file());
    return head.keyed();
  }

  @Override
  public void close() {
    files.forEach(RowFile::close);
  }
}
