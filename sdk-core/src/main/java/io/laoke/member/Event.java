package io.laoke.member;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.catalog.Keys;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Something that happened to a member.
 *
 * @param type which, as it is declared
 * @param id the host's own number of it, unique among those of its type; at most 64 characters,
 *     nothing personal
 * @param at when, in the years 1900 to 2299; cut to milliseconds
 * @param properties what is known of it, by the declared names; what is missing is unknown
 * @param amountFen an amount in fen, at most 10^13 either way
 */
public record Event(
    String type, String id, Instant at, Map<String, Attribute> properties, OptionalLong amountFen) {
  private static final long MOST_FEN = 10_000_000_000_000L;

  /** Checks and copies. */
  public Event {
    type = Keys.line("type", type, 64);
    id = Keys.line("id", id, 64);
    at = new Attribute.Moment(notNull("at", at)).value();
    Map<String, Attribute> known = new TreeMap<>(MemberProfile.named(properties));
    known.values().removeIf(Attribute.Nothing.class::isInstance);
    Check.range("properties", known.size(), 0, EventType.MOST_PROPERTIES);
    properties = Map.copyOf(known);
    notNull("amountFen", amountFen)
        .ifPresent(fen -> Check.range("amountFen", fen, -MOST_FEN, MOST_FEN));
  }

  /** An event of which no more is known. */
  public static Event of(String type, String id, Instant at) {
    return new Event(type, id, at, Map.of(), OptionalLong.empty());
  }

  /** With that property. */
  public Event with(String property, Attribute value) {
    Map<String, Attribute> more = new TreeMap<>(properties);
    more.put(notNull("property", property), value);
    return new Event(type, id, at, more, amountFen);
  }

  /** With an amount in fen. */
  public Event withAmountFen(long fen) {
    return new Event(type, id, at, properties, OptionalLong.of(fen));
  }

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "Event[%s %s, %s]".formatted(type, id, at);
  }
}
