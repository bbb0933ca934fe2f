package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Drafts and material. */
class ContentTest {
  private static final String ADD = "/cgi-bin/material/add_material?type=";
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final SimulatedAccount account = simulator.addAccount();
  private final TestClient client = new TestClient(simulator, account);

  @AfterEach
  void stop() {
    simulator.close();
  }

  private static int code(JsonNode answer) {
    return answer.path("errcode").asInt();
  }

  private static Arguments broken(int errcode, Consumer<ObjectNode> how) {
    return Arguments.of(errcode, how);
  }

  static Stream<Arguments> brokenArticles() {
    return Stream.of(
        broken(0, a -> a.put("title", "题".repeat(32))),
        broken(45003, a -> a.put("title", "题".repeat(33))),
        broken(45003, a -> a.remove("title")),
        broken(45110, a -> a.put("author", "作".repeat(17))),
        broken(45004, a -> a.put("digest", "摘".repeat(121))),
        broken(44004, a -> a.put("content", " ")),
        broken(0, a -> a.put("content", "文".repeat(19_999))),
        broken(45002, a -> a.put("content", "文".repeat(20_000))),
        broken(45005, a -> a.put("content_source_url", "https://a/" + "b".repeat(1015))),
        broken(40007, a -> a.put("thumb_media_id", "none")),
        broken(40007, a -> a.remove("thumb_media_id")),
        broken(45166, a -> a.put("article_type", "poem")),
        broken(45166, a -> a.put("article_type", "newspic")));
  }

  @ParameterizedTest
  @MethodSource("brokenArticles")
  void refusesADraft(int errcode, Consumer<ObjectNode> how) {
    ObjectNode body = TestClient.article("标题", client.picture());
    how.accept((ObjectNode) body.path("articles").get(0));
    assertThat(code(client.post("/cgi-bin/draft/add", Json.write(body)))).isEqualTo(errcode);
    assertThat(account.drafts()).hasSize(errcode == 0 ? 1 : 0);
  }

  @Test
  void keepsChangesAndForgetsDrafts() {
    String picture = client.picture();
    ObjectNode two = TestClient.article("一", picture);
    ((com.fasterxml.jackson.databind.node.ArrayNode) two.path("articles"))
        .add(TestClient.article("二", picture).path("articles").get(0));
    String id = client.post("/cgi-bin/draft/add", Json.write(two)).path("media_id").asText();
    ObjectNode change = Json.object().put("media_id", id).put("index", 1);
    change.set("articles", TestClient.article("二改", picture).path("articles").get(0));
    assertThat(code(client.post("/cgi-bin/draft/update", Json.write(change)))).isZero();
    change.put("index", 2);
    assertThat(code(client.post("/cgi-bin/draft/update", Json.write(change)))).isEqualTo(40114);
    JsonNode got = client.post("/cgi-bin/draft/get", "{\"media_id\":\"" + id + "\"}");
    assertThat(got.path("news_item").findValuesAsText("title")).containsExactly("一", "二改");
    assertThat(got.path("news_item").get(0).path("digest").asText()).isEqualTo("内容");
    client.draft("三");
    assertThat(client.get("/cgi-bin/draft/count").path("total_count").asInt()).isEqualTo(2);
    JsonNode page =
        client.post("/cgi-bin/draft/batchget", "{\"offset\":0,\"count\":1,\"no_content\":1}");
    assertThat(page.path("item_count").asInt()).isEqualTo(1);
    JsonNode item = page.path("item").get(0).path("content").path("news_item").get(0);
    assertThat(item.path("title").asText()).isEqualTo("三");
    assertThat(item.has("content")).isFalse();
    assertThat(code(client.post("/cgi-bin/draft/batchget", "{\"offset\":0,\"count\":21}")))
        .isEqualTo(40097);
    assertThat(code(client.post("/cgi-bin/draft/delete", "{\"media_id\":\"" + id + "\"}")))
        .isZero();
    assertThat(code(client.post("/cgi-bin/draft/get", "{\"media_id\":\"" + id + "\"}")))
        .isEqualTo(40007);
  }

