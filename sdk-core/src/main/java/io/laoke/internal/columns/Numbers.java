package io.laoke.internal.columns;

import java.util.Arrays;

/** Whole numbers that never change, each in as few bytes as the span of all of them needs. */
final class Numbers {
  private static final int BYTE = 0xff;
  private static final int CHAR = 0xffff;
  private static final long INT = 0xffff_ffffL;

  private final long least;
  final byte[] bytes;
  final char[] chars;
  final int[] ints;
  final long[] longs;

  private Numbers(long least, byte[] bytes, char[] chars, int[] ints, long[] longs) {
    this.least = least;
    this.bytes = bytes;
    this.chars = chars;
    this.ints = ints;
    this.longs = longs;
  }

  /** The first of them, copied. */
  static Numbers of(long[] values, int count) {
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      least = Math.min(least, values[i]);
      most = Math.max(most, values[i]);
    }
    long span = count == 0 ? 0 : most - least;
    byte[] bytes = {};
    char[] chars = {};
    int[] ints = {};
    if (span < 0 || span > INT) {
      return new Numbers(0, bytes, chars, ints, Arrays.copyOf(values, count));
    }
    if (span <= BYTE) {
      bytes = new byte[count];
      for (int i = 0; i < count; i++) {
        bytes[i] = (byte) (values[i] - least);
      }
    } else if (span <= CHAR) {
      chars = new char[count];
      for (int i = 0; i < count; i++) {
        chars[i] = (char) (values[i] - least);
      }
    } else {
      ints = new int[count];
      for (int i = 0; i < count; i++) {
        ints[i] = (int) (values[i] - least);
      }
    }
    return new Numbers(count == 0 ? 0 : least, bytes, chars, ints, new long[0]);
  }

  int size() {
    return bytes.length + chars.length + ints.length + longs.length;
  }

  /** The least of all; what is stored in fewer bytes than eight is told from it. */
  long least() {
    return least;
  }

  long get(int i) {
    if (bytes.length > 0) {
      return least + (bytes[i] & BYTE);
    }
    if (chars.length > 0) {
      return least + chars[i];
    }
    return ints.length > 0 ? least + (ints[i] & INT) : longs[i];
  }

  /** The places of those from one to another, both included, a bit each. */
  void between(long from, long to, long[] bits) {
    if (longs.length > 0) {
      for (int i = 0; i < longs.length; i++) {
        bits[i >> 6] |= longs[i] >= from && longs[i] <= to ? 1L << i : 0;
      }
      return;
    }
    long low = from <= least ? 0 : from - least;
    long high = to < least ? -1 : to - least;
    if (from > least && low < 0) {
      return; // so far up that the difference is no number of 64 bits
    }
    if (to >= least && high < 0) {
      high = INT;
    }
    if (bytes.length > 0) {
      for (int i = 0; i < bytes.length; i++) {
        int value = bytes[i] & BYTE;
        bits[i >> 6] |= value >= low && value <= high ? 1L << i : 0;
      }
    } else if (chars.length > 0) {
      for (int i = 0; i < chars.length; i++) {
        bits[i >> 6] |= chars[i] >= low && chars[i] <= high ? 1L << i : 0;
      }
    } else {
      for (int i = 0; i < ints.length; i++) {
        long value = ints[i] & INT;
        bits[i >> 6] |= value >= low && value <= high ? 1L << i : 0;
      }
    }
  }

  long memory() {
    return 96L + bytes.length + 2L * chars.length + 4L * ints.length + 8L * longs.length;
  }
}
