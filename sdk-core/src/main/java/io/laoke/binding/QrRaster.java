package io.laoke.binding;

import io.laoke.error.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A code in pixels.
 *
 * @param size pixels on each side
 * @param rows eight pixels in a byte, a set bit is white; equal rows are the same array
 */
record QrRaster(int size, List<byte[]> rows) {
  static QrRaster of(QrMatrix matrix, QrOptions options) {
    int modules = matrix.width() + 2 * options.quietZone();
    int scale = options.size() / modules;
    if (scale < 1) {
      throw new InvalidInputException(
          "size",
          "%d pixels cannot show a code of %d modules with its quiet zone; take at least %d"
              .formatted(options.size(), modules, modules));
    }
    int offset = (options.size() - matrix.width() * scale) / 2;
    List<byte[]> rows = modules(matrix, options.size(), scale, offset);
    options
        .logo()
        .ifPresent(
            logo -> {
              int side = (matrix.hole() - 2) * scale;
              int from = offset + ((matrix.width() - matrix.hole()) / 2 + 1) * scale;
              drawn(rows, LogoImage.read(logo).threshold(side), from);
            });
    return new QrRaster(options.size(), rows);
  }

  private static List<byte[]> modules(QrMatrix matrix, int size, int scale, int offset) {
    byte[] white = new byte[(size + 7) / 8];
    Arrays.fill(white, (byte) 0xff);
    List<byte[]> rows = new ArrayList<>(size);
    for (int y = 0; y < size; y++) {
      int module = Math.floorDiv(y - offset, scale);
      if (module < 0 || module >= matrix.width()) {
        rows.add(white);
      } else if ((y - offset) % scale == 0) {
        rows.add(row(matrix, module, white.clone(), scale, offset));
      } else {
        rows.add(rows.get(y - 1));
      }
    }
    return rows;
  }

  private static byte[] row(QrMatrix matrix, int y, byte[] row, int scale, int offset) {
    for (int x = 0; x < matrix.width(); x++) {
      if (matrix.dark(x, y) && !matrix.covered(x, y)) {
        for (int pixel = offset + x * scale; pixel < offset + (x + 1) * scale; pixel++) {
          blacken(row, pixel);
        }
      }
    }
    return row;
  }

  private static void drawn(List<byte[]> rows, boolean[][] dark, int from) {
    for (int y = 0; y < dark.length; y++) {
      byte[] row = rows.get(from + y).clone();
      for (int x = 0; x < dark.length; x++) {
        if (dark[y][x]) {
          blacken(row, from + x);
        }
      }
      rows.set(from + y, row);
    }
  }

  private static void blacken(byte[] row, int pixel) {
    row[pixel / 8] &= (byte) ~(0x80 >> (pixel % 8));
  }
}
