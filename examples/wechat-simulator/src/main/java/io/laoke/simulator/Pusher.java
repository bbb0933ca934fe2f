package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.laoke.simulator.CallbackDelivery.Attempt;
import io.laoke.simulator.CallbackDelivery.Status;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends pushes to callback URLs, with the platform's patience. */
final class Pusher implements AutoCloseable {
  static final String OUT_OF_ORDER = "该公众号提供的服务出现故障，请稍后再试";
  private static final Logger log = LoggerFactory.getLogger(Pusher.class);
  private static final String CLOSED = "the simulator was closed";
  private static final int THREADS = 8;

  /** One request, the same for every try. */
  private record Wire(String url, String body, String contentType) {}

  private final World world;
  private final Faults faults;
  private final Duration limit;
  private final int tries;
  private final int kept;
  private final Deque<Push> pushes = new ArrayDeque<>();
  private final List<Push> held = new ArrayList<>();
  private final ScheduledThreadPoolExecutor later;
  private final ExecutorService httpThreads;
  private final Map<Long, CompletableFuture<?>> exchanges = new ConcurrentHashMap<>();
  private final AtomicLong exchanged = new AtomicLong();
  private volatile @Nullable HttpClient http;
  private int underWay;
  private long made;

  Pusher(World world, Faults faults, Duration limit, int tries, int kept) {
    this.world = world;
    this.faults = faults;
    this.limit = limit;
    this.tries = tries;
    this.kept = kept;
    this.later =
        new ScheduledThreadPoolExecutor(
            THREADS, task -> LoopbackServer.daemon(task, "wechat-simulator-push"));
    this.httpThreads =
        Executors.newFixedThreadPool(
            THREADS, task -> LoopbackServer.daemon(task, "wechat-simulator-push-http"));
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limit)
            .executor(httpThreads)
            .build();
  }

  /** Makes a push, or {@code null} if the account has no callback URL. Called under the lock. */
  @Nullable Push make(Follower follower, String event, Map<String, Object> fields) {
    SimulatedAccount account = follower.account();
    Push.PushSettings settings = account.pushSettings();
    if (settings == null) {
      return null;
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("ToUserName", account.originalId());
    all.put("FromUserName", follower.openId());
    all.put("CreateTime", world.now().getEpochSecond());
    all.putAll(fields);
    Push push = new Push(++made, world.now(), account, follower, event, all, settings);
    pushes.add(push);
    if (pushes.size() > kept) {
      forgetOldest();
    }
    return push;
  }

  private void forgetOldest() {
    for (Iterator<Push> oldest = pushes.iterator(); oldest.hasNext(); ) {
      if (oldest.next().isOver()) {
        oldest.remove();
        return;
      }
    }
  }

  /** Sends now, on the caller's thread, unless a fault orders otherwise. */
  void send(Push push) {
    synchronized (world) {
      underWay++;
    }
    try {
      sendAsOrdered(push);
    } finally {
      done();
    }
  }

  private void sendAsOrdered(Push push) {
    Faults.Fault fault = faults.nextForCallback(push.event);
    Faults.Act act = fault == null ? Faults.Act.PROCEED : fault.act;
    synchronized (world) {
      Wire wire = wire(push, fault);
      push.url = wire.url();
      push.body = wire.body();
    }
    switch (act) {
      case LOSE -> status(push, Status.LOST);
      case HOLD -> {
        synchronized (world) {
          push.status = Status.HELD;
          held.add(push);
        }
      }
      case LATE -> {
        Duration delay = fault == null ? Duration.ZERO : fault.duration;
        inBackground(() -> deliver(push), delay);
      }
      case TWICE -> {
        deliver(push);
        deliver(push);
      }
      default -> deliver(push);
    }
  }

  void sendInBackground(Push push) {
    inBackground(() -> send(push), Duration.ZERO);
  }

  void releaseHeld() {
    List<Push> now;
    synchronized (world) {
      now = new ArrayList<>(held);
      held.clear();
    }
    for (int i = now.size() - 1; i >= 0; i--) {
      status(now.get(i), Status.PENDING);
      deliver(now.get(i));
    }
  }

  private void inBackground(Runnable work, Duration delay) {
    synchronized (world) {
      underWay++;
    }
    try {
      var unused =
          later.schedule(
              () -> {
                try {
                  work.run();
                } catch (RuntimeException e) {
                  log.warn("A push broke: {}", e.toString());
                } finally {
                  done();
                }
              },
              delay.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      done();
    }
  }

  private void done() {
    synchronized (world) {
      underWay = Math.max(0, underWay - 1);
      world.notifyAll();
    }
  }

  /** Waits until nothing is under way; {@code false} if that took longer. */
  boolean settle(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    synchronized (world) {
      while (underWay > 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        world.wait(left);
      }
      return true;
    }
  }

  void forget() {
    synchronized (world) {
      pushes.removeIf(Push::isOver);
    }
  }

  List<CallbackDelivery> deliveries(@Nullable SimulatedAccount account) {
    synchronized (world) {
      return pushes.stream()
          .filter(push -> account == null || push.account == account)
          .map(Push::snapshot)
          .toList();
    }
  }

  /** The last pushes of all accounts, the latest first. */
  List<CallbackDelivery> latest(int count) {
    synchronized (world) {
      List<CallbackDelivery> latest = new ArrayList<>();
      for (Iterator<Push> i = pushes.descendingIterator(); i.hasNext() && latest.size() < count; ) {
        latest.add(i.next().snapshot());
      }
      return latest;
    }
  }

  private void status(Push push, Status status) {
    synchronized (world) {
      push.status = status;
    }
  }

  private void deliver(Push push) {
    Wire wire;
    synchronized (world) {
      wire = new Wire(push.url, push.body, contentType(push));
    }
    Status status = Status.FAILED;
    String problem = "no try was answered";
    for (int i = 0; i < tries && status == Status.FAILED; i++) {
      Attempt attempt = attempt(wire);
      Attempt judged = attempt;
      if (attempt.problem().isEmpty()) {
        judged = judge(push, attempt);
        status = judged.problem().isEmpty() ? Status.DELIVERED : Status.BAD_ANSWER;
      }
      problem = judged.problem();
      synchronized (world) {
        push.attempts.add(judged);
      }
      if (http == null || Thread.currentThread().isInterrupted()) {
        break;
      }
    }
    synchronized (world) {
      push.status = status;
      if (status != Status.DELIVERED && push.wantsReply()) {
        log.info("{} push not usable: {}", push.event, problem);
        show(push, ChatMessage.words(world.now(), ChatMessage.Kind.NOTICE, OUT_OF_ORDER));
      }
    }
  }

  private Attempt judge(Push push, Attempt attempt) {
    if (!push.wantsReply()) {
      return attempt;
    }
    try {
      var reply = PassiveReply.read(push, attempt.answer(), world.now());
      synchronized (world) {
        reply.ifPresent(message -> show(push, message));
      }
      return attempt;
    } catch (PassiveReply.Unusable why) {
      return new Attempt(
          attempt.at(), attempt.httpStatus(), attempt.answer(), String.valueOf(why.getMessage()));
    }
  }

  private static void show(Push push, ChatMessage message) {
    push.replies.add(message);
    push.follower.show(message);
  }

  private Attempt attempt(Wire wire) {
    Instant at = world.wireNow();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(wire.url()))
            .header("Content-Type", wire.contentType())
            .header("User-Agent", "Mozilla/4.0")
            .timeout(limit)
            .POST(HttpRequest.BodyPublishers.ofString(wire.body()))
            .build();
    return exchange(request, at);
  }

  private Attempt exchange(HttpRequest request, Instant at) {
    HttpClient client = http;
    if (client == null) {
      return new Attempt(at, 0, "", CLOSED);
    }
    CompletableFuture<HttpResponse<byte[]>> answer;
    try {
      answer = client.sendAsync(request, BodyHandlers.ofByteArray());
    } catch (RejectedExecutionException closing) {
      return new Attempt(at, 0, "", CLOSED);
    }
    long number = exchanged.incrementAndGet();
    exchanges.put(number, answer);
    try {
      return outcome(answer, at);
    } finally {
      exchanges.remove(number);
    }
  }

  private Attempt outcome(CompletableFuture<HttpResponse<byte[]>> answer, Instant at) {
    try {
      if (http == null) {
        throw new CancellationException();
      }
      HttpResponse<byte[]> response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      String body = new String(response.body(), UTF_8);
      boolean good = response.statusCode() >= 200 && response.statusCode() < 300;
      return new Attempt(
          at, response.statusCode(), body, good ? "" : "HTTP status " + response.statusCode());
    } catch (TimeoutException late) {
      answer.cancel(true);
      return new Attempt(at, 0, "", "no answer within " + limit);
    } catch (ExecutionException e) {
      if (http == null) {
        return new Attempt(at, 0, "", CLOSED);
      }
      Throwable cause = e.getCause();
      boolean late = cause instanceof java.net.http.HttpTimeoutException;
      return new Attempt(at, 0, "", late ? "no answer within " + limit : String.valueOf(cause));
    } catch (CancellationException closing) {
      return new Attempt(at, 0, "", CLOSED);
    } catch (InterruptedException closing) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      return new Attempt(at, 0, "", "interrupted");
    }
  }

  /** Asks the URL to prove itself by GET, as the console does when the URL is saved. */
  boolean verify(Push.PushSettings settings, String echo) {
    String timestamp = String.valueOf(world.wireNow().getEpochSecond());
    String nonce = nonce();
    Map<String, String> query = new LinkedHashMap<>();
    query.put("signature", PushCrypto.signature(settings.token(), timestamp, nonce));
    query.put("timestamp", timestamp);
    query.put("nonce", nonce);
    query.put("echostr", echo);
    Attempt attempt =
        exchange(
            HttpRequest.newBuilder(URI.create(withQuery(settings.url(), query)))
                .timeout(limit)
                .GET()
                .build(),
            world.wireNow());
    return attempt.problem().isEmpty() && attempt.answer().equals(echo);
  }

  private String nonce() {
    synchronized (world) {
      return String.valueOf(
          Integer.toUnsignedLong(new java.math.BigInteger(1, world.bytes(4)).intValue()));
    }
  }

  private Wire wire(Push push, Faults.@Nullable Fault fault) {
    Faults.Act act = fault == null ? Faults.Act.PROCEED : fault.act;
    Push.PushSettings settings = push.settings;
    Instant at = world.wireNow();
    if (fault != null && act == Faults.Act.SHIFT_TIMESTAMP) {
      at = at.minus(fault.duration);
    }
    String token = act == Faults.Act.WRONG_SIGNATURE ? settings.token() + "x" : settings.token();
    String timestamp = String.valueOf(at.getEpochSecond());
    String nonce = nonce();
    Map<String, String> query = new LinkedHashMap<>();
    query.put("signature", PushCrypto.signature(token, timestamp, nonce));
    query.put("timestamp", timestamp);
    query.put("nonce", nonce);
    query.put("openid", push.follower.openId());
    String body = push.content();
    if (settings.mode() != PushMode.PLAIN) {
      String encrypted = encrypt(push, act);
      query.put("encrypt_type", "aes");
      query.put("msg_signature", PushCrypto.signature(token, timestamp, nonce, encrypted));
      Map<String, Object> fields = new LinkedHashMap<>();
      if (settings.mode() == PushMode.COMPATIBLE) {
        fields.putAll(push.fields);
      }
      fields.put("ToUserName", push.account.originalId());
      fields.put("Encrypt", encrypted);
      body = PushBodies.plain(settings.format(), fields);
    }
    return new Wire(withQuery(settings.url(), query), body, contentType(push));
  }

  private static String contentType(Push push) {
    return push.settings.format() == PushFormat.JSON ? "application/json" : "text/xml";
  }

  private String encrypt(Push push, Faults.Act act) {
    String appId = push.account.appId();
    String key = push.settings.aesKey();
    if (act == Faults.Act.WRONG_APPID) {
      appId = "wxffffffffffffffff";
    }
    String previous = push.settings.previousAesKey();
    if (act == Faults.Act.PREVIOUS_KEY && previous != null) {
      key = previous;
    }
    return new PushCrypto(key, appId).encrypt(push.content(), world.alnum(16));
  }

  private static String withQuery(String url, Map<String, String> query) {
    StringBuilder all = new StringBuilder(url);
    char mark = url.indexOf('?') < 0 ? '?' : '&';
    for (Map.Entry<String, String> entry : query.entrySet()) {
      all.append(mark)
          .append(entry.getKey())
          .append('=')
          .append(URLEncoder.encode(entry.getValue(), UTF_8));
      mark = '&';
    }
    return all.toString();
  }

  /** Ends pushes that are under way and all threads. */
  @Override
  public void close() {
    http = null;
    later.shutdownNow();
    exchanges.values().forEach(exchange -> exchange.cancel(true));
    httpThreads.shutdownNow();
    synchronized (world) {
      underWay = 0;
      world.notifyAll();
    }
    LoopbackServer.await(later);
    LoopbackServer.await(httpThreads);
  }
}
