package io.laoke.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Calls the simulator as a host would, over real HTTP. */
final class TestClient {
  final HttpClient http = HttpClient.newHttpClient();
  private final WeChatSimulator simulator;
  private final SimulatedAccount account;

  TestClient(WeChatSimulator simulator, SimulatedAccount account) {
    this.simulator = simulator;
    this.account = account;
  }

  HttpResponse<byte[]> raw(String method, String target, String body) throws IOException {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(simulator.baseUrl() + target))
              .timeout(Duration.ofSeconds(20))
              .method(
                  method,
                  body.isEmpty()
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  JsonNode json(String method, String target, String body) {
    try {
      return Json.read(
          new String(raw(method, target, body).body(), java.nio.charset.StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  JsonNode post(String path, String token, String body) {
    return json("POST", path + "?access_token=" + token, body);
  }

  JsonNode post(String path, String body) {
    return post(path, token(), body);
  }

  JsonNode get(String path) {
    return json("GET", path + (path.contains("?") ? "&" : "?") + "access_token=" + token(), "");
  }

  JsonNode stable(boolean force) {
    return json(
        "POST",
        "/cgi-bin/stable_token",
        "{\"grant_type\":\"client_credential\",\"appid\":\"%s\",\"secret\":\"%s\",\"force_refresh\":%s}"
            .formatted(account.appId(), account.secret(), force));
  }

  JsonNode classic() {
    return json(
        "GET",
        "/cgi-bin/token?grant_type=client_credential&appid=%s&secret=%s"
            .formatted(account.appId(), account.secret()),
        "");
  }

  String token() {
    return stable(false).path("access_token").asText();
  }

  JsonNode qr(String scene, int seconds) {
    return post(
        "/cgi-bin/qrcode/create",
        "{\"expire_seconds\":%d,\"action_name\":\"QR_STR_SCENE\",\"action_info\":{\"scene\":{\"scene_str\":\"%s\"}}}"
            .formatted(seconds, scene));
  }

  JsonNode send(String openId, String templateId, String clientMsgId, String... keysAndValues) {
    ObjectNode body = Json.object().put("touser", openId).put("template_id", templateId);
    if (!clientMsgId.isEmpty()) {
      body.put("client_msg_id", clientMsgId);
    }
    ObjectNode data = body.putObject("data");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      data.putObject(keysAndValues[i]).put("value", keysAndValues[i + 1]);
    }
    return post("/cgi-bin/message/template/send", Json.write(body));
  }
}
