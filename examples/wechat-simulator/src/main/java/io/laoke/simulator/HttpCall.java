package io.laoke.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** One HTTP request as it arrived; header names are in lower case. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HttpCall(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body,
    String remoteIp) {

  static HttpCall of(
      String method, String asked, Map<String, String> headers, byte[] body, String remoteIp) {
    String target = asked.replaceFirst("^https?://[^/?]*", ""); // as sent to a proxy
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? "" : target.substring(mark + 1);
    return new HttpCall(method, decode(path), form(query), headers, body, remoteIp);
  }

  static Map<String, String> form(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    int from = 0;
    while (from < text.length()) {
      int to = text.indexOf('&', from);
      String pair = text.substring(from, to < 0 ? text.length() : to);
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        values.putIfAbsent(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
      from = to < 0 ? text.length() : to + 1;
    }
    return values;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }
}
