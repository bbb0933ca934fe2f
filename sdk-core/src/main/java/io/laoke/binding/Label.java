package io.laoke.binding;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;
import static io.laoke.base.Check.text;

import io.laoke.error.InvalidInputException;

/**
 * A label 标签 to be printed and stuck on a delivery note or an appliance: a code, an order's number
 * and a few words. Immutable; the {@code with} methods give changed copies. Drawing asks nobody and
 * gives the same bytes for the same label.
 *
 * <p>To print it, open {@link #page(int)} in a browser: each label is a page of its own, of the
 * label's size. {@link #svg()} is the same drawing for a page or a document of yours. Both show the
 * code, the number and the words, drawn smaller until all of it fits; nothing is cut. {@link
 * #codePng()} has no words: it is for label software that sets them itself.
 *
 * <p>Each module of the code is a whole number of the printer's dots, so that thermal printers draw
 * it sharp.
 *
 * @param code what is scanned
 * @param orderNo the order's number, printed in full
 * @param title the line above it
 * @param note the line below it
 * @param widthMm width in millimetres, 20 to 210
 * @param heightMm height in millimetres, 20 to 297
 * @param dpi the printer's dots per inch, 100 to 2,400; label printers have 203 or 300
 */
public record Label(
    QrCode code, String orderNo, String title, String note, int widthMm, int heightMm, int dpi) {
  /** Checks. */
  public Label {
    notNull("code", code);
    orderNo = key("orderNo", orderNo, 64);
    title = key("title", title, 60);
    note = key("note", note, 120);
    range("widthMm", widthMm, 20, 210);
    range("heightMm", heightMm, 20, 297);
    range("dpi", dpi, 100, 2_400);
  }

  /** 60 by 40 millimetres at 203 dpi, with Chinese words. */
  public static Label of(QrCode code, String orderNo) {
    return new Label(code, orderNo, "微信扫码查订单", "关注后接收发货、送货、安装通知", 60, 40, 203);
  }

  /** With other words. */
  public Label withWords(String title, String note) {
    return new Label(code, orderNo, title, note, widthMm, heightMm, dpi);
  }

  /** With another size. */
  public Label withSize(int widthMm, int heightMm) {
    return new Label(code, orderNo, title, note, widthMm, heightMm, dpi);
  }

  /** For another printer. */
  public Label withDpi(int dots) {
    return new Label(code, orderNo, title, note, widthMm, heightMm, dots);
  }

  /** How wide and high the code is printed, in millimetres, its quiet zone included. */
  public double codeMm() {
    return LabelDrawing.of(this).codeMm();
  }

  /**
   * The code alone as a black-and-white PNG image of {@link #codeMm()} at {@link #dpi()}: for label
   * software that sets the words itself. Text needs a font with Chinese characters, which a server
   * may not have; {@link #svg()} and {@link #page(int)} leave that to the printing computer.
   *
   * @throws InvalidInputException if the code does not fit
   */
  public byte[] codePng() {
    return LabelDrawing.of(this).codePng();
  }

  /**
   * The label as an SVG image in millimetres.
   *
   * @throws InvalidInputException if the code or the words do not fit into the label
   */
  public String svg() {
    return LabelDrawing.of(this).svg();
  }

  /**
   * An HTML page that prints so many labels, each on a page of the label's size, and shows them on
   * the screen before.
   *
   * @param copies 1 to 500
   * @throws InvalidInputException if the code or the words do not fit into the label
   */
  public String page(int copies) {
    return LabelDrawing.of(this).page((int) range("copies", copies, 1, 500));
  }

  static String escaped(String text) {
    return text("text", text, 1_000)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
