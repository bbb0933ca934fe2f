package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The WeChat Official Account platform on a loopback port.
 *
 * <p>It keeps accounts, tokens, QR codes, templates, followers and quotas, refuses what WeChat
 * refuses with the same errcode, and pushes what followers do to the host's callback URL. All state
 * is in memory. Safe for use by many threads; all threads are daemons and end with {@link
 * #close()}. Any number may run in one process; they share nothing.
 */
public final class WeChatSimulator implements AutoCloseable {
  private static final Pattern SECRETS =
      Pattern.compile(
          "(\"(?:access_token|refresh_token|secret|appsecret)\"\\s*:\\s*\")[^\"]*\"",
          Pattern.CASE_INSENSITIVE);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MAX_BODY = 64 * 1024;
  private static final String SHOW_QR_CODE = "/cgi-bin/showqrcode";

  private final World world;
  private final Faults faults;
  private final Pusher pusher;
  private final Api api;
  private final PhonePage page;
  private final WebSignIn webSignIn;
  private final SubscriptionDesk subscriptions;
  private final LoopbackServer server;
  private final Map<String, SimulatedAccount> accounts = new LinkedHashMap<>();
  private final Deque<ReceivedCall> calls = new ArrayDeque<>();
  private final int kept;
  private long received;

  private WeChatSimulator(Builder builder) {
    this.world = new World(builder.clock, builder.seed);
    this.faults = new Faults(world, this::releaseHeld);
    this.kept = builder.records;
    this.pusher =
        new Pusher(world, faults, builder.callbackLimit, builder.callbackTries, builder.records);
    this.webSignIn = new WebSignIn(world, this);
    this.subscriptions = new SubscriptionDesk(world, this);
    this.api = new Api(world, this);
    this.page = new PhonePage(this, world);
    try {
      this.server = new LoopbackServer(builder.port, new Door(), world.wireClock());
    } catch (IOException e) {
      pusher.close();
      throw new UncheckedIOException(
          "Cannot listen on 127.0.0.1 from port " + builder.port + " on; is every port taken?", e);
    }
  }

  /** Starts on any free port, with everything as the platform has it. */
  public static WeChatSimulator start() {
    return builder().start();
  }

  /** Starts with settings of one's own. */
  public static Builder builder() {
    return new Builder();
  }

  /** Settings; each has a sound default. */
  public static final class Builder {
    private int port;
    private Clock clock = Clock.systemUTC();
    private Duration callbackLimit = Duration.ofSeconds(5);
    private int callbackTries = 3;
    private int records = 100_000;
    private long seed = System.nanoTime();

    private Builder() {}

    /** Wanted port; if it is taken the next free one. 0, the default: any free port. */
    public Builder port(int value) {
      if (value < 0 || value > 65535) {
        throw new IllegalArgumentException("port must be 0 to 65535, was: " + value);
      }
      port = value;
      return this;
    }

    /**
     * Clock under the platform's own, which {@link WeChatSimulator#advance} moves ahead of it.
     * Pushes carry this clock's time in their query, so a host's replay check must go by it too.
     */
    public Builder clock(Clock value) {
      clock = requireNonNull(value, "value");
      return this;
    }

    /** How long the host may take to answer a push; 5 s on the platform. */
    public Builder callbackLimit(Duration value) {
      if (requireNonNull(value, "value").toMillis() < 1) {
        throw new IllegalArgumentException("callbackLimit must be at least 1 ms, was: " + value);
      }
      callbackLimit = value;
      return this;
    }

    /** How often a push is tried in all; 3 on the platform. */
    public Builder callbackTries(int value) {
      if (value < 1) {
        throw new IllegalArgumentException("callbackTries must be at least 1, was: " + value);
      }
      callbackTries = value;
      return this;
    }

    /**
     * How many calls received and how many pushes that are over are remembered; the oldest are
     * forgotten first. 100,000 of each if not set.
     */
    public Builder records(int value) {
      if (value < 1) {
        throw new IllegalArgumentException("records must be at least 1, was: " + value);
      }
      records = value;
      return this;
    }

    /** Makes tokens, tickets and request ids the same in every run. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Starts. */
    public WeChatSimulator start() {
      return new WeChatSimulator(this);
    }
  }

  /** Address to use in place of {@code https://api.weixin.qq.com} and {@code mp.weixin.qq.com}. */
  public String baseUrl() {
    return "http://127.0.0.1:" + server.port();
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
  }

  /** Adds a verified 服务号 with generated values. */
  public SimulatedAccount addAccount() {
    return addAccount(AccountSpec.service());
  }

  /**
   * Adds an account.
   *
   * @throws IllegalArgumentException if the appid is taken
   */
  public SimulatedAccount addAccount(AccountSpec spec) {
    requireNonNull(spec, "spec");
    synchronized (world) {
      if (accounts.containsKey(spec.appId())) {
        throw new IllegalArgumentException("appid is taken: " + spec.appId());
      }
      SimulatedAccount account = new SimulatedAccount(this, world, faults, spec);
      accounts.put(spec.appId(), account);
      return account;
    }
  }

  /**
   * The account of an appid.
   *
   * @throws IllegalArgumentException if there is none
   */
  public SimulatedAccount account(String appId) {
    synchronized (world) {
      SimulatedAccount account = accounts.get(appId);
      if (account == null) {
        throw new IllegalArgumentException("no such account: " + appId);
      }
      return account;
    }
  }

  /** All accounts, oldest first. */
  public List<SimulatedAccount> accounts() {
    synchronized (world) {
      return List.copyOf(accounts.values());
    }
  }

  /** The platform's clock. */
  public Clock clock() {
    return world.clock();
  }

  /**
   * Has phones show the time of their messages by another clock from now on, such as that of a demo
   * which plays another day. The platform's own time stays: nothing ages or is allowed by it.
   */
  public void phonesShow(Clock clock) {
    world.phones(requireNonNull(clock, "clock"));
  }

  /**
   * Moves the platform's time ahead: tokens, codes, dedupe windows and quotas age. Timestamps in
   * the query of pushes stay on machine time, so that a host's replay check still takes them.
   */
  public void advance(Duration by) {
    if (requireNonNull(by, "by").isNegative()) {
      throw new IllegalArgumentException("time moves ahead only, was: " + by);
    }
    world.advance(by);
    finishMassJobs();
  }

  /** Ends the mass jobs whose time has come, and tells their hosts. */
  private void finishMassJobs() {
    synchronized (world) {
      accounts.values().forEach(account -> account.mass.finishDue());
    }
  }

  /** Orders faults. */
  public Faults faults() {
    return faults;
  }

  /** The calls received, in order of their answers; see {@link Builder#records(int)}. */
  public List<ReceivedCall> calls() {
    synchronized (world) {
      return List.copyOf(calls);
    }
  }

  /** The calls received on one path. */
  public List<ReceivedCall> calls(String path) {
    return calls().stream().filter(call -> call.path().equals(path)).toList();
  }

  /** The pushes made, in order, with their tries so far; see {@link Builder#records(int)}. */
  public List<CallbackDelivery> callbacks() {
    return pusher.deliveries(null);
  }

  /**
   * Forgets the calls received and the pushes that are over. Accounts, chats and accepted messages
   * stay.
   */
  public void forgetRecords() {
    synchronized (world) {
      calls.clear();
      pusher.forget();
    }
  }

  /** The text inside a QR image; empty if none is found. */
  public static java.util.Optional<String> readQrCode(byte[] image) {
    return QrImages.read(requireNonNull(image, "image"));
  }

  /**
   * Waits until no push is under way (held ones do not count).
   *
   * @throws IllegalStateException if that takes longer than 60 s
   */
  public void settle() {
    try {
      if (!pusher.settle(PATIENCE)) {
        throw new IllegalStateException("Pushes are still under way after " + PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for pushes", e);
    }
  }

  /**
   * Stops listening, ends connections, pushes under way and all threads (the one that the JDK's own
   * HTTP client keeps ends with the next garbage collection); a second call does nothing. What was
   * recorded can still be read.
   */
  @Override
  public void close() {
    pusher.close();
    server.close();
  }

  List<ReceivedCall> latestCalls(int count) {
    synchronized (world) {
      List<ReceivedCall> latest = new ArrayList<>();
      for (Iterator<ReceivedCall> i = calls.descendingIterator();
          i.hasNext() && latest.size() < count; ) {
        latest.add(i.next());
      }
      return latest;
    }
  }

  SubscriptionDesk subscriptions() {
    return subscriptions;
  }

  WebSignIn webSignIn() {
    return webSignIn;
  }

  Pusher pusher() {
    return pusher;
  }

  Collection<SimulatedAccount> allAccounts() {
    return accounts.values();
  }

  @Nullable SimulatedAccount accountOrNull(String appId) {
    return accounts.get(appId);
  }

  private void releaseHeld() {
    pusher.releaseHeld();
  }

  /** Finds a QR code by its text, its ticket or the address of its image. */
  Follower.@Nullable Found find(String code) {
    String ticket = code;
    int mark = code.indexOf('?');
    if (mark > 0 && code.substring(0, mark).endsWith(SHOW_QR_CODE)) {
      ticket = HttpCall.form(code.substring(mark + 1)).getOrDefault("ticket", "");
    }
    synchronized (world) {
      for (SimulatedAccount account : accounts.values()) {
        QrTicket found = account.codes.get(ticket);
        if (found != null) {
          return new Follower.Found(account, found);
        }
      }
      return null;
    }
  }

  /** Where requests come in. */
  private final class Door implements LoopbackServer.Handler {
    @Override
    public boolean dropUnread(HttpCall head) {
      if (!isPlatform(head.path())) {
        return false;
      }
      Faults.Fault fault = faults.nextForCall(head.path(), true);
      if (fault == null) {
        return false;
      }
      record(head, null, 0, 0, "", fault.toString(), world.rid());
      return true;
    }

    @Override
    public HttpAnswer answer(HttpCall call) throws InterruptedException {
      if (!isPlatform(call.path())) {
        return page.answer(call);
      }
      Faults.Fault fault = faults.nextForCall(call.path(), false);
      return fault == null ? served(call, null) : struck(call, fault);
    }

    private boolean isPlatform(String path) {
      return !path.equals("/") && !path.startsWith("/_sim/") && !path.equals("/favicon.ico");
    }

    private HttpAnswer struck(HttpCall call, Faults.Fault fault) throws InterruptedException {
      if (fault.act != Faults.Act.ACCEPT_HANG && !fault.duration.isZero()) {
        Thread.sleep(fault.duration.toMillis());
      }
      String words = fault.toString();
      return switch (fault.act) {
        case ANSWER -> {
          String rid = world.rid();
          String body = Api.refused(fault.code, fault.words, rid);
          record(call, null, 200, fault.code, body, words, rid);
          yield HttpAnswer.json(body);
        }
        case HTTP_STATUS -> {
          record(call, null, fault.code, 0, "", words, world.rid());
          yield badGateway(fault.code);
        }
        case DROP_UNPROCESSED -> {
          record(call, null, 0, 0, "", words, world.rid());
          yield badGateway(0).ending(HttpAnswer.Ending.RESET, Duration.ZERO);
        }
        case ACCEPT_RESET -> served(call, words).ending(HttpAnswer.Ending.RESET, Duration.ZERO);
        case ACCEPT_HANG -> served(call, words).ending(HttpAnswer.Ending.HANG, fault.duration);
        case ACCEPT_TRUNCATE ->
            served(call, words).ending(HttpAnswer.Ending.TRUNCATE, Duration.ZERO);
        case ACCEPT_HTTP_STATUS -> {
          HttpAnswer lost = served(call, words);
          yield lost.status() == 0 ? lost : badGateway(fault.code);
        }
        case ACCEPT_GARBLE -> {
          HttpAnswer lost = served(call, words);
          yield HttpAnswer.of(
              lost.status(), lost.contentType(), "{\"errcode\":0,\"errm".getBytes(UTF_8));
        }
        default -> served(call, words);
      };
    }

    private HttpAnswer badGateway(int status) {
      return HttpAnswer.of(
          status, "text/html", "<html><body>Bad Gateway</body></html>".getBytes(UTF_8));
    }

    private HttpAnswer served(HttpCall call, @Nullable String fault) {
      if (call.path().equals(SHOW_QR_CODE)) {
        return image(call, fault);
      }
      if (call.path().equals(SubscriptionDesk.ASK) || call.path().equals(SubscriptionDesk.ANSWER)) {
        HttpAnswer answer =
            call.path().equals(SubscriptionDesk.ASK)
                ? subscriptions.ask(call)
                : subscriptions.answer(call);
        SimulatedAccount account = accountOrNull(call.query().getOrDefault("appid", ""));
        record(call, account, answer.status(), 0, "", fault, world.rid());
        return answer;
      }
      if (call.path().equals(WebSignIn.AUTHORIZE)) {
        SimulatedAccount account = accountOrNull(call.query().getOrDefault("appid", ""));
        HttpAnswer answer = webSignIn.authorize(call, account);
        record(call, account, answer.status(), 0, "", fault, world.rid());
        return answer;
      }
      synchronized (world) {
        String rid = world.rid();
        finishMassJobs();
        Api.Result result = api.answer(call, rid);
        record(call, result.account(), 200, result.errcode(), result.body(), fault, rid);
        return result.http();
      }
    }

    private HttpAnswer image(HttpCall call, @Nullable String fault) {
      Follower.Found found = find(call.query().getOrDefault("ticket", ""));
      boolean good = found != null && !found.ticket().expired(world.now());
      SimulatedAccount account = found == null ? null : found.account();
      record(call, account, good ? 200 : 404, 0, "", fault, world.rid());
      return found != null && good
          ? HttpAnswer.of(200, "image/jpg", QrImages.jpeg(found.ticket().url()))
          : HttpAnswer.text(404, "");
    }

    private void record(
        HttpCall call,
        @Nullable SimulatedAccount account,
        int status,
        int errcode,
        String answer,
        @Nullable String fault,
        String rid) {
      Map<String, String> query = new LinkedHashMap<>(call.query());
      query.keySet().removeAll(List.of("access_token", "secret", "appsecret", "code"));
      synchronized (world) {
        calls.add(
            new ReceivedCall(
                ++received,
                world.now(),
                account == null ? null : account.appId(),
                call.method(),
                call.path(),
                query,
                cut(masked(new String(call.body(), UTF_8))),
                status,
                errcode,
                masked(answer),
                fault,
                rid));
        if (calls.size() > kept) {
          calls.removeFirst();
        }
      }
    }

    private String cut(String body) {
      return body.length() <= MAX_BODY ? body : body.substring(0, MAX_BODY) + "…";
    }

    private String masked(String text) {
      return SECRETS
          .matcher(text)
          .replaceAll(found -> Matcher.quoteReplacement(found.group(1) + "***\""));
    }
  }
}
