package io.laoke.loop;

import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.EngineTimes;
import io.laoke.Laoke;
import io.laoke.message.Alarm;
import io.laoke.notice.NoticeSettings;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.Follower;
import io.laoke.simulator.PushMode;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import io.laoke.testing.TestServer;
import io.laoke.wechat.JdkCallbackHandler;
import io.laoke.wechat.OfficialAccount;
import io.laoke.wechat.OfficialAccountSettings;
import io.laoke.wechat.WeChat;
import io.laoke.wechat.WeChatCallback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A shop to which something happens: what it is built of can be taken away and given back. */
final class Branch implements AutoCloseable {
  static final AccountSpec SPEC =
      AccountSpec.service().withAppId("wx0000000000000042").withMode(PushMode.SECURE);

  final HikariDataSource database;
  final List<Alarm> alarms = new CopyOnWriteArrayList<>();
  final Laoke laoke;
  final Dealer dealer;
  WeChatSimulator wechat;
  SimulatedAccount account;

  /** What the host does with events that are not Laoke's. */
  volatile WeChatCallback.Handler others = event -> Optional.empty();

  private final DealerSettings settings;
  private final List<Laoke> more = new ArrayList<>();
  private final OfficialAccount official;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Branch(TestServer kind) throws IOException {
    this(kind.migrated(pool()), Clock.systemUTC());
  }

  Branch(HikariDataSource database, Clock clock) throws IOException {
    this(
        database,
        clock,
        DealerSettings.defaults()
            .notices(NoticeSettings.standard().withNewestOnly(false).withoutNight()));
  }

  Branch(HikariDataSource database, Clock clock, DealerSettings settings) throws IOException {
    this.database = database;
    this.settings = settings;
    wechatAt(0);
    official = official(clock);
    laoke = engine(official, clock);
    laoke.migrations().apply();
    dealer = laoke.dealer("hengxin");
    Shop.STAGES.forEach(stage -> dealer.notices().template(stage, Shop.template()));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/wechat",
        new JdkCallbackHandler(
            official.callback(laoke.inbound()).otherwise(event -> others.handle(event))));
    server.start();
    pushesToUs();
  }

  static HikariConfig pool() {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(8);
    config.setMinimumIdle(8);
    config.setConnectionTimeout(1_000);
    return config;
  }

  private void wechatAt(int port) {
    wechat = WeChatSimulator.builder().port(port).start();
    account = wechat.addAccount(SPEC);
    template("TPL");
  }

  void template(String id) {
    account.addTemplate(
        id, "订单进度", "订单：{{character_string1.DATA}}\n商品：{{thing2.DATA}}\n进度：{{phrase3.DATA}}");
  }

  private void pushesToUs() {
    account.callbackUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/wechat");
  }

  private OfficialAccount official(Clock clock) {
    return WeChat.officialAccount(
        OfficialAccountSettings.builder(SPEC.appId())
            .secret(SPEC.secret())
            .callbackToken(SPEC.token())
            .encodingAesKey(SPEC.encodingAesKey())
            .baseUrl(wechat.baseUrl())
            .clock(clock)
            .build());
  }

  private Laoke engine(OfficialAccount with, Clock clock) {
    Laoke.Builder builder =
        Laoke.builder()
            .dataSource(database)
            .clock(clock)
            .alarms(alarms::add)
            .dealer("hengxin", settings)
            .account("hengxin", with);
    return OutageTest.OUTAGE.isZero()
        ? EngineTimes.quick(builder, Duration.ofSeconds(20)).build()
        : builder.build();
  }

  /** Another engine with the same settings, as if the same node had been started twice. */
  Laoke again() {
    Laoke second = engine(official(Clock.systemUTC()), Clock.systemUTC());
    more.add(second);
    return second;
  }

  /**
   * Another engine, on a node whose clock shows something else; from now on WeChat pushes to it.
   */
  Laoke pushedTo(Clock clock) {
    OfficialAccount own = official(clock);
    Laoke node = engine(own, clock);
    more.add(node);
    server.createContext("/other", new JdkCallbackHandler(own.callback(node.inbound())));
    account.callbackUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/other");
    return node;
  }

  /** WeChat is gone. */
  void withoutWeChat() {
    wechat.close();
  }

  /** WeChat is back at the same address; the followers are those given. */
  List<Follower> withWeChat(List<Follower> followers) {
    wechatAt(wechat.port());
    pushesToUs();
    return followers.stream()
        .map(
            before -> {
              Follower now = account.follower(before.name());
              now.follow();
              return now;
            })
        .toList();
  }

  Follower bound(String orderNo) {
    dealer.orders().upsert(Shop.order(orderNo));
    Follower customer = account.follower("顾客 " + orderNo);
    customer.scan(dealer.bindings().issue(orderNo).qrCode().content());
    return customer;
  }

  List<Follower> bound(int orders) {
    List<Follower> all = new ArrayList<>();
    for (int i = 0; i < orders; i++) {
      all.add(bound("SO-" + i));
    }
    return all;
  }

  void advance(String orderNo, Stage stage) {
    dealer.orders().advance(orderNo, StageReport.of(stage, Instant.now()));
  }

  void tick() {
    laoke.tick(Instant.now());
  }

  /** Machine time goes by for all that waits by it, and then what is due is done. */
  void after(Duration time) {
    passes(time);
    tick();
  }

  /** Machine time goes by for all that waits by it. */
  void passes(Duration time) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "UPDATE laoke_outbox SET retry_ms = retry_ms - %d WHERE retry_ms > 0",
              "UPDATE laoke_outbox SET lease_until_ms = lease_until_ms - %d WHERE lease_until_ms IS"
                  + " NOT NULL",
              "UPDATE laoke_outbox_claim SET lease_until_ms = lease_until_ms - %d",
              "UPDATE laoke_outbox SET first_attempt_ms = first_attempt_ms - %d WHERE"
                  + " first_attempt_ms IS NOT NULL",
              "UPDATE laoke_pause SET until_ms = until_ms - %d WHERE until_ms IS NOT NULL",
              "UPDATE laoke_callback_inbox SET retry_ms = retry_ms - %d",
              "UPDATE laoke_work_due SET due_ms = due_ms - %d")) {
        statement.executeUpdate(sql.formatted(time.toMillis()));
      }
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  List<Alarm.Kind> alarmed() {
    return alarms.stream().map(Alarm::kind).toList();
  }

  @Override
  public void close() {
    laoke.close();
    more.forEach(Laoke::close);
    server.stop(0);
    threads.shutdownNow();
    wechat.close();
    database.close();
  }
}
