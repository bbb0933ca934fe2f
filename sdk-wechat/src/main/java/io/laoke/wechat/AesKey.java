package io.laoke.wechat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts and decrypts pushes: AES-256-CBC over 16 random bytes, the message's length, the message
 * and the appid, padded to blocks of 32 bytes by hand, since the JDK pads to 16.
 */
final class AesKey {
  private static final int BLOCK = 32;
  private static final int RANDOM = 16;
  private static final int HEAD = RANDOM + Integer.BYTES;

  private final SecretKeySpec key;
  private final IvParameterSpec iv;
  private final byte[] appId;

  /**
   * A key for one account.
   *
   * @param encodingAesKey the 43 characters of the developer platform
   */
  AesKey(String encodingAesKey, String appId) {
    byte[] bytes = Base64.getDecoder().decode(encodingAesKey + "=");
    key = new SecretKeySpec(bytes, "AES");
    iv = new IvParameterSpec(bytes, 0, 16);
    this.appId = appId.getBytes(StandardCharsets.UTF_8);
  }

  /** The message, or empty if it was not encrypted with this key for this account. */
  Optional<String> decrypt(String base64) {
    try {
      byte[] encrypted = Base64.getDecoder().decode(base64.strip());
      if (encrypted.length == 0 || encrypted.length % 16 != 0) {
        return Optional.empty();
      }
      return open(cipher(Cipher.DECRYPT_MODE).doFinal(encrypted));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /**
   * Encrypts a message.
   *
   * @param random 16 bytes
   */
  String encrypt(String message, byte[] random) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    int length = HEAD + bytes.length + appId.length;
    int pad = BLOCK - length % BLOCK;
    ByteBuffer plain = ByteBuffer.allocate(length + pad);
    plain.put(random, 0, RANDOM).putInt(bytes.length).put(bytes).put(appId);
    Arrays.fill(plain.array(), length, length + pad, (byte) pad);
    try {
      return Base64.getEncoder().encodeToString(cipher(Cipher.ENCRYPT_MODE).doFinal(plain.array()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has AES/CBC/NoPadding", e);
    }
  }

  /** Shows no key. */
  @Override
  public String toString() {
    return "AesKey[hidden]";
  }

  private Optional<String> open(byte[] plain) {
    int pad = plain[plain.length - 1];
    int end = plain.length - pad;
    if (pad < 1 || pad > BLOCK || end < HEAD + appId.length) {
      return Optional.empty();
    }
    for (int i = end; i < plain.length; i++) {
      if (plain[i] != pad) {
        return Optional.empty();
      }
    }
    int length = ByteBuffer.wrap(plain, RANDOM, Integer.BYTES).getInt();
    if (length != end - HEAD - appId.length
        || !Arrays.equals(plain, HEAD + length, end, appId, 0, appId.length)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(plain, HEAD, length))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
    cipher.init(mode, key, iv);
    return cipher;
  }
}
