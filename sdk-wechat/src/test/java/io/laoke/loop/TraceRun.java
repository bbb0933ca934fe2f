package io.laoke.loop;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.base.Phone;
import io.laoke.catalog.Staff;
import io.laoke.catalog.Store;
import io.laoke.error.LaokeException;
import io.laoke.member.MemberProfile;
import io.laoke.message.Inbound;
import io.laoke.notice.NoticeSettings;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.simulator.Follower;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything once, well and badly, in a process whose loggers are at TRACE. As a host would, it
 * logs what Laoke throws and what it returns.
 */
final class TraceRun {
  static final String NAME = "欧阳静怡";
  static final String PHONE = "13912345678";
  static final String STREET = "紫金港路866号7幢302室";
  static final String STAFF_PHONE = "13987654321";
  private static final Logger HOST = LoggerFactory.getLogger("erp");

  private final Branch shop;
  private final Dealer dealer;
  private int refused;

  private TraceRun(Branch shop) {
    this.shop = shop;
    this.dealer = shop.dealer;
  }

  /**
   * Runs on each database.
   *
   * @param args where to write what must not be shown, a line each; then URLs of databases
   */
  public static void main(String[] args) throws Exception {
    List<String> secret =
        new ArrayList<>(
            List.of(
                NAME,
                PHONE,
                STREET,
                STAFF_PHONE,
                TracePeople.NAME,
                TracePeople.PHONE,
                TracePeople.STREET,
                Branch.SPEC.secret(),
                Branch.SPEC.token(),
                Branch.SPEC.encodingAesKey()));
    for (String url : List.of(args).subList(1, args.length)) {
      HikariConfig config = Branch.pool();
      config.setJdbcUrl(url);
      try (Branch shop =
          new Branch(
              new HikariDataSource(config),
              Clock.systemUTC(),
              DealerSettings.defaults()
                  .notices(NoticeSettings.standard().withNewestOnly(false).withoutNight())
                  .webAddress(TracePeople.ADDRESS))) {
        secret.addAll(new TraceRun(shop).run());
      }
    }
    Files.write(Path.of(args[0]), secret);
    System.exit(0);
  }

  private List<String> run() throws Exception {
    Follower customer = shop.account.follower("顾客");
    Follower stranger = shop.account.follower("路人");
    Follower clerk = shop.account.follower("店员");
    String token = token();
    master(clerk);
    dealer.orders().upsert(order("SO-1"));
    String code = dealer.bindings().issue("SO-1").qrCode().content();
    customer.scan(code);
    clerk.follow();
    clerk.scan(code);
    stranger.follow();
    stranger.say("我叫" + NAME + "，电话" + PHONE + "，住" + STREET);
    stranger.click("MENU_" + PHONE);
    customer.say(PHONE);
    delivered(customer, token);
    List<String> more = new TracePeople(shop, this::bad).run();
    badInput(customer.openId());
    outages(customer);
    customer.unfollow();
    customer.follow();
    shop.tick();
    HOST.info("{} {} {}", dealer, shop.laoke, dealer.bindings().recipients("SO-1"));
    HOST.info("{}", dealer.bindings().audit("SO-1"));
    HOST.info("{}", dealer.deliveries().decisions("SO-1"));
    HOST.info("{}", dealer.deliveries().failed(Optional.empty(), 100));
    HOST.info("{}", dealer.orders().find("SO-1"));
    HOST.info("{}", dealer.members().find("C-1"));
    HOST.info("{}", dealer.members().page(0, 100));
    HOST.info("{}", dealer.catalog().staff());
    HOST.info("refused calls: {}", refused);
    List<String> secret = new ArrayList<>(more);
    secret.addAll(List.of(customer.openId(), stranger.openId(), clerk.openId(), token));
    return secret;
  }

  private void master(Follower clerk) {
    dealer.catalog().put(Store.of("S1", "旗舰店").withPhones("057188886666"));
    dealer.catalog().put(Staff.of("E1", NAME).withPhone(STAFF_PHONE).withStore("S1"));
    dealer.catalog().linkStaff("E1", Branch.SPEC.appId(), clerk.openId());
    dealer.members().put(MemberProfile.of("C-9").withName(NAME).withPhones(PHONE));
    HOST.info("{} {}", MemberProfile.of("C-9").withName(NAME).withPhones(PHONE), Phone.of(PHONE));
    HOST.info("{}", order("SO-1"));
  }

