package io.laoke.notice;

import static io.laoke.base.Check.notNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What goes back: to be written as it is, all headers included. */
public final class WebResponse {
  private final int status;
  private final Map<String, List<String>> headers;
  private final byte[] body;

  /** An answer; copies. */
  public WebResponse(int status, Map<String, List<String>> headers, byte[] body) {
    this.status = status;
    Map<String, List<String>> copy = new LinkedHashMap<>();
    notNull("headers", headers).forEach((name, values) -> copy.put(name, List.copyOf(values)));
    this.headers = Map.copyOf(copy);
    this.body = notNull("body", body).clone();
  }

  /** The status code. */
  public int status() {
    return status;
  }

  /** Headers by name; only cookies have several values. */
  public Map<String, List<String>> headers() {
    return headers;
  }

  /** The body; empty for redirects and for {@code HEAD}. */
  public byte[] body() {
    return body.clone();
  }

  WebResponse cookie(String cookie) {
    Map<String, List<String>> more = new LinkedHashMap<>(headers);
    List<String> cookies = new ArrayList<>(headers.getOrDefault("Set-Cookie", List.of()));
    cookies.add(cookie);
    more.put("Set-Cookie", cookies);
    return new WebResponse(status, more, body);
  }

  WebResponse header(String name, String value) {
    Map<String, List<String>> more = new LinkedHashMap<>(headers);
    more.put(name, List.of(value));
    return new WebResponse(status, more, body);
  }

  WebResponse withoutBody() {
    return new WebResponse(status, headers, new byte[0]);
  }

  /** Shows the status only. */
  @Override
  public String toString() {
    return "WebResponse[" + status + "]";
  }
}
