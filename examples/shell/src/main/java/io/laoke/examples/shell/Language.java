package io.laoke.examples.shell;

/** In which sentences are told. */
enum Language {
  ZH,
  EN;

  /** One of the two. */
  String of(String zh, String en) {
    return this == ZH ? zh : en;
  }

  /** With blanks before it, so that a terminal shows it so many columns wide. */
  static String right(String text, int width) {
    int wide = (int) text.codePoints().filter(Language::ideograph).count();
    int shown = text.codePointCount(0, text.length()) + wide;
    return " ".repeat(Math.max(0, width - shown)) + text;
  }

  /** Whether it takes two columns, as far as headings need it. */
  private static boolean ideograph(int point) {
    return Character.isIdeographic(point) || (point >= 0xFF01 && point <= 0xFF60);
  }
}
