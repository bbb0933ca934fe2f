package io.laoke.testing;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.internal.jdbc.Tx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What servers tell of how they answer. */
public final class Plans {
  private Plans() {}

  /** How many rows the session has read so far; of MySQL and MariaDB. */
  public static long handled(Tx tx) {
    return tx
        .query("SHOW SESSION STATUS LIKE 'Handler_read%'")
        .map((row, context) -> row.getLong("Value"))
        .list()
        .stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  /**
   * The plan of a statement.
   *
   * @param first what PostgreSQL is told before, in the same session
   */
  public static String explain(HikariDataSource pool, String first, String sql)
      throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (Connection connection = TestServer.straight(pool).getConnection();
        Statement statement = connection.createStatement()) {
      boolean postgresql = pool.getJdbcUrl().startsWith("jdbc:postgresql");
      if (postgresql) {
        statement.execute(first);
      }
      try (ResultSet rows =
          statement.executeQuery((postgresql ? "EXPLAIN (COSTS OFF) " : "EXPLAIN ") + sql)) {
        while (rows.next()) {
          for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            plan.append(rows.getString(i)).append(' ');
          }
          plan.append('\n');
        }
      }
    }
    return plan.toString();
  }
}
