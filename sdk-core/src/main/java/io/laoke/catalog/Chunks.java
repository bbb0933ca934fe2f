package io.laoke.catalog;

import io.laoke.base.Internal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Lists short enough for an {@code IN (…)} of any database. */
@Internal
public final class Chunks {
  private static final int SIZE = 500;

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
}
