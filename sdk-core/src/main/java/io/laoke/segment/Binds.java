package io.laoke.segment;

import io.laoke.internal.jdbc.Listed;
import io.laoke.internal.jdbc.Rows;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values of a statement. No text of a user's ever stands in the statement itself. */
final class Binds {
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final boolean looksArraysUp;

  Binds(int dealerId) {
    this(dealerId, false);
  }

  Binds(int dealerId, boolean looksArraysUp) {
    this.looksArraysUp = looksArraysUp;
    values.put("dealer", dealerId);
  }

  /** See {@code Dialect.looksArraysUp()}. */
  boolean looksArraysUp() {
    return looksArraysUp;
  }

  /** Binds a value; a parameter. */
  String value(Object value) {
    String name = "v" + values.size();
    values.put(name, value);
    return ":" + name;
  }

  /** Binds several values; what follows the column. */
  String in(Rows.Type type, Collection<?> several) {
    String name = "v" + values.size();
    values.put(name, new Listed(type, several));
    return " IN (<" + name + ">)";
  }

  /** The same for all others. */
  String notIn(Rows.Type type, Collection<?> several) {
    String name = "v" + values.size();
    values.put(name, new Listed(type, several));
    return " NOT IN (<" + name + ">)";
  }

  Map<String, Object> all() {
    return values;
  }
}
