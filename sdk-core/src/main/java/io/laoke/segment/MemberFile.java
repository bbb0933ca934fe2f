package io.laoke.segment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that segments can ask of a member.
 *
 * @param fields values of the member by field; absent: missing
 * @param rows of collections by {@link #rowsOf}
 */
record MemberFile(long id, int random31, Map<String, Object> fields, Map<String, List<Row>> rows) {

  /**
   * A row of a collection.
   *
   * @param live whether it is a row; others are only added up
   * @param atMs its time
   * @param number of its document
   * @param place in its document
   * @param weight how many alike it stands for
   */
  record Row(
      boolean live, long atMs, String number, int place, int weight, Map<String, Object> values) {
    @Nullable Object value(FieldDef field) {
      return values.get(field.name());
    }
  }

  /** The name under which rows of a collection are kept. */
  static String rowsOf(String collection, Scope scope) {
    return scope == Scope.ALL ? collection + "*" : collection;
  }

  List<Row> rows(CollectionDef collection, Scope scope) {
    return rows.getOrDefault(rowsOf(collection.name(), scope), List.of());
  }

  /** Puts a value that may be missing. */
  static void put(Map<String, Object> values, String field, @Nullable Object value) {
    if (value != null && !(value instanceof String text && text.isBlank())) {
      values.put(field, value);
    }
  }

  static Map<String, Object> values() {
    return new HashMap<>();
  }
}
