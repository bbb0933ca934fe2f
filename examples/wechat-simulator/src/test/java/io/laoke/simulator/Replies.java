package io.laoke.simulator;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a careful host does with a push: check, open, answer. */
final class Replies {
  private Replies() {}

  /** The plain content after checking the signature that the mode calls for. */
  static String open(SimulatedAccount account, TestHost.Got got) {
    String timestamp = got.query().get("timestamp");
    String nonce = got.query().get("nonce");
    String signature = PushCrypto.signature(account.token(), timestamp, nonce);
    if (!signature.equals(got.query().get("signature"))) {
      throw new AssertionError("signature does not fit");
    }
    if (account.mode() == PushMode.PLAIN) {
      return got.body();
    }
    String cipherText = encrypted(got.body());
    String msgSignature = PushCrypto.signature(account.token(), timestamp, nonce, cipherText);
    if (!msgSignature.equals(got.query().get("msg_signature"))
        || !"aes".equals(got.query().get("encrypt_type"))) {
      throw new AssertionError("msg_signature does not fit");
    }
    if (got.body().contains("FromUserName") != (account.mode() == PushMode.COMPATIBLE)) {
      throw new AssertionError("body of another mode: " + got.body());
    }
    try {
      return new PushCrypto(account.encodingAesKey(), account.appId()).decrypt(cipherText);
    } catch (PushCrypto.BadCipherText e) {
      throw new AssertionError(e);
    }
  }

  static String encrypted(String body) {
    Matcher found =
        Pattern.compile("Encrypt(?:><!\\[CDATA\\[|\":\")([A-Za-z0-9+/=]+)").matcher(body);
    if (!found.find()) {
      throw new AssertionError("nothing encrypted in " + body);
    }
    return found.group(1);
  }

  static String plainText(SimulatedAccount account, TestHost.Got got, String words) {
    return "<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>1766000001</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[%s]]></Content></xml>"
        .formatted(got.query().get("openid"), account.originalId(), words);
  }

  static String text(SimulatedAccount account, TestHost.Got got, String words) {
    String plain = plainText(account, got, words);
    return account.mode() == PushMode.PLAIN
        ? plain
        : sealed(account.token(), account.encodingAesKey(), account.appId(), plain);
  }

  static String sealed(String token, String aesKey, String appId, String plain) {
    String cipherText = new PushCrypto(aesKey, appId).encrypt(plain, "abcdefghijklmnop");
    return "<xml><Encrypt><![CDATA[%s]]></Encrypt><MsgSignature><![CDATA[%s]]></MsgSignature><TimeStamp>1766000001</TimeStamp><Nonce><![CDATA[abc]]></Nonce></xml>"
        .formatted(cipherText, PushCrypto.signature(token, "1766000001", "abc", cipherText));
  }
}
