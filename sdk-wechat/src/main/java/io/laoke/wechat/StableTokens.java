package io.laoke.wechat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens by {@code stable_token} in normal mode: every node of a cluster gets the same one, and
 * software that uses {@code /cgi-bin/token} is not disturbed. At most one fetch is under way. While
 * a token is valid nobody waits: its successor is fetched in the background from five minutes
 * before its end.
 */
final class StableTokens implements Tokens {
  static final String PATH = "/cgi-bin/stable_token";

  private static final Logger log = LoggerFactory.getLogger(StableTokens.class);
  private static final Duration AHEAD = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final Calls calls;
  private final Clock clock;
  private final Duration limit;
  private final byte[] body;

  private final Object lock = new Object();
  private @Nullable Held held;
  private @Nullable CompletableFuture<Answer> flight;
  private int refusals;

  StableTokens(Calls calls, Clock clock, Duration limit, String appId, String secret) {
    this.calls = calls;
    this.clock = clock;
    this.limit = limit;
    ObjectNode json = Json.object();
    json.put("grant_type", "client_credential");
    json.put("appid", appId);
    json.put("secret", secret);
    json.put("force_refresh", false);
    body = Json.bytes(json);
  }

  @Override
  public CompletableFuture<Answer> current() {
    Instant now = clock.instant();
    CompletableFuture<Answer> mine;
    synchronized (lock) {
      Held valid = held != null && now.isBefore(held.end) ? held : null;
      if (valid != null && (now.isBefore(valid.refreshAt) || flight != null)) {
        return CompletableFuture.completedFuture(valid.token);
      }
      if (flight != null) {
        return flight;
      }
      mine = new CompletableFuture<>();
      flight = mine;
      if (valid != null) {
        valid.refreshAt = now.plus(PAUSE); // if this fetch fails, the next is not at once
        fetch(mine);
        return CompletableFuture.completedFuture(valid.token);
      }
    }
    fetch(mine);
    return mine;
  }

  @Override
  public void refused(Token used) {
    synchronized (lock) {
      if (held != null && held.token == used) {
        held = null;
        refusals++;
      }
    }
  }

  /**
   * Asks anew, which in normal mode gives the token that is valid already. Another one, while ours
   * should live on, means that somebody refreshes by force.
   */
  @Override
  public State examine() {
    Held before;
    synchronized (lock) {
      before = held;
    }
    Instant now = clock.instant();
    String expected =
        before != null && now.isBefore(before.end.minus(AHEAD.multipliedBy(2)))
            ? before.token.value()
            : null;
    CompletableFuture<Answer> mine = new CompletableFuture<>();
    CompletableFuture<Answer> answer;
    synchronized (lock) {
      answer = flight == null ? mine : flight;
      flight = answer;
    }
    if (answer == mine) {
      fetch(mine);
    }
    Answer got = answer.join(); // a fetch ends by its limit
    boolean changed =
        expected != null && got instanceof Token token && !token.value().equals(expected);
    synchronized (lock) {
      return new State(
          got instanceof Problem problem ? Optional.of(problem) : Optional.empty(),
          false,
          changed,
          refusals);
    }
  }

  private void fetch(CompletableFuture<Answer> mine) {
    Request request = Request.post(PATH, body);
    Calls.then(
        calls.exchange(request, System.nanoTime() + limit.toNanos()),
        result -> end(mine, read(result)),
        fault -> end(mine, fault.whileFetchingToken()),
        PATH);
  }

  private void end(CompletableFuture<Answer> mine, Answer answer) {
    synchronized (lock) {
      flight = null;
    }
    mine.complete(answer);
  }

  private Answer read(CallResult result) {
    if (result instanceof CallResult.Success success) {
      String value = Json.string(success.json(), "access_token");
      OptionalLong seconds = Json.number(success.json(), "expires_in");
      if (!value.isBlank() && seconds.isPresent() && seconds.getAsLong() > 0) {
        return hold(value, Math.min(seconds.getAsLong(), 86_400));
      }
      return failed(
          Problem.unclear(PATH, "UNREADABLE", "WeChat's answer holds no access token", null));
    }
    return failed((Problem) result);
  }

  private Token hold(String value, long seconds) {
    Instant now = clock.instant();
    Instant end = now.plusSeconds(seconds);
    Instant refreshAt = end.minus(AHEAD);
    Held fresh =
        new Held(new Token(value), refreshAt.isBefore(now) ? now.plus(PAUSE) : refreshAt, end);
    synchronized (lock) {
      held = fresh;
    }
    log.debug("access token fetched, valid for {} s", seconds);
    return fresh.token;
  }

  private static Problem failed(Problem problem) {
    log.warn("WeChat gave no access token: {}", problem);
    return problem.whileFetchingToken();
  }

  private static final class Held {
    private final Token token;
    private Instant refreshAt;
    private final Instant end;

    Held(Token token, Instant refreshAt, Instant end) {
      this.token = token;
      this.refreshAt = refreshAt;
      this.end = end;
    }
  }
}
