package io.laoke.wechat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets sends through at an account's rate and with a limit on how many are under way. Callers never
 * wait: a send that cannot go at once stands in a bounded queue, in order, until its time is over.
 */
final class SendGate {
  private static final long SECOND = 1_000_000_000L;
  private static final long BURST = SECOND / 10;

  private final int maxInFlight;
  private final int queueLimit;
  private final long interval;
  private final Workers workers;
  private final LongSupplier nanos;

  private final AtomicInteger passes = new AtomicInteger();
  private final Object lock = new Object();
  private final Queue<Turn> queue = new ArrayDeque<>();
  private int inFlight;
  private long nextFree;
  private boolean started;
  private boolean woken;

  SendGate(int maxInFlight, int perSecond, int queueLimit, Workers workers, LongSupplier nanos) {
    this.maxInFlight = maxInFlight;
    this.queueLimit = queueLimit;
    this.interval = SECOND / perSecond;
    this.workers = workers;
    this.nanos = nanos;
  }

  /** A send that wants to go. */
  interface Send {
    /** Goes now; {@link SendGate#done()} must be called when it has ended. */
    void go();

    /** Could not go in time, or the queue was full; it had no effect. */
    void tooLate(boolean queueFull);
  }

  /**
   * Lets it go now or as soon as there is room, but only until {@code startBy}.
   *
   * @throws RejectedExecutionException after the account was closed
   */
  void enter(Send send, long startBy) {
    Turn turn = new Turn(send);
    boolean full;
    synchronized (lock) {
      full = queue.size() >= queueLimit;
      if (!full) {
        queue.add(turn);
      }
    }
    if (full) {
      send.tooLate(true);
      return;
    }
    pump();
    if (turn.send.get() != null) {
      Future<?> unused = workers.later(() -> expire(turn), startBy - nanos.getAsLong());
    }
  }

  /** One that went has ended. */
  void done() {
    synchronized (lock) {
      inFlight--;
    }
    pump();
  }

  private void expire(Turn turn) {
    Send send = turn.send.getAndSet(null);
    if (send != null) {
      synchronized (lock) {
        queue.remove(turn);
      }
      send.tooLate(false);
    }
  }

  /** One thread at a time lets sends through, however deep they call back. */
  private void pump() {
    if (passes.getAndIncrement() > 0) {
      return;
    }
    int seen = 1;
    do {
      for (Send next = next(); next != null; next = next()) {
        next.go();
      }
      seen = passes.addAndGet(-seen);
    } while (seen > 0);
  }

  private @Nullable Send next() {
    while (true) {
      synchronized (lock) {
        if (queue.isEmpty() || inFlight >= maxInFlight) {
          return null;
        }
        long now = nanos.getAsLong();
        if (started && nextFree - now > BURST) {
          wakeAt(nextFree - now - BURST);
          return null;
        }
        Send send = queue.remove().send.getAndSet(null);
        if (send != null) {
          nextFree = (started && nextFree - now > 0 ? nextFree : now) + interval;
          started = true;
          inFlight++;
          return send;
        }
      }
    }
  }

  private void wakeAt(long delay) {
    if (woken) {
      return;
    }
    woken = true;
    try {
      Future<?> unused =
          workers.later(
              () -> {
                synchronized (lock) {
                  woken = false;
                }
                pump();
              },
              delay);
    } catch (RejectedExecutionException e) {
      woken = false; // closed: those who wait end by their own time limit
    }
  }

  /** A place in the queue; empty once it went or expired. */
  private static final class Turn {
    private final AtomicReference<@Nullable Send> send;

    Turn(Send send) {
      this.send = new AtomicReference<>(send);
    }
  }
}
