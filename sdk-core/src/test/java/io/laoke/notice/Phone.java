package io.laoke.notice;

import com.sun.net.httpserver.HttpServer;
import io.laoke.binding.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A customer's phone: opens pages, keeps their cookies, signs in by the platform. */
final class Phone {
  static final String WECHAT = "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50";
  static final String SAFARI = "Mozilla/5.0 (iPhone) Safari/604.1";
  static final String ADDRESS = "https://m.example.cn/laoke";

  private final Function<WebRequest, WebResponse> pages;
  private final Map<String, String> cookies = new LinkedHashMap<>();
  String userAgent = WECHAT;

  Phone(Function<WebRequest, WebResponse> pages) {
    this.pages = pages;
  }

  static Phone of(World on) {
    return new Phone(on.engine.pages::handle);
  }

  static Phone of(World.Engine engine) {
    return new Phone(engine.pages::handle);
  }

  /** The answer, with what a test asks of it. */
  record Page(int status, Map<String, List<String>> headers, String body) {
    String location() {
      return headers.get("Location").get(0);
    }

    String header(String name) {
      return headers.get(name).get(0);
    }

    /** The address that a link with these words leads to. */
    String link(String words) {
      return found("<a [^>]*href=\"([^\"]*)\"[^>]*>" + words);
    }

    /** The value of a hidden field of the form with that button. */
    Map<String, String> form(String words) {
      int end = body.indexOf(">" + words + "</button>");
      String form = body.substring(body.lastIndexOf("<form", end), end);
      Map<String, String> fields = new LinkedHashMap<>();
      Matcher field = Pattern.compile("name=\"([a-z]+)\" value=\"([^\"]*)\"").matcher(form);
      while (field.find()) {
        fields.put(field.group(1), field.group(2));
      }
      return fields;
    }

    private String found(String pattern) {
      Matcher match = Pattern.compile(pattern).matcher(body);
      if (!match.find()) {
        throw new AssertionError("no " + pattern + " in " + body);
      }
      return match.group(1).replace("&amp;", "&");
    }
  }

  Page get(String address) {
    return ask("GET", address, "");
  }

  Page ask(String method, String address, String body) {
    return ask(method, address, body, Map.of());
  }

  Page ask(String method, String address, String body, Map<String, String> more) {
    URI uri = URI.create(address);
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put("User-Agent", List.of(userAgent));
    headers.put("Content-Type", List.of("application/x-www-form-urlencoded"));
    more.forEach((name, value) -> headers.put(name, List.of(value)));
    StringBuilder jar = new StringBuilder();
    cookies.forEach((name, value) -> jar.append(name).append('=').append(value).append("; "));
    headers.put("Cookie", List.of(jar.toString()));
    WebResponse answer =
        pages.apply(
            WebRequest.of(
                method,
                uri.getRawPath(),
                uri.getRawQuery(),
                headers,
                body.getBytes(StandardCharsets.UTF_8)));
    keep(answer.headers().getOrDefault("Set-Cookie", List.of()));
    return new Page(
        answer.status(), answer.headers(), new String(answer.body(), StandardCharsets.UTF_8));
  }

  private void keep(List<String> set) {
    for (String cookie : set) {
      String pair = cookie.substring(0, cookie.indexOf(';'));
      int mark = pair.indexOf('=');
      if (cookie.contains("Max-Age=0")) {
        cookies.remove(pair.substring(0, mark));
      } else {
        cookies.put(pair.substring(0, mark), pair.substring(mark + 1));
      }
    }
  }

  Page press(String address, Map<String, String> fields) {
    return ask("POST", address, encoded(fields));
  }

  static String encoded(Map<String, String> fields) {
    StringBuilder body = new StringBuilder();
    fields.forEach(
        (name, value) ->
            body.append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8))
                .append('&'));
    return body.toString();
  }

  /** Opens a page that asks for sign-in, and gives the address to come back to with a code. */
  String started(String address) {
    Page sent = get(address);
    if (sent.status() != 303) {
      throw new AssertionError("not sent to sign in: " + sent.status() + " " + sent.body());
    }
    Matcher state = Pattern.compile("state=([0-9a-f]{32})").matcher(sent.location());
    if (!state.find()) {
      throw new AssertionError("no state in " + sent.location());
    }
    return ADDRESS + "/r/1?state=" + state.group(1) + "&code=";
  }

  /** Opens a page that asks for sign-in, and signs in as this person. */
  Page signIn(World on, String address, String openid) {
    return get(started(address) + on.main.code(openid));
  }

  void forgetCookies() {
    cookies.clear();
  }

  Map<String, String> cookies() {
    return cookies;
  }

  /** The pages behind the JDK's own server, as a host without a framework mounts them. */
  static HttpServer served(CustomerPages pages) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/laoke",
        exchange -> {
          WebResponse answer =
              pages.handle(
                  WebRequest.of(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI().getRawPath(),
                      exchange.getRequestURI().getRawQuery(),
                      exchange.getRequestHeaders(),
                      exchange.getRequestBody().readNBytes(WebRequest.LONGEST_BODY + 1)));
          exchange.getResponseHeaders().putAll(answer.headers());
          byte[] body = answer.body();
          exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  static HttpResponse<String> http(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(
        request.header("User-Agent", WECHAT).build(), HttpResponse.BodyHandlers.ofString());
  }
}
