package io.laoke.wechat;

import io.laoke.message.TemplateMessage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a value satisfy the rules of its field's type, so that a value never stops a message. In
 * order: the cleaned value if the type takes it; the value with what the type does not take left
 * out or cut off, unless that could change its meaning; the field's fallback, treated alike; and at
 * last a placeholder of the type that claims nothing. The guide has the policy type by type.
 */
final class FieldFitter {
  /** No type takes nearly as many; keeps the work on a value small, whatever it is. */
  private static final int LONGEST = 1000;

  private FieldFitter() {}

  /** What was done to a value; the names are those that decisions show. */
  enum Rule {
    /** Characters that the type does not take were left out. */
    STRIPPED,
    /** It was too long. */
    CUT,
    /** The fallback stands instead. */
    FALLBACK,
    /** Nothing fitted: a placeholder stands instead. */
    EMPTY
  }

  /**
   * A value that satisfies its type.
   *
   * @param rule what was done, if the value's meaning or extent changed
   */
  record Fitted(String value, Optional<Rule> rule) {
    /** Shows no value. */
    @Override
    public String toString() {
      return "Fitted[" + rule + "]";
    }
  }

  static Fitted fit(String key, TemplateMessage.Field field) {
    FieldType type = FieldType.of(key);
    FieldType.@Nullable Shape shape = type.shape(read(field.value()));
    if (shape != null && !shape.doubtful()) {
      return new Fitted(shape.value(), ruleOf(field.value(), shape));
    }
    String fallback = field.fallback();
    if (fallback != null) {
      FieldType.@Nullable Shape second = type.shape(read(fallback));
      if (second != null && !second.doubtful()) {
        return new Fitted(second.value(), Optional.of(Rule.FALLBACK));
      }
    }
    if (shape != null) {
      boolean invented = type == FieldType.TIME; // midnight, beside a true date
      return new Fitted(
          shape.value(), invented ? Optional.of(Rule.EMPTY) : ruleOf(field.value(), shape));
    }
    return new Fitted(type.placeholder(), Optional.of(Rule.EMPTY));
  }

  private static String read(String value) {
    return Characters.first(Characters.clean(value), LONGEST);
  }

  private static Optional<Rule> ruleOf(String original, FieldType.Shape shape) {
    if (shape.cut()) {
      return Optional.of(Rule.CUT);
    }
    if (shape.sameMeaning() || shape.value().equals(original)) {
      return Optional.empty();
    }
    return Optional.of(Rule.STRIPPED);
  }
}