  private static Order order(String orderNo) {
    return Order.of(orderNo, Instant.now())
        .store("S1")
        .buyer(Buyer.of("C-1", NAME, PHONE))
        .place(Place.of("浙江/杭州/西湖区", STREET, NAME, PHONE))
        .line(OrderLine.goods("1", "kitchen/hood", 1, "2999.00").name("侧吸式油烟机"));
  }

  private void delivered(Follower customer, String token) {
    String said = "refused " + customer.openId() + " with " + token;
    shop.wechat.faults().onCall(Shop.SEND).answer(-1, said);
    shop.wechat.faults().onCall(Shop.SEND).acceptThenReset();
    shop.wechat.faults().onCall(Shop.SEND).answer(47003, said);
    shop.wechat.faults().onCall(Shop.SEND).answer(49999, said);
    shop.wechat.faults().onAnyCallback().twice();
    for (Stage stage : Shop.STAGES) {
      dealer
          .orders()
          .advance(
              "SO-1",
              StageReport.of(stage, Instant.now())
                  .text(NAME + " " + PHONE)
                  .technician(NAME)
                  .detail("phone", STAFF_PHONE));
    }
    shop.tick();
    shop.after(Duration.ofMinutes(3));
    shop.after(Duration.ofMinutes(3));
    shop.wechat.settle();
    shop.tick();
  }

  private void outages(Follower customer) throws SQLException {
    shop.account.secret("another");
    shop.account.voidTokens();
    dealer.orders().upsert(order("SO-2"));
    customer.scan(refusedOr("", () -> dealer.bindings().issue("SO-2").qrCode().content()));
    dealer.orders().advance("SO-2", StageReport.of(Stage.SHIPPED, Instant.now()));
    shop.tick();
    shop.account.secret(Branch.SPEC.secret());
    shop.after(Duration.ofMinutes(6));
    shop.withoutWeChat();
    bad(() -> dealer.bindings().issue("SO-2").qrCode());
    shop.withWeChat(List.of(customer));
    // Tables that are not as Laoke left them: the drivers' messages quote whole rows.
    sql("ALTER TABLE laoke_customer_order RENAME TO gone");
    bad(() -> dealer.orders().upsert(order("SO-3")));
    bad(() -> dealer.orders().find("SO-1"));
    customer.say("怎么还没到？我的电话是" + PHONE);
    sql("ALTER TABLE gone RENAME TO laoke_customer_order");
    sql("ALTER TABLE laoke_place ADD CONSTRAINT none CHECK (dealer_id < 0 OR id < 0)", true);
    bad(
        () ->
            dealer
                .orders()
                .upsert(
                    Order.of("SO-4", Instant.now())
                        .buyer(Buyer.of("C-4", NAME, PHONE))
                        .place(Place.of("浙江", STREET + "旁", NAME, PHONE))));
    sql("ALTER TABLE laoke_identity ADD CONSTRAINT nobody CHECK (dealer_id < 0)", true);
    bad(() -> dealer.members().put(MemberProfile.of("C-5").withName(NAME).withPhones(PHONE)));
  }

  private void sql(String statement) throws SQLException {
    sql(statement, false);
  }

  private void sql(String statement, boolean notForOldRows) throws SQLException {
    try (Connection connection = shop.database.getConnection();
        Statement of = connection.createStatement()) {
      boolean h2 = connection.getMetaData().getDatabaseProductName().equals("H2");
      of.execute(statement + (notForOldRows ? (h2 ? " NOCHECK" : " NOT VALID") : ""));
    }
  }

