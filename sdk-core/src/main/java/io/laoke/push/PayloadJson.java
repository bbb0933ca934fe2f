package io.laoke.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.error.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Payloads as batches keep them. */
final class PayloadJson {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private PayloadJson() {}

  static String write(MassPayload payload) {
    ObjectNode node = JSON.createObjectNode();
    if (payload instanceof MassPayload.Draft draft) {
      node.put("kind", "DRAFT").put("media", draft.mediaId()).put("reprint", draft.sendReprint());
    } else if (payload instanceof MassPayload.Text text) {
      node.put("kind", "TEXT").put("text", text.text());
    } else if (payload instanceof MassPayload.Images images) {
      ArrayNode media = node.put("kind", "IMAGES").putArray("media");
      images.mediaIds().forEach(media::add);
      node.put("words", images.words()).put("comments", images.comments().name());
    } else if (payload instanceof MassPayload.Voice voice) {
      node.put("kind", "VOICE").put("media", voice.mediaId());
    } else if (payload instanceof MassPayload.Video video) {
      node.put("kind", "VIDEO").put("media", video.mediaId());
      node.put("title", video.title()).put("description", video.description());
    }
    return node.toString();
  }

  static MassPayload read(String text) {
    JsonNode node = tree(text);
    String media = node.path("media").asText();
    return switch (node.path("kind").asText()) {
      case "DRAFT" -> new MassPayload.Draft(media, node.path("reprint").asBoolean());
      case "TEXT" -> new MassPayload.Text(node.path("text").asText());
      case "IMAGES" ->
          new MassPayload.Images(
              texts(node.path("media")),
              node.path("words").asText(),
              Comments.valueOf(node.path("comments").asText()));
      case "VOICE" -> new MassPayload.Voice(media);
      case "VIDEO" ->
          new MassPayload.Video(
              media, node.path("title").asText(), node.path("description").asText());
      default ->
          throw new StoreException(
              "A batch was written by a newer version of Laoke. Let a newer node send it.",
              null,
              true);
    };
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(one -> texts.add(one.asText()));
    return texts;
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException unreadable) {
      throw new StoreException(
          "The payload of a batch cannot be read. If nobody changed table plan_batch by hand, report"
              + " it as a mistake of Laoke's.",
          unreadable,
          false);
    }
  }
}
