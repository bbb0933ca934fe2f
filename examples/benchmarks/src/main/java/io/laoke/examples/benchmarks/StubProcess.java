package io.laoke.examples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A {@link Stub} in a process of its own; ends with this one. */
final class StubProcess implements AutoCloseable {
  private final Process process;
  private final String url;

  private StubProcess(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  static StubProcess start(int latencyMillis) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Stub.class.getName(),
                    Integer.toString(latencyMillis)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String port = out.readLine();
    if (port == null) {
      throw new IOException("The stub did not start.");
    }
    return new StubProcess(process, "http://127.0.0.1:" + port);
  }

  String url() {
    return url;
  }

  /** How many messages it has taken. */
  long messages() throws IOException, InterruptedException {
    String answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url + "/count")).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    return Long.parseLong(answer.replaceAll("[^0-9]", ""));
  }

  @Override
  public void close() {
    process.destroy();
  }
}
