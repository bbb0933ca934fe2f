package io.laoke.member;

import io.laoke.catalog.Chunks;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Table {@code member}. */
class MemberTable {
  private static final int FEW = 16;

  private static final String COLUMNS =
      """
      SELECT id, source, name, gender, birthday, region, created_ms
      FROM {member} WHERE dealer_id = :dealer AND erased_ms IS NULL""";

  /**
   * A row, personal values opened.
   *
   * @param source where the member came from
   */
  record Row(
      long id,
      String source,
      @Nullable String name,
      @Nullable String gender,
      @Nullable LocalDate birthday,
      @Nullable String region,
      Instant created) {}

  /** The words for where members came from, one after the other by their index. */
  List<String> sources(Tx tx, Tenant tenant, int most) {
    List<String> sources = new ArrayList<>();
    Optional<String> next = Optional.of("");
    while (next.isPresent() && sources.size() < most) {
      next =
          tx.query(
                  """
                  SELECT source FROM {member} WHERE dealer_id = :dealer AND source > :after
                  ORDER BY dealer_id, source LIMIT 1""")
              .bind("dealer", tenant.id())
              .bind("after", next.get())
              .mapTo(String.class)
              .findFirst();
      next.ifPresent(sources::add);
    }
    return sources;
  }

  void insert(Tx tx, Tenant tenant, long id, String source, boolean numbered, Instant now) {
    tx.update(
            """
            INSERT INTO {member} (dealer_id, id, source, numbered, random31, created_ms)
            VALUES (:dealer, :id, :source, :numbered, :random, :now)\
            """)
        .bind("dealer", tenant.id())
        .bind("id", id)
        .bind("source", source)
        .bind("numbered", numbered)
        .bind("random", random31())
        .bind("now", now.toEpochMilli())
        .execute();
    tx.changed(tenant.id(), id);
  }

  static int random31() {
    return ThreadLocalRandom.current().nextInt() >>> 1;
  }

  /** Inserts new members by few statements. */
  static void insertAll(Tx tx, Tenant tenant, Collection<Row> rows, Set<Long> numbered) {
    Rows all =
        Rows.of("member", tenant.id())
            .with(Rows.Type.LONG, "id")
            .with(Rows.Type.TEXT, "source")
            .with(Rows.Type.BOOL, "numbered")
            .with(Rows.Type.TEXT, "name", "gender")
            .with(Rows.Type.DATE, "birthday")
            .with(Rows.Type.TEXT, "region")
            .with(Rows.Type.INT, "random31")
            .with(Rows.Type.LONG, "created_ms");
    for (Row row : rows) {
      all.add(
          row.id(),
          row.source(),
          numbered.contains(row.id()),
          tenant.privacy().seal(row.name()),
          row.gender(),
          row.birthday(),
          row.region(),
          random31(),
          row.created().toEpochMilli());
      tx.changed(tenant.id(), row.id());
    }
    tx.insertAll(all);
  }

  /** Those of these members that have no name. */
  Set<Long> nameless(Tx tx, Tenant tenant, Collection<Long> ids) {
    Set<Long> nameless = new HashSet<>();
    for (List<Long> some : Chunks.of(ids)) {
      nameless.addAll(
          tx.query(
                  "SELECT id FROM {member} WHERE dealer_id = :dealer AND id IN (<ids>) AND name IS"
                      + " NULL",
                  "ids",
                  Rows.Type.LONG,
                  some)
              .bind("dealer", tenant.id())
              .mapTo(Long.class)
              .list());
    }
    return nameless;
  }

  /** Members that are locked, as they are now. */
  List<Row> lockedRows(Tx tx, Tenant tenant, Collection<Long> ids) {
    List<Row> rows = new ArrayList<>();
    for (List<Long> some : Chunks.of(ids)) {
      // Once more with locks, which reads what is committed now, also under REPEATABLE READ.
      tx.query(COLUMNS + " AND merged_into IS NULL AND id IN (<ids>) FOR UPDATE")
          .bind("dealer", tenant.id())
          .bindList("ids", some)
          .map((row, context) -> row(tenant, row))
          .forEach(rows::add);
    }
    return rows;
  }

