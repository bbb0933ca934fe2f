package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import io.laoke.base.HostTransaction;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.error.StoreException;
import io.laoke.internal.jdbc.Database;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever a host's pool and transaction are like, and whatever error it swallows: never half a
 * call, never a lost row, and never a commit, a rollback or a setting of ours in its transaction.
 */
class HostMatrixTest {
  /** Whose transaction it is. */
  private enum Of {
    LAOKE,
    HANDED_OVER,
    MANAGED
  }

  /** What the host catches and forgets. */
  private enum Trouble {
    NONE,
    REFUSAL,
    OWN_STATEMENT
  }

  private static final Set<String> THE_HOSTS =
      Set.of(
          "commit",
          "rollback",
          "setAutoCommit",
          "setTransactionIsolation",
          "setReadOnly",
          "setHoldability",
          "setCatalog",
          "setSchema",
          "setClientInfo",
          "setNetworkTimeout",
          "close",
          "abort");

  private final List<String> touched = new ArrayList<>();

  @ParameterizedTest
  @EnumSource
  void isAGoodGuestInEachKindOfTransaction(TestServer server) throws SQLException {
    for (boolean autoCommit : new boolean[] {true, false}) {
      HikariConfig config = new HikariConfig();
      config.setAutoCommit(autoCommit);
      try (OrderFixture laoke = new OrderFixture(server, config)) {
        laoke.catalog().markServiceable("kitchen/hood", true);
        int run = 0;
        for (Of of : Of.values()) {
          for (Trouble trouble : Trouble.values()) {
            for (boolean commits : new boolean[] {true, false}) {
              String cell =
                  "%s, auto-commit %s, %s, %s, %s"
                      .formatted(server, autoCommit, of, trouble, commits ? "commit" : "rollback");
              visit(laoke, server, of, trouble, commits, ++run, cell);
              returnedAsTheyWere(laoke, autoCommit, cell);
            }
          }
        }
        Truth.check(laoke);
        assertThat(laoke.orders().recountAll(0, 1_000).clean()).isTrue();
      }
    }
  }

