package io.laoke.base;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Short texts as people type them on a phone, made comparable. */
@Internal
public final class Typed {
  private static final Pattern END = Pattern.compile("[\\s。.!~,;:、…]*$");

  private Typed() {}

  /** In one width and without blanks around it and marks at its end; a question stays one. */
  public static String plain(String text) {
    return END.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC).strip()).replaceFirst("");
  }

  /** The same in whatever letters. */
  public static String word(String text) {
    return plain(text).toLowerCase(Locale.ROOT);
  }
}
