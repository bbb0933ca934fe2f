package io.laoke.sms;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.error.InvalidInputException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What providers say, as JSON. */
final class SmsJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final int MOST = 1_000;

  private SmsJson() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static String write(JsonNode value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** An answer; empty where it is no JSON object. */
  static Optional<JsonNode> answer(byte[] body) {
    try {
      return Optional.ofNullable(MAPPER.readTree(body)).filter(JsonNode::isObject);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** What was pushed: an array of objects, or one. */
  static List<JsonNode> pushed(byte[] body) {
    JsonNode all;
    try {
      all = MAPPER.readTree(body);
    } catch (IOException unreadable) {
      // Jackson's own words show what was pushed.
      throw new InvalidInputException(
          "body",
          "must be JSON, cannot be read (%s, %d bytes); check that nothing before Laoke has read or changed it"
              .formatted(unreadable.getClass().getSimpleName(), body.length));
    }
    if (all.isObject()) {
      return List.of(all);
    }
    List<JsonNode> items = new ArrayList<>();
    if (!all.isArray() || all.size() > MOST) {
      throw new InvalidInputException(
          "body", "must be a JSON array of at most " + MOST + " objects, or one object");
    }
    for (JsonNode item : all) {
      if (!item.isObject()) {
        throw new InvalidInputException(
            "body", "must hold objects only, item %d is none".formatted(items.size()));
      }
      items.add(item);
    }
    return items;
  }

  /** A text that must be there. */
  static String text(JsonNode item, String field) {
    JsonNode value = item.path(field);
    if (!value.isValueNode() || value.isNull() || value.asText().isBlank()) {
      throw new InvalidInputException(field, "must be a text in each item");
    }
    return value.asText().strip();
  }

  /** A text, or nothing. */
  static String optional(JsonNode item, String field) {
    JsonNode value = item.path(field);
    return value.isValueNode() && !value.isNull() ? value.asText().strip() : "";
  }

  /** A time of China's clocks, or seconds since 1970. */
  static Instant time(JsonNode item, String field) {
    String text = text(item, field);
    try {
      return text.matches("\\d{9,11}")
          ? Instant.ofEpochSecond(Long.parseLong(text))
          : LocalDateTime.parse(text, TIME).atZone(SmsWindow.CHINA).toInstant();
    } catch (DateTimeException unreadable) {
      throw new InvalidInputException(
          field, "must be a time such as 2026-05-01 12:00:00, or seconds since 1970", unreadable);
    }
  }
}
