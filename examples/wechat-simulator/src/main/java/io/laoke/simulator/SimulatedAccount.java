package io.laoke.simulator;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One Official Account on the simulated platform: its settings, its followers and what it did. Safe
 * for use by many threads.
 */
public final class SimulatedAccount {
  private static final int MAX_TEMPLATES = 25;

  final World world;
  final WeChatSimulator simulator;
  final Faults faults;
  final TokenDesk tokens;
  final Quotas quotas;
  final TagBook tags = new TagBook();
  final Map<String, Draft> drafts = new LinkedHashMap<>();
  final MaterialShelf shelf;
  final MassDesk mass;
  final Map<String, SimulatedTemplate> templates = new LinkedHashMap<>();
  final Map<String, LibraryTemplate> library = new LinkedHashMap<>();

  /** QR codes by ticket and by the text inside. */
  final Map<String, QrTicket> codes = new LinkedHashMap<>();

  final Map<String, QrTicket> permanent = new HashMap<>();
  final Set<String> miniPrograms = new LinkedHashSet<>();
  private final Set<String> subscriptionTemplates = new LinkedHashSet<>();
  private final Set<String> webDomains = new HashSet<>();
  final Map<String, Integer> blockingCodes = new HashMap<>();
  private final Map<String, Follower> byOpenId = new LinkedHashMap<>();
  private final Map<Long, AcceptedMessage> accepted = new LinkedHashMap<>();
  private final Map<String, Long> byClientMsgId = new HashMap<>();
  private ArrayNode menu = Json.object().putArray("button");
  private final String appId;
  private final String originalId;
  private final String name;
  private final @Nullable String openPlatform;
  private AccountType type;
  private String secret;
  private String token;
  private String aesKey;
  private @Nullable String previousAesKey;
  private PushMode mode;
  private PushFormat format;
  private @Nullable URI callbackUrl;
  private List<String> ipWhitelist;
  private boolean secretFrozen;
  private @Nullable String jsTicket;
  private Instant jsTicketUntil = Instant.EPOCH;
  private boolean callbackUnreachable;
  private int userPage = 10_000;
  private int maxPermanentCodes = 100_000;

  /** A template of the category library, from which {@code api_add_template} makes one. */
  record LibraryTemplate(String shortId, String title, Map<String, String> keywords) {}

  SimulatedAccount(WeChatSimulator simulator, World world, Faults faults, AccountSpec spec) {
    this.simulator = simulator;
    this.world = world;
    this.faults = faults;
    this.tokens = new TokenDesk(world);
    this.quotas = new Quotas(world);
    this.shelf = new MaterialShelf(world);
    this.mass = new MassDesk(this);
    this.appId = spec.appId();
    this.originalId = spec.originalId();
    this.name = spec.name();
    this.openPlatform = spec.openPlatform();
    this.type = spec.type();
    this.secret = spec.secret();
    this.token = spec.token();
    this.aesKey = spec.encodingAesKey();
    this.mode = spec.mode();
    this.format = spec.format();
    this.callbackUrl = spec.callbackUrl();
    this.ipWhitelist = spec.ipWhitelist();
    Library.fill(library);
  }

  /** The appid. */
  public String appId() {
    return appId;
  }

  /** The original id ({@code gh_…}). */
  public String originalId() {
    return originalId;
  }

  /** The name on the phone. */
  public String name() {
    return name;
  }

  /** The kind of account. */
  public AccountType type() {
    synchronized (world) {
      return type;
    }
  }

  /** Makes it another kind of account, as when the verification runs out. */
  public void type(AccountType value) {
    synchronized (world) {
      type = requireNonNull(value, "value");
    }
  }

  /** The AppSecret. */
  public String secret() {
    synchronized (world) {
      return secret;
    }
  }

  /** Resets the AppSecret; the old one gets 40125 from now on. */
  public void secret(String value) {
    synchronized (world) {
      secret = AccountSpec.requireText(value, "secret");
    }
  }

