package io.laoke.testing;

import java.io.IOException;
import java.sql.Connection;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/**
 * Has its own process killed (SIGKILL) at a random call of its work, and lets it do only a few more
 * until the signal comes. So the work is under way then, however slow the machine is; a killer that
 * watches from another process may come when all is done.
 */
public final class KilledAtWork implements TamperedDataSource.Tamper {
  /** What {@link Process#exitValue} says of who was killed so. */
  public static final int EXIT = 128 + 9;

  private static final int CALLS = 30;
  private static final int FEW_MORE = 10;

  private final String mark;
  private final int kill;
  private int marks;
  private int calls;

  /**
   * To be killed some calls after a statement of the work.
   *
   * @param mark part of the statement that ends a step of the work
   * @param marks how many steps begin to end before
   */
  public KilledAtWork(String mark, int marks, Random random) {
    this.mark = mark;
    this.marks = marks;
    this.kill = 1 + random.nextInt(CALLS);
  }

  @Override
  public synchronized void before(Connection connection, String method, Object[] arguments) {
    if (marks > 0) {
      boolean marked = method.startsWith("prepare") && String.valueOf(arguments[0]).contains(mark);
      marks -= marked ? 1 : 0;
      return;
    }
    calls++;
    if (calls == kill) {
      kill();
    } else if (calls > kill + FEW_MORE) {
      waitForIt();
    }
  }

  private static void kill() {
    try {
      new ProcessBuilder("sh", "-c", "kill -9 " + ProcessHandle.current().pid()).start();
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static void waitForIt() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException never) {
      Thread.currentThread().interrupt();
    }
  }
}
