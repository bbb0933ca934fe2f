package io.laoke.segment;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What rows come to, one row for each member that has any: a table that a query makes for itself
 * from one pass over the rows of a collection.
 */
final class Derived {
  /** What tells one pass from another. */
  record Key(
      CollectionDef of,
      Scope scope,
      Node where,
      Span span,
      @Nullable Aggregation end,
      @Nullable FieldDef endField) {
    static Key of(Node.Aggregate aggregate) {
      boolean end = aggregate.agg() == Aggregation.FIRST || aggregate.agg() == Aggregation.LAST;
      return new Key(
          aggregate.of(),
          aggregate.scope(),
          aggregate.where(),
          aggregate.span(),
          end ? aggregate.agg() : null,
          end ? aggregate.field() : null);
    }
  }

  private record Column(Aggregation agg, @Nullable FieldDef field) {}

  private final Key key;
  private final String alias;
  private final Map<Column, String> columns = new LinkedHashMap<>();
  private boolean looksUp;

  Derived(Key key, String alias) {
    this.key = key;
    this.alias = alias;
  }

  String alias() {
    return alias;
  }

  /** Whether the pass looks other tables up for its rows; known once the table was asked for. */
  boolean looksUp() {
    return looksUp;
  }

  /** The column of an aggregate, for the whole query; of AVG, how many rows have a value. */
  String column(Aggregation agg, @Nullable FieldDef field) {
    Column column = new Column(agg, agg == Aggregation.COUNT ? null : field);
    return alias + "." + columns.computeIfAbsent(column, added -> "c" + columns.size());
  }

  private boolean sums() {
    return columns.keySet().stream().anyMatch(column -> column.agg() == Aggregation.SUM);
  }

  /** Whether a condition or a column is about that field. */
  private boolean speaksOf(String field) {
    return Rowwise.speaksOf(key.where(), field)
        || columns.keySet().stream()
            .anyMatch(
                column ->
                    column.field() != null
                        && column.agg() != Aggregation.SUM
                        && column.field().name().equals(field));
  }

  /**
   * The table.
   *
   * @param branches of the collection, by whether something is added up and whether the net amount
   *     of single documents is asked for
   */
  String sql(Binds binds, Branches branches) {
    List<Branch> all = branches.of(key.of(), key.scope(), sums(), speaksOf("netAmount"), binds);
    if (key.end() != null) {
      looksUp = true;
      return end(binds, all);
    }
    List<String> parts = new ArrayList<>();
    boolean plain = all.size() == 1 && all.get(0).live() == null;
    for (Branch branch : all) {
      String where = where(binds, branch);
      if (!where.equals(Logic.FALSE)) {
        parts.add(plain ? grouped(branch, where) : rows(branch, where));
        looksUp |= branch.tables().contains(" JOIN ");
      }
    }
    if (parts.isEmpty()) {
      throw new IllegalStateException("asked of a collection without rows");
    }
    return plain ? parts.get(0) : together(parts);
  }

  /** Whether an aggregate can never have a row. */
  static boolean none(Node.Aggregate asked, Branches branches) {
    Key key = Key.of(asked);
    boolean sums = asked.agg() == Aggregation.SUM || asked.agg() == Aggregation.AVG;
    Binds scratch = new Binds(0);
    for (Branch branch : branches.of(key.of(), key.scope(), sums, true, scratch)) {
      if (!where(key, scratch, branch).equals(Logic.FALSE)) {
        return false;
      }
    }
    return true;
  }

  private String where(Binds binds, Branch branch) {
    return where(key, binds, branch);
  }

  private static String where(Key key, Binds binds, Branch branch) {
    List<String> parts = new ArrayList<>(branch.where());
    parts.add(
        Scalar.always(branch.at(), FieldType.INSTANT)
            .holds(new Condition.InSpan(key.span()), binds));
    parts.add(Rowwise.condition(key.where(), false, branch::asked, binds));
    return Logic.and(parts);
  }

  /**
   * The rows one by one: {@code member_id}, {@code live}, {@code k}, the value of a field, and
   * {@code net}, what is added up of another.
   */
  static String rows(Key key, Branches branches, Binds binds, FieldDef value, FieldDef summed) {
    List<String> parts = new ArrayList<>();
    for (Branch branch : branches.of(key.of(), key.scope(), true, true, binds)) {
      String where = where(key, binds, branch);
      if (!where.equals(Logic.FALSE)) {
        String live = branch.live();
        String of = branch.value(value);
        String sum = branch.summand(summed);
        parts.add(
            "SELECT %s AS member_id, %s AS live, %s AS k, %s AS net FROM %s WHERE %s"
                .formatted(
                    branch.member(),
                    live == null ? "1" : live,
                    of == null ? none(value.type()) : of,
                    sum,
                    branch.tables(),
                    where));
      }
    }
    return String.join(" UNION ALL ", parts);
  }

