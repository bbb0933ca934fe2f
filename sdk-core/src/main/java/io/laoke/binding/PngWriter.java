package io.laoke.binding;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes greyscale PNG images of one bit a pixel. */
final class PngWriter {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte RAW = 0;
  private static final byte AS_ABOVE = 2;

  private PngWriter() {}

  static byte[] write(QrRaster image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(2_048);
    out.writeBytes(SIGNATURE);
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(image.size())
            .putInt(image.size())
            .put(new byte[] {1, 0, 0, 0, 0}) // one bit, grey, deflate, filters, not interlaced
            .array();
    chunk(out, "IHDR", header, header.length);
    byte[] packed = new byte[4_096 + image.size() * (image.size() / 8 + 2)];
    chunk(out, "IDAT", packed, deflated(filtered(image), packed));
    chunk(out, "IEND", new byte[0], 0);
    return out.toByteArray();
  }

  /** Rows equal to the one above become zeros, which pack best. */
  private static byte[] filtered(QrRaster image) {
    int width = (image.size() + 7) / 8;
    byte[] data = new byte[image.size() * (width + 1)];
    byte[] above = new byte[0];
    int at = 0;
    for (byte[] row : image.rows()) {
      boolean same = row == above;
      data[at] = same ? AS_ABOVE : RAW;
      if (!same) {
        System.arraycopy(row, 0, data, at + 1, width);
      }
      at += width + 1;
      above = row;
    }
    return data;
  }

  private static int deflated(byte[] data, byte[] packed) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(data);
      deflater.finish();
      return deflater.deflate(packed);
    } finally {
      deflater.end();
    }
  }

  private static void chunk(ByteArrayOutputStream out, String name, byte[] data, int length) {
    byte[] type = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(type);
    sum.update(data, 0, length);
    out.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
    out.writeBytes(type);
    out.write(data, 0, length);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
  }
}
