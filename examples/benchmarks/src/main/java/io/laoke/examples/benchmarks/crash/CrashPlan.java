package io.laoke.examples.benchmarks.crash;

import io.laoke.order.Stage;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.util.List;

/**
 * A run.
 *
 * @param server the database, a server in a process of its own
 * @param orders how many
 * @param recipients how many receive each order's notices, 1 to 20
 * @param stages what is reported of each order, in this order
 * @param kills how often a worker is killed while it sends
 * @param seed of all that is random
 * @param lease of a claimed message
 * @param callTimeout of a call to WeChat, shorter than the lease
 * @param faultEvery how often WeChat, or the way to it, does something else than it should
 */
public record CrashPlan(
    TestServer server,
    int orders,
    int recipients,
    List<Stage> stages,
    int kills,
    long seed,
    Duration lease,
    Duration callTimeout,
    Duration faultEvery) {
  private static final List<Stage> FOUR =
      List.of(Stage.APPROVED, Stage.SHIPPED, Stage.DELIVERED, Stage.INSTALLED);
  private static final List<Stage> FIVE =
      List.of(Stage.APPROVED, Stage.SHIPPED, Stage.SCHEDULED, Stage.DELIVERED, Stage.INSTALLED);

  private static final int RECIPIENTS = 4;

  /** In a whole run. */
  public static final int NOTICES_OF_AN_ORDER = RECIPIENTS * FIVE.size();

  /** So many notices with the times of production. */
  public static CrashPlan whole(TestServer server, int notices, int kills, long seed) {
    return new CrashPlan(
        server,
        notices / NOTICES_OF_AN_ORDER,
        RECIPIENTS,
        FIVE,
        kills,
        seed,
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        Duration.ofMillis(250));
  }

  /** 600 notices with short leases, for every build. */
  public static CrashPlan brief(TestServer server, long seed) {
    return new CrashPlan(
        server,
        50,
        3,
        FOUR,
        3,
        seed,
        Duration.ofSeconds(4),
        Duration.ofMillis(1500),
        Duration.ofMillis(120));
  }

  /** How many notices there are to be told. */
  public int notices() {
    return orders * recipients * stages.size();
  }
}
