package io.laoke.segment;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What rows come to, one row for each member that has any: tables that a query makes for itself,
 * each from one pass over the rows of a collection.
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

  /** A branch, and which of its rows are meant. */
  private record Meant(Branch branch, String where) {}

  /**
   * A table of the query.
   *
   * @param sums whether it has the columns that are sums, and whether it has the others
   */
  private record Part(String alias, List<Meant> of, boolean sums, boolean others) {
    boolean takesOff() {
      return of.stream().allMatch(meant -> meant.branch().takesOff());
    }
  }

  private final Key key;
  private final String alias;
  private final Branches branches;
  private final boolean apart;
  private final Map<Column, String> columns = new LinkedHashMap<>();
  private final List<Part> parts = new ArrayList<>();
  private boolean placed;
  private boolean looksUp;

  /**
   * One table, or, if they are to be joined, one for the rows that count and one for each kind of
   * rows that are only added up: a database knows how many members a pass over one table comes to,
   * but not a pass over several.
   */
  Derived(Key key, String alias, Branches branches, boolean apart) {
    this.key = key;
    this.alias = alias;
    this.branches = branches;
    this.apart = apart && key.end() == null;
  }

  /**
   * Whether the passes look other tables up for their rows; known once the tables were asked for.
   */
  boolean looksUp() {
    return looksUp;
  }

  /** Whether a pass goes over several tables, of which no database knows what it comes to. */
  boolean unites() {
    return parts.stream().anyMatch(part -> part.of().size() > 1);
  }

  /** How many tables there are at most. */
  int mostTables() {
    return apart && sums() ? 3 : 1;
  }

  /** Notes that a column will be asked for; of AVG, how many rows have a value. */
  void use(Aggregation agg, @Nullable FieldDef field) {
    Column column = new Column(agg, agg == Aggregation.COUNT ? null : field);
    if (!columns.containsKey(column)) {
      boolean sums = sums();
      boolean single = speaksOf("netAmount");
      columns.put(column, "c" + columns.size());
      if (placed && (sums != sums() || single != speaksOf("netAmount"))) {
        throw new IllegalStateException("a column that other rows are needed for: " + column);
      }
    }
  }

  /** A column that was noted, for the whole query; the parts of it that nobody has are missing. */
  String column(Aggregation agg, @Nullable FieldDef field, Binds binds) {
    use(agg, field);
    place(binds);
    String name = columns.get(new Column(agg, agg == Aggregation.COUNT ? null : field));
    List<String> values =
        parts.stream()
            .filter(part -> agg == Aggregation.SUM ? part.sums() : part.others())
            .map(part -> part.alias() + "." + name)
            .toList();
    if (values.isEmpty()) {
      return none(field == null || agg == Aggregation.DISTINCT ? FieldType.INTEGER : field.type());
    }
    return values.size() == 1
        ? values.get(0)
        : values.stream()
            .map(value -> "COALESCE(" + value + ", 0)")
            .collect(Collectors.joining(" + ", "(", ")"));
  }

  /**
   * The table in which a member must have a row for a condition that is false without any; empty if
   * it is not one alone.
   *
   * @param negated whether the condition is to fail
   */
  Optional<String> needed(Aggregation agg, Condition condition, boolean negated, Binds binds) {
    place(binds);
    List<Part> with =
        parts.stream()
            .filter(part -> agg == Aggregation.SUM ? part.sums() : part.others())
            .toList();
    if (with.size() > 1 && Positive.only(condition, negated)) {
      // What takes off alone makes nothing positive.
      with = with.stream().filter(part -> !part.takesOff()).toList();
    }
    return with.size() == 1 ? Optional.of(with.get(0).alias()) : Optional.empty();
  }

  /** The sum of the rows that add to one, where others only take off; empty if none do. */
  Optional<String> adding(FieldDef field, Binds binds) {
    use(Aggregation.SUM, field);
    place(binds);
    List<Part> with = parts.stream().filter(Part::sums).toList();
    List<Part> adding = with.stream().filter(part -> !part.takesOff()).toList();
    return with.size() > 1 && adding.size() == 1
        ? Optional.of(adding.get(0).alias() + "." + columns.get(new Column(Aggregation.SUM, field)))
        : Optional.empty();
  }

  private boolean sums() {
    return columns.keySet().stream().anyMatch(column -> column.agg() == Aggregation.SUM);
  }

  private boolean countsOrCompares() {
    return columns.keySet().stream().anyMatch(column -> column.agg() != Aggregation.SUM);
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

  /** Finds out which tables there are; what is asked for is known. */
  private void place(Binds binds) {
    if (placed) {
      return;
    }
    placed = true;
    List<Meant> counted = new ArrayList<>();
    List<Meant> added = new ArrayList<>();
    for (Branch branch : branches.of(key.of(), key.scope(), sums(), speaksOf("netAmount"), binds)) {
      String where = where(key, binds, branch);
      if (!where.equals(Logic.FALSE)) {
        (apart && "0".equals(branch.live()) ? added : counted).add(new Meant(branch, where));
      }
    }
    boolean sums =
        !apart || (sums() && counted.stream().anyMatch(meant -> meant.branch().addsUp()));
    if (!counted.isEmpty() && (!apart || sums || countsOrCompares())) {
      parts.add(new Part(alias, counted, sums, true));
    }
    if (sums()) {
      added.forEach(
          meant -> parts.add(new Part(alias + "s" + parts.size(), List.of(meant), true, false)));
    }
  }

  /** The tables by their aliases, after all columns were asked for. */
  Map<String, String> tables(Binds binds) {
    place(binds);
    Map<String, String> tables = new LinkedHashMap<>();
    parts.forEach(part -> tables.put(part.alias(), sql(part)));
    return tables;
  }

  private String sql(Part part) {
    String sql =
        key.end() != null
            ? end(part.of())
            : part.of().size() == 1
                ? grouped(part, part.of().get(0))
                : together(part, part.of().stream().map(meant -> rows(part, meant)).toList());
    looksUp |=
        key.end() != null
            || part.of().stream().anyMatch(meant -> meant.branch().tables().contains(" JOIN "));
    return sql;
  }

  private List<Map.Entry<Column, String>> columns(Part part) {
    return columns.entrySet().stream()
        .filter(column -> column.getKey().agg() == Aggregation.SUM ? part.sums() : part.others())
        .toList();
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

  private String grouped(Part part, Meant meant) {
    Branch branch = meant.branch();
    String live = branch.live();
    List<String> select = new ArrayList<>();
    select.add(branch.member() + " AS member_id");
    columns(part)
        .forEach(
            column ->
                select.add(
                    aggregate(
                            column.getKey(),
                            live == null ? "COUNT(*)" : "SUM(" + live + ")",
                            field -> one(branch, column.getKey(), field, live))
                        + " AS "
                        + column.getValue()));
    return "SELECT %s FROM %s WHERE %s GROUP BY %s"
        .formatted(String.join(", ", select), branch.tables(), meant.where(), branch.member());
  }

  private static String aggregate(
      Column column, String count, Function<FieldDef, @Nullable String> value) {
    FieldDef field = column.field();
    if (column.agg() == Aggregation.COUNT || field == null) {
      return count;
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
  private String rows(Part part, Meant meant) {
    Branch branch = meant.branch();
    String live = branch.live();
    List<String> select = new ArrayList<>();
    select.add(branch.member() + " AS member_id");
    select.add((live == null ? "1" : live) + " AS live");
    columns(part)
        .forEach(
            column -> {
              FieldDef field = column.getKey().field();
              if (field != null) {
                select.add(one(branch, column.getKey(), field, live) + " AS " + column.getValue());
              }
            });
    return "SELECT %s FROM %s WHERE %s"
        .formatted(String.join(", ", select), branch.tables(), meant.where());
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

  private String together(Part part, List<String> rows) {
    List<String> select = new ArrayList<>();
    select.add("r.member_id");
    columns(part)
        .forEach(
            column ->
                select.add(
                    aggregate(column.getKey(), "SUM(r.live)", field -> "r." + column.getValue())
                        + " AS "
                        + column.getValue()));
    return "SELECT %s FROM (%s) r GROUP BY r.member_id"
        .formatted(String.join(", ", select), String.join(" UNION ALL ", rows));
  }

  /** The value of the first or the last row, by time, document and place in it. */
  private String end(List<Meant> all) {
    FieldDef field = requireNonNull(key.endField());
    String direction = key.end() == Aggregation.LAST ? " DESC" : "";
    List<String> rows = new ArrayList<>();
    for (Meant meant : all) {
      Branch branch = meant.branch();
      List<String> select = new ArrayList<>();
      select.add(branch.member() + " AS member_id");
      String value = branch.value(field);
      select.add((value == null ? none(field.type()) : value) + " AS v");
      select.add(branch.at() + " AS o0");
      List<String> order = branch.order();
      for (int i = 0; i < order.size(); i++) {
        select.add(order.get(i) + " AS o" + (i + 1));
      }
      rows.add(
          "SELECT %s FROM %s WHERE %s"
              .formatted(String.join(", ", select), branch.tables(), meant.where()));
    }
    List<String> order = new ArrayList<>();
    for (int i = 0; i <= all.get(0).branch().order().size(); i++) {
      order.add("r.o" + i + direction);
    }
    String name = columns.values().iterator().next();
    return """
        SELECT w.member_id, w.v AS %s FROM (SELECT r.member_id, r.v, ROW_NUMBER() OVER
          (PARTITION BY r.member_id ORDER BY %s) AS place FROM (%s) r) w WHERE w.place = 1"""
        .formatted(name, String.join(", ", order), String.join(" UNION ALL ", rows));
  }
}
