package io.laoke.segment;

import io.laoke.internal.jdbc.Dialect;
import io.laoke.internal.tenant.Tenant;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes one parameterised statement of segments. Members are called {@code m}; what their rows come
 * to is joined one row for each, so that nothing multiplies.
 */
final class SqlCompiler {
  private static final String FILE = "{member_category}";
  private static final String OF_DEALER = "m.dealer_id = :dealer";
  private static final String LIVING = "m.merged_into IS NULL AND m.erased_ms IS NULL";

  /** The same, in words that no index is read for. */
  private static final String LIVING_BY_ROW = "COALESCE(m.merged_into, m.erased_ms) IS NULL";

  /** Columns of a member that are empty once it is erased. */
  private static final Set<String> FORGOTTEN = Set.of("name", "gender", "birthday", "region");

  /** Of a member that is told by its rows alone. */
  private static final String NOT_GONE =
      """
      NOT EXISTS (SELECT 1 FROM {member} g WHERE g.dealer_id = :dealer AND g.id = %s
        AND (g.merged_into IS NOT NULL OR g.erased_ms IS NOT NULL))""";

  /** The same, by the indexes that lead to those few. */
  private static final String NOT_AMONG_GONE =
      """
      %1$s NOT IN (SELECT g.id FROM {member} g WHERE g.dealer_id = :dealer
        AND g.merged_into IS NOT NULL)
      AND %1$s NOT IN (SELECT g.id FROM {member} g WHERE g.dealer_id = :dealer
        AND g.erased_ms IS NOT NULL)""";

  private final Binds binds;
  private final MemberCells cells;
  private final Branches branches;
  private final Map<Derived.Key, Derived> derived = new LinkedHashMap<>();
  private final Map<String, String> rolled = new LinkedHashMap<>();
  private final Map<String, String> rows = new LinkedHashMap<>();
  private final Set<String> certain = new LinkedHashSet<>();
  private final Set<Node.Aggregate> excluding = new HashSet<>();
  private boolean known;
  private String base = "m";
  private String behind = "";

  private final Dialect dialect;
  private Derived.@Nullable Key leading;

  /** A compiler of one statement. */
  SqlCompiler(Tenant tenant, Branches branches, Dialect dialect) {
    this.dialect = dialect;
    this.binds = new Binds(tenant.id(), dialect.looksArraysUp());
    this.cells = new MemberCells(tenant);
    this.branches = branches;
  }

  /** The values of the statement. */
  Binds binds() {
    return binds;
  }

  /** Where the statement finds rows. */
  Branches branches() {
    return branches;
  }

  /**
   * The condition of a segment whose members alone are wanted; to be called once, before {@link
   * #from}.
   */
  String only(Node node) {
    narrow(node);
    return condition(node);
  }

  /**
   * As {@link #only}, where of the members nothing but {@link #id} is wanted: they are not read
   * where rows tell who they are.
   */
  String ids(Node node) {
    narrow(node);
    certain.stream()
        .filter(alias -> !alias.equals("m"))
        .filter(alias -> dialect.findsLifetimes() || !rolled.containsValue(alias))
        .findFirst()
        .filter(alias -> !readsMembers(node))
        .ifPresent(alias -> base = alias);
    return condition(node);
  }

  /** As {@link #ids}, where nothing is joined behind: {@link #join} is not called. */
  String idsAlone(Node node) {
    if (!dialect.joinsDerived() && !readsMembers(node)) {
      conjuncts(
          node,
          false,
          (asked, negated) -> {
            if (leading == null
                && !ofNobody(asked, negated)
                && Rolled.of(asked).isEmpty()
                && !Derived.none(asked, branches)) {
              leading = Derived.Key.of(asked);
            }
          });
    }
    return ids(node);
  }

  /** The id of the member. */
  String id() {
    return base.equals("m") ? "m.id" : base + ".member_id";
  }

  private boolean readsMembers(Node node) {
    if (node instanceof Node.Not not) {
      return readsMembers(not.of());
    }
    if (node instanceof Node.All all) {
      return all.of().stream().anyMatch(this::readsMembers);
    }
    if (node instanceof Node.Any any) {
      return any.of().stream().anyMatch(this::readsMembers);
    }
    return !(node instanceof Node.Aggregate aggregate)
        || Rolled.of(aggregate).filter(Rolled::ofMember).isPresent();
  }

