package io.laoke.wechat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** WeChat's signature: the parts sorted as texts, joined, SHA-1, lower-case hex. */
final class Signature {
  private Signature() {}

  static String of(String... parts) {
    String[] sorted = parts.clone();
    Arrays.sort(sorted);
    return sha1(String.join("", sorted));
  }

  /** Compares in a time that tells nothing about the expected one. */
  static boolean matches(String given, String... parts) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), of(parts).getBytes(StandardCharsets.UTF_8));
  }

  static String sha1(String text) {
    return HexFormat.of().formatHex(digest("SHA-1", text));
  }

  static byte[] digest(String algorithm, String text) {
    try {
      return MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has " + algorithm, e);
    }
  }
}
