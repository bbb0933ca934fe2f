package io.laoke.notice;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Phone;
import io.laoke.binding.BindingDoor;
import io.laoke.binding.BindingDoor.PaperLink;
import io.laoke.binding.BindingDoor.Seen;
import io.laoke.binding.Bindings;
import io.laoke.binding.ClaimOutcome;
import io.laoke.binding.CodeUnavailableException;
import io.laoke.binding.IssueOptions;
import io.laoke.binding.OrderGlance;
import io.laoke.binding.PhoneClaim;
import io.laoke.binding.PhoneCode;
import io.laoke.binding.QrCode;
import io.laoke.binding.QrOptions;
import io.laoke.binding.RecipientState;
import io.laoke.binding.ScanOutcome;
import io.laoke.binding.WebAddress;
import io.laoke.catalog.CatalogBook;
import io.laoke.error.ChannelException;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.WebIdentity;
import io.laoke.member.WebIdentity.Visitor;
import io.laoke.message.Account;
import io.laoke.message.Accounts;
import io.laoke.message.Tenants;
import io.laoke.notice.SignIn.Target;
import io.laoke.notice.SignIn.Visit;
import io.laoke.order.OrderBook;
import io.laoke.order.OrderDetail;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the page that a request asks for, and the dealer whose it is. */
final class StoredPages implements CustomerPages {
  private static final Logger LOG = LoggerFactory.getLogger(StoredPages.class);
  private static final Pattern PATH =
      Pattern.compile("(?:^|.*/)(?:([lorsn])/([^/]{1,120})|(c)/([^/]{1,8})(?:/([^/]{1,200}))?)");
  private static final Pattern DEALER = Pattern.compile("[0-9a-z]{1,6}");
  private static final Pattern LINK = Pattern.compile("([0-9a-z]{1,6})-([A-Za-z0-9_-]{22})");
  private static final Pattern ORDER =
      Pattern.compile("([0-9a-z]{1,6})-([0-9a-z]{1,13})-([0-9a-z]{1,8})-([A-Za-z0-9_-]{22})");
  private static final String CUSTOMER = "customer";
  private static final String BY_PHONE = "?by=phone";

  private final Database database;
  private final Tenants tenants;
  private final Accounts accounts;
  private final OrderBook orders;
  private final CatalogBook catalog;
  private final BindingDoor door;
  private final Function<Tenant, Bindings> bindings;
  private final Function<Tenant, NoticeSettings> settings;
  private final PageLinks links;
  private final SignIn signIn;
  private final ServiceDesk services;
  private final SubscriptionAsk subscriptions;
  private final Clock business;

  StoredPages(
      Database database,
      Tenants tenants,
      Accounts accounts,
      OrderBook orders,
      CatalogBook catalog,
      BindingDoor door,
      Function<Tenant, Bindings> bindings,
      Function<Tenant, NoticeSettings> settings,
      PageLinks links,
      SignIn signIn,
      ServiceDesk services,
      SubscriptionAsk subscriptions,
      Clock business) {
    this.database = database;
    this.tenants = tenants;
    this.accounts = accounts;
    this.orders = orders;
    this.catalog = catalog;
    this.door = door;
    this.bindings = bindings;
    this.settings = settings;
    this.links = links;
    this.signIn = signIn;
    this.services = services;
    this.subscriptions = subscriptions;
    this.business = business;
  }

  /** A dealer that has pages. */
  private record Place(Tenant tenant, String address, String name) {}

  @Override
  public WebResponse handle(WebRequest request) {
    notNull("request", request);
    WebResponse answer;
    try {
      answer = routed(request);
    } catch (LaokeException failed) {
      LOG.warn("laoke.web: a page failed: {}", failed.getMessage());
      answer = Messages.broken("");
    } catch (RuntimeException fault) {
      LOG.error("laoke.web: a fault of Laoke's in a page", fault);
      answer = Messages.broken("");
    }
    return request.method().equals("HEAD") ? answer.withoutBody() : answer;
  }

  private WebResponse routed(WebRequest request) {
    Matcher path = PATH.matcher(request.path());
    if (!path.matches()) {
      return Messages.nothing("");
    }
    if (!request.get() && !request.method().equals("POST")) {
      return Messages.nothing("", 405).header("Allow", "GET, HEAD, POST");
    }
    String kind = path.group(1) == null ? path.group(3) : path.group(1);
    String rest = path.group(2) == null ? path.group(4) : path.group(2);
    return switch (kind) {
      case "l" -> link(request, rest);
      case "r" -> returned(request, rest);
      case "c" -> claim(request, rest, path.group(5));
      case "s" -> service(request, rest);
      case "n" -> subscribed(request, rest);
      default -> order(request, rest);
    };
  }

