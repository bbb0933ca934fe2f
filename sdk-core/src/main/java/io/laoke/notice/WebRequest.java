package io.laoke.notice;

import static io.laoke.base.Check.notNull;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came in.
 *
 * @param method such as {@code GET}
 * @param path the whole path or what follows the mount; only its end is looked at
 * @param query parameters of the address; of a repeated one the first
 * @param form parameters of the body; of a repeated one the first
 * @param cookies by name; of a repeated one the first
 * @param headers by name in lower case
 */
public record WebRequest(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> form,
    Map<String, String> cookies,
    Map<String, String> headers) {
  /** What a form of ours may have at most, in bytes; hosts need read no more of a body. */
  public static final int LONGEST_BODY = 8 * 1024;

  private static final int LONGEST_PATH = 1_024;
  private static final int LONGEST_TEXT = 16 * 1024;
  private static final int MOST = 64;

  /** Copies. */
  public WebRequest {
    notNull("method", method);
    notNull("path", path);
    query = Map.copyOf(query);
    form = Map.copyOf(form);
    cookies = Map.copyOf(cookies);
    headers = Map.copyOf(headers);
  }

  /**
   * Reads a request. What cannot be read is left out, and what is too long is not read: neither is
   * ever ours.
   *
   * @param path as it came in, percent-encoded or not
   * @param rawQuery what follows the question mark, or null
   * @param headers by name in any case
   * @param body at most {@link #LONGEST_BODY} bytes are read
   */
  public static WebRequest of(
      String method,
      String path,
      @Nullable String rawQuery,
      Map<String, List<String>> headers,
      byte[] body) {
    notNull("path", path);
    Map<String, String> plain = new HashMap<>();
    notNull("headers", headers)
        .forEach(
            (name, values) -> {
              if (name != null && values != null && !values.isEmpty()) {
                plain.putIfAbsent(name.toLowerCase(Locale.ROOT), String.join("; ", values));
              }
            });
    notNull("body", body);
    boolean form =
        plain
            .getOrDefault("content-type", "")
            .toLowerCase(Locale.ROOT)
            .startsWith("application/x-www-form-urlencoded");
    return new WebRequest(
        method,
        path.length() > LONGEST_PATH ? "" : path,
        pairs(rawQuery == null ? "" : rawQuery, "&", true),
        form && body.length <= LONGEST_BODY
            ? pairs(new String(body, StandardCharsets.UTF_8), "&", true)
            : Map.of(),
        pairs(plain.getOrDefault("cookie", ""), ";", false),
        plain);
  }

  private static Map<String, String> pairs(String text, String between, boolean encoded) {
    Map<String, String> values = new LinkedHashMap<>();
    if (text.length() > LONGEST_TEXT) {
      return values;
    }
    for (String pair : text.split(between, MOST + 1)) {
      int mark = pair.indexOf('=');
      if (mark > 0 && values.size() < MOST) {
        String name = decoded(pair.substring(0, mark).strip(), encoded);
        String value = decoded(pair.substring(mark + 1).strip(), encoded);
        if (name != null && value != null) {
          values.putIfAbsent(name, value);
        }
      }
    }
    return values;
  }

  private static @Nullable String decoded(String text, boolean encoded) {
    if (!encoded) {
      boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
      return quoted ? text.substring(1, text.length() - 1) : text;
    }
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  boolean get() {
    return method.equals("GET") || method.equals("HEAD");
  }

  /** Shows the method only: paths and cookies open what is somebody's own. */
  @Override
  public String toString() {
    return "WebRequest[" + method + "]";
  }
}
