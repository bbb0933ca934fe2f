package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.testing.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Until when a claimed message may be handed over, and what becomes of one that was not. */
class HandOverTest {
  /** Over while a test waits for it. */
  private static final EngineSettings SHORT_LEASE =
      new EngineSettings(
          Duration.ofMillis(200),
          Duration.ofMillis(10),
          Duration.ofMillis(50),
          Duration.ofSeconds(20),
          Duration.ofSeconds(40));

  /** Claims as a visit of the engine does, and hands nothing over. */
  private static List<Visit.Ready> claimed(Host host) {
    Notes notes = new Notes(host.ids);
    Visit.Tools tools =
        new Visit.Tools(
            host.json,
            notes,
            new Pauses(host.ids, notes),
            new Reports(host.json, notes),
            List.of(),
            (tx, tenant, account, hash) -> Optional.ofNullable(host.addresses.get(hash)),
            (tx, tenant, kind, account, templates) -> account.channel(kind),
            (tx, tenant, account, messages) -> Map.of(),
            Host.LONG_LEASE);
    return host.database
        .own(
            "claim",
            tx ->
                new Visit(tools, tx, host.dealer, Host.NOW)
                    .run(List.of(new Visit.Quota(host.account, 10)), true, false, false))
        .ready();
  }

  private static Duration leftFor(Visit.Ready one) {
    return Duration.ofNanos(one.sendBeforeNanos() - System.nanoTime());
  }

  @ParameterizedTest
  @EnumSource
  void aDoubtfulMessageIsRepeatedWhileItsWindowIsOpenAndNotLongerThanItsLease(TestServer server) {
    try (Host host = new Host(server)) {
      Duration left = Duration.ofSeconds(30); // less than of the lease
      MessageModule module = host.module(Host.LONG_LEASE);
      host.account.channel.script(new SendOutcome.Unknown(Reason.of("TIMEOUT", "?")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      host.pass(host.account.channel.window.minus(Duration.ofMinutes(1)).minus(left));

      assertThat(claimed(host))
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.row().uncertain()).isTrue();
                assertThat(one.lookup()).isFalse();
                assertThat(leftFor(one)).isPositive().isLessThan(left);
              });
    }
  }

  @Test
  void theCallAndAMomentForItsOutcomeFitIntoTheLease() {
    try (Host host = new Host(TestServer.H2)) {
      host.enqueue(host.module(Host.LONG_LEASE), host.message(1, "o-anna", 1, "a"));
      host.account.channel.callLimit = Duration.ofSeconds(20);
      assertThat(claimed(host))
          .singleElement()
          .satisfies(
              one ->
                  assertThat(leftFor(one))
                      .isBetween(Duration.ofSeconds(10), Duration.ofMillis(39_500)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatNeverAnswersHoldsItsRoomForALeaseAndIsHeardWhenItAnswersAtLast(TestServer server) {
    try (Host host = new Host(server)) {
      List<CompletableFuture<SendOutcome>> calls = new ArrayList<>();
      host.account.channel.maxInFlight = 1;
      host.account.channel.callLimit = Duration.ofMillis(1);
      host.account.channel.answer =
          message -> {
            CompletableFuture<SendOutcome> call = new CompletableFuture<>();
            calls.add(call);
            return call;
          };
      MessageModule module = host.module(SHORT_LEASE);
      host.enqueue(module, host.message(1, "o-anna", 1, "never answered"));
      await().until(() -> hasSent(host, module, 1));
      host.account.channel.answer = message -> FakeChannel.now(FakeChannel.accepted(message));
      host.enqueue(module, host.message(2, "o-ben", 1, "behind it"));
      host.pass(Duration.ofMinutes(10));
      await()
          .until(
              () -> {
                host.tick(module);
                return host.states().equals(List.of("PARKED", "SENT"));
              });
      assertThat(host.account.channel.values()).containsExactly("never answered", "behind it");

      calls.get(0).complete(new SendOutcome.Accepted("late", List.of()));
      host.tick(module);
      assertThat(host.states()).containsExactly("SENT", "SENT");
    }
  }

  private static boolean hasSent(Host host, MessageModule module, int messages) {
    module.tick(Host.NOW, Duration.ZERO);
    return host.account.channel.sent().size() == messages;
  }

  @ParameterizedTest
  @EnumSource
  void aMessageThatIsGivenBackAgainAndAgainIsNotSuspectedOfEndingItsWorker(TestServer server) {
    try (Host host = new Host(server)) {
      List<CompletableFuture<SendOutcome>> calls = new ArrayList<>();
      host.account.channel.maxInFlight = 1;
      host.account.channel.answer =
          message -> {
            CompletableFuture<SendOutcome> call = new CompletableFuture<>();
            calls.add(call);
            return call;
          };
      MessageModule module = host.module(Host.LONG_LEASE);
      host.enqueue(module, host.message(1, "o-anna", 1, "slow"));
      module.tick(Host.NOW, Duration.ZERO);
      host.enqueue(module, host.message(2, "o-ben", 1, "behind it"));
      for (int turn = 0; turn <= Visit.MOST_CLAIMS; turn++) {
        assertThat(module.tick(Host.NOW, Duration.ZERO).claimed()).isEqualTo(1);
        assertThat(host.states()).containsExactly("CLAIMED", "WAITING");
      }
      assertThat(
              host.number(
                  "SELECT MAX(claims + attempts + uncertain) FROM {outbox} WHERE state = 'WAITING'"))
          .isZero();

      calls.get(0).complete(new SendOutcome.Accepted("p", List.of()));
      module.tick(Host.NOW, Duration.ZERO);
      await().until(() -> hasSent(host, module, 2));
      host.pass(Duration.ofSeconds(61)); // its worker is dead
      host.account.channel.answer = message -> FakeChannel.now(FakeChannel.accepted(message));
      host.tick(host.module(Host.LONG_LEASE));
      assertThat(host.account.channel.values()).containsExactly("slow", "behind it", "behind it");
      assertThat(host.states()).containsExactly("SENT", "SENT");
      assertThat(host.alarms).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatARulePutsOffIntoThePastIsNotLookedAtAgainBeforeTheClockMoves(TestServer server) {
    try (Host host = new Host(server)) {
      AtomicInteger asked = new AtomicInteger();
      MessageModule module = host.module();
      module.gate(
          (tx, tenant, now, messages) -> {
            asked.incrementAndGet();
            return List.of(
                new GateRule.Verdict.Defer(now.minusSeconds(3600), Reason.of("WAIT", "wait")));
          });
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      assertThat(module.tick(Host.NOW, Duration.ofSeconds(1)).deferred()).isEqualTo(1);
      module.tick(Host.NOW, Duration.ofSeconds(1));
      assertThat(asked).hasValue(1);
      assertThat(host.number("SELECT due_ms FROM {outbox}")).isEqualTo(Host.NOW.toEpochMilli() + 1);

      module.tick(Host.NOW.plusMillis(1), Duration.ofSeconds(1));
      assertThat(asked).hasValue(2);
    }
  }
}