  @Test
  void keepsOnlyItsOwnPicturesAndNoScript() {
    String ours =
        client
            .upload("/cgi-bin/media/uploadimg", "a.jpg", TestClient.jpg(500))
            .path("url")
            .asText();
    ObjectNode body = TestClient.article("标题", client.picture());
    ((ObjectNode) body.path("articles").get(0))
        .put(
            "content",
            "<p onclick=\"x()\">一</p><script>alert(1)</script><img src=\"%s\"><img src=\"https://elsewhere/a.png\"><p>二</p>"
                .formatted(ours));
    String id = client.post("/cgi-bin/draft/add", Json.write(body)).path("media_id").asText();
    String kept =
        client
            .post("/cgi-bin/draft/get", "{\"media_id\":\"" + id + "\"}")
            .path("news_item")
            .get(0)
            .path("content")
            .asText();
    assertThat(kept).isEqualTo("<p>一</p><img src=\"%s\"><p>二</p>".formatted(ours));
    assertThat(code(client.get("/cgi-bin/material/get_materialcount"))).isZero();
    assertThat(client.get("/cgi-bin/material/get_materialcount").path("image_count").asInt())
        .as("pictures of bodies do not count")
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "image,png,100,0",
    "image,png,10485761,40009",
    "image,mp4,100,40005",
    "thumb,jpg,65536,0",
    "thumb,jpg,65537,40006",
    "thumb,png,100,40005",
    "voice,amr,2097152,0",
    "voice,amr,2097153,40006",
    "voice,FFFB,100,0",
    "voice,FFF3,100,0",
    "voice,FFE3,100,0",
    "voice,FFFD,100,40005",
    "voice,FFE0,100,40005",
    "video,mp4,100,0",
    "film,mp4,100,40004"
  })
  void takesMaterialByTypeFormatAndSize(String type, String format, int size, int errcode) {
    byte[] bytes =
        switch (format) {
          case "png" -> TestClient.png(size);
          case "jpg" -> TestClient.jpg(size);
          case "amr" -> headed(size, "#!AMR");
          case "FFFB", "FFF3", "FFE3", "FFFD", "FFE0" -> { // layers III and II, and none
            byte[] sound = new byte[size];
            sound[0] = (byte) 0xFF;
            sound[1] = (byte) Integer.parseInt(format.substring(2), 16);
            yield sound;
          }
          default -> headed(size, "0000ftypisom");
        };
    JsonNode added =
        client.upload(
            ADD + type,
            "a." + format,
            bytes,
            "description",
            "{\"title\":\"安装\",\"introduction\":\"视频\"}");
    assertThat(code(added)).isEqualTo(errcode);
    assertThat(added.has("media_id")).isEqualTo(errcode == 0);
  }

  private static byte[] headed(int size, String head) {
    byte[] bytes = new byte[size];
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(start, 0, bytes, 0, start.length);
    return bytes;
  }

  @Test
  void countsListsAndDeletesMaterial() throws Exception {
    account.maxMaterial(2, 1);
    String first = client.picture();
    client.picture();
    assertThat(code(client.upload(ADD + "image", "c.png", TestClient.png(9)))).isEqualTo(45001);
    JsonNode page =
        client.post(
            "/cgi-bin/material/batchget_material",
            "{\"type\":\"image\",\"offset\":1,\"count\":20}");
    assertThat(page.path("total_count").asInt()).isEqualTo(2);
    assertThat(page.path("item_count").asInt()).isEqualTo(1);
    byte[] got =
        client
            .raw(
                "POST",
                "/cgi-bin/material/get_material?access_token=" + client.token(),
                "{\"media_id\":\"" + first + "\"}")
            .body();
    assertThat(got).isEqualTo(TestClient.png(100));
    assertThat(
            code(client.post("/cgi-bin/material/del_material", "{\"media_id\":\"" + first + "\"}")))
        .isZero();
    assertThat(
            code(client.post("/cgi-bin/material/get_material", "{\"media_id\":\"" + first + "\"}")))
        .isEqualTo(40007);
    assertThat(code(client.upload(ADD + "image", "c.png", TestClient.png(9)))).isZero();
    assertThat(code(client.post("/cgi-bin/media/uploadimg", "{}"))).isEqualTo(44001);
    assertThat(code(client.upload("/cgi-bin/media/uploadimg", "a", TestClient.png(1 << 20))))
        .isEqualTo(40009);
  }

  @Test
  void forgetsTemporaryMediaAfterThreeDays() throws Exception {
    String id =
        client
            .upload("/cgi-bin/media/upload?type=image", "a.png", TestClient.png(50))
            .path("media_id")
            .asText();
    String get = "/cgi-bin/media/get?media_id=" + id + "&access_token=";
    assertThat(client.raw("GET", get + client.token(), "").body()).isEqualTo(TestClient.png(50));
    simulator.advance(Duration.ofDays(3).minusMinutes(1));
    assertThat(client.raw("GET", get + client.token(), "").body()).hasSize(50);
    simulator.advance(Duration.ofMinutes(1));
    assertThat(code(client.get("/cgi-bin/media/get?media_id=" + id))).isEqualTo(40007);
  }

  @Test
  void staffWriteADraftInTheEditor() {
    String id = account.writeDraft("选购指南", "老周", "三点就够", "<p>先量尺寸</p>", TestClient.png(2_000));
    assertThat(account.drafts()).containsExactly(id);
    JsonNode kept =
        client
            .post("/cgi-bin/draft/get", "{\"media_id\":\"%s\"}".formatted(id))
            .path("news_item")
            .get(0);
    assertThat(kept.path("title").asText()).isEqualTo("选购指南");
    assertThat(kept.path("author").asText()).isEqualTo("老周");
    assertThat(kept.path("digest").asText()).isEqualTo("三点就够");
    assertThat(kept.path("content").asText()).isEqualTo("<p>先量尺寸</p>");
    assertThat(kept.path("thumb_media_id").asText()).isNotEmpty();
    assertThatThrownBy(
            () -> account.writeDraft("题".repeat(33), "", "", "<p>文</p>", TestClient.png(2_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("45003");
    assertThat(account.drafts()).containsExactly(id);
  }
}