  /** Gives a customer number to a member that has none; of two that try, one succeeds. */
  boolean takeNumber(Tx tx, Tenant tenant, long id) {
    return tx.update(
                """
                UPDATE {member} SET numbered = TRUE
                WHERE dealer_id = :dealer AND id = :id AND numbered = FALSE
                  AND merged_into IS NULL AND erased_ms IS NULL""")
            .bind("dealer", tenant.id())
            .bind("id", id)
            .execute()
        == 1;
  }

  void nameIfMissing(Tx tx, Tenant tenant, long id, String name) {
    tx.update(
            """
            UPDATE {member} SET name = :name
            WHERE dealer_id = :dealer AND id = :id AND name IS NULL
              AND merged_into IS NULL AND erased_ms IS NULL""")
        .bind("name", tenant.privacy().seal(name))
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  boolean nameless(Tx tx, Tenant tenant, long id) {
    return tx.query(
            "SELECT 1 FROM {member} WHERE dealer_id = :dealer AND id = :id AND name IS NULL")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  void update(Tx tx, Tenant tenant, Row row) {
    tx.update(
            """
            UPDATE {member} SET name = :name, gender = :gender, birthday = :birthday, region = :region
            WHERE dealer_id = :dealer AND id = :id\
            """)
        .bind("name", tenant.privacy().seal(row.name()))
        .bind("gender", row.gender())
        .bind("birthday", row.birthday())
        .bind("region", row.region())
        .bind("dealer", tenant.id())
        .bind("id", row.id())
        .execute();
    tx.changed(tenant.id(), row.id());
  }

  Optional<Row> find(Tx tx, Tenant tenant, long id) {
    return one(tx, tenant, id, "");
  }

  Optional<Row> lock(Tx tx, Tenant tenant, long id) {
    return one(tx, tenant, id, " AND merged_into IS NULL FOR UPDATE");
  }

  /** As it is committed now, for who has locked it. */
  Optional<Row> current(Tx tx, Tenant tenant, long id) {
    return one(tx, tenant, id, " FOR UPDATE");
  }

  /** What became of members, locked. */
  record Fate(long id, @Nullable Long mergedInto, boolean erased, boolean numbered) {}

  private static final String FATES =
      """
      SELECT id, merged_into, erased_ms, numbered FROM {member} WHERE dealer_id = :dealer""";

  Optional<Fate> fate(Tx tx, Tenant tenant, long id) {
    return fates(tx.query(FATES + " AND id = :id").bind("id", id), tenant).stream().findFirst();
  }

  /** Members that were merged into one of these. */
  List<Fate> mergedInto(Tx tx, Tenant tenant, Collection<Long> survivors) {
    return fates(
        tx.guarded(FATES + " AND merged_into IN (<ids>)").bindList("ids", List.copyOf(survivors)),
        tenant);
  }

  Map<Long, Fate> fates(Tx tx, Tenant tenant, Collection<Long> ids) {
    Map<Long, Fate> fates = new HashMap<>();
    for (List<Long> some : Chunks.of(ids)) {
      fates(tx.query(FATES + " AND id IN (<ids>)").bindList("ids", some), tenant)
          .forEach(fate -> fates.put(fate.id(), fate));
    }
    return fates;
  }

  private static List<Fate> fates(Query query, Tenant tenant) {
    return query.bind("dealer", tenant.id()).map((row, context) -> fate(row)).list();
  }

  private static Fate fate(ResultSet row) throws SQLException {
    long into = row.getLong("merged_into");
    Long mergedInto = row.wasNull() ? null : (Long) into;
    row.getLong("erased_ms");
    boolean erased = !row.wasNull();
    return new Fate(row.getLong("id"), mergedInto, erased, row.getBoolean("numbered"));
  }

  void mergeInto(Tx tx, Tenant tenant, long id, @Nullable Long survivor) {
    tx.update("UPDATE {member} SET merged_into = :into WHERE dealer_id = :dealer AND id = :id")
        .bind("into", survivor)
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
    tx.changed(tenant.id(), id);
  }

  void numbered(Tx tx, Tenant tenant, long id, boolean numbered) {
    tx.update("UPDATE {member} SET numbered = :numbered WHERE dealer_id = :dealer AND id = :id")
        .bind("numbered", numbered)
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  void erase(Tx tx, Tenant tenant, Collection<Long> ids, Instant now) {
    for (List<Long> some : Chunks.keys(tx, ids)) {
      tx.update(
              """
              UPDATE {member} SET name = NULL, gender = NULL, birthday = NULL, region = NULL,
                numbered = FALSE, erased_ms = :now
              WHERE dealer_id = :dealer AND id IN (<ids>)""")
          .bind("now", now.toEpochMilli())
          .bind("dealer", tenant.id())
          .bindList("ids", some)
          .execute();
    }
    tx.changed(tenant.id(), ids);
  }

  private static Optional<Row> one(Tx tx, Tenant tenant, long id, String lock) {
    return tx.query(COLUMNS + " AND id = :id" + lock)
        .bind("dealer", tenant.id())
        .bind("id", id)
        .map((row, context) -> row(tenant, row))
        .findFirst();
  }

  List<Row> page(Tx tx, Tenant tenant, long afterId, int limit) {
    return tx.query(COLUMNS + " AND merged_into IS NULL AND id > :after ORDER BY id LIMIT :limit")
        .bind("dealer", tenant.id())
        .bind("after", afterId)
        .bind("limit", limit)
        .map((row, context) -> row(tenant, row))
        .list();
  }

  /** In the order of the ids. */
  List<Fate> lockAll(Tx tx, Tenant tenant, Collection<Long> ids) {
    List<Fate> locked = new ArrayList<>();
    Set<Long> sorted = new TreeSet<>(ids);
    // Many come from imports, few of which run at once.
    boolean list = ids.size() > FEW && tx.dialect().locksInOrder();
    for (List<Long> some : list ? Chunks.of(sorted) : Chunks.keys(tx, sorted)) {
      locked.addAll(lockSorted(tx, tenant, some));
    }
    return locked;
  }

  /**
   * For locked members that are given something: who merges or erases them in an older snapshot,
   * which does not show it, is told to repeat.
   */
  void mark(Tx tx, Tenant tenant, Collection<Long> ids) {
    if (ids.isEmpty() || !tx.dialect().marksWhatReceives()) {
      return;
    }
    for (List<Long> some : Chunks.of(new TreeSet<>(ids))) {
      tx.update(
              "UPDATE {member} SET created_ms = created_ms WHERE dealer_id = :dealer AND id IN (<ids>)")
          .bind("dealer", tenant.id())
          .bindList("ids", some)
          .execute();
    }
  }

  private static final String ADD =
      """
      UPDATE {member} SET orders = COALESCE(orders, 0) + :orders,
        line_count = COALESCE(line_count, 0) + :lines, quantity = COALESCE(quantity, 0) + :quantity,
        net_fen = COALESCE(net_fen, 0) + :net, first_ms = LEAST(COALESCE(first_ms, :first), :first),
        last_ms = GREATEST(COALESCE(last_ms, :last), :last)
      WHERE dealer_id = :dealer AND id = :id""";

  /**
   * Locks a member and adds to what it repeats of its consumption file, which changes it in any
   * case.
   *
   * @return whether it is there: neither merged into another nor, if it receives, erased
   */
  boolean add(Tx tx, Tenant tenant, long id, boolean receiving, MemberBook.Bought more) {
    String there = " AND merged_into IS NULL" + (receiving ? " AND erased_ms IS NULL" : "");
    return tx.update(ADD + there, values(tenant, id, more)) == 1;
  }

  /**
   * The same, which tells what became of it; may wait. Only where {@code Dialect.returnsUpdated()}.
   */
  void lockAndAdd(
      Tx tx,
      Tenant tenant,
      long id,
      MemberBook.Bought more,
      Consumer<Fate> fate,
      Function<SQLException, @Nullable RuntimeException> told) {
    tx.later(
        ADD + " RETURNING id, merged_into, erased_ms, numbered",
        values(tenant, id, more),
        row -> fate.accept(fate(row)),
        told);
  }

  private static Map<String, Object> values(Tenant tenant, long id, MemberBook.Bought more) {
    return Map.of(
        "dealer",
        tenant.id(),
        "id",
        id,
        "orders",
        more.orders(),
        "lines",
        more.lines(),
        "quantity",
        more.quantity(),
        "net",
        more.netFen(),
        "first",
        more.firstMs(),
        "last",
        more.lastMs());
  }

  private static List<Fate> lockSorted(Tx tx, Tenant tenant, List<Long> ids) {
    return fates(
        tx.query(FATES + " AND id IN (<ids>) ORDER BY id FOR UPDATE", "ids", Rows.Type.LONG, ids),
        tenant);
  }

  boolean noteDuplicate(
      Tx tx, Tenant tenant, long id, long one, long other, String why, Instant now) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {member_duplicate} (dealer_id, id, one_id, other_id, why, noted_ms)
        VALUES (:dealer, :id, :one, :other, :why, :now)\
        """,
        row ->
            row.bind("dealer", tenant.id())
                .bind("id", id)
                .bind("one", one)
                .bind("other", other)
                .bind("why", why)
                .bind("now", now.toEpochMilli()));
  }

  boolean duplicateNoted(Tx tx, Tenant tenant, long one, long other) {
    return tx.query(
            """
            SELECT 1 FROM {member_duplicate}
            WHERE dealer_id = :dealer AND one_id = :one AND other_id = :other\
            """)
        .bind("dealer", tenant.id())
        .bind("one", one)
        .bind("other", other)
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  /** Those that are open, or of all pairs those that a person dismissed. */
  List<Duplicate> duplicates(Tx tx, Tenant tenant, long afterId, int limit) {
    return duplicates(
        tx.query(DUPLICATES + " AND id > :after AND resolution IS NULL ORDER BY id LIMIT :limit")
            .bind("after", afterId)
            .bind("limit", limit),
        tenant);
  }

  Optional<Duplicate> duplicate(Tx tx, Tenant tenant, long id) {
    return duplicates(tx.query(DUPLICATES + " AND id = :id").bind("id", id), tenant).stream()
        .findFirst();
  }

  private static final String DUPLICATES =
      """
      SELECT id, one_id, other_id, why, noted_ms FROM {member_duplicate} WHERE dealer_id = :dealer""";

  private static List<Duplicate> duplicates(Query query, Tenant tenant) {
    return query
        .bind("dealer", tenant.id())
        .map(
            (row, context) ->
                new Duplicate(
                    row.getLong("id"),
                    row.getLong("one_id"),
                    row.getLong("other_id"),
                    row.getString("why"),
                    Instant.ofEpochMilli(row.getLong("noted_ms"))))
        .list();
  }

  Set<Long> suspects(Tx tx, Tenant tenant, Collection<Long> ids, boolean locked) {
    Set<Long> suspects = new TreeSet<>();
    for (List<Long> some : Chunks.of(ids)) {
      for (String column : List.of("one_id", "other_id")) {
        String pairs = DUPLICATES + " AND " + column + " IN (<ids>)";
        duplicates((locked ? tx.guarded(pairs) : tx.query(pairs)).bindList("ids", some), tenant)
            .forEach(pair -> suspects.addAll(List.of(pair.one(), pair.other())));
      }
    }
    suspects.removeAll(ids);
    return suspects;
  }

  /** Whether a pair was resolved. */
  boolean resolved(Tx tx, Tenant tenant, long one, long other) {
    return tx.query(
            """
            SELECT 1 FROM {member_duplicate}
            WHERE dealer_id = :dealer AND one_id = :one AND other_id = :other
              AND resolution IS NOT NULL""")
        .bind("dealer", tenant.id())
        .bind("one", Math.min(one, other))
        .bind("other", Math.max(one, other))
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  /** Notes how a pair was resolved, whether it was noted before or not. */
  void resolve(
      Tx tx, Tenant tenant, long newId, long one, long other, String how, String by, Instant now) {
    noteDuplicate(tx, tenant, newId, Math.min(one, other), Math.max(one, other), how, now);
    tx.update(
            """
            UPDATE {member_duplicate} SET resolution = :how, resolved_ms = :now, resolved_by = :by
            WHERE dealer_id = :dealer AND one_id = :one AND other_id = :other""")
        .bind("how", how)
        .bind("now", now.toEpochMilli())
        .bind("by", by)
        .bind("dealer", tenant.id())
        .bind("one", Math.min(one, other))
        .bind("other", Math.max(one, other))
        .execute();
  }

  private static Row row(Tenant tenant, ResultSet row) throws SQLException {
    return new Row(
        row.getLong("id"),
        row.getString("source"),
        tenant.privacy().open(row.getString("name")),
        row.getString("gender"),
        row.getObject("birthday", LocalDate.class),
        row.getString("region"),
        Instant.ofEpochMilli(row.getLong("created_ms")));
  }
}
