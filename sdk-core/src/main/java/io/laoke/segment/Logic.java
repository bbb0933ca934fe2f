package io.laoke.segment;

import java.util.ArrayList;
import java.util.List;

/**
 * Conditions in SQL. Constants are folded: walls in front of databases refuse statements that hold
 * one.
 */
final class Logic {
  static final String TRUE = "\u0001true";
  static final String FALSE = "\u0001false";

  private Logic() {}

  static String constant(boolean value) {
    return value ? TRUE : FALSE;
  }

  static String and(List<String> parts) {
    return joined(parts, TRUE, FALSE, " AND ");
  }

  static String or(List<String> parts) {
    return joined(parts, FALSE, TRUE, " OR ");
  }

  static String or(String one, String other) {
    return or(List.of(one, other));
  }

  private static String joined(List<String> parts, String neutral, String absorbing, String word) {
    List<String> left = new ArrayList<>();
    for (String part : parts) {
      if (part.equals(absorbing)) {
        return absorbing;
      }
      if (!part.equals(neutral) && !left.contains(part)) {
        left.add(part);
      }
    }
    return left.isEmpty()
        ? neutral
        : left.size() == 1 ? left.get(0) : "(" + String.join(word, left) + ")";
  }

  /** What follows {@code … AND} in a statement. */
  static String andWhere(String condition) {
    return condition.equals(TRUE) ? "" : " AND " + condition;
  }
}
