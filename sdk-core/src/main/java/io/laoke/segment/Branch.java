package io.laoke.segment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of a collection's rows, as one SELECT finds them. Tables that are joined for a field have
 * at most one row for each, and are joined once.
 */
abstract class Branch {
  private final Map<String, String> joins = new LinkedHashMap<>();

  /** The first table and what always is true of it, as {@code FROM … <joins> WHERE …}. */
  abstract String from();

  /** What always is true. */
  abstract List<String> where();

  abstract String member();

  /** When: in epoch milliseconds, never NULL. */
  abstract String at();

  /**
   * How often a row counts: 1, 0 if it is only added up, or how many alike it stands for; null if
   * all count once.
   */
  abstract @Nullable String live();

  /** What stands for a row's number and place in it, in the order of its document. */
  abstract List<String> order();

  /** The cell of a field; joins what it needs. */
  abstract Cell cell(FieldDef field);

  /** The same for a condition alone, which may be looked up in another way. */
  Cell asked(FieldDef field) {
    return cell(field);
  }

  /** The value of a field; joins what it needs; null where the rows have none. */
  @Nullable String value(FieldDef field) {
    Cell cell = cell(field);
    if (cell instanceof Cell.Constant constant) {
      return "'" + constant.word() + "'";
    }
    if (cell instanceof SealedText text) {
      return text.text().sql();
    }
    if (cell instanceof InstantDay day) {
      return day.number();
    }
    if (cell instanceof DayNumber day) {
      return day.number().sql();
    }
    return cell instanceof Scalar scalar ? scalar.sql() : null;
  }

  /** The cell of a column that holds values of a field, as {@link #value} gives them. */
  Cell ofColumn(FieldDef field, Scalar column) {
    return column;
  }

  /** What is added up for a field. */
  @Nullable String summand(FieldDef field) {
    return value(field);
  }

  /** Whether anything but 0 is added up for the fields that can be. */
  boolean addsUp() {
    return true;
  }

  /** Whether what is added up is never more than 0. */
  boolean takesOff() {
    return false;
  }

  final String joined(String alias, String join) {
    joins.putIfAbsent(alias, join);
    return alias;
  }

  /** The tables, once all fields were asked for. */
  final String tables() {
    return from() + String.join("", joins.values());
  }
}
