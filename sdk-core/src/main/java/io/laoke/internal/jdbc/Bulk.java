package io.laoke.internal.jdbc;

import io.laoke.error.StoreException;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Writes many rows in the form that pays on each database: arrays on PostgreSQL, rows behind one
 * {@code VALUES} on MySQL and MariaDB, whose drivers send a batch row by row unless the host's URL
 * says otherwise, and a batch on H2.
 */
final class Bulk {
  private static final String NO_NESTING = "SELECT set_config('enable_nestloop', 'off', true)";

  /** Never counted: -1 since PostgreSQL 14, 0 before. */
  private static final String UNCOUNTED =
      """
      SELECT set_config('enable_nestloop', 'off', true) FROM pg_catalog.pg_class
      WHERE oid IN (%s) AND reltuples <= 0 AND pg_relation_size(oid) > 0 LIMIT 1
      """
          .formatted(
              Stream.of(
                      "member",
                      "identity",
                      "recipient",
                      "member_tag",
                      "member_attribute",
                      "member_category",
                      "customer_order",
                      "order_line",
                      "order_unit",
                      "unit_service",
                      "return_line",
                      "decision",
                      "outbox",
                      "event")
                  .map(table -> "CAST('{" + table + "}' AS regclass)")
                  .collect(Collectors.joining(", ")));

  private static final int FEWEST = 4;
  private static final int VALUES_AT_ONCE = 6_000;
  private static final Set<String> EQUAL_KEY = Set.of("23505");

  private final Connection connection;
  private final Dialect dialect;
  private final Names names;
  private final int seconds;

  /**
   * Writes by that connection.
   *
   * @param seconds how long a statement may take; 0 for any time
   */
  Bulk(Connection connection, Dialect dialect, Names names, int seconds) {
    this.connection = connection;
    this.dialect = dialect;
    this.names = names;
    this.seconds = seconds;
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(names.in(sql));
    if (seconds > 0) {
      statement.setQueryTimeout(seconds);
    }
    return statement;
  }

