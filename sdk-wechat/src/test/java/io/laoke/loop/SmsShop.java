package io.laoke.loop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.member.MemberProfile;
import io.laoke.message.Purpose;
import io.laoke.simulator.SmsGateway;
import io.laoke.simulator.SmsKind;
import io.laoke.simulator.SmsProvider;
import io.laoke.sms.AliyunSms;
import io.laoke.sms.SmsAccount;
import io.laoke.sms.SmsAnswer;
import io.laoke.sms.SmsMessage;
import io.laoke.sms.SmsPurpose;
import io.laoke.sms.SmsSender;
import io.laoke.sms.SmsTemplate;
import io.laoke.sms.TencentSms;
import io.laoke.testing.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/** A dealer that sends text messages: a real database, the simulated gateway behind real HTTP. */
final class SmsShop implements AutoCloseable {
  static final String ACCOUNT = "sms-hengxin";
  static final String WANG = "13800138000";

  /** Noon in China, some time ago: what is pushed is dated by the gateway's own clock. */
  static final Instant NOON =
      Instant.now()
          .atZone(ZoneId.of("Asia/Shanghai"))
          .toLocalDate()
          .atTime(12, 0)
          .atZone(ZoneId.of("Asia/Shanghai"))
          .toInstant();

  final SmsGateway gateway = SmsGateway.start().limits(false).signature("恒信电器");
  final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  final HikariDataSource database;
  final SmsProvider provider;
  final Laoke laoke;
  final Dealer dealer;
  final long wang;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  SmsShop(TestServer kind, SmsProvider provider) throws IOException {
    this.provider = provider;
    database = kind.migrated();
    gateway
        .template(SmsProvider.ALIYUN, "SMS_1", SmsKind.NOTICE, "${name}您好，您的${what}该保养了。")
        .template(SmsProvider.ALIYUN, "SMS_2", SmsKind.PROMOTION, "尊敬的会员，滤芯八折，拒收请回复R")
        .template(SmsProvider.TENCENT, "1001", SmsKind.NOTICE, "{2}您好，您的{1}该保养了。")
        .template(SmsProvider.TENCENT, "1002", SmsKind.PROMOTION, "尊敬的会员，滤芯八折，拒收请回复R");
    laoke = engine();
    laoke.migrations().apply();
    dealer = laoke.dealer("hengxin");
    dealer.sms().templates().put(due().build());
    dealer
        .sms()
        .templates()
        .put(
            SmsTemplate.of("offer", SmsPurpose.PROMOTION, "尊敬的会员，滤芯八折，拒收请回复R")
                .approved(AliyunSms.PROVIDER, "SMS_2")
                .approved(TencentSms.PROVIDER, "1002")
                .build());
    dealer.members().put(MemberProfile.of("C-1").withName("王芳").withPhones(WANG));
    wang = dealer.members().find("C-1").orElseThrow().id();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    mount("/receipts", laoke.smsPushes()::receipts);
    mount("/replies", laoke.smsPushes()::replies);
    server.start();
    for (SmsProvider one : SmsProvider.values()) {
      gateway.receiptsTo(one, url("/receipts")).repliesTo(one, url("/replies"));
    }
  }

  /** Its variables are not in the order of the text. */
  static SmsTemplate.Draft due() {
    return SmsTemplate.of("due", SmsPurpose.NOTICE, "${name}您好，您的${what}该保养了。")
        .with("what", 6)
        .with("name", 4)
        .approved(AliyunSms.PROVIDER, "SMS_1")
        .approved(TencentSms.PROVIDER, "1001");
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void mount(String path, BiFunction<String, byte[], SmsAnswer> door) {
    server.createContext(path, exchange -> answer(exchange, door));
  }

  private static void answer(HttpExchange exchange, BiFunction<String, byte[], SmsAnswer> door)
      throws IOException {
    try (exchange) {
      SmsAnswer answer = door.apply(ACCOUNT, exchange.getRequestBody().readAllBytes());
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json;charset=utf-8");
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** An engine of this dealer, as on another node. */
  Laoke engine() {
    SmsSender sender =
        provider == SmsProvider.ALIYUN
            ? AliyunSms.of(SmsGateway.KEY_ID, SmsGateway.SECRET)
                .withEndpoint(gateway.address())
                .withTimeout(Duration.ofSeconds(2))
            : TencentSms.of(SmsGateway.KEY_ID, SmsGateway.SECRET, SmsGateway.SDK_APP_ID)
                .withEndpoint(gateway.address())
                .withTimeout(Duration.ofSeconds(2));
    return Laoke.builder()
        .dataSource(database)
        .clock(new Hands())
        .account("hengxin", SmsAccount.of(ACCOUNT, sender, "恒信电器"))
        .build();
  }

  /** The host's clock, as the test sets it. */
  private final class Hands extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now.get();
    }
  }

  boolean remind(long no) {
    return dealer
        .sms()
        .send(SmsMessage.of(no, wang, Purpose.CARE, "due", Map.of("name", "王女士", "what", "净水器")));
  }

  boolean offer(long no) {
    return dealer.sms().send(SmsMessage.of(no, wang, Purpose.MARKETING, "offer", Map.of()));
  }

  void tick() {
    laoke.tick(now.get());
  }

  @Override
  public void close() {
    laoke.close();
    server.stop(0);
    threads.shutdownNow();
    gateway.close();
    database.close();
  }
}
