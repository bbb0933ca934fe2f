package io.laoke.binding;

import io.laoke.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where things stand on a label: the code on the left and words on its right, or the words below
 * where the label is narrow. All in millimetres.
 */
record LabelDrawing(Label label, int modules, int dots, double x, double y, double codeMm) {
  private static final double MARGIN = 2;
  private static final double GAP = 1.5;
  private static final double MM_PER_INCH = 25.4;
  private static final int QUIET = 4;
  private static final double LEAST_MODULE = 0.25; // smaller ones a phone's camera may not resolve

  static LabelDrawing of(Label label) {
    QrOptions options = QrOptions.standard();
    int modules = QrMatrix.of(label.code().content(), options).width() + 2 * QUIET;
    double dot = MM_PER_INCH / label.dpi();
    double words = below(label) ? 13 : 0;
    // The quiet zone is white anyway, so it may reach into the margin.
    double room =
        Math.min(
            label.widthMm() - (below(label) ? 0 : 22),
            label.heightMm() - words - (words > 0 ? 1 : 0));
    int dots = (int) Math.floor(room / modules / dot);
    if (dots < 1 || dots * dot < LEAST_MODULE) {
      throw new InvalidInputException(
          "label",
          "%d by %d mm at %d dpi is too small for a code of %d modules; take a larger label"
              .formatted(label.widthMm(), label.heightMm(), label.dpi(), modules));
    }
    double side = dots * dot * modules;
    double x = below(label) ? (label.widthMm() - side) / 2 : 0;
    double y = (label.heightMm() - side - words) / 2;
    return new LabelDrawing(label, modules, dots, x, y, side);
  }

  private static boolean below(Label label) {
    return label.heightMm() > label.widthMm() * 0.9;
  }

  byte[] codePng() {
    return label.code().png(modules * dots);
  }

  String svg() {
    StringBuilder svg =
        new StringBuilder(12_288)
            .append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$dmm" height="%2$dmm" viewBox="0 0 %1$d %2$d" \
                font-family="'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif">\
                <rect width="%1$d" height="%2$d" fill="#fff"/>"""
                    .formatted(label.widthMm(), label.heightMm()));
    String code = label.code().svg(QrOptions.standard());
    svg.append(
        code.replaceFirst(
            "width=\"\\d+\" height=\"\\d+\"",
            "x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\""
                .formatted(mm(x), mm(y), mm(codeMm), mm(codeMm))));
    if (below(label)) {
      wordsBelow(svg);
    } else {
      wordsBeside(svg);
    }
    return svg.append("</svg>").toString();
  }

  private void wordsBelow(StringBuilder svg) {
    double width = label.widthMm() - 2 * MARGIN;
    double middle = label.widthMm() / 2.0;
    double top = y + codeMm;
    line(svg, label.title(), middle, top + 2.6, fit(label.title(), width, 3.2, 1.8), true, true);
    line(svg, label.orderNo(), middle, top + 7, fit(label.orderNo(), width, 3.6, 1.6), true, true);
    line(svg, label.note(), middle, top + 10.6, fit(label.note(), width, 2.4, 1.4), false, true);
  }

  private void wordsBeside(StringBuilder svg) {
    double left = codeMm - (double) QUIET / modules * codeMm + GAP;
    double width = label.widthMm() - left - MARGIN;
    List<Words> words = new ArrayList<>();
    wrapped(words, label.title(), width, 3.4, true);
    words.add(new Words("", 1.2, false));
    wrapped(words, label.orderNo(), width, fit(label.orderNo(), width, 4.2, 2.2), true);
    words.add(new Words("", 1.2, false));
    wrapped(words, label.note(), width, 2.6, false);
    double height = words.stream().mapToDouble(one -> one.size() * 1.3).sum();
    double at = Math.max(MARGIN, (label.heightMm() - height) / 2);
    for (Words one : words) {
      at += one.size() * 1.3;
      if (at > label.heightMm() - 0.5) {
        break;
      }
      if (!one.text().isEmpty()) {
        line(svg, one.text(), left, at - one.size() * 0.25, one.size(), one.bold(), false);
      }
    }
  }

  private record Words(String text, double size, boolean bold) {}

  private static void wrapped(
      List<Words> into, String text, double width, double size, boolean bold) {
    StringBuilder line = new StringBuilder();
    int[] points = text.codePoints().toArray();
    for (int point : points) {
      String more = line + Character.toString(point);
      if (line.length() > 0 && length(more) * size > width) {
        into.add(new Words(line.toString(), size, bold));
        line.setLength(0);
      }
      line.appendCodePoint(point);
    }
    into.add(new Words(line.toString(), size, bold));
  }

  /** The largest size at which the text fits into one line, or the least. */
  private static double fit(String text, double width, double most, double least) {
    return Math.max(least, Math.min(most, width / Math.max(1, length(text))));
  }

  /** About how many ems wide a text is. */
  private static double length(String text) {
    return text.codePoints().mapToDouble(point -> point < 0x2E80 ? 0.6 : 1).sum();
  }

  private static void line(
      StringBuilder svg,
      String text,
      double x,
      double y,
      double size,
      boolean bold,
      boolean middle) {
    svg.append("<text x=\"").append(mm(x)).append("\" y=\"").append(mm(y));
    svg.append("\" font-size=\"").append(mm(size)).append('"');
    svg.append(bold ? " font-weight=\"700\"" : "").append(middle ? " text-anchor=\"middle\"" : "");
    svg.append('>').append(Label.escaped(text)).append("</text>");
  }

  private static String mm(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  String page(int copies) {
    String one = "<div class=\"label\">" + svg() + "</div>\n";
    return """
    <!DOCTYPE html>
    <html lang="zh-CN">
    <head>
    <meta charset="utf-8">
    <title>标签 %3$s</title>
    <style>
    @page { size: %1$dmm %2$dmm; margin: 0; }
    body { margin: 0; }
    svg { display: block; }
    @media print { .label { break-after: page; } .label:last-child { break-after: auto; } }
    @media screen {
      body { background: #e9ebee; display: flex; flex-wrap: wrap; gap: 6mm; padding: 8mm; }
      .label { box-shadow: 0 1px 4px rgba(0, 0, 0, .25); }
    }
    </style>
    </head>
    <body>
    %4$s</body>
    </html>
    """
        .formatted(
            label.widthMm(), label.heightMm(), Label.escaped(label.orderNo()), one.repeat(copies));
  }
}