  /** Freezes or thaws the AppSecret (40243). */
  public void freezeSecret(boolean frozen) {
    synchronized (world) {
      secretFrozen = frozen;
    }
  }

  boolean secretFrozen() {
    return secretFrozen;
  }

  /** The token of the message push. */
  public String token() {
    synchronized (world) {
      return token;
    }
  }

  /** Changes the token of the message push. */
  public void token(String value) {
    synchronized (world) {
      token = AccountSpec.requireText(value, "token");
    }
  }

  /** The present EncodingAESKey. */
  public String encodingAesKey() {
    synchronized (world) {
      return aesKey;
    }
  }

  /**
   * Changes the EncodingAESKey: pushes use the new one at once, replies made with the old one are
   * still read.
   */
  public void encodingAesKey(String value) {
    synchronized (world) {
      previousAesKey = aesKey;
      aesKey = AccountSpec.requireKey(value);
    }
  }

  /** The protection of pushes. */
  public PushMode mode() {
    synchronized (world) {
      return mode;
    }
  }

  /** Changes the protection of pushes. */
  public void mode(PushMode value) {
    synchronized (world) {
      mode = requireNonNull(value, "value");
    }
  }

  /** Changes the data format of pushes. */
  public void format(PushFormat value) {
    synchronized (world) {
      format = requireNonNull(value, "value");
    }
  }

  /**
   * Sets where pushes go, without asking the URL first; see {@link #verifyCallback()}.
   *
   * @throws IllegalArgumentException if it is not a full {@code http} or {@code https} URL
   */
  public void callbackUrl(String url) {
    URI checked = AccountSpec.callback(url);
    synchronized (world) {
      callbackUrl = checked;
    }
  }

  /**
   * Asks the callback URL to prove itself by GET with {@code echostr}, as the console does when a
   * URL is saved.
   *
   * @return whether it answered the {@code echostr} within the time limit
   * @throws IllegalStateException if the account has no callback URL
   */
  public boolean verifyCallback() {
    Push.PushSettings settings;
    synchronized (world) {
      settings = pushSettings();
    }
    if (settings == null) {
      throw new IllegalStateException("The account has no callback URL; set one first");
    }
    return simulator.pusher().verify(settings, world.alnum(20));
  }

  Push.@Nullable PushSettings pushSettings() {
    URI url = callbackUrl;
    return url == null
        ? null
        : new Push.PushSettings(url.toString(), token, aesKey, previousAesKey, mode, format);
  }

  /** Refuses token calls from other addresses than these (40164); none means every address. */
  public void ipWhitelist(String... addresses) {
    synchronized (world) {
      ipWhitelist = List.of(addresses);
    }
  }

  boolean admits(String ip) {
    return ipWhitelist.isEmpty() || ipWhitelist.contains(ip);
  }

  /**
   * Registers a domain for web sign-in 网页授权域名, such as {@code m.example.cn} or {@code
   * 127.0.0.1:8080}; pages of other domains are refused with 10003.
   */
  public void addWebDomain(String domain) {
    synchronized (world) {
      webDomains.add(AccountSpec.requireText(domain, "domain").toLowerCase(Locale.ROOT));
    }
  }

  boolean webDomain(String domain) {
    synchronized (world) {
      return webDomains.contains(domain);
    }
  }

  /** Links a mini program, so that template messages may lead to it. */
  public void linkMiniProgram(String miniAppId) {
    synchronized (world) {
      miniPrograms.add(AccountSpec.requireText(miniAppId, "miniAppId"));
    }
  }

  /** Makes all tokens invalid at once (40001), as another program's forced refresh would. */
  public void voidTokens() {
    synchronized (world) {
      tokens.voidAll();
    }
  }

  /** How many tokens were issued, stable and classic together. */
  public int tokensIssued() {
    synchronized (world) {
      return tokens.issued();
    }
  }

