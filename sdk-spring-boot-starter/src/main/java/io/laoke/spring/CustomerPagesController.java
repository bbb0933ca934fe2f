package io.laoke.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.laoke.Laoke;
import io.laoke.notice.WebRequest;
import io.laoke.notice.WebResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;

/**
 * Hands the requests of customers' phones on to Laoke, and its pages back. Answers past message
 * converters and body advice, since a host may wrap whatever its controllers return; not final,
 * since a host may put aspects around all its controllers.
 */
@Controller
class CustomerPagesController {
  private final Laoke laoke;

  CustomerPagesController(Laoke laoke) {
    this.laoke = laoke;
  }

  @RequestMapping(
      path = "${laoke.web.path:/laoke/web}/**",
      method = {RequestMethod.GET, RequestMethod.POST})
  void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Map<String, List<String>> headers = new TreeMap<>();
    Collections.list(request.getHeaderNames())
        .forEach(name -> headers.put(name, Collections.list(request.getHeaders(name))));
    WebResponse answer =
        laoke
            .web()
            .handle(
                WebRequest.of(
                    request.getMethod(),
                    request.getRequestURI(),
                    request.getQueryString(),
                    headers,
                    body(request)));
    response.setStatus(answer.status());
    answer.headers().forEach((name, all) -> all.forEach(one -> response.addHeader(name, one)));
    response.getOutputStream().write(answer.body());
  }

  /** One byte more than is taken shows that there was too much. */
  private static byte[] body(HttpServletRequest request) throws IOException {
    try (InputStream in = request.getInputStream()) {
      byte[] body = in.readNBytes(WebRequest.LONGEST_BODY + 1);
      return body.length == 0 && request.getContentLength() > 0 ? form(request) : body;
    }
  }

  /** A filter of the host's may have read the form already. */
  private static byte[] form(HttpServletRequest request) {
    return request.getParameterMap().entrySet().stream()
        .filter(field -> field.getValue().length > 0)
        .map(
            field ->
                URLEncoder.encode(field.getKey(), UTF_8)
                    + "="
                    + URLEncoder.encode(field.getValue()[0], UTF_8))
        .collect(Collectors.joining("&"))
        .getBytes(UTF_8);
  }
}
