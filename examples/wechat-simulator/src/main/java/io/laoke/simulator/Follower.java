package io.laoke.simulator;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A person with a phone, as one account knows them; they may follow it or not. What they do is
 * pushed to the host on the caller's thread: a method returns when the host answered, or when the
 * platform gave up. Safe for use by many threads.
 */
public final class Follower {
  private final World world;
  private final SimulatedAccount account;
  private final String name;
  private final String openId;
  private final @Nullable String unionId;
  private final List<ChatMessage> chat = new ArrayList<>();
  private final Set<Long> tags = new LinkedHashSet<>();
  private final ServiceWindow window = new ServiceWindow();
  private boolean following;
  private boolean blocking;
  private boolean snapshots;
  private Instant followedAt = Instant.EPOCH;
  private String followedBy = "ADD_SCENE_OTHERS";
  private String remark = "";
  private @Nullable QrTicket followedWith;

  Follower(SimulatedAccount account, String name, String openId, @Nullable String unionId) {
    this.world = account.world;
    this.account = account;
    this.name = name;
    this.openId = openId;
    this.unionId = unionId;
  }

  /** The account that this openid belongs to. */
  public SimulatedAccount account() {
    return account;
  }

  /** Name in the test and on the page; the host never learns it. */
  public String name() {
    return name;
  }

  /** Id of the person at this account. */
  public String openId() {
    return openId;
  }

  /** Id of the person at all accounts of an Open Platform account; empty without one. */
  public Optional<String> unionId() {
    return Optional.ofNullable(unionId);
  }

  /** Whether the person follows now. */
  public boolean following() {
    synchronized (world) {
      return following;
    }
  }

  /** Whether the person refuses the account's template messages. */
  public boolean blocking() {
    synchronized (world) {
      return blocking;
    }
  }

  /** The chat as the phone shows it, oldest first. */
  public List<ChatMessage> chat() {
    synchronized (world) {
      return List.copyOf(chat);
    }
  }

  /** The template messages in the chat. */
  public List<ChatMessage> cards() {
    return chat().stream().filter(m -> m.kind() == ChatMessage.Kind.TEMPLATE).toList();
  }

  /**
   * Scans a code and follows if the person did not ({@code subscribe} with {@code qrscene_}), else
   * just scans ({@code SCAN}). A code of another account of the simulator is scanned as the same
   * person there.
   *
   * @param code the text inside the QR code, its ticket, or the address of its image
   */
  public Reaction scan(String code) {
    return scan(code, true);
  }

  private Reaction scan(String code, boolean follows) {
    requireNonNull(code, "code");
    Found found = account.simulator.find(code);
    if (found == null) {
      return Reaction.shown(code.startsWith("http") ? "打开网页：" + code : "无法识别的二维码");
    }
    if (found.account() != account) {
      return found.account().follower(name).scan(code, follows);
    }
    Push push;
    synchronized (world) {
      QrTicket ticket = found.ticket();
      if (ticket.expired(world.now())) {
        return Reaction.shown("二维码已过期");
      }
      if (!following && !follows) {
        return Reaction.shown("公众号资料页");
      }
      push = following ? scanned(ticket) : followed("ADD_SCENE_QR_CODE", ticket);
    }
    return act(push);
  }

  /** A code and the account it belongs to. */
  record Found(SimulatedAccount account, QrTicket ticket) {}

  /**
   * Scans as {@link #scan(String)} does, but one who did not follow only looks at the profile page:
   * the host hears nothing then.
   */
  public Reaction scanWithoutFollowing(String code) {
    return scan(code, false);
  }

  /** Scans the QR code in an image (PNG, JPEG, GIF, BMP). */
  public Reaction scanImage(byte[] image) {
    return QrImages.read(requireNonNull(image, "image"))
        .map(this::scan)
        .orElseGet(() -> Reaction.shown("未发现二维码"));
  }

