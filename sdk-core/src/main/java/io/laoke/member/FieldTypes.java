package io.laoke.member;

import io.laoke.catalog.Races;
import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Tables {@code attribute_type} and {@code event_type}. Who writes values holds the declarations as
 * they are to the end of its transaction; who changes one waits for that, and looks at the values
 * then.
 */
class FieldTypes implements FieldBook {
  private static final String ATTRIBUTES = "attribute_type";
  private static final String EVENTS = "event_type";

  /** Held by all who write attributes: of one that is not declared there is no row to hold. */
  private static final String GUARD = "";

  final Json json;

  FieldTypes(Json json) {
    this.json = json;
  }

  // ---- as they are stored

  record StoredChoice(String code, String zh, String en) {}

  record StoredField(
      String name, String type, int place, String zh, String en, List<StoredChoice> choices) {
    static StoredField of(AttributeType field, int place) {
      return new StoredField(
          field.name(),
          field.type().name(),
          place,
          field.labelZh(),
          field.labelEn(),
          field.choices().stream()
              .map(one -> new StoredChoice(one.code(), one.labelZh(), one.labelEn()))
              .toList());
    }

    AttributeType field() {
      return new AttributeType(
          name,
          ValueType.valueOf(type),
          zh,
          en,
          choices.stream()
              .map(one -> new AttributeType.Choice(one.code(), one.zh(), one.en()))
              .toList());
    }
  }

  record StoredEvent(String zh, String en, List<StoredField> properties) {
    static StoredEvent of(EventFields event) {
      return new StoredEvent(
          event.type().labelZh(),
          event.type().labelEn(),
          event.type().properties().stream()
              .map(one -> StoredField.of(one, event.places().getOrDefault(one.name(), 0)))
              .toList());
    }

    EventFields event(String name) {
      Map<String, Integer> places = new HashMap<>();
      properties.forEach(one -> places.put(one.name(), one.place()));
      return new EventFields(
          new EventType(name, zh, en, properties.stream().map(StoredField::field).toList()),
          places);
    }
  }

  private Map<String, String> definitions(
      Tx tx, Tenant tenant, String table, Collection<String> names, String lock) {
    Map<String, String> found = new TreeMap<>();
    if (!names.isEmpty()) {
      tx.query(
              "SELECT name, definition FROM {%s}%s WHERE dealer_id = :dealer AND name IN (<names>)%s"
                  .formatted(table, lock.isEmpty() ? "" : tx.dialect().byPrimaryKey(), lock))
          .bind("dealer", tenant.id())
          .bindList("names", List.copyOf(names))
          .map((row, context) -> Map.entry(row.getString("name"), row.getString("definition")))
          .forEach(one -> found.put(one.getKey(), one.getValue()));
    }
    return found;
  }

  private Map<String, String> all(Tx tx, Tenant tenant, String table) {
    Map<String, String> found = new TreeMap<>();
    tx.guarded(
            "SELECT name, definition FROM {%s} WHERE dealer_id = :dealer AND name <> ''"
                .formatted(table))
        .bind("dealer", tenant.id())
        .map((row, context) -> Map.entry(row.getString("name"), row.getString("definition")))
        .forEach(one -> found.put(one.getKey(), one.getValue()));
    return found;
  }

