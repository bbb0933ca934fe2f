package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.laoke.error.InvalidInputException;
import io.laoke.internal.tenant.Tenant;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineSharingTest {
  /** So that what came back did not back off, which takes {@link Host#QUICK} 20 s. */
  private static final Duration UNDER_BACK_OFF = Duration.ofSeconds(18);

  private final ScheduledExecutorService platform = Executors.newScheduledThreadPool(4);

  @AfterEach
  void end() {
    platform.shutdownNow();
  }

  private CompletionStage<SendOutcome> soon(SendOutcome outcome, long millis) {
    CompletableFuture<SendOutcome> answer = new CompletableFuture<>();
    platform.schedule(() -> answer.complete(outcome), millis, TimeUnit.MILLISECONDS);
    return answer;
  }

  @ParameterizedTest
  @EnumSource
  void twoEnginesSendEachMessageOnceAndInOrder(TestServer server) throws Exception {
    try (Host host = new Host(server)) {
      Random random = new Random(7);
      host.account.channel.maxInFlight = 16;
      host.account.channel.answer =
          message -> {
            synchronized (random) {
              return soon(FakeChannel.accepted(message), random.nextInt(8));
            }
          };
      MessageModule one = host.module();
      MessageModule two = host.module();
      one.start();
      two.start();
      one.start();
      for (int seq = 1; seq <= 10; seq++) {
        NewMessage[] round = new NewMessage[50];
        for (int order = 0; order < 50; order++) {
          round[order] = host.message(order, "o-anna", seq, order + "/" + seq);
        }
        host.enqueue(seq % 2 == 0 ? one : two, round);
      }

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> host.number("SELECT COUNT(*) FROM {outbox} WHERE state = 'SENT'") == 500);

      assertOnceAndInOrder(host, 500);
    }
  }

  private static void assertOnceAndInOrder(Host host, int messages) {
    List<String> values = host.account.channel.values();
    assertThat(values).doesNotHaveDuplicates().hasSize(messages);
    Map<String, Integer> last = new HashMap<>();
    for (String value : values) {
      String[] parts = value.split("/", -1);
      int seq = Integer.parseInt(parts[1]);
      assertThat(seq).isEqualTo(last.getOrDefault(parts[0], 0) + 1);
      last.put(parts[0], seq);
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoTicksOfTwoNodesShareTheWork(TestServer server) throws Exception {
    try (Host host = new Host(server)) {
      host.account.channel.answer = message -> soon(FakeChannel.accepted(message), 1);
      MessageModule one = host.module();
      MessageModule two = host.module();
      for (int order = 0; order < 400; order++) {
        host.enqueue(one, host.message(order, "o-anna", 1, order + "/1"));
      }
      CompletableFuture<TickReport> other =
          CompletableFuture.supplyAsync(() -> host.tick(two), platform);
      TickReport mine = host.tick(one);
      TickReport its = other.get(60, TimeUnit.SECONDS);
      TickReport rest = host.tick(one);

      assertThat(mine.sent() + its.sent() + rest.sent()).isEqualTo(400);
      assertOnceAndInOrder(host, 400);
    }
  }

  @ParameterizedTest
  @EnumSource
  void neverMoreUnderWayThanTheChannelTakes(TestServer server) {
    try (Host host = new Host(server)) {
      host.account.channel.maxInFlight = 3;
      host.account.channel.answer = message -> soon(FakeChannel.accepted(message), 2);
      MessageModule module = host.module();
      for (int order = 0; order < 60; order++) {
        host.enqueue(module, host.message(order, "o-anna", 1, "m"));
      }
      assertThat(host.tick(module).sent()).isEqualTo(60);
      assertThat(host.account.channel.most.get()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHangingAccountHoldsUpNobodyElse(TestServer server) {
    try (Host host = new Host(server)) {
      FakeAccount second = host.account(host.dealer, "wx2");
      Tenant other = host.dealer("other");
      FakeAccount third = host.account(other, "wx3");
      host.account.channel.answer = message -> new CompletableFuture<>();
      MessageModule module =
          host.module(
              new EngineSettings(
                  Duration.ofSeconds(60),
                  Duration.ofMillis(50),
                  Duration.ofSeconds(60),
                  Duration.ofMillis(20),
                  Duration.ofMillis(100)));
      NewMessage[] hanging = new NewMessage[300];
      Arrays.setAll(hanging, order -> host.message(order, "o-anna", 1, "m"));
      host.enqueue(module, hanging);
      NewMessage[] beside = new NewMessage[50];
      Arrays.setAll(
          beside,
          order -> host.message(host.dealer, "wx2", order, "o-ben", 1, Purpose.MARKETING, "m"));
      host.enqueue(module, beside);
      NewMessage[] others = new NewMessage[50];
      Arrays.setAll(
          others, order -> host.message(other, "wx3", order, "o-cai", 1, Purpose.CARE, "m"));
      host.enqueue(module, other, others);
      int sent = module.tick(Host.NOW, Duration.ofSeconds(1)).sent();
      assertThat(second.channel.sent()).isNotEmpty();
      assertThat(third.channel.sent()).isNotEmpty();
      for (int tick = 0; sent < 100 && tick < 30; tick++) {
        sent += module.tick(Host.NOW, Duration.ofSeconds(1)).sent();
      }

      assertThat(second.channel.sent()).hasSize(50);
      assertThat(third.channel.sent()).hasSize(50);
      assertThat(sent).isEqualTo(100);
      assertThat(host.account.channel.sent()).hasSize(8);
      assertThat(host.number("SELECT COUNT(*) FROM {outbox} WHERE state = 'CLAIMED'"))
          .as("the rest was given back")
          .isEqualTo(8);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRuleThatFailsForOneDealerHoldsUpNobodyElseAndNothingIsLost(TestServer server) {
    try (Host host = new Host(server)) {
      Tenant other = host.dealer("other");
      FakeAccount second = host.account(other, "wx3");
      java.util.concurrent.atomic.AtomicBoolean broken =
          new java.util.concurrent.atomic.AtomicBoolean(true);
      MessageModule module = host.module();
      module.gate(
          (tx, tenant, now, asked) -> {
            if (broken.get() && tenant.equals(host.dealer)) {
              throw new IllegalStateException("broken rule");
            }
            return asked.stream().map(one -> GateRule.Verdict.pass()).toList();
          });
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.enqueue(module, other, host.message(other, "wx3", 1, "o-cai", 1, Purpose.ORDER, "c"));

      assertThat(host.tick(module).sent()).isEqualTo(1);
      assertThat(second.channel.sent()).hasSize(1);
      assertThat(host.states()).containsExactlyInAnyOrder("WAITING", "SENT");
      broken.set(false);
      host.pass(Duration.ofMinutes(2));
      assertThat(host.tick(module).sent()).isEqualTo(1);
      assertThat(host.number("SELECT MAX(attempts) FROM {outbox}")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void orderNoticesGoBeforeCareAndCareBeforeMarketing(TestServer server) {
    try (Host host = new Host(server)) {
      host.account.channel.maxInFlight = 1;
      MessageModule module = host.module();
      host.enqueue(
          module,
          host.message(host.dealer, "wx1", 1, "o-a", 1, Purpose.MARKETING, "m"),
          host.message(host.dealer, "wx1", 2, "o-a", 1, Purpose.CARE, "c"),
          host.message(host.dealer, "wx1", 3, "o-a", 1, Purpose.ORDER, "o"));
      host.tick(module);
      assertThat(host.account.channel.values()).containsExactly("o", "c", "m");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClaimWhoseWorkerDiedIsRepeatedWithTheSameIdInsideTheWindow(TestServer server) {
    try (Host host = new Host(server)) {
      host.account.channel.answer = message -> new CompletableFuture<>();
      MessageModule dead = host.module();
      host.enqueue(dead, host.message(1, "o-anna", 1, "a"), host.message(1, "o-anna", 2, "b"));
      dead.tick(Host.NOW, Duration.ofMillis(300));
      host.account.channel.answer = message -> FakeChannel.now(FakeChannel.accepted(message));
      MessageModule next = host.module();
      assertThat(host.tick(next).claimed()).as("the lease still runs").isZero();
      assertThat(next.tick(Host.NOW.plus(Duration.ofDays(1)), Host.BUDGET).claimed())
          .as("a moved business clock changes no lease")
          .isZero();

      host.pass(Duration.ofSeconds(61));
      host.tick(next);

      assertThat(host.account.channel.values()).containsExactly("a", "a", "b");
      assertThat(host.account.channel.sent().get(1).dedupeId())
          .isEqualTo(host.account.channel.sent().get(0).dedupeId());
      assertThat(host.states()).containsOnly("SENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClaimWhoseWorkerDiedLongAgoIsParked(TestServer server) {
    try (Host host = new Host(server)) {
      host.account.channel.answer = message -> new CompletableFuture<>();
      MessageModule dead = host.module();
      host.enqueue(dead, host.message(1, "o-anna", 1, "a"));
      dead.tick(Host.NOW, Duration.ofMillis(300));
      host.pass(Duration.ofMinutes(9));
      host.tick(host.module());

      assertThat(host.account.channel.sent()).hasSize(1);
      assertThat(host.states()).containsExactly("PARKED");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMessageThatEndsItsWorkerFiveTimesIsParkedAndOthersAreNot(TestServer server) {
    try (Host host = new Host(server)) {
      host.account.channel.window = Duration.ofHours(10);
      host.account.channel.maxInFlight = 20;
      MessageModule writer = host.module();
      for (int order = 1; order <= 6; order++) {
        host.enqueue(writer, host.message(order, "o-anna", 1, order == 3 ? "poison" : "m"));
      }
      for (int death = 0; death < 12; death++) {
        java.util.concurrent.atomic.AtomicBoolean dies =
            new java.util.concurrent.atomic.AtomicBoolean();
        host.account.channel.answer =
            message -> {
              boolean poison = message.body().fields().get("thing1").value().equals("poison");
              if (poison) {
                dies.set(true);
              }
              CompletableFuture<SendOutcome> answer = new CompletableFuture<>();
              if (!poison) {
                platform.schedule(
                    () -> !dies.get() && answer.complete(FakeChannel.accepted(message)),
                    30,
                    TimeUnit.MILLISECONDS);
              }
              return answer;
            };
        host.module().tick(Host.NOW, Duration.ofMillis(400));
        host.pass(Duration.ofSeconds(61));
      }
      host.account.channel.answer = message -> FakeChannel.now(FakeChannel.accepted(message));
      host.tick(host.module());

      assertThat(host.decision(writer, 3).result()).isEqualTo(Decision.Result.PARKED);
      assertThat(host.decision(writer, 3).reason()).map(Reason::code).contains("CLAIMED_5_TIMES");
      assertThat(host.number("SELECT COUNT(*) FROM {outbox} WHERE state = 'SENT'")).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerAfterTheLeaseStillCounts(TestServer server) {
    try (Host host = new Host(server)) {
      List<CompletableFuture<SendOutcome>> answers = new ArrayList<>();
      host.account.channel.answer =
          message -> {
            CompletableFuture<SendOutcome> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
          };
      MessageModule slow = host.module();
      host.enqueue(slow, host.message(1, "o-anna", 1, "a"));
      slow.tick(Host.NOW, Duration.ofMillis(300));
      host.pass(Duration.ofMinutes(9));
      host.tick(host.module());
      assertThat(host.states()).containsExactly("PARKED");

      answers.get(0).complete(new SendOutcome.Accepted("late", List.of()));
      slow.tick(Host.NOW, Duration.ofSeconds(1));

      assertThat(host.states()).containsExactly("SENT");
      assertThat(host.decision(slow, 1).result()).isEqualTo(Decision.Result.SENT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void closingWaitsForWhatIsUnderWay(TestServer server) {
    try (Host host = new Host(server)) {
      host.account.channel.answer = message -> soon(FakeChannel.accepted(message), 100);
      MessageModule module = host.module();
      module.start();
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      await().until(() -> !host.account.channel.sent().isEmpty());
      module.close();

      assertThat(host.states()).containsExactly("SENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsForgottenWhenTheNotesAreLost(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.tick(module);
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.database.write("lose notes", tx -> tx.update("DELETE FROM {work_due}").execute());

      await().atMost(Duration.ofSeconds(60)).until(() -> host.tick(module).sent() == 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBusinessClockThatJumpsChangesNoBackOff(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module =
          host.module(
              new EngineSettings(
                  Duration.ofSeconds(2),
                  Duration.ofMillis(50),
                  Duration.ofHours(1),
                  Duration.ofMillis(20),
                  Duration.ofMillis(100)));
      host.tick(module);
      host.account.channel.script(
          new SendOutcome.Later(Duration.ofMinutes(1), false, Reason.of("-1", "busy")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      Instant ahead = Host.NOW.plus(Duration.ofHours(70));
      Instant ago = Host.NOW.minus(Duration.ofDays(180));
      host.tick(module);
      assertThat(module.tick(ahead, Host.BUDGET).claimed()).isZero();
      assertThat(module.tick(ago, Host.BUDGET).claimed()).isZero();
      assertThat(module.tick(ahead, Host.BUDGET).claimed()).isZero();

      host.pass(Duration.ofSeconds(61));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> module.tick(ahead, Host.BUDGET).sent() == 1);
      assertThat(host.account.channel.sent()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void messagesOfAnAccountThatIsNotConfiguredWaitWithAnAlarm(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule writer = host.module();
      host.enqueue(writer, host.message(1, "o-anna", 1, "a"));
      FakeAccount other = new FakeAccount("wx9");
      MessageModule without = host.module(Host.QUICK, List.of(new DealerAccount("hengxin", other)));
      assertThat(host.tick(without).claimed()).isZero();

      assertThat(host.alarms).extracting(Alarm::kind).containsExactly(Alarm.Kind.ACCOUNT_MISSING);
      assertThat(host.tick(writer).sent()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAccountTakenAwayAtRunTimeLeavesItsMessagesWaitingThenExpired(TestServer server) {
    try (Host host = new Host(server)) {
      List<DealerAccount> source = new CopyOnWriteArrayList<>(host.accounts);
      MessageModule module =
          host.module(Host.QUICK, new Accounts(List.of(), () -> source), host.database);
      host.enqueue(module, host.message(1, "o-anna", 1, "a"), host.message(2, "o-anna", 1, "b"));
      source.clear(); // the dealer has no account any more

      assertThat(host.tick(module).claimed()).isZero();
      assertThat(host.alarms).extracting(Alarm::kind).containsExactly(Alarm.Kind.ACCOUNT_MISSING);
      assertThat(host.states()).containsOnly("WAITING");
      source.addAll(host.accounts);
      await().atMost(UNDER_BACK_OFF).until(() -> host.tick(module).sent() == 2);

      host.enqueue(module, host.message(3, "o-anna", 1, "c"));
      source.clear();
      Instant late = Host.NOW.plus(Duration.ofHours(72));
      await().atMost(UNDER_BACK_OFF).until(() -> module.tick(late, Host.BUDGET).stopped() == 1);
      assertThat(host.decision(module, 3).result()).isEqualTo(Decision.Result.EXPIRED);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void aVisitTakesNoMoreThanItsShareHoweverMuchWaits(TestServer server) {
    try (Host host = new Host(server)) {
      host.account.channel.maxInFlight = 1_000;
      MessageModule module = host.module();
      host.tick(module); // the sweep
      NewMessage[] many = new NewMessage[900];
      Arrays.setAll(many, order -> host.message(order, "o-anna", 1, "m"));
      host.enqueue(module, many);

      assertThat(module.tick(Host.NOW, Duration.ZERO).claimed()).isBetween(1, 400);
    }
  }

  @Test
  void looksEverySecondUnlessToldOtherwiseAndKeepsNoClaimForMoreThanAMinute() {
    Duration second = Duration.ofSeconds(1);
    Duration minute = Duration.ofMinutes(1);
    assertThat(EngineSettings.standard().poll()).isEqualTo(second);
    assertThat(EngineSettings.standard().lease()).isEqualTo(minute);
    assertThatThrownBy(
            () -> new EngineSettings(minute.plusMillis(1), second, minute, second, minute))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll("lease", "at most 60 s", "PT1M0.001S");
  }

  /** The next look is an hour away. */
  @ParameterizedTest
  @EnumSource(names = "H2")
  void whatComesJustWhenARoundHasReadTheClockIsNotOverlooked(TestServer server) {
    try (Host host = new Host(server)) {
      AtomicReference<Runnable> meanwhile = new AtomicReference<>();
      InstantSource business =
          () -> {
            Runnable comes = meanwhile.getAndSet(null);
            if (comes == null) {
              return Host.NOW;
            }
            comes.run();
            return Host.NOW.minusMillis(1);
          };
      host.business = business.withZone(ZoneOffset.UTC);
      Duration hour = Duration.ofHours(1);
      MessageModule module =
          host.module(new EngineSettings(Duration.ofSeconds(60), hour, hour, hour, hour));
      meanwhile.set(() -> host.enqueue(module, host.message(1, "o-anna", 1, "a")));
      module.start();

      await().atMost(Duration.ofSeconds(20)).until(() -> host.states().equals(List.of("SENT")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBudgetTooSmallForAllDealersServesThemInTurn(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module(EngineSettings.standard());
      host.tick(module); // the sweep
      List<FakeAccount> accounts = new ArrayList<>();
      for (int i = 1; i <= 5; i++) {
        Tenant dealer = host.dealer("dealer" + i);
        accounts.add(host.account(dealer, "wx-" + i));
      }
      MessageModule small = host.module(EngineSettings.standard());
      for (int i = 1; i <= 5; i++) {
        Tenant dealer = host.dealers.get(i);
        host.enqueue(
            small, dealer, host.message(dealer, "wx-" + i, 1, "o-anna", 1, Purpose.ORDER, "m"));
      }
      // The lowest dealer always has more; it must not be the only one served.
      for (int tick = 0; tick < 14; tick++) {
        host.enqueue(small, host.message(100 + tick, "o-anna", 1, "m"));
        small.tick(Host.NOW, Duration.ZERO);
      }

      assertThat(accounts).allSatisfy(account -> assertThat(account.channel.sent()).hasSize(1));
      assertThat(host.account.channel.sent()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void closingEndsATickOnAnotherThreadAndLosesNothing(TestServer server) throws Exception {
    try (Host host = new Host(server)) {
      // The later half takes so long that closing comes before its end.
      host.account.channel.callLimit = Duration.ofSeconds(10); // for which closing waits
      host.account.channel.answer =
          message ->
              soon(
                  FakeChannel.accepted(message),
                  host.account.channel.sent().size() < 200 ? 5 : 400);
      MessageModule module = host.module(Host.LONG_LEASE);
      for (int from = 0; from < 400; from += 100) {
        NewMessage[] some = new NewMessage[100];
        for (int i = 0; i < some.length; i++) {
          some[i] = host.message(from + i, "o-anna", 1, (from + i) + "/1");
        }
        host.enqueue(module, some);
      }
      CompletableFuture<TickReport> ticking =
          CompletableFuture.supplyAsync(() -> host.tick(module), platform);
      await().until(() -> host.account.channel.sent().size() > 20);
      module.close();
      ticking.get(60, TimeUnit.SECONDS);

      assertThat(host.account.channel.sent()).hasSizeLessThan(400);
      assertThat(host.states()).doesNotContain("CLAIMED");
      host.account.channel.answer = message -> soon(FakeChannel.accepted(message), 1);
      host.tick(host.module(Host.LONG_LEASE));
      assertOnceAndInOrder(host, 400);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tickingAStartedEngineIsHarmless(TestServer server) throws Exception {
    try (Host host = new Host(server)) {
      host.account.channel.answer = message -> soon(FakeChannel.accepted(message), 2);
      MessageModule module = host.module();
      module.start();
      module.start();
      for (int order = 0; order < 200; order++) {
        host.enqueue(module, host.message(order, "o-anna", 1, order + "/1"));
        if (order % 20 == 0) {
          host.tick(module);
        }
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> host.number("SELECT COUNT(*) FROM {outbox} WHERE state = 'SENT'") == 200);
      assertOnceAndInOrder(host, 200);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anErrorInARuleDoesNotEndTheThread(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      java.util.concurrent.atomic.AtomicInteger asked =
          new java.util.concurrent.atomic.AtomicInteger();
      module.gate(
          (tx, tenant, now, messages) -> {
            if (asked.incrementAndGet() == 1) {
              throw new NoClassDefFoundError("a class of the host");
            }
            return messages.stream().map(one -> GateRule.Verdict.pass()).toList();
          });
      module.start();
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));

      await().atMost(Duration.ofSeconds(60)).until(() -> host.states().contains("SENT"));
    }
  }
}
