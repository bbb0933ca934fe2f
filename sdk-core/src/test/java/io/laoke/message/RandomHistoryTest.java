package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random outcomes, crashes, pauses, clock jumps and passing time, over several engines. The
 * platform of the test drops repeats with a known id inside its window, as the real one does.
 */
class RandomHistoryTest {
  private static final int ORDERS = 6;
  private static final int STAGES = 4;

  /** What the platform did, by its own rules. */
  private static final class Platform {
    final Random random;
    final Map<String, Long> taken = new HashMap<>();
    final List<String> delivered = new ArrayList<>();
    long clock;
    boolean healthy;
    boolean dead;

    Platform(Random random) {
      this.random = random;
    }

    synchronized java.util.concurrent.CompletionStage<SendOutcome> send(Outbound message) {
      if (dead) {
        // The process is gone: whatever follows in it never leaves.
        return new CompletableFuture<>();
      }
      int dice = healthy ? 0 : random.nextInt(16);
      if (dice <= 7) {
        return FakeChannel.now(accept(message));
      }
      return switch (dice) {
        case 8 -> {
          accept(message); // took it, but the answer is lost
          yield FakeChannel.now(new SendOutcome.Unknown(Reason.of("TIMEOUT", "lost")));
        }
        case 9 -> FakeChannel.now(new SendOutcome.Unknown(Reason.of("RESET", "never arrived")));
        case 10 -> {
          accept(message); // took it, and the process died before the answer
          dead = true;
          yield new CompletableFuture<>();
        }
        case 11 -> {
          dead = true;
          yield new CompletableFuture<>();
        }
        case 12 ->
            FakeChannel.now(
                new SendOutcome.Misconfigured(SendOutcome.Scope.ACCOUNT, Reason.of("40164", "ip")));
        case 13 ->
            FakeChannel.now(
                new SendOutcome.Later(Duration.ofSeconds(90), true, Reason.of("45009", "quota")));
        case 14 ->
            taken.containsKey(message.dedupeId())
                ? FakeChannel.now(accept(message))
                : FakeChannel.now(
                    new SendOutcome.Refused(Reason.of("43004", "gone"), false, false));
        default ->
            FakeChannel.now(
                new SendOutcome.Later(Duration.ofSeconds(1), false, Reason.of("-1", "busy")));
      };
    }

    private SendOutcome accept(Outbound message) {
      Long before = taken.get(message.dedupeId());
      if (before == null || clock - before >= Duration.ofMinutes(10).toMillis()) {
        taken.put(message.dedupeId(), clock);
        delivered.add(message.body().fields().get("thing1").value());
      }
      return FakeChannel.accepted(message);
    }

    synchronized void pass(Duration time) {
      clock += time.toMillis();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyMessageIsDeliveredOnceInOrderOrListed(TestServer server) {
    for (long seed = 1; seed <= 6; seed++) {
      history(server, seed);
    }
  }

  private static void history(TestServer server, long seed) {
    try (Host host = new Host(server)) {
      Random random = new Random(seed);
      Platform platform = new Platform(new Random(seed * 31));
      host.account.channel.maxInFlight = 4;
      host.account.channel.answer = platform::send;
      MessageModule module = host.module(settings());
      int[] next = new int[ORDERS];
      Instant business = Host.NOW;
      for (int step = 0; step < 60; step++) {
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> {
            int order = random.nextInt(ORDERS);
            if (next[order] < STAGES) {
              int seq = ++next[order];
              host.enqueue(module, host.message(order, "o-anna", seq, order + "/" + seq));
            }
          }
          case 3, 4 -> module.tick(business, Duration.ofMillis(250));
          case 5 -> {
            Duration time = Duration.ofSeconds(1 + random.nextInt(200));
            host.pass(time);
            platform.pass(time);
          }
          case 6 -> business = Host.NOW.plus(Duration.ofHours(random.nextInt(40)));
          default -> resume(host, module);
        }
        if (platform.dead) {
          module = host.module(settings());
          platform.dead = false;
        }
      }
      finish(host, platform, next, business);
      verify(host, platform, seed);
    }
  }

  private static EngineSettings settings() {
    return new EngineSettings(
        Duration.ofSeconds(60),
        Duration.ofMillis(1),
        Duration.ofMillis(1),
        Duration.ofMillis(20),
        Duration.ofMillis(100));
  }

  private static void resume(Host host, MessageModule module) {
    Deliveries deliveries = module.deliveries(host.database, host.dealer);
    deliveries.pauses().forEach(pause -> deliveries.resume(pause.id()));
  }

  private static void finish(Host host, Platform platform, int[] next, Instant business) {
    platform.healthy = true;
    MessageModule module = host.module(settings());
    for (int order = 0; order < ORDERS; order++) {
      while (next[order] < STAGES) {
        int seq = ++next[order];
        host.enqueue(module, host.message(order, "o-anna", seq, order + "/" + seq));
      }
    }
    for (int i = 0; i < 12; i++) {
      resume(host, module);
      module.tick(business, Duration.ofSeconds(5));
      host.pass(Duration.ofSeconds(61));
      platform.pass(Duration.ofSeconds(61));
    }
  }

  private static void verify(Host host, Platform platform, long seed) {
    Map<String, Integer> last = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (String value : platform.delivered) {
      assertThat(seen.add(value)).as("seed %d: %s twice", seed, value).isTrue();
      String[] parts = value.split("/", -1);
      int seq = Integer.parseInt(parts[1]);
      assertThat(seq)
          .as("seed %d: order of %s", seed, value)
          .isGreaterThan(last.getOrDefault(parts[0], 0));
      last.put(parts[0], seq);
    }
    MessageModule module = host.module();
    int listed = 0;
    for (int order = 0; order < ORDERS; order++) {
      for (Decision decision : host.decisions(module, order)) {
        String value = order + "/" + decision.seq();
        listed++;
        switch (decision.result()) {
          case SENT -> assertThat(seen).as("seed %d: sent", seed).contains(value);
          case REFUSED -> assertThat(seen).as("seed %d: refused", seed).doesNotContain(value);
          case UNKNOWN, PARKED -> {
            // It may have arrived or not; a person sees it.
          }
          default ->
              throw new AssertionError("seed " + seed + ": " + value + " ended as " + decision);
        }
      }
    }
    assertThat(listed).isEqualTo(ORDERS * STAGES);
    long parked =
        module.deliveries(host.database, host.dealer).parked(Optional.empty(), 100).items().size();
    assertThat(seen.size())
        .isGreaterThanOrEqualTo((int) (ORDERS * STAGES - parked - refused(host)));
  }

  private static long refused(Host host) {
    return host.number("SELECT COUNT(*) FROM {outbox} WHERE state = 'REFUSED'");
  }
}