  private boolean insert(
      Tx tx, Tenant tenant, String table, String name, String definition, Instant now) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {%s} (dealer_id, name, definition, changed_ms)
        VALUES (:dealer, :name, :definition, :now)"""
            .formatted(table),
        row ->
            row.bind("dealer", tenant.id())
                .bind("name", name)
                .bind("definition", definition)
                .bind("now", now.toEpochMilli()));
  }

  private void update(
      Tx tx, Tenant tenant, String table, String name, String definition, Instant now) {
    tx.update(
            """
            UPDATE {%s} SET definition = :definition, changed_ms = :now
            WHERE dealer_id = :dealer AND name = :name"""
                .formatted(table))
        .bind("definition", definition)
        .bind("now", now.toEpochMilli())
        .bind("dealer", tenant.id())
        .bind("name", name)
        .execute();
  }

  private void delete(Tx tx, Tenant tenant, String table, String name) {
    tx.update("DELETE FROM {%s} WHERE dealer_id = :dealer AND name = :name".formatted(table))
        .bind("dealer", tenant.id())
        .bind("name", name)
        .execute();
  }

  // ---- attributes

  /** The same attributes as they are to be stored; the declarations stay until the end. */
  Map<String, Attribute> fitted(
      Tx tx, Tenant tenant, Map<String, Attribute> attributes, Instant now) {
    if (attributes.isEmpty()) {
      return attributes;
    }
    Map<String, AttributeType> declared = held(tx, tenant, attributes.keySet(), now);
    Map<String, Attribute> fitted = new TreeMap<>();
    attributes.forEach(
        (name, value) -> {
          AttributeType type = declared.get(name);
          fitted.put(
              name,
              value instanceof Attribute.Nothing
                  ? value
                  : type == null
                      ? undeclared(name, value)
                      : type.fitted("attribute " + name, value));
        });
    return fitted;
  }

  /** A code is stored as it is, so somebody has to have said that it is one. */
  private static Attribute undeclared(String name, Attribute value) {
    if (value instanceof Attribute.Code) {
      throw new NotFoundException(
          "Attribute '%s' was given a code, and no codes of it are declared. Declare it with attributes().put(AttributeType.code(…)) first, or give a text."
              .formatted(name));
    }
    return value;
  }

  /** Those of these that are declared. */
  Map<String, AttributeType> held(Tx tx, Tenant tenant, Set<String> names, Instant now) {
    Optional<String> lock = tx.dialect().sharedLock();
    if (lock.isEmpty()) {
      return fields(definitions(tx, tenant, ATTRIBUTES, names, ""));
    }
    if (!guarded(tx, tenant, lock.get())) {
      insert(tx, tenant, ATTRIBUTES, GUARD, "", now);
      if (!guarded(tx, tenant, lock.get())) {
        throw Races.lost("attribute");
      }
    }
    // A statement of its own: what was declared while the first one waited, that does not show.
    return fields(definitions(tx, tenant, ATTRIBUTES, names, lock.get()));
  }

  private boolean guarded(Tx tx, Tenant tenant, String lock) {
    return !definitions(tx, tenant, ATTRIBUTES, List.of(GUARD), lock).isEmpty();
  }

  private Map<String, AttributeType> fields(Map<String, String> definitions) {
    Map<String, AttributeType> fields = new TreeMap<>();
    definitions.forEach((name, definition) -> fields.put(name, field(definition)));
    return fields;
  }

  private AttributeType field(String definition) {
    return json.read(definition, StoredField.class).field();
  }

  /** For one transaction of many facts: asks once. */
  FieldTypes remembering() {
    return new FieldTypes(json) {
      private final Map<String, AttributeType> known = new HashMap<>();
      private final Set<String> asked = new HashSet<>();

      @Override
      Map<String, AttributeType> held(Tx tx, Tenant tenant, Set<String> names, Instant now) {
        Set<String> more = new TreeSet<>(names);
        more.removeAll(asked);
        if (!more.isEmpty()) {
          known.putAll(super.held(tx, tenant, more, now));
          asked.addAll(more);
        }
        return known;
      }
    };
  }

  /** Waits for all who write attributes, and lets them wait until the end. */
  void lockAttributes(Tx tx, Tenant tenant, Instant now) {
    if (!takeGuard(tx, tenant)) {
      insert(tx, tenant, ATTRIBUTES, GUARD, "", now);
      if (!takeGuard(tx, tenant)) {
        throw Races.lost("attribute");
      }
    }
  }

  /** Changed, so that who writes in an older snapshot is told to repeat. */
  private static boolean takeGuard(Tx tx, Tenant tenant) {
    return tx.update(
                """
                UPDATE {attribute_type} SET changed_ms = changed_ms + 1
                WHERE dealer_id = :dealer AND name = ''""")
            .bind("dealer", tenant.id())
            .execute()
        > 0;
  }

  Optional<AttributeType> attribute(Tx tx, Tenant tenant, String name) {
    return Optional.ofNullable(definitions(tx, tenant, ATTRIBUTES, List.of(name), "").get(name))
        .map(this::field);
  }

  @Override
  public List<AttributeType> attributes(Tx tx, Tenant tenant) {
    return List.copyOf(fields(all(tx, tenant, ATTRIBUTES)).values());
  }

  void put(Tx tx, Tenant tenant, AttributeType type, boolean known, Instant now) {
    tx.listsChanged(tenant.id());
    String definition = json.write(StoredField.of(type, 0));
    if (known) {
      update(tx, tenant, ATTRIBUTES, type.name(), definition, now);
    } else if (!insert(tx, tenant, ATTRIBUTES, type.name(), definition, now)) {
      throw Races.lost("attribute");
    }
  }

  void removeAttribute(Tx tx, Tenant tenant, String name) {
    tx.listsChanged(tenant.id());
    delete(tx, tenant, ATTRIBUTES, name);
  }

  // ---- events

  Optional<EventFields> event(Tx tx, Tenant tenant, String name) {
    return event(tx, tenant, name, "");
  }

  /** Stays as it is until the end. */
  Optional<EventFields> held(Tx tx, Tenant tenant, String name) {
    return event(tx, tenant, name, tx.dialect().sharedLock().orElse(""));
  }

  /** Waits for all who record such events, and lets them wait until the end. */
  Optional<EventFields> lock(Tx tx, Tenant tenant, String name) {
    return event(tx, tenant, name, " FOR UPDATE");
  }

  private Optional<EventFields> event(Tx tx, Tenant tenant, String name, String lock) {
    return Optional.ofNullable(definitions(tx, tenant, EVENTS, List.of(name), lock).get(name))
        .map(definition -> json.read(definition, StoredEvent.class).event(name));
  }

  @Override
  public List<EventFields> events(Tx tx, Tenant tenant) {
    List<EventFields> events = new ArrayList<>();
    all(tx, tenant, EVENTS)
        .forEach(
            (name, definition) -> events.add(json.read(definition, StoredEvent.class).event(name)));
    return events;
  }

  boolean insert(Tx tx, Tenant tenant, EventFields event, Instant now) {
    tx.listsChanged(tenant.id());
    return insert(tx, tenant, EVENTS, event.type().name(), json.write(StoredEvent.of(event)), now);
  }

  void update(Tx tx, Tenant tenant, EventFields event, Instant now) {
    tx.listsChanged(tenant.id());
    update(tx, tenant, EVENTS, event.type().name(), json.write(StoredEvent.of(event)), now);
  }

  void removeEvent(Tx tx, Tenant tenant, String name) {
    tx.listsChanged(tenant.id());
    delete(tx, tenant, EVENTS, name);
  }
}
