package io.laoke.catalog;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Lists short enough for an {@code IN (…)} of any database. */
@Internal
public final class Chunks {
  static final int SIZE = 500;

  private Chunks() {}

  /** The same elements in the same order, 500 at a time; none for an empty collection. */
  public static <T> List<List<T>> of(Collection<T> all) {
    List<T> list = List.copyOf(all);
    List<List<T>> chunks = new ArrayList<>();
    for (int from = 0; from < list.size(); from += SIZE) {
      chunks.add(list.subList(from, Math.min(list.size(), from + SIZE)));
    }
    return chunks;
  }

  /**
   * The same for keys of rows that are locked or changed by the list: one at a time where a list
   * would make the database lock others, too.
   */
  public static <T> List<List<T>> keys(Tx tx, Collection<T> all) {
    return tx.dialect().listsAreKeys() ? of(all) : all.stream().map(List::of).toList();
  }
}
