package io.laoke.member;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.catalog.Keys;
import io.laoke.error.InvalidInputException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The declaration of an attribute of members, or of a property of an event: it can be asked for in
 * segments as built-in fields can.
 *
 * @param name one line of at most 64 characters; compared with case
 * @param type what it holds
 * @param labelZh what people call it in Chinese, at most 64 characters
 * @param labelEn the same in English
 * @param choices the codes it may hold, at least one and at most 200, where it is a CODE; else none
 */
public record AttributeType(
    String name, ValueType type, String labelZh, String labelEn, List<Choice> choices) {
  private static final int MOST_CHOICES = 200;
  private static final int NAMED = 20;

  /**
   * A code.
   *
   * @param code at most 64 characters, nothing personal
   * @param labelZh what people call it in Chinese, at most 64 characters
   * @param labelEn the same in English
   */
  public record Choice(String code, String labelZh, String labelEn) {
    /** Checks. */
    public Choice {
      code = Keys.line("code", code, 64);
      labelZh = Keys.line("labelZh", labelZh, 64);
      labelEn = Keys.line("labelEn", labelEn, 64);
    }

    /** A code that people call by these names. */
    public static Choice of(String code, String labelZh, String labelEn) {
      return new Choice(code, labelZh, labelEn);
    }
  }

  /** Checks and copies. */
  public AttributeType {
    name = Keys.line("name", name, 64);
    notNull("type", type);
    labelZh = Keys.line("labelZh", labelZh, 64);
    labelEn = Keys.line("labelEn", labelEn, 64);
    choices = List.copyOf(notNull("choices", choices));
    Check.range("choices of " + name, choices.size(), least(type), most(type));
    Set<String> codes = new HashSet<>();
    for (Choice choice : choices) {
      if (!codes.add(choice.code())) {
        throw new InvalidInputException(
            "choices", "must have each code once, has '%s' twice".formatted(choice.code()));
      }
    }
  }

  private static int least(ValueType type) {
    return type == ValueType.CODE ? 1 : 0;
  }

  private static int most(ValueType type) {
    return type == ValueType.CODE ? MOST_CHOICES : 0;
  }

  private static AttributeType of(String name, ValueType type, List<Choice> choices) {
    return new AttributeType(name, type, name, name, choices);
  }

  /** Words, sealed as names are. */
  public static AttributeType text(String name) {
    return of(name, ValueType.TEXT, List.of());
  }

  /** A whole number. */
  public static AttributeType integer(String name) {
    return of(name, ValueType.INTEGER, List.of());
  }

  /** An amount in whole fen. */
  public static AttributeType money(String name) {
    return of(name, ValueType.MONEY, List.of());
  }

  /** Yes or no. */
  public static AttributeType flag(String name) {
    return of(name, ValueType.FLAG, List.of());
  }

  /** A day. */
  public static AttributeType date(String name) {
    return of(name, ValueType.DATE, List.of());
  }

  /** A moment. */
  public static AttributeType instant(String name) {
    return of(name, ValueType.INSTANT, List.of());
  }

  /** One of these codes. */
  public static AttributeType code(String name, Choice... choices) {
    return of(name, ValueType.CODE, List.of(notNull("choices", choices)));
  }

  /** Called so by people; until it is said otherwise they call it by its name. */
  public AttributeType withLabels(String zh, String en) {
    return new AttributeType(name, type, zh, en, choices);
  }

  /**
   * A value as it is to be stored.
   *
   * @param field what it is called where it is refused
   */
  Attribute fitted(String field, Attribute given) {
    if (type == ValueType.CODE) {
      String code =
          given instanceof Attribute.Text text
              ? text.value()
              : given instanceof Attribute.Code one ? one.value() : null;
      if (code != null && choices.stream().anyMatch(choice -> choice.code().equals(code))) {
        return new Attribute.Code(code);
      }
      throw new InvalidInputException(field, "must be one of its codes, which are " + codes());
    }
    if (!type.holds(given)) {
      throw new InvalidInputException(
          field,
          "must be %s, since it is declared %s; was %s".formatted(type.words(), type, what(given)));
    }
    return given;
  }

  private String codes() {
    return choices.stream().limit(NAMED).map(Choice::code).collect(Collectors.joining(", "))
        + (choices.size() > NAMED ? " and others" : "");
  }

  private static String what(Attribute value) {
    if (value instanceof Attribute.Text) {
      return "a text";
    }
    if (value instanceof Attribute.Numeric number) {
      return number.value().scale() == 0 ? "a number" : "a number with places";
    }
    if (value instanceof Attribute.Day) {
      return "a day";
    }
    if (value instanceof Attribute.Moment) {
      return "a moment";
    }
    return value instanceof Attribute.Code ? "a code" : "yes or no";
  }
}
