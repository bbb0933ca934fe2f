package io.laoke.examples.erp;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses forms that another site makes the user's browser send. This ERP has no sign-in and so no
 * session to keep a token in; browsers name the page's origin in every POST.
 */
final class SameOriginOnly implements HandlerInterceptor {
  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws IOException {
    response.setHeader("X-Frame-Options", "SAMEORIGIN");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "same-origin");
    if (!request.getMethod().equals("POST") || own(request)) {
      return true;
    }
    response.sendError(HttpServletResponse.SC_FORBIDDEN, "这个表单不是从本系统的页面提交的");
    return false;
  }

  private static boolean own(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin");
    }
    String origin = request.getHeader("Origin");
    return origin != null && authority(origin, request.getHeader("Host"));
  }

  private static boolean authority(String origin, @Nullable String host) {
    try {
      return host != null && host.equals(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }
}
