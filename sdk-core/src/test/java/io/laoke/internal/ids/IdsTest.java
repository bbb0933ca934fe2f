package io.laoke.internal.ids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.error.StoreException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.laoke.testing.TestServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdsTest {
  @ParameterizedTest
  @EnumSource
  void enginesOnOneDatabaseNeverMakeTheSameId(TestServer server) throws Exception {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      Set<Long> made = ConcurrentHashMap.newKeySet();
      ExecutorService threads = Executors.newFixedThreadPool(8);
      try {
        for (int engine = 0; engine < 4; engine++) {
          Ids ids = new Ids(database, Clock.systemUTC());
          for (int thread = 0; thread < 2; thread++) {
            threads.submit(
                () -> {
                  for (int i = 0; i < 5_000; i++) {
                    made.add(ids.next());
                  }
                });
          }
        }
      } finally {
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      }

      assertThat(made).hasSize(40_000).allMatch(id -> id > 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClockSetBackMakesNoIdTwiceEvenAfterARestart(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      MovableClock clock = new MovableClock(Instant.parse("2026-11-24T00:00:00Z"));
      Set<Long> made = new HashSet<>();
      for (int run = 0; run < 5; run++) {
        try (Ids ids = new Ids(database, clock)) {
          for (int i = 0; i < 5_000; i++) {
            assertThat(made.add(ids.next())).isTrue();
          }
        }
        clock.move(Duration.ofMinutes(-30));
      }

      assertThat(nodes(database)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aKilledEnginesNumberIsNotTakenBeforeItsLeaseEnds(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      new Ids(database, Clock.systemUTC()).next(); // never closed

      new Ids(database, Clock.systemUTC()).next();

      assertThat(nodes(database)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void renewsItsLeaseAndKeepsItsNumber(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      MovableClock clock = new MovableClock(Instant.parse("2026-11-24T00:00:00Z"));
      Ids ids = new Ids(database, clock);
      long first = ids.next();
      clock.move(Duration.ofMinutes(40));
      ids.renew();
      clock.move(Duration.ofMinutes(40));

      assertThat(ids.next()).isGreaterThan(first);
      clock.move(Duration.ofHours(5));
      assertThat(ids.next()).isGreaterThan(first);
      assertThat(nodes(database)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noIdIsMadeBehindTheLastTimeThatTheTableKnows(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      // As when a process sleeps between the look at its lease and the making of an id.
      MovableClock clock = new MovableClock(Instant.parse("2026-11-24T00:00:00Z"));
      clock.each = Duration.ofMinutes(7);
      Ids ids = new Ids(database, clock);

      for (int i = 0; i < 100; i++) {
        long id = ids.next();
        assertThat(timeOf(id)).isLessThanOrEqualTo(lastTime(database));
      }
      assertThat(nodes(database)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEngineThatLostItsNumberWithoutKnowingMakesNoIdOfTheNextHolder(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      MovableClock clock = new MovableClock(Instant.parse("2026-11-24T00:00:00Z"));
      Ids one = new Ids(database, clock);
      Ids other = new Ids(database, clock);
      Set<Long> made = new HashSet<>();
      assertThat(made.add(one.next())).isTrue();
      database.write(
          "end the lease", tx -> tx.update("UPDATE {node} SET lease_until_ms = 1").execute());

      for (int i = 0; i < 300; i++) {
        assertThat(made.add(one.next())).isTrue();
        assertThat(made.add(other.next())).isTrue();
        clock.move(Duration.ofMinutes(1));
      }
      assertThat(nodes(database)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNumberThatWasGivenBackMakesNoMoreIds(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      MovableClock clock = new MovableClock(Instant.parse("2026-11-24T00:00:00Z"));
      Ids closed = new Ids(database, clock);
      Set<Long> made = new HashSet<>();
      assertThat(made.add(closed.next())).isTrue();

      closed.close();
      Ids next = new Ids(database, clock);
      for (int i = 0; i < 2_000; i++) {
        assertThat(made.add(next.next())).isTrue();
        assertThat(made.add(closed.next())).isTrue();
      }
      assertThat(nodes(database)).isEqualTo(2);
    }
  }

  private static void down(HikariDataSource pool) {
    pool.close();
  }

  @ParameterizedTest
  @EnumSource
  void closesThoughTheDatabaseIsDown(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      Ids ids = new Ids(database, Clock.systemUTC());
      ids.next();
      down(pool);

      assertThatCode(ids::close).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsWorkingWhenARenewalFailsAheadOfTime(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      MovableClock clock = new MovableClock(Instant.parse("2026-11-24T00:00:00Z"));
      Ids ids = new Ids(database, clock);
      long first = ids.next();
      down(pool);
      clock.move(Duration.ofMinutes(40));

      ids.renew();

      assertThat(ids.next()).isGreaterThan(first);
      clock.move(Duration.ofMinutes(21));
      assertThatThrownBy(ids::next)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("lease a node number");
    }
  }

  @ParameterizedTest
  @EnumSource
  void saysSoWhenAllNumbersAreLeasedAndGoesOnWhenOneIsFree(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Database database = database(pool);
      database.write(
          "lease all",
          tx -> {
            var rows =
                tx.batch(
                    "INSERT INTO {node} (node_no, holder, lease_until_ms, last_ms) VALUES (:no,"
                        + " 'other', :lease, 0)");
            for (int node = 0; node < 1024; node++) {
              rows.bind("no", node).bind("lease", Long.MAX_VALUE).add();
            }
            return rows.execute();
          });
      Ids ids = new Ids(database, Clock.systemUTC());

      assertThatThrownBy(ids::next)
          .isInstanceOfSatisfying(
              StoreException.class, full -> assertThat(full.retryable()).isTrue())
          .hasMessageContaining("All 1024 node numbers");

      database.write(
          "free one",
          tx -> tx.update("UPDATE {node} SET lease_until_ms = 0 WHERE node_no = 77").execute());
      assertThat(ids.next()).isPositive();
    }
  }

  private static long timeOf(long id) {
    return (id >>> 22) + Instant.parse("2020-01-01T00:00:00Z").toEpochMilli();
  }

  private static long lastTime(Database database) {
    return database.read(
        "read", tx -> tx.query("SELECT MAX(last_ms) FROM {node}").mapTo(Long.class).one());
  }

  private static int nodes(Database database) {
    return database.read(
        "count", tx -> tx.query("SELECT COUNT(*) FROM {node}").mapTo(Integer.class).one());
  }

  private static Database database(HikariDataSource pool) {
    return new Database(pool, HostTransaction.none(), new Names("laoke_", Optional.empty()));
  }

  private static final class MovableClock extends Clock {
    private Instant now;
    private Duration each = Duration.ZERO;

    MovableClock(Instant now) {
      this.now = now;
    }

    void move(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      move(each);
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