  /** Follows from the account's profile page; nothing happens if the person follows already. */
  public Reaction follow() {
    Push push;
    synchronized (world) {
      if (following) {
        return Reaction.shown("");
      }
      push = followed("ADD_SCENE_PROFILE_CARD", null);
    }
    return act(push);
  }

  /** Unfollows; nothing happens if the person does not follow. */
  public Reaction unfollow() {
    Push push;
    synchronized (world) {
      if (!following) {
        return Reaction.shown("");
      }
      following = false;
      tags.clear();
      window.close();
      push = event("unsubscribe", Map.of("EventKey", ""));
    }
    return act(push);
  }

  /**
   * Says something.
   *
   * @throws IllegalStateException if the person does not follow: the phone has no input field then
   */
  public Reaction say(String text) {
    AccountSpec.requireText(text, "text");
    Push push;
    synchronized (world) {
      requireFollowing();
      show(ChatMessage.words(world.now(), ChatMessage.Kind.SAID, text));
      window.did(ServiceWindow.Trigger.SAID, world.now());
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("MsgType", "text");
      fields.put("Content", text);
      fields.put("MsgId", 25_000_000_000_000_000L + world.nextMsgId());
      push = account.simulator.pusher().make(this, "text", fields);
    }
    return act(push);
  }

  /**
   * Taps a menu entry of type click.
   *
   * @throws IllegalStateException if the person does not follow
   */
  public Reaction click(String key) {
    AccountSpec.requireText(key, "key");
    Push push;
    synchronized (world) {
      requireFollowing();
      window.did(ServiceWindow.Trigger.CLICKED, world.now());
      push = event("CLICK", Map.of("EventKey", key));
    }
    return act(push);
  }

  /**
   * Goes where a page of a host has sent the person's browser to sign in, without being asked
   * anything.
   *
   * @param authorizeUrl the address of {@code /connect/oauth2/authorize}
   * @return where the platform sends the browser back to, with {@code code} and {@code state}
   * @throws IllegalStateException with the words that the page shows, if the platform refuses, such
   *     as for a domain that is not registered (10003)
   */
  public String signIn(String authorizeUrl) {
    int mark = requireNonNull(authorizeUrl, "authorizeUrl").indexOf('?');
    String query = mark < 0 ? "" : authorizeUrl.substring(mark + 1).replaceFirst("#.*$", "");
    Map<String, String> values = HttpCall.form(query);
    boolean own = account.appId().equals(values.get("appid"));
    try {
      return account.simulator.webSignIn().sentBack(own ? this : null, values);
    } catch (WebSignIn.Refused refused) {
      throw new IllegalStateException(refused.getMessage(), refused);
    }
  }

  /**
   * Answers the platform's question for a one-time subscription, to which a page of a host has sent
   * the person's browser.
   *
   * @param askUrl the address of {@code /mp/subscribemsg}
   * @param agrees whether the person agrees to one message
   * @return where the platform sends the browser back to
   * @throws IllegalStateException with the words that the page shows, if the platform refuses
   */
  public String subscription(String askUrl, boolean agrees) {
    int mark = requireNonNull(askUrl, "askUrl").indexOf('?');
    Map<String, String> values =
        HttpCall.form(mark < 0 ? "" : askUrl.substring(mark + 1).replaceFirst("#.*$", ""));
    boolean own = account.appId().equals(values.get("appid"));
    try {
      return account.simulator.subscriptions().answered(own ? this : null, values, agrees);
    } catch (WebSignIn.Refused refused) {
      throw new IllegalStateException(refused.getMessage(), refused);
    }
  }

  /** Opens pages as snapshots from now on, or no more: hosts learn a virtual identity then. */
  public void snapshots(boolean on) {
    synchronized (world) {
      snapshots = on;
    }
  }

  boolean snapshots() {
    return snapshots;
  }

