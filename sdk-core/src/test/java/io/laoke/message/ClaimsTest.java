package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.internal.jdbc.Tx;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Claims as they are written down, and outcomes that come in crowds. */
class ClaimsTest {
  private static final Duration PAST_THE_LEASE = Duration.ofSeconds(61);

  @ParameterizedTest
  @EnumSource
  void aClaimGoesWithItsLastOutcomeAndNotBefore(TestServer server) {
    try (Host host = new Host(server)) {
      host.account.channel.maxInFlight = 20;
      List<CompletableFuture<SendOutcome>> open = new ArrayList<>();
      host.account.channel.answer =
          message -> {
            CompletableFuture<SendOutcome> answer = new CompletableFuture<>();
            open.add(answer);
            return answer;
          };
      MessageModule module = host.module();
      for (int order = 1; order <= 3; order++) {
        host.enqueue(module, host.message(order, "o-anna", 1, "m"));
      }
      module.tick(Host.NOW, Duration.ofMillis(300));
      assertThat(claimed(host)).containsExactly(3);

      open.get(0).complete(new SendOutcome.Accepted("p1", List.of()));
      open.get(1).complete(new SendOutcome.Accepted("p2", List.of()));
      module.tick(Host.NOW, Duration.ofMillis(300));
      assertThat(host.states()).containsExactlyInAnyOrder("SENT", "SENT", "CLAIMED");
      assertThat(claimed(host)).as("the lease has to find the third").containsExactly(3);

      open.get(2).complete(new SendOutcome.Accepted("p3", List.of()));
      host.tick(module);
      assertThat(host.states()).containsOnly("SENT");
      assertThat(host.count("outbox_claim")).isZero();
    }
  }

  /** How many messages each claim names. */
  private static List<Integer> claimed(Host host) {
    return host.read(
        tx ->
            tx.query("SELECT messages FROM {outbox_claim} ORDER BY token")
                .mapTo(String.class)
                .map(messages -> messages.split(",").length)
                .list());
  }

