package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.error.LaokeException;
import io.laoke.imports.ImportFact;
import io.laoke.member.Erasure;
import io.laoke.member.Members;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.Orders;
import io.laoke.testing.TestServer;
import io.laoke.testing.TextColumns;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Orders of others that give the phone of a person who is erased at that moment. */
class ErasedWhileReportedTest {
  private static final String NAME = "王芳";
  private static final AtomicLong COUNTER = new AtomicLong();

  /** Whose order it is. */
  private enum Another {
    KNOWN {
      @Override
      Order order(World on, String phone) {
        String number = "KH-L" + COUNTER.incrementAndGet();
        on.order(Buyer.of(number, "李四", null));
        return on.aOrder("SO-" + number).buyer(Buyer.of(number, null, phone));
      }
    },
    NEW {
      @Override
      Order order(World on, String phone) {
        String number = "KH-N" + COUNTER.incrementAndGet();
        return on.aOrder("SO-" + number).buyer(Buyer.of(number, NAME, phone));
      }
    },
    WHO_SCANNED {
      @Override
      Order order(World on, String phone) {
        String order = on.guestOrder();
        on.scan("o-" + order, order);
        assertThat(on.memberOf(order)).isPresent();
        return on.aOrder(order).buyer(Buyer.of(null, NAME, phone));
      }
    };

    abstract Order order(World on, String phone);
  }

  /** A person, and an order of another that gives their phone. */
  private record Case(World on, String phone, long member, Order order) {
    static Case of(World on, Another another) {
      long n = COUNTER.incrementAndGet();
      String phone = "139123%05d".formatted(n);
      String own = on.order(Buyer.of("KH-" + n, NAME, phone));
      return new Case(on, phone, on.memberOf(own).orElseThrow(), another.order(on, phone));
    }

    Erasure erase(Members by) {
      return by.erase(member, "店长", "客户要求");
    }

    void nothingIsLeft(Another another) {
      assertThat(on.engine.members().get(member)).as("%s", another).isEmpty();
      assertThat(on.engine.orders().find(order.orderNo())).as("%s", another).isPresent();
      assertThat(TextColumns.showing(on.pool, List.of(phone))).as("%s", another).isEmpty();
      assertThat(on.engine.members().byPhone(phone)).as("%s", another).isEmpty();
    }
  }

  private static Members members(World on, Connection host) {
    return on.engine.members.members(on.database.in(host), on.dealer);
  }

  private static Orders orders(World on, Connection host) {
    return on.engine.orders.orders(on.database.in(host), on.dealer);
  }

  private static Connection host(World on, int level) throws SQLException {
    Connection host = on.pool.getConnection();
    host.setTransactionIsolation(level);
    host.setAutoCommit(false);
    return host;
  }

  private static void end(Connection host) throws SQLException {
    host.commit();
    host.setAutoCommit(true);
    host.close();
  }

  /** Starts a call beside an open transaction, and goes on once it has ended or waits for that. */
  private static <T> Future<T> beside(Locks locks, ExecutorService thread, Callable<T> call) {
    Future<T> running = thread.submit(call);
    await().until(() -> running.isDone() || locks.waiting() > 0);
    return running;
  }

  private interface Step {
    Object of(Case one, Connection host) throws Exception;
  }

  /** The first in a host's transaction, and while that is open the second by itself. */
  private static void inTurn(TestServer server, Step first, Step second) throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Locks locks = new Locks(server)) {
      for (Another another : Another.values()) {
        Case one = Case.of(locks.on, another);
        Connection host = host(locks.on, Connection.TRANSACTION_READ_COMMITTED);
        first.of(one, host);
        Future<?> other = beside(locks, thread, () -> second.of(one, host));
        end(host);
        other.get(30, TimeUnit.SECONDS);
        one.nothingIsLeft(another);
      }
    } finally {
      thread.shutdown();
    }
  }

  @ParameterizedTest
  @EnumSource
  void reportedFirst(TestServer server) throws Exception {
    inTurn(
        server,
        (one, host) -> orders(one.on, host).upsert(one.order),
        (one, host) -> one.erase(one.on.engine.eraser()));
  }

  @ParameterizedTest
  @EnumSource
  void erasedFirst(TestServer server) throws Exception {
    inTurn(
        server,
        (one, host) -> one.erase(members(one.on, host)),
        (one, host) -> one.on.engine.orders().upsert(one.order));
  }

  @ParameterizedTest
  @EnumSource
  void erasedFirstBesideAnImport(TestServer server) throws Exception {
    inTurn(
        server,
        (one, host) -> one.erase(members(one.on, host)),
        (one, host) ->
            one.on
                .engine
                .imports
                .imports(TestServer.outsideOfHosts(one.on.pool), one.on.dealer)
                .run(
                    "h" + COUNTER.incrementAndGet(),
                    List.of(ImportFact.order(one.order)).iterator()));
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MYSQL", "MARIADB"})
  void reportedInAnOlderSnapshot(TestServer server) throws SQLException {
    try (World on = new World(server)) {
      for (Another another : Another.values()) {
        Case one = Case.of(on, another);
        boolean erased = false;
        boolean again = true;
        while (again) {
          Connection host = host(on, Connection.TRANSACTION_REPEATABLE_READ);
          assertThat(members(on, host).get(one.member).isPresent()).isNotEqualTo(erased);
          if (!erased) {
            one.erase(on.engine.eraser());
          }
          try {
            orders(on, host).upsert(one.order);
            again = false;
          } catch (LaokeException told) {
            assertThat(told.retryable()).as("%s: %s", another, told).isTrue();
            assertThat(erased).as("%s: told so twice", another).isFalse();
            host.rollback();
          }
          erased = true;
          end(host);
        }
        one.nothingIsLeft(another);
      }
    }
  }
}
