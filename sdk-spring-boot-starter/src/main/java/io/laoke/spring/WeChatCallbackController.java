package io.laoke.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.laoke.Laoke;
import io.laoke.wechat.CallbackRequest;
import io.laoke.wechat.CallbackResponse;
import io.laoke.wechat.WeChatCallback;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;

/**
 * Hands WeChat's requests on as they came in: the raw query and the raw body, which signatures are
 * made over. Answers past message converters and body advice, since a host may wrap whatever its
 * controllers return; not final, since a host may put aspects around all its controllers.
 */
@Controller
class WeChatCallbackController {
  private static final int LONGEST_BODY = 64 * 1024;

  private final Laoke laoke;
  private final WeChatAccounts accounts;
  private final Map<String, WeChatCallback> callbacks = new ConcurrentHashMap<>();

  WeChatCallbackController(Laoke laoke, WeChatAccounts accounts) {
    this.laoke = laoke;
    this.accounts = accounts;
  }

  @RequestMapping(
      path = "${laoke.callback.path:/laoke/wechat}/{account}",
      method = {RequestMethod.GET, RequestMethod.POST})
  void handle(
      @PathVariable("account") String account,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    Optional<WeChatCallback> callback = callback(account);
    Optional<Map<String, String>> query = query(request.getQueryString());
    if (callback.isEmpty()) {
      response.setStatus(HttpServletResponse.SC_NOT_FOUND);
    } else if (query.isEmpty()) {
      response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
    } else {
      answer(
          response,
          callback
              .get()
              .handle(new CallbackRequest(request.getMethod(), query.get(), body(request))));
    }
  }

  private static void answer(HttpServletResponse response, CallbackResponse answer)
      throws IOException {
    byte[] body = answer.body();
    response.setStatus(answer.status());
    response.setContentType(answer.contentType());
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private Optional<WeChatCallback> callback(String account) {
    return accounts
        .withCallback(account)
        .map(
            known ->
                callbacks.computeIfAbsent(known.key(), key -> known.callback(laoke.inbound())));
  }

  /** One byte more than is taken shows that there was too much. */
  private static byte[] body(HttpServletRequest request) throws IOException {
    try (InputStream in = request.getInputStream()) {
      return in.readNBytes(LONGEST_BODY + 1);
    }
  }

  /** The parameters, of a repeated one the first; empty if they are not decodable. */
  private static Optional<Map<String, String>> query(@Nullable String raw) {
    Map<String, String> query = new LinkedHashMap<>();
    try {
      for (String pair : raw == null ? new String[0] : raw.split("&")) {
        int mark = pair.indexOf('=');
        if (mark > 0) {
          query.putIfAbsent(
              URLDecoder.decode(pair.substring(0, mark), UTF_8),
              URLDecoder.decode(pair.substring(mark + 1), UTF_8));
        }
      }
      return Optional.of(query);
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
