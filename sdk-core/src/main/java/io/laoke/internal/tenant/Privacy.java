package io.laoke.internal.tenant;

import io.laoke.base.Sealer;
import io.laoke.error.SealedException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Personal values of one dealer: a keyed hash to find them by, and their sealed text. */
public final class Privacy {
  private static final String HMAC = "HmacSHA256";

  private final SecretKeySpec key;
  private final Mac mac;
  private final Sealer sealer;

  /**
   * Privacy of a dealer.
   *
   * @param key the dealer's own secret, 32 bytes
   */
  public Privacy(byte[] key, Sealer sealer) {
    this.key = new SecretKeySpec(key, HMAC);
    this.mac = keyed(this.key);
    this.sealer = sealer;
  }

  /**
   * A keyed hash: 43 characters, equal for equal values of the same kind only.
   *
   * @param kind keeps kinds of values apart, such as {@code phone}
   */
  public String hash(String kind, String value) {
    Mac mac = keyed();
    mac.update(kind.getBytes(StandardCharsets.UTF_8));
    mac.update((byte) 0);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(mac.doFinal(value.getBytes(StandardCharsets.UTF_8)));
  }

  /** A copy of one that is keyed already: looking for the algorithm and keying cost more. */
  private Mac keyed() {
    try {
      return (Mac) mac.clone();
    } catch (CloneNotSupportedException plain) {
      return keyed(key);
    }
  }

  private static Mac keyed(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Seals a value; null stays null. */
  public @Nullable String seal(@Nullable String value) {
    return value == null ? null : sealer.seal(value);
  }

  /**
   * Opens a sealed value; null stays null.
   *
   * @throws SealedException if it cannot be opened
   */
  public @Nullable String open(@Nullable String sealed) {
    if (sealed == null) {
      return null;
    }
    try {
      return sealer.open(sealed);
    } catch (SealedException closed) {
      throw closed;
    } catch (RuntimeException closed) {
      // Whatever the host's sealer says of it may show the value.
      throw new SealedException(
          "A sealed value cannot be opened: the sealer failed with %s. Give Laoke the sealer, and the keys, that sealed it."
              .formatted(closed.getClass().getName()));
    }
  }

  /** Whether what is stored cannot be read without a key, so that no database can search it. */
  public boolean encrypts() {
    return !"x".equals(sealer.seal("x"));
  }

  /** Whether a sealed value is as it would be sealed now. */
  public boolean current(String sealed) {
    return sealer.current(sealed);
  }

  /** Shows no key. */
  @Override
  public String toString() {
    return "Privacy";
  }
}
