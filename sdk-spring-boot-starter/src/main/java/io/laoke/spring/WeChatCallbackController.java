package io.laoke.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.laoke.Laoke;
import io.laoke.wechat.CallbackRequest;
import io.laoke.wechat.CallbackResponse;
import io.laoke.wechat.WeChatCallback;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/**
 * Hands WeChat's requests on as they came in: the raw query and the raw body, which signatures are
 * made over.
 */
@RestController
final class WeChatCallbackController {
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
  ResponseEntity<byte[]> handle(@PathVariable("account") String account, HttpServletRequest request)
      throws IOException {
    Optional<WeChatCallback> callback = callback(account);
    Optional<Map<String, String>> query = query(request.getQueryString());
    if (callback.isEmpty()) {
      return ResponseEntity.notFound().build();
    }
    if (query.isEmpty()) {
      return ResponseEntity.badRequest().build();
    }
    CallbackResponse answer =
        callback.get().handle(new CallbackRequest(request.getMethod(), query.get(), body(request)));
    return ResponseEntity.status(answer.status())
        .contentType(MediaType.parseMediaType(answer.contentType()))
        .body(answer.body());
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
