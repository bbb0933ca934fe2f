package io.laoke.wechat;

import java.text.Normalizer;
import java.util.function.IntPredicate;

/** What every field leaves out, and the classes of characters that types speak of. */
final class Characters {
  private Characters() {}

  /**
   * Leaves out control characters, line breaks, invisible characters, halves of 4-byte characters
   * and emoji; runs of blanks become one.
   */
  static String clean(String value) {
    return all(value, c -> ascii(c) || (han(c) && visible(c))) ? value : cleaned(value);
  }

  private static String cleaned(String value) {
    StringBuilder kept = new StringBuilder(value.length());
    boolean blank = false;
    for (int i = 0; i < value.length(); ) {
      int c = value.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c)) {
        blank = true;
      } else if (visible(c) && !emoji(c)) {
        if (blank && !kept.isEmpty()) {
          kept.append(' ');
        }
        blank = false;
        kept.appendCodePoint(c);
      }
    }
    return kept.toString();
  }

  /** Full-width letters, digits and symbols as ASCII. */
  static String halfWidth(String value) {
    return all(value, c -> c < 0x3000) ? value : asHalfWidth(value);
  }

  private static String asHalfWidth(String value) {
    StringBuilder half = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= '\uFF01' && c <= '\uFF5E') {
        half.append((char) (c - 0xFEE0));
      } else if (c == '\u3000') {
        half.append(' ');
      } else {
        half.append(c);
      }
    }
    return half.toString();
  }

  /** Latin letters without their accents. */
  static String withoutAccents(String value) {
    return Normalizer.normalize(value, Normalizer.Form.NFD).replaceAll("\\p{Mn}+", "");
  }

  static String keep(String value, IntPredicate allowed) {
    if (all(value, allowed)) {
      return value;
    }
    StringBuilder kept = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); ) {
      int c = value.codePointAt(i);
      i += Character.charCount(c);
      if (allowed.test(c)) {
        kept.appendCodePoint(c);
      }
    }
    return kept.toString();
  }

  static boolean all(String value, IntPredicate allowed) {
    for (int i = 0; i < value.length(); ) {
      int c = value.codePointAt(i);
      i += Character.charCount(c);
      if (!allowed.test(c)) {
        return false;
      }
    }
    return true;
  }

  static int length(String value) {
    return value.codePointCount(0, value.length());
  }

  /** The first {@code max} characters, without a blank at their end. */
  static String first(String value, int max) {
    return length(value) <= max
        ? value
        : value.substring(0, value.offsetByCodePoints(0, max)).strip();
  }

  /** A Chinese character of the common range. */
  static boolean han(int c) {
    return c >= 0x4E00 && c <= 0x9FFF;
  }

  static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }

  static boolean letter(int c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  /** A visible ASCII character: a digit, a letter or a symbol. */
  static boolean ascii(int c) {
    return c > ' ' && c < 0x7F;
  }

  static boolean asciiSymbol(int c) {
    return ascii(c) && !digit(c) && !letter(c);
  }

  private static boolean visible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.ENCLOSING_MARK ->
          false;
      default -> !(c >= 0xFE00 && c <= 0xFE0F) && !(c >= 0xE0100 && c <= 0xE01EF);
    };
  }

  /** Emoji and the pictures that phones draw like them. Errs on the side of leaving out. */
  private static boolean emoji(int c) {
    return (c >= 0x1F000 && c <= 0x1FAFF)
        || (c >= 0x2600 && c <= 0x27BF)
        || (c >= 0x2300 && c <= 0x23FF)
        || (c >= 0x2B00 && c <= 0x2BFF)
        || (c >= 0x2194 && c <= 0x21AA)
        || (c >= 0x25A0 && c <= 0x25FF)
        || switch (c) {
          case 0xA9, 0xAE, 0x203C, 0x2049, 0x2122, 0x2139, 0x24C2, 0x2934, 0x2935 -> true;
          case 0x3030, 0x303D, 0x3297, 0x3299 -> true;
          default -> false;
        };
  }
}
