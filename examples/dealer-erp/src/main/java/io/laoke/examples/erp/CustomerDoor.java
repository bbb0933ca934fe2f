package io.laoke.examples.erp;

import io.laoke.Laoke;
import io.laoke.notice.WebRequest;
import io.laoke.notice.WebResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** 客户页面: hands what customers open on their phones on to Laoke. */
@Controller
class CustomerDoor {
  private final Laoke laoke;

  CustomerDoor(Laoke laoke) {
    this.laoke = laoke;
  }

  @RequestMapping("/m/**")
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
                    request.getInputStream().readNBytes(WebRequest.LONGEST_BODY + 1)));
    response.setStatus(answer.status());
    answer.headers().forEach((name, all) -> all.forEach(one -> response.addHeader(name, one)));
    response.getOutputStream().write(answer.body());
  }
}