  /** A failure of JDBC on its way to where those of Jdbi are told. */
  static final class Failed extends JdbiException {
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
      throw dialect.duplicate(told(failed)) || equalKey(failed) ? lost(rows) : new Failed(failed);
    }
  }

  /** See {@link Tx#insertUnlessThere}. */
  Set<Long> insertUnlessThere(Rows rows) {
    Set<Long> inserted = new HashSet<>();
    if (rows.size() == 0) {
      return inserted;
    }
    try {
      for (Unnested some : Unnested.of(rows)) {
        String sql =
            inserting(rows, some) + dialect.insertIfAbsentSuffix() + " RETURNING " + key(rows, 0);
        try (PreparedStatement statement = prepared(sql)) {
          statement.setInt(1, rows.dealerId());
          some.bind(statement, 2);
          returned(statement, inserted);
        }
      }
      return inserted;
    } catch (SQLException failed) {
      throw new Failed(failed);
    }
  }

  /** See {@link Tx#insertLaterIfAbsent}; where nothing waits. */
  boolean insertIfAbsent(Rows row) {
    try (PreparedStatement statement =
        prepared(head(row) + "VALUES " + marks(row) + dialect.insertIfAbsentSuffix())) {
      bind(statement, 1, row, row.rows().get(0));
      return statement.executeUpdate() == 1;
    } catch (SQLException failed) {
      if (dialect.duplicate(failed)) {
        return false;
      }
      throw new Failed(failed);
    }
  }

  /**
   * An insert among other statements, on PostgreSQL: many rows as arrays, a single one as it is.
   */
  static Together.Step step(
      Rows rows,
      String after,
      Together.Outcome outcome,
      Function<SQLException, @Nullable RuntimeException> told) {
    if (rows.size() == 1) {
      return new Together.Step(
          head(rows) + "VALUES " + marks(rows) + after,
          (statement, first) -> bind(statement, first, rows, rows.rows().get(0)),
          outcome,
          told);
    }
    Unnested all = Unnested.all(rows, rows.rows());
    boolean few = rows.size() <= Unnested.MANY;
    return new Together.Step(
        (few ? head(rows) + elements(rows) : inserting(rows, all)) + after,
        (statement, first) -> {
          statement.setInt(first, rows.dealerId());
          int behind = all.bind(statement, first + 1);
          if (few) {
            statement.setInt(behind++, rows.size());
          }
          return behind;
        },
        outcome,
        told);
  }

  /**
   * The elements of arrays by numbers that stand there. A function that counts is taken for a
   * thousand rows until its argument is known, so that PostgreSQL would plan each call anew.
   */
  private static String elements(Rows rows) {
    int most = FEWEST;
    while (most < rows.size()) {
      most *= 2;
    }
    return "SELECT ?, "
        + rows.columns().stream()
            .map(column -> "(CAST(? AS " + column.type().postgresql + "[]))[i]")
            .collect(Collectors.joining(", "))
        + IntStream.rangeClosed(1, most)
            .mapToObj(number -> "(" + number + ")")
            .collect(Collectors.joining(", ", " FROM (VALUES ", ") AS v(i) WHERE i <= ?"));
  }

  private static String inserting(Rows rows, Unnested some) {
    return head(rows) + "SELECT ?, " + some.columns();
  }

  void plannedForMany(boolean anyway) {
    if (dialect != Dialect.POSTGRESQL) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(anyway ? NO_NESTING : names.in(UNCOUNTED));
    } catch (SQLException refused) {
      if (refused.getSQLState() != null) {
        throw new Failed(refused);
      }
    }
  }

  void byIndexes() {
    if (dialect != Dialect.POSTGRESQL) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL enable_seqscan = off");
      statement.execute("SET LOCAL plan_cache_mode = force_custom_plan");
    } catch (SQLException refused) {
      // Without a state it is the answer of a wall in front of the database: then it is only
      // slower.
      if (refused.getSQLState() != null) {
        throw new Failed(refused);
      }
    }
  }

  /**
   * Updates rows by their key, which is {@code dealer_id} and the first column. Counts prove
   * nothing.
   *
   * @param alike what is set in every row alike, or empty
   */
  void update(Rows rows, String alike) {
    if (rows.size() == 0) {
      return;
    }
    update(
        rows,
        dialect == Dialect.POSTGRESQL
            ? settings(rows, 1, alike, name -> name + " = n." + name)
            : settings(rows, 1, alike, name -> name + " = ?"),
        Set.of());
  }

  /** See {@link Tx#addAll}. */
  void add(Rows rows, List<String> sums, String least, String most) {
    if (rows.size() == 0) {
      return;
    }
    boolean arrays = dialect == Dialect.POSTGRESQL;
    String stored = arrays ? "o." : "";
    UnaryOperator<String> given = column -> arrays ? "n." + column : "?";
    Map<String, String> ends = Map.of(least, "LEAST", most, "GREATEST");
    update(
        rows,
        settings(
            rows,
            1,
            "",
            name ->
                name
                    + (sums.contains(name)
                        ? " = COALESCE(%s%s, 0) + %s".formatted(stored, name, given.apply(name))
                        : " = %1$s(COALESCE(%2$s%3$s, %4$s), %4$s)"
                            .formatted(ends.get(name), stored, name, given.apply(name)))),
        ends.keySet());
  }

  /** Where values stand as marks, those of some columns stand twice. */
  private void update(Rows rows, String settings, Set<String> twice) {
    try {
      if (dialect == Dialect.POSTGRESQL) {
        updateByArrays(rows, settings);
      } else {
        updateByBatch(rows, settings, twice);
      }
    } catch (SQLException failed) {
      throw new Failed(failed);
    }
  }

  /** See {@link Tx#updateWhere}. */
  Set<Long> updateWhere(Rows rows, String alike, String where) {
    Set<Long> updated = new HashSet<>();
    if (rows.size() == 0) {
      return updated;
    }
    String settings = settings(rows, 2, alike, name -> name + " = n." + name);
    try {
      for (Unnested some : Unnested.of(rows)) {
        String sql =
            updating(rows, some, 2, settings) + " AND " + where + " RETURNING o." + key(rows, 0);
        try (PreparedStatement statement = prepared(sql)) {
          statement.setInt(some.bind(statement, 1), rows.dealerId());
          returned(statement, updated);
        }
      }
      return updated;
    } catch (SQLException failed) {
      throw new Failed(failed);
    }
  }

  private static String key(Rows rows, int column) {
    return rows.columns().get(column).name();
  }

  private static String updating(Rows rows, Unnested some, int keys, String settings) {
    return "UPDATE {%s} AS o SET %s FROM (SELECT %s) AS n WHERE o.dealer_id = ? AND %s"
        .formatted(
            rows.table(),
            settings,
            some.columns(),
            rows.columns().stream()
                .limit(keys)
                .map(column -> "o.%1$s = n.%1$s".formatted(column.name()))
                .collect(Collectors.joining(" AND ")));
  }

  private void updateByArrays(Rows rows, String settings) throws SQLException {
    for (Unnested some : Unnested.of(rows)) {
      try (PreparedStatement statement = prepared(updating(rows, some, 1, settings))) {
        statement.setInt(some.bind(statement, 1), rows.dealerId());
        statement.executeUpdate();
      }
    }
  }

  private void updateByBatch(Rows rows, String settings, Set<String> twice) throws SQLException {
    String sql =
        "UPDATE {%s} SET %s WHERE dealer_id = ? AND %s = ?"
            .formatted(rows.table(), settings, key(rows, 0));
    try (PreparedStatement statement = prepared(sql)) {
      for (@Nullable Object[] row : rows.rows()) {
        int at = 1;
        for (int i = 1; i < row.length; i++) {
          set(statement, at++, rows, i, row[i]);
          if (twice.contains(key(rows, i))) {
            set(statement, at++, rows, i, row[i]);
          }
        }
        statement.setInt(at++, rows.dealerId());
        set(statement, at, rows, 0, row[0]);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static String settings(Rows rows, int keys, String alike, UnaryOperator<String> one) {
    return rows.columns().stream()
            .skip(keys)
            .map(column -> one.apply(column.name()))
            .collect(Collectors.joining(", "))
        + (alike.isEmpty() ? "" : ", " + alike);
  }

  static boolean equalKey(SQLException failed) {
    return EQUAL_KEY.contains(String.valueOf(told(failed).getSQLState()));
  }

  private static SQLException told(SQLException failed) {
    return failed instanceof BatchUpdateException && failed.getNextException() != null
        ? failed.getNextException()
        : failed;
  }

  static StoreException lost(Rows rows) {
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
    for (Unnested some : Unnested.of(rows)) {
      try (PreparedStatement statement = prepared(inserting(rows, some) + after)) {
        statement.setInt(1, rows.dealerId());
        some.bind(statement, 2);
        statement.executeUpdate();
      }
    }
  }

  private static void returned(PreparedStatement statement, Set<Long> keys) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        keys.add(row.getLong(1));
      }
    }
  }

  private void values(Rows rows, String after) throws SQLException {
    int most = Math.max(1, VALUES_AT_ONCE / (rows.columns().size() + 1));
    for (int from = 0; from < rows.size(); from += most) {
      List<@Nullable Object[]> some = rows.rows().subList(from, Math.min(rows.size(), from + most));
      String sql =
          head(rows)
              + "VALUES "
              + String.join(", ", Collections.nCopies(some.size(), marks(rows)))
              + after;
      try (PreparedStatement statement = prepared(sql)) {
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
    try (PreparedStatement statement = prepared(sql)) {
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
      set(statement, at++, rows, i, row[i]);
    }
    return at;
  }

  private static void set(
      PreparedStatement statement, int at, Rows rows, int column, @Nullable Object value)
      throws SQLException {
    rows.columns().get(column).type().set(statement, at, value);
  }
}
