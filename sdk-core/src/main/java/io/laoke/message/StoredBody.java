package io.laoke.message;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.laoke.error.StoreException;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Privacy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The body of a message as the outbox keeps it; {@code v} grows when its form changes. */
record StoredBody(
    int v,
    String template,
    List<Value> fields,
    @Nullable String url,
    @Nullable String miniAppId,
    @Nullable String miniPage) {
  private static final int VERSION = 1;

  record Value(String key, String value, @Nullable String fallback) {}

  static String write(Json json, Privacy privacy, TemplateMessage body) {
    Map<String, Object> stored = new HashMap<>();
    stored.put("v", VERSION);
    stored.put("template", body.templateId());
    stored.put(
        "fields",
        body.fields().entrySet().stream()
            .map(field -> field(field.getKey(), field.getValue()))
            .toList());
    body.url().ifPresent(url -> stored.put("url", url));
    body.miniProgram()
        .ifPresent(
            mini -> {
              stored.put("miniAppId", mini.appId());
              stored.put("miniPage", mini.pagePath());
            });
    return Sealed.seal(json, privacy, json.write(stored));
  }

  /** What is not there is left out: a row is written three times on its way. */
  private static Map<String, String> field(String key, TemplateMessage.Field field) {
    String fallback = field.fallback();
    return fallback == null
        ? Map.of("key", key, "value", field.value())
        : Map.of("key", key, "value", field.value(), "fallback", fallback);
  }

  static TemplateMessage read(Json json, Privacy privacy, String sealed) {
    StoredBody stored = json.read(Sealed.open(json, privacy, sealed), StoredBody::parts);
    if (stored.v > VERSION) {
      throw new StoreException(
          "A message was written by a newer version of Laoke (body version %d, this one reads %d). Let a newer node send it."
              .formatted(stored.v, VERSION),
          null,
          true);
    }
    Map<String, TemplateMessage.Field> fields = new LinkedHashMap<>();
    for (Value field : stored.fields) {
      fields.put(field.key, new TemplateMessage.Field(field.value, field.fallback));
    }
    Optional<TemplateMessage.MiniProgram> mini =
        stored.miniAppId == null || stored.miniPage == null
            ? Optional.empty()
            : Optional.of(new TemplateMessage.MiniProgram(stored.miniAppId, stored.miniPage));
    return new TemplateMessage(stored.template, fields, Optional.ofNullable(stored.url), mini);
  }

  /** What a newer version added is ignored. */
  private static StoredBody parts(JsonParser parser) throws IOException {
    int version = 0;
    String template = "";
    List<Value> fields = new ArrayList<>();
    String url = null;
    String miniAppId = null;
    String miniPage = null;
    start(parser, JsonToken.START_OBJECT);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "v" -> version = parser.getIntValue();
        case "template" -> template = Objects.requireNonNullElse(text(parser), "");
        case "fields" -> {
          start(parser, JsonToken.START_ARRAY);
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            fields.add(field(parser));
          }
        }
        case "url" -> url = text(parser);
        case "miniAppId" -> miniAppId = text(parser);
        case "miniPage" -> miniPage = text(parser);
        default -> parser.skipChildren();
      }
    }
    return new StoredBody(version, template, fields, url, miniAppId, miniPage);
  }

  private static Value field(JsonParser parser) throws IOException {
    String key = null;
    String value = null;
    String fallback = null;
    start(parser, JsonToken.START_OBJECT);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "key" -> key = text(parser);
        case "value" -> value = text(parser);
        case "fallback" -> fallback = text(parser);
        default -> parser.skipChildren();
      }
    }
    if (key == null || value == null) {
      throw MismatchedInputException.from(parser, Value.class, "no key or value");
    }
    return new Value(key, value, fallback);
  }

  /** A text or number; what is neither is as good as absent. */
  private static @Nullable String text(JsonParser parser) throws IOException {
    if (parser.currentToken().isStructStart()) {
      parser.skipChildren();
      return null;
    }
    return parser.getValueAsString();
  }

  private static void start(JsonParser parser, JsonToken expected) throws IOException {
    if (!parser.hasToken(expected)) {
      throw MismatchedInputException.from(parser, StoredBody.class, "not " + expected);
    }
  }
}