  /** Both report the other's order last; one is told to repeat, and everything is kept. */
  @ParameterizedTest
  @EnumSource
  void ofTwoHostsThatCrossOneIsToldToRepeat(TestServer server) throws Exception {
    HikariConfig config = new HikariConfig();
    // At a higher level InnoDB's locks on gaps make the second host wait before they can cross.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    switch (server) {
      case H2 -> config.setConnectionInitSql("SET LOCK_TIMEOUT 300");
      case POSTGRESQL -> config.setConnectionInitSql("SET deadlock_timeout = '20ms'");
      default -> {}
    }
    try (OrderFixture laoke = new OrderFixture(server, config)) {
      CyclicBarrier both = new CyclicBarrier(2);
      AtomicInteger repeats = new AtomicInteger();
      OrdersTest.together(
          2,
          n -> {
            List<String> orders = n % 2 == 0 ? List.of("SO-1", "SO-2") : List.of("SO-2", "SO-1");
            for (int attempt = 1; !reported(laoke, orders, both, attempt); attempt++) {
              repeats.incrementAndGet();
            }
            return n;
          });

      assertThat(repeats.get()).isPositive();
      assertThat(laoke.orders().find("SO-1")).isPresent();
      assertThat(laoke.orders().find("SO-2")).isPresent();
      assertThat(laoke.orders().recountAll(0, 1_000).clean()).isTrue();
    }
  }

  private static boolean reported(
      OrderFixture laoke, List<String> orders, CyclicBarrier both, int attempt) throws Exception {
    try (Connection host = laoke.pool.getConnection()) {
      host.setAutoCommit(false);
      try {
        laoke.orders(host).upsert(order(orders.get(0)));
        if (attempt == 1) {
          both.await(20, TimeUnit.SECONDS);
        }
        laoke.orders(host).upsert(order(orders.get(1)));
        host.commit();
        return true;
      } catch (StoreException deadlock) {
        host.rollback();
        assertThat(deadlock.retryable()).as("%s", deadlock).isTrue();
        return false;
      }
    }
  }

  private void visit(
      OrderFixture laoke,
      TestServer server,
      Of of,
      Trouble trouble,
      boolean commits,
      int run,
      String cell)
      throws SQLException {
    touched.clear();
    String first = "SO-" + run;
    String refused = "NO-" + run;
    String last = "LAST-" + run;
    // PostgreSQL gives a transaction up after any error in it: then nothing of it may be kept.
    boolean aborted = trouble == Trouble.OWN_STATEMENT && server == TestServer.POSTGRESQL;
    boolean lost = aborted && of != Of.LAOKE;
    try (Connection host = laoke.pool.getConnection()) {
      host.setAutoCommit(false);
      Orders orders = laoke.module.orders(view(laoke, of, watched(host)), laoke.tenant);
      execute(host, "INSERT INTO laoke_work_due (dealer_id, id, due_ms) VALUES (9, %d, 0)", run);
      orders.upsert(order(first));
      swallowed(host, orders, trouble, refused, run);
      if (lost) {
        assertThatThrownBy(() -> orders.upsert(order(last)))
            .as(cell)
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("had failed before this call");
      } else {
        orders.upsert(order(last));
        orders.advance(first, StageReport.of(Stage.SHIPPED, OrderFixture.NOW));
      }
      assertThat(host.getAutoCommit()).as(cell).isFalse();
      if (commits) {
        host.commit();
      } else {
        host.rollback();
      }
      host.setAutoCommit(laoke.pool.isAutoCommit());
    }
    boolean hostsKept = commits && !aborted;
    boolean kept = of == Of.LAOKE || (commits && !lost);
    assertThat(laoke.orders().find(first).map(OrderDetail::stage))
        .as(cell)
        .isEqualTo(kept ? Optional.of(Stage.SHIPPED) : Optional.empty());
    assertThat(laoke.orders().find(last).isPresent()).as(cell).isEqualTo(kept);
    assertThat(laoke.orders().find(refused)).as(cell).isEmpty();
    assertThat(rows(laoke, refused)).as(cell + ": nothing half-written").isZero();
    assertThat(hosts(laoke, run)).as(cell).isEqualTo(hostsKept ? 1 : 0);
    assertThat(touched).as(cell).isEmpty();
  }

  private Database view(OrderFixture laoke, Of of, Connection host) throws SQLException {
    int isolation = host.getTransactionIsolation();
    return switch (of) {
      case LAOKE ->
          new Database(
              new TamperedDataSource(
                  laoke.pool,
                  (connection, method, arguments) -> {
                    if (method.equals("close")
                        && (connection.getAutoCommit() != laoke.pool.isAutoCommit()
                            || connection.getTransactionIsolation() != isolation)) {
                      touched.add("given back otherwise");
                    }
                  }),
              HostTransaction.none(),
              laoke.database.names());
      case HANDED_OVER -> laoke.database.in(host);
      case MANAGED -> new Database(laoke.pool, managed(host), laoke.database.names());
    };
  }

  private static HostTransaction managed(Connection host) {
    return new HostTransaction() {
      @Override
      public Optional<Connection> current(DataSource dataSource) {
        return Optional.of(host);
      }

      @Override
      public void afterCommit(Runnable task) {}
    };
  }

  private static void swallowed(
      Connection host, Orders orders, Trouble trouble, String refused, int run) {
    switch (trouble) {
      case NONE -> {}
      case REFUSAL -> {
        // After it has made the order's row.
        assertThatThrownBy(
                () ->
                    orders.upsert(
                        order(refused).line(OrderLine.goods("2", "kitchen/hood", 201, "1.00"))))
            .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(
                () -> orders.advance(refused, StageReport.of(Stage.SHIPPED, OrderFixture.NOW)))
            .isInstanceOf(NotFoundException.class);
      }
      case OWN_STATEMENT ->
          assertThatThrownBy(
                  () ->
                      execute(
                          host,
                          "INSERT INTO laoke_work_due (dealer_id, id, due_ms) VALUES (9, %d, 0)",
                          run))
              .isInstanceOf(SQLException.class);
    }
  }

  private static Order order(String orderNo) {
    return Order.of(orderNo, OrderFixture.NOW)
        .buyer(Buyer.of("C-" + orderNo, "王芳", null))
        .line(OrderLine.goods("1", "av/tv", 1, "100.00"));
  }

  /** Writes down what Laoke does to it that is the host's business. */
  private Connection watched(Connection host) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              boolean toSavepoint = method.getName().equals("rollback") && arguments != null;
              if (THE_HOSTS.contains(method.getName()) && !toSavepoint) {
                touched.add(method.getName());
              }
              try {
                return method.invoke(host, arguments);
              } catch (InvocationTargetException failed) {
                throw failed.getCause();
              }
            });
  }

  private static void returnedAsTheyWere(OrderFixture laoke, boolean autoCommit, String cell)
      throws SQLException {
    assertThat(laoke.pool.getHikariPoolMXBean().getActiveConnections()).as(cell).isZero();
    try (Connection next = laoke.pool.getConnection()) {
      assertThat(next.getAutoCommit()).as(cell).isEqualTo(autoCommit);
      assertThat(next.isReadOnly()).as(cell).isFalse();
    }
  }

  private static void execute(Connection host, String sql, int number) throws SQLException {
    try (Statement statement = host.createStatement()) {
      statement.execute(sql.formatted(number));
    }
  }

  private static int rows(OrderFixture laoke, String orderNo) throws SQLException {
    return number(
        laoke, "SELECT COUNT(*) FROM laoke_customer_order WHERE order_no = '" + orderNo + "'");
  }

  private static int hosts(OrderFixture laoke, int run) throws SQLException {
    return number(laoke, "SELECT COUNT(*) FROM laoke_work_due WHERE dealer_id = 9 AND id = " + run);
  }

  private static int number(OrderFixture laoke, String sql) throws SQLException {
    try (Connection connection = laoke.pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getInt(1);
    }
  }
}