  private void badInput(String openid) {
    String much = NAME.repeat(300);
    bad(() -> Buyer.of("C-1", much, PHONE));
    bad(() -> Buyer.of("C-1", NAME, PHONE + PHONE));
    bad(() -> Buyer.of(NAME + "\u0001", NAME, PHONE));
    bad(() -> Place.of("浙江", STREET.repeat(200), NAME, PHONE));
    bad(() -> Place.of("浙江", STREET, much, PHONE));
    bad(() -> Place.of("浙江", STREET, NAME, "电话" + PHONE + "转8"));
    bad(() -> Phone.of(PHONE + "x"));
    bad(() -> Phone.of("+86 " + PHONE + PHONE));
    bad(() -> MemberProfile.of("C-1").withName(much));
    bad(() -> MemberProfile.of("C-1").withPhones(PHONE, PHONE + "9"));
    bad(() -> Staff.of("E2", much));
    bad(() -> Staff.of("E2", NAME).withPhone(STAFF_PHONE + "ab"));
    bad(() -> Store.of("S2", "店").withPhones(PHONE + "y"));
    bad(() -> dealer.catalog().put(Staff.of("E2", NAME).withPhone(PHONE).withStore("没有")));
    bad(() -> dealer.catalog().linkStaff("NONE", Branch.SPEC.appId(), openid));
    bad(() -> dealer.catalog().linkStaff("E1", Branch.SPEC.appId(), openid.repeat(20)));
    bad(() -> dealer.catalog().ownPhone(PHONE + "z"));
    bad(() -> dealer.members().byPhone(PHONE + "q"));
    bad(() -> dealer.members().byOpenid(Branch.SPEC.appId(), openid.repeat(20)));
    bad(() -> dealer.members().releasePhone("C-1", PHONE + "w"));
    bad(() -> dealer.bindings().recipient("SO-1", Branch.SPEC.appId(), openid.repeat(20)));
    bad(() -> dealer.bindings().rebindTo("SO-9", Branch.SPEC.appId(), openid, NAME, "误扫"));
    bad(
        () ->
            dealer.bindings().rebindTo("SO-1", Branch.SPEC.appId(), openid.repeat(9), NAME, "误扫"));
    bad(() -> dealer.bindings().unbind("SO-1", Branch.SPEC.appId(), openid, much, "误扫"));
    bad(
        () -> {
          dealer.deliveries().drop(1, much);
          return "dropped";
        });
    bad(
        () ->
            dealer
                .orders()
                .advance("SO-1", StageReport.of(Stage.SHIPPED, Instant.now()).text(much)));
    bad(
        () ->
            dealer
                .orders()
                .advance(
                    "SO-1",
                    StageReport.of(Stage.SHIPPED, Instant.now()).detail("technician", much)));
    Instant now = Instant.now();
    bad(
        () ->
            shop.laoke.receive(
                Branch.SPEC.appId(), new Inbound.Followed("k", now, openid.repeat(20))));
    bad(() -> shop.laoke.receive("wx-none", new Inbound.Said("k", now, openid, NAME + PHONE)));
    bad(
        () ->
            shop.laoke.receive(
                Branch.SPEC.appId(), new Inbound.Said("k".repeat(999), now, openid, much)));
    HOST.info("{}", new Inbound.Said("k", now, openid, NAME + PHONE));
    HOST.info("{}", new Inbound.Scanned("k", now, openid, "lk1_x", true));
  }

  /** Something that a host tries. */
  interface Call {
    Object run() throws Exception;
  }

  private void bad(Call call) {
    try {
      HOST.info("{}", call.run());
    } catch (LaokeException thrown) {
      refused++;
      HOST.error("refused: {}", thrown.getMessage(), thrown);
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  private String refusedOr(String otherwise, Supplier<String> call) {
    try {
      return call.get();
    } catch (LaokeException thrown) {
      HOST.error("refused", thrown);
      return otherwise;
    }
  }

  /** The access token that Laoke uses: WeChat gives everybody the same. */
  private String token() throws Exception {
    String body =
        "{\"grant_type\":\"client_credential\",\"appid\":\"%s\",\"secret\":\"%s\"}"
            .formatted(Branch.SPEC.appId(), Branch.SPEC.secret());
    String answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(shop.wechat.baseUrl() + "/cgi-bin/stable_token"))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    Matcher token = Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"]+)\"").matcher(answer);
    if (!token.find()) {
      throw new IllegalStateException("no token: " + answer);
    }
    return token.group(1);
  }
}
