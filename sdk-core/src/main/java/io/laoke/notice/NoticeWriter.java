package io.laoke.notice;

import io.laoke.error.InvalidInputException;
import io.laoke.message.TemplateMessage;
import io.laoke.message.TemplateMessage.Field;
import io.laoke.notice.NoticeName.Subject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Fills a template in. Whatever the facts are, a message comes out. */
final class NoticeWriter {
  private static final int LONGEST_VALUE = 500;
  private static final int LONGEST_LINK = 1_024;

  private NoticeWriter() {}

  static TemplateMessage message(NoticeTemplate template, Facts facts) {
    return message(template, fields(template), facts);
  }

  /** A template's fields, to be read once for many messages. */
  static Map<String, Expression> fields(NoticeTemplate template) {
    Map<String, Expression> parsed = new LinkedHashMap<>();
    template
        .fields()
        .forEach((key, expression) -> parsed.put(key, Expression.parse(key, expression)));
    return parsed;
  }

  /**
   * The same of a template that was read.
   *
   * @param parsed what {@link #fields} gave
   */
  static TemplateMessage message(
      NoticeTemplate template, Map<String, Expression> parsed, Facts facts) {
    Map<String, Field> fields = new LinkedHashMap<>();
    parsed.forEach((key, expression) -> fields.put(key, field(key, expression, facts)));
    return new TemplateMessage(
        template.templateId(),
        fields,
        template.url().isPresent()
            ? template.url().flatMap(url -> link("url", url, facts))
            : facts.page().filter(page -> template.miniProgram().isEmpty()),
        template.miniProgram().flatMap(program -> miniProgram(program, facts)));
  }

  /**
   * Checks that a template names nothing that is not known of what it is about.
   *
   * @throws InvalidInputException if it does
   */
  static void check(NoticeTemplate template, Subject subject) {
    template.fields().forEach((key, value) -> check("fields." + key, value, subject));
    template.url().ifPresent(url -> check("url", url, subject));
    template
        .miniProgram()
        .ifPresent(program -> check("miniProgram.pagePath", program.pagePath(), subject));
  }

  private static void check(String field, String expression, Subject subject) {
    Expression.parse(field, expression)
        .stranger(subject)
        .ifPresent(
            name -> {
              throw new InvalidInputException(
                  field,
                  "{%s} is not known of %s; use some of %s"
                      .formatted(
                          name,
                          switch (subject) {
                            case ORDER -> "a stage";
                            case SERVICE -> "a service that is due";
                            case DIGEST -> "a digest";
                          },
                          NoticeName.of(subject)));
            });
  }

  /** Whether a template says in which store the goods of a service were bought. */
  static boolean namesStore(NoticeTemplate template) {
    return Stream.of(
            template.fields().values().stream(),
            template.url().stream(),
            template.miniProgram().stream().map(NoticeTemplate.MiniProgram::pagePath))
        .flatMap(expressions -> expressions)
        .anyMatch(text -> Expression.parse("template", text).uses(NoticeName.SERVICE_STORE));
  }

  /** The same words, leading to the order's page whatever the template says. */
  static TemplateMessage asking(TemplateMessage message, String page) {
    return new TemplateMessage(
        message.templateId(), message.fields(), Optional.of(page), Optional.empty());
  }

  /** Whether two messages read the same; where they lead to may be the same page of another day. */
  static boolean readsAs(NoticeTemplate template, TemplateMessage one, TemplateMessage other) {
    boolean ownPage = template.url().isEmpty() && template.miniProgram().isEmpty();
    return one.equals(other)
        || (ownPage
            && one.templateId().equals(other.templateId())
            && one.fields().equals(other.fields())
            && other.miniProgram().isEmpty());
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

  private static Field field(String key, Expression parsed, Facts facts) {
    String value = parsed.of(facts).strip();
    String plain =
        key.startsWith("number") && parsed.numbersTheOrder()
            ? Long.toString(facts.number())
            : parsed.plain(facts);
    return new Field(cut(value), plain.isBlank() || plain.equals(value) ? null : cut(plain));
  }

  private static String cut(String value) {
    return value.codePointCount(0, value.length()) <= LONGEST_VALUE
        ? value
        : value.substring(0, value.offsetByCodePoints(0, LONGEST_VALUE));
  }

  private static Optional<String> link(String field, String expression, Facts facts) {
    String link = Expression.parse(field, expression).of(facts, NoticeWriter::encoded);
    return link.isBlank() || link.length() > LONGEST_LINK ? Optional.empty() : Optional.of(link);
  }

  private static Optional<TemplateMessage.MiniProgram> miniProgram(
      NoticeTemplate.MiniProgram program, Facts facts) {
    return link("miniProgram.pagePath", program.pagePath(), facts)
        .map(page -> new TemplateMessage.MiniProgram(program.appId(), page));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
