package io.laoke.wechat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets sends through at an account's rate and with a limit on how many are under way. Callers never
 * wait: a send that cannot go at once stands in a bounded queue, in order, until its time is over.
 */
final class SendGate {
  private static final long SECOND = 1_000_000_000L;
  private static final long BURST = SECOND / 10;

  /** With so many under way the quickest answers keep a machine busy. */
  private static final int FEW = 8;

  /** For each such part of an answer's time one more is worth it. */
  private static final long PART = SECOND / 20_000;

  /** How long something took that was no answer to a message. */
  static final long SAYS_NOTHING = -1;

  private final int maxInFlight;
  private final int queueLimit;
  private final long interval;
  private final Workers workers;
  private final LongSupplier nanos;

  /** At most so many are under way now: more than keep the machine busy would only cost. */
  private int worthwhile;

  private int answers;
  private long quickest = Long.MAX_VALUE;

  private final AtomicInteger passes = new AtomicInteger();
  private final Object lock = new Object();
  private final Queue<Turn> queue = new ArrayDeque<>();
  private int inFlight;
  private long nextFree;
  private boolean started;
  private boolean woken;
  private boolean expiring;

  SendGate(int maxInFlight, int perSecond, int queueLimit, Workers workers, LongSupplier nanos) {
    this.maxInFlight = maxInFlight;
    this.worthwhile = maxInFlight;
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
    Turn turn = new Turn(send, startBy);
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
    synchronized (lock) {
      try {
        expireLater();
      } catch (RejectedExecutionException closed) {
        if (queue.remove(turn)) {
          throw closed;
        }
      }
    }
  }

  /**
   * One that went has ended.
   *
   * @param took how long its answer took, in nanoseconds, or {@link #SAYS_NOTHING}
   */
  void done(long took) {
    synchronized (lock) {
      inFlight--;
      if (took != SAYS_NOTHING) {
        quickest = Math.min(quickest, took);
        answers++;
      }
      if (answers >= Math.max(2 * FEW, worthwhile)) {
        long worth = Math.min(maxInFlight, Math.max(FEW, quickest / PART));
        worthwhile = (int) worth;
        answers = 0;
        quickest = Long.MAX_VALUE;
      }
    }
    pump();
  }

  /** Those whose time is over, and later those that follow. */
  private void expire() {
    List<Turn> over = new ArrayList<>();
    synchronized (lock) {
      long now = nanos.getAsLong();
      queue.removeIf(turn -> turn.startBy - now <= 0 && over.add(turn));
      expiring = false;
      try {
        expireLater();
      } catch (RejectedExecutionException closed) {
        over.addAll(queue);
        queue.clear();
      }
    }
    over.forEach(turn -> turn.send.tooLate(false));
  }

  private void expireLater() {
    Turn first = queue.peek();
    if (first != null && !expiring) {
      Future<?> unused = workers.later(this::expire, first.startBy - nanos.getAsLong());
      expiring = true;
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
    synchronized (lock) {
      if (queue.isEmpty() || inFlight >= worthwhile) {
        return null;
      }
      long now = nanos.getAsLong();
      if (started && nextFree - now > BURST) {
        wakeAt(nextFree - now - BURST);
        return null;
      }
      nextFree = (started && nextFree - now > 0 ? nextFree : now) + interval;
      started = true;
      inFlight++;
      return queue.remove().send;
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

  private record Turn(Send send, long startBy) {}
}
