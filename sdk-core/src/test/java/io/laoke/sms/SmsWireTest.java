package io.laoke.sms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.sun.net.httpserver.HttpServer;
import io.laoke.base.Phone;
import io.laoke.error.InvalidInputException;
import io.laoke.message.Inbound;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the senders make of answers, and of none. */
class SmsWireTest {
  private static final SmsRequest MESSAGE =
      new SmsRequest(Phone.of("13800138000"), "恒信电器", "T1", Map.of("code", "1"), "lk1");

  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger calls = new AtomicInteger();
  private HttpServer server;
  private volatile int status = 200;
  private volatile String answer = "";
  private volatile boolean hangs;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          calls.incrementAndGet();
          exchange.getRequestBody().readAllBytes();
          if (hangs) {
            try {
              end.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException stop) {
              Thread.currentThread().interrupt();
            }
          }
          byte[] body = answer.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private SmsSender aliyun() {
    return AliyunSms.of("id", "topsecret")
        .withEndpoint(address())
        .withTimeout(Duration.ofSeconds(1));
  }

  private SmsSender tencent() {
    return TencentSms.of("id", "topsecret", "1400")
        .withEndpoint(address())
        .withTimeout(Duration.ofSeconds(1));
  }

  private SmsResult sent(SmsSender sender) {
    return sender.send(MESSAGE).toCompletableFuture().join();
  }

  @Test
  void readsWhatTheProvidersSay() {
    answer = "{\"Code\":\"OK\",\"Message\":\"OK\",\"BizId\":\"b1\",\"RequestId\":\"r\"}";
    assertThat(sent(aliyun())).isEqualTo(new SmsResult.Accepted("b1", OptionalInt.empty()));
    answer =
        "{\"Response\":{\"SendStatusSet\":[{\"SerialNo\":\"s1\",\"Fee\":2,\"Code\":\"Ok\"}],\"RequestId\":\"r\"}}";
    assertThat(sent(tencent())).isEqualTo(new SmsResult.Accepted("s1", OptionalInt.of(2)));
  }

