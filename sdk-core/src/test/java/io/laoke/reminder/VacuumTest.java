package io.laoke.reminder;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** PostgreSQL cleans up behind reminders before dead rows slow down who looks for what is due. */
class VacuumTest {
  private static final long ROWS = 10_000_000;

  /** From how many dead rows on a table of so many is cleaned up, as the server reckons. */
  private static final String BEGINS =
      """
      SELECT replace(c.relname, 'laoke_', '') AS name,
        COALESCE((SELECT option_value FROM pg_options_to_table(c.reloptions)
          WHERE option_name = 'autovacuum_vacuum_threshold'),
          current_setting('autovacuum_vacuum_threshold'))::numeric
        + COALESCE((SELECT option_value FROM pg_options_to_table(c.reloptions)
          WHERE option_name = 'autovacuum_vacuum_scale_factor'),
          current_setting('autovacuum_vacuum_scale_factor'))::numeric * %d AS dead
      FROM pg_class c WHERE c.relnamespace = current_schema::regnamespace
        AND c.relname IN ('laoke_reminder', 'laoke_reminder_task', 'laoke_reminder_item',
          'laoke_reminder_contact', 'laoke_reminder_todo')""";

  @Test
  void tablesOfTenMillionRowsAreCleanedUpInTime() throws SQLException {
    Map<String, Long> dead = new TreeMap<>();
    try (HikariDataSource pool = TestServer.POSTGRESQL.migrated();
        Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(BEGINS.formatted(ROWS))) {
      while (row.next()) {
        dead.put(row.getString("name"), row.getLong("dead"));
      }
    }
    assertThat(dead)
        .hasSize(5)
        .allSatisfy((table, rows) -> assertThat(rows).as(table).isLessThanOrEqualTo(210_000));
    assertThat(dead.get("reminder")).as("five days of 20,000").isLessThanOrEqualTo(101_000);
    assertThat(dead.get("reminder_todo")).as("a queue, whatever its size").isEqualTo(2_000);
  }

  /**
   * By itself a vacuum leaves the indexes alone where less than a fiftieth of a table has changed.
   */
  @Test
  void whatHasComeDueLeavesTheIndexesHoweverLittleItIs() throws SQLException {
    Set<String> cleaned = new TreeSet<>();
    try (HikariDataSource pool = TestServer.POSTGRESQL.migrated();
        Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT replace(c.relname, 'laoke_', '') AS name
                FROM pg_class c, pg_options_to_table(c.reloptions) o
                WHERE c.relnamespace = current_schema::regnamespace
                  AND o.option_name = 'vacuum_index_cleanup' AND o.option_value = 'on'""")) {
      while (row.next()) {
        cleaned.add(row.getString("name"));
      }
    }
    assertThat(cleaned)
        .containsExactly("reminder", "reminder_contact", "reminder_task", "reminder_todo");
  }
}
