package io.laoke.examples.shell;

import java.util.regex.Pattern;

/** What stands in cells. */
final class Cells {
  private static final int SHOWN = 60;

  /** As spreadsheets write what they took for a number: 1.38E+10. */
  private static final Pattern DAMAGED =
      Pattern.compile("[+-]?(?:\\d\\.\\d+[eE]\\+?\\d{1,3}|\\d[eE]\\+\\d{1,3})");

  private Cells() {}

  /** Without blanks around it, those included that nobody sees: as the SDK strips keys. */
  static String stripped(String cell) {
    int from = 0;
    int to = cell.length();
    while (from < to && blank(cell.charAt(from))) {
      from++;
    }
    while (to > from && blank(cell.charAt(to - 1))) {
      to--;
    }
    return cell.substring(from, to);
  }

  private static boolean blank(char c) {
    return Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || c == '\uFEFF'
        || (c >= '\u200B' && c <= '\u200D')
        || c == '\u2060';
  }

  /** Whether a spreadsheet has taken a key for a number and lost its digits. */
  static boolean damaged(String cell) {
    return DAMAGED.matcher(cell).matches();
  }

  /** Short, and without characters that could steer a terminal or break a database. */
  static String shown(String cell) {
    String plain = plain(cell);
    int length = plain.codePointCount(0, plain.length());
    return length <= SHOWN
        ? plain
        : plain.substring(0, plain.offsetByCodePoints(0, SHOWN - 1)) + "…";
  }

  /** Of what may be personal only the length. */
  static String masked(String cell) {
    return cell.isEmpty()
        ? ""
        : "*** (%d characters)".formatted(cell.codePointCount(0, cell.length()));
  }

  /** A visible character in the place of each that controls, and of halves of others. */
  static String plain(String cell) {
    // What is shown is short; what is not shown need not be looked at.
    String some = cell.length() <= 4 * SHOWN ? cell : cell.substring(0, 4 * SHOWN);
    StringBuilder plain = new StringBuilder(some.length());
    some.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              boolean shown =
                  type != Character.CONTROL
                      && type != Character.SURROGATE
                      && type != Character.FORMAT
                      && type != Character.LINE_SEPARATOR
                      && type != Character.PARAGRAPH_SEPARATOR;
              plain.appendCodePoint(shown ? c : '\uFFFD');
            });
    return plain.toString();
  }
}