  private void narrow(Node node) {
    conjuncts(node, false, this::exclude);
    prepare(node);
    conjuncts(node, false, this::require);
    known = known(node);
  }

  /**
   * Whether the conditions are met by living members alone: what a member that was merged into
   * another bought is the other's, and of erased people nothing is known.
   */
  private boolean implied() {
    return known && certain.contains("m");
  }

  /** Whether something must be known of a member that erasure forgets. */
  private static boolean known(Node node) {
    return node instanceof Node.All all
        ? all.of().stream().anyMatch(SqlCompiler::known)
        : node instanceof Node.Leaf leaf
            && FORGOTTEN.contains(leaf.field().name())
            && !Values.holds(leaf.condition(), null);
  }

  /** Notes what a segment asks for; of several, to be called for all before their conditions. */
  void prepare(Node node) {
    Rowwise.condition(
        node,
        false,
        (leaf, negated) -> {
          if (leaf instanceof Node.Aggregate asked && !excludes(asked, negated) && joined(asked)) {
            prepare(asked);
          }
          return Logic.TRUE;
        });
  }

  private void prepare(Node.Aggregate asked) {
    Optional<Rolled> row = Rolled.of(asked);
    if (row.isPresent()) {
      alias(row.get());
    } else if (!Derived.none(asked, branches)) {
      use(asked, derived(asked));
    }
  }

