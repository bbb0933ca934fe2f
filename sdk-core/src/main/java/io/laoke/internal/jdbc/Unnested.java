package io.laoke.internal.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows as PostgreSQL makes them of parameters: an array for each column, or its value where many
 * rows have the same. Arrays are taken apart in a list of columns; in {@code FROM} the rows would
 * be stored once more before they are used, and each value costs.
 */
final class Unnested {
  private static final int MOST = 10_000;

  /** Of no more rows statements would differ more than they spare. */
  static final int MANY = 64;

  private final Rows rows;
  private final List<@Nullable Object[]> some;
  private final BitSet same;

  private Unnested(Rows rows, List<@Nullable Object[]> some) {
    this.rows = rows;
    this.some = some;
    this.same = some.size() > MANY ? same(some) : new BitSet();
  }

  /** As many rows at a time as arrays should have. */
  static List<Unnested> of(Rows rows) {
    List<Unnested> parts = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += MOST) {
      parts.add(all(rows, rows.rows().subList(from, Math.min(rows.size(), from + MOST))));
    }
    return parts;
  }

  /** These rows at once. */
  static Unnested all(Rows rows, List<@Nullable Object[]> some) {
    return new Unnested(rows, some);
  }

  /** The first column is always an array: there are as many rows as it has elements. */
  private static BitSet same(List<@Nullable Object[]> some) {
    @Nullable Object[] first = some.get(0);
    BitSet same = new BitSet();
    same.set(1, first.length);
    for (@Nullable Object[] row : some) {
      for (int i = same.nextSetBit(1); i >= 0; i = same.nextSetBit(i + 1)) {
        if (!Objects.equals(first[i], row[i])) {
          same.clear(i);
        }
      }
      if (same.isEmpty()) {
        break;
      }
    }
    return same;
  }

  /** The columns, with their names. */
  String columns() {
    return IntStream.range(0, rows.columns().size())
        .mapToObj(
            i ->
                (same.get(i)
                        ? "CAST(? AS " + rows.columns().get(i).type().postgresql + ")"
                        : "unnest(?)")
                    + " AS "
                    + rows.columns().get(i).name())
        .collect(Collectors.joining(", "));
  }

  /**
   * Sets the parameters of the columns.
   *
   * @return the place behind the last
   */
  int bind(PreparedStatement statement, int from) throws SQLException {
    Connection connection = statement.getConnection();
    int at = from;
    for (int i = 0; i < rows.columns().size(); i++) {
      Rows.Type type = rows.columns().get(i).type();
      if (same.get(i)) {
        type.set(statement, at++, some.get(0)[i]);
      } else {
        statement.setArray(
            at++, connection.createArrayOf(type.postgresql, type.array(column(some, i))));
      }
    }
    return at;
  }

  private static List<@Nullable Object> column(List<@Nullable Object[]> rows, int column) {
    List<@Nullable Object> values = new ArrayList<>(rows.size());
    rows.forEach(row -> values.add(row[column]));
    return values;
  }
}
