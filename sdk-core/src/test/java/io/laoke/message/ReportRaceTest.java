package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.base.HostTransaction;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Delivery reports that meet what they report. */
class ReportRaceTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /**
   * Two messages to one person: whether the first arrived is unknown, the second was accepted, and
   * that is written but not committed when its report comes. The report waits for it, and by then
   * the first is the only one without an outcome.
   */
  @ParameterizedTest
  @EnumSource
  void aReportWhoseOwnMessageIsJustBeingAcceptedSettlesNoOther(TestServer server) throws Exception {
    try (Host host = new Host(server)) {
      host.account.channel.script(
          new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")),
          new SendOutcome.Accepted("second", List.of()));
      MessageModule other = host.module();
      host.enqueue(other, host.message(1, "o-anna", 1, "a"));
      host.tick(other);
      assertThat(host.states()).containsExactly("WAITING");
      CountDownLatch written = new CountDownLatch(1);
      CountDownLatch commit = new CountDownLatch(1);
      MessageModule sending =
          host.module(Host.QUICK, new Accounts(host.accounts), late(host, written, commit));
      ExecutorService threads = Executors.newFixedThreadPool(2);
      try {
        host.enqueue(other, host.message(2, "o-anna", 1, "b"));
        Future<TickReport> sent = threads.submit(() -> host.tick(sending));
        assertThat(written.await(20, TimeUnit.SECONDS)).isTrue();
        Future<Reply> reported =
            threads.submit(
                () ->
                    other
                        .receiver()
                        .accept(
                            "wx1",
                            new Inbound.Reported(
                                "r1",
                                Host.NOW,
                                "o-anna",
                                "second",
                                Inbound.Delivery.DELIVERED,
                                "success"))
                        .process());
        await().atMost(SOON).until(() -> reported.isDone() || waiting(host, server));
        commit.countDown();
        reported.get(20, TimeUnit.SECONDS);
        sent.get(20, TimeUnit.SECONDS);
      } finally {
        commit.countDown();
        threads.shutdownNow();
      }

      assertThat(host.states()).containsExactly("WAITING", "SENT");
      assertThat(host.number("SELECT COUNT(*) FROM {outbox} WHERE uncertain = 1 AND order_id = 1"))
          .as("nothing is known of the first")
          .isEqualTo(1);
      assertThat(host.decision(other, 1).result()).isEqualTo(Decision.Result.DEFERRED);
      assertThat(host.decision(other, 2).result()).isEqualTo(Decision.Result.SENT);
      assertThat(host.decision(other, 2).delivery()).contains(Inbound.Delivery.DELIVERED);
    }
  }

  /** A database in which the acceptance of the second message is committed only when told so. */
  private static Database late(Host host, CountDownLatch written, CountDownLatch commit) {
    AtomicBoolean first = new AtomicBoolean(true);
    return new Database(
        new TamperedDataSource(
            host.pool,
            (connection, method, arguments) -> {
              if (method.equals("commit") && accepted(connection) && first.getAndSet(false)) {
                written.countDown();
                hold(commit);
              }
            }),
        HostTransaction.none(),
        new Names("laoke_", Optional.empty()));
  }

  private static boolean accepted(Connection connection) throws SQLException {
    return number(connection, "SELECT COUNT(*) FROM laoke_outbox WHERE provider_id = 'second'") > 0;
  }

  private static void hold(CountDownLatch until) throws SQLException {
    try {
      if (!until.await(20, TimeUnit.SECONDS)) {
        throw new SQLException("held for too long");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether somebody waits for a row. */
  private static boolean waiting(Host host, TestServer server) throws SQLException {
    String waits =
        switch (server) {
          case H2 -> "SELECT COUNT(*) FROM information_schema.sessions WHERE blocker_id > 0";
          case POSTGRESQL ->
              """
              SELECT COUNT(*) FROM pg_stat_activity
              WHERE wait_event_type = 'Lock' AND application_name = current_schema()""";
          case MYSQL, MARIADB ->
              "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
        };
    try (Connection connection = TestServer.straight(host.pool).getConnection()) {
      return number(connection, waits) > 0;
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
