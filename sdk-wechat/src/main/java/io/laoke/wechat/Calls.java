package io.laoke.wechat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Single exchanges with WeChat, with a time limit, told apart by what they did. */
final class Calls {
  private static final Logger log = LoggerFactory.getLogger(Calls.class);
  private static final Pattern RID = Pattern.compile("\\s*\\brid:\\s*([0-9A-Za-z-]{1,64})");
  private static final Pattern HINT = Pattern.compile("\\s*\\bhint:\\s*\\[[^\\]]*\\]?");
  private static final Pattern PERSONAL =
      Pattern.compile("\\b[A-Za-z0-9_-]{24,}\\b|(?<!\\d)1[3-9]\\d{9}(?!\\d)");
  private static final int MAX_TEXT = 200;

  /** How many bytes went to the file of a request that saves its answer. */
  static final String SAVED = "laoke_saved";

  private final Wire wire;
  private final Workers workers;
  private final Clock clock;
  private volatile @Nullable Seen seen;

  /** What an answer's Date header said, and when that was here. */
  private record Seen(String date, Instant at) {}

  Calls(Wire wire, Workers workers, Clock clock) {
    this.wire = wire;
    this.workers = workers;
    this.clock = clock;
  }

  /** By how much our clock is ahead of WeChat's, as of the last answer; a second or so is noise. */
  Optional<Duration> clockAhead() {
    Seen last = seen;
    if (last == null) {
      return Optional.empty();
    }
    try {
      Instant theirs =
          ZonedDateTime.parse(last.date(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(theirs, last.at()));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private void see(Wire.Exchange exchange) {
    if (exchange instanceof Wire.Exchange.Answered answered && answered.date() != null) {
      seen = new Seen(answered.date(), clock.instant());
    }
  }

  /**
   * Sends one request.
   *
   * @param endNanos when, by {@link System#nanoTime()}, it is given up
   * @return completes by then, never exceptionally
   */
  CompletableFuture<CallResult> exchange(Request request, long endNanos) {
    CompletableFuture<CallResult> result = new CompletableFuture<>();
    AtomicBoolean over = new AtomicBoolean(); // then the end of the call is no news
    Wire.Flight flight;
    try {
      flight =
          wire.start(
              request,
              exchange -> {
                see(exchange);
                if (!over.get()) {
                  result.complete(read(request, exchange));
                }
              });
    } catch (RejectedExecutionException e) {
      result.complete(closed(request.path()));
      return result;
    } catch (Error noThread) {
      result.complete(
          Problem.notSent(request.path(), "NO_THREAD", "No thread could be started", noThread));
      return result;
    }
    Runnable giveUp =
        () -> {
          over.set(true);
          boolean notSent = flight.abandon() || request.asks();
          finish(result, timedOut(request, notSent));
        };
    try {
      Future<?> limit = workers.later(giveUp, endNanos - System.nanoTime());
      then(result, done -> limit.cancel(false), never -> {}, request.path());
    } catch (RejectedExecutionException e) {
      giveUp.run(); // closed meanwhile, and there is no timer any more
    }
    return result;
  }

  /** Goes on with the value; should that fail, which would be a fault of ours, with the failure. */
  static <T> void then(
      CompletableFuture<T> future, Consumer<T> next, Consumer<Problem> fault, String path) {
    CompletableFuture<Void> unused =
        future
            .thenAccept(next)
            .exceptionally(
                failure -> {
                  log.error("a fault of Laoke's in a call to {}", path, failure);
                  fault.accept(Problem.unclear(path, "FAULT", "Laoke itself failed", failure));
                  return null;
                });
  }

  /** Completes on a network thread, so that what follows never holds up the timer. */
  <T> void finish(CompletableFuture<T> result, T value) {
    try {
      workers.network().execute(() -> result.complete(value));
    } catch (RejectedExecutionException | Error noThread) {
      result.complete(value);
    }
  }

  static Problem closed(String path) {
    return Problem.notSent(path, "CLOSED", "The account has been closed", null);
  }

  private static Problem timedOut(Request request, boolean notSent) {
    return notSent
        ? Problem.notSent(request.path(), "TIMEOUT", "The call did not leave in time", null)
        : Problem.unclear(
            request.path(), "TIMEOUT", "The call left, but no answer came in time", null);
  }

  private static CallResult read(Request request, Wire.Exchange exchange) {
    CallResult result =
        exchange instanceof Wire.Exchange.Answered answered
            ? answer(request, answered)
            : broken(request.path(), (Wire.Exchange.Broken) exchange);
    if (result instanceof Problem problem) {
      log.debug("WeChat call failed: {}", problem);
    }
    return result;
  }

  private static CallResult answer(Request request, Wire.Exchange.Answered answered) {
    String path = request.path();
    if (answered.status() >= 500) {
      return Problem.unclear(
          path, "HTTP_" + answered.status(), "WeChat answered HTTP " + answered.status(), null);
    }
    if (answered.saved() >= 0) {
      return new CallResult.Success(Json.object().put(SAVED, answered.saved()));
    }
    Optional<ObjectNode> json = Json.parse(answered.body());
    boolean success = answered.status() >= 200 && answered.status() < 300;
    if (json.isEmpty() || (!success && !json.get().has("errcode"))) {
      return success
          ? Problem.unclear(path, "UNREADABLE", "WeChat's answer is not a JSON object", null)
          : Problem.unclear(
              path,
              "HTTP_" + answered.status(),
              "HTTP " + answered.status() + " came instead of an answer by WeChat",
              null);
    }
    return errcode(request, json.get());
  }

  private static CallResult errcode(Request request, ObjectNode json) {
    if (!json.has("errcode")) {
      return new CallResult.Success(json);
    }
    OptionalLong errcode = Json.number(json, "errcode");
    if (errcode.isEmpty() || errcode.getAsLong() != (int) errcode.getAsLong()) {
      return Problem.unclear(
          request.path(), "UNREADABLE", "WeChat's answer has an errcode that is no number", null);
    }
    if (errcode.getAsLong() == 0) {
      return new CallResult.Success(json);
    }
    String errmsg = Json.string(json, "errmsg");
    Matcher rid = RID.matcher(errmsg);
    return Problem.answered(
        request.path(),
        (int) errcode.getAsLong(),
        withoutSecrets(request.query(), errmsg),
        rid.find() ? rid.group(1) : "",
        json);
  }

  /**
   * WeChat's words without request id, and without anything that could be a token, openid or phone.
   */
  private static String withoutSecrets(Map<String, String> query, String errmsg) {
    String text = HINT.matcher(RID.matcher(errmsg).replaceAll("")).replaceAll("");
    for (String value : query.values()) {
      if (value.length() >= 6) {
        text = text.replace(value, "***");
      }
    }
    text = PERSONAL.matcher(text).replaceAll("***").replaceAll("\\p{Cntrl}+", " ").strip();
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }

  private static Problem broken(String path, Wire.Exchange.Broken broken) {
    IOException cause = broken.cause();
    if (cause instanceof Wire.LocalFile) {
      return Problem.notSent(
          path, "FILE", "A file of this machine could not be read or written", cause);
    }
    if (broken.bodyLeft()) {
      return cause instanceof SocketTimeoutException || isTimeout(cause)
          ? Problem.unclear(path, "TIMEOUT", "The call left, but no answer came in time", cause)
          : Problem.unclear(
              path, "RESET", "The connection broke before WeChat's answer was read", cause);
    }
    if (cause instanceof UnknownHostException) {
      return Problem.notSent(path, "DNS", "WeChat's host name could not be resolved", cause);
    }
    if (cause instanceof SSLException) {
      return Problem.notSent(path, "TLS", "No trusted TLS connection could be made", cause);
    }
    if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
      return Problem.notSent(path, "CONNECT", "WeChat could not be reached", cause);
    }
    if (cause instanceof SocketTimeoutException || isTimeout(cause)) {
      return Problem.notSent(path, "TIMEOUT", "WeChat could not be reached in time", cause);
    }
    return Problem.notSent(path, "CONNECT", "The connection to WeChat failed", cause);
  }

  /** OkHttp ends a whole call by an InterruptedIOException that says "timeout". */
  private static boolean isTimeout(IOException cause) {
    return cause instanceof java.io.InterruptedIOException;
  }
}
