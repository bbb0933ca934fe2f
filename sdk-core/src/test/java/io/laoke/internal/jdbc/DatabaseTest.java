package io.laoke.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.error.InvalidInputException;
import io.laoke.error.StoreException;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatabaseTest {
  private static final String ADD =
      "INSERT INTO {node} (node_no, lease_until_ms, last_ms) VALUES (:no, 0, 0)";

  @ParameterizedTest
  @EnumSource
  void commitsItsOwnTransactionWhateverThePoolsAutoCommit(TestServer server) {
    for (boolean autoCommit : new boolean[] {true, false}) {
      HikariConfig config = new HikariConfig();
      config.setAutoCommit(autoCommit);
      try (HikariDataSource pool = server.fresh(config)) {
        Database database = migrated(pool);

        database.write("add", tx -> tx.update(ADD).bind("no", 1).execute());

        assertThat(count(database)).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingOfAFailedCallInTheHostsTransactionAndTheHostCanStillCommit(TestServer server)
      throws SQLException {
    try (HikariDataSource pool = server.fresh()) {
      Database database = migrated(pool);
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
    try (HikariDataSource pool = server.fresh()) {
      Database database = migrated(pool);
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
    try (HikariDataSource pool = server.fresh()) {
      migrated(pool);
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
    try (HikariDataSource pool = server.fresh();
        Connection host = pool.getConnection()) {
      Database database = migrated(pool);

      assertThatThrownBy(() -> database.in(host))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("setAutoCommit(false)");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInsertThatMeetsAnEqualKeySaysSoAndTheTransactionGoesOn(TestServer server) {
    try (HikariDataSource pool = server.fresh()) {
      Database database = migrated(pool);

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
    try (HikariDataSource pool = server.fresh()) {
      Database database = migrated(pool);
      database.write("add", tx -> tx.update(ADD).bind("no", 1).execute());
      database.write("add", tx -> tx.update(ADD).bind("no", 2).execute());
      java.util.concurrent.CyclicBarrier both = new java.util.concurrent.CyclicBarrier(2);
      AtomicInteger runs = new AtomicInteger();
      var pool2 = java.util.concurrent.Executors.newFixedThreadPool(2);
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
      Database database,
      java.util.concurrent.CyclicBarrier both,
      AtomicInteger runs,
      int first,
      int second) {
    return database.own(
        "cross",
        tx -> {
          int run = runs.incrementAndGet();
          String add = "UPDATE {node} SET last_ms = last_ms + 1 WHERE node_no = :no";
          tx.update(add).bind("no", first).execute();
          if (run <= 2) {
            try {
              both.await(20, java.util.concurrent.TimeUnit.SECONDS);
            } catch (Exception late) {
              throw new IllegalStateException(late);
            }
          }
          return tx.update(add).bind("no", second).execute();
        });
  }

  @ParameterizedTest
  @EnumSource
  void namesWhatFailedAndNeverTheValues(TestServer server) {
    try (HikariDataSource pool = server.fresh()) {
      Database database = migrated(pool);

      assertThatThrownBy(
              () ->
                  database.write(
                      "add a number",
                      tx ->
                          tx.update("INSERT INTO {node} (node_no, holder) VALUES (1, :secret)")
                              .bind("secret", "13800138000")
                              .execute()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("add a number")
          .satisfies(
              failure -> {
                for (Throwable t = failure; t != null; t = t.getCause()) {
                  if (server == TestServer.H2) {
                    assertThat(String.valueOf(t.getMessage())).doesNotContain("13800138000");
                  }
                }
                assertThat(failure.getMessage()).doesNotContain("13800138000");
              });
    }
  }

  private static Database migrated(HikariDataSource pool) {
    Database database =
        new Database(pool, HostTransaction.none(), new Names("laoke_", Optional.empty()));
    new Migrations(database).apply();
    return database;
  }

  private static int count(Database database) {
    return database.read(
        "count", tx -> tx.query("SELECT COUNT(*) FROM {node}").mapTo(Integer.class).one());
  }
}
