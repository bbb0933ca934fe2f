package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.testing.TestServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The words of a message are taken while the platform has it: its outcome brings none back. */
class ErasedUnderWayTest {
  private static final SendOutcome GONE =
      new SendOutcome.Misconfigured(SendOutcome.Scope.TEMPLATE, Reason.of("40037", "gone"));

  /** Sends one message, erases it before the outcome, and ticks once more. */
  private static Decision after(Host host, MessageModule module, SendOutcome outcome) {
    host.account.channel.answer =
        message -> {
          host.database.own("wipe", tx -> tx.update("UPDATE {outbox} SET body = ''").execute());
          return FakeChannel.now(outcome);
        };
    host.enqueue(module, host.message(1, "o-1", 1, "m"));
    host.tick(module);
    host.pass(Duration.ofMinutes(2));
    host.tick(module);
    assertThat(host.account.channel.sent()).hasSize(1);
    assertThat(host.number("SELECT COUNT(*) FROM {outbox} WHERE body <> ''")).isZero();
    return host.decision(module, 1);
  }

  @ParameterizedTest
  @EnumSource
  void acceptedIsSentWithoutValues(TestServer server) {
    try (Host host = new Host(server)) {
      List<SendOutcome.FittedField> fitted = List.of(new SendOutcome.FittedField("thing2", "CUT"));
      Decision decision = after(host, host.module(), new SendOutcome.Accepted("p1", fitted));

      assertThat(host.states()).containsExactly("SENT");
      assertThat(decision.fitted()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalKeepsItsCodeOnly(TestServer server) {
    try (Host host = new Host(server)) {
      Decision decision =
          after(
              host,
              host.module(),
              new SendOutcome.Refused(Reason.of("47001", "Wang's order"), false, false));

      assertThat(host.states()).containsExactly("REFUSED");
      assertThat(decision.reason()).contains(Reason.of("47001", ""));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReplacedTemplateBringsNoWordsBack(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      module.rewords(
          (tx, tenant, account, messages) -> {
            throw new AssertionError("asked for words of " + messages);
          });
      Decision decision = after(host, module, GONE);

      assertThat(host.states()).containsExactly("STOPPED");
      assertThat(decision.result()).isEqualTo(Decision.Result.STOPPED);
      assertThat(decision.reason()).map(Reason::code).contains("ERASED");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatMayHaveLeftStaysUnknown(TestServer server) {
    try (Host host = new Host(server)) {
      Decision decision =
          after(host, host.module(), new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));

      assertThat(host.states()).containsExactly("STOPPED");
      assertThat(decision.result()).isEqualTo(Decision.Result.UNKNOWN);
      assertThat(decision.reason()).map(Reason::code).contains("ERASED");
    }
  }
}
