package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.base.HostTransaction;
import io.laoke.error.ConflictException;
import io.laoke.error.StoreException;
import io.laoke.internal.jdbc.Database;
import io.laoke.testing.TestServer;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import javax.sql.DataSource;
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
    for (long seed = 1; seed <= 4; seed++) {
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
          case 3, 4 -> module.tick(business, Duration.ofMillis(100));
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
          case UNKNOWN, PARKED, DROPPED -> {
            // It may have arrived or not; a person sees it, or saw to it.
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
    return host.number("SELECT COUNT(*) FROM {outbox} WHERE state IN ('REFUSED', 'DROPPED')");
  }

  /** A process with an engine of its own, which ends where the dice say so: it writes no more. */
  private static final class Node {
    final Host host;
    final Platform platform;
    final Random random;
    volatile boolean dead = true;
    MessageModule module;

    Node(Host host, Platform platform, long seed) {
      this.host = host;
      this.platform = platform;
      this.random = new Random(seed);
    }

    /** Ticks once; a process that has ended is followed by another one. */
    void tick() {
      if (dead) {
        begin();
      }
      try {
        module.tick(
            Host.NOW.plus(Duration.ofHours(random.nextInt(40))),
            Duration.ofMillis(20 + random.nextInt(100)));
      } catch (StoreException ended) {
        assertThat(dead).as("%s", ended).isTrue();
      }
    }

    private void begin() {
      Life life = new Life();
      FakeAccount account = new FakeAccount(host.account.key);
      account.channel.maxInFlight = 4;
      account.channel.answer = life::send;
      Database its = new Database(life.over(host), HostTransaction.none(), host.database.names());
      module =
          host.module(
              settings(),
              new Accounts(List.of(new DealerAccount(host.dealer.code(), account))),
              its);
      dead = false;
    }

    /** What ends with a process. */
    private final class Life {
      private volatile boolean over;

      synchronized java.util.concurrent.CompletionStage<SendOutcome> send(Outbound message) {
        if (over) {
          return new CompletableFuture<>();
        }
        synchronized (platform) {
          java.util.concurrent.CompletionStage<SendOutcome> answer = platform.send(message);
          if (platform.dead) {
            platform.dead = false;
            over = true;
            dead = true;
          }
          return answer;
        }
      }

      DataSource over(Host of) {
        return (DataSource)
            Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                  if (over) {
                    throw new SQLException("the process has ended", "08006");
                  }
                  return method.invoke(of.pool, arguments);
                });
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoNodesThatDieAgainAndAgainDeliverOnceInOrder(TestServer server) throws Exception {
    for (long seed = 1; seed <= 3; seed++) {
      twoNodes(server, seed);
    }
  }

  private static void twoNodes(TestServer server, long seed) throws Exception {
    try (Host host = new Host(server)) {
      Random random = new Random(seed * 17);
      Platform platform = new Platform(new Random(seed * 31));
      host.account.channel.answer = platform::send;
      MessageModule writer = host.module(settings());
      ReentrantReadWriteLock time = new ReentrantReadWriteLock();
      AtomicBoolean over = new AtomicBoolean();
      List<CompletableFuture<Void>> nodes = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Node node = new Node(host, platform, seed * 7 + i);
        nodes.add(
            CompletableFuture.runAsync(
                () -> {
                  while (!over.get()) {
                    time.readLock().lock();
                    try {
                      node.tick();
                    } finally {
                      time.readLock().unlock();
                    }
                  }
                },
                command -> new Thread(command, "node").start()));
      }
      int[] next = new int[ORDERS];
      for (int step = 0; step < 60; step++) {
        switch (random.nextInt(6)) {
          case 0, 1, 2 -> {
            int order = random.nextInt(ORDERS);
            if (next[order] < STAGES) {
              int seq = ++next[order];
              host.enqueue(writer, host.message(order, "o-anna", seq, order + "/" + seq));
            }
          }
          case 3, 4 -> {
            Duration passed = Duration.ofSeconds(1 + random.nextInt(200));
            time.writeLock().lock();
            try {
              host.pass(passed);
              platform.pass(passed);
            } finally {
              time.writeLock().unlock();
            }
          }
          default -> {
            resume(host, writer);
            drop(host, writer, random);
          }
        }
      }
      over.set(true);
      for (CompletableFuture<Void> node : nodes) {
        node.get(60, TimeUnit.SECONDS);
      }
      finish(host, platform, next, Host.NOW);
      verify(host, platform, seed);
    }
  }

  /** Gives one of the messages up, whatever a node is doing with it. */
  private static void drop(Host host, MessageModule module, Random random) {
    Deliveries deliveries = module.deliveries(host.database, host.dealer);
    List<Delivery> waiting = deliveries.waiting(Optional.empty(), 100).items();
    if (waiting.isEmpty() || random.nextInt(3) > 0) {
      return;
    }
    try {
      deliveries.drop(waiting.get(random.nextInt(waiting.size())).id(), "given up");
    } catch (ConflictException underWay) {
      assertThat(underWay).hasMessageContaining("cannot be dropped");
    }
  }
}
