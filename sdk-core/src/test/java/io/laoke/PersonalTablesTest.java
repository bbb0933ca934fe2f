package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.internal.tenant.PersonalTable.Finder;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every column of text says what it holds of people. Whoever adds a table or a column of text adds
 * it to the {@code PersonalData} of its feature: how a person's rows are found, which columns are
 * sealed, open or codes, and what erasure leaves.
 */
class PersonalTablesTest {
  private static final Set<Integer> TEXT =
      Set.of(
          Types.CHAR,
          Types.VARCHAR,
          Types.LONGVARCHAR,
          Types.NVARCHAR,
          Types.LONGNVARCHAR,
          Types.CLOB,
          Types.NCLOB);

  @Test
  void everyColumnOfTextOfEveryTableIsDeclared() throws SQLException {
    try (HikariDataSource pool = TestServer.H2.fresh();
        Laoke laoke = Laoke.builder().dataSource(pool).dealer("hengxin").build()) {
      laoke.migrations().apply();
      Map<String, Set<String>> there = new TreeMap<>();
      try (Connection connection = pool.getConnection();
          ResultSet columns =
              connection.getMetaData().getColumns(null, connection.getSchema(), null, null)) {
        while (columns.next()) {
          String table = columns.getString("TABLE_NAME").toLowerCase(Locale.ROOT);
          if (table.startsWith("laoke_") && TEXT.contains(columns.getInt("DATA_TYPE"))) {
            there
                .computeIfAbsent(table.substring("laoke_".length()), name -> new TreeSet<>())
                .add(columns.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
          }
        }
      }
      Map<String, Set<String>> declared =
          laoke.personalTables().stream()
              .collect(
                  Collectors.toMap(
                      PersonalTable::name,
                      table -> new TreeSet<>(table.columns().keySet()),
                      (one, other) -> one,
                      TreeMap::new));
      declared.values().removeIf(Set::isEmpty);

      assertThat(declared).as("declared in the PersonalData of the features").isEqualTo(there);
    }
  }

  /** Erasure and export ask by the dealer and that column, in tables of any size. */
  @ParameterizedTest
  @EnumSource
  void anIndexLeadsToWhatAPersonsRowsAreFoundBy(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = Laoke.builder().dataSource(pool).dealer("hengxin").build();
        Connection connection = pool.getConnection()) {
      Set<String> missing = new TreeSet<>();
      for (PersonalTable table : laoke.personalTables()) {
        for (Finder finder : table.finders()) {
          String leading = indexed(pool, table, finder);
          if (!leads(connection, "laoke_" + leading, finder.column())) {
            missing.add(table.name() + "." + finder.column());
          }
        }
      }
      assertThat(missing).isEmpty();
    }
  }

  /** The table whose index the condition goes by. */
  private static String indexed(HikariDataSource pool, PersonalTable table, Finder finder) {
    String where = table.where(finder, TestServer.database(pool).dialect(), "");
    Matcher other = Pattern.compile("FROM \\{(\\w+)}").matcher(where);
    return other.find() ? other.group(1) : table.name();
  }

  private static boolean leads(Connection connection, String table, String column)
      throws SQLException {
    Map<String, Map<Integer, String>> indexes = new TreeMap<>();
    String name =
        connection.getMetaData().storesUpperCaseIdentifiers()
            ? table.toUpperCase(Locale.ROOT)
            : table;
    try (ResultSet rows =
        connection
            .getMetaData()
            .getIndexInfo(connection.getCatalog(), connection.getSchema(), name, false, true)) {
      while (rows.next()) {
        boolean ofAllRows = rows.getString("FILTER_CONDITION") == null;
        if (ofAllRows && rows.getString("COLUMN_NAME") != null) {
          indexes
              .computeIfAbsent(rows.getString("INDEX_NAME"), any -> new TreeMap<>())
              .put(
                  rows.getInt("ORDINAL_POSITION"),
                  rows.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
        }
      }
    }
    return indexes.values().stream()
        .anyMatch(index -> "dealer_id".equals(index.get(1)) && column.equals(index.get(2)));
  }

  @Test
  void openidsAreFoundByTheirHashesInLargeTables() throws SQLException {
    try (HikariDataSource pool = TestServer.POSTGRESQL.migrated();
        Connection connection = TestServer.straight(pool).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO laoke_recipient (dealer_id, order_id, account, openid_hash, id, state, source,
            joined_ms, changed_ms, introduced)
          SELECT 1 + n % 2, n, 'wx1', 'h' || n, n, 'ACTIVE', 'SCAN', 0, 0, 0
          FROM generate_series(1, 20000) n\
          """);
      statement.execute(
          """
          INSERT INTO laoke_store_follower (dealer_id, account, openid_hash, store_code, at_ms)
          SELECT 1 + n % 2, 'wx1', 'h' || n, 'S1', 0 FROM generate_series(1, 20000) n\
          """);
      statement.execute(
          """
          INSERT INTO laoke_claim_try (dealer_id, kind, key_hash, tries, since_ms)
          SELECT 1 + n % 2, 'OPENID', 'h' || n, 1, 0 FROM generate_series(1, 20000) n\
          """);
      Map<String, String> columns =
          Map.of(
              "laoke_recipient", "openid_hash",
              "laoke_store_follower", "openid_hash",
              "laoke_claim_try", "key_hash");
      for (Map.Entry<String, String> table : columns.entrySet()) {
        statement.execute("ANALYZE " + table.getKey());
        StringBuilder plan = new StringBuilder();
        try (ResultSet rows =
            statement.executeQuery(
                "EXPLAIN (COSTS OFF) DELETE FROM %s WHERE dealer_id = 1 AND %s IN ('h2', 'h77')"
                    .formatted(table.getKey(), table.getValue()))) {
          while (rows.next()) {
            plan.append(rows.getString(1)).append('\n');
          }
        }
        assertThat(plan.toString())
            .containsPattern("Index Cond: .*dealer_id = 1.* AND .*" + table.getValue());
      }
    }
  }
}
