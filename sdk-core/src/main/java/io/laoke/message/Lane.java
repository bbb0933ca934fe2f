package io.laoke.message;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one account that this engine has claimed: those under way, and those that follow
 * as soon as one of these has come back. Never waits for anything.
 */
final class Lane {
  private static final int MOST_WAITING = 1200;
  private static final int LEAST_WAITING = 16;

  /** For each that may be under way so many wait: enough for the time of a claim. */
  private static final int WAITING_EACH = 20;

  private final Consumer<Outcomes.Done> done;

  /** In the order in which they go: by purpose, as they were claimed. */
  private final Map<Purpose, ArrayDeque<Visit.Ready>> waiting = new EnumMap<>(Purpose.class);

  private final Map<Object, Flight> flights = new HashMap<>();
  private int limit = 1;
  private int most = LEAST_WAITING;
  private final Set<Thread> pumping = new HashSet<>();

  private record Flight(Visit.Ready ready, long sinceNanos) {}

  Lane(Consumer<Outcomes.Done> done) {
    this.done = done;
  }

  private ArrayDeque<Visit.Ready> queueOf(Visit.Ready one) {
    return waiting.computeIfAbsent(one.row().purpose(), purpose -> new ArrayDeque<>());
  }

  private int waiting() {
    return waiting.values().stream().mapToInt(Collection::size).sum();
  }

  private Visit.@Nullable Ready poll() {
    for (ArrayDeque<Visit.Ready> some : waiting.values()) {
      if (!some.isEmpty()) {
        return some.poll();
      }
    }
    return null;
  }

  /** How many more rows it takes now; claims are worth their cost only in numbers. */
  synchronized int room(Account account) {
    limit = limitOf(account);
    most = Math.min(MOST_WAITING, Math.max(LEAST_WAITING, WAITING_EACH * limit));
    int free = limit + most - waiting() - flights.size();
    return hungry() ? Math.max(0, free) : 0;
  }

  /** Whether so few wait that it takes more. */
  synchronized boolean hungry() {
    return waiting() <= most * 2 / 3;
  }

  private static int limitOf(Account account) {
    int limit = 1;
    for (ChannelKind kind : ChannelKind.values()) {
      limit = Math.max(limit, account.channel(kind).map(MessageChannel::maxInFlight).orElse(0));
    }
    return limit;
  }

  synchronized boolean idle() {
    return waiting() == 0 && flights.isEmpty() && pumping.isEmpty();
  }

  synchronized boolean suspects() {
    return waiting.values().stream().flatMap(Collection::stream).anyMatch(Lane::suspect)
        || flights.values().stream().anyMatch(flight -> suspect(flight.ready));
  }

  private static boolean suspect(Visit.Ready ready) {
    return ready.row().claims() > Visit.SUSPECT;
  }

  /**
   * Takes more, and hands over what may go at once; what follows is not the caller's to wait for.
   */
  void add(Collection<Visit.Ready> more) {
    int most;
    synchronized (this) {
      more.forEach(one -> queueOf(one).add(one));
      most = limit;
    }
    pump(most);
  }

  /** Takes away what has not been handed over yet. */
  synchronized List<Visit.Ready> drain(Predicate<Row> which) {
    List<Visit.Ready> drained = new ArrayList<>();
    waiting
        .values()
        .forEach(some -> some.removeIf(one -> which.test(one.row()) && drained.add(one)));
    return drained;
  }

  /** Takes away what has waited so long that a call could outlast the lease. */
  synchronized List<Visit.Ready> drainLate(long nanos) {
    List<Visit.Ready> late = new ArrayList<>();
    waiting
        .values()
        .forEach(some -> some.removeIf(one -> nanos - one.sendBeforeNanos() >= 0 && late.add(one)));
    return late;
  }

  /** Gives up waiting for a channel that broke its promise; the rows' leases are over by then. */
  synchronized List<Visit.Ready> forget(long olderThanNanos) {
    List<Visit.Ready> lost = new ArrayList<>();
    flights
        .values()
        .removeIf(flight -> flight.sinceNanos - olderThanNanos < 0 && lost.add(flight.ready));
    return lost;
  }