  @ParameterizedTest
  @EnumSource
  void whatNeverWentToAChannelLeavesNoClaim(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      module.gate(
          (tx, tenant, now, asked) ->
              asked.stream()
                  .<GateRule.Verdict>map(one -> new GateRule.Verdict.Stop(Reason.of("NO", "no")))
                  .toList());
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      assertThat(host.states()).containsExactly("STOPPED");
      assertThat(host.count("outbox_claim")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClaimThatAVersionBeforeDidNotWriteDownIsFoundAllTheSame(TestServer server) {
    try (Host host = new Host(server)) {
      host.account.channel.answer = message -> new CompletableFuture<>();
      MessageModule dead = host.module();
      host.enqueue(dead, host.message(1, "o-anna", 1, "a"));
      dead.tick(Host.NOW, Duration.ofMillis(300));
      host.database.own("as before", tx -> tx.update("DELETE FROM {outbox_claim}").execute());
      host.account.channel.answer = message -> FakeChannel.now(FakeChannel.accepted(message));
      host.tick(host.module());
      assertThat(host.states()).as("the lease still runs").containsExactly("CLAIMED");

      host.pass(PAST_THE_LEASE);
      host.tick(host.module());
      assertThat(host.states()).containsExactly("SENT");
      assertThat(host.account.channel.values()).containsExactly("a", "a");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MYSQL", "MARIADB"})
  void aClaimOfWhichSomebodyHoldsAMessageIsNotForgotten(TestServer server) throws SQLException {
    try (Host host = new Host(server)) {
      host.account.channel.answer = message -> new CompletableFuture<>();
      MessageModule dead = host.module();
      host.enqueue(dead, host.message(1, "o-anna", 1, "a"), host.message(2, "o-anna", 1, "b"));
      dead.tick(Host.NOW, Duration.ofMillis(300));
      host.account.channel.answer = message -> FakeChannel.now(FakeChannel.accepted(message));
      host.pass(PAST_THE_LEASE);
      MessageModule next = host.module();
      try (Connection other = host.pool.getConnection();
          Statement statement = other.createStatement()) {
        other.setAutoCommit(false);
        statement.executeQuery(
            "SELECT id FROM laoke_outbox WHERE dealer_id = 1 AND id = %d FOR UPDATE"
                .formatted(host.number("SELECT MIN(id) FROM {outbox}")));
        host.tick(next);
        assertThat(host.states()).containsExactly("CLAIMED", "SENT");
        assertThat(host.count("outbox_claim")).isEqualTo(1);
        assertThat(
                host.number(
                    "SELECT COUNT(*) FROM {outbox_claim} WHERE lease_until_ms > "
                        + host.read(Tx::machineMillis)
                        + " - 10000"))
            .as("it stands behind the claims that can be helped")
            .isEqualTo(1);
        other.rollback();
      }
      host.pass(Duration.ofSeconds(1));
      host.tick(host.module());
      assertThat(host.states()).containsExactly("SENT", "SENT");
      assertThat(host.count("outbox_claim")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void crowdsOfOutcomesAreWrittenBesideTheVisitsAndCounted(TestServer server) throws Exception {
    ExecutorService platform = Executors.newFixedThreadPool(8);
    try (Host host = new Host(server)) {
      CountDownLatch crowd = new CountDownLatch(1);
      host.account.channel.maxInFlight = 150;
      host.account.channel.answer =
          message ->
              CompletableFuture.supplyAsync(
                  () -> {
                    await(crowd);
                    return message.body().fields().get("thing1").value().equals("no")
                        ? new SendOutcome.Refused(Reason.of("NO", "no"), false, false)
                        : FakeChannel.accepted(message);
                  },
                  platform);
      MessageModule module = host.module();
      NewMessage[] messages = new NewMessage[600];
      Arrays.setAll(messages, i -> host.message(i, "o-" + i, 1, i % 10 == 0 ? "no" : "m"));
      host.enqueue(module, messages);
      crowd.countDown();
      TickReport report = host.tick(module);
      assertThat(report.sent()).isEqualTo(540);
      assertThat(report.failed()).isEqualTo(60);
      assertThat(report.remaining()).isZero();
      assertThat(host.account.channel.sent()).hasSize(600);
      assertThat(host.states()).hasSize(600).containsOnly("SENT", "REFUSED");
      assertThat(host.count("outbox_claim")).isZero();
      assertThat(Thread.getAllStackTraces().keySet())
          .as("it took part")
          .anyMatch(thread -> thread.getName().equals("laoke-outcomes"));
    } finally {
      platform.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDecisionThatWasPutOffTellsThatItWasSentAndWhatWasReported(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.script(
          new SendOutcome.Later(Duration.ZERO, false, Reason.of("BUSY", "busy")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      Decision before = host.decision(module, 1);
      assertThat(before.result()).isEqualTo(Decision.Result.DEFERRED);
      assertThat(before.reason()).map(Reason::code).contains("BUSY");

      host.pass(Duration.ofMinutes(1));
      host.tick(module);
      Decision sent = host.decision(module, 1);
      assertThat(sent.result()).isEqualTo(Decision.Result.SENT);
      assertThat(sent.reason()).isEmpty();
      assertThat(sent.delivery()).isEmpty();
      assertThat(sent.changedAt()).isAfter(before.changedAt());

      String provider =
          host.read(tx -> tx.query("SELECT provider_id FROM {outbox}").mapTo(String.class).one());
      module
          .receiver()
          .accept(
              "wx1",
              new Inbound.Reported(
                  "r1", Host.NOW, "o-anna", provider, Inbound.Delivery.DELIVERED, "success"))
          .process();
      Decision told = host.decision(module, 1);
      assertThat(told.result()).isEqualTo(Decision.Result.SENT);
      assertThat(told.reason()).isEmpty();
      assertThat(told.delivery()).contains(Inbound.Delivery.DELIVERED);
      assertThat(host.number("SELECT COUNT(*) FROM {decision} WHERE reason_code IS NOT NULL"))
          .as("the reason of the delay is gone")
          .isZero();
    }
  }
}
