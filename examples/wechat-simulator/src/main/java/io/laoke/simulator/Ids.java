package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Ids of people: the same name has the same openid at an account in every run. */
final class Ids {
  private Ids() {}

  static String openId(String appId, String person) {
    return "o" + digest("openid/" + appId + "/" + person).substring(0, 27);
  }

  static String unionId(String openPlatform, String person) {
    return "o" + digest("unionid/" + openPlatform + "/" + person).substring(0, 27);
  }

  private static String digest(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK has no SHA-256", e);
    }
  }
}
