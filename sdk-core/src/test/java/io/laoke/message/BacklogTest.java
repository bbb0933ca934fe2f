package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.testing.TestServer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BacklogTest {
  /** Several visits; H2 is quick enough for many. */
  private static int many(TestServer server) {
    return server == TestServer.H2 ? 3_000 : 1_500;
  }

  /** An outcome that came back between two looks once made a tick end with work left. */
  @ParameterizedTest
  @EnumSource
  void oneTickSendsAWholeBacklog(TestServer server) {
    int many = many(server);
    ExecutorService platform = Executors.newFixedThreadPool(2);
    try (Host host = new Host(server)) {
      host.account.channel.maxInFlight = 64;
      host.account.channel.answer =
          message -> CompletableFuture.supplyAsync(() -> FakeChannel.accepted(message), platform);
      MessageModule module = host.module(EngineSettings.standard());
      for (int from = 0; from < many; from += 100) {
        NewMessage[] some = new NewMessage[100];
        for (int i = 0; i < some.length; i++) {
          some[i] = host.message(from + i, "o-" + (from + i), 1, "m");
        }
        host.enqueue(module, some);
      }

      TickReport report = host.tick(module);

      assertThat(report).isEqualTo(new TickReport(many, many, 0, 0, 0, 0, 0, 0));
      assertThat(host.account.channel.sent()).hasSize(many);
      assertThat(host.account.channel.most.get()).isLessThanOrEqualTo(64);
    } finally {
      platform.shutdownNow();
    }
  }
}