  private String grouped(Branch branch, String where) {
    List<String> select = new ArrayList<>();
    select.add(branch.member() + " AS member_id");
    columns.forEach((column, name) -> select.add(aggregate(column, branch::value) + " AS " + name));
    return "SELECT %s FROM %s WHERE %s GROUP BY %s"
        .formatted(String.join(", ", select), branch.tables(), where, branch.member());
  }

  private static String aggregate(Column column, Function<FieldDef, @Nullable String> value) {
    FieldDef field = column.field();
    if (column.agg() == Aggregation.COUNT || field == null) {
      return "COUNT(*)";
    }
    String of = String.valueOf(value.apply(field));
    return switch (column.agg()) {
      case SUM -> "SUM(" + of + ")";
      case MIN -> "MIN(" + of + ")";
      case MAX -> "MAX(" + of + ")";
      case DISTINCT -> "COUNT(DISTINCT " + of + ")";
      case AVG -> "COUNT(" + of + ")";
      default -> throw new IllegalArgumentException(column.agg().word());
    };
  }

  /** Rows of a branch as they are added up with those of others. */
  private String rows(Branch branch, String where) {
    String live = branch.live();
    List<String> select = new ArrayList<>();
    select.add(branch.member() + " AS member_id");
    select.add((live == null ? "1" : live) + " AS live");
    columns.forEach(
        (column, name) -> {
          FieldDef field = column.field();
          if (field != null) {
            select.add(one(branch, column, field, live) + " AS " + name);
          }
        });
    return "SELECT %s FROM %s WHERE %s"
        .formatted(String.join(", ", select), branch.tables(), where);
  }

  private static @Nullable String one(
      Branch branch, Column column, FieldDef field, @Nullable String live) {
    if (column.agg() == Aggregation.SUM) {
      return branch.summand(field);
    }
    String value = branch.value(field);
    if (value == null || "0".equals(live)) {
      return none(field.type());
    }
    return live == null ? value : "CASE WHEN " + live + " > 0 THEN " + value + " END";
  }

  /** A NULL of a type: a bare one would be a text on PostgreSQL. */
  private static String none(FieldType type) {
    return switch (type) {
      case INTEGER, MONEY, INSTANT, FLAG -> "NULLIF(0, 0)";
      case DATE -> "NULLIF(CURRENT_DATE, CURRENT_DATE)";
      case CODE, TEXT, REGION, CATEGORY, TAGS -> "NULLIF('-', '-')";
    };
  }

  private String together(List<String> parts) {
    List<String> select = new ArrayList<>();
    select.add("r.member_id");
    columns.forEach(
        (column, name) ->
            select.add(
                (column.field() == null ? "SUM(r.live)" : aggregate(column, field -> "r." + name))
                    + " AS "
                    + name));
    return "SELECT %s FROM (%s) r GROUP BY r.member_id"
        .formatted(String.join(", ", select), String.join(" UNION ALL ", parts));
  }

  /** The value of the first or the last row, by time, document and place in it. */
  private String end(Binds binds, List<Branch> all) {
    FieldDef field = requireNonNull(key.endField());
    String direction = key.end() == Aggregation.LAST ? " DESC" : "";
    List<String> parts = new ArrayList<>();
    for (Branch branch : all) {
      String where = where(binds, branch);
      if (!where.equals(Logic.FALSE)) {
        List<String> select = new ArrayList<>();
        select.add(branch.member() + " AS member_id");
        String value = branch.value(field);
        select.add((value == null ? none(field.type()) : value) + " AS v");
        select.add(branch.at() + " AS o0");
        List<String> order = branch.order();
        for (int i = 0; i < order.size(); i++) {
          select.add(order.get(i) + " AS o" + (i + 1));
        }
        parts.add(
            "SELECT %s FROM %s WHERE %s"
                .formatted(String.join(", ", select), branch.tables(), where));
      }
    }
    List<String> order = new ArrayList<>();
    for (int i = 0; i <= all.get(0).order().size(); i++) {
      order.add("r.o" + i + direction);
    }
    String name = columns.values().iterator().next();
    return """
        SELECT w.member_id, w.v AS %s FROM (SELECT r.member_id, r.v, ROW_NUMBER() OVER
          (PARTITION BY r.member_id ORDER BY %s) AS place FROM (%s) r) w WHERE w.place = 1"""
        .formatted(name, String.join(", ", order), String.join(" UNION ALL ", parts));
  }
}
