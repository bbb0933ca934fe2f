package io.laoke.wechat;

import static io.laoke.base.Check.notNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;

/**
 * The callback behind the JDK's own HTTP server, for programs without a web framework: {@code
 * server.createContext("/wechat", new JdkCallbackHandler(callback))}. Give the server an executor
 * of several threads; each push occupies one until it is answered. Start Java with {@code
 * -Dsun.net.httpserver.nodelay=true}: without it that server holds the end of an answer back until
 * its beginning is acknowledged, up to 40 ms for each push.
 */
public final class JdkCallbackHandler implements HttpHandler {
  private final WeChatCallback callback;

  /** A handler of that callback. */
  public JdkCallbackHandler(WeChatCallback callback) {
    this.callback = notNull("callback", callback);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(WeChatCallback.MAX_BODY + 1);
      CallbackResponse answer =
          callback.handle(
              CallbackRequest.of(
                  exchange.getRequestMethod(), exchange.getRequestURI().getRawQuery(), body));
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      byte[] answered = answer.body();
      exchange.sendResponseHeaders(answer.status(), answered.length == 0 ? -1 : answered.length);
      if (answered.length > 0) {
        exchange.getResponseBody().write(answered);
      }
    }
  }
}
