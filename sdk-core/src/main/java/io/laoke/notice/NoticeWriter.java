package io.laoke.notice;

import io.laoke.message.TemplateMessage;
import io.laoke.message.TemplateMessage.Field;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fills a template in. Whatever the facts are, a message comes out. */
final class NoticeWriter {
  private static final int LONGEST_VALUE = 500;
  private static final int LONGEST_LINK = 1_024;

  private NoticeWriter() {}

  static TemplateMessage message(NoticeTemplate template, NoticeFacts facts) {
    Map<String, Field> fields = new LinkedHashMap<>();
    template.fields().forEach((key, expression) -> fields.put(key, field(key, expression, facts)));
    return new TemplateMessage(
        template.templateId(),
        fields,
        template.url().flatMap(url -> link("url", url, facts)),
        template.miniProgram().flatMap(program -> miniProgram(program, facts)));
  }

  /** Whether a message says these words somewhere. */
  static boolean says(TemplateMessage message, String words) {
    return message.fields().values().stream().anyMatch(field -> field.value().contains(words));
  }

  static boolean introduces(NoticeTemplate template) {
    return template.fields().entrySet().stream()
        .anyMatch(
            field ->
                Expression.parse(field.getKey(), field.getValue()).uses(NoticeName.RECIPIENT_HINT));
  }

  private static Field field(String key, String expression, NoticeFacts facts) {
    String value = Expression.parse(key, expression).of(facts).strip();
    int length = value.codePointCount(0, value.length());
    return new Field(
        length <= LONGEST_VALUE
            ? value
            : value.substring(0, value.offsetByCodePoints(0, LONGEST_VALUE)),
        fallback(key, facts));
  }

  /** What fits the field whatever the ERP wrote; null where nothing true would. */
  private static @Nullable String fallback(String key, NoticeFacts facts) {
    String kind = key.replaceAll("[0-9]+$", "").toLowerCase(Locale.ROOT);
    return switch (kind) {
      case "character_string" -> facts.shortNo();
      case "number" -> Long.toString(facts.order().id());
      case "time", "date" -> facts.formatted(facts.stageAt(), "yyyy年MM月dd日 HH:mm");
      case "amount", "phone_number", "car_number", "letter", "symbol" -> null;
      default -> facts.stage().stage().chinese();
    };
  }

  private static Optional<String> link(String field, String expression, NoticeFacts facts) {
    String link = Expression.parse(field, expression).of(facts, NoticeWriter::encoded);
    return link.isBlank() || link.length() > LONGEST_LINK ? Optional.empty() : Optional.of(link);
  }

  private static Optional<TemplateMessage.MiniProgram> miniProgram(
      NoticeTemplate.MiniProgram program, NoticeFacts facts) {
    return link("miniProgram.pagePath", program.pagePath(), facts)
        .map(page -> new TemplateMessage.MiniProgram(program.appId(), page));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
