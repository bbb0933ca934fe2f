package io.laoke.wechat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon threads of one account. None exists before the first call, and each ends after half a
 * minute without work.
 */
final class Workers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Workers.class);
  private static final int IDLE_SECONDS = 30;
  private static final int CALLBACK_THREADS = 16;
  private static final int CALLBACK_QUEUE = 256;

  private final ThreadPoolExecutor network;
  private final ThreadPoolExecutor callbacks;
  private final ThreadPoolExecutor handlers;
  private final ScheduledThreadPoolExecutor timer;

  Workers() {
    // As many threads as there are calls under way, which others limit. A limit here would refuse
    // a call that starts while the one before it, which made way for it, still holds its thread.
    AtomicInteger count = new AtomicInteger();
    network =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> new NetworkThread(this, task, "laoke-wechat-" + count.incrementAndGet()));
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

  /**
   * Runs it on a network thread: on this one, if it is one and at the end of what it does, so that
   * a call is followed by the next without a change of threads.
   *
   * @throws RejectedExecutionException after {@link #close()}
   */
  void inTurn(Runnable task) {
    if (Thread.currentThread() instanceof NetworkThread own && own.of == this && own.ending) {
      // Whoever ends may go on for others for long: what was started before does not wait for it.
      Runnable before = own.next;
      if (before != null) {
        network.execute(() -> NetworkThread.turns(before));
      }
      own.next = task;
    } else {
      network.execute(() -> NetworkThread.turns(task));
    }
  }

  /**
   * Runs it now, or, within a task of {@link #inTurn}, when all else of the task is done, also what
   * others made of its outcome: what this starts then never waits for them.
   */
  void last(Runnable end) {
    if (Thread.currentThread() instanceof NetworkThread own && own.of == this && own.working) {
      own.ends.add(end);
    } else {
      end.run();
    }
  }

  /**
   * Runs what is not ours and may block. What this thread was to go on with goes to another, and
   * nothing that it starts waits for this thread.
   */
  void foreign(Runnable code) {
    if (Thread.currentThread() instanceof NetworkThread own && own.of == this && own.ending) {
      own.ending = false;
      try {
        own.handNextOver();
        code.run();
      } finally {
        own.ending = true;
      }
    } else {
      code.run();
    }
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

  /** Goes from one task to the next that its end starts. */
  private static final class NetworkThread extends Thread {
    private final Workers of;
    private final Queue<Runnable> ends = new ArrayDeque<>();
    private boolean working;
    private boolean ending;
    private @Nullable Runnable next;

    NetworkThread(Workers of, Runnable task, String name) {
      super(task, name);
      this.of = of;
      setDaemon(true);
    }

    /** To another thread; if none takes it any more, this one goes on with it all the same. */
    private void handNextOver() {
      Runnable following = next;
      if (following != null) {
        try {
          of.network.execute(() -> turns(following));
          next = null;
        } catch (RejectedExecutionException | Error noThread) {
          log.debug("no other thread takes what follows", noThread);
        }
      }
    }

    static void turns(Runnable first) {
      NetworkThread self = (NetworkThread) Thread.currentThread();
      for (Runnable task = first; task != null; task = self.end()) {
        boolean unused = Thread.interrupted(); // whom it was meant for has ended
        self.working = true;
        guarded(task);
        self.working = false;
      }
    }

    private static void guarded(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException | Error fault) {
        log.error("a fault of Laoke's on a network thread", fault);
      }
    }

    private @Nullable Runnable end() {
      ending = true;
      for (Runnable end = ends.poll(); end != null; end = ends.poll()) {
        guarded(end);
      }
      ending = false;
      Runnable following = next;
      next = null;
      return following;
    }
  }
}
