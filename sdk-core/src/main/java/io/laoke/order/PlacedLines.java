package io.laoke.order;

import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.ChangePlan;
import io.laoke.catalog.Chunks;
import io.laoke.catalog.Goods;
import io.laoke.catalog.Look;
import io.laoke.catalog.PlacedGoods;
import io.laoke.catalog.Placing;
import io.laoke.catalog.UnmappedGoods;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The recorded lines by where they stand: in groups of one place, code, model and brand. */
final class PlacedLines implements PlacedGoods {
  /** Groups that are read at once. */
  static final int PAGE = 500;

  /** Groups that one condition names. */
  static final int TOGETHER = 50;

  private final CatalogBook catalog;

  PlacedLines(CatalogBook catalog) {
    this.catalog = catalog;
  }

  CatalogBook catalog() {
    return catalog;
  }

  /** What has lines that stand somewhere. */
  enum Table {
    ORDERS("order_line", "order_id", "SUM(counted_fen)", "ordered_ms", true),
    RETURNS(
        "return_line",
        "note_id",
        "SUM(CASE WHEN netted_line IS NULL THEN -net_fen ELSE 0 END)",
        "returned_ms",
        false);

    final String table;
    final String document;
    final String fen;
    final String at;
    final boolean branded;

    Table(String table, String document, String fen, String at, boolean branded) {
      this.table = table;
      this.document = document;
      this.fen = fen;
      this.at = at;
      this.branded = branded;
    }

    String key() {
      return "category, category_code, model" + (branded ? ", brand" : "");
    }
  }

  /** Lines with the same place and goods. */
  record Group(String place, Goods goods, long lines, BigInteger fen, long firstMs, long lastMs) {}

  /** A condition on rows and its values. */
  private record Where(String sql, Map<String, String> values) {
    static Where of(String sql, String... namesAndValues) {
      Map<String, String> values = new LinkedHashMap<>();
      for (int i = 0; i < namesAndValues.length; i += 2) {
        values.put(namesAndValues[i], namesAndValues[i + 1]);
      }
      return new Where(sql, values);
    }

    Where and(String more, String name, String value) {
      Map<String, String> all = new LinkedHashMap<>(values);
      all.put(name, value);
      return new Where(sql + " AND " + more, all);
    }

    Where and(String more) {
      return new Where(sql + " AND " + more, values);
    }

    Query bind(Query query) {
      values.forEach(query::bind);
      return query;
    }
  }

  // ---- groups

  /** The groups of a look behind one, in the order of the index. */
  List<Group> groups(
      Tx tx, Tenant tenant, Table table, Look look, @Nullable Group after, int limit) {
    List<Group> found = new ArrayList<>();
    for (Where where : behind(tx, table, look, after)) {
      if (found.size() < limit) {
        found.addAll(groups(tx, tenant, table, where, limit - found.size()));
      }
    }
    return found;
  }

  private static List<Group> groups(Tx tx, Tenant tenant, Table table, Where where, int limit) {
    return where
        .bind(
            tx.query(
                """
                SELECT %1$s, COUNT(*) AS line_count, %2$s AS fen, MIN(%3$s) AS first_ms,
                  MAX(%3$s) AS last_ms
                FROM {%4$s} WHERE dealer_id = :dealer AND %5$s
                GROUP BY %1$s ORDER BY %1$s LIMIT :limit"""
                    .formatted(table.key(), table.fen, table.at, table.table, where.sql())))
        .bind("dealer", tenant.id())
        .bind("limit", limit)
        .map((row, context) -> group(row, table))
        .list();
  }

  private static Group group(ResultSet row, Table table) throws SQLException {
    BigDecimal fen = row.getBigDecimal("fen");
    return new Group(
        row.getString("category"),
        new Goods(
            row.getString("category_code"),
            row.getString("model"),
            table.branded ? row.getString("brand") : null),
        row.getLong("line_count"),
        fen.toBigInteger(),
        row.getLong("first_ms"),
        row.getLong("last_ms"));
  }

