package io.laoke.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.testing.TestServer;
import io.laoke.testing.Way;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How long a transaction of Laoke's own waits for a lock where that is bounded. */
class LockWaitTest {
  private static final Names NAMES = new Names("laoke_", Optional.empty());

  private static HikariDataSource pool(TestServer server, String wait) {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(1);
    config.setConnectionInitSql(
        switch (server) {
          case H2 -> "SET LOCK_TIMEOUT " + wait;
          case POSTGRESQL -> "SET lock_timeout = " + wait;
          case MYSQL, MARIADB -> "SET SESSION innodb_lock_wait_timeout = " + wait;
        });
    return server.migrated(config);
  }

  private static String asked(TestServer server) {
    return switch (server) {
      case H2 -> "SELECT LOCK_TIMEOUT()";
      case POSTGRESQL -> "SELECT current_setting('lock_timeout')";
      case MYSQL, MARIADB -> "SELECT @@SESSION.innodb_lock_wait_timeout";
    };
  }

  private static String inside(Database database, TestServer server) {
    return database.own("ask", tx -> tx.query(asked(server)).mapTo(String.class).one());
  }

  @ParameterizedTest
  @CsvSource({
    // what the host has set, Laoke's bound in ms, what holds in the transaction, and after it
    "H2, 300, 2000, 300, 300",
    "H2, 5000, 2000, 2000, 5000",
    "POSTGRESQL, 300, 2000, 300ms, 300ms",
    "POSTGRESQL, 2000, 2000, 2s, 2s",
    "POSTGRESQL, 0, 2000, 2s, 0",
    "POSTGRESQL, 60000, 2000, 2s, 1min",
    "POSTGRESQL, 86400000, 1500, 1500ms, 1d",
    "MYSQL, 1, 2000, 1, 1",
    "MYSQL, 50, 2000, 2, 50",
    "MARIADB, 1, 2000, 1, 1",
    "MARIADB, 50, 2000, 2, 50"
  })
  void aBoundMakesNobodyWaitLongerThanTheHostHasSet(
      TestServer server, String hosts, long bound, String inside, String after) {
    try (HikariDataSource pool = pool(server, hosts)) {
      Database database = new Database(pool, HostTransaction.none(), NAMES);

      assertThat(inside(database.waiting(Duration.ofMillis(bound)), server)).isEqualTo(inside);

      assertThat(inside(database, server)).isEqualTo(after);
      assertThat(database.boundsWaits()).isTrue();
    }
  }

  /** Druid's wall refuses what H2 is told by; H2 waits a second or two in any case. */
  @ParameterizedTest
  @EnumSource
  void behindAWallItIsKnownWhetherTheBoundHolds(TestServer server) throws Exception {
    Way.plain()
        .behindDruid()
        .during(
            () -> {
              try (HikariDataSource pool = server.migrated()) {
                Database database = new Database(pool, HostTransaction.none(), NAMES);
                inside(database.waiting(Duration.ofMillis(700)), server);
                assertThat(database.boundsWaits()).isEqualTo(server != TestServer.H2);
              }
            });
  }
}
