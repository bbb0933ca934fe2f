package io.laoke.member;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.catalog.Keys;
import io.laoke.error.InvalidInputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The declaration of something that happens to members, such as a visit to the shop.
 *
 * @param name one line of at most 64 characters; compared with case
 * @param labelZh what people call it in Chinese, at most 64 characters
 * @param labelEn the same in English
 * @param properties what is known of each, at most 10. All events also have a time and may have an
 *     amount
 */
public record EventType(
    String name, String labelZh, String labelEn, List<AttributeType> properties) {
  /** Most properties of an event. */
  static final int MOST_PROPERTIES = 10;

  private static final String RESERVED = "event:";

  /** What every event has. */
  private static final Set<String> BUILT_IN = Set.of("type", "id", "at", "amount");

  /** Checks and copies. */
  public EventType {
    name = Keys.line("name", name, 64);
    if (name.startsWith(RESERVED)) {
      throw new InvalidInputException(
          "name",
          "must not begin with 'event:', under which segments know events that are called like a collection of Laoke's; was '%s'"
              .formatted(name));
    }
    labelZh = Keys.line("labelZh", labelZh, 64);
    labelEn = Keys.line("labelEn", labelEn, 64);
    properties = List.copyOf(notNull("properties", properties));
    Check.range("properties", properties.size(), 0, MOST_PROPERTIES);
    Set<String> names = new HashSet<>(BUILT_IN);
    for (AttributeType property : properties) {
      if (!names.add(property.name())) {
        throw new InvalidInputException(
            "properties",
            "must have each name once, and none of type, id, at and amount, which every event has; has '%s'"
                .formatted(property.name()));
      }
    }
  }

  /** An event without properties. */
  public static EventType of(String name) {
    return new EventType(name, name, name, List.of());
  }

  /** Called so by people; until it is said otherwise they call it by its name. */
  public EventType withLabels(String zh, String en) {
    return new EventType(name, zh, en, properties);
  }

  /** With one property more. */
  public EventType property(AttributeType property) {
    List<AttributeType> more = new ArrayList<>(properties);
    more.add(notNull("property", property));
    return new EventType(name, labelZh, labelEn, more);
  }

  Optional<AttributeType> find(String property) {
    return properties.stream().filter(one -> one.name().equals(property)).findFirst();
  }
}
