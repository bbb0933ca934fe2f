package io.laoke.wechat;

import com.fasterxml.jackson.core.JsonGenerator;
import io.laoke.message.Outbound;
import io.laoke.message.SendOutcome.FittedField;
import io.laoke.message.TemplateMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a kind of message is written for WeChat. */
enum MessageForm {
  /** Template messages: {@code message/template/send} with {@code client_msg_id}. */
  TEMPLATE("/cgi-bin/message/template/send", Duration.ofMinutes(10)) {
    @Override
    void write(Outbound message, JsonGenerator json, List<FittedField> fitted) throws IOException {
      json.writeStringField("client_msg_id", message.dedupeId());
      json.writeObjectFieldStart("data");
      for (Map.Entry<String, TemplateMessage.Field> field : message.body().fields().entrySet()) {
        FieldFitter.Fitted value = FieldFitter.fit(field.getKey(), field.getValue());
        value(json, field.getKey(), value.value());
        value.rule().ifPresent(rule -> fitted.add(new FittedField(field.getKey(), rule.name())));
      }
      json.writeEndObject();
    }

    @Override
    Optional<String> idOf(Outbound message) {
      return Optional.empty();
    }
  },

  /**
   * One-time subscription messages 一次性订阅消息: {@code message/template/subscribe}. WeChat drops no
   * repeat of one, and its answer names no message.
   */
  SUBSCRIPTION("/cgi-bin/message/template/subscribe", Duration.ZERO) {
    private static final int LONGEST_TITLE = 15;
    private static final int LONGEST_CONTENT = 200;

    @Override
    void write(Outbound message, JsonGenerator json, List<FittedField> fitted) throws IOException {
      json.writeStringField("scene", text(message, "scene", "1000"));
      json.writeStringField(
          "title", cut("title", text(message, "title", "服务提醒"), LONGEST_TITLE, fitted));
      json.writeObjectFieldStart("data");
      value(
          json,
          "content",
          cut("content", text(message, "content", "您有一项服务到期。"), LONGEST_CONTENT, fitted));
      json.writeEndObject();
    }

    @Override
    Optional<String> idOf(Outbound message) {
      return Optional.of("once-" + message.dedupeId());
    }

    private static String text(Outbound message, String key, String otherwise) {
      TemplateMessage.Field field = message.body().fields().get(key);
      String text = field == null ? "" : Characters.clean(field.value()).strip();
      return text.isEmpty() ? otherwise : text;
    }

    private static String cut(String key, String text, int most, List<FittedField> fitted) {
      if (Characters.length(text) <= most) {
        return text;
      }
      fitted.add(new FittedField(key, FieldFitter.Rule.CUT.name()));
      return Characters.first(text, most - 1) + "…";
    }
  };

  private final String path;
  private final Duration dedupeWindow;

  MessageForm(String path, Duration dedupeWindow) {
    this.path = path;
    this.dedupeWindow = dedupeWindow;
  }

  String path() {
    return path;
  }

  /** How long WeChat drops repeats. */
  Duration dedupeWindow() {
    return dedupeWindow;
  }

  /** Writes what is not the same in all forms. */
  abstract void write(Outbound message, JsonGenerator json, List<FittedField> fitted)
      throws IOException;

  /** The id of an accepted message; empty if the answer has it. */
  abstract Optional<String> idOf(Outbound message);

  private static void value(JsonGenerator json, String key, String value) throws IOException {
    json.writeObjectFieldStart(key);
    json.writeStringField("value", value);
    json.writeEndObject();
  }
}