  /** How much of today's quota of a path is used. */
  public int quotaUsed(String path) {
    synchronized (world) {
      return quotas.used(path);
    }
  }

  /** Sets the daily quota of a path; what is above gets 45009. */
  public void quotaLimit(String path, int perDay) {
    synchronized (world) {
      quotas.limit(path, perDay);
    }
  }

  /** Bans a path for this account with an errcode such as 48004, until {@link #allow(String)}. */
  public void ban(String path, int errcode) {
    synchronized (world) {
      blockingCodes.put(path, errcode);
    }
  }

  /** Takes a ban back. */
  public void allow(String path) {
    synchronized (world) {
      blockingCodes.remove(path);
    }
  }

  /** Sets how many openids {@code user/get} gives at once; the platform's 10,000 if not set. */
  public void userPageSize(int size) {
    if (size < 1 || size > 10_000) {
      throw new IllegalArgumentException("size must be 1 to 10,000, was: " + size);
    }
    synchronized (world) {
      userPage = size;
    }
  }

  int userPageSize() {
    return userPage;
  }

  /** Sets how many permanent QR codes the account may have; the platform's 100,000 if not set. */
  public void maxPermanentCodes(int count) {
    synchronized (world) {
      maxPermanentCodes = count;
    }
  }

  int maxPermanentCodes() {
    return maxPermanentCodes;
  }

  /** Adds a template with these lines; see {@link #addTemplate(SimulatedTemplate)}. */
  public SimulatedTemplate addTemplate(String id, String title, String content) {
    return addTemplate(new SimulatedTemplate(id, title, content, Map.of()));
  }

  /**
   * Adds a template.
   *
   * @throws IllegalStateException if the account has 25 already
   */
  public SimulatedTemplate addTemplate(SimulatedTemplate template) {
    requireNonNull(template, "template");
    synchronized (world) {
      if (!templates.containsKey(template.id()) && templates.size() >= MAX_TEMPLATES) {
        throw new IllegalStateException("An account has at most " + MAX_TEMPLATES + " templates");
      }
      templates.put(template.id(), template);
      return template;
    }
  }

  boolean templatesFull() {
    return templates.size() >= MAX_TEMPLATES;
  }

  /**
   * Gives the account a one-time subscription message 一次性订阅消息.
   *
   * @param id as the console shows it
   */
  public void addSubscriptionTemplate(String id) {
    AccountSpec.requireText(id, "id");
    synchronized (world) {
      subscriptionTemplates.add(id);
    }
  }

  Set<String> subscriptionTemplates() {
    synchronized (world) {
      return Set.copyOf(subscriptionTemplates);
    }
  }

  /** Takes a template away, as when its category is removed; sends get 40037. */
  public void removeTemplate(String id) {
    synchronized (world) {
      templates.remove(id);
    }
  }

  /** The account's templates, oldest first. */
  public List<SimulatedTemplate> templates() {
    synchronized (world) {
      return List.copyOf(templates.values());
    }
  }

  /**
   * Adds a template to the category library for {@code api_add_template}.
   *
   * @param shortId library id, digits
   * @param title heading
   * @param keywords field keys such as {@code thing2} by keyword name, in order
   */
  public void addLibraryTemplate(String shortId, String title, Map<String, String> keywords) {
    synchronized (world) {
      library.put(shortId, new LibraryTemplate(shortId, title, new LinkedHashMap<>(keywords)));
    }
  }

  /** The person of this name as this account knows them; made on first use, not following yet. */
  public Follower follower(String personName) {
    AccountSpec.requireText(personName, "personName");
    synchronized (world) {
      String openId = Ids.openId(appId, personName);
      String unionId = openPlatform == null ? null : Ids.unionId(openPlatform, personName);
      return byOpenId.computeIfAbsent(openId, id -> new Follower(this, personName, id, unionId));
    }
  }

  /** Everyone who has an openid of this account, following or not, oldest first. */
  public List<Follower> people() {
    synchronized (world) {
      return List.copyOf(byOpenId.values());
    }
  }

