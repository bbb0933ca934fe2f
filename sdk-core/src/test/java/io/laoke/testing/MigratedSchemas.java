package io.laoke.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Migrations;
import io.laoke.internal.jdbc.Names;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Schemas with Laoke's tables that tests of one process use one after the other. Before one is lent
 * again it is what it was when it was new, or it is thrown away: nobody else may be connected, its
 * structure and the book of migrations must be the first ones, and rows are deleted. Where a test
 * left many rows, the schema is thrown away too, with what the server has learned about them.
 */
final class MigratedSchemas {
  private static final int MANY = 1_000;

  private final TestServer server;
  private final Deque<Schema> free = new ArrayDeque<>();

  MigratedSchemas(TestServer server) {
    this.server = server;
  }

  /** A schema and the connection that keeps watch over it. */
  static final class Schema {
    private final String name;
    private final Connection keeper;
    private final List<String> tables;
    private final String structure;
    private final Map<String, Integer> rows;
    private final String book;
    private final PreparedStatement counting;

    private Schema(TestServer server, String name) throws SQLException {
      this.name = name;
      this.keeper = DriverManager.getConnection(server.url(name));
      this.tables = names(server);
      this.structure = structure(server);
      this.counting = keeper.prepareStatement(counts());
      this.rows = rows();
      this.book = book();
    }

    String name() {
      return name;
    }

    private List<String> names(TestServer server) throws SQLException {
      return query(
          "SELECT table_name FROM information_schema.tables WHERE table_schema = "
              + here(server)
              + " ORDER BY table_name");
    }

    private static String here(TestServer server) {
      return switch (server) {
        case H2, POSTGRESQL -> "current_schema";
        case MYSQL, MARIADB -> "database()";
      };
    }

    /** Everything that statements of definition make, as text. */
    private String structure(TestServer server) throws SQLException {
      return switch (server) {
        case H2 ->
            query("SCRIPT NODATA NOPASSWORDS").stream()
                .filter(line -> !line.startsWith("--"))
                // Numbers that the database gives go on, as on the other servers.
                .map(line -> line.replaceAll(" RESTART WITH \\d+", ""))
                .collect(Collectors.joining("\n"));
        case POSTGRESQL ->
            String.join(
                "\n",
                query(
                    """
                    SELECT concat_ws('|', relname, oid, relfilenode)
                    FROM pg_class WHERE relnamespace = current_schema::regnamespace
                    UNION ALL
                    SELECT concat_ws('|', a.attrelid, a.attnum, a.xmin)
                    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                    WHERE c.relnamespace = current_schema::regnamespace
                    UNION ALL
                    SELECT concat_ws('|', oid, xmin) FROM pg_constraint
                    WHERE connamespace = current_schema::regnamespace
                    UNION ALL
                    SELECT concat_ws('|', t.oid, t.xmin)
                    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                    WHERE c.relnamespace = current_schema::regnamespace
                    UNION ALL
                    SELECT concat_ws('|', oid, xmin) FROM pg_proc
                    WHERE pronamespace = current_schema::regnamespace
                    ORDER BY 1
                    """));
        case MYSQL, MARIADB ->
            String.join(
                "\n",
                query(
                    """
                    SELECT CONCAT_WS('|', table_name, column_name, ordinal_position, column_type,
                      is_nullable, collation_name, column_default, extra)
                    FROM information_schema.columns WHERE table_schema = database()
                    UNION ALL
                    SELECT CONCAT_WS('|', table_name, index_name, seq_in_index, column_name,
                      non_unique, sub_part)
                    FROM information_schema.statistics WHERE table_schema = database()
                    UNION ALL
                    SELECT trigger_name FROM information_schema.triggers
                    WHERE trigger_schema = database()
                    UNION ALL
                    SELECT routine_name FROM information_schema.routines
                    WHERE routine_schema = database()
                    ORDER BY 1
                    """));
      };
    }

