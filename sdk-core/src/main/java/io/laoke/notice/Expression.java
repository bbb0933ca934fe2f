package io.laoke.notice;

import io.laoke.error.InvalidInputException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Text with names in braces, checked when it is read. It can read facts and nothing else. */
final class Expression {
  private final List<Part> parts;

  private Expression(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  private interface Part {
    String text(Facts facts, UnaryOperator<String> encoded);

    String plain(Facts facts);
  }

  private record Literal(String text) implements Part {
    @Override
    public String text(Facts facts, UnaryOperator<String> encoded) {
      return text;
    }

    @Override
    public String plain(Facts facts) {
      return text;
    }
  }

  private record Named(
      Optional<NoticeName> name, String text, @Nullable String format, String otherwise)
      implements Part {
    @Override
    public String text(Facts facts, UnaryOperator<String> encoded) {
      String value =
          name.map(known -> facts.value(known, format))
              .orElseGet(() -> facts.detail(text.substring(NoticeName.DETAIL.length())));
      return encoded.apply(value.isBlank() ? otherwise : value);
    }

    @Override
    public String plain(Facts facts) {
      return otherwise.isBlank() ? name.map(facts::plain).orElse("") : otherwise;
    }
  }

  /** The value. */
  String of(Facts facts) {
    return of(facts, UnaryOperator.identity());
  }

  /** The value, with each name's value encoded. */
  String of(Facts facts, UnaryOperator<String> encoded) {
    StringBuilder value = new StringBuilder();
    parts.forEach(part -> value.append(part.text(facts, encoded)));
    return value.toString();
  }

  /**
   * What stands where nothing of the value fits: the defaults that the host gave, else what says
   * the same in plain words; blank where there is neither.
   */
  String plain(Facts facts) {
    StringBuilder value = new StringBuilder();
    parts.forEach(part -> value.append(part.plain(facts)));
    return value.toString().strip();
  }

  /** The first name that templates about this may not use. */
  Optional<String> stranger(NoticeName.Subject subject) {
    return parts.stream()
        .filter(part -> part instanceof Named)
        .map(part -> (Named) part)
        .filter(
            named ->
                named
                    .name()
                    .map(known -> !known.about(subject))
                    .orElse(subject != NoticeName.Subject.ORDER))
        .map(Named::text)
        .findFirst();
  }

  /** Whether it says which order it is. */
  boolean numbersTheOrder() {
    return uses(NoticeName.ORDER_NO) || uses(NoticeName.ORDER_SHORT_NO);
  }

  /** Whether it uses this name. */
  boolean uses(NoticeName name) {
    return parts.stream()
        .anyMatch(part -> part instanceof Named named && named.name().equals(Optional.of(name)));
  }

  /**
   * Reads.
   *
   * @param field names the expression in a refusal
   */
  static Expression parse(String field, String text) {
    List<Part> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c != '{' && c != '}') {
        literal.append(c);
        i++;
      } else if (i + 1 < text.length() && text.charAt(i + 1) == c) {
        literal.append(c);
        i += 2;
      } else if (c == '}') {
        throw refused(field, i, "} closes nothing; write }} for the character itself");
      } else {
        int end = end(field, text, i);
        parts.add(new Literal(literal.toString()));
        literal.setLength(0);
        parts.add(named(field, text.substring(i + 1, end), i));
        i = end + 1;
      }
    }
    parts.add(new Literal(literal.toString()));
    return new Expression(parts);
  }

  private static int end(String field, String text, int from) {
    for (int i = from + 1; i < text.length(); i++) {
      if (text.charAt(i) == '}') {
        return i;
      }
      if (text.charAt(i) == '{') {
        throw refused(field, i, "{ stands inside another {; close that first");
      }
    }
    throw refused(field, from, "{ is never closed; write {{ for the character itself");
  }

  private static Named named(String field, String inside, int at) {
    int bar = inside.indexOf('|');
    String otherwise = bar < 0 ? "" : inside.substring(bar + 1);
    String before = bar < 0 ? inside : inside.substring(0, bar);
    int colon = before.indexOf(':');
    String name = (colon < 0 ? before : before.substring(0, colon)).strip();
    String format = colon < 0 ? null : before.substring(colon + 1);
    Optional<NoticeName> known = NoticeName.find(name);
    if (known.isEmpty() && !NoticeName.detail(name)) {
      throw refused(
          field,
          at,
          "'%s' is no name that is known; did you mean {%s}?"
              .formatted(name, NoticeName.nearest(name)));
    }
    if (format != null) {
      checkFormat(field, at, name, known.flatMap(NoticeName::format).isPresent(), format);
    }
    return new Named(known, name, format, otherwise);
  }

  private static void checkFormat(String field, int at, String name, boolean time, String format) {
    if (!time) {
      throw refused(
          field,
          at,
          "{%s} is no time and takes no format; a default follows a bar: {%s|…}"
              .formatted(name, name));
    }
    try {
      if (format.isBlank()) {
        throw new IllegalArgumentException("it is empty");
      }
      // Formatting finds letters that an instant has no value for.
      String unusedSample =
          DateTimeFormatter.ofPattern(format, Locale.CHINA)
              .withZone(ZoneOffset.UTC)
              .format(Instant.EPOCH);
    } catch (IllegalArgumentException | DateTimeException wrong) {
      throw new InvalidInputException(
          field,
          "at character %d: '%s' is no format of times (%s); write one like yyyy年MM月dd日 HH:mm"
              .formatted(at + 1, format, wrong.getMessage()),
          wrong);
    }
  }

  private static InvalidInputException refused(String field, int at, String why) {
    return new InvalidInputException(field, "at character %d: %s".formatted(at + 1, why));
  }
}
