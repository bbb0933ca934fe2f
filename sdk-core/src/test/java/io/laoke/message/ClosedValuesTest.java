package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.error.SealedException;
import io.laoke.testing.TestServer;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A value that no key opens holds up nothing but itself. */
class ClosedValuesTest {
  @ParameterizedTest
  @EnumSource(
      value = TestServer.class,
      names = {"H2", "POSTGRESQL"})
  void anAddressThatStaysClosedParksItsOwnMessageOnly(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      String closed = host.hash(host.dealer, host.account.key, "o-closed");
      module.addressBook(
          (tx, tenant, key, hash) -> {
            if (hash.equals(closed)) {
              throw new SealedException("under the key 'gone'");
            }
            return Optional.of("o-open");
          });
      for (int i = 1; i <= 3; i++) {
        host.enqueue(module, host.message(i, "o-open", 1, "m" + i));
      }
      host.enqueue(module, host.message(4, "o-closed", 1, "m4"));

      host.tick(module);

      assertThat(host.account.channel.values()).containsExactlyInAnyOrder("m1", "m2", "m3");
      Decision decision = host.decision(module, 4);
      assertThat(decision.result()).isEqualTo(Decision.Result.PARKED);
      assertThat(decision.reason()).map(Reason::code).contains("UNREADABLE");
      assertThat(host.alarms).extracting(Alarm::kind).containsExactly(Alarm.Kind.PARKED);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TestServer.class,
      names = {"H2", "POSTGRESQL"})
  void factsOfWhoWasErasedAreNotWrittenDown(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      String gone = host.hash(host.dealer, host.account.key, "o-gone");
      module.erased((tx, tenant, account, hash) -> hash.equals(gone));
      Inbound fact = new Inbound.Said("k1", Host.NOW, "o-gone", "我是王芳");

      assertThat(module.receiver().accept(host.account.key, fact).process())
          .isEqualTo(Reply.none());

      assertThat(
              host.database.<Long>read(
                  "count",
                  tx -> tx.query("SELECT COUNT(*) FROM {callback_inbox}").mapTo(Long.class).one()))
          .isZero();
    }
  }
}
