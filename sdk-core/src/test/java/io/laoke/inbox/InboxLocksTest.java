package io.laoke.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.Laoke;
import io.laoke.inbox.InboxFact.State;
import io.laoke.order.Order;
import io.laoke.order.Statements;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows, and what they speak of, that a host holds locked for long. */
@Timeout(60)
class InboxLocksTest {
  private static String order(int customer, int price) {
    return """
    {"orderedAt": "2026-11-20", "buyer": {"customerNo": "C-%d"},
     "lines": [{"lineNo": "1", "category": "kitchen/hood", "quantity": 1, "netFen": %d}]}\
    """
        .formatted(customer, price);
  }

  /** The same database; each transaction that came to nothing is counted. */
  private static DataSource counted(InboxHost host, AtomicInteger inVain) {
    return new TamperedDataSource(
        host.pool,
        (connection, method, arguments) -> {
          if (method.equals("rollback") && arguments.length == 0) {
            inVain.incrementAndGet();
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void rowsThatAHostHoldsAreNotWaitedForOneByOneWhenTheyAreRefused(TestServer server)
      throws SQLException {
    AtomicInteger waits = new AtomicInteger();
    try (InboxHost host = new InboxHost(server);
        Laoke laoke = host.builder(counted(host, waits)).build();
        Connection erp = host.pool.getConnection();
        Statement lock = erp.createStatement()) {
      erp.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      erp.setAutoCommit(false);
      List<Long> held = new ArrayList<>();
      for (int i = 0; i < 14; i++) {
        held.add(host.insert("ORDER", "SO-" + i, "{}"));
      }
      lock.executeQuery("SELECT id FROM laoke_inbox WHERE dealer = 'hengxin' FOR UPDATE").close();
      long free = host.insert("ORDER", "SO-14", "{}");

      laoke.tick(InboxHost.NOW);

      assertThat(waits).as("waits in vain").hasValueLessThanOrEqualTo(4);
      assertThat(host.row(free).state()).isEqualTo(State.BAD);
      for (long row : held) {
        assertThat(host.row(row).state()).isEqualTo(State.NEW);
      }
      assertThat(host.alarms).hasSize(1);
      erp.rollback();
      laoke.tick(InboxHost.NOW);
      assertThat(host.dealer.inbox().count(State.BAD)).isEqualTo(15);
      assertThat(host.alarms).hasSize(1);
    }
  }

  /** On InnoDB a host locks the room between rows, too: nobody else's row becomes bad meanwhile. */
  @ParameterizedTest
  @EnumSource(names = "MYSQL")
  void whoHoldsTheRoomOfBadRowsHoldsUpNoRowThatWaits(TestServer server) throws SQLException {
    AtomicInteger waits = new AtomicInteger();
    Statements statements = new Statements();
    try (InboxHost host = new InboxHost(server);
        Laoke laoke = host.builder(statements.of(counted(host, waits))).build();
        Connection erp = host.pool.getConnection();
        Statement lock = erp.createStatement()) {
      erp.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      erp.setAutoCommit(false);
      // Between the bad rows and those that are not: no room where a row comes to be done.
      host.insert("ORDER", "A-0", order(0, 100));
      assertThat(host.tick()).isEqualTo(1);
      List<Long> bad = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        bad.add(host.insert("ORDER", "SO-" + i, "{}"));
      }
      long early = host.insert("STAGE", "SO-9", "{\"stage\": \"SHIPPED\", \"at\": null}");
      lock.executeQuery(
              "SELECT id FROM laoke_inbox WHERE dealer = 'hengxin' AND state = 'BAD' FOR UPDATE")
          .close();

      laoke.tick(InboxHost.NOW);

      assertThat(waits).as("waits in vain").hasValueLessThanOrEqualTo(4);
      assertThat(statements.batched())
          .as("a batch, of which each statement would wait")
          .noneMatch(sql -> sql.contains("reason_code"));
      assertThat(host.row(early).reason().orElseThrow().code()).isEqualTo("ORDER_UNKNOWN");
      assertThat(host.row(bad.get(0)).state()).isEqualTo(State.NEW);
      erp.rollback();
      laoke.tick(InboxHost.NOW);
      assertThat(host.dealer.inbox().count(State.BAD)).isEqualTo(6);
    }
  }

  /**
   * A wall refuses to let waits be bounded, so each lasts as long as the database lets it: here a
   * fifth of a second, or one on MySQL and MariaDB, with them fifty by default.
   */
  @ParameterizedTest
  @EnumSource(names = "MARIADB", mode = EnumSource.Mode.EXCLUDE)
  void withoutABoundOneWaitEndsTheRoundAndOthersStillComeToTheirTurn(TestServer server)
      throws SQLException {
    AtomicInteger waits = new AtomicInteger();
    try (InboxHost host = new InboxHost(server)) {
      for (int i = 0; i < 4; i++) {
        host.insert("ORDER", "SO-" + i, order(i, 100));
      }
      assertThat(host.tick()).isEqualTo(4);
      try (Laoke laoke = host.builder(walled(server, counted(host, waits))).build();
          Connection erp = host.pool.getConnection();
          Statement lock = erp.createStatement()) {
        erp.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        erp.setAutoCommit(false);
        lock.executeQuery(
                "SELECT id FROM laoke_member WHERE dealer_id = "
                    + host.text("SELECT id FROM laoke_dealer WHERE code = 'hengxin'").strip()
                    + " AND id < "
                    + host.dealer.members().find("C-2").orElseThrow().id()
                    + " FOR UPDATE")
            .close();
        for (int i = 0; i < 4; i++) {
          host.insert("ORDER", "SO-" + i, order(i, 200));
        }
        int done = 0;
        int rounds = 0;
        while (done < 2) {
          assertThat(++rounds).as("rounds").isLessThanOrEqualTo(4);
          waits.set(0);
          int applied = laoke.tick(InboxHost.NOW).inbound();
          // A tick that has applied some begins another round.
          assertThat(waits)
              .as("waits in tick " + rounds)
              .hasValueLessThanOrEqualTo(applied > 0 ? 2 : 1);
          done += applied;
        }
        for (int i = 2; i < 4; i++) {
          assertThat(host.dealer.orders().find("SO-" + i).orElseThrow().netFen()).isEqualTo(200);
        }
        erp.rollback();
        host.later();
        assertThat(laoke.tick(InboxHost.NOW).inbound()).isEqualTo(2);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutABoundOrdersThatOthersHaveLockedAreNotWaitedForAtAll(TestServer server)
      throws SQLException {
    AtomicInteger waits = new AtomicInteger();
    try (InboxHost host = new InboxHost(server);
        Laoke laoke = host.builder(walled(server, counted(host, waits))).build();
        Connection erp = host.pool.getConnection()) {
      for (int i = 0; i < 4; i++) {
        host.insert("ORDER", "SO-" + i, order(i, 100));
      }
      assertThat(laoke.tick(InboxHost.NOW).inbound()).isEqualTo(4);
      erp.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      erp.setAutoCommit(false);
      List<Long> held = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        host.dealer.in(erp).orders().upsert(Order.of("SO-" + i, InboxHost.NOW));
        held.add(host.insert("ORDER", "SO-" + i, order(i, 200)));
      }
      host.insert("ORDER", "SO-3", order(3, 200));
      waits.set(0);

      assertThat(laoke.tick(InboxHost.NOW).inbound()).isEqualTo(1);

      assertThat(waits).hasValue(0);
      for (long row : held) {
        assertThat(host.row(row).reason().orElseThrow().code()).isEqualTo("BUSY");
      }
      erp.rollback();
    }
  }

  /** PostgreSQL would wait for ever, MySQL and MariaDB for fifty seconds. */
  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MYSQL"})
  void noMemberIsWaitedForWithoutEndWhereNothingBoundsWaits(TestServer server) throws SQLException {
    try (InboxHost host = new InboxHost(server);
        Laoke laoke = host.builder(walled(host.pool, connection -> {})).build();
        Connection erp = host.pool.getConnection();
        Statement lock = erp.createStatement()) {
      host.insert("ORDER", "SO-1", order(1, 100));
      assertThat(laoke.tick(InboxHost.NOW).inbound()).isEqualTo(1);
      erp.setAutoCommit(false);
      lock.executeQuery("SELECT id FROM laoke_member FOR UPDATE").close();
      long row = host.insert("ORDER", "SO-1", order(1, 200));
      assertThat(laoke.tick(InboxHost.NOW).inbound()).isZero();
      assertThat(laoke.tick(InboxHost.NOW).inbound()).isZero();

      InboxFact busy = host.row(row);
      assertThat(busy.state()).isEqualTo(State.WAITING);
      assertThat(busy.reason().orElseThrow().code()).isEqualTo("BUSY");
      assertThat(busy.reason().orElseThrow().text())
          .contains("longer than 3 seconds", "waited for a lock of others");
      erp.rollback();
      host.later();
      assertThat(laoke.tick(InboxHost.NOW).inbound()).isEqualTo(1);
    }
  }

  private interface Opened {
    void by(Connection connection) throws SQLException;
  }

  /** A wall that refuses the bound, in front of a database that bounds each wait a little. */
  private static DataSource walled(TestServer server, DataSource database) {
    return walled(database, connection -> bound(server, connection));
  }

  private static DataSource walled(DataSource database, Opened opened) {
    return new TamperedDataSource(
        database,
        (connection, method, arguments) -> {
          if (method.equals("createStatement")) {
            throw new SQLException("not through this wall");
          }
          if (method.equals("setAutoCommit") && arguments[0].equals(false)) {
            opened.by(connection);
          }
        });
  }

  private static void bound(TestServer server, Connection connection) throws SQLException {
    try (Statement own = connection.createStatement()) {
      own.execute(
          switch (server) {
            case H2 -> "SET LOCK_TIMEOUT 200";
            case POSTGRESQL -> "SET lock_timeout = 200";
            case MYSQL, MARIADB -> "SET SESSION innodb_lock_wait_timeout = 1";
          });
    }
  }

  @Test
  void beingBusyBringsARowNoNearerToBeListedAsFailed() throws SQLException {
    Deque<String> answers = new ArrayDeque<>();
    try (InboxHost host = new InboxHost(TestServer.H2)) {
      TamperedDataSource moody =
          new TamperedDataSource(
              host.pool,
              (connection, method, arguments) -> {
                if (method.equals("prepareStatement")
                    && String.valueOf(arguments[0]).contains("INTO laoke_customer_order")) {
                  throw new SQLException("moody", answers.remove());
                }
              });
      try (Laoke laoke = host.builder(moody).build()) {
        long row = host.insert("ORDER", "SO-1", order(1, 100));
        String locked = "55P03";
        String fault = "22001";
        for (String answer :
            List.of(
                locked, locked, locked, locked, locked, locked, locked, fault, locked, fault, fault,
                locked, locked, fault, fault, locked)) {
          answers.add(answer);
          laoke.tick(InboxHost.NOW);
          assertThat(answers).isEmpty();
          assertThat(host.row(row).state()).as("after " + answer).isEqualTo(State.WAITING);
          host.later();
        }
        assertThat(host.row(row).reason().orElseThrow().code()).isEqualTo("FAILING");
        assertThat(host.row(row).tries()).isEqualTo(5);

        answers.add(fault);
        laoke.tick(InboxHost.NOW);

        assertThat(host.row(row).state()).isEqualTo(State.BAD);
        assertThat(host.row(row).reason().orElseThrow().code()).isEqualTo("FAILED");
        assertThat(host.row(row).tries()).isEqualTo(6);
      }
    }
  }
}
