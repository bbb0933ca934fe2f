package io.laoke.wechat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens of the host's {@link TokenSource}, asked by one thread of ours at a time. One that never
 * answers is not waited for: after the limit another thread asks, a few at most.
 */
final class HostTokens implements Tokens {
  private static final Logger log = LoggerFactory.getLogger(HostTokens.class);
  private static final String PATH = "TokenSource";
  private static final int MOST_ASKING = 4;

  private final TokenSource source;
  private final Workers workers;
  private final long limitNanos;

  private final Object lock = new Object();
  private @Nullable CompletableFuture<Answer> flight;
  private long started;
  private int asking;
  private int refusals;

  HostTokens(TokenSource source, Workers workers, Duration limit) {
    this.source = source;
    this.workers = workers;
    limitNanos = limit.toNanos();
  }

  @Override
  public CompletableFuture<Answer> current() {
    CompletableFuture<Answer> mine;
    synchronized (lock) {
      long now = System.nanoTime();
      boolean overdue = now - started > limitNanos && asking < MOST_ASKING;
      if (flight != null && !overdue) {
        return flight;
      }
      mine = new CompletableFuture<>();
      flight = mine;
      started = now;
      asking++;
    }
    try {
      workers.network().execute(() -> finish(mine, ask()));
    } catch (RejectedExecutionException e) {
      finish(mine, Calls.closed(PATH).whileFetchingToken());
    } catch (Error noThread) {
      finish(mine, problem("No thread could be started to ask the host's TokenSource"));
    }
    return mine;
  }

  @Override
  public void refused(Token used) {
    try {
      source.refused(used.value());
    } catch (Exception | Error e) {
      log.warn("the host's TokenSource failed to forget a token: {}", e.getClass().getName());
    }
    synchronized (lock) {
      refusals++;
      flight = null; // an answer that is under way may still be the refused one
    }
  }

  @Override
  public State examine() {
    Answer answer;
    try {
      answer = current().get(limitNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      answer = problem("The host's TokenSource does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer = problem("The thread was interrupted while it waited for the host's TokenSource");
    }
    synchronized (lock) {
      return new State(
          answer instanceof Problem problem ? Optional.of(problem) : Optional.empty(),
          true,
          false,
          refusals);
    }
  }

  private void finish(CompletableFuture<Answer> mine, Answer answer) {
    synchronized (lock) {
      asking--;
      if (flight == mine) {
        flight = null;
      }
    }
    mine.complete(answer);
  }

  @SuppressWarnings("NullAway") // a host's compiler may not check
  private Answer ask() {
    try {
      String value = source.current();
      if (value != null && !value.isBlank()) {
        return new Token(value);
      }
      return problem("The host's TokenSource gave no token");
    } catch (Exception | Error e) { // whatever it is: nobody else would end the flight
      log.warn("the host's TokenSource failed: {}", e.getClass().getName());
      return problem("The host's TokenSource failed: " + e.getClass().getName());
    }
  }

  private static Problem problem(String text) {
    return Problem.notSent(PATH, "TOKEN_SOURCE", text, null).whileFetchingToken();
  }
}