    /** How many rows each table has, counted no further than {@link #MANY}. */
    private Map<String, Integer> rows() throws SQLException {
      Map<String, Integer> counted = new LinkedHashMap<>();
      try (ResultSet found = counting.executeQuery()) {
        while (found.next()) {
          counted.put(found.getString(1), found.getInt(2));
        }
      }
      return counted;
    }

    private String counts() throws SQLException {
      List<String> each = new ArrayList<>();
      for (String table : tables) {
        each.add(
            "SELECT '%s', COUNT(*) FROM (SELECT 1 FROM %s LIMIT %d) looked_at"
                .formatted(table, quoted(table), MANY));
      }
      return String.join(" UNION ALL ", each);
    }

    private String quoted(String table) throws SQLException {
      String quote = keeper.getMetaData().getIdentifierQuoteString();
      return quote + table + quote;
    }

    private String book() throws SQLException {
      return String.join(
          "\n",
          query(
              """
              SELECT CONCAT(version, '.', step, ' ', checksum, ' ', COALESCE(holder, '-'))
              FROM laoke_schema_version ORDER BY version, step
              """));
    }

    /** Makes it what it was when it was new, if that can be done. */
    private boolean renewed(TestServer server) throws SQLException {
      return names(server).equals(tables)
          && structure(server).equals(structure)
          && book().equals(book)
          && emptied();
    }

    /** Connections that were closed a moment ago may still be on the server's list. */
    private boolean alone(TestServer server) throws SQLException {
      String others =
          switch (server) {
            case H2 ->
                "SELECT COUNT(*) FROM information_schema.sessions WHERE session_id <> session_id()";
            case POSTGRESQL ->
                "SELECT COUNT(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                    + " AND application_name = '"
                    + name
                    + "'";
            case MYSQL, MARIADB ->
                "SELECT COUNT(*) FROM information_schema.processlist WHERE id <> connection_id()"
                    + " AND db = database()";
          };
      for (int look = 0; look < 100; look++) {
        if (query(others).get(0).equals("0")) {
          return true;
        }
        LockSupport.parkNanos(5_000_000);
      }
      return false;
    }

    private boolean emptied() throws SQLException {
      List<String> filled = new ArrayList<>();
      for (Map.Entry<String, Integer> table : rows().entrySet()) {
        int now = table.getValue();
        int first = rows.get(table.getKey());
        if (now >= MANY || (first > 0 && now != first)) {
          return false;
        }
        if (now > first) {
          filled.add(table.getKey());
        }
      }
      try (Statement statement = keeper.createStatement()) {
        for (String table : filled) {
          statement.executeUpdate("DELETE FROM " + quoted(table));
        }
      }
      return true;
    }

    private List<String> query(String sql) throws SQLException {
      List<String> found = new ArrayList<>();
      try (Statement statement = keeper.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
      return found;
    }
  }

  Schema take() {
    for (Schema next = next(); next != null; next = next()) {
      if (usable(next)) {
        return next;
      }
    }
    return made();
  }

  synchronized void giveBack(Schema schema) {
    free.addFirst(schema);
  }

  private synchronized Schema next() {
    return free.pollFirst();
  }

  private boolean usable(Schema schema) {
    try {
      boolean alone = schema.alone(server);
      if (alone && !Boolean.getBoolean("laoke.test.newSchemas") && schema.renewed(server)) {
        return true;
      }
      schema.keeper.close();
      if (alone) {
        server.drop(schema.name);
      }
    } catch (SQLException broken) {
      // Its name is never used again.
    }
    return false;
  }

  private Schema made() {
    String name = TestServer.newName();
    server.create(name);
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.url(name));
    config.setMaximumPoolSize(1);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      new Migrations(
              new Database(pool, HostTransaction.none(), new Names("laoke_", Optional.empty())))
          .apply();
      return new Schema(server, name);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
