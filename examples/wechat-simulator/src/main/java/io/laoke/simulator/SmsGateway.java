package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SMS gateways of Aliyun and Tencent Cloud on a loopback port: they check signatures,
 * parameters and frequencies, keep what they take as phones show it, and push receipts and replies
 * by real HTTP. All state is in memory. Safe for use by many threads; all threads are daemons and
 * end with {@link #close()}.
 */
public final class SmsGateway implements AutoCloseable {
  /** The key that a gateway knows from the start. */
  public static final String KEY_ID = "simKeyId";

  /** Its secret. */
  public static final String SECRET = "simKeySecret";

  /** The application that Tencent Cloud's gateway expects. */
  public static final String SDK_APP_ID = "1400000000";

  private static final Logger log = LoggerFactory.getLogger(SmsGateway.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
  private static final List<Duration> AGAIN =
      List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(10));

  private final SmsDesk desk;
  private final SmsFaults faults = new SmsFaults();
  private final LoopbackServer server;
  private final ExecutorService pushers =
      Executors.newFixedThreadPool(4, task -> LoopbackServer.daemon(task, "sms-gateway-push"));
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER_WITHIN)
          .build();
  private final Map<SmsProvider, SmsWire> wires =
      new EnumMap<>(
          Map.of(
              SmsProvider.ALIYUN,
              new SmsWire.Aliyun(),
              SmsProvider.TENCENT,
              new SmsWire.Tencent()));
  private final Map<SmsProvider, String> receiptUrls = new EnumMap<>(SmsProvider.class);
  private final Map<SmsProvider, String> replyUrls = new EnumMap<>(SmsProvider.class);
  private final List<Push> held = new ArrayList<>();
  private final List<String> underWayIds = new ArrayList<>();
  private final List<Push> unconfirmed = new ArrayList<>();
  private int underWay;
  private int calls;
  private int questions;
  private int pushed;
  private long replies;

  /** Something to be pushed, and how often it was. */
  private record Push(SmsProvider provider, String url, String body, int tries, Instant due) {}

  private SmsGateway(int port, Clock machine) {
    this.desk = new SmsDesk(machine);
    desk.key(KEY_ID, SECRET);
    try {
      this.server = new LoopbackServer(port, new Door(), machine);
    } catch (IOException taken) {
      pushers.shutdownNow();
      throw new UncheckedIOException(
          "Cannot listen on 127.0.0.1 from port " + port + " on; is every port taken?", taken);
    }
  }

  /** Starts on any free port. */
  public static SmsGateway start() {
    return start(0);
  }

  /** Starts on that port, or the next free one. */
  public static SmsGateway start(int port) {
    return new SmsGateway(port, Clock.systemUTC());
  }

  /** The address of both gateways: what came in is told apart by its headers. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  /** One more key that may sign. */
  public SmsGateway key(String keyId, String secret) {
    desk.key(requireNonNull(keyId), requireNonNull(secret));
    return this;
  }

  /** An approved signature, without its brackets. */
  public SmsGateway signature(String signature) {
    desk.signature(requireNonNull(signature));
    return this;
  }

  /**
   * An approved template.
   *
   * @param text with <code>${name}</code> at Aliyun's, <code>{1}</code> at Tencent Cloud's
   */
  public SmsGateway template(SmsProvider provider, String code, SmsKind kind, String text) {
    desk.template(provider, requireNonNull(code), kind, requireNonNull(text));
    return this;
  }

  /** Puts a number on the providers' blacklist, or takes it off. */
  public SmsGateway blacklist(String phone, boolean on) {
    desk.blacklist(phone, on);
    return this;
  }

  /** Switches the frequency limits and the hours for promotions off, or on as they are at first. */
  public SmsGateway limits(boolean on) {
    desk.limits(on);
    return this;
  }

  /** Where receipts are pushed; nowhere at first. */
  public synchronized SmsGateway receiptsTo(SmsProvider provider, String url) {
    receiptUrls.put(provider, requireNonNull(url));
    return this;
  }

  /** Where replies are pushed; nowhere at first. */
  public synchronized SmsGateway repliesTo(SmsProvider provider, String url) {
    replyUrls.put(provider, requireNonNull(url));
    return this;
  }

  /** Faults to order. */
  public SmsFaults faults() {
    return faults;
  }

  /** What was taken, the first first, as phones show it. */
  public List<AcceptedSms> accepted() {
    return desk.accepted();
  }

  /** The same of one phone. */
  public List<AcceptedSms> accepted(String phone) {
    return desk.accepted().stream().filter(sms -> sms.phone().equals(phone)).toList();
  }

  /** How many sends were received, those that were refused or struck by a fault included. */
  public synchronized int calls() {
    return calls;
  }

  /**
   * How many questions what became of a message were received, those struck by a fault included.
   */
  public synchronized int questions() {
    return questions;
  }

  /** How many receipts and replies were confirmed by the host. */
  public synchronized int confirmed() {
    return pushed;
  }

  /**
   * Somebody answers the last message that they got, or, where they have none, a provider's number.
   *
   * @return the body that was pushed, empty where replies go nowhere
   */
  public String reply(SmsProvider provider, String phone, String text) {
    List<AcceptedSms> got = accepted(phone);
    String signature =
        got.isEmpty() ? "" : got.get(got.size() - 1).text().replaceFirst("^【(.*?)】(?s:.*)", "$1");
    Instant now = desk.now();
    String url;
    long number;
    synchronized (this) {
      url = replyUrls.get(provider);
      number = ++replies;
    }
    String body = wire(provider).reply(phone, text, signature, number, now);
    if (url == null) {
      return "";
    }
    push(new Push(provider, url, body, 0, now));
    settle();
    return body;
  }

  /** Pushes what {@link SmsFaults#holdReceipts} kept back, the last held first. */
  public void releaseReceipts() {
    List<Push> released;
    List<String> ids;
    synchronized (this) {
      released = new ArrayList<>(held);
      held.clear();
      ids = List.copyOf(underWayIds);
      underWayIds.clear();
    }
    ids.forEach(desk::arrived);
    for (int i = released.size() - 1; i >= 0; i--) {
      push(released.get(i));
    }
    settle();
  }

  /** Moves platform time: frequencies age, and what no host has confirmed is pushed again. */
  public void advance(Duration by) {
    desk.advance(by);
    Instant now = desk.now();
    List<Push> due = new ArrayList<>();
    synchronized (this) {
      for (Iterator<Push> all = unconfirmed.iterator(); all.hasNext(); ) {
        Push one = all.next();
        if (!one.due.isAfter(now)) {
          all.remove();
          due.add(one);
        }
      }
    }
    due.forEach(this::push);
    settle();
  }

  /** Waits until no push is under way. */
  public synchronized void settle() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (underWay > 0 && System.nanoTime() - end < 0) {
        wait(100);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    if (underWay > 0) {
      throw new IllegalStateException(underWay + " pushes have not ended within " + PATIENCE);
    }
  }

  private SmsWire wire(SmsProvider provider) {
    return requireNonNull(wires.get(provider));
  }

  private void receipt(AcceptedSms sms, SmsFaults.@Nullable ReceiptFault fault, boolean wait) {
    String url;
    synchronized (this) {
      url = receiptUrls.get(sms.provider());
    }
    boolean fails = fault != null && fault.act() == SmsFaults.ReceiptAct.FAIL;
    boolean lost = fault != null && fault.act() == SmsFaults.ReceiptAct.LOSE;
    boolean forgotten = fault != null && fault.act() == SmsFaults.ReceiptAct.FORGET;
    boolean kept = fault != null && fault.act() == SmsFaults.ReceiptAct.HOLD;
    Instant now = desk.now();
    if (!forgotten) {
      String code = kept ? "" : fault != null && fails ? fault.code() : "DELIVERED";
      desk.fate(new SmsDesk.Fate(sms, !fails, code, now));
    }
    if (url == null || lost || forgotten) {
      return;
    }
    String body = wire(sms.provider()).receipt(sms, !fails, fault == null ? "" : fault.code(), now);
    Push push = new Push(sms.provider(), url, body, 0, now);
    if (kept) {
      synchronized (this) {
        held.add(push);
        underWayIds.add(sms.providerId());
      }
      return;
    }
    if (wait) {
      deliver(push);
    } else {
      push(push);
    }
    if (fault != null && fault.act() == SmsFaults.ReceiptAct.TWICE) {
      push(push);
    }
  }

  private void push(Push push) {
    synchronized (this) {
      underWay++;
    }
    try {
      pushers.execute(
          () -> {
            try {
              deliver(push);
            } finally {
              ended();
            }
          });
    } catch (RejectedExecutionException closed) {
      ended();
    }
  }

  private synchronized void ended() {
    underWay--;
    notifyAll();
  }

  private void deliver(Push push) {
    boolean confirmed = false;
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(push.url))
                  .timeout(ANSWER_WITHIN)
                  .header("Content-Type", "application/json;charset=utf-8")
                  .POST(HttpRequest.BodyPublishers.ofString(push.body))
                  .build(),
              HttpResponse.BodyHandlers.ofString(UTF_8));
      confirmed = wire(push.provider).confirms(answer.statusCode(), answer.body());
    } catch (IOException unreachable) {
      log.debug("A push did not arrive: {}", unreachable.toString());
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (confirmed) {
        pushed++;
      } else if (push.tries < AGAIN.size()) {
        Instant due = desk.now().plus(AGAIN.get(push.tries));
        unconfirmed.add(new Push(push.provider, push.url, push.body, push.tries + 1, due));
      }
    }
  }

  /** Ends connections, pushes under way and threads; the records can still be read. */
  @Override
  public void close() {
    server.close();
    pushers.shutdownNow();
    LoopbackServer.await(pushers);
  }

  /** Shows the address. */
  @Override
  public String toString() {
    return "SmsGateway[" + address() + "]";
  }

  private final class Door implements LoopbackServer.Handler {
    @Override
    public boolean dropUnread(HttpCall head) {
      return false;
    }

    @Override
    public HttpAnswer answer(HttpCall call) {
      SmsProvider provider =
          call.headers().containsKey("x-tc-action") ? SmsProvider.TENCENT : SmsProvider.ALIYUN;
      SmsWire wire = wire(provider);
      boolean question = wire.isQuestion(call);
      synchronized (SmsGateway.this) {
        if (question) {
          questions++;
        } else {
          calls++;
        }
      }
      try {
        if (provider == SmsProvider.ALIYUN) {
          SmsSignatures.aliyun(call, desk::secret, desk.wire());
        } else {
          SmsSignatures.tencent(call, desk::secret, desk.wire());
        }
        return question
            ? answered(wire, provider, wire.question(call))
            : served(wire, provider, wire.read(call));
      } catch (SmsRefusal refused) {
        return wire.refused(refused);
      }
    }

    private HttpAnswer answered(SmsWire wire, SmsProvider provider, SmsWire.Question asked)
        throws SmsRefusal {
      SmsFaults.QuestionFault fault = faults.nextQuestion();
      if (fault != null && fault.act() == SmsFaults.QuestionAct.REFUSE) {
        throw new SmsRefusal(fault.code(), "ordered by a test");
      }
      if (fault != null && fault.act() == SmsFaults.QuestionAct.STATUS) {
        return HttpAnswer.text(Integer.parseInt(fault.code()), "<html>proxy</html>");
      }
      HttpAnswer answer =
          wire.answer(asked, desk.fates(provider, asked.phone(), asked.from(), asked.until()));
      return fault == null ? answer : answer.ending(HttpAnswer.Ending.HANG, fault.hang());
    }

    private HttpAnswer served(SmsWire wire, SmsProvider provider, SmsWire.Send send)
        throws SmsRefusal {
      SmsFaults.SendFault fault = faults.nextSend();
      SmsFaults.SendAct act = fault == null ? null : fault.act();
      if (fault != null && act == SmsFaults.SendAct.REFUSE) {
        throw new SmsRefusal(fault.code(), "ordered by a test");
      }
      if (fault != null && act == SmsFaults.SendAct.STATUS) {
        return HttpAnswer.text(Integer.parseInt(fault.code()), "<html>proxy</html>");
      }
      if (fault != null && act == SmsFaults.SendAct.HANG) {
        return HttpAnswer.text(200, "").ending(HttpAnswer.Ending.HANG, fault.hang());
      }
      List<AcceptedSms> accepted = new ArrayList<>();
      for (String phone : send.phones()) {
        try {
          accepted.add(
              desk.accept(
                  provider,
                  phone,
                  send.signature(),
                  send.template(),
                  send.values(),
                  send.senderId()));
        } catch (SmsDesk.Broken broken) {
          throw wire.refusal(broken.rule());
        }
      }
      boolean first = act == SmsFaults.SendAct.RECEIPT_FIRST;
      accepted.forEach(sms -> receipt(sms, faults.nextReceipt(), first));
      HttpAnswer answer = wire.taken(send, accepted);
      if (fault != null && act == SmsFaults.SendAct.ACCEPT_THEN_HANG) {
        return answer.ending(HttpAnswer.Ending.HANG, fault.hang());
      }
      return act == SmsFaults.SendAct.ACCEPT_THEN_RESET
          ? answer.ending(HttpAnswer.Ending.RESET, Duration.ZERO)
          : answer;
    }
  }
}
