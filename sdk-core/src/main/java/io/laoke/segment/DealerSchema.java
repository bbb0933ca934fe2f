package io.laoke.segment;

import io.laoke.catalog.Catalog;
import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.Category;
import io.laoke.catalog.Keys;
import io.laoke.catalog.Store;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.AttributeType;
import io.laoke.member.EventType;
import io.laoke.member.FieldBook.EventFields;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one dealer's segments can speak of now; for one evaluation, each list is read once. */
final class DealerSchema implements Schema {
  private static final Labels UNMAPPED = new Labels("未归类", "not mapped");

  private final Tenant tenant;
  private final Catalog catalog;
  private final UsedStores used;
  private final SegmentTable.Saved saved;
  private final Map<String, FieldDef> members = BuiltIn.memberFields();
  private final Map<String, CollectionDef> collections = new LinkedHashMap<>();
  private final Map<String, EventFields> events = new LinkedHashMap<>();
  private final boolean encrypted;
  private final Declared declared;
  private @Nullable Map<String, Labels> categories;
  private @Nullable Map<String, Labels> stores;

  /** What the dealer has declared. */
  record Declared(List<AttributeType> attributes, List<EventFields> events) {}

  DealerSchema(
      Tenant tenant,
      Catalog catalog,
      UsedStores used,
      SegmentTable.Saved saved,
      Declared declared) {
    this.tenant = tenant;
    this.catalog = catalog;
    this.used = used;
    this.saved = saved;
    this.declared = declared;
    this.encrypted = tenant.privacy().encrypts();
    if (encrypted) {
      // They have no hash by which a database could compare them.
      members.keySet().removeAll(List.of("name", "remark"));
    }
    for (AttributeType attribute : declared.attributes()) {
      members.putIfAbsent(attribute.name(), field(attribute));
    }
    for (CollectionDef one :
        List.of(BuiltIn.ORDERS, BuiltIn.ITEMS, BuiltIn.UNITS, BuiltIn.SERVICES, BuiltIn.SENDS)) {
      collections.put(one.name(), one);
    }
    if (!declared.events().isEmpty()) {
      collections.put(BuiltIn.EVENTS.name(), BuiltIn.EVENTS);
    }
    for (EventFields event : declared.events()) {
      CollectionDef one = collection(event.type());
      collections.put(one.name(), one);
      events.put(one.name(), event);
    }
  }

  private static FieldDef field(AttributeType type) {
    Map<String, Labels> codes = new LinkedHashMap<>();
    type.choices()
        .forEach(
            choice -> codes.put(choice.code(), new Labels(choice.labelZh(), choice.labelEn())));
    return new FieldDef(
        type.name(),
        FieldType.valueOf(type.type().name()),
        new Labels(type.labelZh(), type.labelEn()),
        codes);
  }

  /** The name of the collection of a type of events. */
  static String collectionOf(EventType type) {
    return BuiltIn.COLLECTIONS.stream().anyMatch(one -> one.name().equals(type.name()))
        ? "event:" + type.name()
        : type.name();
  }

  /** Called by its name, or, if a built-in one is called so, {@code event:} and its name. */
  private static CollectionDef collection(EventType type) {
    List<FieldDef> fields = new ArrayList<>();
    type.properties().forEach(property -> fields.add(field(property)));
    BuiltIn.EVENTS.fields().values().stream()
        .filter(field -> !field.name().equals("type"))
        .forEach(fields::add);
    return CollectionDef.of(collectionOf(type), type.labelZh(), type.labelEn(), false, fields);
  }

  /** With all lists read, for use by many threads. */
  DealerSchema loaded() {
    categories();
    stores();
    return this;
  }

  /** What the dealer has declared. */
  Declared declared() {
    return declared;
  }

  /** The declared types of events, by the names of their collections. */
  Map<String, EventFields> events() {
    return events;
  }

  @Override
  public Map<String, FieldDef> memberFields() {
    return members;
  }

  @Override
  public Map<String, CollectionDef> collections() {
    return collections;
  }

  @Override
  public ZoneId zone() {
    return tenant.zone();
  }

  @Override
  public Optional<Map<String, Labels>> values(FieldDef field) {
    if (!field.codes().isEmpty()) {
      return Optional.of(field.codes());
    }
    if (field.type() == FieldType.CATEGORY) {
      return Optional.of(categories());
    }
    // A dealer's own field may be called so, too, and is no code without choices.
    if (field.type() != FieldType.CODE) {
      return Optional.empty();
    }
    if (isStore(field)) {
      return Optional.of(stores());
    }
    return field.name().equals("type") ? Optional.of(types()) : Optional.empty();
  }

  @Override
  public Optional<Map<String, Labels>> used(FieldDef field) {
    Optional<Map<String, Labels>> listed = values(field);
    if (!isStore(field)) {
      return listed;
    }
    Map<String, Labels> all = new LinkedHashMap<>(listed.orElse(Map.of()));
    used.all().forEach(code -> all.putIfAbsent(code, new Labels(code, code)));
    return Optional.of(all);
  }

  @Override
  public Optional<String> unlisted(FieldDef field, String value) {
    if (isStore(field)) {
      return used.names(value) ? Optional.of(value) : Optional.empty();
    }
    return field.type() == FieldType.CATEGORY && Keys.isPath(value)
        ? Optional.of(catalog.currentPath(value)).filter(categories()::containsKey)
        : Optional.empty();
  }

  private static boolean isStore(FieldDef field) {
    return field.type() == FieldType.CODE
        && field.codes().isEmpty()
        && (field.name().equals("store") || field.name().equals("order.store"));
  }

  private Map<String, Labels> types() {
    Map<String, Labels> types = new LinkedHashMap<>();
    events
        .values()
        .forEach(
            event ->
                types.put(
                    event.type().name(),
                    new Labels(event.type().labelZh(), event.type().labelEn())));
    return types;
  }

  Map<String, Labels> categories() {
    Map<String, Labels> known = categories;
    if (known == null) {
      known = new LinkedHashMap<>();
      for (Category one : catalog.categories()) {
        known.put(one.path(), new Labels(one.name(), one.name()));
      }
      known.put(CatalogBook.UNMAPPED, UNMAPPED);
      categories = known;
    }
    return known;
  }

  private Map<String, Labels> stores() {
    Map<String, Labels> known = stores;
    if (known == null) {
      known = new LinkedHashMap<>();
      for (Store one : catalog.stores()) {
        known.put(one.code(), new Labels(one.name(), one.name()));
      }
      stores = known;
    }
    return known;
  }

  @Override
  public Optional<Segment> saved(String key) {
    return saved.find(key).map(SavedSegment::segment);
  }

  @Override
  public Collection<String> savedKeys() {
    return saved.keys();
  }

  @Override
  public Optional<String> savedName(String key) {
    return saved.find(key).map(SavedSegment::name);
  }

  @Override
  public boolean comparedWhole(FieldDef field) {
    return encrypted && field.type() == FieldType.TEXT && sealed(field);
  }

  private boolean sealed(FieldDef field) {
    return field.equals(members.get(field.name()))
        || events.values().stream().anyMatch(event -> event.places().containsKey(field.name()));
  }
}
