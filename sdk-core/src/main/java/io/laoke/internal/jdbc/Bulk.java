package io.laoke.internal.jdbc;

import io.laoke.error.StoreException;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Writes many rows in the form that pays on each database: arrays on PostgreSQL, rows behind one
 * {@code VALUES} on MySQL and MariaDB, whose drivers send a batch row by row unless the host's URL
 * says otherwise, and a batch on H2.
 */
final class Bulk {
  private static final int ROWS_OF_ARRAYS = 10_000;
  private static final int VALUES_AT_ONCE = 6_000;
  private static final Set<String> EQUAL_KEY = Set.of("23505");

  private final Connection connection;
  private final Dialect dialect;
  private final Names names;

  Bulk(Connection connection, Dialect dialect, Names names) {
    this.connection = connection;
    this.dialect = dialect;
    this.names = names;
  }

  /** A failure of JDBC on its way to where those of Jdbi are told. */
  private static final class Failed extends JdbiException {
    private static final long serialVersionUID = 1L;

    Failed(SQLException cause) {
      super("bulk", cause);
    }
  }

  /**
   * Inserts.
   *
   * @param after what follows the values, such as {@code ON CONFLICT …}
   */
  void insert(Rows rows, String after) {
    if (rows.size() == 0) {
      return;
    }
    try {
      switch (dialect) {
        case POSTGRESQL -> arrays(rows, after);
        case MYSQL, MARIADB -> values(rows, after);
        case H2 -> batch(rows, after);
      }
    } catch (SQLException failed) {
      throw equalKey(failed) ? lost(rows) : new Failed(failed);
    }
  }

  private boolean equalKey(SQLException failed) {
    SQLException told =
        failed instanceof BatchUpdateException && failed.getNextException() != null
            ? failed.getNextException()
            : failed;
    return dialect.duplicate(told) || EQUAL_KEY.contains(String.valueOf(told.getSQLState()));
  }

  private static StoreException lost(Rows rows) {
    return new StoreException(
        "Could not put rows into %s: another transaction wrote one of them at the same time. Nothing of the call remains; repeat it."
            .formatted(rows.table()),
        new SQLException("row of another transaction is not visible", "40001"),
        true);
  }

  private static String head(Rows rows) {
    return "INSERT INTO {%s} (dealer_id, %s) "
        .formatted(
            rows.table(),
            rows.columns().stream().map(Rows.Column::name).collect(Collectors.joining(", ")));
  }

  private static String marks(Rows rows) {
    return "(" + String.join(", ", Collections.nCopies(rows.columns().size() + 1, "?")) + ")";
  }

  private void arrays(Rows rows, String after) throws SQLException {
    String sql =
        head(rows)
            + "SELECT ?, u.* FROM unnest("
            + String.join(", ", Collections.nCopies(rows.columns().size(), "?"))
            + ") AS u"
            + after;
    try (PreparedStatement statement = connection.prepareStatement(names.in(sql))) {
      for (int from = 0; from < rows.size(); from += ROWS_OF_ARRAYS) {
        List<@Nullable Object[]> some =
            rows.rows().subList(from, Math.min(rows.size(), from + ROWS_OF_ARRAYS));
        statement.setInt(1, rows.dealerId());
        for (int i = 0; i < rows.columns().size(); i++) {
          statement.setArray(
              i + 2,
              connection.createArrayOf(rows.columns().get(i).type().postgresql, column(some, i)));
        }
        statement.executeUpdate();
      }
    }
  }

  private static @Nullable Object[] column(List<@Nullable Object[]> rows, int column) {
    @Nullable Object[] values = new Object[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.get(i)[column];
    }
    return values;
  }

  private void values(Rows rows, String after) throws SQLException {
    int most = Math.max(1, VALUES_AT_ONCE / (rows.columns().size() + 1));
    for (int from = 0; from < rows.size(); from += most) {
      List<@Nullable Object[]> some = rows.rows().subList(from, Math.min(rows.size(), from + most));
      String sql =
          names.in(head(rows))
              + "VALUES "
              + String.join(", ", Collections.nCopies(some.size(), marks(rows)))
              + after;
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        int at = 1;
        for (@Nullable Object[] row : some) {
          at = bind(statement, at, rows, row);
        }
        statement.executeUpdate();
      }
    }
  }

  private void batch(Rows rows, String after) throws SQLException {
    String sql = head(rows) + "VALUES " + marks(rows) + after;
    try (PreparedStatement statement = connection.prepareStatement(names.in(sql))) {
      for (@Nullable Object[] row : rows.rows()) {
        bind(statement, 1, rows, row);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static int bind(PreparedStatement statement, int from, Rows rows, @Nullable Object[] row)
      throws SQLException {
    int at = from;
    statement.setInt(at++, rows.dealerId());
    for (int i = 0; i < row.length; i++) {
      Object value = row[i];
      if (value == null) {
        statement.setNull(at++, rows.columns().get(i).type().jdbc);
      } else {
        statement.setObject(at++, value);
      }
    }
    return at;
  }
}
