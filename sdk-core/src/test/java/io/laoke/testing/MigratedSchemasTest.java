package io.laoke.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No test finds what another one left. */
class MigratedSchemasTest {
  private static final String DUE =
      "INSERT INTO laoke_work_due (dealer_id, id, due_ms) VALUES (1, %d, 0)";

  /** Its number is given by the database. */
  private static final String NUMBERED =
      "INSERT INTO laoke_inbox (dealer, kind, ref, fact) VALUES ('hengxin', 'ORDER', 'SO-1', '{}')";

  @ParameterizedTest
  @EnumSource
  void oneThatOnlyGotRowsIsLentAgainWithoutThem(TestServer server) throws SQLException {
    String first = used(server, DUE.formatted(1), NUMBERED);

    try (HikariDataSource again = server.migrated()) {
      assertThat(again.getJdbcUrl()).isEqualTo(first);
      assertThat(rows(again, "laoke_work_due")).isZero();
      assertThat(rows(again, "laoke_inbox")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneWithAnotherStructureIsThrownAway(TestServer server) throws SQLException {
    List<String> changes =
        List.of(
            "CREATE TABLE more (id INT PRIMARY KEY)",
            "CREATE INDEX more ON laoke_work_due (due_ms)",
            "ALTER TABLE laoke_work_due ADD more INT",
            "UPDATE laoke_schema_version SET checksum = 'edited' WHERE version = 1 AND step = 1");
    // MySQL and MariaDB are looked at by the same statement: half of them for each.
    for (String change :
        switch (server) {
          case H2, POSTGRESQL -> changes;
          case MYSQL -> changes.subList(0, 2);
          case MARIADB -> changes.subList(2, 4);
        }) {
      String first = used(server, change);

      try (HikariDataSource next = server.migrated()) {
        assertThat(next.getJdbcUrl()).as(change).isNotEqualTo(first);
        assertThat(rows(next)).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneThatSomebodyIsStillConnectedToIsThrownAway(TestServer server) throws SQLException {
    HikariConfig config = new HikariConfig();
    HikariDataSource pool = server.migrated(config);
    String first = pool.getJdbcUrl();
    try (Connection forgotten = DriverManager.getConnection(first);
        Statement statement = forgotten.createStatement()) {
      forgotten.setAutoCommit(false);
      statement.execute(DUE.formatted(1));
      pool.close();

      try (HikariDataSource next = server.migrated()) {
        assertThat(next.getJdbcUrl()).isNotEqualTo(first);
        forgotten.commit();
        assertThat(rows(next)).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoAtOnceAreTwo(TestServer server) throws SQLException {
    try (HikariDataSource one = server.migrated();
        HikariDataSource other = server.migrated()) {
      execute(one, DUE.formatted(1));

      assertThat(rows(other)).isZero();
    }
  }

  private static String used(TestServer server, String... sql) throws SQLException {
    try (HikariDataSource pool = server.migrated()) {
      for (String one : sql) {
        execute(pool, one);
      }
      return pool.getJdbcUrl();
    }
  }

  private static void execute(HikariDataSource pool, String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int rows(HikariDataSource pool) throws SQLException {
    return rows(pool, "laoke_work_due");
  }

  private static int rows(HikariDataSource pool, String table) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      row.next();
      return row.getInt(1);
    }
  }
}
