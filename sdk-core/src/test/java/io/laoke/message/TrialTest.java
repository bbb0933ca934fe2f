package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.testing.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pauses that end by themselves, because one message tries now and then. */
class TrialTest {
  private static final Duration FIRST = Duration.ofMinutes(5).plusSeconds(1);
  private static final SendOutcome WRONG_ACCOUNT =
      new SendOutcome.Misconfigured(SendOutcome.Scope.ACCOUNT, Reason.of("40164", "ip"));
  private static final SendOutcome NO_TEMPLATE =
      new SendOutcome.Misconfigured(SendOutcome.Scope.TEMPLATE, Reason.of("40037", "gone"));

  private static MessageModule paused(Host host, SendOutcome outcome, int messages) {
    host.account.channel.maxInFlight = 1;
    host.account.channel.script(outcome);
    MessageModule module = host.module();
    for (int i = 1; i <= messages; i++) {
      host.enqueue(module, host.message(i, "o-anna", 1, "m" + i));
    }
    host.tick(module);
    assertThat(host.states()).containsOnly("HELD").hasSize(messages);
    return module;
  }

  private static List<Pause> pauses(Host host, MessageModule module) {
    return module.deliveries(host.database, host.dealer).pauses();
  }

  @ParameterizedTest
  @EnumSource
  void oneMessageTriesWhetherTheAccountIsRightAgain(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = paused(host, WRONG_ACCOUNT, 5);
      host.pass(Duration.ofMinutes(4));
      host.tick(module);
      assertThat(host.account.channel.sent()).as("not yet").hasSize(1);

      host.account.channel.script(WRONG_ACCOUNT);
      host.pass(FIRST);
      host.tick(module);
      host.tick(module);
      assertThat(host.account.channel.sent()).hasSize(2);
      assertThat(host.states()).containsOnly("HELD");
      assertThat(pauses(host, module)).hasSize(1);

      host.pass(FIRST);
      host.tick(module);
      assertThat(host.states()).containsOnly("SENT");
      assertThat(host.account.channel.sent()).hasSize(7);
      assertThat(pauses(host, module)).isEmpty();
      assertThat(host.alarms).extracting(Alarm::kind).containsExactly(Alarm.Kind.PAUSED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneNodeAloneTries(TestServer server) throws Exception {
    try (Host host = new Host(server)) {
      MessageModule one = paused(host, WRONG_ACCOUNT, 30);
      MessageModule two = host.module();
      host.account.channel.answer = message -> CompletableFuture.completedFuture(WRONG_ACCOUNT);
      host.pass(FIRST);
      CompletableFuture<TickReport> other = CompletableFuture.supplyAsync(() -> host.tick(two));
      host.tick(one);
      other.get();

      assertThat(host.account.channel.sent()).hasSize(2);
      assertThat(host.states()).containsOnly("HELD");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRecipientWhoIsGoneSaysNothingAboutTheTemplate(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = paused(host, NO_TEMPLATE, 3);
      host.account.channel.script(
          new SendOutcome.Refused(Reason.of("43004", "require subscribe"), true, false));
      host.pass(FIRST);
      host.tick(module);
      assertThat(host.states()).containsExactly("REFUSED", "HELD", "HELD");
      assertThat(pauses(host, module)).hasSize(1);

      host.pass(FIRST);
      host.tick(module);
      assertThat(host.states()).containsExactly("REFUSED", "SENT", "SENT");
      assertThat(pauses(host, module)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerAboutTheTemplateShowsThatTheAccountIsServedAgain(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = paused(host, WRONG_ACCOUNT, 3);
      host.account.channel.script(NO_TEMPLATE);
      host.pass(FIRST);
      host.tick(module);

      assertThat(pauses(host, module))
          .extracting(Pause::scope)
          .containsExactly(Pause.Scope.TEMPLATE);
      host.pass(FIRST);
      host.tick(module);
      assertThat(host.states()).containsOnly("SENT");
      assertThat(host.alarms)
          .extracting(Alarm::kind)
          .containsExactly(Alarm.Kind.PAUSED, Alarm.Kind.PAUSED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void valuesThatDoNotFitAreNotTriedAgainAndAgain(TestServer server) {
    try (Host host = new Host(server)) {
      host.account.channel.maxInFlight = 1;
      MessageModule module = host.module();
      SendOutcome misfit =
          new SendOutcome.Misconfigured(SendOutcome.Scope.MESSAGE, Reason.of("47003", "argument"));
      host.account.channel.script(misfit, misfit, misfit);
      for (int i = 1; i <= 5; i++) {
        host.enqueue(module, host.message(i, "o-anna", 1, "m" + i));
        host.tick(module);
      }
      host.pass(Duration.ofHours(2));
      host.tick(module);

      assertThat(host.account.channel.sent()).hasSize(3);
      assertThat(pauses(host, module)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDoubtfulMessageThatMeetsTheQuotaIsRepeatedWhileThatIsSafe(TestServer server) {
    try (Host host = new Host(server)) {
      SendOutcome quota =
          new SendOutcome.Later(Duration.ofHours(3), true, Reason.of("45009", "quota"));
      MessageModule module = host.module();
      host.account.channel.script(new SendOutcome.Unknown(Reason.of("TIMEOUT", "?")), quota);
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      host.pass(Duration.ofMinutes(1));
      host.tick(module);
      assertThat(host.account.channel.sent()).hasSize(2);

      host.pass(Duration.ofMinutes(7));
      host.tick(module);
      assertThat(host.states())
          .as("inside the ten minutes of the platform")
          .containsExactly("SENT");
      assertThat(host.account.channel.sent().stream().map(Outbound::dedupeId).distinct())
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDoubtfulMessageGoesAtOnceWhenAPersonEndsThePauseOfItsChannel(TestServer server) {
    try (Host host = new Host(server)) {
      SendOutcome quota =
          new SendOutcome.Later(Duration.ofHours(3), true, Reason.of("45009", "quota"));
      MessageModule module = host.module();
      host.account.channel.script(new SendOutcome.Unknown(Reason.of("TIMEOUT", "?")), quota);
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      host.pass(Duration.ofMinutes(1));
      host.tick(module);
      module.deliveries(host.database, host.dealer).resume(pauses(host, module).get(0).id());
      host.tick(module);

      assertThat(host.states()).containsExactly("SENT");
      assertThat(module.deliveries(host.database, host.dealer).parked(Optional.empty(), 9).items())
          .isEmpty();
    }
  }
}
