package io.laoke.notice;

import io.laoke.internal.tenant.Tenant;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keeps something in a visitor's own browser that they can neither read nor change, and marks what
 * we made with keys of the dealer. Each purpose has its own key.
 */
final class WebSeal {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final int MARK = 22; // characters: 132 bits
  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

  private final SecureRandom random;

  WebSeal(SecureRandom random) {
    this.random = random;
  }

  String random(int bytes) {
    byte[] bits = new byte[bytes];
    random.nextBytes(bits);
    StringBuilder hex = new StringBuilder(2 * bytes);
    for (byte one : bits) {
      hex.append(Character.forDigit(one >> 4 & 15, 16)).append(Character.forDigit(one & 15, 16));
    }
    return hex.toString();
  }

  String seal(Tenant tenant, String purpose, String text) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, tenant, purpose, nonce)
              .doFinal(text.getBytes(StandardCharsets.UTF_8));
      return TEXT.encodeToString(
          ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Empty for whatever we have not sealed for this dealer and purpose. */
  Optional<String> open(Tenant tenant, String purpose, String sealed) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(sealed);
      if (bytes.length <= NONCE) {
        return Optional.empty();
      }
      ByteBuffer all = ByteBuffer.wrap(bytes);
      byte[] nonce = new byte[NONCE];
      all.get(nonce);
      byte[] rest = new byte[all.remaining()];
      all.get(rest);
      return Optional.of(
          new String(
              cipher(Cipher.DECRYPT_MODE, tenant, purpose, nonce).doFinal(rest),
              StandardCharsets.UTF_8));
    } catch (IllegalArgumentException | GeneralSecurityException notOurs) {
      return Optional.empty();
    }
  }

  private static Cipher cipher(int mode, Tenant tenant, String purpose, byte[] nonce)
      throws GeneralSecurityException {
    byte[] key = Base64.getUrlDecoder().decode(tenant.privacy().hash("web-key", purpose));
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }

  /** A mark that only this dealer can make. */
  static String mark(Tenant tenant, String purpose, String text) {
    return tenant.privacy().hash("web-mark/" + purpose, text).substring(0, MARK);
  }

  /** Takes the same time wherever they differ. */
  static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
