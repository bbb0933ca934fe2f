package io.laoke.segment;

import io.laoke.internal.jdbc.Dialect;
import io.laoke.internal.tenant.Tenant;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one parameterised statement of segments. Members are called {@code m}; what their rows come
 * to is joined one row for each, so that nothing multiplies.
 */
final class SqlCompiler {
  private static final String LIVING =
      "m.dealer_id = :dealer AND m.merged_into IS NULL AND m.erased_ms IS NULL";

  private final Binds binds;
  private final MemberCells cells;
  private final Branches branches;
  private final Map<Derived.Key, Derived> derived = new LinkedHashMap<>();
  private final Map<String, String> rolled = new LinkedHashMap<>();
  private final Map<String, String> rows = new LinkedHashMap<>();
  private final Set<String> certain = new HashSet<>();

  private final boolean joins;
  private final int mostJoined;

  /** A compiler of one statement. */
  SqlCompiler(Tenant tenant, Branches branches, Dialect dialect) {
    this.joins = dialect.joinsDerived();
    this.mostJoined = dialect.mostJoined();
    this.binds = new Binds(tenant.id(), dialect.looksArraysUp());
    this.cells = new MemberCells(tenant);
    this.branches = branches;
  }

  /** The values of the statement. */
  Binds binds() {
    return binds;
  }

  /**
   * The condition of a segment whose members alone are wanted; to be called once, before {@link
   * #from}.
   */
  String only(Node node) {
    require(node, false);
    return condition(node);
  }

  /** The condition of a segment, true or not true of each member. */
  String condition(Node node) {
    return Rowwise.condition(node, false, this::leaf);
  }

  /** A number where a condition holds of a member, 0 where it does not. */
  static String caseOf(String condition, int number) {
    if (condition.equals(Logic.TRUE)) {
      return String.valueOf(number);
    }
    return condition.equals(Logic.FALSE)
        ? "0"
        : "CASE WHEN %s THEN %d ELSE 0 END".formatted(condition, number);
  }

  /** What an aggregate of numbers comes to, of each member; NULL or 0 where there are no rows. */
  String number(Node.Aggregate asked) {
    return cell(asked) instanceof Scalar scalar ? scalar.sql() : "0";
  }

  /** The cell of a member's field. */
  Cell field(FieldDef field) {
    return cells.of(field, binds);
  }

  /** Joins a table of a member's rows behind all others. */
  void join(String table, String alias) {
    rows.put(alias, table);
  }

  /** {@code FROM … WHERE …}, after all conditions were made. */
  String from(String condition) {
    StringBuilder sql = new StringBuilder("FROM {member} m");
    rolled.forEach(
        (path, alias) ->
            sql.append(certain.contains(alias) ? " JOIN" : " LEFT JOIN")
                .append(
                    " {member_category} %1$s ON %1$s.dealer_id = :dealer AND %1$s.member_id = m.id AND %1$s.path = %2$s AND %1$s.month_no = 0"
                        .formatted(alias, binds.value(path))));
    derived
        .values()
        .forEach(
            table ->
                sql.append(certain.contains(table.alias()) ? " JOIN (" : " LEFT JOIN (")
                    .append(table.sql(binds, branches))
                    .append(") %1$s ON %1$s.member_id = m.id".formatted(table.alias())));
    rows.forEach(
        (alias, table) ->
            sql.append(" JOIN (")
                .append(table)
                .append(") %1$s ON %1$s.member_id = m.id".formatted(alias)));
    sql.append(cells.joins()).append(" WHERE ").append(LIVING);
    if (condition.equals(Logic.FALSE)) {
      return sql.append(" AND m.id IS NULL").toString();
    }
    return sql.append(Logic.andWhere(condition)).toString();
  }

  /** Whether the statement makes itself tables of passes alone; after {@link #from}. */
  boolean passes() {
    return !derived.isEmpty() && derived.values().stream().noneMatch(Derived::looksUp);
  }

  /** Notes of which tables a member of the segment must have a row. */
  private void require(Node node, boolean negated) {
    if (node instanceof Node.Not not) {
      require(not.of(), !negated);
    } else if (node instanceof Node.All all && !negated) {
      all.of().forEach(part -> require(part, false));
    } else if (node instanceof Node.Any any && negated) {
      any.of().forEach(part -> require(part, true));
    } else if (node instanceof Node.Aggregate aggregate
        && joined(aggregate)
        && Values.holds(aggregate.condition(), nothing(aggregate)) == negated) {
      String alias = alias(aggregate);
      if (alias != null) {
        certain.add(alias);
      }
    }
  }

