package io.laoke.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A headless Chromium, driven over the WebDriver protocol by the few commands needed, which keeps
 * Selenium's dependencies off a test class path that has WxJava's.
 */
final class Browser implements AutoCloseable {
  private static final File CHROMIUM = new File("/usr/bin/chromium");
  private static final File DRIVER = new File("/usr/bin/chromedriver");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process driver;
  private final String base;
  private final String session;

  static boolean isInstalled() {
    return CHROMIUM.canExecute() && DRIVER.canExecute();
  }

  Browser() {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    base = "http://127.0.0.1:" + port;
    try {
      driver =
          new ProcessBuilder(DRIVER.getPath(), "--port=" + port)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .until(() -> call("GET", "/status", Json.object()).path("ready").asBoolean());
      session = "/session/" + newSession();
    } catch (RuntimeException e) {
      driver.destroy();
      throw e;
    }
  }

  private String newSession() {
    ObjectNode wanted = Json.object();
    ObjectNode options =
        wanted.putObject("capabilities").putObject("alwaysMatch").putObject("goog:chromeOptions");
    options.put("binary", CHROMIUM.getPath());
    var arguments = options.putArray("args");
    for (String argument :
        List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--lang=zh-CN")) {
      arguments.add(argument);
    }
    return call("POST", "/session", wanted).path("sessionId").asText();
  }

  private JsonNode call(String method, String path, ObjectNode body) {
    try {
      var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30));
      if (method.equals("POST")) {
        request.POST(HttpRequest.BodyPublishers.ofString(Json.write(body)));
      } else {
        request.method(method, HttpRequest.BodyPublishers.noBody());
      }
      var answer = http.send(request.build(), BodyHandlers.ofString());
      JsonNode value = Json.read(answer.body()).path("value");
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(path + ": " + value.path("message").asText());
      }
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String element(String css) {
    JsonNode found =
        call(
            "POST",
            session + "/element",
            Json.object().put("using", "css selector").put("value", css));
    return session + "/element/" + found.elements().next().asText();
  }

  void open(String url) {
    call("POST", session + "/url", Json.object().put("url", url));
  }

  void size(int width, int height) {
    call("POST", session + "/window/rect", Json.object().put("width", width).put("height", height));
  }

  /** A phone's screen, which a desktop window cannot be made as narrow as. */
  void phone(int width, int height) {
    ObjectNode command = Json.object().put("cmd", "Emulation.setDeviceMetricsOverride");
    command
        .putObject("params")
        .put("width", width)
        .put("height", height)
        .put("deviceScaleFactor", 2)
        .put("mobile", true);
    call("POST", session + "/goog/cdp/execute", command);
  }

  void click(String css) {
    call("POST", element(css) + "/click", Json.object());
  }

  void type(String css, String text) {
    call("POST", element(css) + "/value", Json.object().put("text", text));
  }

  String run(String script) {
    ObjectNode body = Json.object().put("script", script);
    body.putArray("args");
    return call("POST", session + "/execute/sync", body).asText();
  }

  List<String> texts(String css) {
    ObjectNode body =
        Json.object()
            .put(
                "script",
                "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText.trim())");
    body.putArray("args").add(css);
    List<String> texts = new ArrayList<>();
    call("POST", session + "/execute/sync", body).forEach(text -> texts.add(text.asText()));
    return texts;
  }

  @Override
  public void close() {
    try {
      call("DELETE", session, Json.object());
    } finally {
      driver.destroy();
    }
  }
}
