package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.base.HostTransaction;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.laoke.internal.jdbc.Tx;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Machine time is the clock of the database. Here it is far ahead of that of the process, as it
 * would be for a node whose own clock is wrong.
 */
class DatabaseClockTest {
  private static final Duration AHEAD = Duration.ofDays(400);

  private static final Map<String, SendOutcome> OUTCOMES =
      Map.of(
          "refused", new SendOutcome.Refused(Reason.of("43004", "gone"), false, false),
          "later", new SendOutcome.Later(Duration.ofMinutes(9), false, Reason.of("-1", "busy")),
          "doubt", new SendOutcome.Unknown(Reason.of("TIMEOUT", "?")),
          "misfit",
              new SendOutcome.Misconfigured(
                  SendOutcome.Scope.MESSAGE, Reason.of("47003", "argument")),
          "quota", new SendOutcome.Later(Duration.ofHours(1), true, Reason.of("45009", "quota")));

  /** All that the engine has stored of machine time. */
  private static final List<String> TIMES =
      List.of(
          "SELECT lease_until_ms FROM {outbox} WHERE state = 'CLAIMED'",
          "SELECT lease_until_ms FROM {outbox_claim}",
          "SELECT retry_ms FROM {outbox} WHERE retry_ms > 0",
          "SELECT first_attempt_ms FROM {outbox} WHERE first_attempt_ms IS NOT NULL",
          "SELECT ended_ms FROM {outbox} WHERE ended_ms IS NOT NULL",
          "SELECT since_ms FROM {pause}",
          "SELECT until_ms FROM {pause}",
          "SELECT at_ms FROM {template_misfit}",
          "SELECT changed_ms FROM {decision} WHERE result <> 'QUEUED'");

  private static Database ahead(Host host, AtomicLong by) {
    String clock = host.read(tx -> tx.dialect().machineMillis());
    return new Database(
        new TamperedDataSource(
            host.pool,
            (connection, method, arguments) -> {
              if (method.equals("prepareStatement")) {
                String sql = String.valueOf(arguments[0]);
                arguments[0] = sql.replace(clock, "(" + clock + " + " + by + ")");
              }
            }),
        HostTransaction.none(),
        new Names("laoke_", Optional.empty()));
  }

  private static MessageModule module(Host host, Database database) {
    return host.module(Host.LONG_LEASE, new Accounts(host.accounts), database);
  }

  private static CompletionStage<SendOutcome> answer(Outbound message) {
    String value = message.body().fields().get("thing1").value();
    return value.equals("under way")
        ? new CompletableFuture<>()
        : FakeChannel.now(OUTCOMES.getOrDefault(value, FakeChannel.accepted(message)));
  }

  private static List<Long> times(Host host, String sql) {
    return host.read(tx -> tx.query(sql).mapTo(Long.class).list());
  }

  private static NewMessage message(Host host, String account, long order, String value) {
    return host.message(host.dealer, account, order, "o-anna", 1, Purpose.ORDER, value);
  }

  @ParameterizedTest
  @EnumSource
  void leasesBackOffsPausesAndNotesGoByTheDatabasesClock(TestServer server) {
    try (Host host = new Host(server)) {
      FakeAccount second = host.account(host.dealer, "wx2");
      host.account.channel.answer = DatabaseClockTest::answer;
      second.channel.answer = DatabaseClockTest::answer;
      AtomicLong by = new AtomicLong(AHEAD.toMillis());
      Database database = ahead(host, by);
      MessageModule one = module(host, database);
      List<String> values = List.of("accepted", "refused", "later", "doubt", "misfit", "under way");
      for (int i = 0; i < values.size(); i++) {
        host.enqueue(one, message(host, "wx1", i + 1, values.get(i)));
      }
      host.enqueue(one, message(host, "wx2", 9, "quota"));
      one.tick(Host.NOW, Duration.ZERO);

      long then = host.read(Tx::machineMillis) + AHEAD.toMillis();
      for (String sql : TIMES) {
        assertThat(times(host, sql))
            .as(sql)
            .isNotEmpty()
            .allMatch(time -> Math.abs(time - then) < Duration.ofHours(2).toMillis());
      }
      assertThat(times(host, "SELECT due_ms FROM {work_due}"))
          .as("notes of the lease and of the back-offs")
          .contains(host.number("SELECT MAX(lease_until_ms) + 1 FROM {outbox_claim}"))
          .contains(host.number("SELECT MIN(retry_ms) FROM {outbox} WHERE retry_ms > 0"));

      host.account.channel.answer = message -> FakeChannel.now(FakeChannel.accepted(message));
      second.channel.answer = host.account.channel.answer;
      MessageModule two = module(host, database);
      two.tick(Host.NOW, Duration.ZERO);
      assertThat(host.account.channel.sent()).as("nothing is due yet").hasSize(6);
      by.addAndGet(Duration.ofSeconds(61).toMillis());
      two.tick(Host.NOW, Duration.ZERO);
      assertThat(host.account.channel.values().subList(6, 8))
          .as("the lease is over, and the back-off")
          .containsExactlyInAnyOrder("under way", "doubt");
      by.addAndGet(Duration.ofMinutes(8).toMillis());
      two.tick(Host.NOW, Duration.ZERO);
      assertThat(host.account.channel.values()).hasSize(9).endsWith("later");
      assertThat(second.channel.sent()).hasSize(1);
      by.addAndGet(Duration.ofHours(1).toMillis());
      two.tick(Host.NOW, Duration.ZERO);
      assertThat(second.channel.values()).containsExactly("quota", "quota");
    }
  }
}
