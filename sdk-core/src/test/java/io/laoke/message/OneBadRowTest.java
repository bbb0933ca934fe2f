package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.error.StoreException;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What fails for one message is told, and holds up no other. */
class OneBadRowTest {
  private static void threeMessages(Host host, MessageModule module) {
    for (int i = 1; i <= 3; i++) {
      host.enqueue(module, host.message(i, "o-" + i, 1, "m"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRuleThatFailsForOneMessageParksThatOne(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      module.gate(
          (tx, tenant, now, messages) ->
              messages.stream()
                  .map(
                      message -> {
                        if (message.orderId() == 2) {
                          throw new IllegalStateException("no such thing");
                        }
                        return GateRule.Verdict.pass();
                      })
                  .toList());
      threeMessages(host, module);

      TickReport report = host.tick(module);

      assertThat(report.sent()).isEqualTo(2);
      assertThat(host.states()).containsExactly("SENT", "PARKED", "SENT");
      assertThat(host.decision(module, 2).reason()).map(Reason::code).contains("GATE_FAILED");
      assertThat(host.alarms).extracting(Alarm::kind).containsExactly(Alarm.Kind.PARKED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noVerdictIsAFailureAndNothingLeavesWithoutOne(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      module.gate(
          (tx, tenant, now, messages) ->
              messages.stream()
                  .map(message -> message.orderId() == 2 ? null : GateRule.Verdict.pass())
                  .collect(Collectors.toCollection(ArrayList::new)));
      threeMessages(host, module);

      host.tick(module);

      assertThat(host.states()).containsExactly("SENT", "PARKED", "SENT");
      assertThat(host.decision(module, 2).reason()).map(Reason::code).contains("GATE_FAILED");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRuleThatWasAwayForAMomentBlamesNoMessage(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      AtomicInteger failures = new AtomicInteger(2);
      module.gate(
          (tx, tenant, now, messages) -> {
            if (failures.getAndDecrement() > 0) {
              throw new IllegalStateException("away");
            }
            return messages.stream().map(message -> GateRule.Verdict.pass()).toList();
          });
      threeMessages(host, module);

      host.tick(module);

      assertThat(host.states()).containsOnly("SENT");
      assertThat(host.alarms).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeWordedAnewIsHeldAsRefused(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      module.rewords(
          (tx, tenant, account, messages) -> {
            throw new IllegalStateException("a stored value that cannot be read");
          });
      host.account.channel.answer =
          message ->
              FakeChannel.now(
                  new SendOutcome.Misconfigured(
                      SendOutcome.Scope.TEMPLATE, Reason.of("40037", "gone")));
      threeMessages(host, module);

      host.tick(module);

      assertThat(host.states()).containsOnly("HELD");
      assertThat(host.alarms).extracting(Alarm::kind).containsExactly(Alarm.Kind.PAUSED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAddressThatCannotBeOpenedParksItsMessage(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      String broken = host.hash(host.dealer, host.account.key, "o-2");
      module.addressBook(
          (tx, tenant, account, hash) -> {
            if (hash.equals(broken)) {
              throw new IllegalArgumentException("the key is not known");
            }
            return Optional.ofNullable(host.addresses.get(hash));
          });
      threeMessages(host, module);

      host.tick(module);

      assertThat(host.states()).containsExactly("SENT", "PARKED", "SENT");
      assertThat(host.decision(module, 2).reason()).map(Reason::code).contains("UNREADABLE");
      assertThat(host.decision(module, 2).reason().orElseThrow().text()).doesNotContain("o-2");
      assertThat(host.alarms).extracting(Alarm::kind).containsExactly(Alarm.Kind.PARKED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatMayPassLaterWaits(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      boolean[] away = {true};
      module.addressBook(
          (tx, tenant, account, hash) -> {
            if (away[0]) {
              throw new StoreException("the key service is away", null, true);
            }
            return Optional.ofNullable(host.addresses.get(hash));
          });
      threeMessages(host, module);
      host.tick(module);
      assertThat(host.states()).containsOnly("WAITING");

      away[0] = false;
      host.pass(Duration.ofMinutes(2));
      host.tick(module);
      assertThat(host.states()).containsOnly("SENT");
    }
  }
}
