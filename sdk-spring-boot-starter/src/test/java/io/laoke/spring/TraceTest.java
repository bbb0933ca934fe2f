package io.laoke.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.error.LaokeException;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.Follower;
import io.laoke.simulator.PushMode;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** An application with the starter whose loggers are at TRACE shows no secret and nobody. */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(
    classes = TraceTest.Application.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "logging.level.io.laoke=trace",
      "laoke.dealers.hengxin.newest-only=false",
      "laoke.dealers.hengxin.night=none"
    })
class TraceTest {
  private static final String NAME = "欧阳静怡";
  private static final String PHONE = "13912345678";
  private static final String STREET = "紫金港路866号7幢302室";
  private static final WeChatSimulator WECHAT = WeChatSimulator.start();
  private static final SimulatedAccount SHOP =
      WECHAT.addAccount(AccountSpec.service().withMode(PushMode.SECURE));

  @Autowired private Laoke laoke;
  @LocalServerPort private int port;

  @EnableAutoConfiguration
  static class Application {}

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry properties) {
    properties.add("spring.datasource.url", WiringTest::url);
    properties.add("laoke.wechat.accounts.main.dealer", () -> "hengxin");
    properties.add("laoke.wechat.accounts.main.app-id", SHOP::appId);
    properties.add("laoke.wechat.accounts.main.secret", SHOP::secret);
    properties.add("laoke.wechat.accounts.main.token", SHOP::token);
    properties.add("laoke.wechat.accounts.main.encoding-aes-key", SHOP::encodingAesKey);
    properties.add("laoke.wechat.accounts.main.base-url", WECHAT::baseUrl);
  }

  @AfterAll
  static void end() {
    LoggingSystem.get(TraceTest.class.getClassLoader()).setLogLevel("io.laoke", null);
    WECHAT.close();
  }

  @Test
  void aWholeOrderAtTraceShowsNoSecretAndNobody(CapturedOutput output) {
    SHOP.callbackUrl("http://127.0.0.1:" + port + "/laoke/wechat/main");
    SHOP.addTemplate("TPL", "订单进度", "订单：{{character_string1.DATA}}\n客户：{{thing2.DATA}}");
    Dealer dealer = laoke.dealer("hengxin");
    dealer
        .notices()
        .template(
            Stage.SHIPPED,
            NoticeTemplate.of("TPL")
                .field("character_string1", "{order.no}")
                .field("thing2", "{order.items}"));
    dealer
        .orders()
        .upsert(
            Order.of("SO-1", Instant.now())
                .buyer(Buyer.of("C-1", NAME, PHONE))
                .place(Place.of("浙江/杭州", STREET, NAME, PHONE))
                .line(OrderLine.goods("1", "kitchen/hood", 1, "2999.00").name("油烟机")));
    Follower customer = SHOP.follower("顾客");
    customer.scan(dealer.bindings().issue("SO-1").qrCode().content());
    customer.say("我叫" + NAME + "，" + PHONE + "，" + STREET);
    dealer.orders().advance("SO-1", StageReport.of(Stage.SHIPPED, Instant.now()).text(NAME));
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(SHOP.accepted()).hasSize(1));
    try {
      dealer.bindings().rebindTo("SO-1", SHOP.appId(), customer.openId().repeat(9), NAME, PHONE);
    } catch (LaokeException refused) {
      refused.printStackTrace(System.out);
    }

    assertThat(output.getAll())
        .contains("DEBUG", "io.laoke")
        .doesNotContain(
            NAME,
            PHONE,
            STREET,
            customer.openId(),
            SHOP.secret(),
            SHOP.token(),
            SHOP.encodingAesKey(),
            "access_token=");
  }

  @Test
  void anApplicationThatDoesNotStartShowsNoSecretEither(CapturedOutput output) {
    String secret = "5ec2e75ec2e75ec2e75ec2e75ec2e7aa";
    String key = "tooShortToBeAnEncodingAesKey0123456789";
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                DataSourceAutoConfiguration.class,
                LaokeAutoConfiguration.class,
                LaokeCallbackAutoConfiguration.class,
                LaokeTransactionAutoConfiguration.class,
                LaokeWeChatAutoConfiguration.class))
        .withPropertyValues(
            "spring.datasource.url=" + WiringTest.url(),
            "laoke.wechat.accounts.main.dealer=hengxin",
            "laoke.wechat.accounts.main.app-id=wx0123456789abcdef",
            "laoke.wechat.accounts.main.secret=" + secret,
            "laoke.wechat.accounts.main.token=callbackTokenOfOurs",
            "laoke.wechat.accounts.main.encoding-aes-key=" + key)
        .run(
            context -> {
              assertThat(context).hasFailed();
              System.out.println("did not start");
              context.getStartupFailure().printStackTrace(System.out);
            });
    assertThat(output.getAll())
        .contains("did not start")
        .doesNotContain(secret, key, "callbackTokenOfOurs");
  }
}
