package io.laoke.loop;

import io.laoke.Dealer;
import io.laoke.binding.Bindings;
import io.laoke.imports.ImportFact;
import io.laoke.inbox.InboxFact;
import io.laoke.member.Attribute;
import io.laoke.member.Consent;
import io.laoke.member.IdentityKind;
import io.laoke.member.Member;
import io.laoke.member.MemberProfile;
import io.laoke.member.Members;
import io.laoke.member.Merge;
import io.laoke.message.Deliveries;
import io.laoke.message.Delivery;
import io.laoke.message.Purpose;
import io.laoke.notice.WebRequest;
import io.laoke.notice.WebResponse;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.simulator.Follower;
import io.laoke.wechat.CallbackRequest;
import io.laoke.wechat.OfficialAccount;
import io.laoke.wechat.WeChatCallback;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second half of a {@link TraceRun}: somebody comes by the pages, is imported and fed by rows
 * of table inbox, is merged and split, exported and erased; each well and badly.
 */
final class TracePeople {
  static final String ADDRESS = "https://m.example.cn/laoke";
  static final String NAME = "司马若兰";
  static final String PHONE = "13612340987";
  static final String STREET = "龙井路九曲弄77号";
  private static final Logger HOST = LoggerFactory.getLogger("erp");
  private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");

  private final Branch shop;
  private final Dealer dealer;
  private final Follower person;
  private final Consumer<TraceRun.Call> bad;
  private final List<String> secret = new ArrayList<>();
  private int pages;
  private String cookies = "";

  TracePeople(Branch shop, Consumer<TraceRun.Call> bad) {
    this.shop = shop;
    this.dealer = shop.dealer;
    this.person = shop.account.follower("家人");
    this.bad = bad;
  }

  /** Does it all; gives what must not be shown, always as many. */
  List<String> run() throws Exception {
    secret.add(person.openId());
    shop.account.addWebDomain("m.example.cn");
    byPaperLink();
    byForm();
    byClaim();
    imported();
    fed();
    platform();
    pushes();
    shopCode();
    again();
    mergedAndErased();
    return secret;
  }

  private static Order order(String orderNo) {
    return Order.of(orderNo, Instant.now())
        .buyer(Buyer.of("KH-5", NAME, PHONE))
        .place(Place.of("浙江/杭州", STREET, NAME, PHONE))
        .line(OrderLine.goods("1", "kitchen/hood", 1, "2999.00").name("油烟机"));
  }

  // ---- pages

  private void byPaperLink() {
    dealer.orders().upsert(order("SO-50"));
    dealer
        .orders()
        .advance("SO-50", StageReport.of(Stage.SHIPPED, Instant.now()).text("送到" + STREET));
    String link = dealer.bindings().issue("SO-50").link();
    secret.add(link.substring(link.lastIndexOf('/') + 1));
    WebResponse sent = open("GET", link, "");
    String back = person.signIn(sent.headers().get("Location").get(0));
    Matcher code = CODE.matcher(back);
    if (!code.find()) {
      throw new IllegalStateException("no code");
    }
    secret.add(code.group(1));
    shop.wechat
        .faults()
        .onCall("/sns/oauth2/access_token")
        .answer(40163, "code " + code.group(1) + " of " + person.openId());
    open("GET", back, "");
    String bound = body(open("GET", back(link), ""));
    if (!bound.contains("绑定成功")) {
      throw new IllegalStateException("not bound by the paper link");
    }
    String address = orderPage(bound);
    String token = formToken(body(open("GET", address, "")));
    open("GET", address + "x", "");
    for (String what : List.of("stop", "resume", "yes", "leave", NAME)) {
      press(address, token, what);
    }
    press(address, PHONE, "stop");
    person.snapshots(true);
    open("GET", back(link), "");
    person.snapshots(false);
    open("GET", ADDRESS + "/l/1-" + PHONE, "");
    open("GET", ADDRESS + "/r/1?state=" + NAME + "&code=" + PHONE, "");
    open("POST", ADDRESS + "/c/1", "order=SO-50&digits=" + PHONE);
    HOST.info("{}", WebRequest.of("GET", "/l/" + PHONE, "a=" + PHONE, Map.of(), new byte[0]));
  }

  /** The address of an order's page that this one leads to. */
  private String orderPage(String page) {
    Matcher link = Pattern.compile("href=\"([^\"]*/o/([^\"]*))\"").matcher(page);
    if (!link.find()) {
      throw new IllegalStateException("no order page");
    }
    secret.add(link.group(2));
    return link.group(1).replace("&amp;", "&");
  }

