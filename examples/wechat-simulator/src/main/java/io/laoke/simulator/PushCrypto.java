package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-CBC of pushes and replies, and their signatures. Written from the description of the
 * format alone, apart from the SDK's own, so that one can find the other's mistakes.
 */
final class PushCrypto {
  private static final int BLOCK = 32;

  private final byte[] key;
  private final String appId;

  PushCrypto(String encodingAesKey, String appId) {
    this.key = Base64.getDecoder().decode(encodingAesKey + "=");
    this.appId = appId;
  }

  /** Lower-case hex SHA-1 over the sorted, joined parts. */
  static String signature(String... parts) {
    String[] sorted = parts.clone();
    Arrays.sort(sorted);
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(sha1.digest(String.join("", sorted).getBytes(UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("This JDK has no SHA-1", impossible);
    }
  }

  String encrypt(String plain, String sixteen) {
    byte[] message = plain.getBytes(UTF_8);
    byte[] tail = appId.getBytes(UTF_8);
    int length = 16 + 4 + message.length + tail.length;
    int pad = BLOCK - length % BLOCK;
    byte[] framed = new byte[length + pad];
    ByteBuffer.wrap(framed)
        .put(sixteen.getBytes(UTF_8), 0, 16)
        .putInt(message.length)
        .put(message)
        .put(tail);
    Arrays.fill(framed, length, framed.length, (byte) pad);
    try {
      return Base64.getEncoder().encodeToString(cipher(Cipher.ENCRYPT_MODE).doFinal(framed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot encrypt", e);
    }
  }

  /** The message inside, or an exception that says what is wrong with the cipher text. */
  String decrypt(String cipherText) throws BadCipherText {
    byte[] framed;
    try {
      framed = cipher(Cipher.DECRYPT_MODE).doFinal(Base64.getDecoder().decode(cipherText.strip()));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new BadCipherText("not Base64 or not whole blocks", e);
    }
    int pad = framed.length == 0 ? 0 : framed[framed.length - 1];
    if (pad < 1 || pad > BLOCK || pad > framed.length) {
      throw new BadCipherText("padding " + pad, null);
    }
    for (int i = framed.length - pad; i < framed.length; i++) {
      if (framed[i] != pad) {
        throw new BadCipherText("uneven padding", null);
      }
    }
    int end = framed.length - pad;
    if (end < 20) {
      throw new BadCipherText("shorter than its head", null);
    }
    int size = ByteBuffer.wrap(framed).getInt(16);
    if (size < 0 || 20 + size > end) {
      throw new BadCipherText("length field " + size, null);
    }
    String tail = new String(framed, 20 + size, end - 20 - size, UTF_8);
    if (!tail.equals(appId)) {
      throw new BadCipherText("made for another appid", null);
    }
    return new String(framed, 20, size, UTF_8);
  }

  private Cipher cipher(int mode) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(key, 0, 16));
    return cipher;
  }

  /** The cipher text is not what a holder of the key would have made. */
  static final class BadCipherText extends Exception {
    private static final long serialVersionUID = 1L;

    BadCipherText(String why, @org.jspecify.annotations.Nullable Throwable cause) {
      super(why, cause);
    }
  }
}
