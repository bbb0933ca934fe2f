package io.laoke.imports;

import java.util.Optional;

/**
 * A fact, or a part of one, that an import refused.
 *
 * @param position the fact's number in the stream, from 1
 * @param kind what was refused: a refused STAGE leaves its order taken
 * @param key the customer number, order number or note number; {@code ***} for the number of a
 *     person who was erased
 * @param origin where the reader says that it stood
 * @param field the field or column
 * @param value what stood there, if it is known; of what may be personal only a masked form
 * @param reason the rule that was broken
 */
public record Refusal(
    long position,
    ImportFact.Kind kind,
    String key,
    Optional<String> origin,
    String field,
    Optional<String> value,
    String reason) {
  /** In the place of the number of a person who was erased. */
  static final String ERASED = "***";

  Refusal withKey(String other) {
    return new Refusal(position, kind, other, origin, field, value, reason);
  }

  /** Shows no key of a member. */
  @Override
  public String toString() {
    return "Refusal[%d%s, %s %s, %s%s: %s]"
        .formatted(
            position,
            origin.map(where -> " (" + where + ")").orElse(""),
            kind,
            kind == ImportFact.Kind.MEMBER ? "***" : key,
            field,
            value.map(was -> " '" + was + "'").orElse(""),
            reason);
  }
}
