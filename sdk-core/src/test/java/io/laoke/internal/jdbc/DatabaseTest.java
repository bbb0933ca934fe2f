package io.laoke.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.error.InvalidInputException;
import io.laoke.error.StoreException;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatabaseTest {
  private static final String ADD =
      "INSERT INTO {node} (node_no, lease_until_ms, last_ms) VALUES (:no, 0, 0)";
  private static final Names NAMES = new Names("laoke_", Optional.empty());

  @ParameterizedTest
  @EnumSource
  void commitsItsOwnTransactionWhateverThePoolsAutoCommit(TestServer server) {
    for (boolean autoCommit : new boolean[] {true, false}) {
      HikariConfig config = new HikariConfig();
      config.setAutoCommit(autoCommit);
      try (HikariDataSource pool = server.migrated(config)) {
        Database database = database(pool);

        database.write("add", tx -> tx.update(ADD).bind("no", 1).execute());

        assertThat(count(database)).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingOfAFailedCallInTheHostsTransactionAndTheHostCanStillCommit(TestServer server)
      throws SQLException {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      try (Connection host = pool.getConnection()) {
        host.setAutoCommit(false);
        Database joined = database.in(host);
        joined.write("add", tx -> tx.update(ADD).bind("no", 1).execute());
        assertThatThrownBy(
                () ->
                    joined.write(
                        "add twice",
                        tx -> {
                          tx.update(ADD).bind("no", 2).execute();
                          return tx.update(ADD).bind("no", 1).execute();
                        }))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("Could not add twice");
        joined.write("add", tx -> tx.update(ADD).bind("no", 3).execute());
        assertThat(host.getAutoCommit()).isFalse();
        host.commit();
      }

      assertThat(
              database.<String>read(
                  "read",
                  tx ->
                      tx.query("SELECT node_no FROM {node} ORDER BY node_no")
                          .mapTo(String.class)
                          .list()
                          .toString()))
          .isEqualTo("[1, 3]");
    }
  }

  @ParameterizedTest
  @EnumSource
  void isRolledBackWithTheHost(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      AtomicInteger committed = new AtomicInteger();
      try (Connection host = pool.getConnection()) {
        host.setAutoCommit(false);
        database
            .in(host)
            .write(
                "add",
                tx -> {
                  tx.afterCommit(committed::incrementAndGet);
                  return tx.update(ADD).bind("no", 1).execute();
                });
        host.rollback();
      }

      assertThat(count(database)).isZero();
      assertThat(committed).hasValue(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void runsWhatFollowsACommitThroughTheHost(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.migrated()) {
      AtomicInteger ran = new AtomicInteger();
      try (Connection host = pool.getConnection()) {
        host.setAutoCommit(false);
        AtomicInteger handedOver = new AtomicInteger();
        HostTransaction transaction =
            new HostTransaction() {
              @Override
              public Optional<Connection> current(javax.sql.DataSource dataSource) {
                return Optional.of(host);
              }

              @Override
              public void afterCommit(Runnable task) {
                handedOver.incrementAndGet();
              }
            };
        Database database = new Database(pool, transaction, new Names("laoke_", Optional.empty()));
        database.write(
            "add",
            tx -> {
              tx.afterCommit(ran::incrementAndGet);
              return tx.update(ADD).bind("no", 1).execute();
            });

        assertThat(handedOver).hasValue(1);
        assertThat(ran).hasValue(0);
        host.rollback();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesAConnectionInAutoCommitMode(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.migrated();
        Connection host = pool.getConnection()) {
      Database database = database(pool);

      assertThatThrownBy(() -> database.in(host))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("setAutoCommit(false)");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInsertThatMeetsAnEqualKeySaysSoAndTheTransactionGoesOn(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);

      boolean[] inserted =
          database.write(
              "add",
              tx ->
                  new boolean[] {
                    tx.insertIfAbsent(ADD, row -> row.bind("no", 7)),
                    tx.insertIfAbsent(ADD, row -> row.bind("no", 7)),
                    tx.insertIfAbsent(ADD, row -> row.bind("no", 8))
                  });

      assertThat(inserted).containsExactly(true, false, true);
      assertThat(count(database)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void repeatsItsOwnTransactionAfterADeadlock(TestServer server) throws Exception {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      database.write("add", tx -> tx.update(ADD).bind("no", 1).execute());
      database.write("add", tx -> tx.update(ADD).bind("no", 2).execute());
      CyclicBarrier both = new CyclicBarrier(2);
      AtomicInteger runs = new AtomicInteger();
      var pool2 = Executors.newFixedThreadPool(2);
      try {
        var first = pool2.submit(() -> crossed(database, both, runs, 1, 2));
        var second = pool2.submit(() -> crossed(database, both, runs, 2, 1));
        first.get();
        second.get();
      } finally {
        pool2.shutdownNow();
      }

      assertThat(runs.get()).isGreaterThan(2);
      assertThat(
              database.<Long>read(
                  "read",
                  tx -> tx.query("SELECT SUM(last_ms) FROM {node}").mapTo(Long.class).one()))
          .isEqualTo(4);
    }
  }

  private static Object crossed(
      Database database, CyclicBarrier both, AtomicInteger runs, int first, int second) {
    return database.own(
        "cross",
        tx -> {
          int run = runs.incrementAndGet();
          String add = "UPDATE {node} SET last_ms = last_ms + 1 WHERE node_no = :no";
          tx.update(add).bind("no", first).execute();
          if (run <= 2) {
            try {
              both.await(20, TimeUnit.SECONDS);
            } catch (Exception late) {
              throw new IllegalStateException(late);
            }
          }
          return tx.update(add).bind("no", second).execute();
        });
  }

  private static final String SECRET = "13800138000";

  @ParameterizedTest
  @EnumSource
  void namesWhatFailedAndNeverTheValues(TestServer server) {
    String dealer =
        "INSERT INTO {dealer} (id, code, zone, settings, hash_key, created_ms) VALUES (:no,"
            + " :secret, 'UTC', '{}', '', 0)";
    String node = "INSERT INTO {node} (node_no, holder, last_ms) VALUES (:no, :secret, 0)";
    List<Work<Object>> refused =
        List.of(
            tx -> tx.update(node).bind("no", 1).bind("secret", SECRET).execute(),
            tx -> tx.update(dealer).bind("no", 1).bind("secret", SECRET.repeat(20)).execute(),
            tx -> tx.update(ADD).bind("no", SECRET + "x").execute(),
            tx ->
                tx.batch(dealer)
                    .bind("no", 1)
                    .bind("secret", SECRET)
                    .add()
                    .bind("no", 2)
                    .bind("secret", SECRET)
                    .add()
                    .execute(),
            tx -> tx.batch(node).bind("no", 1).bind("secret", SECRET).add().execute());
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      for (Work<Object> work : refused) {
        assertThatThrownBy(() -> database.write("add a number", work))
            .isInstanceOf(StoreException.class)
            .hasMessageContainingAll("Could not add a number", "SQLState")
            .satisfies(failure -> assertThat(printed(failure)).doesNotContain(SECRET));
      }
    }
  }

  private static String printed(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void keepsTheNamesOfColumnsAndKeysInWhatItTells() {
    assertThat(
            Failures.withoutValues(
                "ERROR: duplicate key value violates unique constraint \"laoke_dealer_code_key\""))
        .endsWith("constraint \"laoke_dealer_code_key\"");
    assertThat(
            Failures.withoutValues(
                "Unique index or primary key violation: \"PRIMARY KEY ON PUBLIC.T(ID) ( /* key:1 */"
                    + " 1, '138')\""))
        .endsWith("violation: \"PRIMARY KEY ON PUBLIC.T(ID)\"");
    assertThat(
            Failures.withoutValues(
                "Value too long for column \"V CHARACTER VARYING(5)\": \"'138 (11)\""))
        .isEqualTo("Value too long for column \"V CHARACTER VARYING(5)\": …");
    assertThat(Failures.withoutValues("Duplicate entry 'O'Brien' for key 'laoke_x.code'"))
        .isEqualTo("Duplicate entry for key 'laoke_x.code'");
    assertThat(Failures.withoutValues("invalid input syntax for type bigint: \"138"))
        .isEqualTo("invalid input syntax for type bigint: …");
  }

  @ParameterizedTest
  @EnumSource
  void saysWhenACommitMayHaveHappened(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Database database =
          tampered(
              pool,
              (connection, method, arguments) -> {
                if (method.equals("commit")) {
                  connection.commit();
                  throw new SQLException("the connection broke", "08006");
                }
              });

      assertThatThrownBy(() -> database.write("add", tx -> tx.update(ADD).bind("no", 1).execute()))
          .isInstanceOfSatisfying(
              StoreException.class, failure -> assertThat(failure.retryable()).isTrue())
          .hasMessageContaining("Whether it was committed is not known");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatFailsAfterTheCommitDoesNotFailTheCall(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Database plain = database(pool);
      Database database =
          tampered(
              pool,
              (connection, method, arguments) -> {
                if (method.equals("close")) {
                  connection.close();
                  throw new SQLException("the pool is confused");
                }
              });
      AtomicInteger ran = new AtomicInteger();

      database.write(
          "add",
          tx -> {
            tx.afterCommit(
                () -> {
                  throw new IllegalStateException("a task that fails");
                });
            tx.afterCommit(ran::incrementAndGet);
            return tx.update(ADD).bind("no", 1).execute();
          });

      assertThat(ran).hasValue(1);
      assertThat(count(plain)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void neverCommitsWhatItCouldNotRollBack(TestServer server) {
    // H2's connection is closed then, which a pool that does not look takes for a good one.
    System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "-1");
    try (HikariDataSource pool = server.migrated()) {
      Database plain = database(pool);
      Database database =
          tampered(
              pool,
              (connection, method, arguments) -> {
                if (method.equals("rollback")) {
                  throw new SQLException("no answer", "08000");
                }
              });

      assertThatThrownBy(
              () ->
                  database.write(
                      "add",
                      tx -> {
                        tx.update(ADD).bind("no", 1).execute();
                        throw new IllegalStateException("a mistake");
                      }))
          .isInstanceOf(IllegalStateException.class);
      assertThat(count(plain)).isZero();
    } finally {
      System.clearProperty("com.zaxxer.hikari.aliveBypassWindowMs");
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingWhenTheHostRefusesWhatFollowsTheCommit(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.migrated()) {
      Database plain = database(pool);
      try (Connection host = pool.getConnection()) {
        host.setAutoCommit(false);
        Database database = new Database(pool, refusing(host), NAMES);

        assertThatThrownBy(
                () ->
                    database.write(
                        "add",
                        tx -> {
                          tx.afterCommit(() -> {});
                          return tx.update(ADD).bind("no", 1).execute();
                        }))
            .isInstanceOf(IllegalStateException.class);
        host.commit();
      }
      assertThat(count(plain)).isZero();
    }
  }

  private static HostTransaction refusing(Connection host) {
    return new HostTransaction() {
      @Override
      public Optional<Connection> current(DataSource dataSource) {
        return Optional.of(host);
      }

      @Override
      public void afterCommit(Runnable task) {
        throw new IllegalStateException("no synchronization");
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void tellsTheHostToRepeatTheWholeTransactionAfterADeadlock(TestServer server) throws Exception {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      database.write("add", tx -> tx.update(ADD).bind("no", 1).execute());
      database.write("add", tx -> tx.update(ADD).bind("no", 2).execute());
      CyclicBarrier both = new CyclicBarrier(2);
      ExecutorService threads = Executors.newFixedThreadPool(2);
      List<StoreException> failures = new ArrayList<>();
      try {
        List<Callable<Optional<StoreException>>> calls =
            List.of(
                () -> hostCrossed(pool, database, both, 1, 2),
                () -> hostCrossed(pool, database, both, 2, 1));
        for (Future<Optional<StoreException>> one : threads.invokeAll(calls)) {
          one.get().ifPresent(failures::add);
        }
      } finally {
        threads.shutdownNow();
      }

      assertThat(failures).hasSize(1);
      assertThat(failures.get(0).retryable()).isTrue();
      assertThat(failures.get(0)).hasMessageContaining("repeat it as a whole");
    }
  }

  /**
   * PostgreSQL may end a serializable transaction at any statement, also while it undoes a call.
   */
  @Test
  void tellsTheHostToRepeatWhatTheDatabaseCouldNotUndo() throws SQLException {
    try (HikariDataSource pool = TestServer.H2.migrated()) {
      DataSource ends =
          new TamperedDataSource(
              pool,
              (connection, method, arguments) -> {
                if (method.equals("rollback") && arguments.length == 1) {
                  throw new SQLException("could not serialize access", "40001");
                }
              });
      try (Connection host = ends.getConnection()) {
        host.setAutoCommit(false);
        Database joined = database(pool).in(host);

        assertThatThrownBy(
                () ->
                    joined.write(
                        "refuse",
                        tx -> {
                          throw new InvalidInputException("field", "refused");
                        }))
            .isInstanceOfSatisfying(
                StoreException.class, failure -> assertThat(failure.retryable()).isTrue())
            .hasMessageContaining("Roll the transaction back and repeat it as a whole");
        host.rollback();
      }
    }
  }

  private static Optional<StoreException> hostCrossed(
      HikariDataSource pool, Database database, CyclicBarrier both, int first, int second)
      throws Exception {
    String add = "UPDATE {node} SET last_ms = last_ms + 1 WHERE node_no = :no";
    try (Connection host = pool.getConnection()) {
      host.setAutoCommit(false);
      Database joined = database.in(host);
      joined.write("add", tx -> tx.update(add).bind("no", first).execute());
      both.await(20, TimeUnit.SECONDS);
      try {
        joined.write("cross", tx -> tx.update(add).bind("no", second).execute());
        host.commit();
        return Optional.empty();
      } catch (StoreException failure) {
        host.rollback();
        return Optional.of(failure);
      }
    }
  }

  @Test
  void namesAHostTransactionThatHadFailedBefore() throws SQLException {
    try (HikariDataSource pool = TestServer.POSTGRESQL.migrated()) {
      Database database = database(pool);
      try (Connection host = pool.getConnection();
          Statement statement = host.createStatement()) {
        host.setAutoCommit(false);
        assertThatThrownBy(() -> statement.execute("SELECT nonsense"))
            .isInstanceOf(SQLException.class);

        assertThatThrownBy(() -> count(database.in(host)))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("had failed before this call; roll it back");
        host.rollback();
      }
    }
  }

  @Test
  void readsInAReadOnlyTransactionAndSaysSoWhenItShouldWrite() throws SQLException {
    try (HikariDataSource pool = TestServer.POSTGRESQL.migrated()) {
      Database database = database(pool);
      try (Connection host = pool.getConnection()) {
        host.setReadOnly(true);
        host.setAutoCommit(false);
        Database joined = database.in(host);

        assertThat(count(joined)).isZero();
        assertThatThrownBy(() -> joined.write("add", tx -> tx.update(ADD).bind("no", 1).execute()))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("transaction is read-only");
        assertThat(count(joined)).isZero();
        host.commit();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClosedConnectionIsAFailureOfTheDatabase(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      Connection host = pool.getConnection();
      host.setAutoCommit(false);
      Database joined = database.in(host);
      host.close();

      assertThatThrownBy(() -> count(joined)).isInstanceOf(StoreException.class);
      assertThatThrownBy(() -> database.in(host))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("is closed");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPoolWithoutAFreeConnectionIsWorthARepeat(TestServer server) throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(250);
    try (HikariDataSource pool = server.migrated(config)) {
      Database database = database(pool);
      try (Connection taken = pool.getConnection()) {
        assertThat(taken.isValid(1)).isTrue();
        assertThatThrownBy(() -> count(database))
            .isInstanceOfSatisfying(
                StoreException.class, failure -> assertThat(failure.retryable()).isTrue());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void getsReadyBeforeItHoldsAConnection(TestServer server) {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(500);
    try (HikariDataSource pool = server.migrated(config)) {
      Database database = database(pool);
      AtomicInteger ready = new AtomicInteger();
      Database prepared = database.before(() -> ready.addAndGet(1 + count(database)));

      prepared.write("add", tx -> tx.update(ADD).bind("no", 1).execute());
      assertThat(ready).hasValue(1);
      assertThat(count(prepared)).isEqualTo(1);
      assertThat(ready).hasValue(1);
    }
  }

  private static Database tampered(HikariDataSource pool, TamperedDataSource.Tamper tamper) {
    return new Database(new TamperedDataSource(pool, tamper), HostTransaction.none(), NAMES);
  }

  private static Database database(HikariDataSource pool) {
    return new Database(pool, HostTransaction.none(), new Names("laoke_", Optional.empty()));
  }

  private static int count(Database database) {
    return database.read(
        "count", tx -> tx.query("SELECT COUNT(*) FROM {node}").mapTo(Integer.class).one());
  }
}
