package io.laoke.push;

import io.laoke.base.Check;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Texts of contents, which may be longer than they can be sent, but not of any length. */
final class Texts {
  /** The most characters of what stands in one line. */
  static final int LONGEST_LINE = 4_000;

  /** The most characters of a body: five times what WeChat takes. */
  static final int LONGEST_BODY = 100_000;

  private Texts() {}

  static String text(String field, @Nullable String value, int max) {
    String text = Check.optionalText(field, Check.notNull(field, value), max);
    return text == null ? "" : text;
  }

  static String line(String field, @Nullable String value, int max) {
    String line = Check.optionalKey(field, Check.notNull(field, value), max);
    return line == null ? "" : line;
  }

  /** Characters as WeChat counts them: code points. */
  static int length(String value) {
    return value.codePointCount(0, value.length());
  }

  static int utf8(String value) {
    return value.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The beginning of it, in one line, for a message. */
  static String shown(String value) {
    String line = value.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    return length(line) <= 40 ? line : line.substring(0, line.offsetByCodePoints(0, 40)) + "…";
  }
}
