package io.laoke.examples.quickstart;

import static io.laoke.order.Stage.*;

import com.sun.net.httpserver.HttpServer;
import io.laoke.*;
import io.laoke.binding.*;
import io.laoke.notice.*;
import io.laoke.order.*;
import io.laoke.simulator.*;
import io.laoke.wechat.*;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.h2.jdbcx.JdbcDataSource;

/** One order from report to installed, with an embedded database and the simulated WeChat. */
public final class Quickstart {
  public static void main(String[] args) throws IOException {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:erp;DB_CLOSE_DELAY=-1");
    try (WeChatSimulator wechat = WeChatSimulator.start()) {
      SimulatedAccount shop = // the dealer's 服务号, with one template
          wechat.addAccount(AccountSpec.service().withMode(PushMode.SECURE));
      shop.addTemplate(
          "TPL-STAGE",
          "订单进度通知",
          "订单号：{{character_string1.DATA}}\n商品：{{thing2.DATA}}\n进度：{{phrase3.DATA}}");
      // begin quickstart
      OfficialAccount account =
          WeChat.officialAccount(
              OfficialAccountSettings.builder(shop.appId())
                  .secret(shop.secret())
                  .callbackToken(shop.token())
                  .encodingAesKey(shop.encodingAesKey())
                  .baseUrl(wechat.baseUrl()) // left out for the real WeChat
                  .build());
      Laoke.Builder builder = Laoke.builder().dataSource(database).account("hengxin", account);
      // By default nobody is told of an order at night; this is to be tried at any hour.
      try (Laoke laoke = builder.dealer("hengxin", DealerSettings.defaults().anyHour()).build()) {
        laoke.migrations().apply();
        Dealer dealer = laoke.dealer("hengxin");
        NoticeTemplate template =
            NoticeTemplate.of("TPL-STAGE")
                .field("character_string1", "{order.no}")
                .field("thing2", "{order.items}")
                .field("phrase3", "{stage.name}");
        List<Stage> stages = List.of(APPROVED, SHIPPED, DELIVERED, INSTALLED);
        stages.forEach(stage -> dealer.notices().template(stage, template));
        HttpServer server = listen(account.callback(laoke.inbound()), shop);

        // The ERP reports an order; the assistant shows its code; the customer scans it.
        dealer.orders().upsert(order(Map.of("no", "SO-1001", "buyer", "C-77", "paid", "2999.00")));
        QrCode code = dealer.bindings().issue("SO-1001").qrCode();
        System.out.print(code.terminal());
        System.out.println(Files.write(Files.createTempFile("SO-1001-", ".png"), code.png(360)));
        Follower customer = shop.follower("王芳");
        customer.scan(code.content());

        // Every stage that the ERP reports from now on reaches the customer.
        for (Stage stage : stages) {
          dealer.orders().advance("SO-1001", StageReport.of(stage, Instant.now()));
          laoke.tick(Instant.now()); // or laoke.start() once, and it sends by itself
        }

        customer.chat().forEach(message -> System.out.println(shown(message)));
        dealer.deliveries().decisions("SO-1001").forEach(System.out::println);
        server.stop(0);
      }
      // end quickstart
    }
  }

  private static Order order(Map<String, String> row) {
    return Order.of(row.get("no"), Instant.now())
        .buyer(Buyer.of(row.get("buyer"), "王芳", "13800138000"))
        .line(OrderLine.goods("1", "kitchen/hood", 1, row.get("paid")).name("侧吸式油烟机"));
  }

  private static HttpServer listen(WeChatCallback callback, SimulatedAccount shop)
      throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    server.createContext("/wechat", new JdkCallbackHandler(callback));
    server.start();
    shop.callbackUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/wechat");
    return server;
  }

  private static String shown(ChatMessage message) {
    String title = message.title().isEmpty() ? "" : "【" + message.title() + "】";
    return "微信：" + title + message.text().replace("\n", "　");
  }
}
