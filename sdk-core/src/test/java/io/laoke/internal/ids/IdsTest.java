package io.laoke.internal.ids;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Migrations;
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
    try (HikariDataSource pool = server.fresh()) {
      Database database = migrated(pool);
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
    try (HikariDataSource pool = server.fresh()) {
      Database database = migrated(pool);
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
    try (HikariDataSource pool = server.fresh()) {
      Database database = migrated(pool);
      new Ids(database, Clock.systemUTC()).next(); // never closed

      new Ids(database, Clock.systemUTC()).next();

      assertThat(nodes(database)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void renewsItsLeaseAndKeepsItsNumber(TestServer server) {
    try (HikariDataSource pool = server.fresh()) {
      Database database = migrated(pool);
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

  private static int nodes(Database database) {
    return database.read(
        "count", tx -> tx.query("SELECT COUNT(*) FROM {node}").mapTo(Integer.class).one());
  }

  private static Database migrated(HikariDataSource pool) {
    Database database =
        new Database(pool, HostTransaction.none(), new Names("laoke_", Optional.empty()));
    new Migrations(database).apply();
    return database;
  }

  private static final class MovableClock extends Clock {
    private Instant now;

    MovableClock(Instant now) {
      this.now = now;
    }

    void move(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
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
