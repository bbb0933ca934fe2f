package io.laoke.binding;

import io.laoke.error.ChannelException;
import io.laoke.member.WebIdentity;
import io.laoke.message.Account;
import io.laoke.message.ChannelKind;
import io.laoke.message.MessageChannel;
import io.laoke.message.Outbound;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.message.TemplateCatalog;
import io.laoke.notice.SubscriptionPrompt;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** An account that makes codes, knows templates and takes messages, as a test wants it. */
public final class FakePlatform implements Account {
  private final String key;
  private final List<Outbound> sent = new ArrayList<>();
  private final List<String> scenes = new ArrayList<>();
  public volatile ChannelException failure;
  public volatile boolean makesCodes = true;
  public volatile boolean signsIn = true;

  /** Whether it asks for one-time subscriptions, and sends their messages. */
  public volatile boolean prompts;

  /** How often the platform was asked who somebody is. */
  public final AtomicInteger asked = new AtomicInteger();

  private final AtomicInteger made = new AtomicInteger();
  private final Map<String, WebIdentity.Visitor> codes = new ConcurrentHashMap<>();
  public volatile Duration life;
  public volatile List<TemplateCatalog.Template> templates = List.of();
  public final Queue<SendOutcome> script = new ConcurrentLinkedQueue<>();

  /** What happens at each call of the platform. */
  public volatile Runnable onCall = () -> {};

  /** What happens while a message is on the wire. */
  public volatile Runnable onSend = () -> {};

  /** Templates that the platform does not have any more. */
  public final Set<String> deleted = ConcurrentHashMap.newKeySet();

  public FakePlatform(String key) {
    this.key = key;
  }

  public List<Outbound> sent() {
    synchronized (sent) {
      return List.copyOf(sent);
    }
  }

  /** The scenes that codes were asked for, in turn. */
  public List<String> scenes() {
    synchronized (scenes) {
      return List.copyOf(scenes);
    }
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public Optional<MessageChannel> channel(ChannelKind kind) {
    return kind == ChannelKind.WECHAT_TEMPLATE
            || (kind == ChannelKind.WECHAT_SUBSCRIPTION && prompts)
        ? Optional.of(new Channel())
        : Optional.empty();
  }

  @Override
  public <T> Optional<T> capability(Class<T> type) {
    if (type == ScanCodes.class && makesCodes) {
      return Optional.of(
          type.cast(
              new ScanCodes() {
                @Override
                public ScanCode create(String scene, Duration asked) {
                  return made(scene, asked);
                }

                @Override
                public String createLasting(String scene) {
                  return made(scene, Duration.ofDays(1)).content();
                }
              }));
    }
    if (type == WebIdentity.class && signsIn) {
      return Optional.of(type.cast(new Web()));
    }
    if (type == SubscriptionPrompt.class && prompts) {
      return Optional.of(type.cast(new Prompt()));
    }
    if (type == TemplateCatalog.class) {
      TemplateCatalog catalog =
          () -> {
            onCall.run();
            return templates;
          };
      return Optional.of(type.cast(catalog));
    }
    return Optional.empty();
  }

  private ScanCodes.ScanCode made(String scene, Duration asked) {
    onCall.run();
    ChannelException down = failure;
    if (down != null) {
      throw down;
    }
    synchronized (scenes) {
      scenes.add(scene);
      return new ScanCodes.ScanCode(
          "http://weixin.qq.com/q/" + scenes.size() + "abc", life == null ? asked : life);
    }
  }

  /** A code of the sign-in that stands for a person, once. */
  public String code(String openid) {
    return coded(new WebIdentity.Visitor.Known(openid));
  }

  public String coded(WebIdentity.Visitor visitor) {
    String code = "code" + made.incrementAndGet();
    codes.put(code, visitor);
    return code;
  }

  private static final class Prompt implements SubscriptionPrompt {
    @Override
    public boolean insideApp(String userAgent) {
      return userAgent.contains("MicroMessenger");
    }

    @Override
    public String askUrl(String templateId, int scene, String returnTo, String reserved) {
      return "https://ask.example/?template="
          + URLEncoder.encode(templateId, StandardCharsets.UTF_8)
          + "&scene="
          + scene
          + "&to="
          + URLEncoder.encode(returnTo, StandardCharsets.UTF_8)
          + "&reserved="
          + URLEncoder.encode(reserved, StandardCharsets.UTF_8);
    }
  }

  private final class Web implements WebIdentity {
    @Override
    public boolean insideApp(String userAgent) {
      return userAgent.contains("MicroMessenger");
    }

    @Override
    public String authorizeUrl(String returnTo, String state) {
      return "https://open.example/authorize?to="
          + URLEncoder.encode(returnTo, StandardCharsets.UTF_8)
          + "&state="
          + state;
    }

    @Override
    public Visitor identify(String code) {
      onCall.run();
      ChannelException down = failure;
      if (down != null) {
        throw down;
      }
      asked.incrementAndGet();
      Visitor known = codes.remove(code);
      return known == null ? new Visitor.Unproven() : known;
    }
  }

  @Override
  public void close() {}

  private final class Channel implements MessageChannel {
    @Override
    public Duration dedupeWindow() {
      return Duration.ofMinutes(10);
    }

    @Override
    public Duration callLimit() {
      return Duration.ofSeconds(5);
    }

    @Override
    public int maxInFlight() {
      return 8;
    }

    @Override
    public CompletionStage<SendOutcome> send(Outbound message) {
      onCall.run();
      if (deleted.contains(message.body().templateId())) {
        return CompletableFuture.completedFuture(
            new SendOutcome.Misconfigured(
                SendOutcome.Scope.TEMPLATE, Reason.of("40037", "the template was deleted")));
      }
      synchronized (sent) {
        sent.add(message);
      }
      onSend.run();
      SendOutcome scripted = script.poll();
      return CompletableFuture.completedFuture(
          scripted == null
              ? new SendOutcome.Accepted("p" + message.dedupeId(), List.of())
              : scripted);
    }
  }
}
