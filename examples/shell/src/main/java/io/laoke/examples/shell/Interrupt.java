package io.laoke.examples.shell;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, or another signal to end: long work is told so at its next row, ends its transaction and
 * closes the database before the process goes.
 */
final class Interrupt implements AutoCloseable {
  /** What the work throws. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("Stopped.", null, false, false);
    }
  }

  private static final int PATIENCE_SECONDS = 30;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "laoke-shell-stop");
  private volatile boolean asked;

  Interrupt() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void stop() {
    asked = true;
    try {
      ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException now) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks the work to end, as a signal does. */
  void ask() {
    asked = true;
  }

  /** Ends the work if that was asked for. */
  void check() {
    if (asked) {
      throw new Stopped();
    }
  }

  /** Whether it was asked for. */
  boolean asked() {
    return asked;
  }

  /** The work has ended. */
  @Override
  public void close() {
    ended.countDown();
    if (!asked) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException going) {
        // The signal has come this moment.
        asked = true;
      }
    }
  }
}