  /** Whether the openid is one of another account of this simulator. */
  boolean isAnothers(String openId) {
    return simulator.allAccounts().stream()
        .anyMatch(other -> other != this && other.byOpenId(openId) != null);
  }

  /** The followers with a tag, oldest first. */
  List<Follower> tagged(long tag) {
    return everyone().stream().filter(one -> one.following() && one.tags().contains(tag)).toList();
  }

  /** The account's tags by id, oldest first. */
  public Map<Long, String> tags() {
    synchronized (world) {
      return new LinkedHashMap<>(tags.all());
    }
  }

  /** Sets from how many followers on a tag cannot be deleted; the platform's 100,000 if not set. */
  public void mostFansToDeleteATag(int count) {
    synchronized (world) {
      tags.mostFansToDelete(count);
    }
  }

  /** Sets how much permanent material there may be: 100,000 pictures, 1,000 of each other type. */
  public void maxMaterial(int images, int others) {
    synchronized (world) {
      shelf.limits(images, others);
    }
  }

  /** The media ids of the draft box, oldest first. */
  public List<String> drafts() {
    synchronized (world) {
      return List.copyOf(drafts.keySet());
    }
  }

  /**
   * Writes an article into the draft box, as staff do in WeChat's own editor: its cover becomes
   * permanent material.
   *
   * @param html the body, whose pictures the account has already
   * @param cover a JPEG, PNG, GIF or BMP picture of at most 10 MB
   * @return the draft's media id
   * @throws IllegalArgumentException if WeChat's editor would not take it; the message has the code
   */
  public String writeDraft(String title, String author, String digest, String html, byte[] cover) {
    synchronized (world) {
      try {
        MaterialShelf.Material picture =
            shelf.add(
                MaterialShelf.Kind.IMAGE,
                new Multipart.Part("cover", cover),
                "",
                simulator.baseUrl(),
                true);
        var article =
            Json.object()
                .put("title", title)
                .put("author", author)
                .put("digest", digest)
                .put("content", html)
                .put("thumb_media_id", picture.mediaId());
        String id = world.alnum(64);
        drafts.put(id, new Draft(id, List.of(Article.read(article, shelf)), world.now()));
        return id;
      } catch (Refusal refused) {
        throw new IllegalArgumentException(
            "WeChat's editor would not take the article: %d %s. Mend the article."
                .formatted(refused.code(), refused.getMessage()),
            refused);
      }
    }
  }

  /** The mass sends that the platform took, in order. */
  public List<MassJob> massJobs() {
    synchronized (world) {
      mass.finishDue();
      return mass.jobs();
    }
  }

  /**
   * The account's administrator answers about a mass send that waits, see {@link
   * Faults#protectMass}: it goes, or ends {@code err(40001)}.
   */
  public void answerMass(long msgId, boolean confirmed) {
    synchronized (world) {
      mass.answer(msgId, confirmed);
    }
  }

  /**
   * Pushes one more job report of a mass send that has ended, one that may contradict what was
   * reported before. How the job stands stays as it is.
   *
   * @param status as the event says it, such as {@code send success} or {@code err(20001)}
   */
  public void reportMass(long msgId, String status) {
    AccountSpec.requireText(status, "status");
    synchronized (world) {
      mass.report(msgId, status);
    }
  }

  /** How many mass messages of this month are in a follower's chat. */
  public int massesThisMonth(String openId) {
    synchronized (world) {
      return mass.used(openId);
    }
  }

  /**
   * Sets how long a mass send is under way ({@code SENDING}) in platform time; nothing if not set.
   * It ends when the platform is next called after that, or by {@link WeChatSimulator#advance}.
   */
  public void massTakes(Duration time) {
    if (requireNonNull(time, "time").isNegative()) {
      throw new IllegalArgumentException("time must not be negative, was: " + time);
    }
    synchronized (world) {
      mass.takes(time);
    }
  }

