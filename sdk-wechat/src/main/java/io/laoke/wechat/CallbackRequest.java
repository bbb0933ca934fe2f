package io.laoke.wechat;

import static io.laoke.base.Check.notNull;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request to the callback URL, as any web framework has it. */
public final class CallbackRequest {
  private final String method;
  private final Map<String, String> query;
  private final byte[] body;

  /**
   * A request.
   *
   * @param method {@code GET} or {@code POST}
   * @param query the query parameters, decoded; of repeated ones any
   * @param body the raw body, empty for GET; not copied. More than {@link WeChatCallback#MAX_BODY}
   *     bytes are refused, so a host need not read on
   */
  public CallbackRequest(String method, Map<String, String> query, byte[] body) {
    this.method = notNull("method", method);
    this.query = Map.copyOf(notNull("query", query));
    this.body = notNull("body", body);
  }

  String method() {
    return method;
  }

  Map<String, String> query() {
    return query;
  }

  byte[] body() {
    return body;
  }

  /**
   * A request whose query has not been read yet.
   *
   * @param rawQuery what follows the {@code ?} of the URL, still encoded; null for nothing
   */
  public static CallbackRequest of(String method, @Nullable String rawQuery, byte[] body) {
    Map<String, String> query = new HashMap<>();
    if (rawQuery != null) {
      for (String parameter : rawQuery.split("&", -1)) {
        int equals = parameter.indexOf('=');
        if (equals > 0) {
          query.put(
              decoded(parameter.substring(0, equals)), decoded(parameter.substring(equals + 1)));
        }
      }
    }
    return new CallbackRequest(method, query, body);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException damaged) {
      return text; // no signature can be right then, and it is refused as such
    }
  }

  /** Shows neither parameters nor body. */
  @Override
  public String toString() {
    return "CallbackRequest[" + method + ", " + body.length + " bytes]";
  }
}
