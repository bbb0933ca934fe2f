package io.laoke.examples.shell;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which row of {@code orders.csv} has a number first. */
final class OrderIndex {
  /** The place of a number that no row has. */
  static final int NONE = KeyIndex.NONE;

  private static final int MOST = Integer.MAX_VALUE / 2;

  private final KeyIndex places = new KeyIndex();

  /** Reads the file once. */
  OrderIndex(@Nullable Source source, Progress progress, Interrupt interrupt) {
    if (source == null) {
      return;
    }
    try (Table table = new Table(source, OrderRows.KNOWN, Set.of("order_no"))) {
      int place = 0;
      for (Row row = table.next(); row != null; row = table.next()) {
        String orderNo = row.cell("order_no");
        if (!orderNo.isEmpty()) {
          places.putIfAbsent(orderNo, place * 2 + (row.has("customer_no") ? 0 : 1));
        }
        if (++place == MOST) {
          throw new CannotException(
              "%s has more than %,d rows. Divide it.".formatted(source.name(), MOST));
        }
        interrupt.check();
        progress.tell(() -> "reading " + source.name() + ": " + table.count() + " rows");
      }
    }
  }

  /** The place of the first row with this number, from 0; or {@link #NONE}. */
  int place(String orderNo) {
    int found = places.get(orderNo);
    return found == KeyIndex.NONE ? NONE : found / 2;
  }

  /** Whether the order is there and has a customer. */
  boolean ofCustomer(String orderNo) {
    int found = places.get(orderNo);
    return found != KeyIndex.NONE && found % 2 == 0;
  }
}