  /** Refuses the account's template messages: they end {@code failed:user block}. */
  public void block() {
    synchronized (world) {
      blocking = true;
    }
  }

  /** Takes template messages again. */
  public void unblock() {
    synchronized (world) {
      blocking = false;
    }
  }

  /**
   * Taps a menu entry that opens a page; pushed as {@code VIEW}, to which no answer is shown.
   *
   * @throws IllegalStateException if the person does not follow
   */
  public Reaction view(String url) {
    AccountSpec.requireText(url, "url");
    Push push;
    synchronized (world) {
      requireFollowing();
      push = event("VIEW", Map.of("EventKey", url, "MenuId", 400_000_000L));
    }
    return act(push);
  }

  /** The tags on this person. */
  Set<Long> tags() {
    return tags;
  }

  ServiceWindow window() {
    return window;
  }

  private void requireFollowing() {
    if (!following) {
      throw new IllegalStateException(
          name + " does not follow " + account.name() + ", so the phone has no input field");
    }
  }

  private @Nullable Push scanned(QrTicket ticket) {
    Map<String, Object> fields = new LinkedHashMap<>();
    window.did(ServiceWindow.Trigger.SCANNED, world.now());
    fields.put("EventKey", ticket.scene());
    fields.put("Ticket", ticket.ticket());
    return event("SCAN", fields);
  }

  private @Nullable Push followed(String how, @Nullable QrTicket ticket) {
    following = true;
    blocking = false;
    followedAt = world.now();
    window.did(ServiceWindow.Trigger.FOLLOWED, followedAt);
    if (ticket != null) {
      window.did(ServiceWindow.Trigger.SCANNED, followedAt);
    }
    followedBy = how;
    followedWith = ticket;
    remark = "";
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("EventKey", ticket == null ? "" : "qrscene_" + ticket.scene());
    if (ticket != null) {
      fields.put("Ticket", ticket.ticket());
    }
    return event("subscribe", fields);
  }

  private @Nullable Push event(String event, Map<String, Object> more) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("MsgType", "event");
    fields.put("Event", event);
    fields.putAll(more);
    return account.simulator.pusher().make(this, event, fields);
  }

  private Reaction act(@Nullable Push push) {
    if (push == null) {
      return Reaction.shown("");
    }
    account.simulator.pusher().send(push);
    synchronized (world) {
      return new Reaction("", List.of(push.snapshot()), push.replies);
    }
  }

  /** Puts a message into the chat. Called under the lock. */
  void show(ChatMessage message) {
    chat.add(message.shownAt(world.phoneNow()));
  }

  void remark(String value) {
    remark = value;
  }

  /** The push of a template message's end. Called under the lock. */
  @Nullable Push jobFinished(AcceptedMessage message) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("MsgID", message.msgId());
    fields.put("Status", message.status().words());
    return event("TEMPLATESENDJOBFINISH", fields);
  }

  Instant followedAt() {
    return followedAt;
  }

  /** The answer of {@code user/info} for this person. Called under the lock. */
  com.fasterxml.jackson.databind.node.ObjectNode info(String language) {
    var info = Json.object().put("subscribe", following ? 1 : 0).put("openid", openId);
    if (!following) {
      return info;
    }
    info.put("language", language).put("subscribe_time", followedAt.getEpochSecond());
    if (unionId != null) {
      info.put("unionid", unionId);
    }
    var tagIds = info.put("remark", remark).put("groupid", 0).putArray("tagid_list");
    tags.forEach(tagIds::add);
    info.put("subscribe_scene", followedBy);
    QrTicket with = followedWith;
    boolean numeric = with != null && with.numeric();
    info.put("qr_scene", with != null && numeric ? Long.parseLong(with.scene()) : 0L);
    info.put("qr_scene_str", with != null && !numeric ? with.scene() : "");
    return info;
  }

  /** Names the person by the test's own name. */
  @Override
  public String toString() {
    return "Follower[" + name + "]";
  }
}