  /** What an aggregate is of a member without rows. */
  static @Nullable Object nothing(Node.Aggregate aggregate) {
    return switch (aggregate.agg()) {
      case COUNT, SUM, DISTINCT -> BigDecimal.ZERO;
      default -> null;
    };
  }

  /** Whether its table is joined; else members are looked up in it for this condition alone. */
  private boolean joined(Node.Aggregate asked) {
    boolean room = rolled.size() + derived.size() < mostJoined;
    return Rolled.of(asked)
        .map(row -> row.ofMember() || room || rolled.containsKey(row.path()))
        .orElseGet(() -> joins && (room || derived.containsKey(Derived.Key.of(asked))));
  }

  private String leaf(Node leaf, boolean negated) {
    if (leaf instanceof Node.Bucket bucket) {
      return Buckets.sql(bucket, negated, binds);
    }
    Cell cell;
    Condition condition;
    if (leaf instanceof Node.Leaf field) {
      cell = cells.of(field.field(), binds);
      condition = field.condition();
    } else {
      Node.Aggregate aggregate = (Node.Aggregate) leaf;
      if (!joined(aggregate) && !Derived.none(aggregate, branches)) {
        return among(aggregate, negated);
      }
      cell = cell(aggregate);
      condition = aggregate.condition();
    }
    return negated ? cell.fails(condition, binds) : cell.holds(condition, binds);
  }

  /** Whether a member is among those whose rows satisfy, or is not among those whose do not. */
  private String among(Node.Aggregate asked, boolean negated) {
    Derived table = new Derived(Derived.Key.of(asked), "d");
    Cell cell = ofTable(asked, table);
    boolean ofNobody = Values.holds(asked.condition(), nothing(asked)) != negated;
    // Of nobody's rows it is true: then those are told whose rows make it false.
    String inside =
        ofNobody == negated
            ? cell.holds(asked.condition(), binds)
            : cell.fails(asked.condition(), binds);
    if (inside.equals(Logic.FALSE)) {
      return Logic.constant(ofNobody);
    }
    return "m.id %s (SELECT d.member_id FROM (%s) d%s)"
        .formatted(
            ofNobody ? "NOT IN" : "IN",
            table.sql(binds, branches),
            inside.equals(Logic.TRUE) ? "" : " WHERE " + inside);
  }

  private Cell cell(Node.Aggregate asked) {
    if (Rolled.of(asked).isPresent()) {
      return Rolled.cell(asked, String.valueOf(alias(asked)));
    }
    if (Derived.none(asked, branches)) {
      Object nothing = nothing(asked);
      return nothing == null ? Cell.MISSING : new Cell.Zero();
    }
    return ofTable(asked, derived(Derived.Key.of(asked)));
  }

  private Branch branch(Node.Aggregate asked) {
    return branches.of(asked.of(), asked.scope(), false, true, new Binds(0)).get(0);
  }

  private Cell ofTable(Node.Aggregate asked, Derived table) {
    FieldDef field = asked.field();
    FieldType type = field == null ? FieldType.INTEGER : field.type();
    return switch (asked.agg()) {
      case COUNT, DISTINCT ->
          Scalar.zeroIfNone(table.column(asked.agg(), field), FieldType.INTEGER);
      case SUM -> Scalar.zeroIfNone(table.column(asked.agg(), field), type);
      case AVG ->
          new Average(table.column(Aggregation.SUM, field), table.column(Aggregation.AVG, field));
      case MIN, MAX, FIRST, LAST -> {
        Scalar column = Scalar.of(table.column(asked.agg(), field), type);
        yield field == null ? column : branch(asked).ofColumn(field, column);
      }
    };
  }

  private Derived derived(Derived.Key key) {
    return derived.computeIfAbsent(key, added -> new Derived(added, "a" + derived.size()));
  }

  private @Nullable String alias(Node.Aggregate asked) {
    return Rolled.of(asked)
        .map(
            row ->
                row.ofMember()
                    ? "m"
                    : rolled.computeIfAbsent(row.path(), added -> "r" + rolled.size()))
        .orElseGet(
            () -> Derived.none(asked, branches) ? null : derived(Derived.Key.of(asked)).alias());
  }
}
