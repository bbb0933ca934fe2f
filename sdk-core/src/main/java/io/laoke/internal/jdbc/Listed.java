package io.laoke.internal.jdbc;

import java.util.Collection;
import java.util.List;

/**
 * Several values of one type, bound together.
 *
 * @param type of each
 * @param values which
 */
public record Listed(Rows.Type type, Collection<?> values) {
  /** Copies. */
  public Listed {
    values = List.copyOf(values);
  }
}
