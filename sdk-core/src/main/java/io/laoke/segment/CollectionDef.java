package io.laoke.segment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A collection of rows that members have. Each row has a time, {@code at}.
 *
 * @param name in JSON
 * @param scoped whether a question may choose which documents are rows
 * @param fields by name, in the order in which they are described
 */
record CollectionDef(String name, Labels labels, boolean scoped, Map<String, FieldDef> fields) {
  static CollectionDef of(
      String name, String zh, String en, boolean scoped, List<FieldDef> fields) {
    Map<String, FieldDef> named = new LinkedHashMap<>();
    fields.forEach(field -> named.put(field.name(), field));
    return new CollectionDef(name, new Labels(zh, en), scoped, named);
  }

  Optional<FieldDef> field(String name) {
    return Optional.ofNullable(fields.get(name));
  }
}
