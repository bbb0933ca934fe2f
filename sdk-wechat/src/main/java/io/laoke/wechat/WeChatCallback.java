package io.laoke.wechat;

import static io.laoke.base.Check.notNull;

import io.laoke.error.ChannelException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.message.Inbound;
import io.laoke.message.InboundReceiver;
import io.laoke.message.Reply;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The account's callback 消息推送: verifies, decrypts, hands facts to Laoke and answers in WeChat's
 * time. Free of any web framework, safe for use by many threads.
 *
 * <p>Three ways in, which may be used together since repeats are recognised: {@link #handle} as the
 * endpoint itself; {@link #accept} for hosts that have an endpoint and have decrypted already; and
 * {@link #otherwise} for what is left over for the host when Laoke has the endpoint.
 */
public final class WeChatCallback {
  /** The largest body that is taken, in bytes. */
  public static final int MAX_BODY = 64 * 1024;

  private static final Logger log = LoggerFactory.getLogger(WeChatCallback.class);
  private static final Pattern ECHO = Pattern.compile("[A-Za-z0-9_=+/.-]{1,200}");
  private static final Pattern TIMESTAMP = Pattern.compile("[0-9]{1,12}");

  /** What is further off is not told in seconds: a made-up number may look like a phone's. */
  private static final long A_DAY = Duration.ofDays(1).toSeconds();

  /** WeChat pushes an event three times, 5 s apart; to a younger one than this it comes again. */
  private static final Duration COMES_AGAIN = Duration.ofSeconds(12);

  private final String account;
  private final @Nullable String originalId;
  private final String token;
  private final List<AesKey> keys;
  private final Set<CallbackMode> modes;
  private final long replaySeconds;
  private final long limitNanos;
  private final Clock clock;
  private final Workers workers;
  private final InboundReceiver receiver;
  private final Replies replies;
  private final PushLog pushes;
  private final @Nullable Handler other;

  WeChatCallback(
      OfficialAccountSettings settings,
      String token,
      Workers workers,
      InboundReceiver receiver,
      PushLog pushes,
      @Nullable Handler other) {
    this.pushes = pushes;
    account = settings.appId();
    originalId = settings.originalId().orElse(null);
    this.token = token;
    keys = settings.aesKeys().stream().map(key -> new AesKey(key, settings.appId())).toList();
    modes = settings.callbackModes();
    replaySeconds = settings.replayWindow().toSeconds();
    limitNanos = settings.callbackLimit().toNanos();
    clock = settings.clock();
    this.workers = workers;
    this.receiver = receiver;
    replies = new Replies(clock, token);
    this.other = other;
  }

  private WeChatCallback(WeChatCallback from, Handler other) {
    account = from.account;
    originalId = from.originalId;
    token = from.token;
    keys = from.keys;
    modes = from.modes;
    replaySeconds = from.replaySeconds;
    limitNanos = from.limitNanos;
    clock = from.clock;
    workers = from.workers;
    receiver = from.receiver;
    replies = from.replies;
    pushes = from.pushes;
    this.other = other;
  }

  /** Handles what Laoke does not answer. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Handles a message or event on a thread of Laoke's, in what is left of the time; a later
     * answer is dropped. WeChat may repeat an event, and then it comes again.
     *
     * @return a body that answers it, such as {@link WeChatEvent#textReply}, not encrypted; empty,
     *     blank or {@code success} for none
     * @throws Exception is logged by its name, and WeChat is told that all is well
     */
    Optional<String> handle(WeChatEvent event) throws Exception;
  }

  /**
   * A callback that also passes on every event that Laoke does not answer: those of kinds that it
   * does not know, all others whose reply is none, and those that were written down but could not
   * be processed in time.
   */
  public WeChatCallback otherwise(Handler handler) {
    return new WeChatCallback(this, notNull("handler", handler));
  }

  /**
   * Answers one request to the callback URL. Never throws.
   *
   * <p>Blocks until the fact is written, at most for the callback limit (4.5 s): then the answer is
   * 503, upon which WeChat repeats the push. Once the fact is written, later processing no longer
   * needs WeChat's patience, and the answer is {@code success} or the reply. Only a scan whose
   * reply is not ready is answered with 503 too while WeChat will push it again, since nothing but
   * the reply to a push tells the scanner what became of it; the repeat gets the stored reply.
   *
   * @return 200; 400 for a body that cannot be read, 403 for one that is not WeChat's, 405, 413, or
   *     503 when WeChat must push it again. Refusals say no more than that; the log says why
   */
  public CallbackResponse handle(CallbackRequest request) {
    long deadline = System.nanoTime() + limitNanos;
    try {
      return switch (notNull("request", request).method()) {
        case "GET" -> echo(request);
        case "POST" -> push(request, deadline);
        default -> CallbackResponse.text(405, "");
      };
    } catch (Refusal refusal) {
      log.info("callback of {} refused with {}: {}", account, refusal.status, refusal.why);
      if (refusal.status == 403) {
        pushes.refused(refusal.why);
      }
      return CallbackResponse.text(refusal.status, "");
    } catch (RuntimeException e) {
      log.error("callback of {} failed: {}", account, e.getClass().getName());
      return CallbackResponse.text(503, "");
    }
  }

  /**
   * Takes one message or event that the host has verified and decrypted, from its own endpoint.
   * Blocks until it is written, at most for the callback limit. {@link #otherwise} is not asked.
   *
   * @param decryptedBody the XML or JSON of one event
   * @return the body of Laoke's reply in the event's format, not encrypted; empty when Laoke
   *     answers nothing and the host may go on as it likes
   * @throws InvalidInputException if it is neither XML nor JSON, or for another account
   * @throws LaokeException if it could not be written, or if the reply to a young scan is not ready
   *     as with {@link #handle}; answer WeChat with a 5xx, then it repeats
   */
  public Optional<String> accept(String decryptedBody) {
    long deadline = System.nanoTime() + limitNanos;
    PushBody push =
        PushBody.parse(notNull("decryptedBody", decryptedBody))
            .orElseThrow(
                () -> new InvalidInputException("decryptedBody", "must be WeChat's XML or JSON"));
    if (!forUs(push)) {
      throw new InvalidInputException(
          "decryptedBody", "must be for this account: its ToUserName is not our originalId");
    }
    pushes.taken(clock.instant());
    Optional<Inbound> fact = Inbounds.of(push);
    if (fact.isEmpty()) {
      return Optional.empty();
    }
    Optional<Reply> reply = process(fact.get(), deadline);
    if (reply.isEmpty() && replyAwaited(fact.get())) {
      throw new ChannelException(
          "The reply to a scan is not ready. WeChat pushes it again after a 5xx, and then it is.",
          null,
          true);
    }
    return reply.orElse(Reply.none()) instanceof Reply.Text text
        ? Optional.of(replies.text(push, text.text()))
        : Optional.empty();
  }

  /** Shows the appid only. */
  @Override
  public String toString() {
    return "WeChatCallback[" + account + "]";
  }

  private CallbackResponse echo(CallbackRequest request) throws Refusal {
    String echo = request.query().getOrDefault("echostr", "");
    checkTime(request);
    checkSignature(request);
    if (!ECHO.matcher(echo).matches()) {
      throw new Refusal(400, "no proper echostr");
    }
    return CallbackResponse.text(200, echo);
  }

  private CallbackResponse push(CallbackRequest request, long deadline) throws Refusal {
    Opened opened = opened(request);
    pushes.taken(clock.instant());
    Optional<String> reply = answer(opened.push, deadline);
    if (reply.isEmpty()) {
      return CallbackResponse.success();
    }
    return CallbackResponse.reply(
        opened.key == null
            ? reply.get()
            : replies.encrypted(opened.push.json(), reply.get(), opened.key));
  }

  /** The event of a request that is WeChat's and for this account. */
  Opened opened(CallbackRequest request) throws Refusal {
    if (request.body().length > MAX_BODY) {
      throw new Refusal(413, "the body is larger than " + MAX_BODY + " bytes");
    }
    checkTime(request);
    Opened opened =
        request.query().getOrDefault("encrypt_type", "raw").equalsIgnoreCase("aes")
            ? encrypted(request)
            : plain(request);
    if (!forUs(opened.push)) {
      throw new Refusal(403, "ToUserName is not the account's originalId");
    }
    return opened;
  }

  private Opened plain(CallbackRequest request) throws Refusal {
    if (!modes.contains(CallbackMode.PLAIN)) {
      throw new Refusal(403, "a plain push, but only encrypted ones are taken");
    }
    checkSignature(request);
    return new Opened(
        PushBody.parse(request.body()).orElseThrow(() -> new Refusal(400, "unreadable body")),
        null);
  }

  private Opened encrypted(CallbackRequest request) throws Refusal {
    if (keys.isEmpty()
        || !(modes.contains(CallbackMode.COMPATIBLE) || modes.contains(CallbackMode.SECURE))) {
      throw new Refusal(403, "an encrypted push, but only plain ones are taken");
    }
    String sealed =
        PushBody.parse(request.body())
            .orElseThrow(() -> new Refusal(400, "unreadable body"))
            .field("Encrypt")
            .strip();
    if (sealed.isEmpty()) {
      throw new Refusal(403, "an encrypted push without its Encrypt element");
    }
    String given = request.query().getOrDefault("msg_signature", "");
    if (!Signature.matches(given, token, time(request), nonce(request), sealed)) {
      throw new Refusal(403, "msg_signature does not match; is the callback token right?");
    }
    for (AesKey key : keys) {
      Optional<String> message = key.decrypt(sealed);
      if (message.isPresent()) {
        return new Opened(
            PushBody.parse(message.get())
                .orElseThrow(() -> new Refusal(400, "unreadable decrypted body")),
            key);
      }
    }
    throw new Refusal(
        403, "cannot be decrypted; is the EncodingAESKey right, and the push for this appid?");
  }

  private boolean forUs(PushBody push) {
    return originalId == null || originalId.equals(push.field("ToUserName"));
  }

  private void checkTime(CallbackRequest request) throws Refusal {
    String time = time(request);
    if (!TIMESTAMP.matcher(time).matches()) {
      throw new Refusal(403, "no timestamp");
    }
    long age = clock.instant().getEpochSecond() - Long.parseLong(time);
    if (Math.abs(age) > replaySeconds) {
      throw new Refusal(
          403,
          "the time stamp is %s off: a replay, or this server's clock is wrong"
              .formatted(Math.abs(age) > A_DAY ? "more than a day" : age + " s"));
    }
  }

  private void checkSignature(CallbackRequest request) throws Refusal {
    String given = request.query().getOrDefault("signature", "");
    if (!Signature.matches(given, token, time(request), nonce(request))) {
      throw new Refusal(403, "signature does not match; is the callback token right?");
    }
  }

  private static String time(CallbackRequest request) {
    return request.query().getOrDefault("timestamp", "");
  }

  private static String nonce(CallbackRequest request) {
    return request.query().getOrDefault("nonce", "");
  }

  private Optional<String> answer(PushBody push, long deadline) throws Refusal {
    Optional<Inbound> fact = Inbounds.of(push);
    if (fact.isPresent()) {
      Optional<Reply> reply;
      try {
        reply = process(fact.get(), deadline);
      } catch (LaokeException e) {
        throw new Refusal(503, "the event was not written: " + e.getClass().getName());
      }
      if (reply.isEmpty() && replyAwaited(fact.get())) {
        throw new Refusal(503, "the reply to a scan is not ready; the repeated push gets it");
      }
      if (reply.orElse(Reply.none()) instanceof Reply.Text text) {
        return Optional.of(replies.text(push, text.text()));
      }
    }
    return other == null ? Optional.empty() : ask(other, push, deadline);
  }

  private boolean replyAwaited(Inbound fact) {
    return (fact instanceof Inbound.Scanned || fact instanceof Inbound.Followed)
        && Duration.between(fact.at(), clock.instant()).abs().compareTo(COMES_AGAIN) < 0;
  }

  /**
   * Writes the fact down and processes it.
   *
   * @return the reply; empty if it was written but not processed in time
   */
  private Optional<Reply> process(Inbound fact, long deadline) {
    Processing processing = new Processing(fact);
    try {
      workers.callbacks().execute(processing);
    } catch (RejectedExecutionException e) {
      throw notWritten("too many events are being written", e);
    }
    try {
      processing.written.get(left(deadline), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      processing.givenUp.set(true);
      throw notWritten("it took too long", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LaokeException known) {
        throw known;
      }
      throw notWritten("the receiver failed", e.getCause());
    } catch (InterruptedException e) {
      processing.givenUp.set(true);
      Thread.currentThread().interrupt();
      throw notWritten("the thread was interrupted", e);
    }
    return await(processing.reply, deadline, "processing");
  }

  private static ChannelException notWritten(String why, @Nullable Throwable cause) {
    return new ChannelException(
        "Could not write down an event from WeChat: " + why + ". WeChat repeats it after a 5xx.",
        cause,
        true);
  }

  private Optional<String> ask(Handler handler, PushBody push, long deadline) {
    CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
    WeChatEvent event = new WeChatEvent(push, replies);
    try {
      workers
          .handlers()
          .execute(
              () -> {
                try {
                  answer.complete(handler.handle(event));
                } catch (Exception | Error e) {
                  answer.completeExceptionally(e);
                }
              });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(e);
    }
    return await(answer, deadline, "the host's handler")
        .flatMap(reply -> reply)
        .filter(reply -> !reply.isBlank() && !reply.strip().equals("success"));
  }

  private <T> Optional<T> await(CompletableFuture<T> future, long deadline, String what) {
    try {
      return Optional.ofNullable(future.get(left(deadline), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      log.info("callback of {}: {} takes longer than the answer may", account, what);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      log.warn("callback of {}: {} failed: {}", account, what, cause.getClass().getName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private static long left(long deadline) {
    return Math.max(0, deadline - System.nanoTime());
  }

  private final class Processing implements Runnable {
    private final Inbound fact;
    private final CompletableFuture<Boolean> written = new CompletableFuture<>();
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final AtomicBoolean givenUp = new AtomicBoolean();

    Processing(Inbound fact) {
      this.fact = fact;
    }

    @Override
    public void run() {
      if (givenUp.get()) {
        return;
      }
      try {
        InboundReceiver.Receipt receipt = receiver.accept(account, fact);
        written.complete(true);
        reply.complete(receipt.process());
      } catch (RuntimeException | Error e) {
        written.completeExceptionally(e);
        reply.completeExceptionally(e);
      }
    }
  }

  /** A push, and the key that opened it. */
  record Opened(PushBody push, @Nullable AesKey key) {}

  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String why;

    Refusal(int status, String why) {
      super(why, null, false, false);
      this.status = status;
      this.why = why;
    }
  }
}
