package io.laoke.binding;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.text;

/**
 * A QR code: its content, and the images of it. Drawing asks nobody, costs well under a millisecond
 * at usual sizes, and gives the same bytes for the same options.
 *
 * @param content what a reader reads, at most 1,000 characters
 */
public record QrCode(String content) {
  /** Checks. */
  public QrCode {
    content = text("content", content, 1_000);
  }

  /** How a code is shown as text. */
  public enum Terminal {
    /** Blocks and blanks, which GBK consoles have too, for light letters on a dark ground. */
    DARK,
    /** Blocks and blanks, for dark letters on a light ground. */
    LIGHT,
    /** Number signs and blanks, for dark letters on a light ground and any character set. */
    ASCII
  }

  /**
   * A black-and-white PNG image.
   *
   * @param size width and height in pixels
   * @throws io.laoke.error.InvalidInputException if the code does not fit into that size
   */
  public byte[] png(int size) {
    return png(QrOptions.standard().withSize(size));
  }

  /**
   * A black-and-white PNG image.
   *
   * @throws io.laoke.error.InvalidInputException if the code does not fit into the size, or the
   *     logo covers more than the code can lose
   */
  public byte[] png(QrOptions options) {
    notNull("options", options);
    return PngWriter.write(QrRaster.of(QrMatrix.of(content, options), options));
  }

  /** An SVG image with the standard options. */
  public String svg() {
    return svg(QrOptions.standard());
  }

  /**
   * An SVG image; it scales without loss.
   *
   * @throws io.laoke.error.InvalidInputException if the logo covers more than the code can lose
   */
  public String svg(QrOptions options) {
    notNull("options", options);
    return QrText.svg(QrMatrix.of(content, options), options);
  }

  /** Text for a terminal with light letters on a dark ground, two characters for each module. */
  public String terminal() {
    return terminal(Terminal.DARK);
  }

  /** Text for a terminal; lines end with a line feed. */
  public String terminal(Terminal kind) {
    notNull("kind", kind);
    QrOptions options =
        QrOptions.standard().withErrorCorrection(QrOptions.ErrorCorrection.L).withQuietZone(2);
    return QrText.terminal(QrMatrix.of(content, options), options.quietZone(), kind);
  }

  /** Does not show the content: who scans it may bind an order. */
  @Override
  public String toString() {
    return "QrCode[" + content.length() + " characters]";
  }
}
