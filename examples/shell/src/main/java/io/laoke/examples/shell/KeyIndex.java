package io.laoke.examples.shell;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * Which number a key was given first, for millions of keys in little memory: some twenty bytes for
 * each, whatever its length. Keys are told apart by 64 bits of a salted hash, which two of ten
 * million share once in some hundred thousand folders.
 */
final class KeyIndex {
  /** No number. */
  static final int NONE = -1;

  private static final long EMPTY = 0;
  private static final int SMALLEST = 1 << 10;

  private final byte[] salt = new byte[16];
  private final MessageDigest digest;
  private long[] hashes = new long[SMALLEST];
  private int[] numbers = new int[SMALLEST];
  private int size;

  KeyIndex() {
    new SecureRandom().nextBytes(salt);
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Gives a key a number if it has none; what it had, or {@link #NONE}. */
  int putIfAbsent(String key, int number) {
    long hash = hash(key);
    int at = slot(hash);
    if (hashes[at] != EMPTY) {
      return numbers[at];
    }
    if (size > hashes.length / 5 * 3) {
      grow();
      at = slot(hash);
    }
    hashes[at] = hash;
    numbers[at] = number;
    size++;
    return NONE;
  }

  /** The number of a key, or {@link #NONE}. */
  int get(String key) {
    int at = slot(hash(key));
    return hashes[at] == EMPTY ? NONE : numbers[at];
  }

  private int slot(long hash) {
    int mask = hashes.length - 1;
    int at = (int) hash & mask;
    while (hashes[at] != EMPTY && hashes[at] != hash) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    long[] oldHashes = hashes;
    int[] oldNumbers = numbers;
    hashes = new long[oldHashes.length * 2];
    numbers = new int[oldHashes.length * 2];
    for (int i = 0; i < oldHashes.length; i++) {
      if (oldHashes[i] != EMPTY) {
        int at = slot(oldHashes[i]);
        hashes[at] = oldHashes[i];
        numbers[at] = oldNumbers[i];
      }
    }
  }

  private long hash(String key) {
    digest.update(salt);
    long hash = ByteBuffer.wrap(digest.digest(key.getBytes(StandardCharsets.UTF_8))).getLong();
    return hash == EMPTY ? 1 : hash;
  }
}
