package io.laoke.wechat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** JSON as WeChat writes and wants it: raw UTF-8, numbers sometimes as text, unknown fields. */
final class Json {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final long MAX_SECONDS = 253_402_300_799L;
  private static final ObjectReader READER =
      MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static byte[] bytes(JsonNode node) {
    return text(node).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * What a writer writes. By way of characters: straight to bytes Jackson escapes what is beyond
   * the first 65,536 code points (emoji, rare surnames), and WeChat wants no escapes; half of a
   * pair, which UTF-8 cannot hold, becomes a question mark.
   */
  static byte[] bytes(Writer writer) {
    StringWriter text = new StringWriter(512);
    try (JsonGenerator json = MAPPER.createGenerator(text)) {
      writer.write(json);
    } catch (IOException e) {
      throw new IllegalStateException("Texts and numbers could not be written", e);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  interface Writer {
    void write(JsonGenerator json) throws IOException;
  }

  static String text(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of texts and numbers could not be written", e);
    }
  }

  /** The object, or empty if these bytes are anything else. */
  static Optional<ObjectNode> parse(byte[] bytes) {
    try {
      return READER.readTree(bytes) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A text or number as text; empty if absent, null or nested. */
  static String string(@Nullable JsonNode parent, String field) {
    JsonNode node = parent == null ? null : parent.get(field);
    return node == null || node.isNull() || node.isContainerNode() ? "" : node.asText();
  }

  /** A number, also when written as text. */
  static OptionalLong number(JsonNode parent, String field) {
    String text = string(parent, field).strip();
    try {
      return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** A time in seconds since 1970; empty if absent or no such time. */
  static Optional<Instant> seconds(JsonNode parent, String field) {
    OptionalLong seconds = number(parent, field);
    return seconds.isPresent() && seconds.getAsLong() > 0 && seconds.getAsLong() <= MAX_SECONDS
        ? Optional.of(Instant.ofEpochSecond(seconds.getAsLong()))
        : Optional.empty();
  }
}
