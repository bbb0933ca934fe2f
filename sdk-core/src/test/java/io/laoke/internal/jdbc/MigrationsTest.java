package io.laoke.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.StoreException;
import io.laoke.testing.DownDataSource;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
  @EnumSource
  void manyNodesAtOnceApplyEachStepOnce(TestServer server) throws Exception {
    try (HikariDataSource pool = server.fresh()) {
      ExecutorService nodes = Executors.newFixedThreadPool(6);
      try {
        List<Callable<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          calls.add(() -> new Migrations(database(pool, "laoke_")).apply());
        }
        int applied = 0;
        for (Future<Integer> node : nodes.invokeAll(calls)) {
          applied += node.get();
        }
        try (HikariDataSource alone = server.fresh()) {
          assertThat(applied).isEqualTo(new Migrations(database(alone, "laoke_")).apply());
        }
      } finally {
        nodes.shutdownNow();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void goesOnWhereAKilledNodeStopped(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.fresh()) {
      Database database = database(pool, "laoke_");
      Migrations migrations = new Migrations(database);
      int all = migrations.apply();
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
    try (HikariDataSource pool = server.fresh()) {
      Migrations migrations = new Migrations(database(pool, "laoke_"));
      migrations.apply();
      execute(
          pool,
          "UPDATE laoke_schema_version SET checksum = 'edited' WHERE version = 1 AND step = 1");

      assertThatThrownBy(migrations::apply)
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("Step 1.1");
      assertThatThrownBy(migrations::missing).isInstanceOf(ConflictException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatItRendersForAnotherToolIsWhatItWouldApply(TestServer server) throws SQLException {
    try (HikariDataSource applied = server.fresh();
        HikariDataSource rendered = server.fresh()) {
      new Migrations(database(applied, "erp_")).apply();
      Database database = database(rendered, "erp_");
      String sql = Migrations.render(database.dialect(), database.names());

      for (String statement : sql.split(";\n")) {
        if (!statement.isBlank()) {
          execute(rendered, statement);
        }
      }

      assertThat(new Migrations(database).missing()).isEmpty();
      assertThat(tables(rendered)).isEqualTo(tables(applied)).isNotEmpty();
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

      execute(pool, "DROP SCHEMA " + schema + " CASCADE");
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
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(true);
      statement.execute(sql);
    }
  }

  private static TreeSet<String> tables(HikariDataSource pool) throws SQLException {
    TreeSet<String> names = new TreeSet<>();
    try (Connection connection = pool.getConnection();
        ResultSet columns =
            connection.getMetaData().getColumns(null, connection.getSchema(), null, null)) {
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
