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

  /** Uploads a file as {@code media}, with more form fields. */
  JsonNode upload(String target, String fileName, byte[] bytes, String... fields) {
    String mark = "----laoke-test";
    java.io.ByteArrayOutputStream body = new java.io.ByteArrayOutputStream();
    body.writeBytes(
        ("--%s\r\nContent-Disposition: form-data; name=\"media\"; filename=\"%s\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                .formatted(mark, fileName))
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    body.writeBytes(bytes);
    for (int i = 0; i < fields.length; i += 2) {
      body.writeBytes(
          ("\r\n--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s"
                  .formatted(mark, fields[i], fields[i + 1]))
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    body.writeBytes(("\r\n--" + mark + "--\r\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    try {
      String sep = target.contains("?") ? "&" : "?";
      return Json.read(
          http.send(
                  HttpRequest.newBuilder(
                          URI.create(
                              simulator.baseUrl() + target + sep + "access_token=" + token()))
                      .header("Content-Type", "multipart/form-data; boundary=" + mark)
                      .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                      .build(),
                  BodyHandlers.ofString())
              .body());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A PNG of that size: what the platform looks at are its first bytes. */
  static byte[] png(int size) {
    byte[] bytes = new byte[size];
    System.arraycopy(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10}, 0, bytes, 0, 8);
    return bytes;
  }

  static byte[] jpg(int size) {
    byte[] bytes = new byte[size];
    System.arraycopy(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF}, 0, bytes, 0, 3);
    return bytes;
  }

  String picture() {
    return upload("/cgi-bin/material/add_material?type=image", "a.png", png(100))
        .path("media_id")
        .asText();
  }

  String draft(String title) {
    return post("/cgi-bin/draft/add", Json.write(article(title, picture())))
        .path("media_id")
        .asText();
  }

  static ObjectNode article(String title, String thumb) {
    ObjectNode body = Json.object();
    body.putArray("articles")
        .addObject()
        .put("title", title)
        .put("content", "<p>内容</p>")
        .put("thumb_media_id", thumb);
    return body;
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
