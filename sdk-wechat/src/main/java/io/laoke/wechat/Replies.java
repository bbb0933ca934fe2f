package io.laoke.wechat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;

/** Writes passive replies, in the format of the push that they answer. */
final class Replies {
  /** WeChat's own limit is said to be 2,048. */
  private static final int MAX_BYTES = 2040;

  private final Clock clock;
  private final String token;
  private final SecureRandom random = new SecureRandom();

  Replies(Clock clock, String token) {
    this.clock = clock;
    this.token = token;
  }

  String text(PushBody push, String words) {
    String to = push.field("FromUserName");
    String from = push.field("ToUserName");
    String text = bounded(words);
    if (push.json()) {
      ObjectNode json = Json.object();
      json.put("ToUserName", to);
      json.put("FromUserName", from);
      json.put("CreateTime", now());
      json.put("MsgType", "text");
      json.put("Content", text);
      return Json.text(json);
    }
    return "<xml>"
        + element("ToUserName", to)
        + element("FromUserName", from)
        + "<CreateTime>"
        + now()
        + "</CreateTime>"
        + element("MsgType", "text")
        + element("Content", text)
        + "</xml>";
  }

  String encrypted(boolean json, String body, AesKey key) {
    byte[] salt = new byte[16];
    random.nextBytes(salt);
    byte[] once = new byte[8];
    random.nextBytes(once);
    return sealed(json, key.encrypt(body, salt), now(), HexFormat.of().formatHex(once));
  }

  private String sealed(boolean json, String encrypted, long timestamp, String nonce) {
    String signature = Signature.of(token, Long.toString(timestamp), nonce, encrypted);
    if (json) {
      ObjectNode answer = Json.object();
      answer.put("Encrypt", encrypted);
      answer.put("MsgSignature", signature);
      answer.put("TimeStamp", timestamp);
      answer.put("Nonce", nonce);
      return Json.text(answer);
    }
    return "<xml>"
        + element("Encrypt", encrypted)
        + element("MsgSignature", signature)
        + "<TimeStamp>"
        + timestamp
        + "</TimeStamp>"
        + element("Nonce", nonce)
        + "</xml>";
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  /** In CDATA; its end mark inside the value is split over two sections. */
  private static String element(String name, String value) {
    String kept = Characters.keep(value, Replies::allowedInXml);
    return "<"
        + name
        + "><![CDATA["
        + kept.replace("]]>", "]]]]><![CDATA[>")
        + "]]></"
        + name
        + ">";
  }

  private static boolean allowedInXml(int c) {
    return c == '\n'
        || c == '\t'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }

  private static String bounded(String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES) {
      return text;
    }
    StringBuilder kept = new StringBuilder();
    int bytes = "…".getBytes(StandardCharsets.UTF_8).length;
    for (int i = 0; i < text.length(); ) {
      String one = Character.toString(text.codePointAt(i));
      bytes += one.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_BYTES) {
        break;
      }
      kept.append(one);
      i += one.length();
    }
    return kept.append('…').toString();
  }
}
