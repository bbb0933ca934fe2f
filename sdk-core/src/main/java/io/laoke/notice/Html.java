package io.laoke.notice;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes pages: escaped text in a frame of ours, with headers that keep them private. */
final class Html {
  private static final String STYLE = style();
  private static final String POLICY =
      "default-src 'none'; style-src 'sha256-"
          + sha256(STYLE)
          + "'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private final StringBuilder body = new StringBuilder(8_192);

  /** Adds markup of ours. */
  Html raw(String markup) {
    body.append(markup);
    return this;
  }

  /** Adds text of anybody's. */
  Html text(String text) {
    body.append(escaped(text));
    return this;
  }

  /** Adds an element with text of anybody's. */
  Html element(String tag, String className, String text) {
    body.append('<').append(tag);
    if (!className.isEmpty()) {
      body.append(" class=\"").append(className).append('"');
    }
    body.append('>').append(escaped(text)).append("</").append(tag).append('>');
    return this;
  }

  /** Adds a picture, which a long press in the app reads as a code. */
  Html code(byte[] png, String alt) {
    body.append("<img class=\"code\" width=\"240\" height=\"240\" alt=\"")
        .append(escaped(alt))
        .append("\" src=\"data:image/png;base64,")
        .append(Base64.getEncoder().encodeToString(png))
        .append("\">");
    return this;
  }

  /** Adds a form of one button. */
  Html button(String action, Map<String, String> fields, String className, String words) {
    body.append("<form method=\"post\" action=\"").append(escaped(action)).append("\">");
    fields.forEach(
        (name, value) ->
            body.append("<input type=\"hidden\" name=\"")
                .append(escaped(name))
                .append("\" value=\"")
                .append(escaped(value))
                .append("\">"));
    body.append("<button class=\"").append(className).append("\">").append(escaped(words));
    body.append("</button></form>");
    return this;
  }

  Html link(String address, String className, String words) {
    body.append("<a class=\"").append(className).append("\" href=\"").append(escaped(address));
    body.append("\">").append(escaped(words)).append("</a>");
    return this;
  }

  /** The whole page. */
  WebResponse page(int status, String title, String dealer) {
    String page =
        """
        <!DOCTYPE html>
        <html lang="zh-CN">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
        <meta name="robots" content="noindex, nofollow">
        <meta name="format-detection" content="telephone=no">
        <title>"""
            + escaped(title)
            + "</title>\n<style>"
            + STYLE
            + "</style>\n</head>\n<body>\n<header><span class=\"seal\" aria-hidden=\"true\">"
            + escaped(first(dealer))
            + "</span><span>"
            + escaped(dealer)
            + "</span></header>\n<main>\n"
            + body
            + "\n</main>\n</body>\n</html>\n";
    return answer(status, page.getBytes(StandardCharsets.UTF_8));
  }

  private static WebResponse answer(int status, byte[] page) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put("Content-Type", List.of("text/html; charset=utf-8"));
    headers.put("Content-Security-Policy", List.of(POLICY));
    headers.put("Cache-Control", List.of("no-store"));
    headers.put("Referrer-Policy", List.of("no-referrer"));
    headers.put("X-Content-Type-Options", List.of("nosniff"));
    headers.put("X-Frame-Options", List.of("DENY"));
    headers.put("X-Robots-Tag", List.of("noindex, nofollow"));
    return new WebResponse(status, headers, page);
  }

  static WebResponse redirect(String address) {
    return new WebResponse(
        303,
        Map.of(
            "Location", List.of(address),
            "Cache-Control", List.of("no-store"),
            "Referrer-Policy", List.of("no-referrer")),
        new byte[0]);
  }

  static String escaped(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        case '\'' -> safe.append("&#39;");
        default -> {
          // Marks that turn the reading direction would let a name rewrite what stands beside it.
          boolean turns = (c >= '\u202A' && c <= '\u202E') || (c >= '\u2066' && c <= '\u2069');
          if (!turns && (c >= ' ' || c == '\n' || c == '\t')) {
            safe.append(c);
          }
        }
      }
    }
    return safe.toString();
  }

  private static String first(String text) {
    return text.isEmpty() ? "" : text.substring(0, text.offsetByCodePoints(0, 1));
  }

  private static String style() {
    try (InputStream in = Html.class.getResourceAsStream("pages.css")) {
      if (in == null) {
        throw new IllegalStateException("The jar lacks pages.css");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String sha256(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
