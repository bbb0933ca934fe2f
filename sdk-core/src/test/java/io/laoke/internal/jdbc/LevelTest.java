package io.laoke.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import io.laoke.testing.Way;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The level of Laoke's own transactions, whatever the host's pool begins with. */
class LevelTest {
  private static final Names NAMES = new Names("laoke_", Optional.empty());

  private static HikariConfig of(String level) {
    HikariConfig config = new HikariConfig();
    config.setTransactionIsolation("TRANSACTION_" + level);
    config.setMaximumPoolSize(3);
    return config;
  }

  private static Database own(DataSource pool) {
    return new Database(pool, HostTransaction.none(), NAMES);
  }

  private static long rows(Tx tx) {
    return tx.query("SELECT COUNT(*) FROM {chore} WHERE dealer_id = 1").mapTo(Long.class).one();
  }

  private static void another(HikariDataSource pool, String name) {
    try (Connection connection = pool.getConnection();
        Statement insert = connection.createStatement()) {
      connection.setAutoCommit(true);
      insert.execute(
          "INSERT INTO laoke_chore (dealer_id, name, due_ms) VALUES (1, '" + name + "', 0)");
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static int level(HikariDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return connection.getTransactionIsolation();
    }
  }

  /** What is committed after the first look of a transaction is seen by its second one. */
  private static void seesWhatIsCommitted(Database database, HikariDataSource pool, String name) {
    List<Long> seen =
        database.own(
            "look twice",
            tx -> {
              long before = rows(tx);
              another(pool, name);
              return List.of(before, rows(tx));
            });
    assertThat(seen.get(1) - seen.get(0)).as(name).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void aTransactionSeesWhatIsCommittedAndTheConnectionGoesBackAsItCame(TestServer server)
      throws SQLException {
    for (String level : List.of("SERIALIZABLE", "REPEATABLE_READ")) {
      try (HikariDataSource pool = server.migrated(of(level))) {
        int pools = level(pool);
        Database database = own(pool);

        seesWhatIsCommitted(database, pool, level + "1");
        seesWhatIsCommitted(database, pool, level + "2");
        seesWhatIsCommitted(database.waiting(Duration.ofSeconds(2)), pool, level + "3");
        assertThat(database.<Long>view("look", LevelTest::rows)).isEqualTo(3);

        assertThat(level(pool)).isEqualTo(pools);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void behindAWallToo(TestServer server) throws Exception {
    Way.plain()
        .behindDruid()
        .during(
            () -> {
              try (HikariDataSource pool = server.migrated(of("SERIALIZABLE"))) {
                int pools = level(pool);
                seesWhatIsCommitted(own(pool), pool, "1");
                seesWhatIsCommitted(own(pool), pool, "2");
                assertThat(level(pool)).isEqualTo(pools);
              }
            });
  }

  /** The statements that a transaction needs for its level. */
  @ParameterizedTest
  @CsvSource({
    "POSTGRESQL, READ_COMMITTED, 0, 1",
    "POSTGRESQL, READ_UNCOMMITTED, 0, 1",
    "POSTGRESQL, SERIALIZABLE, 2, 1"
  })
  void aConnectionIsAskedOnceAndToldOnlyIfItIsAtAnotherLevel(
      TestServer server, String level, int told, int asked) {
    HikariConfig one = of(level);
    one.setMaximumPoolSize(1);
    try (HikariDataSource pool = server.migrated(one)) {
      List<String> calls = new ArrayList<>();
      Database database =
          own(new TamperedDataSource(pool, (connection, method, arguments) -> calls.add(method)));

      database.own("work", LevelTest::rows);
      database.own("work", LevelTest::rows);

      assertThat(Collections.frequency(calls, "createStatement")).isEqualTo(told);
      assertThat(Collections.frequency(calls, "getTransactionIsolation")).isEqualTo(asked);
      assertThat(calls).doesNotContain("setTransactionIsolation");
    }
  }

  /** What a glance needs beside its own queries. */
  @ParameterizedTest
  @CsvSource({
    "POSTGRESQL, READ_COMMITTED, 0",
    "MYSQL, READ_COMMITTED, 0",
    "MYSQL, REPEATABLE_READ, 0",
    "MYSQL, SERIALIZABLE, 2",
    "MARIADB, READ_COMMITTED, 0",
    "MARIADB, REPEATABLE_READ, 0",
    "MARIADB, READ_UNCOMMITTED, 2"
  })
  void aGlanceTakesTheLevelThatIsThereIfItIsSound(TestServer server, String level, int told)
      throws SQLException {
    HikariConfig one = of(level);
    one.setMaximumPoolSize(1);
    try (HikariDataSource pool = server.migrated(one)) {
      int pools = level(pool);
      List<String> calls = new ArrayList<>();
      Database database =
          own(new TamperedDataSource(pool, (connection, method, arguments) -> calls.add(method)));

      database.glance("look", LevelTest::rows);
      another(pool, "1");
      assertThat(database.<Long>glance("look", LevelTest::rows)).isEqualTo(1);

      assertThat(Collections.frequency(calls, "createStatement")).isEqualTo(told);
      assertThat(Collections.frequency(calls, "getTransactionIsolation")).isEqualTo(1);
      assertThat(calls).doesNotContain("setTransactionIsolation", "commit");
      assertThat(level(pool)).isEqualTo(pools);
      try (Connection connection = pool.getConnection()) {
        assertThat(connection.getAutoCommit()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aGlanceSeesNothingThatIsNotCommitted(TestServer server) throws SQLException {
    for (String level : List.of("READ_UNCOMMITTED", "REPEATABLE_READ", "SERIALIZABLE")) {
      try (HikariDataSource pool = server.migrated(of(level));
          Connection other = pool.getConnection();
          Statement insert = other.createStatement()) {
        Database database = own(pool);
        if (server != TestServer.H2) {
          other.setAutoCommit(false);
          insert.execute("INSERT INTO laoke_chore (dealer_id, name, due_ms) VALUES (1, 'x', 0)");
        }

        assertThat(database.<Long>glance("look", LevelTest::rows)).as(level).isZero();

        if (server != TestServer.H2) {
          other.rollback();
        }
      }
    }
  }

  /** As Commons DBCP has them: what a host gets says of itself that it is the connection. */
  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void aConnectionThatUnwrapsToItselfIsAskedOnceToo(TestServer server) {
    HikariConfig config = of("READ_COMMITTED");
    config.setMaximumPoolSize(1);
    try (HikariDataSource pool = server.migrated(config)) {
      List<String> calls = new ArrayList<>();
      Database database =
          own(
              new TamperedDataSource(pool, (connection, method, arguments) -> calls.add(method))
                  .unwrappingToItself());

      database.own("work", LevelTest::rows);
      database.own("work", LevelTest::rows);

      assertThat(Collections.frequency(calls, "getTransactionIsolation")).isEqualTo(1);
      assertThat(calls).contains("unwrap").doesNotContain("setTransactionIsolation");
    }
  }

  /** What is committed between two looks of a view is seen by none of them. */
  @ParameterizedTest
  @EnumSource
  void aViewSeesOneMoment(TestServer server) throws SQLException {
    for (String level : List.of("SERIALIZABLE", "REPEATABLE_READ", "READ_COMMITTED")) {
      try (HikariDataSource pool = server.migrated(of(level))) {
        int pools = level(pool);
        Database database = own(pool);
        List<Long> seen =
            database.view(
                "look twice",
                tx -> {
                  long before = rows(tx);
                  another(pool, level);
                  return List.of(before, rows(tx));
                });
        assertThat(seen).as(level).containsExactly(0L, 0L);
        assertThat(database.<Long>view("look", LevelTest::rows)).isEqualTo(1);
        seesWhatIsCommitted(database, pool, "afterwards");
        assertThat(level(pool)).isEqualTo(pools);
      }
    }
  }

  /** A host would take its writes for committed, or lose them. */
  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void autoCommitGoesBackAlsoIfTheLevelCannot(TestServer server) throws Exception {
    for (boolean autoCommit : new boolean[] {true, false}) {
      HikariConfig config = of("SERIALIZABLE");
      config.setAutoCommit(autoCommit);
      try (HikariDataSource pool = server.fresh(config)) {
        List<Object> told = new ArrayList<>();
        boolean[] failed = {false};
        Database database =
            own(
                new TamperedDataSource(
                    pool,
                    (connection, method, arguments) -> {
                      if (method.equals("setAutoCommit")) {
                        told.add(arguments[0]);
                      }
                      if (method.equals("setTransactionIsolation")
                          && arguments[0].equals(Connection.TRANSACTION_SERIALIZABLE)) {
                        failed[0] = true;
                        throw new SQLException("gone");
                      }
                    }));

        assertThat(new Migrations(database).apply()).isPositive();
        assertThat(failed).containsExactly(true);
        assertThat(told).isEqualTo(autoCommit ? List.of() : List.of(true, false));

        told.clear();
        database.own("work", LevelTest::rows);
        assertThat(told).isEqualTo(autoCommit ? List.of(false, true) : List.of());
      }
    }
  }

  /** On H2 a level is the connection's, not the transaction's. */
  @ParameterizedTest
  @EnumSource(value = TestServer.class, names = "H2")
  void aConnectionThatWasToldGetsItsLevelBackAlsoAfterAFailure(TestServer server) {
    try (HikariDataSource pool = server.migrated(of("SERIALIZABLE"))) {
      List<Object> told = new ArrayList<>();
      Database database =
          own(
              new TamperedDataSource(
                  pool,
                  (connection, method, arguments) -> {
                    if (method.equals("setTransactionIsolation")) {
                      told.add(arguments[0]);
                    }
                  }));

      database.own("work", LevelTest::rows);
      assertThatThrownBy(
              () ->
                  database.own(
                      "fail",
                      tx -> {
                        throw new IllegalStateException();
                      }))
          .isInstanceOf(IllegalStateException.class);

      assertThat(told)
          .containsExactly(
              Connection.TRANSACTION_READ_COMMITTED,
              Connection.TRANSACTION_SERIALIZABLE,
              Connection.TRANSACTION_READ_COMMITTED,
              Connection.TRANSACTION_SERIALIZABLE);
    }
  }

  /** Otherwise two nodes that migrate at once would be told to repeat by each other. */
  @ParameterizedTest
  @EnumSource(
      value = TestServer.class,
      names = {"H2", "POSTGRESQL"})
  void theSchemaIsMadeAtReadCommittedToo(TestServer server) throws Exception {
    for (boolean autoCommit : new boolean[] {true, false}) {
      HikariConfig config = of("SERIALIZABLE");
      config.setAutoCommit(autoCommit);
      try (HikariDataSource pool = server.fresh(config)) {
        int pools = level(pool);
        Set<Integer> levels = new TreeSet<>();
        DataSource watched =
            new TamperedDataSource(
                pool,
                (connection, method, arguments) -> {
                  if (method.equals("prepareStatement")) {
                    levels.add(connection.getTransactionIsolation());
                  }
                });

        assertThat(new Migrations(own(watched)).apply()).isPositive();

        assertThat(levels).containsExactly(Connection.TRANSACTION_READ_COMMITTED);
        assertThat(level(pool)).isEqualTo(pools);
      }
    }
  }

  /** By that test it may have begun a transaction, which takes no level any more. */
  @ParameterizedTest
  @CsvSource({
    "POSTGRESQL, SERIALIZABLE",
    "POSTGRESQL, READ_COMMITTED",
    "H2, SERIALIZABLE",
    "MYSQL, REPEATABLE_READ"
  })
  void aPoolWithoutAutoCommitMayTestItsConnections(TestServer server, String level) {
    HikariConfig config = of(level);
    if (server == TestServer.POSTGRESQL) {
      // As the server, the role or the URL may have it: the pool itself sets none.
      config.setTransactionIsolation(null);
      config.addDataSourceProperty(
          "options",
          "-c default_transaction_isolation=" + level.toLowerCase(Locale.ROOT).replace("_", "\\ "));
    }
    config.setAutoCommit(false);
    config.setConnectionTestQuery("SELECT 1");
    try (HikariDataSource pool = server.migrated(config)) {
      Database database = own(pool);
      assertThat(database.own("work", LevelTest::rows)).isZero();
      assertThat(database.view("look", LevelTest::rows)).isZero();
    }
  }
}
