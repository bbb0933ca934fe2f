package io.laoke.wechat;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The daemon threads of one account. None exists before the first call, and each ends after half a
 * minute without work.
 */
final class Workers implements AutoCloseable {
  private static final int IDLE_SECONDS = 30;
  private static final int CALLBACK_THREADS = 16;
  private static final int CALLBACK_QUEUE = 256;

  private final ThreadPoolExecutor network;
  private final ThreadPoolExecutor callbacks;
  private final ThreadPoolExecutor handlers;
  private final ScheduledThreadPoolExecutor timer;

  Workers(int networkThreads) {
    // A call may start while the one before it, which made way for it, still holds its thread: it
    // waits a moment for one and is not refused.
    network =
        new ThreadPoolExecutor(
            networkThreads,
            networkThreads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named("laoke-wechat-"));
    network.allowCoreThreadTimeOut(true);
    callbacks = forEvents("laoke-wechat-callback-");
    handlers = forEvents("laoke-wechat-handler-");
    timer = new ScheduledThreadPoolExecutor(1, named("laoke-wechat-timer-"));
    timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    timer.setRemoveOnCancelPolicy(true);
  }

  /** For network calls and what follows them. */
  ExecutorService network() {
    return network;
  }

  /** For events from WeChat. */
  ExecutorService callbacks() {
    return callbacks;
  }

  /** For the host's own handling of events, however slow: it never holds up ours. */
  ExecutorService handlers() {
    return handlers;
  }

  /** Runs a short task later, unless it is cancelled before. */
  Future<?> later(Runnable task, long nanos) {
    return timer.schedule(task, Math.max(0, nanos), TimeUnit.NANOSECONDS);
  }

  /** Whether nothing new is taken any more. */
  boolean closed() {
    return timer.isShutdown();
  }

  /** Time limits under way still fire, so that no call stays without an outcome. */
  @Override
  public void close() {
    network.shutdown();
    callbacks.shutdown();
    handlers.shutdown();
    timer.shutdown();
  }

  private static ThreadPoolExecutor forEvents(String name) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            CALLBACK_THREADS,
            CALLBACK_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(CALLBACK_QUEUE),
            named(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
