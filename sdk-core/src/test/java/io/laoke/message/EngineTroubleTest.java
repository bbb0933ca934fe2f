package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.base.HostTransaction;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.laoke.internal.tenant.Tenant;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A started engine that cannot work tells it once, whatever it is, and goes on by itself. */
class EngineTroubleTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @Test
  void aRuleThatFailsAgainAndAgainIsToldOnceForItsDealer() {
    try (Host host = new Host(TestServer.H2)) {
      AtomicBoolean broken = new AtomicBoolean(true);
      AtomicInteger asked = new AtomicInteger();
      MessageModule module = host.module();
      module.gate(
          (tx, tenant, now, candidates) -> {
            asked.incrementAndGet();
            if (broken.get()) {
              throw new IllegalStateException("broken rule");
            }
            return candidates.stream().map(one -> GateRule.Verdict.pass()).toList();
          });
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      module.start();
      await().atMost(SOON).until(() -> asked.get() > 6);
      broken.set(false);
      await().atMost(SOON).until(() -> host.states().contains("SENT"));

      assertThat(host.alarms)
          .singleElement()
          .satisfies(
              alarm -> {
                assertThat(alarm.kind()).isEqualTo(Alarm.Kind.STALLED);
                assertThat(alarm.dealer()).isEqualTo("hengxin");
                assertThat(alarm.reason().text()).contains("IllegalStateException");
              });
    }
  }

  @Test
  void aDatabaseThatTakesNoWritesIsToldOnceForAllDealers() {
    try (Host host = new Host(TestServer.H2)) {
      AtomicBoolean full = new AtomicBoolean();
      AtomicInteger refused = new AtomicInteger();
      Database filling =
          new Database(
              new TamperedDataSource(
                  host.pool,
                  (connection, method, arguments) -> {
                    if (full.get() && method.equals("commit")) {
                      refused.incrementAndGet();
                      throw new SQLException("could not extend file: No space left", "53100");
                    }
                  }),
              HostTransaction.none(),
              new Names("laoke_", Optional.empty()));
      Tenant other = host.dealer("other");
      host.account(other, "wx3");
      MessageModule module = host.module(Host.QUICK, new Accounts(host.accounts), filling);
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.enqueue(module, other, host.message(other, "wx3", 1, "o-b", 1, Purpose.CARE, "b"));
      full.set(true);
      module.start();
      await().atMost(SOON).until(() -> refused.get() > 6);
      assertThat(host.account.channel.sent()).isEmpty();
      full.set(false);
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(host.states()).containsOnly("SENT").hasSize(2));

      assertThat(host.alarms)
          .singleElement()
          .satisfies(
              alarm -> {
                assertThat(alarm.kind()).isEqualTo(Alarm.Kind.STALLED);
                assertThat(alarm.dealer()).isEmpty();
                assertThat(alarm.reason().text()).contains("No space left");
              });
    }
  }

  @Test
  void theSameRefusalOfManyMessagesIsToldOnce() {
    try (Host host = new Host(TestServer.H2)) {
      MessageModule module = host.module();
      host.account.channel.answer =
          message ->
              FakeChannel.now(
                  new SendOutcome.Refused(
                      Reason.of(message.body().fields().get("thing1").value(), "?"), false, true));
      for (int i = 1; i <= 20; i++) {
        host.enqueue(module, host.message(i, "o-anna", 1, i % 10 == 0 ? "48888" : "47777"));
      }
      host.tick(module);

      assertThat(host.states()).containsOnly("REFUSED");
      assertThat(host.alarms)
          .extracting(alarm -> alarm.reason().code())
          .containsExactlyInAnyOrder("47777", "48888");
    }
  }
}
