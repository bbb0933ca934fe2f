package io.laoke.binding;

import io.laoke.error.ChannelException;
import io.laoke.message.Account;
import io.laoke.message.ChannelKind;
import io.laoke.message.MessageChannel;
import io.laoke.message.Outbound;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.message.TemplateCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An account that makes codes, knows templates and takes messages, as a test wants it. */
public final class FakePlatform implements Account {
  private final String key;
  private final List<Outbound> sent = new ArrayList<>();
  private final List<String> scenes = new ArrayList<>();
  public volatile ChannelException failure;
  public volatile boolean makesCodes = true;
  public volatile Duration life;
  public volatile List<TemplateCatalog.Template> templates = List.of();
  public final Queue<SendOutcome> script = new ConcurrentLinkedQueue<>();

  /** Templates that the platform does not have any more. */
  public final Set<String> deleted = ConcurrentHashMap.newKeySet();

  FakePlatform(String key) {
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
    return kind == ChannelKind.WECHAT_TEMPLATE ? Optional.of(new Channel()) : Optional.empty();
  }

  @Override
  public <T> Optional<T> capability(Class<T> type) {
    if (type == ScanCodes.class && makesCodes) {
      ScanCodes codes = this::made;
      return Optional.of(type.cast(codes));
    }
    if (type == TemplateCatalog.class) {
      TemplateCatalog catalog = () -> templates;
      return Optional.of(type.cast(catalog));
    }
    return Optional.empty();
  }

  private ScanCodes.ScanCode made(String scene, Duration asked) {
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
      if (deleted.contains(message.body().templateId())) {
        return CompletableFuture.completedFuture(
            new SendOutcome.Misconfigured(
                SendOutcome.Scope.TEMPLATE, Reason.of("40037", "the template was deleted")));
      }
      synchronized (sent) {
        sent.add(message);
      }
      SendOutcome scripted = script.poll();
      return CompletableFuture.completedFuture(
          scripted == null
              ? new SendOutcome.Accepted("p" + message.dedupeId(), List.of())
              : scripted);
    }
  }
}