  private Optional<Place> place(String dealer) {
    if (!DEALER.matcher(dealer).matches()) {
      return Optional.empty();
    }
    long id = Long.parseLong(dealer, 36);
    if (id < 1 || id > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    try {
      Tenant tenant = tenants.byId((int) id);
      return links
          .address(tenant)
          .map(
              address ->
                  new Place(
                      tenant, address, settings.apply(tenant).dealerName().orElse(tenant.code())));
    } catch (NotFoundException nobody) {
      return Optional.empty();
    }
  }

  // Sign-in

  private Optional<WebIdentity> identity(Tenant tenant, String account) {
    return accounts.of(tenant.code()).stream()
        .filter(one -> one.key().equals(account))
        .findFirst()
        .flatMap(one -> one.capability(WebIdentity.class));
  }

  /** Sends somebody to the platform's sign-in, or says how to get there. */
  private WebResponse signedIn(WebRequest request, Place at, Target target, String self) {
    Optional<WebIdentity> identity = identity(at.tenant(), target.account());
    if (identity.isEmpty()) {
      return Messages.unable(at.name());
    }
    if (!identity.get().insideApp(request.header("user-agent").orElse(""))) {
      return Messages.outside(at.name(), new QrCode(self));
    }
    return signIn.start(at.tenant(), at.address(), identity.get(), target);
  }

  private WebResponse returned(WebRequest request, String dealer) {
    Optional<Place> found = place(dealer);
    if (found.isEmpty() || !request.method().equals("GET") || ahead(request)) {
      return Messages.nothing("");
    }
    Place at = found.get();
    String state = request.query().getOrDefault("state", "");
    Optional<Target> target = signIn.target(at.tenant(), request, state);
    if (target.isEmpty()) {
      return Messages.startAgain(at.name(), null);
    }
    String again = self(at, target.get());
    String code = request.query().getOrDefault("code", "");
    Optional<WebIdentity> identity = identity(at.tenant(), target.get().account());
    if (identity.isEmpty()) {
      return Messages.unable(at.name());
    }
    if (!door.firstUse(at.tenant(), state)) {
      return repeated(request, at, target.get(), again);
    }
    if (code.isEmpty()) {
      return Messages.startAgain(at.name(), again);
    }
    Visitor visitor;
    try {
      visitor = identity.get().identify(code);
    } catch (ChannelException down) {
      LOG.warn("laoke.web: nobody could be signed in: {}", down.getMessage());
      return Messages.busy(at.name(), again);
    }
    if (visitor instanceof Visitor.Known known) {
      Visit visit = signIn.visit(at.tenant(), target.get().account(), known.openid());
      return signIn.signedIn(at.tenant(), at.address(), arrived(at, target.get(), visit), visit);
    }
    return visitor instanceof Visitor.Snapshot
        ? Messages.snapshot(at.name(), again)
        : Messages.startAgain(at.name(), again);
  }

  /** Whether a browser looks ahead at a page that nobody has asked for yet. */
  private static boolean ahead(WebRequest request) {
    return request
        .header("sec-purpose")
        .or(() -> request.header("purpose"))
        .filter(purpose -> purpose.contains("prefetch") || purpose.contains("prerender"))
        .isPresent();
  }

  /** A page that was loaded anew after sign-in: shows how things are, and changes nothing. */
  private WebResponse repeated(WebRequest request, Place at, Target target, String again) {
    Optional<Visit> visit = signIn.visit(at.tenant(), request, target.account());
    Optional<WebResponse> form = visit.flatMap(who -> form(at, target, who));
    if (form.isPresent()) {
      return form.get();
    }
    String token = target.link();
    return visit
        .flatMap(
            who ->
                door.look(at.tenant(), token == null ? "" : token, who.account(), who.openid())
                    .map(seen -> outcome(at, who, seen.orderNo(), seen.outcome())))
        .orElseGet(() -> Messages.startAgain(at.name(), again));
  }

  private WebResponse arrived(Place at, Target target, Visit visit) {
    return form(at, target, visit)
        .or(
            () ->
                Optional.ofNullable(target.link())
                    .flatMap(
                        token -> door.arrive(at.tenant(), token, visit.account(), visit.openid()))
                    .map(came -> outcome(at, visit, came.orderNo(), came.outcome())))
        .orElseGet(() -> Messages.noLink(at.name()));
  }

  /** The form that somebody came for; empty for a link. */
  private Optional<WebResponse> form(Place at, Target target, Visit visit) {
    if (target.byPhone()) {
      return Optional.of(phoneForm(at, visit).ask("", null));
    }
    return target.link() == null ? Optional.of(claimForm(at, visit, "", null)) : Optional.empty();
  }

  private WebResponse claimForm(Place at, Visit visit, String orderNo, @Nullable String problem) {
    String self = self(at, new Target(visit.account(), null));
    String byPhone =
        door.phoneCodes(at.tenant()) ? self(at, Target.byPhone(visit.account())) : null;
    return ClaimForm.page(at.name(), self, byPhone, at.tenant(), visit, orderNo, problem);
  }

  private PhoneForm phoneForm(Place at, Visit visit) {
    return new PhoneForm(
        at.name(),
        self(at, Target.byPhone(visit.account())),
        self(at, new Target(visit.account(), null)),
        at.tenant(),
        visit);
  }

  private String self(Place at, Target target) {
    String token = target.link();
    if (token != null && !target.byPhone()) {
      return at.address() + WebAddress.LINK + WebAddress.dealer(at.tenant()) + "-" + token;
    }
    String form =
        WebAddress.claim(
                Optional.of(at.address()), at.tenant(), named(at.tenant(), target.account()))
            .orElseThrow();
    return target.byPhone() ? form + BY_PHONE : form;
  }

  private Optional<String> named(Tenant tenant, String account) {
    return accounts.standard(tenant.code()).map(Account::key).filter(account::equals).isPresent()
        ? Optional.empty()
        : Optional.of(account);
  }

  // Paper links

  private WebResponse link(WebRequest request, String rest) {
    Matcher parts = LINK.matcher(rest);
    Optional<Place> found = parts.matches() ? place(parts.group(1)) : Optional.empty();
    if (found.isEmpty() || !request.get()) {
      return Messages.noLink("");
    }
    Place at = found.get();
    String token = parts.group(2);
    Optional<PaperLink> link = door.link(at.tenant(), token);
    if (link.isEmpty()) {
      return Messages.noLink(at.name());
    }
    Target target = new Target(link.get().account(), token);
    return signedIn(request, at, target, self(at, target));
  }

  private WebResponse outcome(Place at, Visit visit, String orderNo, ScanOutcome outcome) {
    boolean theirs =
        outcome instanceof ScanOutcome.Bound
            || outcome instanceof ScanOutcome.AlreadyYours
            || outcome instanceof ScanOutcome.AlsoReceiving;
    if (!theirs) {
      return Messages.refused(at.name(), outcome);
    }
    Optional<Seen> seen = door.recipient(at.tenant(), orderNo, visit.account(), visit.openid());
    boolean follows = seen.map(Seen::follows).orElse(false);
    Html page = new Html();
    Messages.welcome(page, outcome);
    if (!follows) {
      follow(page, at, orderNo, visit.account());
    }
    seen.flatMap(one -> links.order(at.tenant(), one.orderId(), one.id(), business.instant()))
        .ifPresent(
            address ->
                page.raw("<section class=\"actions\">")
                    .link(address, follows ? "button main" : "button", "查看订单详情")
                    .raw("</section>"));
    return page.page(200, "订单绑定", at.name());
  }

  /** A fresh code of the order, made now if the old one is over. */
  private void follow(Html page, Place at, String orderNo, String account) {
    page.raw("<section class=\"message\"><h1>还差一步：关注公众号</h1>");
    try {
      QrCode code =
          bindings
              .apply(at.tenant())
              .issue(orderNo, IssueOptions.standard().account(account).by("paper link"))
              .qrCode();
      page.element("p", "dim", "关注后才能收到发货、送货、安装的通知。长按识别下面的二维码：")
          .code(code.png(QrOptions.standard().withSize(480).withQuietZone(2)), "关注公众号的二维码")
          .element("p", "dim", "已经关注的话，识别一次即可，不会重复绑定。");
    } catch (CodeUnavailableException | ConflictException | NotFoundException none) {
      LOG.warn("laoke.web: no code to follow can be shown: {}", none.getMessage());
      page.element("p", "dim", "关注后才能收到通知。二维码暂时无法显示，请稍后重新打开本页，或在微信里搜索并关注我们的公众号。");
    }
    page.raw("</section>");
  }

  // Claims

  private WebResponse claim(WebRequest request, String dealer, @Nullable String accountKey) {
    Optional<Place> found = place(dealer);
    if (found.isEmpty() || !door.claims(found.get().tenant())) {
      return Messages.nothing("");
    }
    Place at = found.get();
    Optional<String> account = account(at.tenant(), accountKey);
    if (account.isEmpty()) {
      return Messages.nothing(at.name());
    }
    boolean byPhone =
        request.query().getOrDefault("by", "").equals("phone") && door.phoneCodes(at.tenant());
    Target target = byPhone ? Target.byPhone(account.get()) : new Target(account.get(), null);
    String self = self(at, target);
    Optional<Visit> visit = signIn.visit(at.tenant(), request, account.get());
    if (visit.isEmpty()) {
      return request.get()
          ? signedIn(request, at, target, self)
          : Messages.startAgain(at.name(), self);
    }
    if (request.get()) {
      return form(at, target, visit.get()).orElseThrow();
    }
    if (foreign(request, at)
        || !WebSeal.same(
            request.form().getOrDefault("token", ""), SignIn.formToken(at.tenant(), visit.get()))) {
      return Messages.startAgain(at.name(), self);
    }
    return byPhone ? phoned(request, at, visit.get()) : claimed(request, at, visit.get());
  }

  /** Somebody has given a phone, or the code that was sent to it. */
  private WebResponse phoned(WebRequest request, Place at, Visit visit) {
    PhoneForm form = phoneForm(at, visit);
    Map<String, String> given = request.form();
    Optional<Phone> phone = PhoneForm.phone(given);
    if (phone.isEmpty()) {
      return form.ask(PhoneForm.written(given), "请填写下单时留的 11 位手机号。");
    }
    Bindings own = bindings.apply(at.tenant());
    if (!given.getOrDefault("do", "").equals("code")) {
      PhoneCode sent = own.sendPhoneCode(visit.account(), visit.openid(), phone.get().value());
      if (sent instanceof PhoneCode.Unable unable) {
        LOG.warn("laoke.web: no code can be sent to a phone: {}", unable.why());
      }
      return form.sent(phone.get(), sent);
    }
    Optional<String> code = PhoneForm.code(given);
    if (code.isEmpty()) {
      return form.askCode(phone.get(), "验证码在短信里，5 分钟内有效。", "请填写 6 位数字的验证码。");
    }
    int years = door.phoneClaimYears(at.tenant());
    PhoneClaim came = own.claimByPhone(visit.account(), visit.openid(), code.get(), years);
    return came instanceof PhoneClaim.Proven proven
        ? proven(at, visit, form, proven, years)
        : form.refused(phone.get(), came);
  }

  private WebResponse proven(
      Place at, Visit visit, PhoneForm form, PhoneClaim.Proven proven, int years) {
    Map<String, Seen> seen = new HashMap<>();
    for (OrderGlance order : PhoneForm.theirs(proven)) {
      door.recipient(at.tenant(), order.orderNo(), visit.account(), visit.openid())
          .ifPresent(one -> seen.put(order.orderNo(), one));
    }
    Html page =
        form.proven(
            proven,
            years,
            orderNo ->
                Optional.ofNullable(seen.get(orderNo))
                    .flatMap(
                        one ->
                            links.order(at.tenant(), one.orderId(), one.id(), business.instant())));
    if (!seen.isEmpty() && seen.values().stream().noneMatch(Seen::follows)) {
      follow(page, at, PhoneForm.theirs(proven).get(0).orderNo(), visit.account());
    }
    return form.page(page);
  }

  private Optional<String> account(Tenant tenant, @Nullable String key) {
    List<String> keys = accounts.of(tenant.code()).stream().map(Account::key).toList();
    if (key == null) {
      return accounts.standard(tenant.code()).map(Account::key);
    }
    try {
      String plain = URLDecoder.decode(key, StandardCharsets.UTF_8);
      return keys.stream().filter(plain::equals).findFirst();
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private WebResponse claimed(WebRequest request, Place at, Visit visit) {
    ClaimForm.Given given = ClaimForm.read(request.form());
    if (given.problem() != null) {
      return claimForm(at, visit, given.orderNo(), given.problem());
    }
    ClaimOutcome outcome;
    try {
      outcome =
          door.claim(
              at.tenant(), visit.account(), visit.openid(), given.orderNo(), given.lastFour());
    } catch (InvalidInputException impossible) {
      outcome = new ClaimOutcome.NoMatch();
    }
    String problem = ClaimForm.problem(outcome);
    return problem != null
        ? claimForm(at, visit, given.orderNo(), problem)
        : outcome(at, visit, ClaimForm.orderNo(outcome), ClaimForm.asScan(outcome));
  }

  // Order pages

  private record Opened(Place at, Seen seen, String path) {}

  private WebResponse order(WebRequest request, String rest) {
    Optional<Opened> opened = opened(rest);
    if (opened.isEmpty()) {
      return Messages.over("");
    }
    Opened page = opened.get();
    String agent = request.header("user-agent").orElse("");
    if (request.get()) {
      return shown(page, agent, 200, null);
    }
    if (foreign(request, page.at())
        || !WebSeal.same(request.form().getOrDefault("token", ""), token(page))) {
      return shown(page, agent, 403, "页面已过期，请再试一次。");
    }
    return acted(page, agent, request.form().getOrDefault("do", ""));
  }

  private Optional<Opened> opened(String rest) {
    Matcher parts = ORDER.matcher(rest);
    if (!parts.matches()) {
      return Optional.empty();
    }
    Optional<Place> found = place(parts.group(1));
    long recipientId;
    try {
      recipientId = Long.parseLong(parts.group(2), 36);
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
    long end = Long.parseLong(parts.group(3), 36);
    return found
        .flatMap(
            at ->
                door.recipient(at.tenant(), recipientId)
                    .map(
                        seen ->
                            new Opened(
                                at,
                                seen,
                                at.address()
                                    + PageLinks.order(
                                        at.tenant(), seen.orderId(), recipientId, end))))
        .filter(
            page ->
                WebSeal.same(
                    PageLinks.mark(page.at().tenant(), page.seen().orderId(), recipientId, end),
                    parts.group(4)))
        .filter(page -> business.instant().getEpochSecond() < end)
        .filter(page -> page.seen().state() != RecipientState.UNBOUND);
  }

  private static String token(Opened page) {
    return WebSeal.mark(page.at().tenant(), "order-form", page.path());
  }

  /** Whether another site's page made the browser send this. */
  private static boolean foreign(WebRequest request, Place at) {
    Optional<String> site = request.header("sec-fetch-site");
    if (site.isPresent()) {
      return !site.get().equals("same-origin") && !site.get().equals("none");
    }
    URI own = URI.create(at.address());
    String origin = own.getScheme() + "://" + own.getRawAuthority();
    return request
        .header("origin")
        .filter(from -> !from.equals("null") && !from.equalsIgnoreCase(origin))
        .isPresent();
  }

  private WebResponse acted(Opened page, String agent, String what) {
    Bindings own = bindings.apply(page.at().tenant());
    String orderNo = page.seen().orderNo();
    long id = page.seen().id();
    try {
      return switch (what) {
        case "stop" -> {
          own.stopNotices(orderNo, id, CUSTOMER, "on the order page");
          yield Html.redirect(page.path());
        }
        case "resume" -> {
          own.resumeNotices(orderNo, id, CUSTOMER, "on the order page");
          yield Html.redirect(page.path());
        }
        case "yes" -> {
          ScanOutcome outcome = own.confirm(orderNo, id);
          yield outcome instanceof ScanOutcome.Bound
                  || outcome instanceof ScanOutcome.AlsoReceiving
                  || outcome instanceof ScanOutcome.AlreadyYours
              ? Html.redirect(page.path())
              : Messages.refused(page.at().name(), outcome);
        }
        case "leave" -> Messages.leaving(page.at().name(), orderNo, page.path(), token(page));
        case "left" -> {
          own.unbind(orderNo, id, CUSTOMER, "not my order, on the order page");
          yield Messages.left(page.at().name(), orderNo);
        }
        default -> shown(page, agent, 400, "没有这个操作。");
      };
    } catch (NotFoundException gone) {
      return Messages.over(page.at().name());
    }
  }

  private WebResponse shown(Opened page, String agent, int status, @Nullable String problem) {
    Tenant tenant = page.at().tenant();
    Optional<OrderView> view =
        database.read(
            "read an order's page",
            tx -> {
              Optional<OrderDetail> order = orders.find(tx, tenant, page.seen().orderId());
              return order.map(
                  one ->
                      new OrderView(
                          tenant,
                          one,
                          orders.stages(tx, tenant, one.id()),
                          one.storeCode()
                              .map(code -> catalog.storeName(tx, tenant, code).orElse(code))));
            });
    if (view.isEmpty()) {
      return Messages.over(page.at().name());
    }
    Html html = new Html();
    if (problem != null) {
      html.element("p", "note", problem);
    }
    view.get().hero(html);
    offer(html, page);
    view.get().visit(html);
    view.get().timeline(html);
    view.get().lines(html);
    view.get().places(html);
    subscription(html, page, agent);
    actions(html, page);
    return html.page(status, "订单 " + page.seen().orderNo(), page.at().name());
  }

  private static void offer(Html html, Opened page) {
    if (page.seen().state() == RecipientState.OFFERED) {
      html.raw("<section><h2>这是您的订单吗？</h2><div class=\"actions\">")
          .button(page.path(), fields(page, "yes"), "main", "是我的，接收进度通知")
          .button(page.path(), fields(page, "leave"), "danger", "不是我的订单")
          .raw("</div></section>\n");
    }
  }

  private static void actions(Html html, Opened page) {
    RecipientState state = page.seen().state();
    if (state == RecipientState.OFFERED) {
      return;
    }
    html.raw("<section><div class=\"actions\">");
    if (state == RecipientState.STOPPED) {
      html.element("p", "note", "您已停止接收本单的通知。")
          .button(page.path(), fields(page, "resume"), "main", "恢复通知");
    } else {
      html.button(page.path(), fields(page, "stop"), "", "停止通知");
    }
    html.button(page.path(), fields(page, "leave"), "danger", "不是我的订单").raw("</div></section>");
  }

  private static Map<String, String> fields(Opened page, String what) {
    return Map.of("do", what, "token", token(page));
  }

  // Answers to services that are due

  /** The address is known to nobody but whom it was sent; looking at it answers nothing. */
  private WebResponse service(WebRequest request, String token) {
    int end = token.indexOf('-');
    Optional<Place> found = end < 0 ? Optional.empty() : place(token.substring(0, end));
    if (found.isEmpty()) {
      return Messages.noLink("");
    }
    Place at = found.get();
    String self = at.address() + "/s/" + token;
    if (request.get() || foreign(request, at)) {
      return ServicePage.of(services.look(at.tenant(), token), self, at.name());
    }
    ServiceDesk.View view = services.act(at.tenant(), token, request.form());
    return view.kind() == ServiceDesk.Kind.UNKNOWN || view.problem().isPresent()
        ? ServicePage.of(view, self, at.name())
        : Html.redirect(self);
  }

  // One-time subscriptions

  private void subscription(Html html, Opened page, String agent) {
    Instant now = business.instant();
    subscriptions
        .offer(page.at().tenant(), page.at().address(), page.seen(), agent, now)
        .ifPresent(
            offer -> {
              html.raw("<section><h2>保养提醒</h2><div class=\"actions\">");
              if (offer instanceof SubscriptionAsk.Offer.Ask ask) {
                html.link(ask.address(), "button", "到期时微信提醒我一次");
              } else {
                html.element("p", "note good", "已开启：下次服务到期时，微信提醒您一次。");
              }
              html.raw("</div></section>\n");
            });
  }

  /** Comes from the platform's own question, as sign-in does; the same answer twice is one. */
  private WebResponse subscribed(WebRequest request, String dealer) {
    Optional<Place> found = place(dealer);
    if (found.isEmpty() || !request.method().equals("GET") || ahead(request)) {
      return Messages.nothing("");
    }
    Place at = found.get();
    SubscriptionAsk.Came came =
        subscriptions.came(at.tenant(), request.query(), business.instant());
    if (came.answer() == SubscriptionAsk.Answer.STRANGE) {
      LOG.info(
          "laoke.web: an answer to a subscription question is none of ours, or too late; it has {}",
          SubscriptionAsk.NAMES.stream().filter(request.query()::containsKey).toList());
    }
    Optional<String> back =
        came.seen()
            .flatMap(
                seen -> links.order(at.tenant(), seen.orderId(), seen.id(), business.instant()));
    return Messages.subscription(at.name(), came.answer(), back);
  }
}
