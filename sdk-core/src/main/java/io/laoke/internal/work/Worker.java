package io.laoke.internal.work;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Work in rounds on a thread of its own, from {@link #start} until {@link #end}. While rounds find
 * something to do they follow each other at once; else the worker rests, until it is woken or its
 * rest is over. A round that fails ends nothing.
 */
public final class Worker {
  /** What a worker does. */
  public interface Work {
    /** One round, on the worker's thread; whether there was something to do. */
    boolean round();

    /**
     * How long to rest when there was nothing to do.
     *
     * @param failures how many rounds have failed one after the other, the last one included
     */
    Duration rest(int failures);

    /**
     * A round has failed.
     *
     * @param failures how many have, one after the other, with this one
     */
    void failed(int failures, Throwable failure);

    /**
     * A round has not failed, after those that did.
     *
     * @param failures how many did, one after the other
     */
    default void recovered(int failures) {}
  }

  private final String name;
  private final Work work;
  private final Semaphore signal = new Semaphore(0);
  private volatile boolean ended;
  private @Nullable Thread thread;
  private @Nullable Thread last;

  /**
   * Does nothing yet.
   *
   * @param name of the thread
   */
  public Worker(String name, Work work) {
    this.name = name;
    this.work = work;
  }

  /** Starts the thread; repeating is harmless, and behind the end nothing is started. */
  public synchronized void start() {
    if (thread != null || ended) {
      return;
    }
    Thread started = new Thread(this::loop, name);
    started.setDaemon(true);
    thread = started;
    last = started;
    started.start();
  }

  /** Whether it was started and has not been told to end. */
  public synchronized boolean started() {
    return thread != null;
  }

  /** Whether it was told to end: a long round looks here. */
  public boolean ended() {
    return ended;
  }

  /** There may be something to do. */
  public void wake() {
    if (signal.availablePermits() == 0) {
      signal.release();
    }
  }

  /** Waits until somebody calls {@link #wake}, for so long at most. */
  public void await(Duration longest) throws InterruptedException {
    if (signal.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS)) {
      signal.drainPermits();
    }
  }

  private void loop() {
    int failures = 0;
    while (!ended) {
      boolean worked = false;
      try {
        worked = work.round();
        if (failures > 0) {
          work.recovered(failures);
        }
        failures = 0;
      } catch (RuntimeException | Error failure) {
        failures++;
        work.failed(failures, failure);
      }
      if (!worked) {
        try {
          await(work.rest(failures));
        } catch (InterruptedException stop) {
          return;
        }
      }
    }
  }

  /** No further round begins. Does not wait for the one that is on; see {@link #join}. */
  public void end() {
    synchronized (this) {
      ended = true;
      thread = null;
    }
    wake();
  }

  /** Waits for the round that was on at the end, unless it is the caller, for so long at most. */
  public void join(Duration longest) throws InterruptedException {
    Thread running;
    synchronized (this) {
      running = last;
    }
    if (running != null && running != Thread.currentThread()) {
      running.join(Math.max(1, longest.toMillis()));
    }
  }

  /** Ends, and waits for the round that is on, for so long at most. */
  public void close(Duration longest) {
    end();
    try {
      join(longest);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
