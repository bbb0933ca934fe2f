package io.laoke.examples.shell;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows that belong to orders, in the sequence of the orders' rows. A file that has this sequence
 * already is read as it is; any other is brought into it on the disk, so that memory is bounded
 * whatever stands where.
 */
final class Children implements AutoCloseable {
  /** The place of a row that belongs to no order of the folder, or is no row. */
  static final long NONE = OrderIndex.NONE;

  /**
   * A row.
   *
   * @param place of its order's row, or {@link #NONE}
   */
  record Child(long place, Row row) {}

  private interface Feed extends AutoCloseable {
    @Nullable Child next();

    @Override
    void close();
  }

  private final Feed feed;
  private @Nullable Child ahead;
  private long count;

  private Children(Feed feed) {
    this.feed = feed;
    this.ahead = feed.next();
  }

  /** The next row, which stays the next. */
  @Nullable Child peek() {
    return ahead;
  }

  /** Goes on behind the next row. */
  void pass() {
    count += ahead == null ? 0 : 1;
    ahead = feed.next();
  }

  /** Rows so far. */
  long count() {
    return count;
  }

  @Override
  public void close() {
    feed.close();
  }

  /** The rows of a file; none if there is no file. */
  static Children of(
      @Nullable Source source,
      Set<String> known,
      Set<String> required,
      OrderIndex orders,
      Progress progress,
      Interrupt interrupt) {
    if (source == null) {
      return new Children(new Nothing());
    }
    boolean inStep;
    try (Table table = new Table(source, known, required)) {
      inStep = inStep(table, orders, progress, interrupt);
    }
    Table table = new Table(source, known, required);
    try {
      return new Children(
          inStep
              ? new InStep(table, orders)
              : new Sorted(source, table, orders, progress, interrupt));
    } catch (RuntimeException failed) {
      table.close();
      throw failed;
    }
  }

  private static boolean inStep(
      Table table, OrderIndex orders, Progress progress, Interrupt interrupt) {
    Places places = new Places(orders);
    long last = NONE;
    for (Row row = table.next(); row != null; row = table.next()) {
      long place = places.of(row);
      if (place != NONE && place < last) {
        return false;
      }
      last = Math.max(last, place);
      interrupt.check();
      progress.tell(() -> "reading " + table.header().file() + ": " + table.count() + " rows");
    }
    return true;
  }

  /** Looks places up; most rows have the order of the row before. */
  private static final class Places {
    private final OrderIndex orders;
    private String orderNo = "";
    private long place = NONE;

    Places(OrderIndex orders) {
      this.orders = orders;
    }

    long of(Row row) {
      String next = row.cell("order_no");
      if (!next.equals(orderNo)) {
        orderNo = next;
        place = orders.place(next);
      }
      return place;
    }
  }

  private static final class Nothing implements Feed {
    @Override
    public @Nullable Child next() {
      return null;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  private static final class InStep implements Feed {
    private final Table table;
    private final Places places;

    InStep(Table table, OrderIndex orders) {
      this.table = table;
      this.places = new Places(orders);
    }

    @Override
    public @Nullable Child next() {
      Row row = table.next();
      return row == null ? null : new Child(places.of(row), row);
    }

    @Override
    public void close() {
      table.close();
    }
  }

  private static final class Sorted implements Feed {
    private final Header header;
    private final RowSorter rows = new RowSorter();
    private final Source source;
    private final long all;
    private long given;

    Sorted(Source source, Table table, OrderIndex orders, Progress progress, Interrupt interrupt) {
      this.source = source;
      header = table.header();
      try {
        Places places = new Places(orders);
        for (CsvRows.Raw raw = table.raw(); raw != null; raw = table.raw()) {
          long place = places.of(new Row(header, raw));
          rows.add(place == NONE ? Long.MAX_VALUE : place, raw);
          interrupt.check();
          progress.tell(() -> "sorting %s: %,d rows".formatted(header.file(), table.count()));
        }
        table.close();
        rows.sorted();
        all = table.count();
      } catch (RuntimeException failed) {
        rows.close();
        throw failed;
      }
    }

    @Override
    public @Nullable Child next() {
      RowFile.Keyed keyed = rows.next();
      // The file is not read again, and its rows stand for it.
      if (keyed != null) {
        source.passed(given, ++given, all);
      }
      return keyed == null
          ? null
          : new Child(
              keyed.key() == Long.MAX_VALUE ? NONE : keyed.key(), new Row(header, keyed.row()));
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
