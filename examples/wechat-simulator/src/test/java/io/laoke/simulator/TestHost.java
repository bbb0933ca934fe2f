package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A host's callback endpoint that notes what it gets and answers what the test wants. */
final class TestHost implements AutoCloseable {
  record Got(String method, Map<String, String> query, String body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  final List<Got> got = new CopyOnWriteArrayList<>();
  volatile Function<Got, String> reply = any -> "success";
  volatile int status = 200;

  TestHost() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/wechat", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/wechat";
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Got request =
          new Got(
              exchange.getRequestMethod(),
              HttpCall.form(String.valueOf(exchange.getRequestURI().getRawQuery())),
              new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      got.add(request);
      byte[] answer = reply.apply(request).getBytes(UTF_8);
      exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  Got last() {
    return got.get(got.size() - 1);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
