package io.laoke.member;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.base.Upserted;
import io.laoke.catalog.Keys;
import io.laoke.catalog.Races;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.FieldBook.EventFields;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

final class StoredEvents implements Events {
  private static final int MOST_TYPES = 200;
  private static final int PAGE = 1_000;
  private static final Pattern CURSOR = Pattern.compile("(-?\\d{1,15}):(\\d{1,19})");

  private final Database database;
  private final Tenant tenant;
  private final StoredMemberBook book;
  private final FieldTypes types;
  private final Ids ids;
  private final Clock clock;

  StoredEvents(
      Database database,
      Tenant tenant,
      StoredMemberBook book,
      FieldTypes types,
      Ids ids,
      Clock clock) {
    this.database = database;
    this.tenant = tenant;
    this.book = book;
    this.types = types;
    this.ids = ids;
    this.clock = clock;
  }

  private EventTable events() {
    return book.merger.events;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  // ---- declarations

  @Override
  public Upserted declare(EventType type) {
    notNull("type", type);
    Instant now = now();
    return database.write("declare a type of events", tx -> declare(tx, type, now));
  }

  private Upserted declare(Tx tx, EventType type, Instant now) {
    Optional<EventFields> known = types.event(tx, tenant, type.name());
    if (known.filter(one -> one.type().equals(type)).isPresent()) {
      return Upserted.UNCHANGED;
    }
    if (known.isEmpty()) {
      if (types.events(tx, tenant).size() >= MOST_TYPES) {
        throw new ConflictException(
            "Events of type '%s' cannot be declared: dealer '%s' has declared %d types, which is the most. Take one back that has no events, with events().withdrawType, first."
                .formatted(type.name(), tenant.code(), MOST_TYPES));
      }
      if (types.insert(tx, tenant, new EventFields(type, places(type, Map.of())), now)) {
        return Upserted.CREATED;
      }
    }
    EventFields was =
        types.lock(tx, tenant, type.name()).orElseThrow(() -> Races.lost("type of events"));
    if (was.type().equals(type)) {
      return Upserted.UNCHANGED;
    }
    refuseLosses(tx, was, type);
    types.update(tx, tenant, new EventFields(type, places(type, was.places())), now);
    return Upserted.CHANGED;
  }

  /** Properties keep their places; new ones take those that are free. */
  private static Map<String, Integer> places(EventType type, Map<String, Integer> before) {
    Map<String, Integer> places = new HashMap<>();
    for (AttributeType property : type.properties()) {
      Integer place = before.get(property.name());
      if (place != null) {
        places.put(property.name(), place);
      }
    }
    for (AttributeType property : type.properties()) {
      if (!places.containsKey(property.name())) {
        int free = 1;
        while (places.containsValue(free)) {
          free++;
        }
        places.put(property.name(), free);
      }
    }
    return places;
  }

  private void refuseLosses(Tx tx, EventFields was, EventType type) {
    List<String> losses = new ArrayList<>();
    for (AttributeType property : was.type().properties()) {
      int place = was.places().getOrDefault(property.name(), 0);
      Optional<AttributeType> next = type.find(property.name());
      if (next.filter(one -> one.type() == property.type()).isEmpty()) {
        long had = events().count(tx, tenant, type.name(), property, place);
        if (had > 0) {
          losses.add("%d have '%s', which is %s".formatted(had, property.name(), property.type()));
        }
      } else if (property.type() == ValueType.CODE) {
        Set<String> codes =
            next.get().choices().stream()
                .map(AttributeType.Choice::code)
                .collect(Collectors.toSet());
        if (property.choices().stream().anyMatch(one -> !codes.contains(one.code()))) {
          events()
              .codes(tx, tenant, type.name(), place)
              .forEach(
                  (code, had) -> {
                    if (!codes.contains(code)) {
                      losses.add(
                          "%d have the code %s of '%s'".formatted(had, code, property.name()));
                    }
                  });
        }
      }
    }
    if (!losses.isEmpty()) {
      throw new ConflictException(
          "Events of type '%s' cannot be declared so: of those recorded %s. Leave these as they were declared, or declare a new type."
              .formatted(type.name(), String.join(", ", losses)));
    }
  }

  @Override
  public Optional<EventType> type(String name) {
    String given = Keys.line("name", name, 64);
    return database.read(
        "read the declaration of events",
        tx -> types.event(tx, tenant, given).map(EventFields::type));
  }

  @Override
  public List<EventType> types() {
    return database.read(
        "read the declared types of events",
        tx -> types.events(tx, tenant).stream().map(EventFields::type).toList());
  }

  @Override
  public boolean withdrawType(String name) {
    String given = Keys.line("name", name, 64);
    return database.write(
        "withdraw a type of events",
        tx -> {
          if (types.lock(tx, tenant, given).isEmpty()) {
            return false;
          }
          long recorded = events().count(tx, tenant, given);
          if (recorded > 0) {
            throw new ConflictException(
                "The declaration of events of type '%s' cannot be taken back: %d are recorded. Take these back with events().withdraw first, or leave it declared."
                    .formatted(given, recorded));
          }
          types.removeEvent(tx, tenant, given);
          return true;
        });
  }

  // ---- events

  @Override
  public Upserted record(long memberId, Event event) {
    notNull("event", event);
    Instant now = now();
    return database.write(
        "record an event",
        tx -> {
          EventTable.Row row = row(tx, event, null, now);
          long member = book.lockLiving(tx, tenant, memberId);
          return record(tx, row, member);
        });
  }

  @Override
  public Upserted record(String customerNo, Event event) {
    notNull("event", event);
    String number = Keys.line("customerNo", customerNo, 64);
    Instant now = now();
    return database.write("record an event", tx -> record(tx, number, event, now));
  }

  private Upserted record(Tx tx, String number, Event event, Instant now) {
    IdentityTable.Key key = StoredMemberBook.numberKey(tenant, number);
    EventTable.Row row = row(tx, event, key.hash(), now);
    Optional<IdentityTable.Row> identity = book.identities.find(tx, tenant, key);
    if (identity.filter(StoredMemberBook::tombstone).isPresent()) {
      return Upserted.UNCHANGED;
    }
    OptionalLong member =
        identity
            .filter(one -> one.is(IdentityTable.ACTIVE))
            .map(IdentityTable.Row::member)
            .orElse(OptionalLong.empty());
    if (member.isEmpty()) {
      throw new NotFoundException(
          "Event '%s' of type '%s' cannot be recorded: dealer '%s' has no member with customer number '%s', or it is declared walk-in. Put the customer with members().put first, or record it by member id."
              .formatted(event.id(), event.type(), tenant.code(), number));
    }
    book.lock(tx, tenant, List.of(member.getAsLong()), List.of(member.getAsLong()));
    if (book.identities
        .lockExisting(tx, tenant, key)
        .filter(one -> one.member().equals(member))
        .isEmpty()) {
      throw Races.lost("identity"); // a split took it back, or a merge moved it
    }
    return record(tx, row, member.getAsLong());
  }

  private EventTable.Row row(Tx tx, Event event, @Nullable String numberHash, Instant now) {
    EventFields fields =
        types
            .held(tx, tenant, event.type())
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "Event '%s' is of type '%s', which dealer '%s' has not declared. Declare it with events().declare first."
                            .formatted(event.id(), event.type(), tenant.code())));
    Map<String, Attribute> fitted = new TreeMap<>();
    event
        .properties()
        .forEach(
            (name, value) -> {
              AttributeType property =
                  fields
                      .type()
                      .find(name)
                      .orElseThrow(
                          () ->
                              new InvalidInputException(
                                  "properties",
                                  "must be declared; '%s' of events of type '%s' is not"
                                      .formatted(name, event.type())));
              fitted.put(name, property.fitted("property " + name, value));
            });
    return EventTable.row(
        tenant,
        new Event(event.type(), event.id(), event.at(), fitted, event.amountFen()),
        fields,
        numberHash,
        now);
  }

  private Upserted record(Tx tx, EventTable.Row given, long member) {
    EventTable.Row row = given.of(ids.next(), member, given.recorded());
    if (events().insert(tx, tenant, row)) {
      return Upserted.CREATED;
    }
    EventTable.Row was =
        events()
            .find(tx, tenant, row.type(), row.eventNo(), true)
            .orElseThrow(() -> Races.lost("event"));
    if (was.member() != member) {
      throw new ConflictException(
          "Event '%s' of type '%s' is recorded for member %d, so it cannot be recorded for member %d. Take it back with events().withdraw first, or give this one another id."
              .formatted(row.eventNo(), row.type(), was.member(), member));
    }
    if (same(was, row)) {
      return Upserted.UNCHANGED;
    }
    events().update(tx, tenant, row.of(was.id(), member, was.recorded()));
    return Upserted.CHANGED;
  }

  /** Sealed texts differ each time; their hashes do not. */
  private static boolean same(EventTable.Row one, EventTable.Row other) {
    return one.at() == other.at()
        && java.util.Objects.equals(one.amount(), other.amount())
        && unsealed(one).equals(unsealed(other));
  }

  private static Map<String, Object> unsealed(EventTable.Row row) {
    Map<String, Object> values = new HashMap<>(row.values());
    values.keySet().removeAll(new HashSet<>(List.of(EventTable.texts())));
    return values;
  }

  @Override
  public boolean withdraw(String type, String id) {
    String ofType = Keys.line("type", type, 64);
    String eventNo = Keys.line("id", id, 64);
    return database.write(
        "withdraw an event",
        tx -> {
          Optional<EventTable.Row> found = events().find(tx, tenant, ofType, eventNo, false);
          if (found.isEmpty()) {
            return false;
          }
          long member = found.get().member();
          book.lock(tx, tenant, List.of(member), List.of(member));
          Optional<EventTable.Row> row = events().find(tx, tenant, ofType, eventNo, true);
          if (row.filter(one -> one.member() != member).isPresent()) {
            throw Races.lost("event"); // a merge moved it
          }
          return row.isPresent() && events().remove(tx, tenant, row.get().id());
        });
  }

  @Override
  public EventPage page(long memberId, @Nullable String type, @Nullable String cursor, int limit) {
    range("limit", limit, 1, PAGE);
    String ofType = type == null ? null : Keys.line("type", type, 64);
    long at = Long.MAX_VALUE;
    long id = Long.MAX_VALUE;
    if (cursor != null) {
      Matcher parts = CURSOR.matcher(cursor);
      if (!parts.matches()) {
        throw new InvalidInputException(
            "cursor", "must be EventPage.next() of the page before, or null for the first page");
      }
      at = Long.parseLong(parts.group(1));
      id = number(parts.group(2));
    }
    return page(memberId, ofType, at, id, limit);
  }

  private static long number(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException beyond) {
      throw new InvalidInputException(
          "cursor", "must be EventPage.next() of the page before", beyond);
    }
  }

  private EventPage page(long memberId, @Nullable String type, long at, long id, int limit) {
    return database.read(
        "read the events of member " + memberId,
        tx -> {
          long member = book.survivor(tx, tenant, memberId);
          List<EventTable.Row> rows = events().page(tx, tenant, member, type, at, id, limit + 1);
          Map<String, EventFields> fields = new HashMap<>();
          types.events(tx, tenant).forEach(one -> fields.put(one.type().name(), one));
          List<RecordedEvent> page = new ArrayList<>();
          for (EventTable.Row row : rows.subList(0, Math.min(limit, rows.size()))) {
            EventFields declared = fields.get(row.type());
            if (declared == null) {
              throw Races.lost("page of events"); // declared since
            }
            page.add(EventTable.event(tenant, row, declared));
          }
          if (rows.size() <= limit) {
            return new EventPage(page, Optional.empty());
          }
          EventTable.Row last = rows.get(limit - 1);
          return new EventPage(page, Optional.of(last.at() + ":" + last.id()));
        });
  }
}
