package io.laoke.wechat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that need a token. After exactly 40001, 40014 and 42001 the token is renewed and the call
 * repeated once; these codes mean that it had no effect.
 */
final class Api {
  private static final Logger log = LoggerFactory.getLogger(Api.class);

  private static final int MOST_REPEATS = 2;

  private final Calls calls;
  private final Tokens tokens;
  private final Workers workers;
  private final Duration callTimeout;
  private final Duration pause;

  /**
   * The calls of one account.
   *
   * @param pause before the first repeat of a call that waits, when WeChat is busy
   */
  Api(Calls calls, Tokens tokens, Workers workers, Duration callTimeout, Duration pause) {
    this.calls = calls;
    this.tokens = tokens;
    this.workers = workers;
    this.callTimeout = callTimeout;
    this.pause = pause;
  }

  /**
   * Calls and waits, at most for the account's call time-out. The call must be harmless to repeat:
   * that is done twice at most, while WeChat is busy or its connection fails.
   *
   * @param attempted what is tried, for the exception: "Could not …"
   */
  ObjectNode call(Request request, String attempted) {
    return orFail(repeated(request), attempted);
  }

  /** As {@link #call}, but what went wrong is a result too. */
  CallResult repeated(Request request) {
    long end = end(request);
    CallResult result = await(request, start(request, end, end), end);
    long wait = pause.toNanos();
    for (int repeats = 0; repeats < MOST_REPEATS && mayPass(result, end, wait); repeats++) {
      result = await(request, start(request, end, end), end);
      wait *= 2;
    }
    return result;
  }

  /** As {@link #call}, but never repeated: for what costs something each time. */
  ObjectNode once(Request request, String attempted) {
    return orFail(result(request), attempted);
  }

  /** Calls once and waits; what went wrong is a result too. */
  CallResult result(Request request) {
    long end = end(request);
    return await(request, start(request, end, end), end);
  }

  private long end(Request request) {
    Duration limit = request.limit();
    return System.nanoTime() + (limit == null ? callTimeout : limit).toNanos();
  }

  private static ObjectNode orFail(CallResult result, String attempted) {
    if (result instanceof Problem problem) {
      log.warn("{}: {}", attempted, problem);
      throw new WeChatException(attempted, problem);
    }
    return ((CallResult.Success) result).json();
  }

  /** A list in an answer that was got already. */
  static JsonNode listIn(ObjectNode answer, Request request, String attempted, String field) {
    JsonNode list = answer.path(field);
    if (!list.isArray()) {
      throw unreadable(request.path(), attempted, "WeChat's answer holds no " + field);
    }
    return list;
  }

  /** What WeChat answered is of no use. */
  static WeChatException unreadable(String path, String attempted, String text) {
    return new WeChatException(attempted, Problem.unclear(path, "UNREADABLE", text, null));
  }

  /** As {@link #call}, for an answer whose essence is a list. */
  JsonNode list(Request request, String attempted, String field) {
    return listIn(call(request, attempted), request, attempted, field);
  }

  /** Whether the result may be another after a pause, which then has passed. */
  private static boolean mayPass(CallResult result, long end, long wait) {
    if (!(result instanceof Problem problem && problem.busy()) || end - System.nanoTime() <= wait) {
      return false;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(wait);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static CallResult await(Request request, CompletableFuture<CallResult> future, long end) {
    try {
      long grace = TimeUnit.SECONDS.toNanos(1); // the future's own limit comes first
      return future.get(end - System.nanoTime() + grace, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Problem.unclear(
          request.path(), "INTERRUPTED", "The thread was interrupted while it waited", e);
    } catch (TimeoutException | ExecutionException e) {
      return Problem.unclear(request.path(), "TIMEOUT", "No answer came in time", e);
    }
  }

  /**
   * Calls without waiting.
   *
   * @param startBy by when, in nanoseconds of {@link System#nanoTime()}, the request must be on the
   *     wire; else it is given up without effect
   * @param end when an answer is given up
   * @return completes by {@code end}, never exceptionally
   */
  CompletableFuture<CallResult> start(Request request, long startBy, long end) {
    Run run = new Run(request, startBy, end);
    run.begin();
    return run.result;
  }

  private enum Stage {
    /** For a token. */
    WAITING,
    ON_THE_WIRE,
    GIVEN_UP
  }

  private final class Run {
    private final Request request;
    private final long startBy;
    private final long end;
    private final CompletableFuture<CallResult> result = new CompletableFuture<>();
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);

    Run(Request request, long startBy, long end) {
      this.request = request;
      this.startBy = startBy;
      this.end = end;
    }

    void begin() {
      if (workers.closed()) {
        result.complete(Calls.closed(request.path()));
        return;
      }
      CompletableFuture<Tokens.Answer> token = tokens.current();
      try {
        if (!token.isDone()) {
          limitWaiting();
        }
        attempt(token, true);
      } catch (RejectedExecutionException e) {
        result.complete(Calls.closed(request.path()));
      }
    }

    private void limitWaiting() {
      Future<?> limit =
          workers.later(
              () -> {
                if (stage.compareAndSet(Stage.WAITING, Stage.GIVEN_UP)) {
                  calls.finish(result, tooLate());
                }
              },
              startBy - System.nanoTime());
      then(result, done -> limit.cancel(false));
    }

    private void attempt(CompletableFuture<Tokens.Answer> token, boolean mayRepeat) {
      then(
          token,
          answer -> {
            if (answer instanceof Problem problem) {
              end(problem);
            } else {
              send((Tokens.Token) answer, mayRepeat);
            }
          });
    }

    private void send(Tokens.Token token, boolean mayRepeat) {
      if (!stage.compareAndSet(Stage.WAITING, Stage.ON_THE_WIRE)) {
        return;
      }
      then(
          calls.exchange(request.with(token), end),
          outcome -> {
            if (mayRepeat
                && outcome instanceof Problem problem
                && problem.kind() == Problem.Kind.ANSWERED
                && problem.errorClass() == ErrorCodes.ErrorClass.TOKEN) {
              repeat(token, problem);
            } else {
              result.complete(outcome);
            }
          });
    }

    private <T> void then(CompletableFuture<T> future, Consumer<T> next) {
      Calls.then(future, next, result::complete, request.path());
    }

    private void repeat(Tokens.Token refused, Problem problem) {
      log.info("WeChat refused the access token, fetching another: {}", problem);
      tokens.refused(refused);
      stage.set(Stage.WAITING);
      if (System.nanoTime() - startBy >= 0) {
        end(tooLate());
      } else {
        again();
      }
    }

    private void again() {
      CompletableFuture<Tokens.Answer> token = tokens.current();
      try {
        if (!token.isDone()) {
          limitWaiting();
        }
      } catch (RejectedExecutionException closed) {
        end(Calls.closed(request.path()));
        return;
      }
      attempt(token, false);
    }

    private void end(Problem problem) {
      if (stage.compareAndSet(Stage.WAITING, Stage.GIVEN_UP)) {
        result.complete(problem);
      }
    }

    private Problem tooLate() {
      return Problem.notSent(
          request.path(),
          "NO_TOKEN_IN_TIME",
          "No access token came in time, so the call was not made",
          null);
    }
  }
}
