package io.laoke.examples.shell;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The charsets that a file may be written in, the likeliest first. */
enum Charsets {
  UTF_8,
  GB18030,
  AUTO;

  private static final Charset CHINESE = Charset.forName("GB18030");

  static Optional<Charsets> named(String name) {
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "utf-8", "utf8" -> Optional.of(UTF_8);
      case "gb18030", "gbk", "gb2312" -> Optional.of(GB18030);
      case "auto" -> Optional.of(AUTO);
      default -> Optional.empty();
    };
  }

  List<Charset> candidates() {
    return switch (this) {
      case UTF_8 -> List.of(StandardCharsets.UTF_8);
      case GB18030 -> List.of(CHINESE);
      case AUTO -> List.of(StandardCharsets.UTF_8, CHINESE);
    };
  }
}
