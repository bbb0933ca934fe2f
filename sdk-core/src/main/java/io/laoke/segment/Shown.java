package io.laoke.segment;

import java.util.regex.Pattern;

/** Names from outside as they may be shown in errors. */
final class Shown {
  private static final Pattern LONG_NUMBER = Pattern.compile("[0-9]{7,}");
  private static final int MOST = 40;

  private Shown() {}

  /** Short, in one line, and without what may be a phone. */
  static String of(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(MOST)
        .map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? ' ' : c)
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '?' : c)
        .forEach(line::appendCodePoint);
    boolean whole = text.length() <= MOST || text.codePointCount(0, text.length()) <= MOST;
    return LONG_NUMBER.matcher(whole ? line : line.append('…')).replaceAll("***");
  }
}