  /** Conditions that together say which groups follow, each a range of the index, in its order. */
  private static List<Where> behind(Tx tx, Table table, Look look, @Nullable Group after) {
    String low = look.place() + "/";
    String high = look.place() + "0";
    Where own = withCode(Where.of("category = :place", "place", look.place()), look);
    Where below =
        withCode(Where.of("category >= :low AND category < :high", "low", low, "high", high), look);
    if (after == null) {
      return look.below() ? List.of(own, below) : List.of(own);
    }
    List<Where> ranges = new ArrayList<>();
    Where place = Where.of("category = :place", "place", after.place());
    Where code = place.and("category_code = :code", "code", after.goods().code());
    if (table.branded) {
      Where model =
          after.goods().model() == null
              ? code.and("model IS NULL")
              : code.and("model = :model", "model", after.goods().model());
      ranges.addAll(behind(tx, model, "brand", after.goods().brand()));
    }
    ranges.addAll(behind(tx, code, "model", after.goods().model()));
    if (look.code() == null) {
      ranges.add(place.and("category_code > :code", "code", after.goods().code()));
    }
    if (look.below()) {
      ranges.add(
          after.place().equals(look.place())
              ? below
              : withCode(
                  Where.of(
                      "category > :low AND category < :high", "low", after.place(), "high", high),
                  look));
    }
    return ranges;
  }

  private static Where withCode(Where where, Look look) {
    return look.code() == null ? where : where.and("category_code = :code", "code", look.code());
  }

  /** A value that is missing comes first or last, as the index of the database has it. */
  private static List<Where> behind(Tx tx, Where where, String column, @Nullable String value) {
    if (value == null) {
      return tx.dialect().nullsFirst() ? List.of(where.and(column + " IS NOT NULL")) : List.of();
    }
    Where greater = where.and(column + " > :" + column + "_from", column + "_from", value);
    return tx.dialect().nullsFirst()
        ? List.of(greater)
        : List.of(greater, where.and(column + " IS NULL"));
  }

  /** Those that stand elsewhere than they are to. */
  static List<Group> moving(Collection<Group> groups, Placing placing) {
    return groups.stream()
        .filter(group -> !placing.of(group.goods()).equals(group.place()))
        .toList();
  }

  /** Where groups are to stand. */
  Placing placing(Tx tx, Tenant tenant, Collection<Group> groups) {
    return catalog.placing(tx, tenant, groups.stream().map(Group::goods).toList());
  }

