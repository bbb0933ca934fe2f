package io.laoke.base;

import io.laoke.error.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** Refuses bad input at the border, with a message that names the field. */
@Internal
public final class Check {
  private Check() {}

  /** Refuses null. */
  public static <T> T notNull(String field, @Nullable T value) {
    if (value == null) {
      throw new InvalidInputException(field, "must not be null");
    }
    return value;
  }

  /**
   * Refuses null, blank, control characters and text over {@code max} characters (code points).
   *
   * @return the text without surrounding blanks
   */
  public static String text(String field, @Nullable String value, int max) {
    String stripped = stripped(notNull(field, value));
    if (stripped.isEmpty()) {
      throw new InvalidInputException(field, "must not be blank");
    }
    return bounded(field, stripped, max);
  }

  /**
   * A business key such as an order's number: as {@link #text}, and in one line, since keys stand
   * in logs and errors.
   */
  public static String key(String field, @Nullable String value, int max) {
    String key = text(field, value, max);
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        throw new InvalidInputException(
            field,
            "must be one line without control characters, has U+%04X at %d".formatted((int) c, i));
      }
    }
    return key;
  }

  /**
   * Reads optional text: null and blank are absent.
   *
   * @return the text without surrounding blanks, or null
   */
  public static @Nullable String optionalText(String field, @Nullable String value, int max) {
    String stripped = value == null ? "" : stripped(value);
    return stripped.isEmpty() ? null : bounded(field, stripped, max);
  }

  /** Reads an optional business key: null and blank are absent. */
  public static @Nullable String optionalKey(String field, @Nullable String value, int max) {
    return optionalText(field, value, max) == null ? null : key(field, value, max);
  }

  /** Refuses a number outside the range, both ends included. */
  public static long range(String field, long value, long min, long max) {
    if (value < min || value > max) {
      throw new InvalidInputException(
          field, "must be between " + min + " and " + max + ", was " + value);
    }
    return value;
  }

  /** Without blanks around it, those included that spreadsheets paste and nobody sees. */
  private static String stripped(String value) {
    int from = 0;
    int to = value.length();
    while (from < to && blank(value.charAt(from))) {
      from++;
    }
    while (to > from && blank(value.charAt(to - 1))) {
      to--;
    }
    return value.substring(from, to);
  }

  private static boolean blank(char c) {
    return Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || c == '\uFEFF'
        || (c >= '\u200B' && c <= '\u200D')
        || c == '\u2060';
  }

  private static String bounded(String field, String value, int max) {
    int length = value.codePointCount(0, value.length());
    if (length > max) {
      throw new InvalidInputException(
          field, "must have at most " + max + " characters, has " + length);
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' && c != '\n' && c != '\t' && c != '\r') {
        throw new InvalidInputException(
            field, "must not have the control character U+%04X at %d".formatted((int) c, i));
      }
    }
    return whole(field, value);
  }

  private static String whole(String field, String value) {
    int half = half(value, 0);
    if (half >= 0) {
      throw new InvalidInputException(
          field, "has half of a 4-byte character at " + half + "; cut texts between characters");
    }
    return value;
  }

  /**
   * Text that nobody can be asked to correct, as it is part of a message under way or came from a
   * platform or a person: half of a 4-byte character, which is no text and which each database
   * would keep as something else, becomes a question mark. Where a host gives text it is refused.
   */
  public static String mended(String value) {
    int half = half(value, 0);
    if (half < 0) {
      return value;
    }
    StringBuilder mended = new StringBuilder(value);
    for (; half >= 0; half = half(value, half + 1)) {
      mended.setCharAt(half, '?');
    }
    return mended.toString();
  }

  private static int half(String value, int from) {
    for (int i = from; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == value.length()
            || !Character.isLowSurrogate(value.charAt(i + 1))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }
}
