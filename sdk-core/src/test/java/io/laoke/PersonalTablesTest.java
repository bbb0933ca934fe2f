package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

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
}
