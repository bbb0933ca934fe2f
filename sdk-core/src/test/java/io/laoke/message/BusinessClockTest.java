package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Half a year back and forth changes nothing of what goes by machine time. */
class BusinessClockTest {
  private static final Duration HALF_A_YEAR = Duration.ofDays(182);
  private static final List<Instant> ANY_TIME =
      List.of(
          Host.NOW.plus(HALF_A_YEAR),
          Host.NOW.minus(HALF_A_YEAR),
          Host.NOW,
          Host.NOW.minus(HALF_A_YEAR),
          Host.NOW.plus(HALF_A_YEAR));

  /** No lease or back-off is over before the test is. */
  private static final EngineSettings SLOW =
      new EngineSettings(
          Duration.ofSeconds(60),
          Duration.ofMillis(50),
          Duration.ofMillis(200),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10));

  /** Valid for two years, so that no business time makes it too old. */
  private static NewMessage lasting(Host host, long order, String text) {
    return lasting(host.message(order, "o-anna", 1, text));
  }

  private static NewMessage lasting(NewMessage one) {
    return new NewMessage(
        one.causeKind(),
        one.causeId(),
        one.orderId(),
        one.orderNo(),
        one.account(),
        one.openidHash(),
        one.seq(),
        one.purpose(),
        one.channel(),
        one.body(),
        one.dueAt(),
        Host.NOW.plus(Duration.ofDays(730)));
  }

  private static String machineTimes(Host host) {
    return host.read(
        tx -> {
          StringBuilder all = new StringBuilder();
          tx.query(
                  """
                  SELECT id, state, claim_token, lease_until_ms, claims, attempts, retry_ms, first_attempt_ms,
                    uncertain, pause_id FROM {outbox} ORDER BY id""")
              .mapToMap()
              .forEach(row -> all.append(new TreeMap<>(row)).append('\n'));
          tx.query("SELECT id, since_ms, until_ms FROM {pause} ORDER BY id")
              .mapToMap()
              .forEach(row -> all.append(new TreeMap<>(row)).append('\n'));
          return all.toString();
        });
  }

  @ParameterizedTest
  @EnumSource
  void noLeaseBackOffPauseOrWindowMoves(TestServer server) {
    try (Host host = new Host(server)) {
      FakeAccount quota = host.account(host.dealer, "wx2");
      MessageModule one = host.module(SLOW);
      MessageModule two = host.module(SLOW);
      host.account.channel.script(
          new SendOutcome.Unknown(Reason.of("TIMEOUT", "?")),
          new SendOutcome.Later(Duration.ofMinutes(9), false, Reason.of("-1", "busy")));
      host.enqueue(one, lasting(host, 1, "doubtful"));
      host.tick(one);
      host.enqueue(one, lasting(host, 2, "put off"));
      host.tick(one);
      quota.channel.script(
          new SendOutcome.Later(Duration.ofHours(1), true, Reason.of("45009", "quota")));
      host.enqueue(
          one, lasting(host.message(host.dealer, "wx2", 4, "o-anna", 1, Purpose.ORDER, "paused")));
      host.tick(one);
      host.account.channel.answer = message -> new CompletableFuture<>();
      host.enqueue(one, lasting(host, 3, "under way"));
      one.tick(Host.NOW, Duration.ofMillis(100));
      String before = machineTimes(host);
      assertThat(before).contains("CLAIMED");

      for (Instant time : ANY_TIME) {
        two.tick(time, Host.BUDGET);
        one.tick(time, Duration.ofMillis(20));
        assertThat(machineTimes(host)).as("at %s", time).isEqualTo(before);
      }
      assertThat(host.account.channel.values()).containsExactly("doubtful", "put off", "under way");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theWindowOfRepeatsGoesByMachineTimeAlone(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      SendOutcome doubt = new SendOutcome.Unknown(Reason.of("TIMEOUT", "?"));
      host.account.channel.script(doubt);
      host.enqueue(module, lasting(host, 1, "in time"));
      host.tick(module);
      for (Instant time : ANY_TIME) {
        module.tick(time, Host.BUDGET);
      }
      assertThat(host.account.channel.sent()).hasSize(1);
      host.pass(Duration.ofMinutes(8));
      module.tick(Host.NOW.plus(HALF_A_YEAR), Host.BUDGET);
      assertThat(host.account.channel.values()).containsExactly("in time", "in time");
      assertThat(host.account.channel.sent().stream().map(Outbound::dedupeId).distinct())
          .hasSize(1);

      host.account.channel.script(doubt);
      host.enqueue(module, lasting(host, 2, "too late"));
      host.tick(module);
      host.pass(Duration.ofMinutes(10));
      module.tick(Host.NOW.plus(HALF_A_YEAR), Host.BUDGET);
      assertThat(host.account.channel.values()).containsExactly("in time", "in time", "too late");
      assertThat(host.states()).containsExactly("SENT", "PARKED");
    }
  }
}
