package io.laoke.binding;

import io.laoke.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where things stand on a label: the code on the left and words on its right, or the words below
 * where the label is narrow. Words are wrapped, and drawn smaller until all of them fit. All in
 * millimetres.
 */
record LabelDrawing(Label label, int modules, int dots, double codeMm) {
  private static final double MARGIN = 2;
  private static final double GAP = 1.5;
  private static final double BOTTOM = 1;
  private static final double MM_PER_INCH = 25.4;
  private static final int QUIET = 4;
  private static final double LEADING = 1.3;
  private static final double LEAST_SIZE = 1.4; // millimetres; smaller characters nobody reads
  private static final double LEAST_SCALE = 0.4;
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
    return new LabelDrawing(label, modules, dots, dots * dot * modules);
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
    boolean below = below(label);
    List<Words> words = fitting();
    double high = height(words);
    // The quiet zone is white anyway, so words may reach into it.
    double after = codeMm - (double) QUIET / modules * codeMm + GAP;
    double x = below ? (label.widthMm() - codeMm) / 2 : 0;
    double y = Math.max(0, (label.heightMm() - (below ? after + high + BOTTOM : codeMm)) / 2);
    svg.append(
        label
            .code()
            .svg(QrOptions.standard())
            .replaceFirst(
                "width=\"\\d+\" height=\"\\d+\"",
                "x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\""
                    .formatted(mm(x), mm(y), mm(codeMm), mm(codeMm))));
    double at = below ? y + after : (label.heightMm() - high) / 2;
    for (Words one : words) {
      at += one.size() * LEADING;
      if (!one.text().isEmpty()) {
        line(svg, one, below ? label.widthMm() / 2.0 : after, at - one.size() * 0.25, below);
      }
    }
    return svg.append("</svg>").toString();
  }

  /** The words as large as all of them fit. */
  private List<Words> fitting() {
    double after = codeMm - (double) QUIET / modules * codeMm + GAP;
    double width = label.widthMm() - (below(label) ? 2 * MARGIN : after + MARGIN);
    double height = label.heightMm() - (below(label) ? after + BOTTOM : 2 * MARGIN);
    for (double scale = 1; scale >= LEAST_SCALE; scale -= 0.05) {
      List<Words> words = lines(width, scale);
      if (height(words) <= height) {
        return words;
      }
    }
    throw new InvalidInputException(
        "label",
        "the words do not fit beside the code on %d by %d mm; take fewer, or a larger label"
            .formatted(label.widthMm(), label.heightMm()));
  }

  private List<Words> lines(double width, double scale) {
    List<Words> lines = new ArrayList<>();
    wrapped(lines, label.title(), width, Math.max(LEAST_SIZE, 3.4 * scale), true);
    lines.add(new Words("", 0.9 * scale, false));
    double number = fit(label.orderNo(), width, 4.2 * scale, Math.min(2.2, 4.2 * scale));
    wrapped(lines, label.orderNo(), width, Math.max(LEAST_SIZE, number), true);
    lines.add(new Words("", 0.9 * scale, false));
    wrapped(lines, label.note(), width, Math.max(LEAST_SIZE, 2.6 * scale), false);
    return lines;
  }

  private static double height(List<Words> lines) {
    return lines.stream().mapToDouble(one -> one.size() * LEADING).sum();
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

  /**
   * About how many ems wide a text is; rather more, since the printing computer's font is not
   * known.
   */
  private static double length(String text) {
    return text.codePoints().mapToDouble(LabelDrawing::ems).sum();
  }

  private static double ems(int point) {
    if (point >= 0x2E80) {
      return point > 0xFFFF ? 1.3 : 1; // emoji are wider than characters
    }
    if ("MW@%mw".indexOf(point) >= 0) {
      return 0.95;
    }
    return Character.isUpperCase(point) ? 0.72 : 0.6;
  }

  private static void line(StringBuilder svg, Words words, double x, double y, boolean middle) {
    svg.append("<text x=\"").append(mm(x)).append("\" y=\"").append(mm(y));
    svg.append("\" font-size=\"").append(mm(words.size())).append('"');
    svg.append(words.bold() ? " font-weight=\"700\"" : "");
    svg.append(middle ? " text-anchor=\"middle\"" : "");
    svg.append('>').append(Label.escaped(words.text())).append("</text>");
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
