package io.laoke.member;

import io.laoke.catalog.Chunks;
import io.laoke.catalog.Races;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Person;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.internal.tenant.PersonalTable.Finder;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/**
 * A person's rows of one table: looked for without locks, then locked or changed by their keys, in
 * the order of these. Whoever locks rows as an index finds them takes them in that index's order,
 * and on MySQL and MariaDB waits for those that are not committed yet.
 */
final class PersonRows {
  /** A key is its columns' values; numbers count as numbers. */
  private static final Comparator<List<Object>> IN_ORDER =
      Comparator.comparing(
          key -> key.stream().map(PersonRows::comparable).collect(Collectors.joining("\n")));

  private final PersonalTable table;
  private final String keyColumns;
  private final String last;
  private Set<List<Object>> locked = Set.of();

  PersonRows(PersonalTable table) {
    this.table = table;
    this.keyColumns = String.join(", ", table.key());
    this.last = table.key().get(table.key().size() - 1);
  }

  private static String comparable(Object value) {
    return value instanceof Number number
        ? "%020d".formatted(number.longValue())
        : String.valueOf(value);
  }

  boolean isOf(String name) {
    return table.name().equals(name);
  }

  /**
   * Locks those that there are now.
   *
   * @param more by what else rows are found that are to be locked with them
   */
  void lock(Tx tx, Tenant tenant, Person person, List<Finder> more) {
    Set<List<Object>> keys = keys(tx, tenant, person, false);
    more.forEach(finder -> keys.addAll(keys(tx, tenant, person, finder, false)));
    locked = lock(tx, tenant, keys, "");
  }

  /**
   * Locks those that came since, and waits for nobody: who holds one may be waiting for something
   * that this transaction has locked meanwhile.
   */
  void lockMore(Tx tx, Tenant tenant, Person person) {
    Set<List<Object>> more = keys(tx, tenant, person, false);
    more.removeAll(locked);
    if (lock(tx, tenant, more, " SKIP LOCKED").size() < more.size()) {
      throw Races.lost("erasure");
    }
  }

  /**
   * Changes all.
   *
   * @param change the statement up to its condition
   */
  void change(Tx tx, Tenant tenant, Person person, String change) {
    Set<List<Object>> keys = keys(tx, tenant, person, true);
    if (keys.isEmpty()) {
      return;
    }
    String condition =
        table.key().stream()
            .map(column -> " AND " + column + " = :" + column)
            .collect(Collectors.joining());
    try (PreparedBatch batch = tx.batch(change + " WHERE dealer_id = :dealer" + condition)) {
      for (List<Object> key : keys) {
        for (int i = 0; i < key.size(); i++) {
          batch.bind(table.key().get(i), key.get(i));
        }
        batch.bind("dealer", tenant.id()).add();
      }
      batch.execute();
    }
  }

  private Set<List<Object>> keys(Tx tx, Tenant tenant, Person person, boolean guarded) {
    Set<List<Object>> keys = none();
    table.finders().forEach(finder -> keys.addAll(keys(tx, tenant, person, finder, guarded)));
    return keys;
  }

  private List<List<Object>> keys(
      Tx tx, Tenant tenant, Person person, Finder finder, boolean guarded) {
    List<List<Object>> keys = new ArrayList<>();
    String sql =
        "SELECT %s FROM {%s} WHERE dealer_id = :dealer AND %s"
            .formatted(keyColumns, table.name(), table.where(finder, tx.dialect(), ""));
    for (List<Object> some : person.chunks(finder.by())) {
      Query query = guarded ? tx.guarded(sql) : tx.query(sql);
      keys.addAll(read(query.bindList("values", some), tenant));
    }
    return keys;
  }

  private static Set<List<Object>> none() {
    return new TreeSet<>(IN_ORDER);
  }

  private List<List<Object>> read(Query query, Tenant tenant) {
    return query.bind("dealer", tenant.id()).map((row, context) -> key(row)).list();
  }

  private List<Object> key(ResultSet row) throws SQLException {
    List<Object> key = new ArrayList<>();
    for (int i = 1; i <= table.key().size(); i++) {
      key.add(row.getObject(i));
    }
    return key;
  }

  private Set<List<Object>> lock(Tx tx, Tenant tenant, Set<List<Object>> keys, String skipping) {
    Set<List<Object>> got = none();
    Map<List<Object>, List<Object>> grouped = new TreeMap<>(IN_ORDER);
    for (List<Object> key : keys) {
      int beforeLast = key.size() - 1;
      grouped
          .computeIfAbsent(List.copyOf(key.subList(0, beforeLast)), none -> new ArrayList<>())
          .add(key.get(beforeLast));
    }
    grouped.forEach(
        (shared, each) -> {
          Chunks.keys(tx, each)
              .forEach(some -> got.addAll(lock(tx, tenant, shared, some, skipping)));
        });
    return got;
  }

  private List<List<Object>> lock(
      Tx tx, Tenant tenant, List<Object> shared, List<Object> some, String skipping) {
    StringBuilder sql = new StringBuilder("SELECT " + keyColumns + " FROM {" + table.name() + "}");
    sql.append(" WHERE dealer_id = :dealer");
    for (int i = 0; i < shared.size(); i++) {
      String column = table.key().get(i);
      sql.append(" AND ").append(column).append(" = :").append(column);
    }
    sql.append(" AND %1$s IN (<some>) ORDER BY %1$s FOR UPDATE".formatted(last)).append(skipping);
    Query query = tx.query(sql.toString()).bindList("some", some);
    for (int i = 0; i < shared.size(); i++) {
      query.bind(table.key().get(i), shared.get(i));
    }
    return read(query, tenant);
  }
}
