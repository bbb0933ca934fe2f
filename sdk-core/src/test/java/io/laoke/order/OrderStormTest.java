package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import io.laoke.error.LaokeException;
import io.laoke.error.StoreException;
import io.laoke.internal.jdbc.Database;
import io.laoke.testing.TestServer;
import io.laoke.testing.Way;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many threads report the same few orders, buyers, stages and returns at once, some of them inside
 * transactions of a host that commits or rolls back. Whatever came first, in the end the tables
 * agree with each other, and no error was met but such as ask to be repeated. {@code
 * -Dlaoke.seed=…} repeats the facts, though not their order.
 */
class OrderStormTest {
  private static final int THREADS = 8;
  private static final int FACTS = 25;

  @ParameterizedTest
  @CsvSource({
    "H2, READ_COMMITTED, false",
    "POSTGRESQL, READ_COMMITTED, false",
    "POSTGRESQL, READ_COMMITTED, true",
    "POSTGRESQL, REPEATABLE_READ, true",
    "POSTGRESQL, SERIALIZABLE, true",
    "MYSQL, READ_COMMITTED, true",
    "MYSQL, REPEATABLE_READ, true",
    "MARIADB, READ_COMMITTED, true",
    "MARIADB, REPEATABLE_READ, true"
  })
  void theTablesAgreeAfterIt(TestServer server, String isolation, boolean hosts) throws Exception {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.printf(
        "storm on %s, %s, hosts %s: -Dlaoke.seed=%d%n", server, isolation, hosts, seed);
    HikariConfig config = hosts ? server.quickDeadlocks() : new HikariConfig();
    config.setTransactionIsolation("TRANSACTION_" + isolation);
    // Laoke's own transactions lock in one order: alone, at READ COMMITTED, none is told to repeat.
    boolean quiet =
        server == TestServer.POSTGRESQL
            && isolation.equals("READ_COMMITTED")
            && !hosts
            && !Way.eachCallJoined();
    try (OrderFixture laoke = new OrderFixture(server, config)) {
      laoke.members().declareWalkIn("C0");
      laoke.catalog().markServiceable("kitchen/hood", true);
      OrdersTest.together(
          THREADS,
          n -> {
            Random random = new Random(seed + n);
            for (int i = 0; i < FACTS; i++) {
              long own = random.nextLong();
              boolean hosted = hosts && random.nextInt(6) == 0;
              repeated(
                  quiet ? 1 : 100,
                  () -> {
                    if (hosted) {
                      hosted(laoke, new Random(own));
                    } else {
                      fact(laoke, laoke.database, new Random(own));
                    }
                  });
            }
            return n;
          });
      Truth.check(laoke);
      String rows = laoke.everything();
      assertThat(laoke.orders().recountAll(0, 1000).clean()).as("seed " + seed).isTrue();
      assertThat(laoke.everything()).isEqualTo(rows);
    }
  }

  private interface Call {
    void run() throws SQLException;
  }

  /** As a caller does that is told so. */
  private static void repeated(int attempts, Call call) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        call.run();
        return;
      } catch (LaokeException failed) {
        if (attempt == attempts || !(failed.retryable() || lockTimeout(failed))) {
          throw failed;
        }
      } catch (SQLException failed) {
        // The host's own commit.
        if (attempt == attempts || !String.valueOf(failed.getSQLState()).startsWith("40")) {
          throw failed;
        }
      }
      // Whoever comes back at once meets the same crowd again.
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(500_000L * attempt));
    }
  }

  /** H2 gives up on a lock after some time, and passes waiting threads over. */
  private static boolean lockTimeout(LaokeException failed) {
    return failed.getCause() instanceof SQLException cause && "HYT00".equals(cause.getSQLState());
  }

  /** Some facts in one transaction of a host. */
  private static void hosted(OrderFixture laoke, Random random) throws SQLException {
    try (Connection host = laoke.pool.getConnection()) {
      host.setAutoCommit(false);
      boolean commits = random.nextBoolean();
      for (int i = 0; i < 3; i++) {
        fact(laoke, laoke.database.in(host), random);
      }
      if (commits) {
        host.commit();
      } else {
        host.rollback();
      }
    }
  }

  private static void fact(OrderFixture laoke, Database view, Random random) {
    Orders orders = laoke.module.orders(view, laoke.tenant);
    String orderNo = "SO-" + random.nextInt(6);
    try {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> orders.upsert(Histories.order(random, orderNo, 5));
        case 3, 4 -> orders.advance(orderNo, Histories.report(random));
        case 5, 6 ->
            laoke.module.returns(view, laoke.tenant).record(Histories.note(random, 6, 8, 5));
        default -> assign(laoke, view, orderNo, random.nextInt(4));
      }
    } catch (StoreException failed) {
      throw failed;
    } catch (LaokeException refused) {
      // Wrong by itself, or of an order, a line or a unit that is not there at this moment.
      assertThat(refused.retryable()).isFalse();
    }
  }

  private static void assign(OrderFixture laoke, Database view, String orderNo, int member) {
    view.write(
        "assign",
        tx -> {
          laoke
              .module
              .book()
              .lock(tx, laoke.tenant, orderNo)
              .ifPresent(
                  order ->
                      laoke
                          .module
                          .book()
                          .assign(
                              tx,
                              laoke.tenant,
                              order.id(),
                              member == 0
                                  ? OptionalLong.empty()
                                  : laoke
                                      .members
                                      .book()
                                      .identify(
                                          tx,
                                          laoke.tenant,
                                          Optional.of("C" + member),
                                          Optional.empty(),
                                          Optional.empty(),
                                          OrderFixture.NOW),
                              OrderFixture.NOW));
          return null;
        });
  }
}
