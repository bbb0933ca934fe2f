package io.laoke.wechat;

import static io.laoke.base.Check.notNull;

import io.laoke.binding.ScanCodes;
import io.laoke.error.InvalidInputException;
import io.laoke.member.FollowerSource;
import io.laoke.member.WebIdentity;
import io.laoke.message.Account;
import io.laoke.message.ChannelKind;
import io.laoke.message.Checkup;
import io.laoke.message.Finding;
import io.laoke.message.InboundReceiver;
import io.laoke.message.MessageChannel;
import io.laoke.message.TemplateCatalog;
import io.laoke.notice.SubscriptionPrompt;
import io.laoke.push.ArticleChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One Official Account 公众号: template messages, codes, templates, people, and its callback. Safe for
 * use by many threads; make one per appid and keep it. It holds one HTTP client with verified TLS
 * and daemon threads that start with the first call.
 */
public final class OfficialAccount implements Account {
  private static final Duration BUSY_PAUSE = Duration.ofSeconds(1);

  private final OfficialAccountSettings settings;
  private final Workers workers;
  private final Wire wire;
  private final TemplateChannel templateChannel;
  private final TemplateChannel subscriptionChannel;
  private final List<Object> capabilities;
  private final PushLog pushes = new PushLog();

  OfficialAccount(OfficialAccountSettings settings) {
    this(settings, BUSY_PAUSE);
  }

  /** With another pause before a busy platform is asked again. */
  OfficialAccount(OfficialAccountSettings settings, Duration busyPause) {
    this.settings = notNull("settings", settings);
    Duration callTimeout = settings.callTimeout();
    workers = new Workers();
    wire = new Wire(settings.baseUrl(), callTimeout, settings.maxInFlight(), workers);
    Calls calls = new Calls(wire, workers, settings.clock());
    Tokens tokens = tokens(settings, calls, workers);
    Api api = new Api(calls, tokens, workers, callTimeout, busyPause);
    templateChannel = new TemplateChannel(MessageForm.TEMPLATE, api, workers, settings);
    subscriptionChannel = new TemplateChannel(MessageForm.SUBSCRIPTION, api, workers, settings);
    UserCalls users = new UserCalls(api);
    FollowerCalls followers = new FollowerCalls(api);
    DraftCalls drafts = new DraftCalls(api, settings.articleLimits());
    MaterialCalls materials = new MaterialCalls(api, settings);
    MassCalls mass = new MassCalls(api, workers, settings);
    TagCalls tags = new TagCalls(api);
    List<Object> offered =
        new ArrayList<>(
            List.of(
                new QrCodes(api),
                new Templates(api),
                users,
                followers,
                new FollowerList(followers, users),
                new MenuCalls(api),
                new CustomerCalls(api, settings),
                new QuotaCalls(api, settings.appId()),
                drafts,
                materials,
                mass,
                tags,
                new ArticleCalls(drafts, materials, mass, tags, workers, settings),
                new SubscriptionAddress(settings.appId(), settings.openUrl()),
                new JsTickets(api, settings.appId(), settings.clock()),
                new AccountCheckup(settings, calls, tokens, api, pushes)));
    settings
        .secret()
        .ifPresent(
            secret ->
                offered.add(
                    new WebLogin(
                        calls, settings.appId(), secret, settings.openUrl(), callTimeout)));
    capabilities = List.copyOf(offered);
  }

  /** The appid. */
  @Override
  public String key() {
    return settings.appId();
  }

  /**
   * Template messages, and one-time subscription messages; messages to many by {@link
   * ArticleChannel}.
   */
  @Override
  public Optional<MessageChannel> channel(ChannelKind kind) {
    return switch (kind) {
      case WECHAT_TEMPLATE -> Optional.of(templateChannel);
      case WECHAT_SUBSCRIPTION -> Optional.of(subscriptionChannel);
      case WECHAT_MASS, SMS, WECHAT_REPLY, WEB_PAGE -> Optional.empty();
    };
  }

  /**
   * Offers {@link ScanCodes}, {@link TemplateCatalog}, {@link Checkup}, {@link Users}, {@link
   * Followers}, {@link FollowerSource}, {@link Menus}, {@link CustomerService}, {@link Drafts},
   * {@link Materials}, {@link MassMessages}, {@link Tags}, {@link ArticleChannel}, {@link
   * ApiQuotas}, {@link JsSdk}, {@link SubscriptionPrompt}, and {@link WebIdentity} if the AppSecret
   * is set: a token source cannot stand in for it there.
   */
  @Override
  public <T> Optional<T> capability(Class<T> type) {
    notNull("type", type);
    return capabilities.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  /** What WeChat tells about the people of this account. */
  public Users users() {
    return capability(Users.class).orElseThrow();
  }

  /** Everyone who follows this account. */
  public Followers followers() {
    return capability(Followers.class).orElseThrow();
  }

  /** The menu below the chat. */
  public Menus menus() {
    return capability(Menus.class).orElseThrow();
  }

  /** Messages that answer what a person did just now. */
  public CustomerService customerService() {
    return capability(CustomerService.class).orElseThrow();
  }

  /** The articles that are not sent yet. */
  public Drafts drafts() {
    return capability(Drafts.class).orElseThrow();
  }

  /** Pictures, sounds and films. */
  public Materials materials() {
    return capability(Materials.class).orElseThrow();
  }

  /** Messages to many. */
  public MassMessages massMessages() {
    return capability(MassMessages.class).orElseThrow();
  }

  /** Tags on followers. */
  public Tags tags() {
    return capability(Tags.class).orElseThrow();
  }

  /** How often calls may still be made today. */
  public ApiQuotas quotas() {
    return capability(ApiQuotas.class).orElseThrow();
  }

  /** Pages that use WeChat's JS-SDK. */
  public JsSdk jsSdk() {
    return capability(JsSdk.class).orElseThrow();
  }

  /**
   * Examines this account: credentials and IP whitelist, other programs' tokens, permissions and
   * quotas, templates, clock, callback; and names what no program can read. About ten calls that
   * change nothing; what WeChat refuses is a finding, never an exception. {@code Dealer.doctor()}
   * does this and compares the templates of the dealer's stages too.
   *
   * @return the worst first
   */
  public List<Finding> doctor() {
    return capability(Checkup.class).orElseThrow().examine();
  }

  /**
   * The account's callback.
   *
   * @param receiver where facts go: the engine
   * @throws InvalidInputException if no callback token is set
   */
  public WeChatCallback callback(InboundReceiver receiver) {
    notNull("receiver", receiver);
    String token =
        settings
            .callbackToken()
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "callbackToken", "must be set in the settings for a callback"));
    return new WeChatCallback(settings, token, workers, receiver, pushes, null);
  }

  /**
   * Ends connections and threads. Calls under way fail: messages that had left are {@code Unknown},
   * all others {@code Later}.
   */
  @Override
  public void close() {
    wire.close();
    workers.close();
  }

  /** Shows the appid only. */
  @Override
  public String toString() {
    return "OfficialAccount[" + settings.appId() + "]";
  }

  private static Tokens tokens(OfficialAccountSettings settings, Calls calls, Workers workers) {
    Duration limit = settings.callTimeout().multipliedBy(9).dividedBy(20);
    if (settings.tokenSource().isPresent()) {
      return new HostTokens(settings.tokenSource().get(), workers, limit);
    }
    return new StableTokens(
        calls, settings.clock(), limit, settings.appId(), settings.secret().orElseThrow());
  }
}
