package io.laoke.testing;

import io.laoke.error.LaokeException;
import java.sql.Connection;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * How tests reach their databases, other than plainly. {@code -Dlaoke.test.joined=REPEATABLE_READ}
 * puts each call into a transaction of a host at that level, {@code
 * -Dlaoke.test.parameters=useAffectedRows=true&…} gives them to the drivers of MySQL and MariaDB,
 * {@code -Dlaoke.test.otherDriver=true} changes these two over, and {@code -Dlaoke.test.druid=true}
 * puts Druid with its wall and statistics under the pool. {@code
 * -Dlaoke.test.level=TRANSACTION_SERIALIZABLE} is the level that pools begin with. All tests of a
 * contract run so, and none fails: races are repeated as hosts repeat them, what refuses a host's
 * transaction is called outside of any, and what tests ask by themselves goes past a wall.
 */
public record Way(Optional<Integer> joined, String parameters, boolean otherDriver, boolean druid) {
  private static final int ATTEMPTS = 200;

  private static volatile Way current =
      new Way(
          Optional.ofNullable(System.getProperty("laoke.test.joined")).map(Way::level),
          System.getProperty("laoke.test.parameters", ""),
          Boolean.getBoolean("laoke.test.otherDriver"),
          Boolean.getBoolean("laoke.test.druid"));

  /** Something that fails as it likes. */
  @FunctionalInterface
  public interface Task {
    /** Does it. */
    void run() throws Exception;
  }

  /** As everybody does. */
  public static Way plain() {
    return new Way(Optional.empty(), "", false, false);
  }

  /** Whether each call is inside a transaction of a host now. */
  public static boolean eachCallJoined() {
    return current.joined().isPresent();
  }

  /** Whether each call is inside one that never shows what came since it began, so none erases. */
  public static boolean eachCallBlind(TestServer server) {
    return (server == TestServer.H2 || server == TestServer.POSTGRESQL)
        && current.joined().orElse(0) > Connection.TRANSACTION_READ_COMMITTED;
  }

  /**
   * What a call of a host gives, who repeats it as a whole when it is told to. Laoke repeats its
   * own transactions by itself: only in those of hosts may a race say so.
   */
  public static <T> T repeated(Callable<T> call) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.call();
      } catch (LaokeException failed) {
        if (!eachCallJoined() || attempt == ATTEMPTS || !failed.retryable()) {
          throw failed;
        }
        // Whoever comes back at once meets the same crowd again.
        LockSupport.parkNanos(
            ThreadLocalRandom.current().nextLong(500_000L * Math.min(attempt, 100)));
      }
    }
  }

  static Way current() {
    return current;
  }

  /** Each call inside a transaction of a host at that level. */
  public Way joined(int isolation) {
    return new Way(Optional.of(isolation), parameters, otherDriver, druid);
  }

  /** With parameters for the drivers of MySQL and MariaDB. */
  public Way parameters(String given) {
    return new Way(joined, given, otherDriver, druid);
  }

  /** With MySQL's driver on MariaDB, and the reverse. */
  public Way throughTheOtherDriver() {
    return new Way(joined, parameters, true, druid);
  }

  /** Through Druid with its wall. */
  public Way behindDruid() {
    return new Way(joined, parameters, otherDriver, true);
  }

  /** Lets all databases that a task opens be reached in this way. */
  public void during(Task task) throws Exception {
    Way before = current;
    current = this;
    try {
      task.run();
    } finally {
      current = before;
    }
  }

  private static int level(String name) {
    return switch (name) {
      case "READ_COMMITTED" -> Connection.TRANSACTION_READ_COMMITTED;
      case "REPEATABLE_READ" -> Connection.TRANSACTION_REPEATABLE_READ;
      case "SERIALIZABLE" -> Connection.TRANSACTION_SERIALIZABLE;
      default -> throw new IllegalArgumentException(name);
    };
  }
}