  private String formToken(String page) {
    Matcher token = Pattern.compile("name=\"token\" value=\"([^\"]+)\"").matcher(page);
    if (!token.find()) {
      throw new IllegalStateException("no form");
    }
    secret.add(token.group(1));
    return token.group(1);
  }

  private void press(String address, String token, String what) {
    open("POST", address, "token=%s&do=%s".formatted(encoded(token), encoded(what)));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** Who came by a paper link is signed in. */
  private void byForm() {
    dealer.orders().upsert(order("SO-57"));
    String form = ADDRESS + "/c/1";
    String token = formToken(body(open("GET", form, "")));
    fill(form, token, "SO-57", PHONE);
    fill(form, token, NAME, "0000");
    String bound = body(fill(form, token, "SO-57", PHONE.substring(7)));
    String address = orderPage(bound);
    press(address, formToken(body(open("GET", address, ""))), "left");
    open("GET", address, "");
  }

  private WebResponse fill(String form, String token, String orderNo, String lastFour) {
    return open(
        "POST",
        form,
        "token=%s&orderNo=%s&lastFour=%s"
            .formatted(encoded(token), encoded(orderNo), encoded(lastFour)));
  }

  private String back(String link) {
    return person.signIn(open("GET", link, "").headers().get("Location").get(0));
  }

  private WebResponse open(String method, String address, String body) {
    URI uri = URI.create(address.replace(NAME, "%E5%8F%B8"));
    WebResponse answer =
        shop.laoke
            .web()
            .handle(
                WebRequest.of(
                    method,
                    uri.getRawPath(),
                    uri.getRawQuery(),
                    Map.of(
                        "User-Agent",
                        List.of("Mozilla/5.0 (iPhone) MicroMessenger/8.0.50"),
                        "Content-Type",
                        List.of("application/x-www-form-urlencoded"),
                        "Cookie",
                        List.of(cookies)),
                    body.getBytes(StandardCharsets.UTF_8)));
    for (String cookie : answer.headers().getOrDefault("Set-Cookie", List.of())) {
      cookies = cookie.substring(0, cookie.indexOf(';')) + "; " + cookies;
    }
    pages++;
    HOST.info("{}", answer);
    return answer;
  }

  private static String body(WebResponse answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private void byClaim() {
    dealer.orders().upsert(order("SO-51"));
    person.follow();
    person.say("绑定 SO-51 " + PHONE.substring(7));
    person.say("绑定 SO-51 " + PHONE);
    person.click(Bindings.CLAIM_MENU_KEY);
    String account = Branch.SPEC.appId();
    bad.accept(
        () -> dealer.bindings().claim(account, person.openId(), "SO-51", PHONE.substring(7)));
    bad.accept(() -> dealer.bindings().claim(account, person.openId(), "SO-51", PHONE));
    bad.accept(() -> dealer.bindings().claim(account, person.openId(), NAME + "\u0001", "0000"));
    for (int i = 0; i < 6; i++) {
      bad.accept(() -> dealer.bindings().claim(account, person.openId(), "SO-51", "0000"));
    }
  }

  // ---- facts in bulk

  private void imported() {
    List<ImportFact> facts =
        List.of(
            ImportFact.member(MemberProfile.of("KH-5").withName(NAME).withPhones(PHONE)),
            ImportFact.order(order("OLD-1")),
            ImportFact.stage(
                "OLD-1",
                StageReport.of(Stage.DELIVERED, Instant.now())
                    .text(NAME + " " + PHONE)
                    .technician(NAME)),
            ImportFact.order(
                "OLD-2", () -> order("OLD-2").buyer(Buyer.of("KH-5", NAME, PHONE + "x"))),
            ImportFact.member("KH-6", () -> MemberProfile.of("KH-6").withName(NAME.repeat(99))));
    HOST.info("{}", facts);
    HOST.info("imported: {}", dealer.imports().run("history", facts.iterator()));
    HOST.info("{}", dealer.imports().refusals("history", 0, 100));
    try {
      dealer
          .imports()
          .run("broken", facts.stream().peek(fact -> ends(fact, facts.get(2))).iterator());
    } catch (IllegalStateException ends) {
      HOST.error("the import stopped", ends);
    }
  }

  private static void ends(ImportFact fact, ImportFact at) {
    if (fact == at) {
      throw new IllegalStateException("the file ends");
    }
  }

  private void fed() throws SQLException {
    row("MEMBER", "KH-5", "{\"name\": \"%s\", \"phones\": [\"%s\"]}".formatted(NAME, PHONE));
    row("MEMBER", PHONE, "{\"name\": [\"%s\"]}".formatted(NAME));
    row("ORDER", "SO-52", "{\"buyer\": {\"name\": \"%s\", \"%s\": 1}}".formatted(NAME, PHONE));
    row("ORDER", "SO-53", "{\"buyer\": {\"phone\": \"%sx\"}, %s".formatted(PHONE, STREET));
    row("STAGE", "SO-54", "{\"stage\": \"%s\"}".formatted(STREET));
    row("RETURN", "RT-1", "{\"customerNo\": \"KH-5\", \"at\": \"%s\"}".formatted(NAME));
    row("Orders", "SO-55", "{}");
    shop.tick();
    List<InboxFact> refused = dealer.inbox().page(InboxFact.State.BAD, 0, 100);
    HOST.info("facts refused: {} {}", refused.size(), refused);
    for (InboxFact fact : refused) {
      bad.accept(
          () -> {
            dealer
                .inbox()
                .correct(fact.id(), "{\"name\": [\"%s\"], \"%s\": 1}".formatted(NAME, PHONE));
            return "corrected";
          });
      bad.accept(
          () -> {
            dealer.inbox().drop(fact.id(), NAME.repeat(99));
            return "dropped";
          });
    }
  }

  private void row(String kind, String ref, String fact) throws SQLException {
    try (Connection connection = shop.database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO laoke_inbox (dealer, kind, ref, fact) VALUES ('hengxin', ?, ?, ?)")) {
      insert.setString(1, kind);
      insert.setString(2, ref);
      insert.setString(3, fact);
      insert.executeUpdate();
    }
  }

  // ---- the platform's lists

  private void platform() {
    try (OfficialAccount own = Shop.official(shop.account, shop.wechat.baseUrl())) {
      HOST.info("followers: {}", own.followers().all().count());
      HOST.info("{}", own.users().find(person.openId()));
      shop.wechat
          .faults()
          .onAnyCall()
          .times(3)
          .answer(40003, "invalid openid " + person.openId() + " tel " + PHONE);
      bad.accept(() -> own.users().find(person.openId()));
      bad.accept(() -> own.followers().after(person.openId()).toList());
      bad.accept(
          () -> own.customerService().text(person.openId(), NAME).toCompletableFuture().get());
      shop.wechat.faults().clear();
    }
  }

  /** The callback by its other doors. */
  private void pushes() {
    HOST.info("echoed: {}", shop.account.verifyCallback());
    shop.others =
        event -> {
          HOST.info("otherwise: {}", event);
          throw new IllegalStateException(event.openid() + " said " + event.body());
        };
    person.say("我叫" + NAME + "，" + PHONE);
    person.click("MENU_" + PHONE);
    shop.wechat.settle();
    try (OfficialAccount own = Shop.official(shop.account, shop.wechat.baseUrl())) {
      WeChatCallback callback = own.callback(shop.laoke.inbound());
      String forged =
          "signature=x&timestamp=%s&nonce=%s&echostr=%s".formatted(PHONE, person.openId(), PHONE);
      HOST.info("{}", callback.handle(CallbackRequest.of("GET", forged, new byte[0])));
      String said =
          """
          <xml><ToUserName>gh_0</ToUserName><FromUserName>%s</FromUserName>\
          <CreateTime>%d</CreateTime><MsgType>text</MsgType><Content>%s</Content><MsgId>4711</MsgId></xml>"""
              .formatted(person.openId(), Instant.now().getEpochSecond(), NAME + PHONE);
      HOST.info("accepted: {}", callback.accept(said).isPresent());
      bad.accept(() -> callback.accept(said.substring(9)));
    }
  }

  private void shopCode() {
    String account = Branch.SPEC.appId();
    bad.accept(() -> dealer.bindings().shopCode("没有"));
    shop.wechat.faults().onAnyCall().answer(45009, person.openId() + " tel " + PHONE);
    bad.accept(() -> dealer.bindings().shopCode("S1"));
    shop.wechat.faults().clear();
    person.scan(dealer.bindings().shopCode("S1").content());
    HOST.info("store of them: {}", dealer.bindings().storeOf(account, person.openId()));
  }

  /** What a person of the dealer has done once more. */
  private void again() throws SQLException {
    Deliveries deliveries = dealer.deliveries();
    for (Delivery failed : deliveries.failed(Optional.empty(), 100).items()) {
      deliveries.retry(failed.id());
      HOST.info("again: {}", failed);
    }
    bad.accept(
        () -> {
          deliveries.retry(4711);
          return "sent again";
        });
    Follower neighbour = shop.account.follower("邻居");
    secret.add(neighbour.openId());
    String code = dealer.bindings().issue("SO-51").qrCode().content();
    sql("ALTER TABLE laoke_binding_audit RENAME TO gone");
    neighbour.scan(code);
    for (int tries = 0; tries < 7; tries++) {
      shop.after(Duration.ofHours(1));
    }
    sql("ALTER TABLE gone RENAME TO laoke_binding_audit");
    for (Deliveries.FailedInbound fact : deliveries.failedInbound(Optional.empty(), 100).items()) {
      HOST.info("fact again: {}", fact);
      deliveries.retryInbound(fact.id());
    }
    bad.accept(
        () -> {
          deliveries.retryInbound(4711);
          return "processed";
        });
    shop.tick();
    HOST.info(
        "recipients after that: {}",
        dealer.bindings().recipient("SO-51", Branch.SPEC.appId(), neighbour.openId()).isPresent());
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection = shop.database.getConnection();
        Statement of = connection.createStatement()) {
      of.execute(statement);
    }
  }

  // ---- people

  private void mergedAndErased() {
    Members members = dealer.members();
    members.put(
        MemberProfile.of("KH-7")
            .withName(NAME)
            .withPhones(PHONE)
            .withAttribute("昵称", Attribute.of(NAME)));
    long one = members.find("KH-5").orElseThrow().id();
    Member two = members.find("KH-7").orElseThrow();
    HOST.info("{} {}", two, members.duplicates(0, 100));
    members.consent(one, Consent.refused(Purpose.CARE, "电话", Instant.now()));
    Merge merge = members.merge(one, two.id(), "店长", "都是" + NAME + PHONE);
    HOST.info("{} {}", merge, members.merges(one));
    HOST.info("{}", members.split(merge.id(), "店长", "不是" + NAME));
    members.merge(one, two.id(), "店长", "还是" + NAME);
    HOST.info("{} {}", members.identities(one), members.consents(one));
    HOST.info("{} {}", members.attributes(one), dealer.orders().consumption(one));
    HOST.info("exported: {}", members.export(one).contains(STREET));
    bad.accept(() -> members.merge(one, 4711, NAME, NAME.repeat(99)));
    bad.accept(() -> members.merge(one, 4711, NAME, PHONE));
    bad.accept(() -> members.split(4711, NAME, PHONE));
    bad.accept(() -> members.erase(4711, NAME, PHONE));
    bad.accept(() -> members.readmit(IdentityKind.PHONE, PHONE + "x", NAME));
    HOST.info("erased: {}", members.erase(one, "店长", "客户要求"));
    bad.accept(() -> members.export(one));
    bad.accept(() -> members.consent(one, Consent.refused(Purpose.CARE, "电话", Instant.now())));
    // They are reported, imported, fed and heard again.
    dealer.orders().upsert(order("SO-50"));
    dealer.orders().upsert(order("SO-56"));
    imported();
    person.say("我叫" + NAME);
    bad.accept(
        () ->
            dealer
                .bindings()
                .rebindTo("SO-50", Branch.SPEC.appId(), person.openId(), NAME, "说是" + NAME));
    shop.tick();
    HOST.info("readmitted: {}", members.readmit(IdentityKind.PHONE, PHONE, NAME));
    String account = Branch.SPEC.appId();
    bad.accept(() -> members.readmitOpenid(account, person.openId().repeat(9), NAME));
    HOST.info("and by openid: {}", members.readmitOpenid(account, person.openId(), NAME));
    bad.accept(() -> members.declareWalkIn(NAME + "\u0001" + PHONE));
    HOST.info("walk-in: {} {}", members.declareWalkIn("KH-8"), members.withdrawWalkIn("KH-8"));
    HOST.info("resealed: {}", shop.laoke.reseal(report -> HOST.info("{}", report)));
    HOST.info("{} pages were opened", pages);
  }
}