  private static Where anyOf(Table table, List<Group> groups) {
    StringBuilder sql = new StringBuilder("(");
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      Group group = groups.get(i);
      sql.append(i == 0 ? "(" : " OR (");
      equal(sql, values, "category", "p" + i, group.place());
      equal(sql.append(" AND "), values, "category_code", "c" + i, group.goods().code());
      equal(sql.append(" AND "), values, "model", "m" + i, group.goods().model());
      if (table.branded) {
        equal(sql.append(" AND "), values, "brand", "b" + i, group.goods().brand());
      }
      sql.append(')');
    }
    return new Where(sql.append(')').toString(), values);
  }

  private static void equal(
      StringBuilder sql,
      Map<String, String> values,
      String column,
      String name,
      @Nullable String value) {
    if (value == null) {
      sql.append(column).append(" IS NULL");
    } else {
      sql.append(column).append(" = :").append(name);
      values.put(name, value);
    }
  }

  // ---- documents of groups

  /** A document with lines that stand in groups, and its member, 0 for none. */
  record Document(long member, long id) {}

  /** Orders with lines that stand in groups. */
  List<Document> orders(Tx tx, Tenant tenant, Table table, List<Group> groups, int lines) {
    Where where = anyOf(table, groups);
    return where
        .bind(
            tx.query(
                """
                SELECT member_id, order_id FROM {%s}
                WHERE dealer_id = :dealer AND order_id IS NOT NULL AND %s LIMIT :lines"""
                    .formatted(table.table, where.sql())))
        .bind("dealer", tenant.id())
        .bind("lines", lines)
        .map((row, context) -> new Document(row.getLong("member_id"), row.getLong("order_id")))
        .list();
  }

  /** Return notes that name no order. */
  List<Long> notes(Tx tx, Tenant tenant, List<Group> groups, int limit) {
    Where where = anyOf(Table.RETURNS, groups);
    return where
        .bind(
            tx.query(
                """
                SELECT DISTINCT note_id FROM {return_line}
                WHERE dealer_id = :dealer AND order_id IS NULL AND %s
                ORDER BY note_id LIMIT :limit"""
                    .formatted(where.sql())))
        .bind("dealer", tenant.id())
        .bind("limit", limit)
        .mapTo(Long.class)
        .list();
  }

  // ---- the catalogue's questions

  @Override
  public List<Look> standing(
      Tx tx, Tenant tenant, Collection<String> places, Collection<String> codes) {
    Set<Look> looks = new LinkedHashSet<>();
    for (Table table : Table.values()) {
      for (List<String> some : Chunks.of(places)) {
        for (List<String> named : Chunks.of(codes)) {
          tx.query(
                  """
                  SELECT DISTINCT category, category_code FROM {%s}
                  WHERE dealer_id = :dealer AND category IN (<places>)
                    AND category_code IN (<codes>)"""
                      .formatted(table.table))
              .bind("dealer", tenant.id())
              .bindList("places", some)
              .bindList("codes", named)
              .map(
                  (row, context) ->
                      new Look(row.getString("category"), false, row.getString("category_code")))
              .forEach(looks::add);
        }
      }
    }
    return List.copyOf(looks);
  }

  private record Way(String from, String to) {}

  private static final class Sums {
    long lines;
    long returns;
    BigInteger fen = BigInteger.ZERO;

    void add(Table table, Group group) {
      if (table == Table.ORDERS) {
        lines += group.lines();
      } else {
        returns += group.lines();
      }
      fen = fen.add(group.fen());
    }
  }

  @Override
  public ChangePlan plan(Tx tx, Tenant tenant, List<Look> looks, UnaryOperator<Placing> change) {
    Map<Way, Sums> ways = new HashMap<>();
    Sums all = new Sums();
    Map<Table, List<Group>> moving = new HashMap<>();
    for (Table table : Table.values()) {
      List<Group> mine = new ArrayList<>();
      for (Look look : looks) {
        Group after = null;
        List<Group> page;
        do {
          page = groups(tx, tenant, table, look, after, PAGE);
          Placing placing = change.apply(placing(tx, tenant, page));
          for (Group group : moving(page, placing)) {
            mine.add(group);
            all.add(table, group);
            ways.computeIfAbsent(
                    new Way(group.place(), placing.of(group.goods())), any -> new Sums())
                .add(table, group);
          }
          after = page.isEmpty() ? null : page.get(page.size() - 1);
        } while (page.size() == PAGE);
      }
      moving.put(table, mine);
    }
    List<Group> lines = moving.getOrDefault(Table.ORDERS, List.of());
    List<Group> returns = moving.getOrDefault(Table.RETURNS, List.of());
    return new ChangePlan(
        all.lines,
        distinct(tx, tenant, "order_id", lines, List.of()),
        all.returns,
        distinct(tx, tenant, "member_id", lines, returns),
        all.fen,
        ways.entrySet().stream()
            .map(
                way ->
                    new ChangePlan.Moved(
                        way.getKey().from(),
                        way.getKey().to(),
                        way.getValue().lines,
                        way.getValue().returns,
                        way.getValue().fen))
            .sorted(
                Comparator.comparing(ChangePlan.Moved::lines)
                    .reversed()
                    .thenComparing(ChangePlan.Moved::from)
                    .thenComparing(ChangePlan.Moved::to))
            .toList());
  }

  /** How many there are: the database counts what one condition names. */
  private static long distinct(
      Tx tx, Tenant tenant, String column, List<Group> lines, List<Group> returns) {
    if (lines.size() <= TOGETHER && returns.isEmpty()) {
      return lines.isEmpty()
          ? 0
          : ids(tx, tenant, "COUNT(DISTINCT " + column + ")", Table.ORDERS, lines).get(0);
    }
    Set<Long> ids = new HashSet<>();
    Map.of(Table.ORDERS, lines, Table.RETURNS, returns)
        .forEach(
            (table, groups) -> {
              for (int from = 0; from < groups.size(); from += TOGETHER) {
                List<Group> some = groups.subList(from, Math.min(from + TOGETHER, groups.size()));
                ids.addAll(ids(tx, tenant, "DISTINCT " + column, table, some));
              }
            });
    return ids.size();
  }

  private static List<Long> ids(
      Tx tx, Tenant tenant, String what, Table table, List<Group> groups) {
    String column = what.substring(what.lastIndexOf(' ') + 1).replace(")", "");
    Where where = anyOf(table, groups);
    return where
        .bind(
            tx.query(
                "SELECT %s FROM {%s} WHERE dealer_id = :dealer AND %s IS NOT NULL AND %s"
                    .formatted(what, table.table, column, where.sql())))
        .bind("dealer", tenant.id())
        .mapTo(Long.class)
        .list();
  }

  @Override
  public List<UnmappedGoods> unmapped(
      Tx tx, Tenant tenant, @Nullable UnmappedGoods after, int limit) {
    Group from =
        after == null
            ? null
            : new Group(
                CatalogBook.UNMAPPED,
                new Goods(after.code(), after.model().orElse(null), after.brand().orElse(null)),
                0,
                BigInteger.ZERO,
                0,
                0);
    return groups(
            tx, tenant, Table.ORDERS, new Look(CatalogBook.UNMAPPED, false, null), from, limit)
        .stream()
        .map(
            group ->
                new UnmappedGoods(
                    group.goods().code(),
                    Optional.ofNullable(group.goods().model()),
                    Optional.ofNullable(group.goods().brand()),
                    group.lines(),
                    group.fen(),
                    Instant.ofEpochMilli(group.firstMs()),
                    Instant.ofEpochMilli(group.lastMs())))
        .toList();
  }

  // ---- rows of a slice

  /** Rows of orders that are placed anew: what counts of their heads, locked by their ids. */
  static List<OrderHead> lockOrders(Tx tx, Tenant tenant, Collection<Long> ids) {
    List<OrderHead> locked = new ArrayList<>();
    List<Long> sorted = ids.stream().sorted().toList();
    if (tx.dialect().locksInOrder()) {
      locked.addAll(locked(tx, tenant, sorted));
    } else {
      sorted.forEach(id -> locked.addAll(locked(tx, tenant, List.of(id))));
    }
    return locked;
  }

  private static List<OrderHead> locked(Tx tx, Tenant tenant, List<Long> ids) {
    return tx.query(
            "SELECT o.id, o.ordered_ms, o.member_id FROM {customer_order} o"
                + tx.dialect().byPrimaryKey()
                + " WHERE o.dealer_id = :dealer AND o.id IN (<orders>) ORDER BY o.id FOR UPDATE",
            "orders",
            Rows.Type.LONG,
            ids)
        .bind("dealer", tenant.id())
        .map(
            (row, context) -> {
              long ordered = row.getLong("ordered_ms");
              Long orderedMs = row.wasNull() ? null : ordered;
              long member = row.getLong("member_id");
              Long memberId = row.wasNull() ? null : member;
              return OrderDesk.blank(row.getLong("id"), "", Instant.EPOCH)
                  .head()
                  .of(orderedMs, memberId);
            })
        .list();
  }
}
