package io.laoke.binding;

import com.google.zxing.ChecksumException;
import com.google.zxing.EncodeHintType;
import com.google.zxing.FormatException;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.decoder.Decoder;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import io.laoke.error.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/**
 * The modules of a code, and the square in its middle that a logo covers.
 *
 * @param hole modules on each side of the covered square, 0 without a logo; as odd as {@code width}
 */
record QrMatrix(ByteMatrix modules, int width, int hole) {
  static QrMatrix of(String content, QrOptions options) {
    ErrorCorrectionLevel level =
        options.logo().isPresent()
            ? ErrorCorrectionLevel.H
            : ErrorCorrectionLevel.valueOf(options.errorCorrection().name());
    ByteMatrix modules = encoded(content, level);
    int hole = options.logo().map(logo -> hole(modules.getWidth(), logo.percent())).orElse(0);
    QrMatrix matrix = new QrMatrix(modules, modules.getWidth(), hole);
    options.logo().ifPresent(logo -> matrix.checkReadable(content, logo));
    return matrix;
  }

  boolean dark(int x, int y) {
    return modules.get(x, y) == 1;
  }

  boolean covered(int x, int y) {
    int from = (width - hole) / 2;
    return hole > 0 && x >= from && x < from + hole && y >= from && y < from + hole;
  }

  private static ByteMatrix encoded(String content, ErrorCorrectionLevel level) {
    Map<EncodeHintType, Object> hints = new EnumMap<>(EncodeHintType.class);
    if (!StandardCharsets.ISO_8859_1.newEncoder().canEncode(content)) {
      hints.put(EncodeHintType.CHARACTER_SET, StandardCharsets.UTF_8.name());
    }
    try {
      return Encoder.encode(content, level, hints).getMatrix();
    } catch (WriterException tooLong) {
      throw new InvalidInputException(
          "content",
          "has %d characters, more than a QR code of level %s holds; shorten it"
              .formatted(content.length(), level),
          tooLong);
    }
  }

  /** The covered square includes one white module around the logo. */
  private static int hole(int width, int percent) {
    int side = Math.max(1, Math.round(width * percent / 100f)) + 2;
    return (width - side) % 2 == 0 ? side : side + 1;
  }

  /** Reads the code with every covered module turned over: worse than any logo can be. */
  private void checkReadable(String content, QrOptions.Logo logo) {
    BitMatrix spoilt = new BitMatrix(width);
    for (int y = 0; y < width; y++) {
      for (int x = 0; x < width; x++) {
        if (dark(x, y) != covered(x, y)) {
          spoilt.set(x, y);
        }
      }
    }
    if (!readsAs(spoilt, content)) {
      throw new InvalidInputException(
          "logo",
          "covers %d of the code's %d modules across, more than it can lose; take less than %d percent"
              .formatted(hole, width, logo.percent()));
    }
  }

  private static boolean readsAs(BitMatrix matrix, String content) {
    try {
      return new Decoder().decode(matrix).getText().equals(content);
    } catch (ChecksumException | FormatException unreadable) {
      return false;
    }
  }
}
