package io.laoke.member;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.List;
import java.util.Map;

/** What dealers declare of members, for the floors above. */
@Internal
public interface FieldBook {
  /**
   * A declared type of events.
   *
   * @param places where table {@code event} keeps each property: at place 3 a TEXT is in {@code t3}
   *     sealed and in {@code w3} as its keyed hash (kind {@code attribute}), a CODE in {@code w3},
   *     all others in {@code n3}: a FLAG as 1 or 0, a DATE as 20261125, an INSTANT as epoch
   *     milliseconds
   */
  record EventFields(EventType type, Map<String, Integer> places) {
    /** Copies. */
    public EventFields {
      places = Map.copyOf(places);
    }
  }

  /**
   * The declared attributes. Rows of table {@code member_attribute} whose {@code kind} is not that
   * of the declared type count as missing.
   */
  List<AttributeType> attributes(Tx tx, Tenant tenant);

  /** The declared types of events. */
  List<EventFields> events(Tx tx, Tenant tenant);
}