  @Test
  void readsRefusals() {
    status = 400;
    answer = "{\"Code\":\"isv.AMOUNT_NOT_ENOUGH\",\"Message\":\"账户余额不足\"}";
    assertThat(sent(aliyun()))
        .isEqualTo(
            new SmsResult.Refused(
                SmsError.of(SmsErrorClass.MONEY, "isv.AMOUNT_NOT_ENOUGH", "账户余额不足")));
    status = 200;
    answer =
        "{\"Response\":{\"Error\":{\"Code\":\"AuthFailure.SignatureFailure\",\"Message\":\"no\"}}}";
    assertThat(sent(tencent()))
        .isEqualTo(
            new SmsResult.Refused(
                SmsError.of(SmsErrorClass.ACCESS, "AuthFailure.SignatureFailure", "no")));
    answer =
        "{\"Response\":{\"SendStatusSet\":[{\"SerialNo\":\"\",\"Code\":\"FailedOperation.ContainSensitiveWord\",\"Message\":\"x\"}]}}";
    assertThat(sent(tencent()))
        .asInstanceOf(type(SmsResult.Refused.class))
        .satisfies(one -> assertThat(one.error().kind()).isEqualTo(SmsErrorClass.CONTENT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"InternalError.Timeout", "InternalError.SendAndRecvFail"})
  void takesWhatTencentMayHaveSentForUnknown(String code) {
    answer = "{\"Response\":{\"Error\":{\"Code\":\"%s\",\"Message\":\"\"}}}".formatted(code);
    assertThat(sent(tencent())).isInstanceOf(SmsResult.Unknown.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "502|<html>bad gateway</html>",
        "200|",
        "200|[]",
        "200|{}",
        "200|{\"Code\":\"OK\"}",
        "200|{\"Response\":{}}",
        "200|{\"Response\":{\"SendStatusSet\":[]}}",
        "200|{\"Response\":{\"SendStatusSet\":[{\"Code\":\"Ok\",\"SerialNo\":\"\"}]}}",
        "302|moved"
      })
  void takesWhatItCannotReadForUnknown(int code, String body) {
    status = code;
    answer = body == null ? "" : body;
    assertThat(sent(aliyun())).isInstanceOf(SmsResult.Unknown.class);
    assertThat(sent(tencent())).isInstanceOf(SmsResult.Unknown.class);
    assertThat(calls).hasValue(2);
  }

  @Test
  void doesNotWaitForEverAndDoesNotRepeat() {
    hangs = true;
    long began = System.nanoTime();
    assertThat(sent(aliyun()))
        .asInstanceOf(type(SmsResult.Unknown.class))
        .satisfies(one -> assertThat(one.code()).isEqualTo("TIMEOUT"));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    assertThat(calls).hasValue(1);
  }

  @Test
  void knowsThatNothingLeftWhereNobodyListens() throws IOException {
    URI nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("http://127.0.0.1:" + free.getLocalPort());
    }
    SmsResult result =
        AliyunSms.of("id", "topsecret")
            .withEndpoint(nobody)
            .send(MESSAGE)
            .toCompletableFuture()
            .join();
    assertThat(result)
        .asInstanceOf(type(SmsResult.Refused.class))
        .satisfies(one -> assertThat(one.error().kind()).isEqualTo(SmsErrorClass.RETRY));
    assertThat(result.toString()).doesNotContain("topsecret").doesNotContain("13800138000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://a", "https://a/b", "https://a?b=c", "a.example"})
  void refusesAddressesThatAreNone(String address) {
    assertThatThrownBy(() -> AliyunSms.of("id", "secret").withEndpoint(URI.create(address)))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void readsPushes() {
    SmsPushFormat aliyun = aliyun().pushFormat().orElseThrow();
    assertThat(
            aliyun.receipts(
                ("[{\"phone_number\":\"8613800138000\",\"send_time\":\"2026-05-01 12:00:00\",\"report_time\":\"2026-05-01 12:00:05\","
                        + "\"success\":false,\"err_code\":\"MK:0001\",\"err_msg\":\"x\",\"sms_size\":\"1\",\"biz_id\":\"b1\",\"out_id\":\"lk1\"}]")
                    .getBytes(UTF_8)))
        .containsExactly(
            new Inbound.SmsReport(
                "sms:b1/13800138000",
                Instant.parse("2026-05-01T04:00:05Z"),
                "13800138000",
                "b1",
                "lk1",
                Inbound.Delivery.FAILED,
                "MK:0001 x"));
    SmsPushFormat tencent = tencent().pushFormat().orElseThrow();
    assertThat(
            tencent.receipts(
                ("[{\"user_receive_time\":\"2026-05-01 12:00:05\",\"nationcode\":\"86\",\"mobile\":\"13800138000\","
                        + "\"report_status\":\"SUCCESS\",\"errmsg\":\"DELIVRD\",\"description\":\"ok\",\"sid\":\"s1\"}]")
                    .getBytes(UTF_8)))
        .extracting(Inbound.SmsReport::delivery)
        .containsExactly(Inbound.Delivery.DELIVERED);
    assertThat(
            tencent.replies(
                "{\"extend\":\"\",\"mobile\":\"13800138000\",\"nationcode\":\"86\",\"sign\":\"恒信电器\",\"text\":\"R\",\"time\":1777608005}"
                    .getBytes(UTF_8)))
        .extracting(Inbound.SmsReply::text)
        .containsExactly("R");
    assertThat(aliyun.taken()).isEqualTo("{\"code\":0,\"msg\":\"OK\"}");
    assertThat(tencent.taken()).isEqualTo("{\"result\":0,\"errmsg\":\"OK\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "R,true",
    "r,true",
    "' r ',true",
    "Ｒ,true",
    "ｔｄ,true",
    "T,true",
    "N,true",
    "退订,true",
    "RR,false",
    "1,false",
    "退订吗,false",
    "'',false"
  })
  void knowsTheWordsThatRefuse(String text, boolean refuses) {
    assertThat(OptOuts.refuses(text)).isEqualTo(refuses);
  }

  @Test
  void namesRepliesByAllThatTellsThemApart() {
    List<String> keys =
        List.of(
            SmsPushes.replyKey("1", "", "t", "R"),
            SmsPushes.replyKey("1", "", "t", "N"),
            SmsPushes.replyKey("1", "", "u", "R"),
            SmsPushes.replyKey("2", "", "t", "R"));
    assertThat(keys).doesNotHaveDuplicates();
    assertThat(SmsPushes.replyKey("1", "", "t", "R")).isEqualTo(keys.get(0));
  }
}
