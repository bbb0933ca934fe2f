package io.laoke.wechat;

import io.laoke.error.StoreException;
import io.laoke.message.Inbound;
import io.laoke.message.InboundReceiver;
import io.laoke.message.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Makers of pushes as WeChat sends them, and a receiver that tests look into. */
final class Pushes {
  static final String TOKEN = "callbackToken1";
  static final String KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  static final String OLD_KEY = "0123456789ABCDEFGabcdefghijklmnopqrstuvwxyz";
  static final String GH = "gh_0123456789ab";
  static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");

  private Pushes() {}

  static OfficialAccountSettings.Builder settings() {
    return OfficialAccountSettings.builder(Platform.APP_ID)
        .secret(Platform.SECRET)
        .callbackToken(TOKEN)
        .clock(new Platform.MovableClock(NOW))
        .callbackLimit(Duration.ofSeconds(2));
  }

  static OfficialAccountSettings.Builder secure() {
    return settings().encodingAesKey(KEY);
  }

  static Map<String, String> query(String... parts) {
    String[] signed = new String[parts.length + 3];
    signed[0] = TOKEN;
    signed[1] = String.valueOf(NOW.getEpochSecond());
    signed[2] = "nonce1";
    System.arraycopy(parts, 0, signed, 3, parts.length);
    Map<String, String> query = new TreeMap<>();
    query.put("timestamp", signed[1]);
    query.put("nonce", "nonce1");
    query.put("signature", Signature.of(TOKEN, signed[1], "nonce1"));
    if (parts.length > 0) {
      query.put("encrypt_type", "aes");
      query.put("msg_signature", Signature.of(signed));
    }
    return query;
  }

  static CallbackRequest plain(String body) {
    return new CallbackRequest("POST", query(), utf8(body));
  }

  static CallbackRequest encrypted(String body) {
    return encrypted(body, new AesKey(KEY, Platform.APP_ID));
  }

  static CallbackRequest encrypted(String body, AesKey key) {
    return sealed(key.encrypt(body, utf8("0123456789abcdef")), body.startsWith("{"));
  }

  static CallbackRequest sealed(String cipherText, boolean json) {
    String body =
        json
            ? "{\"ToUserName\":\"" + GH + "\",\"Encrypt\":\"" + cipherText + "\"}"
            : "<xml><ToUserName><![CDATA["
                + GH
                + "]]></ToUserName><Encrypt><![CDATA["
                + cipherText
                + "]]></Encrypt></xml>";
    return new CallbackRequest("POST", query(cipherText.strip()), utf8(body));
  }

  static String event(String event, String more) {
    return "<xml><ToUserName><![CDATA["
        + GH
        + "]]></ToUserName><FromUserName><![CDATA[oMEMBER1]]></FromUserName>"
        + "<CreateTime>1766000000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA["
        + event
        + "]]></Event>"
        + more
        + "</xml>";
  }

  static String scan(String scene) {
    return event("SCAN", "<EventKey><![CDATA[" + scene + "]]></EventKey>");
  }

  static String text(String content) {
    return "<xml><ToUserName><![CDATA["
        + GH
        + "]]></ToUserName><FromUserName><![CDATA[oMEMBER1]]></FromUserName>"
        + "<CreateTime>1766000110</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA["
        + content
        + "]]></Content><MsgId>25012345678901234</MsgId></xml>";
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String body(CallbackResponse response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** Notes facts and answers what a test told it to. */
  static final class Receiver implements InboundReceiver {
    final List<Inbound> facts = new CopyOnWriteArrayList<>();
    final CountDownLatch released = new CountDownLatch(1);
    volatile Reply reply = Reply.none();
    volatile boolean hangsBeforeWriting;
    volatile boolean hangsWhileProcessing;
    volatile boolean storeFails;
    volatile boolean processingFails;
    final AtomicInteger failures = new AtomicInteger();

    @Override
    public Receipt accept(String account, Inbound fact) {
      if (!account.equals(Platform.APP_ID)) {
        throw new AssertionError("another account: " + account);
      }
      if (storeFails) {
        throw new StoreException("the database is away", null, true);
      }
      if (hangsBeforeWriting) {
        hang();
      }
      facts.add(fact);
      return () -> {
        if (hangsWhileProcessing) {
          hang();
        }
        if (processingFails || failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
          throw new StoreException("deadlock", null, true);
        }
        return reply;
      };
    }

    private void hang() {
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
