package io.laoke.binding;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.error.InvalidInputException;
import java.util.Optional;

/**
 * How a QR code is drawn. Immutable; the {@code with} methods give changed copies.
 *
 * @param size width and height of the image in pixels, 21 to 8,192; a module is always a whole
 *     number of pixels, and what is left over becomes white margin
 * @param quietZone white modules on each side, 0 to 20; readers expect 4
 * @param errorCorrection how much damage the code survives; a logo raises it to H
 * @param logo a picture in the middle, or empty
 */
public record QrOptions(
    int size, int quietZone, ErrorCorrection errorCorrection, Optional<Logo> logo) {
  /** How much of a code may be lost. */
  public enum ErrorCorrection {
    /** About 7 %. */
    L,
    /** About 15 %. */
    M,
    /** About 25 %. */
    Q,
    /** About 30 %. */
    H
  }

  /** Checks. */
  public QrOptions {
    range("size", size, 21, 8_192);
    range("quietZone", quietZone, 0, 20);
    notNull("errorCorrection", errorCorrection);
    notNull("logo", logo);
  }

  /** 360 pixels, quiet zone 4, level M, no logo. */
  public static QrOptions standard() {
    return new QrOptions(360, 4, ErrorCorrection.M, Optional.empty());
  }

  /** With another size in pixels. */
  public QrOptions withSize(int pixels) {
    return new QrOptions(pixels, quietZone, errorCorrection, logo);
  }

  /** With another quiet zone in modules. */
  public QrOptions withQuietZone(int modules) {
    return new QrOptions(size, modules, errorCorrection, logo);
  }

  /** With another error correction. */
  public QrOptions withErrorCorrection(ErrorCorrection level) {
    return new QrOptions(size, quietZone, level, logo);
  }

  /** With a logo in the middle, a fifth of the code wide. */
  public QrOptions withLogo(byte[] png) {
    return withLogo(png, 20);
  }

  /**
   * With a logo in the middle.
   *
   * @param png a PNG image of at most 1 MB and 4,096 pixels a side; black and white in the PNG
   *     form, as it is in the SVG form
   * @param percent its width in percent of the code's, 5 to 40; more than the code can lose is
   *     refused when it is drawn
   */
  public QrOptions withLogo(byte[] png, int percent) {
    return new QrOptions(size, quietZone, errorCorrection, Optional.of(new Logo(png, percent)));
  }

  /** A picture for the middle of a code. */
  public static final class Logo {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private final byte[] png;
    private final int percent;

    /** See {@link QrOptions#withLogo(byte[], int)}. */
    public Logo(byte[] png, int percent) {
      notNull("logo", png);
      range("logo.length", png.length, SIGNATURE.length, 1_048_576);
      for (int i = 0; i < SIGNATURE.length; i++) {
        if (png[i] != SIGNATURE[i]) {
          throw new InvalidInputException("logo", "is not a PNG image; convert it to PNG");
        }
      }
      this.png = png.clone();
      this.percent = (int) range("logo.percent", percent, 5, 40);
    }

    /** The image. */
    public byte[] png() {
      return png.clone();
    }

    /** Its width in percent of the code's. */
    public int percent() {
      return percent;
    }
  }
}