  /**
   * Hands over as many as may be under way. Many threads may do so at once, each for what it finds;
   * a channel that answers at once does not nest calls.
   */
  void pump() {
    pump(Integer.MAX_VALUE);
  }

  private void pump(int most) {
    Thread self = Thread.currentThread();
    synchronized (this) {
      if (!pumping.add(self)) {
        return; // its loop, further down the stack, goes on
      }
    }
    for (int handed = 0; ; handed++) {
      Visit.Ready next;
      Object flight = new Object();
      synchronized (this) {
        // What is under way lands later than this, and whoever brings it goes on.
        boolean enough = handed >= most && !flights.isEmpty();
        next = !enough && flights.size() < limit ? poll() : null;
        if (next == null) {
          pumping.remove(self);
          return;
        }
        if (System.nanoTime() - next.sendBeforeNanos() < 0) {
          flights.put(flight, new Flight(next, System.nanoTime()));
        } else {
          flight = null;
        }
      }
      if (flight == null) {
        done.accept(new Outcomes.Done(next, null));
      } else {
        handOver(next, flight);
      }
    }
  }

  private void handOver(Visit.Ready ready, Object flight) {
    AtomicBoolean answered = new AtomicBoolean();
    try {
      asked(ready)
          .whenComplete(
              (outcome, failure) -> {
                if (answered.compareAndSet(false, true)) {
                  landed(ready, flight, outcome != null ? outcome : failed(failure));
                }
              });
    } catch (RuntimeException | Error broken) {
      // Whatever a channel throws, the lane goes on.
      if (answered.compareAndSet(false, true)) {
        landed(ready, flight, failed(broken));
      }
    }
  }

  private static CompletionStage<SendOutcome> asked(Visit.Ready ready) {
    CompletionStage<SendOutcome> answer =
        ready.lookup()
            ? ready
                .channel()
                .lookup(ready.outbound())
                .orElseGet(() -> completed(unknown("NO_LOOKUP", "The platform cannot be asked.")))
            : ready.channel().send(ready.outbound());
    return requireNonNull(answer);
  }

  private void landed(Visit.Ready ready, Object flight, SendOutcome outcome) {
    // Told before it is taken away: whoever finds the lane idle also finds the outcome.
    List<Visit.Ready> back = pauses(outcome) ? drain(paused(ready.row(), outcome)) : List.of();
    done.accept(new Outcomes.Done(ready, outcome));
    back.forEach(one -> done.accept(new Outcomes.Done(one, null)));
    synchronized (this) {
      flights.remove(flight);
    }
    pump();
  }

  private static boolean pauses(SendOutcome outcome) {
    return outcome instanceof SendOutcome.Later || outcome instanceof SendOutcome.Misconfigured;
  }

  /** What this outcome will pause once it is written, and what therefore is not sent any more. */
  private static Predicate<Row> paused(Row of, SendOutcome outcome) {
    if (outcome instanceof SendOutcome.Later later && later.wholeChannel()) {
      return row -> row.channel() == of.channel();
    }
    if (outcome instanceof SendOutcome.Misconfigured wrong) {
      return switch (wrong.scope()) {
        case ACCOUNT -> row -> true;
        case TEMPLATE -> row -> row.templateId().equals(of.templateId());
        case MESSAGE -> row -> false;
      };
    }
    return row -> false;
  }

  private static CompletionStage<SendOutcome> completed(SendOutcome outcome) {
    return CompletableFuture.completedStage(outcome);
  }

  private static SendOutcome failed(@Nullable Throwable failure) {
    return unknown(
        "CHANNEL_FAILED",
        failure == null
            ? "The channel gave no outcome."
            : "The channel failed with " + failure.getClass().getSimpleName() + ".");
  }

  private static SendOutcome unknown(String code, String text) {
    return new SendOutcome.Unknown(Reason.of(code, text));
  }
}
