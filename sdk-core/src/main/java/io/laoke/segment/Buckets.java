package io.laoke.segment;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.IntUnaryOperator;

/**
 * The stable number 0 to 9999 of a member: {@code ((random31 × a + b) mod (2^31 − 1)) mod 10000},
 * where the salt gives a and b. All of it fits 64 bits.
 */
final class Buckets {
  private static final long PRIME = (1L << 31) - 1;
  private static final int BUCKETS = 10_000;

  private Buckets() {}

  private record Salted(long a, long b) {}

  private static Salted salted(String salt) {
    try {
      ByteBuffer hash =
          ByteBuffer.wrap(
              MessageDigest.getInstance("SHA-256").digest(salt.getBytes(StandardCharsets.UTF_8)));
      // At least 2^31, so that databases calculate with 64 bits.
      long a = (1L << 31) + (hash.getInt() & PRIME);
      return new Salted(a % PRIME == 0 ? a - 1 : a, hash.getInt() & PRIME);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The number of a member. */
  static int of(String salt, int random31) {
    return of(salt).applyAsInt(random31);
  }

  /** The number of each member, by its random number. */
  static IntUnaryOperator of(String salt) {
    Salted by = salted(salt);
    return random31 -> (int) ((random31 * by.a + by.b) % PRIME % BUCKETS);
  }

  static String sql(Node.Bucket bucket, boolean negated, Binds binds) {
    Salted by = salted(bucket.salt());
    // The constants are ours, not the user's: as parameters they would be of any type.
    String number = "MOD(MOD(m.random31 * %d + %d, %d), %d)".formatted(by.a, by.b, PRIME, BUCKETS);
    String from = binds.value(bucket.from());
    String to = binds.value(bucket.to());
    return negated
        ? "(%1$s < %2$s OR %1$s >= %3$s)".formatted(number, from, to)
        : "(%1$s >= %2$s AND %1$s < %3$s)".formatted(number, from, to);
  }
}
