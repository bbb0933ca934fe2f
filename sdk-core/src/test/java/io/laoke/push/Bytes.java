package io.laoke.push;

/** Files of any size and type. */
final class Bytes {
  private Bytes() {}

  /** A picture that differs from others by its seed; all values of bytes are in it. */
  static byte[] png(int size, int seed) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + seed + (i >> 8));
    }
    return headed(bytes, 0x89, 'P', 'N', 'G');
  }

  static byte[] mp3(int size) {
    return headed(new byte[size], 'I', 'D', '3');
  }

  static byte[] mp4(int size) {
    return headed(new byte[size], 0, 0, 0, 24, 'f', 't', 'y', 'p');
  }

  private static byte[] headed(byte[] bytes, int... head) {
    for (int i = 0; i < head.length; i++) {
      bytes[i] = (byte) head[i];
    }
    return bytes;
  }
}