  private static void use(Node.Aggregate asked, Derived table) {
    if (asked.agg() == Aggregation.AVG) {
      table.use(Aggregation.SUM, asked.field());
    }
    table.use(asked.agg(), asked.field());
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

  /**
   * Joins a table of a member's rows behind all others.
   *
   * @param more what is joined to these rows; or empty
   */
  void join(String table, String alias, String more) {
    rows.put(alias, table);
    behind = more;
  }

  private String lifetimes() {
    return dialect.splitsFile() ? "{member_category_life}" : FILE;
  }

  private String isLifetime(String alias) {
    return dialect.splitsFile() ? "" : " AND " + alias + ".month_no = 0";
  }

  /** A query of all rows of the consumption file for the lifetime. */
  String ofLifetime(String columns, String alias) {
    return "SELECT %s FROM %s %s WHERE %s.dealer_id = :dealer%s"
        .formatted(columns, lifetimes(), alias, alias, isLifetime(alias));
  }

  /** A query of the rows of the consumption file of all categories together, by months. */
  String ofMonths(String columns, String alias) {
    return "SELECT %s FROM %s %s WHERE %s.dealer_id = :dealer AND %s.path = %s%s"
        .formatted(
            columns,
            dialect.splitsFile() ? "{member_category_month}" : FILE,
            alias,
            alias,
            alias,
            binds.value(""),
            dialect.splitsFile() ? "" : " AND " + alias + ".month_no > 0");
  }

  /** {@code FROM … WHERE …}, after all conditions were made. */
  String from(String condition) {
    Map<String, Joined> tables = new LinkedHashMap<>();
    rolled.forEach(
        (path, alias) ->
            tables.put(alias, new Joined(lifetimes(), List.of(lifetime(path, alias)))));
    for (Derived each : derived.values()) {
      each.tables(binds)
          .forEach((alias, table) -> tables.put(alias, new Joined("(" + table + ")", List.of())));
    }
    rows.forEach((alias, table) -> tables.put(alias, new Joined("(" + table + ")", List.of())));
    List<String> where = new ArrayList<>();
    String last = "";
    StringBuilder sql = new StringBuilder("FROM ");
    Joined first = tables.remove(base);
    if (first == null) {
      sql.append("{member} m");
      where.add(OF_DEALER);
      if (dialect.takesMissingForRare()) {
        last = implied() ? "" : " AND " + LIVING_BY_ROW;
      } else {
        where.add(LIVING);
      }
    } else {
      sql.append(first.table()).append(' ').append(base);
      where.addAll(first.on());
      where.add((dialect.takesMissingForRare() ? NOT_AMONG_GONE : NOT_GONE).formatted(id()));
    }
    tables.forEach(
        (alias, table) -> {
          List<String> on = new ArrayList<>(table.on());
          on.add(0, alias + ".member_id = " + id());
          // Whoever makes a derived table anew for each row must not begin with another one.
          boolean inner = certain.contains(alias) && leading == null;
          sql.append(inner || rows.containsKey(alias) ? " JOIN " : " LEFT JOIN ")
              .append("%s %s ON %s".formatted(table.table(), alias, String.join(" AND ", on)));
        });
    sql.append(cells.joins()).append(behind).append(" WHERE ").append(String.join(" AND ", where));
    if (condition.equals(Logic.FALSE)) {
      return sql.append(" AND ").append(id()).append(" IS NULL").toString();
    }
    return sql.append(Logic.andWhere(condition)).append(last).toString();
  }

  /** A table beside the members, and what its rows are told by beside the member. */
  private record Joined(String table, List<String> on) {}

  private String lifetime(String path, String alias) {
    return "%1$s.dealer_id = :dealer AND %1$s.path = %2$s%3$s"
        .formatted(alias, binds.value(path), isLifetime(alias));
  }

  /**
   * Whether the statement makes itself tables of passes over several tables, and looks nothing up;
   * after {@link #from}.
   */
  boolean passes() {
    return derived.values().stream().anyMatch(Derived::unites)
        && derived.values().stream().noneMatch(Derived::looksUp);
  }

  /** The aggregates that must be true of each member, and whether they are negated. */
  private static void conjuncts(
      Node node, boolean negated, BiConsumer<Node.Aggregate, Boolean> each) {
    if (node instanceof Node.Not not) {
      conjuncts(not.of(), !negated, each);
    } else if (node instanceof Node.All all && !negated) {
      all.of().forEach(part -> conjuncts(part, false, each));
    } else if (node instanceof Node.Any any && negated) {
      any.of().forEach(part -> conjuncts(part, true, each));
    } else if (node instanceof Node.Aggregate aggregate) {
      each.accept(aggregate, negated);
    }
  }

  /** Notes what is true of members without rows. */
  private void exclude(Node.Aggregate asked, boolean negated) {
    if (ofNobody(asked, negated)) {
      excluding.add(asked);
    }
  }

  /** Notes of which table a member of the segment must have a row. */
  private void require(Node.Aggregate asked, boolean negated) {
    if (ofNobody(asked, negated) || !joined(asked)) {
      return;
    }
    Optional<Rolled> row = Rolled.of(asked);
    if (row.isPresent()) {
      certain.add(alias(row.get()));
    } else if (!Derived.none(asked, branches)) {
      derived(asked).needed(asked.agg(), asked.condition(), negated, binds).ifPresent(certain::add);
    }
  }

  private static boolean ofNobody(Node.Aggregate asked, boolean negated) {
    return Values.holds(asked.condition(), nothing(asked)) != negated;
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
    boolean room =
        rolled.size() + derived.values().stream().mapToInt(Derived::mostTables).sum()
            < dialect.mostJoined();
    return Rolled.of(asked)
        .map(row -> row.ofMember() || room || rolled.containsKey(row.path()))
        .orElseGet(
            () -> {
              Derived.Key key = Derived.Key.of(asked);
              return key.equals(leading)
                  || (dialect.joinsDerived() && (room || derived.containsKey(key)));
            });
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
      if (excludes(aggregate, negated)) {
        return without(aggregate, negated);
      }
      if (!joined(aggregate) && !Derived.none(aggregate, branches)) {
        return among(aggregate, negated);
      }
      cell = cell(aggregate);
      condition = aggregate.condition();
      Optional<Rolled> row = Rolled.of(aggregate).filter(one -> !one.ofMember());
      if (row.isPresent()) {
        return ofRow(aggregate, alias(row.get()), negated);
      }
    }
    String satisfied = answered(cell, condition, negated);
    return leaf instanceof Node.Aggregate aggregate && dialect.narrowsDerived()
        ? Logic.and(List.of(necessary(aggregate, negated), satisfied))
        : satisfied;
  }

  /** What is asked of a row of the file; of as few columns of it as will do. */
  private String ofRow(Node.Aggregate asked, String alias, boolean negated) {
    if (dialect.findsLifetimes()) {
      // That index has nothing but the first time, so that most orders leave it alone.
      if (Rolled.some(asked, negated)) {
        return alias + ".first_ms IS NOT NULL";
      }
      if (Rolled.some(asked, !negated)) {
        return alias + ".first_ms IS NULL";
      }
    }
    return answered(Rolled.cell(asked, alias), asked.condition(), negated);
  }

  private String answered(Cell cell, Condition condition, boolean negated) {
    return negated ? cell.fails(condition, binds) : cell.holds(condition, binds);
  }

