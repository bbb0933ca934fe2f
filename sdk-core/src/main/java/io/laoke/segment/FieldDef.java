package io.laoke.segment;

import java.util.Map;

/**
 * A field of members or of a collection's rows.
 *
 * @param name in JSON
 * @param type of its values
 * @param codes of a CODE with a closed list: its values with their labels, in order; empty for all
 *     others, whose list is the dealer's data or open
 */
record FieldDef(String name, FieldType type, Labels labels, Map<String, Labels> codes) {
  static FieldDef of(String name, FieldType type, String zh, String en) {
    return new FieldDef(name, type, new Labels(zh, en), Map.of());
  }
}
