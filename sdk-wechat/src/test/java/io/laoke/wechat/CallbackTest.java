package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.laoke.error.ChannelException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.StoreException;
import io.laoke.message.Inbound;
import io.laoke.message.Inbound.Delivery;
import io.laoke.message.Reply;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackTest {
  private static final Instant AT = Instant.ofEpochSecond(1766000000);

  private final Pushes.Receiver receiver = new Pushes.Receiver();
  private final List<OfficialAccount> accounts = new ArrayList<>();

  @AfterEach
  void close() {
    receiver.released.countDown();
    accounts.forEach(OfficialAccount::close);
  }

  @Test
  void answersTheVerificationOfTheUrl() {
    Map<String, String> query = Pushes.query();
    query.put("echostr", "5837397576500011341");
    CallbackResponse response =
        callback(Pushes.secure()).handle(new CallbackRequest("GET", query, new byte[0]));
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.contentType()).startsWith("text/plain");
    assertThat(Pushes.body(response)).isEqualTo("5837397576500011341");
  }

  @ParameterizedTest
  @CsvSource({
    "signature,0000000000000000000000000000000000000000",
    "timestamp,1",
    "timestamp,''",
    "timestamp,99999999999999999999",
    "nonce,other"
  })
  void refusesAForgedVerification(String parameter, String value) {
    Map<String, String> query = Pushes.query();
    query.put("echostr", "1");
    query.put(parameter, value);
    CallbackResponse response =
        callback(Pushes.secure()).handle(new CallbackRequest("GET", query, new byte[0]));
    assertThat(response.status()).isEqualTo(403);
    assertThat(response.body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1795478999, -599 s",
    "1795477801, 599 s",
    "1795392000, 86400 s",
    "1795391999, more than a day",
    "17954784000, more than a day",
    "999999999999, more than a day",
    "1, more than a day"
  })
  void saysHowFarATimeStampIsOffButNoNumberOfPhonesLength(String time, String off) {
    Map<String, String> query = Pushes.query();
    query.put("timestamp", time);
    assertThatThrownBy(
            () -> callback(Pushes.secure()).opened(new CallbackRequest("POST", query, new byte[0])))
        .hasMessage(
            "the time stamp is %s off: a replay, or this server's clock is wrong".formatted(off));
  }

  @Test
  void echoesNoMarkup() {
    Map<String, String> query = Pushes.query();
    query.put("echostr", "<script>");
    assertThat(
            callback(Pushes.secure())
                .handle(new CallbackRequest("GET", query, new byte[0]))
                .status())
        .isEqualTo(400);
  }

  @Test
  void refusesOtherMethods() {
    assertThat(
            callback(Pushes.secure())
                .handle(new CallbackRequest("PUT", Pushes.query(), new byte[0]))
                .status())
        .isEqualTo(405);
  }

  @Test
  void takesPlainPushesWhenNoKeyIsSet() {
    CallbackResponse response =
        callback(Pushes.settings()).handle(Pushes.plain(Pushes.scan("lk:7f3a")));
    assertThat(Pushes.body(response)).isEqualTo("success");
    assertThat(response.status()).isEqualTo(200);
    assertThat(receiver.facts)
        .singleElement()
        .isInstanceOfSatisfying(
            Inbound.Scanned.class,
            scanned -> {
              assertThat(scanned.scene()).isEqualTo("lk:7f3a");
              assertThat(scanned.followed()).isFalse();
              assertThat(scanned.openid()).isEqualTo("oMEMBER1");
              assertThat(scanned.at()).isEqualTo(AT);
              assertThat(scanned.key()).startsWith("scan:1766000000:").doesNotContain("oMEMBER1");
            });
  }

  @Test
  void refusesPlainPushesWhenSecureOnesAreExpected() {
    assertThat(callback(Pushes.secure()).handle(Pushes.plain(Pushes.scan("s"))).status())
        .isEqualTo(403);
    assertThat(receiver.facts).isEmpty();
  }

  @Test
  void refusesEncryptedPushesWhenOnlyPlainOnesAreTaken() {
    assertThat(callback(Pushes.settings()).handle(Pushes.encrypted(Pushes.scan("s"))).status())
        .isEqualTo(403);
  }

  @Test
  void takesBothDuringAChangeOfMode() {
    WeChatCallback callback =
        callback(Pushes.secure().callbackModes(CallbackMode.PLAIN, CallbackMode.SECURE));
    assertThat(callback.handle(Pushes.plain(Pushes.scan("a"))).status()).isEqualTo(200);
    assertThat(callback.handle(Pushes.encrypted(Pushes.scan("b"))).status()).isEqualTo(200);
    assertThat(receiver.facts).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"xml", "json"})
  void answersASecurePushEncryptedInItsOwnFormat(String format) {
    receiver.reply = Reply.text("订单SO-1001：已发货 ]]> <&\"");
    boolean json = format.equals("json");
    String push =
        json
            ? "{\"ToUserName\":\"gh_0123456789ab\",\"FromUserName\":\"oMEMBER1\","
                + "\"CreateTime\":1766000000,\"MsgType\":\"event\",\"Event\":\"SCAN\","
                + "\"EventKey\":\"lk:1\"}"
            : Pushes.scan("lk:1");
    CallbackResponse response = callback(Pushes.secure()).handle(Pushes.encrypted(push));
    assertThat(response.contentType()).startsWith("application/" + format);
    PushBody outer = PushBody.parse(response.body()).orElseThrow();
    assertThat(outer.json()).isEqualTo(json);
    assertThat(outer.field("TimeStamp")).isEqualTo(String.valueOf(Pushes.NOW.getEpochSecond()));
    assertThat(
            Signature.matches(
                outer.field("MsgSignature"),
                Pushes.TOKEN,
                outer.field("TimeStamp"),
                outer.field("Nonce"),
                outer.field("Encrypt")))
        .isTrue();
    String inner =
        new AesKey(Pushes.KEY, Platform.APP_ID).decrypt(outer.field("Encrypt")).orElseThrow();
    PushBody reply = PushBody.parse(inner).orElseThrow();
    assertThat(reply.json()).isEqualTo(json);
    assertThat(reply.fields())
        .containsEntry("ToUserName", "oMEMBER1")
        .containsEntry("FromUserName", Pushes.GH)
        .containsEntry("MsgType", "text")
        .containsEntry("CreateTime", String.valueOf(Pushes.NOW.getEpochSecond()))
        .containsEntry("Content", "订单SO-1001：已发货 ]]> <&\"");
  }

  @Test
  void believesOnlyTheEncryptedPartOfACompatiblePush() {
    String cipherText =
        new AesKey(Pushes.KEY, Platform.APP_ID)
            .encrypt(Pushes.scan("true"), Pushes.utf8("0123456789abcdef"));
    String body =
        Pushes.scan("forged").replace("</xml>", "<Encrypt>" + cipherText + "</Encrypt></xml>");
    CallbackRequest request =
        new CallbackRequest("POST", Pushes.query(cipherText), Pushes.utf8(body));
    assertThat(callback(Pushes.secure()).handle(request).status()).isEqualTo(200);
    assertThat(receiver.facts)
        .singleElement()
        .satisfies(fact -> assertThat(fact.scannedScene()).contains("true"));
  }

  @Test
  void answersWithThePreviousKeyWhileAKeyChanges() {
    receiver.reply = Reply.text("好");
    AesKey old = new AesKey(Pushes.OLD_KEY, Platform.APP_ID);
    CallbackResponse response =
        callback(Pushes.secure().previousEncodingAesKey(Pushes.OLD_KEY))
            .handle(Pushes.encrypted(Pushes.scan("s"), old));
    assertThat(response.status()).isEqualTo(200);
    String encrypted = PushBody.parse(response.body()).orElseThrow().field("Encrypt");
    assertThat(old.decrypt(encrypted)).isPresent();
  }

  @Test
  void refusesWhatIsForAnotherAppIdOrAccount() {
    AesKey foreign = new AesKey(Pushes.KEY, "wx9999999999999999");
    assertThat(
            callback(Pushes.secure()).handle(Pushes.encrypted(Pushes.scan("s"), foreign)).status())
        .isEqualTo(403);
    assertThat(
            callback(Pushes.secure().originalId("gh_another"))
                .handle(Pushes.encrypted(Pushes.scan("s")))
                .status())
        .isEqualTo(403);
    assertThat(
            callback(Pushes.secure().originalId(Pushes.GH))
                .handle(Pushes.encrypted(Pushes.scan("s")))
                .status())
        .isEqualTo(200);
  }

  @Test
  void refusesAReplayAndAClockThatIsOff() {
    CallbackRequest request = Pushes.encrypted(Pushes.scan("s"));
    for (Duration off : List.of(Duration.ofSeconds(301), Duration.ofSeconds(-301))) {
      Platform.MovableClock clock = new Platform.MovableClock(Pushes.NOW.plus(off));
      assertThat(callback(Pushes.secure().clock(clock)).handle(request).status()).isEqualTo(403);
    }
    Platform.MovableClock clock = new Platform.MovableClock(Pushes.NOW.plusSeconds(299));
    assertThat(callback(Pushes.secure().clock(clock)).handle(request).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"msg_signature", "timestamp", "nonce"})
  void refusesAForgedSecurePush(String parameter) {
    CallbackRequest right = Pushes.encrypted(Pushes.scan("s"));
    for (Optional<String> forged :
        List.of(Optional.<String>empty(), Optional.of("1"), Optional.of("é"))) {
      Map<String, String> query = new TreeMap<>(right.query());
      query.remove(parameter);
      forged.ifPresent(value -> query.put(parameter, value));
      CallbackResponse response =
          callback(Pushes.secure()).handle(new CallbackRequest("POST", query, right.body()));
      assertThat(response.status()).isEqualTo(403);
      assertThat(response.body()).isEmpty();
    }
    assertThat(receiver.facts).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%%%", "AAAA", "", "QUJD", "not base64 at all!", "AAAAAAAAAAAAAAAAAAAAAA=="})
  void refusesBrokenCipherTextThoughItIsSigned(String cipherText) {
    assertThat(callback(Pushes.secure()).handle(Pushes.sealed(cipherText, false)).status())
        .isEqualTo(403);
  }

  @Test
  void refusesWrongPaddingAndWrongLength() throws Exception {
    for (int pad : new int[] {0, 33, 255}) {
      assertThat(callback(Pushes.secure()).handle(crafted(4, pad, 0)).status()).isEqualTo(403);
    }
    for (int wrong : new int[] {1, -1, 1 << 20, Integer.MIN_VALUE}) {
      assertThat(callback(Pushes.secure()).handle(crafted(4, 0, wrong)).status()).isEqualTo(403);
    }
    assertThat(callback(Pushes.secure()).handle(crafted(0, 0, 0)).status())
        .as("the same craft without a flaw is opened, and is no XML")
        .isEqualTo(400);
  }

  /** Encrypts a block with a flaw: another last byte, or another length. */
  private static CallbackRequest crafted(int garbage, int pad, int wrongLength) throws Exception {
    byte[] app = Pushes.utf8(Platform.APP_ID);
    byte[] plain = new byte[64];
    int message = 64 - 20 - app.length - 6;
    java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(plain);
    buffer.position(16);
    buffer.putInt(message + wrongLength);
    buffer.position(20 + message);
    buffer.put(app);
    java.util.Arrays.fill(plain, 58, 64, (byte) 6);
    if (garbage > 0 && wrongLength == 0) {
      plain[63] = (byte) pad;
    }
    byte[] key = java.util.Base64.getDecoder().decode(Pushes.KEY + "=");
    javax.crypto.Cipher cipher = javax.crypto.Cipher.getInstance("AES/CBC/NoPadding");
    cipher.init(
        javax.crypto.Cipher.ENCRYPT_MODE,
        new javax.crypto.spec.SecretKeySpec(key, "AES"),
        new javax.crypto.spec.IvParameterSpec(key, 0, 16));
    return Pushes.sealed(
        java.util.Base64.getEncoder().encodeToString(cipher.doFinal(plain)), false);
  }

  @Test
  void readsNothingFromOutsideAndExpandsNothing() {
    String external =
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"
            + Pushes.text("hi").replace("<![CDATA[hi]]>", "&e;");
    String laughs =
        "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
            + "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>"
            + Pushes.text("hi").replace("<![CDATA[hi]]>", "&c;");
    String doctype = "<!DOCTYPE xml SYSTEM \"http://127.0.0.1:1/evil.dtd\">" + Pushes.text("hi");
    String undeclared = Pushes.text("hi").replace("<![CDATA[hi]]>", "&e;");
    for (String body : List.of(external, laughs, doctype, undeclared)) {
      assertThat(callback(Pushes.settings()).handle(Pushes.plain(body)).status()).isEqualTo(400);
    }
    assertThat(receiver.facts).isEmpty();
  }

  @Test
  void readsXmlsOwnEntitiesAndMarkupInsideCdata() {
    WeChatCallback callback = callback(Pushes.settings());
    callback.handle(
        Pushes.plain(Pushes.text("x").replace("<![CDATA[x]]>", "a &lt;b&gt; &amp; &#20013;")));
    callback.handle(Pushes.plain(Pushes.text("<!DOCTYPE html> ]]]]><![CDATA[> &amp;")));
    assertThat(receiver.facts)
        .extracting(fact -> ((Inbound.Said) fact).text())
        .containsExactly("a <b> & 中", "<!DOCTYPE html> ]]> &amp;");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "hello", "<xml>", "<xml></yml>", "{", "{\"a\":1}x", "[1]", "\u0000"})
  void refusesWhatIsNeitherXmlNorJson(String body) {
    assertThat(callback(Pushes.settings()).handle(Pushes.plain(body)).status()).isEqualTo(400);
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] body = Pushes.utf8(Pushes.text("é"));
    for (int i = 0; i < body.length; i++) {
      if (body[i] == (byte) 0xC3) {
        body[i] = (byte) 0xFF;
      }
    }
    assertThat(
            callback(Pushes.settings())
                .handle(new CallbackRequest("POST", Pushes.query(), body))
                .status())
        .isEqualTo(400);
  }

  @Test
  void refusesDeepWideAndOversizeBodies() {
    String deep = "<xml>" + "<a>".repeat(20) + "</a>".repeat(20) + "</xml>";
    StringBuilder wide = new StringBuilder("<xml>");
    for (int i = 0; i < 600; i++) {
      wide.append("<a").append(i).append("/>");
    }
    String deepJson = "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}";
    for (String body : List.of(deep, wide.append("</xml>").toString(), deepJson)) {
      assertThat(callback(Pushes.settings()).handle(Pushes.plain(body)).status()).isEqualTo(400);
    }
    String oversize = Pushes.text("x".repeat(64 * 1024));
    assertThat(callback(Pushes.settings()).handle(Pushes.plain(oversize)).status()).isEqualTo(413);
    String large = Pushes.text("x".repeat(60 * 1024));
    assertThat(callback(Pushes.settings()).handle(Pushes.plain(large)).status()).isEqualTo(200);
  }

  @Test
  void understandsEveryEventThatLaokeKnows() {
    String key = "<EventKey><![CDATA[%s]]></EventKey>";
    assertThat(fact(Pushes.event("subscribe", key.formatted("qrscene_lk:1"))))
        .isInstanceOfSatisfying(
            Inbound.Scanned.class,
            scanned -> {
              assertThat(scanned.scene()).isEqualTo("lk:1");
              assertThat(scanned.followed()).isTrue();
            });
    assertThat(fact(Pushes.event("subscribe", ""))).isInstanceOf(Inbound.Followed.class);
    assertThat(fact(Pushes.event("SUBSCRIBE", key.formatted(""))))
        .isInstanceOf(Inbound.Followed.class);
    assertThat(fact(Pushes.event("subscribe", key.formatted("last_trade_no_4200001"))))
        .isInstanceOf(Inbound.Followed.class);
    assertThat(fact(Pushes.event("scan", key.formatted("123"))))
        .isInstanceOf(Inbound.Scanned.class);
    assertThat(fact(Pushes.event("unsubscribe", key.formatted(""))))
        .isInstanceOf(Inbound.Unfollowed.class);
    assertThat(fact(Pushes.event("CLICK", key.formatted("MENU_SERVICE"))))
        .isInstanceOfSatisfying(
            Inbound.Clicked.class, c -> assertThat(c.menuKey()).isEqualTo("MENU_SERVICE"));
    assertThat(fact(Pushes.text("滤芯多久换😀")))
        .isInstanceOfSatisfying(
            Inbound.Said.class,
            said -> {
              assertThat(said.text()).isEqualTo("滤芯多久换😀");
              assertThat(said.key()).isEqualTo("msg:25012345678901234");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "success,DELIVERED",
    "' Success ',DELIVERED",
    "failed:user block,BLOCKED",
    "failed: user  block,BLOCKED",
    "failed: system failed,FAILED",
    "'',FAILED"
  })
  void readsDeliveryReports(String status, Delivery delivery) {
    Inbound fact =
        fact(
            Pushes.event(
                "TEMPLATESENDJOBFINISH",
                "<MsgID>3911200163836</MsgID><Status><![CDATA[" + status + "]]></Status>"));
    assertThat(fact)
        .isEqualTo(
            new Inbound.Reported(
                "templatesendjobfinish:3911200163836",
                AT,
                "oMEMBER1",
                "3911200163836",
                delivery,
                status));
  }

  @Test
  void readsTheEndOfAMassSending() {
    assertThat(
            fact(
                Pushes.event(
                    "MASSSENDJOBFINISH",
                    "<MsgID>34182</MsgID><Status>send success</Status><TotalCount>100</TotalCount>"
                        + "<FilterCount>80</FilterCount><SentCount>75</SentCount>"
                        + "<ErrorCount>5</ErrorCount>")))
        .isEqualTo(
            new Inbound.JobReported(
                "masssendjobfinish:34182:sendsuccess",
                AT,
                "oMEMBER1",
                "34182",
                true,
                "send success",
                100,
                80,
                75,
                5));
    assertThat(
            fact(Pushes.event("MASSSENDJOBFINISH", "<MsgID>1</MsgID><Status>err(10001)</Status>")))
        .isInstanceOfSatisfying(
            Inbound.JobReported.class, job -> assertThat(job.succeeded()).isFalse());
  }

  @Test
  void aRepeatHasTheSameKeyAndAnotherEventAnother() {
    String same = fact(Pushes.scan("a")).key();
    assertThat(fact(Pushes.scan("a")).key()).isEqualTo(same);
    assertThat(fact(Pushes.scan("b")).key()).isNotEqualTo(same);
    assertThat(fact(Pushes.scan("a").replace("1766000000", "1766000001")).key()).isNotEqualTo(same);
    assertThat(fact(Pushes.scan("a").replace("oMEMBER1", "oMEMBER2")).key()).isNotEqualTo(same);
  }

  @ParameterizedTest
  @ValueSource(strings = {"VIEW", "LOCATION", "user_info_modified", "SCAN"})
  void whatLaokeDoesNotKnowIsAnsweredWithSuccess(String event) {
    assertThat(callback(Pushes.settings()).handle(Pushes.plain(Pushes.event(event, ""))).status())
        .isEqualTo(200);
    assertThat(receiver.facts).isEmpty();
  }

  @Test
  void passesOnWhatIsNotOursAndWhatIsNotAnswered() {
    AtomicReference<WeChatEvent> seen = new AtomicReference<>();
    WeChatCallback callback =
        callback(Pushes.secure())
            .otherwise(
                event -> {
                  seen.set(event);
                  return Optional.of(event.textReply("由商家回答"));
                });
    CallbackResponse response =
        callback.handle(
            Pushes.encrypted(
                Pushes.event(
                    "scancode_push",
                    "<EventKey>k</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType>"
                        + "<ScanResult>2</ScanResult></ScanCodeInfo>")));
    assertThat(seen.get().event()).isEqualTo("scancode_push");
    assertThat(seen.get().field("ScanCodeInfo/ScanResult")).contains("2");
    assertThat(seen.get().openid()).isEqualTo("oMEMBER1");
    assertThat(seen.get().body()).startsWith("<xml>");
    assertThat(seen.get().toString()).doesNotContain("oMEMBER1");
    String encrypted = PushBody.parse(response.body()).orElseThrow().field("Encrypt");
    assertThat(new AesKey(Pushes.KEY, Platform.APP_ID).decrypt(encrypted).orElseThrow())
        .contains("由商家回答");

    callback.handle(Pushes.encrypted(Pushes.text("你好")));
    assertThat(seen.get().type()).isEqualTo("text");
    assertThat(receiver.facts).hasSize(1);
  }

  @Test
  void doesNotPassOnWhatLaokeAnswers() {
    AtomicInteger asked = new AtomicInteger();
    receiver.reply = Reply.text("已绑定");
    callback(Pushes.settings())
        .otherwise(
            event -> {
              asked.incrementAndGet();
              return Optional.empty();
            })
        .handle(Pushes.plain(Pushes.scan("lk:1")));
    assertThat(asked).hasValue(0);
  }

  @Test
  void aFailingOrSlowHandlerIsAnsweredWithSuccess() {
    WeChatCallback failing =
        callback(Pushes.settings())
            .otherwise(
                event -> {
                  throw new java.io.IOException("host");
                });
    assertThat(Pushes.body(failing.handle(Pushes.plain(Pushes.event("VIEW", "")))))
        .isEqualTo("success");
    WeChatCallback slow =
        callback(Pushes.settings().callbackLimit(Duration.ofMillis(200)))
            .otherwise(
                event -> {
                  receiver.released.await();
                  return Optional.empty();
                });
    assertThat(Pushes.body(slow.handle(Pushes.plain(Pushes.event("VIEW", "")))))
        .isEqualTo("success");
  }

  @Test
  void aHandlersOwnSuccessIsNoReply() {
    WeChatCallback callback = callback(Pushes.secure()).otherwise(event -> Optional.of("success"));
    assertThat(Pushes.body(callback.handle(Pushes.encrypted(Pushes.event("VIEW", "")))))
        .isEqualTo("success");
  }

  @Test
  void slowHandlersOfTheHostDoNotHoldUpLaoke() {
    WeChatCallback callback =
        callback(Pushes.settings().callbackLimit(Duration.ofMillis(100)))
            .otherwise(
                event -> {
                  receiver.released.await();
                  return Optional.empty();
                });
    for (int i = 0; i < 20; i++) {
      callback.handle(Pushes.plain(Pushes.event("VIEW", "")));
    }
    receiver.reply = Reply.text("已绑定");
    WeChatCallback unhurried = callback(Pushes.settings());
    assertThat(Pushes.body(unhurried.handle(Pushes.plain(Pushes.scan("lk:1"))))).contains("已绑定");
    // Again and again, since a busy machine may not answer within a limit so short.
    await()
        .untilAsserted(
            () -> assertThat(callback.accept(Pushes.scan("lk:1")).orElse("")).contains("已绑定"));
  }

  @Test
  void passesOnWhatCouldNotBeProcessed() {
    AtomicInteger asked = new AtomicInteger();
    receiver.processingFails = true;
    WeChatCallback callback =
        callback(Pushes.settings())
            .otherwise(
                event -> {
                  asked.incrementAndGet();
                  return Optional.of(event.textReply("稍候"));
                });
    assertThat(Pushes.body(callback.handle(Pushes.plain(Pushes.text("你好"))))).contains("稍候");
    assertThat(asked).hasValue(1);
  }

  @Test
  void cutsAHostsReplyLikeOurs() {
    WeChatCallback callback =
        callback(Pushes.settings())
            .otherwise(event -> Optional.of(event.textReply("a".repeat(3000))));
    String body = Pushes.body(callback.handle(Pushes.plain(Pushes.event("VIEW", ""))));
    assertThat(PushBody.parse(body).orElseThrow().field("Content"))
        .hasSizeBetween(2000, 2040)
        .endsWith("…");
  }

  /**
   * The reply is the only telling of the present stage, so it must not be lost to a slow moment.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aScanWhoseReplyIsNotReadyComesAgainForIt(boolean slow) {
    receiver.reply = Reply.text("订单SO-1001：已发货");
    receiver.hangsWhileProcessing = slow;
    receiver.processingFails = !slow;
    WeChatCallback callback = callback(Pushes.secure().callbackLimit(Duration.ofMillis(500)));
    String young =
        Pushes.scan("lk:1").replace("1766000000", "" + Pushes.NOW.minusSeconds(5).getEpochSecond());
    String last =
        Pushes.scan("lk:1")
            .replace("1766000000", "" + Pushes.NOW.minusSeconds(12).getEpochSecond());
    assertThat(callback.handle(Pushes.encrypted(young)).status()).isEqualTo(503);
    assertThatThrownBy(() -> callback.accept(young))
        .isInstanceOfSatisfying(ChannelException.class, e -> assertThat(e.retryable()).isTrue())
        .hasMessageContaining("5xx");
    assertThat(callback.accept(last)).isEmpty();
    assertThat(Pushes.body(callback.handle(Pushes.encrypted(last)))).isEqualTo("success");
    receiver.hangsWhileProcessing = false;
    receiver.processingFails = false;
    assertThat(Pushes.body(callback.handle(Pushes.encrypted(young)))).contains("<Encrypt>");
  }

  @Test
  void letsWeChatRepeatWhatWasNotWrittenInTime() {
    receiver.hangsBeforeWriting = true;
    long start = System.nanoTime();
    CallbackResponse response =
        callback(Pushes.settings().callbackLimit(Duration.ofMillis(300)))
            .handle(Pushes.plain(Pushes.scan("s")));
    assertThat(response.status()).isEqualTo(503);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void letsWeChatRepeatWhatCouldNotBeWritten() {
    receiver.storeFails = true;
    assertThat(callback(Pushes.settings()).handle(Pushes.plain(Pushes.scan("s"))).status())
        .isEqualTo(503);
  }

  @Test
  void whatIsWrittenNeedsNoRepeatThoughProcessingIsLateOrFails() {
    receiver.hangsWhileProcessing = true;
    assertThat(
            Pushes.body(
                callback(Pushes.settings().callbackLimit(Duration.ofMillis(300)))
                    .handle(Pushes.plain(Pushes.scan("s")))))
        .isEqualTo("success");
    receiver.hangsWhileProcessing = false;
    receiver.processingFails = true;
    assertThat(Pushes.body(callback(Pushes.settings()).handle(Pushes.plain(Pushes.scan("s")))))
        .isEqualTo("success");
    assertThat(receiver.facts).hasSize(2);
  }

  @Test
  void acceptsWhatTheHostHasDecrypted() {
    WeChatCallback callback = callback(Pushes.secure().originalId(Pushes.GH));
    assertThat(callback.accept(Pushes.scan("lk:1"))).isEmpty();
    assertThat(callback.accept(Pushes.event("VIEW", ""))).isEmpty();
    receiver.reply = Reply.text("已绑定");
    assertThat(callback.accept(Pushes.scan("lk:2")).orElseThrow())
        .startsWith("<xml>")
        .contains("<Content><![CDATA[已绑定]]></Content>");
    assertThat(receiver.facts).hasSize(2);
    assertThatThrownBy(() -> callback.accept("no xml")).isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> callback.accept(Pushes.scan("s").replace(Pushes.GH, "gh_x")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("originalId");
  }

  @Test
  void tellsAHostThatItsEventWasNotWritten() {
    receiver.storeFails = true;
    assertThatThrownBy(() -> callback(Pushes.settings()).accept(Pushes.scan("s")))
        .isInstanceOf(StoreException.class);
    receiver.storeFails = false;
    receiver.hangsBeforeWriting = true;
    WeChatCallback hanging = callback(Pushes.settings().callbackLimit(Duration.ofMillis(200)));
    assertThatThrownBy(() -> hanging.accept(Pushes.scan("s")))
        .isInstanceOfSatisfying(ChannelException.class, e -> assertThat(e.retryable()).isTrue())
        .hasMessageContaining("5xx");
  }

  @Test
  void cutsAReplyThatWeChatWouldRefuse() {
    receiver.reply = Reply.text("😀".repeat(600));
    String body = Pushes.body(callback(Pushes.settings()).handle(Pushes.plain(Pushes.scan("s"))));
    String content = PushBody.parse(body).orElseThrow().field("Content");
    assertThat(content).endsWith("…");
    assertThat(Pushes.utf8(content).length).isBetween(2000, 2040);
  }

  @Test
  void answersOverTheJdksServerWhateverTheRequest() throws Exception {
    try (Endpoint endpoint = new Endpoint(callback(Pushes.secure()))) {
      CallbackRequest right = Pushes.encrypted(Pushes.scan("lk:1"));
      StringBuilder query = new StringBuilder("?flag&x=%20&");
      right
          .query()
          .forEach(
              (name, value) ->
                  query
                      .append(name)
                      .append('=')
                      .append(URLEncoder.encode(value, StandardCharsets.UTF_8))
                      .append('&'));
      assertThat(posted(endpoint.url() + query, right.body())).isEqualTo("200 success");
      assertThat(posted(endpoint.url(), right.body())).isEqualTo("403 ");
      assertThat(posted(endpoint.url() + "?timestamp=%41&nonce=%C3%28", new byte[70_000]))
          .isEqualTo("413 ");
      assertThat(posted(endpoint.url() + query, right.body())).isEqualTo("200 success");
    }
    assertThat(CallbackRequest.of("GET", "a=%zz&b=1&=x", new byte[0]).query())
        .containsEntry("a", "%zz")
        .containsEntry("b", "1");
    assertThat(CallbackRequest.of("GET", null, new byte[0]).query()).isEmpty();
  }

  private static String posted(String url, byte[] body) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url))
                    .timeout(Duration.ofSeconds(10))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }

  @Test
  void needsACallbackToken() {
    OfficialAccount account =
        WeChat.officialAccount(
            OfficialAccountSettings.builder(Platform.APP_ID).secret(Platform.SECRET).build());
    assertThatThrownBy(() -> account.callback(receiver))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("callbackToken");
  }

  private Inbound fact(String body) {
    return Inbounds.of(PushBody.parse(body).orElseThrow()).orElseThrow();
  }

  private WeChatCallback callback(OfficialAccountSettings.Builder settings) {
    OfficialAccount account = WeChat.officialAccount(settings.build());
    accounts.add(account);
    return account.callback(receiver);
  }
}
