package io.laoke.base;

import io.laoke.error.InvalidInputException;
import io.laoke.error.SealedException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals with AES-256 in GCM mode, by the JDK alone. Each value names the key that it is under, so
 * that keys can be changed: give the new key, and the old ones by {@link #reading}; then let {@code
 * laoke.reseal()} seal anew what stands under old ones; after that an old key may be forgotten.
 *
 * <p>Keys come from outside, such as a key management service or the environment, and are never
 * written into Laoke's tables. Whoever loses a key loses what is sealed under it: keep a copy.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class AesGcmSealer implements Sealer {
  private static final String PREFIX = "lk1:";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,32}");
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int LONG = 600;

  private static final byte UTF_8 = 0;
  private static final byte UTF_16 = 1;
  private static final byte DEFLATED = 2;

  private final String current;
  private final Map<String, SecretKeySpec> keys;
  private final boolean plain;
  private final SecureRandom random = new SecureRandom();

  private AesGcmSealer(String current, Map<String, SecretKeySpec> keys, boolean plain) {
    this.current = current;
    this.keys = keys;
    this.plain = plain;
  }

  /**
   * Seals and opens with one key.
   *
   * @param keyId the key's name, at most 32 letters, digits and {@code . _ -}; no secret, and never
   *     used for another key again
   * @param key 32 bytes of a cryptographic random source
   */
  public static AesGcmSealer of(String keyId, byte[] key) {
    return new AesGcmSealer(id(keyId), new LinkedHashMap<>(Map.of(keyId, key(keyId, key))), false);
  }

  /** Opens what was sealed by another key, too. */
  public AesGcmSealer reading(String keyId, byte[] key) {
    if (keys.containsKey(id(keyId))) {
      throw new InvalidInputException("keyId", "must be given once; given before was: " + keyId);
    }
    Map<String, SecretKeySpec> more = new LinkedHashMap<>(keys);
    more.put(keyId, key(keyId, key));
    return new AesGcmSealer(current, more, plain);
  }

  /**
   * Takes values that no sealer of this kind has sealed as they are: for a database that was filled
   * before values were sealed, until {@code laoke.reseal()} has gone through it.
   */
  public AesGcmSealer readingPlain() {
    return new AesGcmSealer(current, keys, true);
  }

  private static String id(String keyId) {
    if (!ID.matcher(Check.notNull("keyId", keyId)).matches()) {
      throw new InvalidInputException(
          "keyId", "must be at most 32 letters, digits and . _ -, was: " + keyId);
    }
    return keyId;
  }

  private static SecretKeySpec key(String keyId, byte[] key) {
    if (Check.notNull("key", key).length != KEY_BYTES) {
      throw new InvalidInputException(
          "key", "must have %d bytes; '%s' has %d".formatted(KEY_BYTES, keyId, key.length));
    }
    return new SecretKeySpec(key, "AES");
  }

  @Override
  public String seal(String value) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] closed = crypt(Cipher.ENCRYPT_MODE, current, keys.get(current), nonce, packed(value));
    byte[] all = Arrays.copyOf(nonce, nonce.length + closed.length);
    System.arraycopy(closed, 0, all, nonce.length, closed.length);
    return PREFIX + current + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  @Override
  public String open(String sealed) {
    if (!sealed.startsWith(PREFIX)) {
      if (plain) {
        return sealed;
      }
      throw new SealedException(
          "A value was not sealed by Laoke's AES sealer. If it was stored before values were sealed, give the sealer readingPlain() until laoke.reseal() has gone through; if another sealer wrote it, give Laoke that one.");
    }
    int colon = sealed.indexOf(':', PREFIX.length());
    String keyId = colon < 0 ? "" : sealed.substring(PREFIX.length(), colon);
    SecretKeySpec key = keys.get(keyId);
    if (key == null) {
      throw new SealedException(
          "A value is sealed under the key '%s', which is not known here. Give it to the sealer with reading(\"%s\", …)."
              .formatted(shown(keyId), shown(keyId)));
    }
    byte[] all;
    try {
      all = Base64.getUrlDecoder().decode(sealed.substring(colon + 1));
    } catch (IllegalArgumentException damaged) {
      throw damaged(keyId);
    }
    if (all.length <= NONCE_BYTES) {
      throw damaged(keyId);
    }
    return unpacked(
        keyId,
        crypt(
            Cipher.DECRYPT_MODE,
            keyId,
            key,
            Arrays.copyOf(all, NONCE_BYTES),
            Arrays.copyOfRange(all, NONCE_BYTES, all.length)));
  }

  @Override
  public boolean current(String sealed) {
    return sealed.startsWith(PREFIX + current + ":");
  }

  private static byte[] crypt(
      int mode, String keyId, @Nullable SecretKeySpec key, byte[] nonce, byte[] data) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(keyId.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(data);
    } catch (GeneralSecurityException failed) {
      if (mode == Cipher.DECRYPT_MODE) {
        throw damaged(keyId);
      }
      throw new IllegalStateException(failed);
    }
  }

  private static SealedException damaged(String keyId) {
    return new SealedException(
        "A value that says it is sealed under the key '%s' cannot be opened by it. Either another key was given under that name, or somebody changed the value. Give the sealer the key that sealed it; a changed value has to be put back from a backup."
            .formatted(shown(keyId)));
  }

  private static String shown(String keyId) {
    return ID.matcher(keyId).matches() ? keyId : "?";
  }

  // ---- text in few bytes: a column of 1,000 characters takes 200 of any script

  private static byte[] packed(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    byte[] utf16 = value.getBytes(StandardCharsets.UTF_16BE);
    boolean wide = utf16.length < utf8.length;
    byte[] shorter = wide ? utf16 : utf8;
    if (shorter.length > LONG) {
      byte[] deflated = deflated(utf8);
      if (deflated.length < shorter.length) {
        return tagged(DEFLATED, deflated);
      }
    }
    return tagged(wide ? UTF_16 : UTF_8, shorter);
  }

  private static byte[] tagged(byte how, byte[] bytes) {
    byte[] tagged = new byte[bytes.length + 1];
    tagged[0] = how;
    System.arraycopy(bytes, 0, tagged, 1, bytes.length);
    return tagged;
  }

  private static String unpacked(String keyId, byte[] tagged) {
    if (tagged.length == 0) {
      throw damaged(keyId);
    }
    byte[] bytes = Arrays.copyOfRange(tagged, 1, tagged.length);
    return switch (tagged[0]) {
      case UTF_8 -> new String(bytes, StandardCharsets.UTF_8);
      case UTF_16 -> new String(bytes, StandardCharsets.UTF_16BE);
      case DEFLATED -> new String(inflated(keyId, bytes), StandardCharsets.UTF_8);
      default -> throw damaged(keyId);
    };
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[1_024];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflated(String keyId, byte[] bytes) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(bytes);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[1_024];
      while (!inflater.finished()) {
        int read = inflater.inflate(buffer);
        if (read == 0) {
          throw damaged(keyId);
        }
        out.write(buffer, 0, read);
      }
      return out.toByteArray();
    } catch (DataFormatException wrong) {
      throw damaged(keyId);
    } finally {
      inflater.end();
    }
  }

  /** Shows the names of keys, no key. */
  @Override
  public String toString() {
    return "AesGcmSealer[" + current + ", reads " + keys.keySet() + "]";
  }
}
