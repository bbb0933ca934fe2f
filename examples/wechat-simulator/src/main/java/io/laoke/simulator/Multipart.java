package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a {@code multipart/form-data} body. */
final class Multipart {
  private static final Pattern BOUNDARY =
      Pattern.compile("(?i)boundary=(?:\"([^\"]{1,200})\"|([^;\\s]{1,200}))");
  private static final Pattern NAME = Pattern.compile("(?i)\\bname=(?:\"([^\"]*)\"|([^;\\s]+))");
  private static final Pattern FILE =
      Pattern.compile("(?i)\\bfilename=(?:\"([^\"]*)\"|([^;\\s]+))");

  /** One part. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Part(String fileName, byte[] bytes) {
    String text() {
      return new String(bytes, UTF_8);
    }
  }

  private Multipart() {}

  /** The parts by name; none if the body is not multipart. */
  static Map<String, Part> read(HttpCall call) {
    Map<String, Part> parts = new LinkedHashMap<>();
    String type = call.headers().getOrDefault("content-type", "");
    Matcher boundary = BOUNDARY.matcher(type);
    if (!type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data") || !boundary.find()) {
      return parts;
    }
    String text = new String(call.body(), ISO_8859_1); // one character a byte
    String mark = "--" + group(boundary);
    int at = text.indexOf(mark);
    while (at >= 0) {
      int head = text.indexOf("\r\n", at + mark.length());
      int end = text.indexOf("\r\n" + mark, at + mark.length());
      int body = head < 0 ? -1 : text.indexOf("\r\n\r\n", head);
      if (body < 0 || end < body) {
        break;
      }
      add(parts, text.substring(head, body), text.substring(Math.min(body + 4, end), end));
      at = end + 2;
    }
    return parts;
  }

  private static void add(Map<String, Part> parts, String head, String body) {
    Matcher name = NAME.matcher(head);
    if (name.find()) {
      Matcher file = FILE.matcher(head);
      String fileName = file.find() ? new String(group(file).getBytes(ISO_8859_1), UTF_8) : "";
      parts.putIfAbsent(group(name), new Part(fileName, body.getBytes(ISO_8859_1)));
    }
  }

  private static String group(Matcher found) {
    String quoted = found.group(1);
    return quoted == null ? String.valueOf(found.group(2)) : quoted;
  }
}
