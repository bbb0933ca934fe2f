package io.laoke.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alibaba.druid.pool.DruidDataSource;
import com.alibaba.druid.wall.WallFilter;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.StoreException;
import io.laoke.testing.DownDataSource;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import io.laoke.testing.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationsTest {
  @ParameterizedTest
  @EnumSource
  void bringsTheTablesOnceAndThenChangesNothing(TestServer server) {
    for (boolean autoCommit : new boolean[] {true, false}) {
      HikariConfig config = new HikariConfig();
      config.setAutoCommit(autoCommit);
      try (HikariDataSource pool = server.fresh(config)) {
        Migrations migrations = new Migrations(database(pool, "laoke_"));
        assertThat(migrations.missing()).isNotEmpty();

        int applied = migrations.apply();

        assertThat(applied).isPositive();
        assertThat(migrations.missing()).isEmpty();
        assertThat(migrations.apply()).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MYSQL", "MARIADB"})
  void aWallThatCannotReadOurStatementsDoesNotStopThemButOneThatForbidsDoes(TestServer server)
      throws Exception {
    Way.plain()
        .behindDruid()
        .during(
            () -> {
              try (HikariDataSource pool = server.fresh();
                  HikariDataSource strict = server.fresh()) {
                Migrations migrations = new Migrations(database(pool, "laoke_"));
                assertThat(migrations.apply()).isPositive();
                assertThat(migrations.missing()).isEmpty();

                wall(strict).getConfig().setCreateTableAllow(false);
                assertThatThrownBy(() -> new Migrations(database(strict, "laoke_")).apply())
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("sql injection violation");
              }
            });
  }

  private static WallFilter wall(HikariDataSource pool) throws SQLException {
    pool.getConnection().close();
    return ((DruidDataSource) pool.getDataSource())
        .getProxyFilters().stream()
            .filter(WallFilter.class::isInstance)
            .map(WallFilter.class::cast)
            .findFirst()
            .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void manyNodesAtOnceApplyEachStepOnce(TestServer server) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(8);
    try (HikariDataSource pool = server.fresh(config)) {
      ExecutorService nodes = Executors.newFixedThreadPool(8);
      try {
        CyclicBarrier together = new CyclicBarrier(8);
        List<Callable<Integer>> calls =
            Collections.nCopies(
                8,
                () -> {
                  together.await(30, TimeUnit.SECONDS);
                  return new Migrations(database(pool, "laoke_")).apply();
                });
        int applied = 0;
        for (Future<Integer> node : nodes.invokeAll(calls)) {
          applied += node.get();
        }
        assertThat(applied).isEqualTo(recorded(pool)).isPositive();
        assertThat(new Migrations(database(pool, "laoke_")).missing()).isEmpty();
      } finally {
        nodes.shutdownNow();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void goesOnWhenItsLeaseRanOutAndAnotherNodeDidAStep(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.fresh();
        HikariDataSource whole = server.migrated()) {
      int steps = recorded(whole);
      String checksum = checksumOf(whole, "1", "2");
      AtomicInteger statements = new AtomicInteger();
      DataSource slow =
          new TamperedDataSource(
              pool,
              (connection, method, arguments) -> {
                if (method.equals("createStatement") && statements.incrementAndGet() > 1) {
                  try (Connection other = pool.getConnection();
                      Statement statement = other.createStatement()) {
                    if (recorded(other) == 1 && !statement.isClosed()) {
                      statement.execute(
                          "UPDATE laoke_schema_version SET holder = 'other', lease_until_ms = 1"
                              + " WHERE version = 0");
                      statement.execute(
                          "INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)"
                              + " VALUES (1, 2, '"
                              + checksum
                              + "', 0)");
                    }
                  }
                }
              });

      int applied =
          new Migrations(
                  new Database(slow, HostTransaction.none(), new Names("laoke_", Optional.empty())))
              .apply();

      assertThat(applied).isEqualTo(steps - 1);
      assertThat(new Migrations(database(pool, "laoke_")).missing()).isEmpty();
    }
  }

  private static String checksumOf(HikariDataSource pool, String version, String step)
      throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT checksum FROM laoke_schema_version WHERE version = %s AND step = %s"
                    .formatted(version, step))) {
      row.next();
      return row.getString(1);
    }
  }

  private static int recorded(HikariDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return recorded(connection);
    }
  }

  /** How many steps are recorded; none while there is no table. */
  private static int recorded(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT COUNT(*) FROM laoke_schema_version WHERE version > 0")) {
      row.next();
      return row.getInt(1);
    } catch (SQLException absent) {
      return 0;
    }
  }

  @ParameterizedTest
  @EnumSource
  void goesOnWhereAKilledNodeStopped(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.migrated()) {
      Migrations migrations = new Migrations(database(pool, "laoke_"));
      int all = recorded(pool);
      // As a kill leaves it between a statement and its record: the table is there, unrecorded,
      // and the dead node's lease has run out.
      execute(pool, "DELETE FROM laoke_schema_version WHERE version = 1 AND step >= 2");
      execute(
          pool,
          "UPDATE laoke_schema_version SET holder = 'dead', lease_until_ms = 1 WHERE version = 0");

      int applied = migrations.apply();

      assertThat(applied).isPositive().isLessThan(all);
      assertThat(migrations.missing()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesTablesThatAnotherBuildMade(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.migrated()) {
      Migrations migrations = new Migrations(database(pool, "laoke_"));
      String checksum = checksumOf(pool, "1", "1");
      execute(
          pool,
          "UPDATE laoke_schema_version SET checksum = 'edited' WHERE version = 1 AND step = 1");

      assertThatThrownBy(migrations::apply)
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("Step 1.1");
      assertThatThrownBy(migrations::missing).isInstanceOf(ConflictException.class);
      execute(
          pool,
          "UPDATE laoke_schema_version SET checksum = '%s' WHERE version = 1 AND step = 1"
              .formatted(checksum));
      assertThat(migrations.missing()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesAStepThatItDoesNotHave(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.migrated()) {
      Migrations migrations = new Migrations(database(pool, "laoke_"));
      execute(
          pool,
          "INSERT INTO laoke_schema_version (version, step, checksum, applied_ms) VALUES (1, 99,"
              + " 'x', 0)");

      assertThatThrownBy(migrations::missing)
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("Step 1.99");
      execute(pool, "DELETE FROM laoke_schema_version WHERE version = 1 AND step = 99");
      // Written by a newer version, which this one may serve beside.
      execute(
          pool,
          "INSERT INTO laoke_schema_version (version, step, checksum, applied_ms) VALUES (%d, 1, 'x', 0)"
              .formatted(Migrations.VERSION + 1));
      assertThat(migrations.missing()).isEmpty();
      execute(
          pool,
          "DELETE FROM laoke_schema_version WHERE version = %d".formatted(Migrations.VERSION + 1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatItRendersForAnotherToolIsWhatItWouldApplyHoweverOftenItIsRun(TestServer server)
      throws SQLException {
    try (HikariDataSource applied = server.migrated();
        HikariDataSource rendered = server.fresh()) {
      Database database = database(rendered, "laoke_");
      List<String> statements = rendered(database);

      for (int run = 0; run < 2; run++) {
        for (String statement : statements) {
          boolean again = run > 0;
          try {
            execute(rendered, statement);
          } catch (SQLException refused) {
            // MySQL has no way to say: a column, or an index, unless it is there.
            String repeated = statement.strip();
            assertThat(again).as(repeated).isTrue();
            assertThat(refused.getErrorCode())
                .as(repeated)
                .isEqualTo(
                    repeated.startsWith("ALTER TABLE")
                        ? 1060
                        : repeated.startsWith("DROP INDEX") ? 1091 : 1061);
          }
        }
        assertThat(new Migrations(database).missing()).isEmpty();
        assertThat(tables(rendered)).isEqualTo(tables(applied)).isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void upgradesFromEveryStepBefore(TestServer server) throws SQLException {
    try (HikariDataSource fresh = server.migrated()) {
      int all = recorded(fresh);
      // H2 is quick; the others begin at steps of their own, which no other of them begins at.
      boolean quick = server == TestServer.H2;
      for (int there = quick ? 1 : 13 * server.ordinal(); there < all; there += quick ? 5 : 47) {
        try (HikariDataSource old = server.fresh()) {
          Database database = database(old, "laoke_");
          // The book, then each step and its record.
          for (String statement : rendered(database).subList(0, 1 + 2 * there)) {
            execute(old, statement);
          }

          assertThat(new Migrations(database).missing()).hasSize(all - there);
          assertThat(new Migrations(database).apply()).isEqualTo(all - there);
          assertThat(tables(old)).isEqualTo(tables(fresh));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL", "MYSQL"})
  void everyFileOfTheJarIsApplied(TestServer server) throws Exception {
    try (HikariDataSource pool = server.fresh()) {
      String folder = "/io/laoke/schema/" + database(pool, "").dialect().folder() + "/";
      Path first = Path.of(Migrations.class.getResource(folder + "001.sql").toURI());
      try (Stream<Path> files = Files.list(first.getParent())) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrderElementsOf(
                IntStream.rangeClosed(1, Migrations.VERSION)
                    .mapToObj("%03d.sql"::formatted)
                    .toList());
      }
    }
  }

  @Test
  void consumptionFilesAreSplitWithTheirRowsAndGrants() throws SQLException {
    try (HikariDataSource pool = TestServer.POSTGRESQL.fresh()) {
      Database database = database(pool, "erp_");
      List<String> statements = rendered(database);
      int split =
          IntStream.range(0, statements.size())
              .filter(number -> statements.get(number).contains("PARTITION BY LIST"))
              .findFirst()
              .orElseThrow();
      for (String statement : statements.subList(0, split)) {
        execute(pool, statement);
      }
      execute(
          pool,
          """
          INSERT INTO erp_member_category (dealer_id, member_id, path, month_no, orders, quantity,
            net_fen, first_ms, last_ms, line_count)
          SELECT 1 + n % 2, n, 'kitchen', CASE WHEN n % 3 = 0 THEN 0 ELSE 202600 + n % 12 END, n, n,
            n * 100, n, n, 1
          FROM generate_series(1, 3000) n""");
      String reader = "file_reader" + System.identityHashCode(pool);
      execute(pool, "CREATE ROLE " + reader);
      execute(pool, "GRANT SELECT ON erp_member_category TO " + reader + " WITH GRANT OPTION");
      execute(pool, "GRANT INSERT ON erp_member_category TO PUBLIC");
      String rows =
          "SELECT string_agg(r::text, ',' ORDER BY dealer_id, member_id) FROM (SELECT dealer_id,"
              + " member_id, path, month_no, orders, quantity, net_fen, first_ms, last_ms,"
              + " line_count FROM erp_member_category) r";
      String before = answer(pool, rows);

      assertThat(new Migrations(database).apply()).isPositive();
      // As after a kill between the statement and its record.
      execute(pool, statements.get(split));

      assertThat(answer(pool, rows)).isEqualTo(before).contains("(1,");
      assertThat(
              answer(
                  pool,
                  """
                  SELECT concat_ws(' ', COUNT(*), COUNT(*) FILTER (WHERE month_no = 0))
                  FROM erp_member_category_life"""))
          .isEqualTo("1000 1000");
      assertThat(
              answer(
                  pool,
                  """
                  SELECT concat_ws(' ', COUNT(*), COUNT(*) FILTER (WHERE month_no = 0))
                  FROM erp_member_category_month"""))
          .isEqualTo("2000 0");
      for (String table : List.of("", "_life", "_month")) {
        assertThat(
                answer(
                    pool,
                    """
                    SELECT concat_ws(' ', has_table_privilege('%1$s', c.oid, 'SELECT WITH GRANT OPTION'),
                      has_table_privilege('%1$s', c.oid, 'INSERT'),
                      has_table_privilege('%1$s', c.oid, 'UPDATE'), c.reltuples > 0)
                    FROM pg_class c WHERE c.oid = 'erp_member_category%2$s'::regclass"""
                        .formatted(reader, table)))
            .as(table)
            .isEqualTo("t t f t");
      }
    }
  }

  private static String answer(HikariDataSource pool, String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static List<String> rendered(Database database) {
    return Arrays.stream(Migrations.render(database.dialect(), database.names()).split(";\n", -1))
        .filter(statement -> !statement.isBlank())
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void saysThatTheSchemaIsMissing(TestServer server) {
    try (HikariDataSource pool = server.fresh()) {
      Database database =
          new Database(pool, HostTransaction.none(), new Names("laoke_", Optional.of("nowhere")));

      assertThatThrownBy(() -> new Migrations(database).apply())
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("Create the schema");
    }
  }

  @Test
  void tablesThatMayNotBeReadAreNotTakenForMissing() throws SQLException {
    try (HikariDataSource pool = TestServer.POSTGRESQL.fresh()) {
      new Migrations(database(pool, "laoke_")).apply();
      String role = "reader" + System.identityHashCode(pool);
      execute(pool, "CREATE ROLE " + role);
      execute(pool, "GRANT USAGE ON SCHEMA " + schemaOf(pool) + " TO " + role);
      HikariConfig config = new HikariConfig();
      pool.copyStateTo(config);
      config.setMaximumPoolSize(1);
      config.setConnectionInitSql("SET ROLE " + role);
      try (HikariDataSource stranger = new HikariDataSource(config)) {
        assertThatThrownBy(() -> new Migrations(database(stranger, "laoke_")).missing())
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("42501");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsToAnotherSchemaWhenToldSo(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.fresh()) {
      String schema = server == TestServer.H2 ? "MARKETING" : "m" + System.identityHashCode(pool);
      execute(pool, "CREATE SCHEMA " + schema);
      Database database =
          new Database(pool, HostTransaction.none(), new Names("", Optional.of(schema)));

      assertThat(new Migrations(database).apply()).isPositive();
      assertThat(new Migrations(database).missing()).isEmpty();

      boolean mysql = server == TestServer.MYSQL || server == TestServer.MARIADB;
      execute(pool, "DROP SCHEMA " + schema + (mysql ? "" : " CASCADE"));
    }
  }

  @Test
  void refusesNamesThatAreNoNames() {
    assertThatThrownBy(() -> new Names("x; DROP TABLE y", Optional.empty()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("tablePrefix");
    assertThatThrownBy(() -> new Names("laoke_", Optional.of("a.b")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("schema");
  }

  @Test
  void saysThatTheDatabaseIsDown() {
    Database down =
        new Database(
            new DownDataSource(), HostTransaction.none(), new Names("laoke_", Optional.empty()));

    assertThatThrownBy(down::dialect)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("connect to the database");
  }

  private static Database database(HikariDataSource pool, String prefix) {
    return new Database(pool, HostTransaction.none(), new Names(prefix, Optional.empty()));
  }

  private static void execute(HikariDataSource pool, String sql) throws SQLException {
    try (Connection connection = TestServer.straight(pool).getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(true);
      statement.execute(sql);
    }
  }

  private static String schemaOf(HikariDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return connection.getSchema();
    }
  }

  private static TreeSet<String> tables(HikariDataSource pool) throws SQLException {
    TreeSet<String> names = new TreeSet<>();
    try (Connection connection = pool.getConnection();
        ResultSet columns =
            // Without a catalogue MySQL tells of all databases, those of other tests too.
            connection
                .getMetaData()
                .getColumns(connection.getCatalog(), connection.getSchema(), null, null)) {
      while (columns.next()) {
        names.add(
            columns.getString("TABLE_NAME")
                + "."
                + columns.getString("COLUMN_NAME")
                + " "
                + columns.getString("TYPE_NAME")
                + " "
                + columns.getString("COLUMN_SIZE")
                + " "
                + columns.getString("IS_NULLABLE"));
      }
    }
    return names;
  }
}
