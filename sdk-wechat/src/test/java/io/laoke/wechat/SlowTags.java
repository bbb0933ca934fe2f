package io.laoke.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A platform that takes its time for changes of tags, and notes whom it is asked to change. */
final class SlowTags implements AutoCloseable {
  private static final Pattern PERSON = Pattern.compile("\"((?:person|other)-\\d+)\"");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final Concurrency seen;
  private final AtomicInteger calls = new AtomicInteger();

  SlowTags(Concurrency seen) throws IOException {
    this.seen = seen;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(Platform.TOKEN, this::token);
    server.createContext("/cgi-bin/tags/members", this::change);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  int calls() {
    return calls.get();
  }

  private void token(HttpExchange exchange) throws IOException {
    answer(exchange, "{\"access_token\":\"T\",\"expires_in\":7200}");
  }

  private void change(HttpExchange exchange) throws IOException {
    List<String> people = new ArrayList<>();
    Matcher person = PERSON.matcher(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    while (person.find()) {
      people.add(person.group(1));
    }
    calls.incrementAndGet();
    seen.begin(people);
    Thread.yield();
    long end = System.nanoTime() + 20_000_000;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    seen.end(people);
    answer(exchange, "{\"errcode\":0,\"errmsg\":\"ok\"}");
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    byte[] body = json.getBytes(UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
