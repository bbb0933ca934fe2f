package io.laoke.wechat;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static io.laoke.wechat.Platform.SEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.laoke.message.ChannelKind;
import io.laoke.message.MessageChannel;
import io.laoke.message.Outbound;
import io.laoke.message.Purpose;
import io.laoke.message.SendOutcome;
import io.laoke.message.SendOutcome.FittedField;
import io.laoke.message.TemplateMessage;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateSendTest {
  @RegisterExtension
  static final WireMockExtension wechat =
      WireMockExtension.newInstance()
          .options(WireMockConfiguration.wireMockConfig().dynamicPort().containerThreads(80))
          .build();

  private final List<OfficialAccount> accounts = new ArrayList<>();

  @BeforeEach
  void token() {
    Platform.givesToken(wechat);
  }

  @AfterEach
  void close() {
    accounts.forEach(OfficialAccount::close);
  }

  @Test
  void sendsFittedFieldsWithTheDedupeIdAndRawChinese() {
    Platform.answers(wechat, SEND, Platform.accepted());
    Map<String, TemplateMessage.Field> fields = new LinkedHashMap<>();
    fields.put("character_string1", new TemplateMessage.Field("SO-1001", null));
    fields.put("thing2", new TemplateMessage.Field("很长的商品名称".repeat(4), null));
    fields.put("phrase3", new TemplateMessage.Field("", "已发货"));
    fields.put("time4", new TemplateMessage.Field("2025-12-17T07:01:30Z", null));
    fields.put("thing5", new TemplateMessage.Field("𠮷野家", null));
    Outbound message =
        new Outbound(
            Platform.OPENID,
            "d1",
            Purpose.ORDER,
            new TemplateMessage(
                "TPL",
                fields,
                Optional.of("https://dealer.example/o/1"),
                Optional.of(new TemplateMessage.MiniProgram("wxmini", "pages/a?x=1"))));
    assertThat(Platform.send(opened(Platform.settings(wechat)), message))
        .isEqualTo(
            new SendOutcome.Accepted(
                "3911200163836",
                List.of(new FittedField("thing2", "CUT"), new FittedField("phrase3", "FALLBACK"))));
    wechat.verify(
        postRequestedFor(urlPathEqualTo(SEND))
            .withRequestBody(
                equalToJson(
                    """
                    {"touser":"%s","template_id":"TPL","url":"https://dealer.example/o/1",
                     "miniprogram":{"appid":"wxmini","pagepath":"pages/a?x=1"},
                     "client_msg_id":"d1",
                     "data":{"character_string1":{"value":"SO-1001"},
                             "thing2":{"value":"很长的商品名称很长的商品名称很长的商品…"},
                             "phrase3":{"value":"已发货"},
                             "time4":{"value":"2025年12月17日 15:01"},
                             "thing5":{"value":"𠮷野家"}}}
                    """
                        .formatted(Platform.OPENID))));
    assertThat(wechat.getAllServeEvents().get(0).getRequest().getBodyAsString())
        .contains("已发货", "𠮷野家")
        .doesNotContain("\\u");
  }

  @Test
  void halfOfAPairInAnAddressLeavesAsAQuestionMark() {
    Platform.answers(wechat, SEND, Platform.accepted());
    Outbound message =
        new Outbound(
            Platform.OPENID,
            "d1",
            Purpose.ORDER,
            new TemplateMessage(
                "TPL", Map.of(), Optional.of("https://dealer.example/o/\ud83d"), Optional.empty()));

    assertThat(Platform.send(opened(Platform.settings(wechat)), message))
        .isInstanceOf(SendOutcome.Accepted.class);

    assertThat(wechat.getAllServeEvents().get(0).getRequest().getBodyAsString())
        .contains("\"https://dealer.example/o/?\"");
  }

  @Test
  void anAnswerOfMoreThanFourMegabytesIsNotReadToItsEnd() {
    String taken = "{\"errcode\":0,\"errmsg\":\"ok\",\"msgid\":3911200163836}";
    String largest = taken + " ".repeat(Request.ANSWER_LIMIT - taken.length());
    OfficialAccount account = opened(Platform.settings(wechat));
    Platform.answers(wechat, SEND, okJson(largest));
    assertThat(Platform.send(account, Platform.aMessage()))
        .isInstanceOf(SendOutcome.Accepted.class);
    Platform.answers(wechat, SEND, okJson(largest + " "));
    assertThat(Platform.send(account, Platform.aMessage())).isInstanceOf(SendOutcome.Unknown.class);
  }

  @Test
  void takesAnIdWrittenAsText() {
    Platform.answers(wechat, SEND, okJson("{\"errcode\":\"0\",\"msgid\":\"1700827132819554304\"}"));
    assertThat(sent()).isEqualTo(new SendOutcome.Accepted("1700827132819554304", List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {40013, 40125, 40164, 40243, 48001, 48004, 50002, 50007, 89503, 89506, 89507, 89500})
  void aWrongAccountPausesTheAccount(int errcode) {
    Platform.answers(wechat, SEND, Platform.error(errcode, "x"));
    assertThat(sent())
        .isInstanceOfSatisfying(
            SendOutcome.Misconfigured.class,
            m -> {
              assertThat(m.scope()).isEqualTo(SendOutcome.Scope.ACCOUNT);
              assertThat(m.why().text()).contains(SEND, "rid: " + Platform.RID);
            });
    wechat.verify(1, postRequestedFor(urlPathEqualTo(SEND)));
  }

  @ParameterizedTest
  @ValueSource(ints = {40036, 40037, 40249, 43116})
  void aWrongTemplatePausesTheTemplate(int errcode) {
    Platform.answers(wechat, SEND, Platform.error(errcode, "x"));
    assertThat(sent())
        .isInstanceOfSatisfying(
            SendOutcome.Misconfigured.class,
            m -> {
              assertThat(m.scope()).isEqualTo(SendOutcome.Scope.TEMPLATE);
              assertThat(m.why().advice()).isNotBlank();
              assertThat(m.why().adviceZh()).isNotBlank();
            });
  }

  @Test
  void aValueAgainstTheTemplatesRulesConcernsTheMessage() {
    Platform.answers(
        wechat, SEND, Platform.error(47003, "argument invalid! data.thing1.value invalid"));
    assertThat(sent())
        .isInstanceOfSatisfying(
            SendOutcome.Misconfigured.class,
            m -> {
              assertThat(m.scope()).isEqualTo(SendOutcome.Scope.MESSAGE);
              assertThat(m.why().text()).contains("data.thing1.value invalid");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "40003,false,false",
    "43004,true,false",
    "46004,false,false",
    "50005,true,false",
    "49003,false,true",
    "43019,false,false",
    "48002,false,false",
    "43101,false,false",
    "50001,false,false",
    "70000,false,false"
  })
  void aRecipientIsRefusedAlone(int errcode, boolean gone, boolean alarm) {
    Platform.answers(wechat, SEND, Platform.error(errcode, "require subscribe"));
    assertThat(sent())
        .isInstanceOfSatisfying(
            SendOutcome.Refused.class,
            refused -> {
              assertThat(refused.recipientGone()).isEqualTo(gone);
              assertThat(refused.alarm()).isEqualTo(alarm);
            });
    wechat.verify(1, postRequestedFor(urlPathEqualTo(SEND)));
  }

  @ParameterizedTest
  @ValueSource(ints = {40008, 40039, 41001, 47001, 45065, 43002, 987654, -2})
  void anyOtherCodeRefusesThatMessageAndAlarms(int errcode) {
    Platform.answers(wechat, SEND, Platform.error(errcode, "x"));
    assertThat(sent())
        .isInstanceOfSatisfying(
            SendOutcome.Refused.class,
            refused -> {
              assertThat(refused.alarm()).isTrue();
              assertThat(refused.recipientGone()).isFalse();
              assertThat(refused.why().code()).isEqualTo(String.valueOf(errcode));
            });
    wechat.verify(1, postRequestedFor(urlPathEqualTo(SEND)));
  }

  @ParameterizedTest
  @CsvSource({
    "-1,false",
    "268487001,false",
    "268487002,false",
    "268488001,false",
    "42010,false",
    "45066,false",
    "45169,false",
    "45011,true"
  })
  void busyMeansLater(int errcode, boolean wholeChannel) {
    Platform.answers(wechat, SEND, Platform.error(errcode, "system error"));
    assertThat(sent())
        .isInstanceOfSatisfying(
            SendOutcome.Later.class,
            later -> {
              assertThat(later.wholeChannel()).isEqualTo(wholeChannel);
              assertThat(later.after()).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(1));
            });
    wechat.verify(1, postRequestedFor(urlPathEqualTo(SEND)));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-24T04:00:00Z,PT1H", // noon in Shanghai: look again in an hour
    "2026-11-24T15:40:00Z,PT21M", // 23:40: just after midnight
    "2026-11-24T15:59:59.5Z,PT1M0.5S"
  })
  void aUsedUpQuotaHoldsTheWholeChannel(Instant now, Duration after) {
    Platform.answers(wechat, SEND, Platform.error(45009, "reach max api daily quota limit"));
    SendOutcome outcome =
        Platform.send(
            opened(Platform.settings(wechat).clock(new Platform.MovableClock(now))),
            Platform.aMessage());
    assertThat(outcome)
        .isInstanceOfSatisfying(
            SendOutcome.Later.class,
            later -> {
              assertThat(later.wholeChannel()).isTrue();
              assertThat(later.after()).isEqualTo(after);
            });
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aBrokenConnectionAfterTheMessageLeftIsUnknownAndNeverRepeated(Fault fault) {
    Platform.answers(wechat, SEND, Platform.fault(fault));
    assertThat(sent()).isInstanceOf(SendOutcome.Unknown.class);
    wechat.verify(1, postRequestedFor(urlPathEqualTo(SEND)));
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aConnectionFromThePoolThatBreaksIsUnknownToo(Fault fault) {
    OfficialAccount account = opened(Platform.settings(wechat).maxInFlight(1));
    Platform.answers(wechat, SEND, Platform.accepted());
    Platform.send(account, Platform.aMessage());
    Platform.answers(wechat, SEND, Platform.fault(fault));
    assertThat(Platform.send(account, Platform.aMessage())).isInstanceOf(SendOutcome.Unknown.class);
    wechat.verify(2, postRequestedFor(urlPathEqualTo(SEND)));
  }

  @Test
  void noAnswerInTimeIsUnknownWithinTheCallLimit() {
    Platform.answers(wechat, SEND, Platform.accepted().withFixedDelay(5000));
    OfficialAccount account = opened(Platform.settings(wechat).callTimeout(Duration.ofSeconds(1)));
    long before = System.nanoTime();
    SendOutcome outcome = Platform.send(account, Platform.aMessage());
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(4500));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            SendOutcome.Unknown.class, u -> assertThat(u.why().code()).isEqualTo("TIMEOUT"));
    wechat.verify(1, postRequestedFor(urlPathEqualTo(SEND)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "500",
        "502",
        "503",
        "503 RETRY",
        "408",
        "421",
        "302",
        "404",
        "HTML",
        "EMPTY",
        "ARRAY",
        "NO_ID",
        "CODE",
        "TRAILING"
      })
  void anAnswerThatIsNotWeChatsIsUnknownAndNeverRepeated(String how) {
    Platform.answers(wechat, SEND, strange(how));
    assertThat(sent()).isInstanceOf(SendOutcome.Unknown.class);
    wechat.verify(1, postRequestedFor(urlPathEqualTo(SEND)));
  }

  private static ResponseDefinitionBuilder strange(String how) {
    return switch (how) {
      case "503 RETRY" -> aResponse().withStatus(503).withHeader("Retry-After", "0");
      case "302" -> aResponse().withStatus(302).withHeader("Location", SEND);
      case "HTML" -> aResponse().withBody("<html>log in</html>");
      case "EMPTY" -> aResponse().withStatus(200);
      case "ARRAY" -> okJson("[]");
      case "NO_ID" -> okJson("{\"errcode\":0,\"errmsg\":\"ok\"}");
      case "CODE" -> okJson("{\"errcode\":\"none\",\"msgid\":1}");
      case "TRAILING" -> okJson("{\"errcode\":0,\"msgid\":1}{\"errcode\":40003}");
      default -> aResponse().withStatus(Integer.parseInt(how)).withBody("proxy");
    };
  }

  @Test
  void aRefusedConnectionIsCertainlyNotSent() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertNotSent(Platform.settings(wechat).baseUrl("http://localhost:" + free), "CONNECT");
  }

  @Test
  void anUnknownHostIsCertainlyNotSent() {
    assertNotSent(Platform.settings(wechat).baseUrl("https://api.weixin.invalid"), "DNS");
  }

  @Test
  void aServerThatSpeaksNoTlsIsCertainlyNotSent() {
    assertNotSent(
        Platform.settings(wechat).baseUrl("https://localhost:" + wechat.getPort()), "TLS");
  }

  @Test
  void aServerWithoutATrustedCertificateIsToldNothing() {
    WireMockServer impostor =
        new WireMockServer(WireMockConfiguration.wireMockConfig().dynamicPort().dynamicHttpsPort());
    impostor.start();
    try {
      assertNotSent(
          Platform.settings(wechat).baseUrl("https://localhost:" + impostor.httpsPort()), "TLS");
      assertThat(impostor.getAllServeEvents()).isEmpty();
    } finally {
      impostor.stop();
    }
  }

  private void assertNotSent(OfficialAccountSettings.Builder settings, String code) {
    OfficialAccount account = opened(settings.tokenSource(new FixedTokens()));
    assertThat(Platform.send(account, Platform.aMessage()))
        .isInstanceOfSatisfying(
            SendOutcome.Later.class,
            later -> {
              assertThat(later.why().code()).isEqualTo(code);
              assertThat(later.why().advice()).isNotBlank();
            });
  }

  @Test
  void keepsToItsRateWithoutBlockingTheCaller() {
    Platform.answers(wechat, SEND, Platform.accepted());
    OfficialAccount account =
        opened(Platform.settings(wechat).sendsPerSecond(20).callTimeout(Duration.ofSeconds(30)));
    long start = System.nanoTime();
    List<CompletableFuture<SendOutcome>> all = sendMany(account, 60);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(2400));
    assertThat(all.stream().map(CompletableFuture::join))
        .allMatch(SendOutcome.Accepted.class::isInstance);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(2700));
  }

  @Test
  void aMessageThatGetsNoTurnInTimeIsCertainlyNotSent() {
    Platform.answers(wechat, SEND, Platform.accepted());
    OfficialAccount account =
        opened(Platform.settings(wechat).sendsPerSecond(5).callTimeout(Duration.ofSeconds(2)));
    List<SendOutcome> all = sendMany(account, 20).stream().map(CompletableFuture::join).toList();
    long accepted = all.stream().filter(SendOutcome.Accepted.class::isInstance).count();
    long later =
        all.stream()
            .filter(o -> o instanceof SendOutcome.Later l && l.why().code().equals("NO_TURN"))
            .count();
    assertThat(accepted).isBetween(4L, 15L);
    assertThat(accepted + later).isEqualTo(20);
    wechat.verify((int) accepted, postRequestedFor(urlPathEqualTo(SEND)));
  }

  @Test
  void letsNoMoreThanItsLimitBeUnderWay() {
    Platform.answers(wechat, SEND, Platform.accepted().withFixedDelay(300));
    OfficialAccount account = opened(Platform.settings(wechat).maxInFlight(4));
    List<CompletableFuture<SendOutcome>> all = sendMany(account, 12);
    long start = System.nanoTime();
    assertThat(all.stream().map(CompletableFuture::join))
        .allMatch(SendOutcome.Accepted.class::isInstance);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(800));
  }

  @Test
  void tellsTheEngineItsLimits() {
    MessageChannel channel =
        opened(Platform.settings(wechat).maxInFlight(7).callTimeout(Duration.ofSeconds(9)))
            .channel(ChannelKind.WECHAT_TEMPLATE)
            .orElseThrow();
    assertThat(channel.dedupeWindow()).isEqualTo(Duration.ofMinutes(10));
    assertThat(channel.callLimit()).isEqualTo(Duration.ofSeconds(9));
    assertThat(channel.maxInFlight()).isEqualTo(7);
    assertThat(channel.lookup(Platform.aMessage())).isEmpty();
  }

  @Test
  void hasNoThreadBeforeTheFirstCallAndNoneAfterClose() {
    Platform.answers(wechat, SEND, Platform.accepted());
    await().until(() -> ownThreads() == 0);
    OfficialAccount account = Platform.account(wechat);
    assertThat(ownThreads()).isZero();
    Platform.send(account, Platform.aMessage());
    assertThat(ownThreads()).isPositive();
    account.close();
    await().until(() -> ownThreads() == 0);
    assertThat(Platform.send(account, Platform.aMessage()))
        .isInstanceOfSatisfying(
            SendOutcome.Later.class,
            later -> {
              assertThat(later.why().code()).isEqualTo("CLOSED");
              assertThat(later.why().advice()).contains("waiting does not help");
              assertThat(later.why().adviceZh()).contains("等待无效");
            });
  }

  @Test
  void closingEndsWhatIsUnderWay() {
    Platform.answers(wechat, SEND, Platform.accepted().withFixedDelay(20_000));
    OfficialAccount account = opened(Platform.settings(wechat).callTimeout(Duration.ofSeconds(30)));
    CompletableFuture<SendOutcome> under = sendMany(account, 1).get(0);
    await().until(() -> !wechat.findAll(postRequestedFor(urlPathEqualTo(SEND))).isEmpty());
    account.close();
    await().atMost(Duration.ofSeconds(60)).until(under::isDone);
    assertThat(under.join()).isInstanceOf(SendOutcome.Unknown.class);
  }

  private static long ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("laoke-wechat"))
        .count();
  }

  private static List<CompletableFuture<SendOutcome>> sendMany(OfficialAccount account, int n) {
    MessageChannel channel = account.channel(ChannelKind.WECHAT_TEMPLATE).orElseThrow();
    List<CompletableFuture<SendOutcome>> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      all.add(channel.send(Platform.aMessage()).toCompletableFuture());
    }
    return all;
  }

  private SendOutcome sent() {
    return Platform.send(opened(Platform.settings(wechat)), Platform.aMessage());
  }

  private OfficialAccount opened(OfficialAccountSettings.Builder settings) {
    OfficialAccount account = WeChat.officialAccount(settings.build());
    accounts.add(account);
    return account;
  }

  private static final class FixedTokens implements TokenSource {
    @Override
    public String current() {
      return "TOKEN";
    }

    @Override
    public void refused(String used) {}
  }
}
