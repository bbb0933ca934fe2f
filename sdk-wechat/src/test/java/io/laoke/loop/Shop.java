package io.laoke.loop;

import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.notice.NoticeSettings;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.ChatMessage;
import io.laoke.simulator.Follower;
import io.laoke.simulator.PushMode;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import io.laoke.testing.TestServer;
import io.laoke.wechat.JdkCallbackHandler;
import io.laoke.wechat.OfficialAccount;
import io.laoke.wechat.OfficialAccountSettings;
import io.laoke.wechat.WeChat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A dealer's shop: a real database, the simulated WeChat behind real HTTP, and the engine. */
final class Shop implements AutoCloseable {
  static final String SEND = "/cgi-bin/message/template/send";
  static final List<Stage> STAGES =
      List.of(Stage.APPROVED, Stage.SHIPPED, Stage.DELIVERED, Stage.INSTALLED);

  /** Each stage is told, and at the hour of the test. */
  private static final NoticeSettings EACH_STAGE =
      NoticeSettings.standard().withDealerName("恒信电器").withNewestOnly(false).withoutNight();

  final HikariDataSource database;
  final WeChatSimulator wechat = WeChatSimulator.start();
  final SimulatedAccount account;
  final Laoke laoke;
  final Dealer dealer;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Shop(TestServer kind, PushMode mode) throws IOException {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(20);
    database = kind.migrated(config);
    account = wechat.addAccount(AccountSpec.service().withMode(mode));
    account.addTemplate(
        "TPL", "订单进度", "订单：{{character_string1.DATA}}\n商品：{{thing2.DATA}}\n进度：{{phrase3.DATA}}");
    OfficialAccount official = official(account, wechat.baseUrl());
    laoke =
        Laoke.builder()
            .dataSource(database)
            .dealer("hengxin", DealerSettings.defaults().notices(EACH_STAGE))
            .account("hengxin", official)
            .build();
    laoke.migrations().apply();
    dealer = laoke.dealer("hengxin");
    STAGES.forEach(stage -> dealer.notices().template(stage, template()));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/wechat", new JdkCallbackHandler(official.callback(laoke.inbound())));
    server.start();
    account.callbackUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/wechat");
  }

  static OfficialAccount official(SimulatedAccount account, String baseUrl) {
    return official(
        account.appId(),
        account.secret(),
        account.token(),
        account.encodingAesKey(),
        account.mode(),
        baseUrl);
  }

  static OfficialAccount official(
      String appId, String secret, String token, String aesKey, PushMode mode, String baseUrl) {
    OfficialAccountSettings.Builder settings =
        OfficialAccountSettings.builder(appId).secret(secret).callbackToken(token).baseUrl(baseUrl);
    return WeChat.officialAccount(
        (mode == PushMode.PLAIN ? settings : settings.encodingAesKey(aesKey)).build());
  }

  static NoticeTemplate template() {
    return NoticeTemplate.of("TPL")
        .field("character_string1", "{order.no}")
        .field("thing2", "{order.items}")
        .field("phrase3", "{stage.name}");
  }

  /** Another engine, as on another node, on the same database. */
  Laoke anotherEngine() {
    return Laoke.builder()
        .dataSource(database)
        .account("hengxin", official(account, wechat.baseUrl()))
        .build();
  }

  static Order order(String orderNo) {
    return Order.of(orderNo, Instant.now())
        .buyer(Buyer.of("C-" + orderNo, "王芳", null))
        .line(OrderLine.goods("1", "kitchen/hood", 1, "2999.00").name("侧吸式油烟机"));
  }

  /** Reports an order and lets a customer scan it. */
  Follower bound(String orderNo) {
    dealer.orders().upsert(order(orderNo));
    Follower customer = account.follower("顾客 " + orderNo);
    customer.scan(dealer.bindings().issue(orderNo).qrCode().content());
    return customer;
  }

  void advance(String orderNo, Stage stage) {
    dealer.orders().advance(orderNo, StageReport.of(stage, Instant.now()));
  }

  /** The stages that a customer was told by template messages, in the order of arrival. */
  static List<String> told(Follower customer) {
    return customer.cards().stream().map(card -> card.data().get("phrase3")).toList();
  }

  static List<String> replies(Follower customer) {
    return customer.chat().stream()
        .filter(line -> line.kind() == ChatMessage.Kind.REPLY)
        .map(ChatMessage::text)
        .toList();
  }

  @Override
  public void close() {
    laoke.close();
    server.stop(0);
    threads.shutdownNow();
    wechat.close();
    database.close();
  }
}