  /** What must be so of the one table whose rows add to a sum, before others are joined to it. */
  private String necessary(Node.Aggregate asked, boolean negated) {
    FieldDef field = asked.field();
    if (asked.agg() != Aggregation.SUM
        || field == null
        || Rolled.of(asked).isPresent()
        || Derived.none(asked, branches)
        || !Positive.most(asked.condition(), negated)) {
      return Logic.TRUE;
    }
    return derived(asked)
        .adding(field, binds)
        .map(column -> Scalar.zeroIfNone(column, field.type()))
        .map(column -> answered(column, asked.condition(), negated))
        .orElse(Logic.TRUE);
  }

  /**
   * Whether all members but those with a row of the file are meant, and it is needed for nothing
   * else.
   */
  private boolean excludes(Node.Aggregate asked, boolean negated) {
    return excluding.contains(asked)
        && ofNobody(asked, negated)
        && Rolled.of(asked)
            .filter(row -> !row.ofMember() && !rolled.containsKey(row.path()))
            .isPresent();
  }

  /** That a member has no row of the file of which it is not so. */
  private String without(Node.Aggregate asked, boolean negated) {
    String other = ofRow(asked, "x", !negated);
    if (other.equals(Logic.FALSE)) {
      return Logic.TRUE;
    }
    return "NOT EXISTS (SELECT 1 FROM %s x WHERE x.member_id = %s AND %s%s)"
        .formatted(
            lifetimes(),
            id(),
            lifetime(Rolled.of(asked).orElseThrow().path(), "x"),
            Logic.andWhere(other));
  }

  /** Whether a member is among those whose rows satisfy, or is not among those whose do not. */
  private String among(Node.Aggregate asked, boolean negated) {
    Derived table = new Derived(Derived.Key.of(asked), "d", branches, false);
    use(asked, table);
    Cell cell = ofTable(asked, table);
    boolean ofNobody = ofNobody(asked, negated);
    // Of nobody's rows it is true: then those are told whose rows make it false.
    String inside =
        ofNobody == negated
            ? cell.holds(asked.condition(), binds)
            : cell.fails(asked.condition(), binds);
    if (inside.equals(Logic.FALSE)) {
      return Logic.constant(ofNobody);
    }
    return "%s %s (SELECT d.member_id FROM (%s) d%s)"
        .formatted(
            id(),
            ofNobody ? "NOT IN" : "IN",
            table.tables(binds).values().iterator().next(),
            inside.equals(Logic.TRUE) ? "" : " WHERE " + inside);
  }

  private Cell cell(Node.Aggregate asked) {
    Optional<Rolled> row = Rolled.of(asked);
    if (row.isPresent()) {
      return Rolled.cell(asked, alias(row.get()));
    }
    if (Derived.none(asked, branches)) {
      Object nothing = nothing(asked);
      return nothing == null ? Cell.MISSING : new Cell.Zero();
    }
    return ofTable(asked, derived(asked));
  }

  private Branch branch(Node.Aggregate asked) {
    return branches.of(asked.of(), asked.scope(), false, true, new Binds(0)).get(0);
  }

  private Cell ofTable(Node.Aggregate asked, Derived table) {
    FieldDef field = asked.field();
    FieldType type = field == null ? FieldType.INTEGER : field.type();
    return switch (asked.agg()) {
      case COUNT, DISTINCT ->
          Scalar.zeroIfNone(table.column(asked.agg(), field, binds), FieldType.INTEGER);
      case SUM -> Scalar.zeroIfNone(table.column(asked.agg(), field, binds), type);
      case AVG ->
          new Average(
              table.column(Aggregation.SUM, field, binds),
              table.column(Aggregation.AVG, field, binds));
      case MIN, MAX, FIRST, LAST -> {
        Scalar column = Scalar.of(table.column(asked.agg(), field, binds), type);
        yield field == null ? column : branch(asked).ofColumn(field, column);
      }
    };
  }

  private Derived derived(Node.Aggregate asked) {
    return derived.computeIfAbsent(
        Derived.Key.of(asked),
        added -> new Derived(added, "a" + derived.size(), branches, dialect.joinsDerived()));
  }

  private String alias(Rolled row) {
    return row.ofMember() ? "m" : rolled.computeIfAbsent(row.path(), added -> "r" + rolled.size());
  }
}