  /** Makes {@code callback/check} find neither the callback's name nor an answer. */
  public void callbackUnreachable(boolean value) {
    synchronized (world) {
      callbackUnreachable = value;
    }
  }

  boolean callbackUnreachable() {
    return callbackUnreachable;
  }

  /** The ticket of the JS-SDK: the same while it is valid. Called under the lock. */
  com.fasterxml.jackson.databind.node.ObjectNode jsTicket() {
    Instant now = world.now();
    String ticket = jsTicket;
    if (ticket == null || !now.isBefore(jsTicketUntil)) {
      ticket = world.alnum(86);
      jsTicket = ticket;
      jsTicketUntil = now.plus(TokenDesk.LIFE);
    }
    return Api.ok()
        .put("ticket", ticket)
        .put("expires_in", Duration.between(now, jsTicketUntil).toSeconds());
  }

  /**
   * Whether a page may use the JS-SDK: whether this signature was made with the present ticket.
   *
   * @param url the page's address as the browser has it; what follows {@code #} is left out
   */
  public boolean admitsPage(String nonceStr, long timestamp, String url, String signature) {
    synchronized (world) {
      int fragment = url.indexOf('#');
      String signed =
          "jsapi_ticket=%s&noncestr=%s&timestamp=%d&url=%s"
              .formatted(
                  jsTicket, nonceStr, timestamp, fragment < 0 ? url : url.substring(0, fragment));
      return jsTicket != null
          && world.now().isBefore(jsTicketUntil)
          && PushCrypto.signature(signed).equals(signature);
    }
  }

  @Nullable Follower byOpenId(String openId) {
    return byOpenId.get(openId);
  }

  Collection<Follower> everyone() {
    return byOpenId.values();
  }

  /** Template messages accepted for all receivers, in order. */
  public List<AcceptedMessage> accepted() {
    synchronized (world) {
      return List.copyOf(accepted.values());
    }
  }

  /** Template messages accepted for one receiver, in order. */
  public List<AcceptedMessage> accepted(String openId) {
    return accepted().stream().filter(message -> message.openId().equals(openId)).toList();
  }

  void accept(AcceptedMessage message) {
    accepted.put(message.msgId(), message);
    if (message.clientMsgId() != null) {
      byClientMsgId.put(message.openId() + "|" + message.clientMsgId(), message.msgId());
    }
  }

  /** The message that this id stands for inside the dedupe window; counts the repeat. */
  @Nullable AcceptedMessage repeated(String openId, @Nullable String clientMsgId) {
    Long msgId = clientMsgId == null ? null : byClientMsgId.get(openId + "|" + clientMsgId);
    AcceptedMessage before = msgId == null ? null : accepted.get(msgId);
    if (before == null || !world.now().isBefore(before.at().plus(Api.DEDUPE_WINDOW))) {
      return null;
    }
    accepted.put(before.msgId(), before.repeated());
    return before;
  }

  /** Pushes made for this account, in order, with their tries so far. */
  public List<CallbackDelivery> callbacks() {
    return simulator.pusher().deliveries(this);
  }

  /** Pushes of one event or message type, such as {@code subscribe} or {@code text}. */
  public List<CallbackDelivery> callbacks(String event) {
    return callbacks().stream().filter(push -> push.event().equalsIgnoreCase(event)).toList();
  }

  /** The menu's buttons; empty without a menu. */
  ArrayNode menu() {
    return menu;
  }

  void menu(ArrayNode buttons) {
    menu = buttons;
  }

  /** The QR codes that were made, oldest first, expired ones too. */
  public List<QrTicket> qrCodes() {
    synchronized (world) {
      return codes.values().stream().distinct().toList();
    }
  }

  void add(QrTicket code) {
    codes.put(code.ticket(), code);
    codes.put(code.url(), code);
  }

  /** Names the account, never its secrets. */
  @Override
  public String toString() {
    return "SimulatedAccount[" + appId + "]";
  }
}
