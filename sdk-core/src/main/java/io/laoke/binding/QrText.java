package io.laoke.binding;

import java.util.Base64;

/** Codes as text: SVG, and characters for a terminal. */
final class QrText {
  private QrText() {}

  static String svg(QrMatrix matrix, QrOptions options) {
    int quiet = options.quietZone();
    int side = matrix.width() + 2 * quiet;
    StringBuilder svg = new StringBuilder(8_192);
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%1$d" viewBox="0 0 %2$d %2$d" shape-rendering="crispEdges">\
        <rect width="%2$d" height="%2$d" fill="#fff"/><path fill="#000" d="\
        """
            .formatted(options.size(), side));
    for (int y = 0; y < matrix.width(); y++) {
      appendRuns(svg, matrix, y, quiet);
    }
    svg.append("\"/>");
    options.logo().ifPresent(logo -> svg.append(image(logo, matrix, quiet)));
    return svg.append("</svg>").toString();
  }

  private static void appendRuns(StringBuilder svg, QrMatrix matrix, int y, int quiet) {
    int x = 0;
    while (x < matrix.width()) {
      int from = x;
      while (x < matrix.width() && matrix.dark(x, y) && !matrix.covered(x, y)) {
        x++;
      }
      if (x > from) {
        svg.append('M').append(from + quiet).append(' ').append(y + quiet);
        svg.append('h').append(x - from).append("v1h-").append(x - from).append('z');
      } else {
        x++;
      }
    }
  }

  private static String image(QrOptions.Logo logo, QrMatrix matrix, int quiet) {
    int from = quiet + (matrix.width() - matrix.hole()) / 2 + 1;
    return """
    <image x="%1$d" y="%1$d" width="%2$d" height="%2$d" preserveAspectRatio="xMidYMid meet" href="data:image/png;base64,%3$s"/>\
    """
        .formatted(from, matrix.hole() - 2, Base64.getEncoder().encodeToString(logo.png()));
  }

  static String terminal(QrMatrix matrix, int quiet, QrCode.Terminal kind) {
    int side = matrix.width() + 2 * quiet;
    String ink = kind == QrCode.Terminal.ASCII ? "##" : "██";
    StringBuilder text = new StringBuilder(side * (2 * side + 1));
    for (int y = -quiet; y < matrix.width() + quiet; y++) {
      for (int x = -quiet; x < matrix.width() + quiet; x++) {
        boolean inked = dark(matrix, x, y) != (kind == QrCode.Terminal.DARK);
        text.append(inked ? ink : "  ");
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static boolean dark(QrMatrix matrix, int x, int y) {
    return x >= 0 && y >= 0 && x < matrix.width() && y < matrix.width() && matrix.dark(x, y);
  }
}
