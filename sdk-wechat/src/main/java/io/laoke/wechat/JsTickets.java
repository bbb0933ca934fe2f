package io.laoke.wechat;

import static io.laoke.base.Check.key;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.error.InvalidInputException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs with {@code ticket/getticket}. At most one fetch is under way; while a ticket is valid only
 * the thread that renews it waits.
 */
final class JsTickets implements JsSdk {
  private static final Logger log = LoggerFactory.getLogger(JsTickets.class);
  private static final String PATH = "/cgi-bin/ticket/getticket";
  private static final String ATTEMPTED = "Could not get a ticket for the JS-SDK";
  private static final Duration AHEAD = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Pattern URL = Pattern.compile("https?://[^\\s/?#]+\\S*");
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int NONCE = 16;

  private final Api api;
  private final String appId;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Object lock = new Object();
  private @Nullable Held held;
  private @Nullable CompletableFuture<Held> flight;

  private record Held(String ticket, Instant refreshAt, Instant end) {
    Held refreshed(Instant at) {
      return new Held(ticket, at, end);
    }

    @Override
    public String toString() {
      return "Held[hidden]";
    }
  }

  JsTickets(Api api, String appId, Clock clock) {
    this.api = api;
    this.appId = appId;
    this.clock = clock;
  }

  @Override
  public PageConfig sign(String url) {
    String page = key("url", url, 2048);
    if (!URL.matcher(page).matches()) {
      throw new InvalidInputException("url", "must be like https://dealer.example/page?a=b");
    }
    String ticket = ticket();
    String nonce = nonce();
    long timestamp = clock.instant().getEpochSecond();
    return new PageConfig(
        appId, timestamp, nonce, JsSdkSignature.of(ticket, nonce, timestamp, page));
  }

  private String ticket() {
    Instant now = clock.instant();
    CompletableFuture<Held> mine = new CompletableFuture<>();
    CompletableFuture<Held> others;
    Held valid;
    synchronized (lock) {
      valid = held != null && now.isBefore(held.end()) ? held : null;
      if (valid != null && (now.isBefore(valid.refreshAt()) || flight != null)) {
        return valid.ticket();
      }
      others = flight;
      if (others == null) {
        flight = mine;
      }
    }
    if (others != null) {
      return joined(others);
    }
    try {
      Held fresh = fetch();
      end(fresh, () -> mine.complete(fresh));
      return fresh.ticket();
    } catch (WeChatException e) {
      Held later = valid == null ? null : valid.refreshed(now.plus(PAUSE));
      end(later, () -> mine.completeExceptionally(e));
      if (later != null) {
        log.info("the ticket for the JS-SDK was not renewed; the present one still holds");
        return later.ticket();
      }
      throw e;
    } catch (RuntimeException | Error e) {
      end(null, () -> mine.completeExceptionally(e));
      throw e;
    }
  }

  private void end(@Nullable Held fresh, Runnable complete) {
    synchronized (lock) {
      flight = null;
      held = fresh == null ? held : fresh;
    }
    complete.run();
  }

  /** The ticket that another thread fetches; its failure is ours too. */
  private static String joined(CompletableFuture<Held> others) {
    try {
      return others.join().ticket();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      throw e;
    }
  }

  private Held fetch() {
    ObjectNode answer = api.call(Request.get(PATH, Map.of("type", "jsapi")), ATTEMPTED);
    String ticket = Json.string(answer, "ticket");
    OptionalLong seconds = Json.number(answer, "expires_in");
    if (ticket.isBlank() || seconds.isEmpty() || seconds.getAsLong() <= 0) {
      throw new WeChatException(
          ATTEMPTED, Problem.unclear(PATH, "UNREADABLE", "WeChat's answer holds no ticket", null));
    }
    Instant now = clock.instant();
    Instant end = now.plusSeconds(Math.min(seconds.getAsLong(), 86_400));
    Instant refreshAt = end.minus(AHEAD);
    return new Held(ticket, refreshAt.isBefore(now) ? now.plus(PAUSE) : refreshAt, end);
  }

  private String nonce() {
    StringBuilder nonce = new StringBuilder(NONCE);
    for (int i = 0; i < NONCE; i++) {
      nonce.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return nonce.toString();
  }
}
