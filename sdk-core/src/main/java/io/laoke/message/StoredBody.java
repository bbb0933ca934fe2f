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
    List<Value> fields =
        body.fields().entrySet().stream()
            .map(
                field ->
                    new Value(
                        field.getKey(), field.getValue().value(), field.getValue().fallback()))
            .toList();
    StoredBody stored =
        new StoredBody(
            VERSION,
            body.templateId(),
            fields,
            body.url().orElse(null),
            body.miniProgram().map(TemplateMessage.MiniProgram::appId).orElse(null),
            body.miniProgram().map(TemplateMessage.MiniProgram::pagePath).orElse(null));
    return Sealed.seal(json, privacy, json.write(stored));
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
    Map<String, @Nullable String> texts = new HashMap<>();
    List<Value> fields = new ArrayList<>();
    start(parser, JsonToken.START_OBJECT);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("v")) {
        version = parser.getIntValue();
      } else if (name.equals("fields")) {
        start(parser, JsonToken.START_ARRAY);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          fields.add(field(parser));
        }
      } else if (value.isStructStart()) {
        parser.skipChildren();
      } else {
        texts.put(name, parser.getValueAsString());
      }
    }
    return new StoredBody(
        version,
        texts.getOrDefault("template", ""),
        fields,
        texts.get("url"),
        texts.get("miniAppId"),
        texts.get("miniPage"));
  }

  private static Value field(JsonParser parser) throws IOException {
    Map<String, @Nullable String> texts = new HashMap<>();
    start(parser, JsonToken.START_OBJECT);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (parser.nextToken().isStructStart()) {
        parser.skipChildren();
      } else {
        texts.put(name, parser.getValueAsString());
      }
    }
    String key = texts.get("key");
    String value = texts.get("value");
    if (key == null || value == null) {
      throw MismatchedInputException.from(parser, Value.class, "no key or value");
    }
    return new Value(key, value, texts.get("fallback"));
  }

  private static void start(JsonParser parser, JsonToken expected) throws IOException {
    if (!parser.hasToken(expected)) {
      throw MismatchedInputException.from(parser, StoredBody.class, "not " + expected);
    }
  }
}
