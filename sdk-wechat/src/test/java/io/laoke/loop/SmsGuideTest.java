package io.laoke.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.member.MemberProfile;
import io.laoke.message.Decision;
import io.laoke.message.Purpose;
import io.laoke.simulator.SmsGateway;
import io.laoke.simulator.SmsKind;
import io.laoke.simulator.SmsProvider;
import io.laoke.sms.AliyunSms;
import io.laoke.sms.SmsAccount;
import io.laoke.sms.SmsAnswer;
import io.laoke.sms.SmsHours;
import io.laoke.sms.SmsMessage;
import io.laoke.sms.SmsPurpose;
import io.laoke.sms.SmsTemplate;
import io.laoke.testing.TestServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalTime;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The code of the guides about text messages, run. */
class SmsGuideTest {
  /** So that the guide's message leaves at the hour of the test. */
  private static final SmsHours ANY =
      new SmsHours(LocalTime.MIN, LocalTime.MAX, LocalTime.MIN, LocalTime.MAX);

  @Test
  void theGuidesCodeDoesWhatTheGuideSays() throws Exception {
    // begin guide-sms-gateway
    try (SmsGateway gateway = SmsGateway.start()) { // both providers, on 127.0.0.1
      gateway
          .signature("恒信电器")
          .template(SmsProvider.ALIYUN, "SMS_1", SmsKind.NOTICE, "${name}您好，您的${what}该保养了。");
      gateway.faults().acceptThenReset(1); // taken, and never answered
      URI endpoint = gateway.address(); // for AliyunSms.withEndpoint, TencentSms.withEndpoint
      // end guide-sms-gateway
      run(gateway, endpoint);
      assertThat(gateway.accepted(SmsShop.WANG)).hasSize(2);
    }
  }

  private static void run(SmsGateway gateway, URI endpoint) throws Exception {
    try (HikariDataSource database = TestServer.H2.migrated();
        Laoke laoke =
            Laoke.builder()
                .dataSource(database)
                .account(
                    "hengxin",
                    SmsAccount.of(
                            "sms-hengxin",
                            AliyunSms.of(SmsGateway.KEY_ID, SmsGateway.SECRET)
                                .withEndpoint(endpoint),
                            "恒信电器")
                        .withHours(ANY))
                .build()) {
      Dealer dealer = laoke.dealer("hengxin");
      dealer.members().put(MemberProfile.of("C-77").withPhones(SmsShop.WANG));
      long member = dealer.members().find("C-77").orElseThrow().id();
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      // begin guide-sms-push
      server.createContext(
          "/sms/9f2c-receipts", // nobody can guess it: providers do not sign what they push
          exchange -> {
            byte[] pushed = exchange.getRequestBody().readAllBytes();
            SmsAnswer answer = laoke.smsPushes().receipts("sms-hengxin", pushed); // or replies(…)
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      // end guide-sms-push
      server.start();
      gateway.receiptsTo(
          SmsProvider.ALIYUN,
          "http://127.0.0.1:" + server.getAddress().getPort() + "/sms/9f2c-receipts");
      // begin guide-sms
      dealer
          .sms()
          .templates()
          .put(
              SmsTemplate.of("due", SmsPurpose.NOTICE, "${name}您好，您的${what}该保养了。")
                  .with("name", 4) // in the order of the provider's {1}, {2} …
                  .with("what", 6)
                  .approved("aliyun", "SMS_1")
                  .build());
      Map<String, String> values = Map.of("name", "王女士", "what", "净水器");
      int cost = dealer.sms().templates().segments("due", values); // 1
      dealer.sms().send(SmsMessage.of(4711, member, Purpose.CARE, "due", values));
      laoke.tick(Instant.now()); // or laoke.start()
      Decision decision = dealer.sms().decision(4711).orElseThrow(); // SENT; delivery()
      // end guide-sms
      assertThat(cost).isEqualTo(1);
      assertThat(decision.result()).isIn(Decision.Result.UNKNOWN, Decision.Result.SENT);
      dealer.sms().send(SmsMessage.of(4712, member, Purpose.CARE, "due", values));
      laoke.tick(Instant.now());
      assertThat(dealer.sms().decision(4712).orElseThrow().result())
          .isEqualTo(Decision.Result.SENT);
      gateway.settle();
      assertThat(gateway.confirmed()).isEqualTo(2);
      server.stop(0);
    }
  }
}
