package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.ConflictException;
import io.laoke.error.NotFoundException;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineOutcomeTest {
  private static final Reason WHY = new Reason("47003", "field thing1", "shorten it", "缩短");

  @ParameterizedTest
  @EnumSource
  void saysWhichFieldsWereFitted(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.script(
          new SendOutcome.Accepted("p1", List.of(new SendOutcome.FittedField("thing2", "CUT"))));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);

      Decision decision = host.decision(module, 1);
      assertThat(decision.result()).isEqualTo(Decision.Result.FITTED);
      assertThat(decision.fitted()).containsExactly(new SendOutcome.FittedField("thing2", "CUT"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void waitsAtLeastAsLongAsThePlatformAsks(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.script(
          new SendOutcome.Later(Duration.ofSeconds(100), false, Reason.of("-1", "busy")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"), host.message(2, "o-anna", 1, "b"));

      TickReport report = host.tick(module);
      assertThat(report.deferred()).isEqualTo(1);
      assertThat(report.sent()).isEqualTo(1);
      assertThat(report.remaining()).isEqualTo(1);
      assertThat(host.decision(module, 1).result()).isEqualTo(Decision.Result.DEFERRED);
      assertThat(host.decision(module, 1).reason()).map(Reason::code).contains("-1");
      host.pass(Duration.ofSeconds(90));
      assertThat(host.tick(module).claimed()).isZero();
      host.pass(Duration.ofSeconds(11));
      assertThat(host.tick(module).sent()).isEqualTo(1);
      List<String> ids = host.account.channel.sent().stream().map(Outbound::dedupeId).toList();
      assertThat(ids).hasSize(3);
      assertThat(ids.get(2)).isIn(ids.get(0), ids.get(1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void holdsTheWholeChannelUntilTheQuotaIsBack(TestServer server) {
    try (Host host = new Host(server)) {
      host.account.channel.maxInFlight = 1;
      MessageModule module = host.module();
      host.account.channel.script(
          new SendOutcome.Later(Duration.ofHours(3), true, Reason.of("45009", "quota")));
      for (int i = 1; i <= 6; i++) {
        host.enqueue(module, host.message(i, "o-anna", 1, "m" + i));
      }
      host.tick(module);

      assertThat(host.account.channel.sent()).hasSize(1);
      Deliveries deliveries = module.deliveries(host.database, host.dealer);
      assertThat(deliveries.pauses()).hasSize(1);
      assertThat(deliveries.pauses().get(0).scope()).isEqualTo(Pause.Scope.CHANNEL);
      assertThat(deliveries.pauses().get(0).until()).isPresent();
      assertThat(deliveries.paused(Optional.empty(), 10).items()).hasSize(5);
      assertThat(host.decision(module, 6).result()).isEqualTo(Decision.Result.DEFERRED);
      assertThat(host.decision(module, 6).reason()).map(Reason::code).contains("45009");
      host.pass(Duration.ofHours(3).plusSeconds(1));
      host.tick(module);
      assertThat(host.states()).containsOnly("SENT");
      assertThat(deliveries.pauses()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aResumedChannelAlsoSendsTheMessageThatMetTheLimit(TestServer server) {
    try (Host host = new Host(server)) {
      host.account.channel.maxInFlight = 1;
      MessageModule module = host.module();
      host.account.channel.script(
          new SendOutcome.Later(Duration.ofHours(3), true, Reason.of("45009", "quota")));
      host.enqueue(module, host.message(1, "o-anna", 1, "m1"));
      host.enqueue(module, host.message(1, "o-anna", 2, "m2"));
      host.tick(module);
      Deliveries deliveries = module.deliveries(host.database, host.dealer);

      deliveries.resume(deliveries.pauses().get(0).id());
      host.tick(module);

      assertThat(host.states()).containsOnly("SENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalEndsTheMessageAndLetsTheNextGo(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      java.util.concurrent.atomic.AtomicReference<String> gone =
          new java.util.concurrent.atomic.AtomicReference<>();
      module.recipients((tx, tenant, account, hash, asked) -> gone.set(hash));
      host.account.channel.script(
          new SendOutcome.Refused(
              new Reason("43004", "require subscribe", "scan again", "重新扫码"), true, true));
      NewMessage first = host.message(1, "o-anna", 1, "a");
      host.enqueue(module, first, host.message(1, "o-anna", 2, "b"));

      TickReport report = host.tick(module);

      assertThat(report.failed()).isEqualTo(1);
      assertThat(host.states()).containsExactly("REFUSED", "SENT");
      assertThat(gone).hasValue(first.openidHash());
      assertThat(host.alarms).extracting(Alarm::kind).containsExactly(Alarm.Kind.REFUSED);
      Deliveries deliveries = module.deliveries(host.database, host.dealer);
      Delivery failed = deliveries.failed(Optional.empty(), 10).items().get(0);
      assertThat(failed.reason()).map(Reason::adviceZh).contains("重新扫码");
      deliveries.retry(failed.id());
      host.tick(module);
      assertThat(host.states()).containsOnly("SENT");
      assertThat(host.account.channel.values()).containsExactly("a", "b", "a");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWrongAccountIsPausedUntilAPersonResumesIt(TestServer server) {
    try (Host host = new Host(server)) {
      host.account.channel.maxInFlight = 1;
      MessageModule module = host.module();
      host.account.channel.script(
          new SendOutcome.Misconfigured(SendOutcome.Scope.ACCOUNT, Reason.of("40164", "ip")));
      for (int i = 1; i <= 5; i++) {
        host.enqueue(module, host.message(i, "o-anna", 1, "m" + i));
      }
      host.tick(module);
      host.tick(module);

      assertThat(host.account.channel.sent()).hasSize(1);
      assertThat(host.states()).containsOnly("HELD");
      assertThat(host.alarms).extracting(Alarm::kind).containsExactly(Alarm.Kind.PAUSED);
      Deliveries deliveries = module.deliveries(host.database, host.dealer);
      Pause pause = deliveries.pauses().get(0);
      assertThat(pause.scope()).isEqualTo(Pause.Scope.ACCOUNT);
      assertThat(pause.until()).isEmpty();
      deliveries.resume(pause.id());
      deliveries.resume(pause.id());
      host.tick(module);
      assertThat(host.states()).containsOnly("SENT");
      assertThat(host.number("SELECT MAX(attempts) FROM {outbox}")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHeldMessageStillExpires(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.script(
          new SendOutcome.Misconfigured(SendOutcome.Scope.TEMPLATE, Reason.of("40037", "gone")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      assertThat(host.states()).containsExactly("HELD");

      TickReport report = module.tick(Host.NOW.plus(Duration.ofHours(72)), Host.BUDGET);

      assertThat(report.stopped()).isEqualTo(1);
      assertThat(host.decision(module, 1).result()).isEqualTo(Decision.Result.EXPIRED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTemplateIsPausedAfterThreeDifferentOrdersDidNotFitIt(TestServer server) {
    try (Host host = new Host(server)) {
      host.account.channel.maxInFlight = 1;
      MessageModule module = host.module();
      SendOutcome misfit = new SendOutcome.Misconfigured(SendOutcome.Scope.MESSAGE, WHY);
      host.account.channel.script(misfit, misfit);
      host.enqueue(module, host.message(1, "o-anna", 1, "a"), host.message(1, "o-anna", 2, "b"));
      host.tick(module);
      Deliveries deliveries = module.deliveries(host.database, host.dealer);
      assertThat(host.states()).containsOnly("REFUSED");
      assertThat(deliveries.pauses()).isEmpty();

      host.account.channel.script(misfit, misfit);
      host.enqueue(module, host.message(2, "o-anna", 1, "c"), host.message(3, "o-anna", 1, "d"));
      host.tick(module);
      host.enqueue(module, host.message(4, "o-anna", 1, "e"));
      host.tick(module);

      assertThat(deliveries.pauses())
          .singleElement()
          .satisfies(
              pause -> {
                assertThat(pause.scope()).isEqualTo(Pause.Scope.TEMPLATE);
                assertThat(pause.reference()).isEqualTo("tpl");
              });
      assertThat(host.decision(module, 4).result()).isEqualTo(Decision.Result.DEFERRED);
      deliveries.resume(deliveries.pauses().get(0).id());
      host.account.channel.script(misfit);
      host.enqueue(module, host.message(5, "o-anna", 1, "f"));
      host.tick(module);
      assertThat(deliveries.pauses()).as("counting began anew").isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownOutcomeIsRepeatedWithTheSameIdInsideTheWindow(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.script(new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"), host.message(1, "o-anna", 2, "b"));
      host.tick(module);
      assertThat(host.states()).containsExactly("WAITING", "WAITING");

      host.pass(Duration.ofMinutes(8));
      host.tick(module);

      assertThat(host.states()).containsOnly("SENT");
      List<Outbound> sent = host.account.channel.sent();
      assertThat(host.account.channel.values()).containsExactly("a", "a", "b");
      assertThat(sent.get(1).dedupeId()).isEqualTo(sent.get(0).dedupeId());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownOutcomeIsNeverRepeatedAfterTheWindow(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.script(new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"), host.message(1, "o-anna", 2, "b"));
      host.tick(module);

      host.pass(Duration.ofMinutes(9));
      host.tick(module);

      assertThat(host.account.channel.values()).containsExactly("a", "b");
      assertThat(host.states()).containsExactly("PARKED", "SENT");
      Deliveries deliveries = module.deliveries(host.database, host.dealer);
      Delivery parked = deliveries.parked(Optional.empty(), 5).items().get(0);
      assertThat(parked.mayHaveArrived()).isTrue();
      assertThat(parked.reason()).map(Reason::code).contains("UNKNOWN");
      assertThat(host.decisions(module, 1).get(0).result()).isEqualTo(Decision.Result.UNKNOWN);
      assertThat(host.alarms).extracting(Alarm::kind).containsExactly(Alarm.Kind.UNKNOWN);

      deliveries.retry(parked.id());
      host.tick(module);
      assertThat(host.account.channel.values()).containsExactly("a", "b", "a");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUncertainMessageStaysUncertainWhenARepeatIsOnlyPutOff(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.script(
          new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")),
          new SendOutcome.Later(Duration.ZERO, false, Reason.of("-1", "busy")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      host.pass(Duration.ofMinutes(5));
      host.tick(module);
      host.pass(Duration.ofMinutes(5));
      host.tick(module);

      assertThat(host.account.channel.sent()).hasSize(2);
      assertThat(host.states()).containsExactly("PARKED");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBackOffBeforeTheFirstDoubtDoesNotShortenTheWindow(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.script(
          new SendOutcome.Later(Duration.ofMinutes(20), false, Reason.of("-1", "busy")),
          new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      host.pass(Duration.ofMinutes(21));
      host.tick(module);
      host.pass(Duration.ofMinutes(1));
      host.tick(module);

      assertThat(host.states()).containsExactly("SENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChannelWithoutDedupeIsAskedAndNeverSentTwice(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.window = Duration.ZERO;
      host.account.channel.lookup =
          message -> Optional.of(FakeChannel.now(FakeChannel.accepted(message)));
      host.account.channel.script(new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);

      assertThat(host.account.channel.sent()).hasSize(1);
      assertThat(host.states()).containsExactly("SENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatThePlatformSaysItNeverTookIsSentAgain(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.window = Duration.ZERO;
      host.account.channel.lookup =
          message ->
              Optional.of(
                  FakeChannel.now(
                      new SendOutcome.Later(Duration.ZERO, false, Reason.of("NONE", "not taken"))));
      host.account.channel.script(new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      host.pass(Duration.ofMinutes(1));
      host.tick(module);

      assertThat(host.account.channel.sent()).hasSize(2);
      assertThat(host.states()).containsExactly("SENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChannelThatBreaksItsPromiseIsAnUnknownOutcome(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.answer =
          message -> CompletableFuture.failedFuture(new IllegalStateException("broken"));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      host.account.channel.answer =
          message -> {
            throw new IllegalStateException("broken");
          };
      host.pass(Duration.ofMinutes(1));
      host.tick(module);

      assertThat(host.states()).containsExactly("WAITING");
      assertThat(host.decision(module, 1).reason()).map(Reason::code).contains("CHANNEL_FAILED");
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsOnceThatThePlatformTakesNothingAndWhatBecameTooOld(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      SendOutcome.Later down =
          new SendOutcome.Later(Duration.ZERO, false, Reason.of("CONNECT", "refused"));
      SendOutcome[] always = new SendOutcome[40];
      java.util.Arrays.fill(always, down);
      host.account.channel.script(always);
      host.enqueue(module, host.message(1, "o-anna", 1, "a"), host.message(2, "o-bert", 1, "b"));
      for (int attempt = 0; attempt < 8; attempt++) {
        host.tick(module);
        host.pass(Duration.ofHours(1));
      }

      assertThat(host.alarms).extracting(Alarm::kind).containsExactly(Alarm.Kind.UNREACHABLE);
      Deliveries deliveries = module.deliveries(host.database, host.dealer);
      assertThat(deliveries.unsent(java.util.Optional.empty(), 10).items()).isEmpty();

      module.tick(Host.NOW.plus(Duration.ofHours(72)), Host.BUDGET);

      assertThat(host.alarms)
          .extracting(Alarm::kind)
          .containsExactly(Alarm.Kind.UNREACHABLE, Alarm.Kind.EXPIRED);
      assertThat(host.alarms.get(1).reason().text()).startsWith("2 messages");
      assertThat(deliveries.unsent(java.util.Optional.empty(), 10).items())
          .extracting(Delivery::state)
          .containsExactly(Delivery.State.EXPIRED, Delivery.State.EXPIRED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void expiresByBusinessTimeAndOnlyThen(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.script(
          new SendOutcome.Later(Duration.ZERO, false, Reason.of("-1", "busy")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"), host.message(1, "o-anna", 2, "b"));
      host.tick(module);
      host.pass(Duration.ofHours(100));
      module.tick(Host.NOW.plus(Duration.ofHours(72)), Host.BUDGET);

      assertThat(host.account.channel.sent()).hasSize(1);
      assertThat(host.states()).containsExactly("EXPIRED", "EXPIRED");
      Deliveries deliveries = module.deliveries(host.database, host.dealer);
      long id = host.decisions(module, 1).get(0).deliveryId().orElseThrow();
      deliveries.retry(id);
      host.tick(module);
      assertThat(host.states()).containsExactly("SENT", "EXPIRED");
    }
  }

  @ParameterizedTest
  @EnumSource
  void isNotSentBeforeItsTimeWhateverTheMachineClockSays(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));

      Instant before = Host.NOW.minus(Duration.ofDays(180));
      assertThat(module.tick(before, Host.BUDGET).claimed()).isZero();
      assertThat(module.tick(before, Host.BUDGET).remaining()).isZero();
      assertThat(host.tick(module).sent()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void stopsWithoutAddressAndAsksTheRulesInTurn(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      Instant morning = Host.NOW.plus(Duration.ofHours(8));
      module.gate(
          (tx, tenant, now, asked) ->
              asked.stream()
                  .map(
                      one ->
                          one.orderId() == 2
                              ? new GateRule.Verdict.Stop(Reason.of("STALE", "old"))
                              : GateRule.Verdict.pass())
                  .toList());
      module.gate(
          (tx, tenant, now, asked) ->
              asked.stream()
                  .map(
                      one ->
                          one.orderId() == 3 && now.isBefore(morning)
                              ? new GateRule.Verdict.Defer(morning, Reason.of("NIGHT", "sleep"))
                              : GateRule.Verdict.pass())
                  .toList());
      NewMessage gone = host.message(4, "o-gone", 1, "d");
      host.addresses.remove(gone.openidHash());
      host.enqueue(
          module,
          host.message(1, "o-anna", 1, "a"),
          host.message(2, "o-anna", 1, "b"),
          host.message(3, "o-anna", 1, "c"),
          gone);

      TickReport report = host.tick(module);

      assertThat(report).isEqualTo(new TickReport(4, 1, 1, 2, 0, 0, 0, 0));
      assertThat(host.decision(module, 2).reason()).map(Reason::code).contains("STALE");
      assertThat(host.decision(module, 3).reason()).map(Reason::code).contains("NIGHT");
      assertThat(host.decision(module, 3).result()).isEqualTo(Decision.Result.DEFERRED);
      assertThat(host.decision(module, 4).reason()).map(Reason::code).contains("NO_ADDRESS");
      assertThat(module.tick(morning, Host.BUDGET).sent()).isEqualTo(1);
      assertThat(host.account.channel.values()).containsExactly("a", "c");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRepeatOfAnAttemptThatMayHaveLeftIsNotGated(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      java.util.concurrent.atomic.AtomicBoolean closed =
          new java.util.concurrent.atomic.AtomicBoolean();
      module.gate(
          (tx, tenant, now, asked) ->
              asked.stream()
                  .map(
                      one ->
                          closed.get()
                              ? new GateRule.Verdict.Stop(Reason.of("CLOSED", "closed"))
                              : GateRule.Verdict.pass())
                  .toList());
      host.account.channel.script(new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      closed.set(true);
      host.pass(Duration.ofMinutes(1));
      host.tick(module);

      assertThat(host.states()).containsExactly("SENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAccountWithoutTheChannelIsPaused(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.withChannel = false;
      host.enqueue(module, host.message(1, "o-anna", 1, "a"), host.message(2, "o-anna", 1, "b"));
      host.tick(module);

      assertThat(host.states()).containsOnly("HELD");
      assertThat(host.alarms).hasSize(1);
      host.account.withChannel = true;
      Deliveries deliveries = module.deliveries(host.database, host.dealer);
      deliveries.resume(deliveries.pauses().get(0).id());
      host.tick(module);
      assertThat(host.states()).containsOnly("SENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPersonDropsWhatWaitsAndTheNextGoes(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.script(
          new SendOutcome.Later(Duration.ofHours(1), false, Reason.of("-1", "busy")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"), host.message(1, "o-anna", 2, "b"));
      host.tick(module);
      Deliveries deliveries = module.deliveries(host.database, host.dealer);
      Deliveries.Page<Delivery> first = deliveries.waiting(Optional.empty(), 1);
      assertThat(first.next()).isPresent();
      assertThat(deliveries.waiting(first.next(), 1).items())
          .singleElement()
          .satisfies(second -> assertThat(second.seq()).isEqualTo(2));
      long id = first.items().get(0).id();
      assertThatThrownBy(() -> deliveries.retry(id)).isInstanceOf(ConflictException.class);
      assertThatThrownBy(() -> deliveries.retry(12)).isInstanceOf(NotFoundException.class);

      deliveries.drop(id, "the customer was called by Li");
      deliveries.drop(id, "again");
      host.tick(module);

      assertThat(host.states()).containsExactly("DROPPED", "SENT");
      assertThat(host.decisions(module, 1).get(0).reason())
          .map(Reason::text)
          .contains("the customer was called by Li");
      assertThatThrownBy(
              () ->
                  deliveries.drop(host.decisions(module, 1).get(1).deliveryId().orElseThrow(), "x"))
          .isInstanceOf(ConflictException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whateverAChannelThrowsOthersGoOn(TestServer server) {
    try (Host host = new Host(server)) {
      host.account.channel.maxInFlight = 1;
      MessageModule module = host.module();
      host.account.channel.answer =
          message ->
              switch (message.body().fields().get("thing1").value()) {
                case "nothing" -> null;
                case "error" -> throw new NoClassDefFoundError("okhttp3/OkHttpClient");
                case "no outcome" -> FakeChannel.now(null);
                default -> FakeChannel.now(FakeChannel.accepted(message));
              };
      host.enqueue(
          module,
          host.message(1, "o-anna", 1, "nothing"),
          host.message(2, "o-anna", 1, "error"),
          host.message(3, "o-anna", 1, "no outcome"),
          host.message(4, "o-anna", 1, "fine"));

      TickReport report = host.tick(module);

      assertThat(report).isEqualTo(new TickReport(4, 1, 3, 0, 0, 0, 0, 3));
      assertThat(host.states()).containsExactly("WAITING", "WAITING", "WAITING", "SENT");
      assertThat(host.number("SELECT COUNT(*) FROM {outbox} WHERE uncertain = 1")).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofTwoAnswersToOneMessageTheFirstCounts(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.answer = message -> new AnswersTwice(FakeChannel.accepted(message));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      host.tick(module);

      assertThat(host.states()).containsExactly("SENT");
      assertThat(host.account.channel.sent()).hasSize(1);
    }
  }

  /** A stage of a library that calls back twice. */
  private static final class AnswersTwice extends CompletableFuture<SendOutcome> {
    AnswersTwice(SendOutcome outcome) {
      complete(outcome);
    }

    @Override
    public CompletableFuture<SendOutcome> whenComplete(
        BiConsumer<? super SendOutcome, ? super Throwable> action) {
      action.accept(getNow(null), null);
      action.accept(new SendOutcome.Unknown(Reason.of("TWICE", "again")), null);
      return this;
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOutcomeThatCannotBeWrittenHoldsUpNoOther(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      module.recipients(
          (tx, tenant, account, hash, asked) -> {
            throw new IllegalStateException("broken listener");
          });
      host.account.channel.answer =
          message ->
              FakeChannel.now(
                  message.body().fields().get("thing1").value().equals("gone")
                      ? new SendOutcome.Refused(Reason.of("43004", "gone"), true, false)
                      : FakeChannel.accepted(message));
      for (int order = 1; order <= 9; order++) {
        host.enqueue(module, host.message(order, "o-anna", 1, order == 4 ? "gone" : "m"));
      }

      assertThat(host.tick(module).sent()).isEqualTo(8);
      assertThat(host.states()).filteredOn("CLAIMED"::equals).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWaitOfAnyLengthIsAWait(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.script(
          new SendOutcome.Later(Duration.ofSeconds(Long.MAX_VALUE), false, Reason.of("A", "a")),
          new SendOutcome.Later(Duration.ofSeconds(Long.MIN_VALUE), false, Reason.of("B", "b")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"), host.message(2, "o-anna", 1, "b"));
      host.tick(module);

      assertThat(host.states()).containsOnly("WAITING");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChannelThatMayTakeAsLongAsTheLeaseIsPausedNotUsed(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.callLimit = Host.QUICK.lease();
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);

      assertThat(host.account.channel.sent()).isEmpty();
      assertThat(host.states()).containsExactly("HELD");
      assertThat(host.alarms)
          .singleElement()
          .satisfies(alarm -> assertThat(alarm.reason().code()).isEqualTo("CALL_LIMIT"));
      host.account.channel.callLimit = Duration.ofMillis(200);
      Deliveries deliveries = module.deliveries(host.database, host.dealer);
      deliveries.resume(deliveries.pauses().get(0).id());
      assertThat(host.tick(module).sent()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatANewerVersionWroteWaitsForANewerNode(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.enqueue(module, host.message(1, "o-anna", 1, "a"), host.message(2, "o-anna", 1, "b"));
      host.database.write(
          "newer",
          tx ->
              tx.update("UPDATE {outbox} SET body = :body WHERE order_id = 1")
                  .bind("body", "[\"{\\\"v\\\":2}\"]")
                  .execute());

      assertThat(host.tick(module).sent()).isEqualTo(1);
      assertThat(host.states()).containsExactly("WAITING", "SENT");
      assertThat(host.decision(module, 1).reason()).map(Reason::code).contains("NOT_READABLE_YET");
      assertThat(host.number("SELECT MIN(attempts) FROM {outbox}")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPersonsRetryIsMarkedForTheRules(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      module.gate(
          (tx, tenant, now, asked) ->
              asked.stream()
                  .map(
                      one ->
                          one.wanted()
                              ? GateRule.Verdict.pass()
                              : new GateRule.Verdict.Stop(Reason.of("STALE", "old")))
                  .toList());
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      Deliveries deliveries = module.deliveries(host.database, host.dealer);
      deliveries.retry(host.decision(module, 1).deliveryId().orElseThrow());

      assertThat(host.tick(module).sent()).isEqualTo(1);
    }
  }
}
