package io.laoke.order;

import static java.util.Objects.requireNonNull;

import io.laoke.catalog.Chunks;
import io.laoke.catalog.Races;
import io.laoke.error.InvalidInputException;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * The consumption file {@code member_category}. All kinds of lines count, in every ancestor of
 * their category and in the root, over the lifetime and in the month of the sale. {@code orders}
 * are those with a line that counts more than nothing there, and first and last time are theirs;
 * quantity and amount are sums over all lines and over the returns that are taken off none. Rows of
 * the lifetime count the lines that count, too, and the member repeats its row of all there is.
 */
class Rollup {
  private static final int LIFETIME = 0;
  private static final int MOST_PATHS = 2_000;
  private static final Key ALL = new Key("", LIFETIME);
  private static final String OUT_OF_RANGE = "22003";
  private static final List<String> ROW_KEY = List.of("member_id", "path", "month_no");
  private static final List<String> ADDED = List.of("orders", "line_count", "quantity", "net_fen");

  private final MemberBook members;

  Rollup(MemberBook members) {
    this.members = members;
  }

  /** A row's key within a member. */
  record Key(String path, int month) {}

  /**
   * What a row says.
   *
   * @param lines that count; only in rows of the lifetime
   */
  record Sum(
      long orders,
      long lines,
      BigDecimal quantity,
      long netFen,
      @Nullable Long firstMs,
      @Nullable Long lastMs) {
    static final Sum NOTHING = new Sum(0, 0, BigDecimal.ZERO, 0, null, null);

    boolean zero() {
      return orders == 0 && quantity.signum() == 0 && netFen == 0;
    }
  }

  /** The path itself and all above it, the root last. */
  static List<String> withAncestors(String path) {
    List<String> paths = new ArrayList<>();
    for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
      paths.add(path.substring(0, end));
    }
    paths.add("");
    return paths;
  }

  /** What a transaction takes away from consumption files and adds to them. */
  static final class Changes {
    private final ZoneId zone;
    private final SortedMap<Long, Map<Key, Delta>> members = new TreeMap<>();
    private final Set<Long> receiving = new TreeSet<>();
    private final Set<Long> asked = new TreeSet<>();

    Changes(ZoneId zone) {
      this.zone = zone;
    }

    static final class Delta {
      private final boolean lifetime;
      long lines;
      BigDecimal quantity = BigDecimal.ZERO;
      long netFen;
      final Map<Long, Long> before = new HashMap<>(2);
      final Map<Long, Long> after = new HashMap<>(2);

      Delta(Key key) {
        lifetime = key.month() == LIFETIME;
      }

      void count(boolean adding) {
        if (lifetime) {
          lines += adding ? 1 : -1;
        }
      }

      boolean nothing() {
        return lines == 0 && netFen == 0 && quantity.signum() == 0 && before.equals(after);
      }

      /** Whether it only adds, and to a row that then is none of zeros. */
      boolean adds() {
        return before.isEmpty() && !after.isEmpty();
      }

      /** What comes after this. */
      void then(Delta next) {
        lines += next.lines;
        quantity = quantity.add(next.quantity);
        netFen = Math.addExact(netFen, next.netFen);
        next.before.forEach(
            (order, at) -> {
              if (after.remove(order) == null) {
                before.put(order, at);
              }
            });
        after.putAll(next.after);
      }
    }

    /** Takes in what comes after this. */
    void then(Changes next) {
      receiving.addAll(next.receiving);
      asked.addAll(next.asked);
      next.members.forEach(
          (member, deltas) -> {
            Map<Key, Delta> mine = members.get(member);
            if (mine == null) {
              members.put(member, deltas);
            } else {
              deltas.forEach(
                  (key, delta) -> {
                    Delta earlier = mine.putIfAbsent(key, delta);
                    if (earlier != null) {
                      earlier.then(delta);
                    }
                  });
            }
          });
    }

    /** Drops what comes to nothing; the members that are left, with their changes. */
    SortedMap<Long, Map<Key, Delta>> settled() {
      members.values().forEach(deltas -> deltas.values().removeIf(Delta::nothing));
      members.values().removeIf(Map::isEmpty);
      return members;
    }

    /** The members that something is given to. */
    Set<Long> receiving() {
      return receiving;
    }

    /** Something is given to this member, whose id was read from an identity. */
    void receives(@Nullable Long member) {
      if (member != null) {
        receiving.add(member);
      }
    }

    void subtract(Dossier dossier) {
      all(dossier, false);
    }

    void add(Dossier dossier) {
      all(dossier, true);
    }

    /** Notes whose lines and returns are not to segments what they were. */
    void differ(Dossier before, Dossier after) {
      if (!before.asked().equals(after.asked())) {
        asked.addAll(before.buyers());
        asked.addAll(after.buyers());
      }
    }

    /** Tells who may be in other segments now. */
    void tell(Tx tx, Tenant tenant) {
      tx.changed(tenant.id(), asked);
    }

    private void returned(ReturnRow back) {
      if (back.memberId() != null && back.nettedLine() == null) {
        asked.add(back.memberId());
      }
    }

    /** A return that is taken off no line. */
    void subtract(ReturnRow back) {
      returned(back);
      standalone(back, false);
    }

    /** A return that is taken off no line. */
    void add(ReturnRow back) {
      returned(back);
      standalone(back, true);
    }

    private void all(Dossier dossier, boolean adding) {
      OrderHead head = dossier.head();
      Long member = head.memberId();
      Long at = head.orderedMs();
      if (member != null && at != null) {
        int month = dossier.lines().isEmpty() ? 0 : Times.month(at, zone);
        for (LineRow line : dossier.lines()) {
          boolean counts = line.counted().signum() > 0;
          for (Delta delta : deltas(member, line.category(), month)) {
            sum(delta, line.counted(), line.countedFen(), adding);
            if (counts) {
              delta.count(adding);
              (adding ? delta.after : delta.before).put(head.id(), at);
            }
          }
        }
      }
      dossier.returns().forEach(back -> standalone(back, adding));
    }

    private void standalone(ReturnRow back, boolean adding) {
      Long member = back.memberId();
      if (member != null && back.nettedLine() == null) {
        int month = Times.month(back.returnedMs(), zone);
        for (Delta delta : deltas(member, back.category(), month)) {
          sum(delta, back.quantity(), back.netFen(), !adding);
        }
      }
    }

    private static void sum(Delta delta, BigDecimal quantity, long netFen, boolean adding) {
      delta.quantity = adding ? delta.quantity.add(quantity) : delta.quantity.subtract(quantity);
      delta.netFen =
          adding ? Math.addExact(delta.netFen, netFen) : Math.subtractExact(delta.netFen, netFen);
    }

    private List<Delta> deltas(long member, String category, int month) {
      Map<Key, Delta> ofMember = members.computeIfAbsent(member, id -> new HashMap<>());
      List<Delta> deltas = new ArrayList<>();
      for (String path : withAncestors(category)) {
        deltas.add(ofMember.computeIfAbsent(new Key(path, LIFETIME), Delta::new));
        deltas.add(ofMember.computeIfAbsent(new Key(path, month), Delta::new));
      }
      return deltas;
    }
  }

  /** Writes changes; the lines they speak of are written already. */
  void apply(Tx tx, Tenant tenant, Changes changes) {
    changes.tell(tx, tenant);
    SortedMap<Long, Map<Key, Changes.Delta>> settled = changes.settled();
    if (settled.isEmpty() && changes.receiving.isEmpty()) {
      return;
    }
    Set<Long> locked = new TreeSet<>(settled.keySet());
    locked.addAll(changes.receiving);
    MemberBook.Bought more = locked.size() == 1 ? bought(tx, settled) : null;
    if (more == null) {
      members.lock(tx, tenant, locked, changes.receiving);
      applyLocked(tx, tenant, settled);
    } else {
      long member = settled.firstKey();
      refusingTooMuch(
          () ->
              members.lockAndAdd(
                  tx,
                  tenant,
                  member,
                  changes.receiving.contains(member),
                  more,
                  Rollup::outOfRange));
      write(tx, tenant, settled, false);
    }
  }

  /** What one member bought more, if it only bought, so that its row need not be read. */
  private static MemberBook.@Nullable Bought bought(
      Tx tx, SortedMap<Long, Map<Key, Changes.Delta>> settled) {
    Changes.Delta delta = settled.isEmpty() ? null : settled.values().iterator().next().get(ALL);
    if (delta == null || !delta.adds() || !tx.dialect().accumulates()) {
      return null;
    }
    Sum sum = sum(null, delta);
    return new MemberBook.Bought(
        sum.orders(),
        sum.lines(),
        sum.quantity(),
        sum.netFen(),
        requireNonNull(sum.firstMs()),
        requireNonNull(sum.lastMs()));
  }

  /** The same, the members locked already. */
  static void applyLocked(Tx tx, Tenant tenant, SortedMap<Long, Map<Key, Changes.Delta>> settled) {
    write(tx, tenant, settled, true);
  }

  private static void write(
      Tx tx, Tenant tenant, SortedMap<Long, Map<Key, Changes.Delta>> settled, boolean totals) {
    Adding adding = new Adding(tenant, totals);
    Writing writing = new Writing(tx, tenant);
    refusingTooMuch(
        () -> {
          settled.forEach(
              (member, deltas) -> {
                Map<Key, Changes.Delta> read = new HashMap<>();
                deltas.forEach(
                    (key, delta) -> {
                      if (delta.adds() && tx.dialect().accumulates()) {
                        adding.add(member, key, delta);
                      } else {
                        read.put(key, delta);
                      }
                    });
                if (!read.isEmpty()) {
                  Map<Key, Sum> stored = stored(tx, tenant, member, read.keySet());
                  writing.add(member, stored, sums(tx, tenant, member, stored, read));
                }
              });
          writing.execute();
          adding.executeLater(tx);
        });
  }

  private static void refusingTooMuch(Runnable work) {
    try {
      work.run();
    } catch (ArithmeticException overflow) {
      throw tooMuch(overflow);
    } catch (JdbiException failed) {
      RuntimeException told =
          failed.getCause() instanceof SQLException cause ? outOfRange(cause) : null;
      throw told == null ? failed : told;
    }
  }

  private static @Nullable RuntimeException outOfRange(SQLException failed) {
    return OUT_OF_RANGE.equals(failed.getSQLState()) ? tooMuch(failed) : null;
  }

  private static InvalidInputException tooMuch(Exception overflow) {
    return new InvalidInputException(
        "netFen", "takes the member's total beyond 9.2 × 10^18 fen; check the amounts", overflow);
  }

  /**
   * Writes changes of many members by few statements, in a transaction of Laoke's own.
   *
   * @return the members whose files were changed
   */
  Set<Long> applyTogether(Tx tx, Tenant tenant, Changes changes) {
    changes.tell(tx, tenant);
    SortedMap<Long, Map<Key, Changes.Delta>> settled = changes.settled();
    members.lock(tx, tenant, settled.keySet());
    try {
      Writing writing = new Writing(tx, tenant);
      Map<Long, Map<Key, Sum>> stored = storedTogether(tx, tenant, settled);
      settled.forEach(
          (member, deltas) -> {
            Map<Key, Sum> before = stored.getOrDefault(member, Map.of());
            writing.add(member, before, sums(tx, tenant, member, before, deltas));
          });
      writing.execute();
    } catch (ArithmeticException overflow) {
      throw new InvalidInputException(
          "netFen", "takes a member's total beyond 9.2 × 10^18 fen; check the amounts", overflow);
    }
    return settled.keySet();
  }

  /** The rows of these paths; the members are locked, so that nobody else changes them. */
  private static Map<Long, Map<Key, Sum>> storedTogether(
      Tx tx, Tenant tenant, SortedMap<Long, Map<Key, Changes.Delta>> settled) {
    Set<String> paths = new TreeSet<>();
    settled.values().forEach(deltas -> deltas.keySet().forEach(key -> paths.add(key.path())));
    Map<Long, Map<Key, Sum>> stored = new HashMap<>();
    for (List<Long> some : Chunks.of(settled.keySet())) {
      tx.query(
              """
              SELECT member_id, path, month_no, orders, line_count, quantity, net_fen, first_ms,
                last_ms
              FROM {member_category}
              WHERE dealer_id = :dealer AND member_id IN (<members>) AND path IN (<paths>)
              """)
          .bind("dealer", tenant.id())
          .bindList("members", some)
          .bindList("paths", List.copyOf(paths))
          .map((row, context) -> Map.entry(row.getLong("member_id"), Map.entry(key(row), sum(row))))
          .forEach(
              row ->
                  stored
                      .computeIfAbsent(row.getKey(), id -> new HashMap<>())
                      .put(row.getValue().getKey(), row.getValue().getValue()));
    }
    return stored;
  }

  private static Map<Key, Sum> sums(
      Tx tx, Tenant tenant, long member, Map<Key, Sum> stored, Map<Key, Changes.Delta> deltas) {
    Map<Key, Sum> sums = new HashMap<>();
    Set<Key> reread = new HashSet<>();
    deltas.forEach(
        (key, delta) -> {
          Sum before = stored.get(key);
          Sum sum = sum(before, delta);
          sums.put(key, sum);
          if (before != null && sum.orders() > 0 && endMayMove(before, delta)) {
            reread.add(key);
          }
        });
    if (!reread.isEmpty()) {
      ends(tx, tenant, member, reread, sums);
    }
    return sums;
  }

  static Sum sum(@Nullable Sum before, Changes.Delta delta) {
    long orders = delta.after.size() - (long) delta.before.size();
    long lines = delta.lines;
    BigDecimal quantity = delta.quantity;
    long netFen = delta.netFen;
    Long first = null;
    Long last = null;
    for (long at : delta.after.values()) {
      first = first == null ? at : Math.min(first, at);
      last = last == null ? at : Math.max(last, at);
    }
    if (before != null) {
      orders += before.orders();
      lines += before.lines();
      quantity = quantity.add(before.quantity());
      netFen = Math.addExact(netFen, before.netFen());
      first = least(first, before.firstMs());
      last = most(last, before.lastMs());
    }
    return orders == 0
        ? new Sum(0, lines, quantity, netFen, null, null)
        : new Sum(orders, lines, quantity, netFen, first, last);
  }

  private static boolean endMayMove(Sum before, Changes.Delta delta) {
    return delta.before.entrySet().stream()
        .anyMatch(
            order ->
                !order.getValue().equals(delta.after.get(order.getKey()))
                    && (order.getValue().equals(before.firstMs())
                        || order.getValue().equals(before.lastMs())));
  }

  private static @Nullable Long least(@Nullable Long one, @Nullable Long other) {
    return one == null ? other : other == null ? one : (Long) Math.min(one, other);
  }

  private static @Nullable Long most(@Nullable Long one, @Nullable Long other) {
    return one == null ? other : other == null ? one : (Long) Math.max(one, other);
  }

  /** Reads first and last time again, a statement for the lifetime and one for each month. */
  private static void ends(Tx tx, Tenant tenant, long member, Set<Key> reread, Map<Key, Sum> sums) {
    for (int month : new TreeSet<>(reread.stream().map(Key::month).toList())) {
      Map<String, long[]> ends = new HashMap<>();
      tx.guarded(
              """
              SELECT category, MIN(ordered_ms) AS first_ms, MAX(ordered_ms) AS last_ms
              FROM {order_line}
              WHERE dealer_id = :dealer AND member_id = :member AND counted_quantity > 0
                AND ordered_ms >= :from AND ordered_ms < :to
              GROUP BY category
              """)
          .bind("dealer", tenant.id())
          .bind("member", member)
          .bind("from", month == LIFETIME ? Long.MIN_VALUE : Times.monthStart(month, tenant.zone()))
          .bind("to", month == LIFETIME ? Long.MAX_VALUE : Times.monthEnd(month, tenant.zone()))
          .map(
              (row, context) ->
                  Map.entry(
                      row.getString("category"),
                      new long[] {row.getLong("first_ms"), row.getLong("last_ms")}))
          .forEach(
              found ->
                  withAncestors(found.getKey())
                      .forEach(path -> ends.merge(path, found.getValue(), Rollup::wider)));
      for (Key key : reread) {
        long[] found = ends.get(key.path());
        if (key.month() == month && found != null) {
          sums.computeIfPresent(
              key,
              (same, sum) ->
                  sum.orders() == 0
                      ? sum
                      : new Sum(
                          sum.orders(),
                          sum.lines(),
                          sum.quantity(),
                          sum.netFen(),
                          found[0],
                          found[1]));
        }
      }
    }
  }

  private static long[] wider(long[] one, long[] other) {
    return new long[] {Math.min(one[0], other[0]), Math.max(one[1], other[1])};
  }

  // ---- rows

  private static Map<Key, Sum> stored(Tx tx, Tenant tenant, long member, Set<Key> keys) {
    Set<String> paths = new TreeSet<>();
    Set<Integer> months = new TreeSet<>();
    keys.forEach(
        key -> {
          paths.add(key.path());
          months.add(key.month());
        });
    Map<Key, Sum> stored = new HashMap<>();
    List<String> all = new ArrayList<>(paths);
    for (int from = 0; from < all.size(); from += MOST_PATHS) {
      read(
          tx.query(
                  """
                  SELECT path, month_no, orders, line_count, quantity, net_fen, first_ms, last_ms
                  FROM {member_category}
                  WHERE dealer_id = :dealer AND member_id = :member AND path IN (<paths>)
                    AND month_no IN (<months>)
                  FOR UPDATE
                  """)
              .bind("dealer", tenant.id())
              .bind("member", member)
              .bindList("paths", padded(all.subList(from, Math.min(from + MOST_PATHS, all.size()))))
              .bindList("months", padded(List.copyOf(months))),
          stored);
    }
    return stored;
  }

  /**
   * Repeats the last value up to a power of two, so that databases see few different statements.
   */
  private static <T> List<T> padded(List<T> values) {
    List<T> padded = new ArrayList<>(values);
    int size = Integer.highestOneBit(Math.max(1, values.size() * 2 - 1));
    while (padded.size() < size) {
      padded.add(values.get(values.size() - 1));
    }
    return padded;
  }

  private static void read(Query query, Map<Key, Sum> into) {
    query
        .map((row, context) -> Map.entry(key(row), sum(row)))
        .forEach(found -> into.put(found.getKey(), found.getValue()));
  }

  private static Key key(ResultSet row) throws SQLException {
    return new Key(row.getString("path"), row.getInt("month_no"));
  }

  private static Sum sum(ResultSet row) throws SQLException {
    long first = row.getLong("first_ms");
    boolean none = row.wasNull();
    return new Sum(
        row.getLong("orders"),
        row.getLong("line_count"),
        row.getBigDecimal("quantity"),
        row.getLong("net_fen"),
        none ? null : (Long) first,
        none ? null : (Long) row.getLong("last_ms"));
  }

  /** What is added to rows where they stand, or makes them, without reading them. */
  static final class Adding {
    private final Rows rows;
    private final Rows totals;
    private final boolean withTotals;

    Adding(Tenant tenant, boolean withTotals) {
      this.withTotals = withTotals;
      rows =
          sums(
              Rows.of("member_category", tenant.id())
                  .with(Rows.Type.LONG, "member_id")
                  .with(Rows.Type.TEXT, "path")
                  .with(Rows.Type.INT, "month_no"));
      totals = totals(tenant);
    }

    void add(long member, Key key, Changes.Delta delta) {
      Sum sum = sum(null, delta);
      if (!sum.zero()) {
        rows.add(
            member,
            key.path(),
            key.month(),
            sum.orders(),
            sum.lines(),
            sum.quantity(),
            sum.netFen(),
            sum.firstMs(),
            sum.lastMs());
        if (withTotals && key.equals(ALL)) {
          total(totals, member, sum);
        }
      }
    }

    /** Where rows may be there. */
    void execute(Tx tx) {
      tx.accumulateAll(rows, ROW_KEY, ADDED, "first_ms", "last_ms");
      tx.addAll(totals, ADDED, "first_ms", "last_ms");
    }

    /** The same, which may wait. */
    void executeLater(Tx tx) {
      tx.accumulateLater(rows, ROW_KEY, ADDED, "first_ms", "last_ms", Rollup::outOfRange);
      tx.addAll(totals, ADDED, "first_ms", "last_ms");
    }

    /** Where none is there yet. */
    void executeNew(Tx tx) {
      tx.insertAll(rows);
      tx.addAll(totals, ADDED, "first_ms", "last_ms");
    }
  }

  private static Rows totals(Tenant tenant) {
    return sums(Rows.of("member", tenant.id()).with(Rows.Type.LONG, "id"));
  }

  private static Rows sums(Rows rows) {
    return rows.with(Rows.Type.LONG, "orders", "line_count")
        .with(Rows.Type.DECIMAL, "quantity")
        .with(Rows.Type.LONG, "net_fen", "first_ms", "last_ms");
  }

  private static void total(Rows totals, long member, @Nullable Sum sum) {
    if (sum == null) {
      totals.add(member, null, null, null, null, null, null);
    } else {
      totals.add(
          member,
          sum.orders(),
          sum.lines(),
          sum.quantity(),
          sum.netFen(),
          sum.firstMs(),
          sum.lastMs());
    }
  }

  /** Rows of members that are written together. */
  private static final class Writing {
    private final Tx tx;
    private final Tenant tenant;
    private @Nullable PreparedBatch inserts;
    private @Nullable PreparedBatch updates;
    private @Nullable PreparedBatch deletes;
    private final Rows totals;

    Writing(Tx tx, Tenant tenant) {
      this.tx = tx;
      this.tenant = tenant;
      this.totals = totals(tenant);
    }

    private PreparedBatch inserts() {
      if (inserts == null) {
        inserts =
            tx.batch(
                """
                INSERT INTO {member_category} (dealer_id, member_id, path, month_no, orders,
                  line_count, quantity, net_fen, first_ms, last_ms)
                VALUES (:dealer, :member, :path, :month, :orders, :lines, :quantity, :net, :first,
                  :last)
                """);
      }
      return inserts;
    }

    private PreparedBatch updates() {
      if (updates == null) {
        updates =
            tx.batch(
                """
                UPDATE {member_category} SET orders = :orders, line_count = :lines,
                  quantity = :quantity, net_fen = :net, first_ms = :first, last_ms = :last
                WHERE dealer_id = :dealer AND member_id = :member AND path = :path
                  AND month_no = :month
                """);
      }
      return updates;
    }

    private PreparedBatch deletes() {
      if (deletes == null) {
        deletes =
            tx.batch(
                """
                DELETE FROM {member_category}
                WHERE dealer_id = :dealer AND member_id = :member AND path = :path
                  AND month_no = :month
                """);
      }
      return deletes;
    }

    void add(long member, Map<Key, Sum> stored, Map<Key, Sum> sums) {
      sums.forEach(
          (key, sum) -> {
            boolean there = stored.containsKey(key);
            if (!sum.zero()) {
              bind(there ? updates() : inserts(), tenant, member, key)
                  .bind("orders", sum.orders())
                  .bind("lines", sum.lines())
                  .bind("quantity", sum.quantity())
                  .bind("net", sum.netFen())
                  .bind("first", sum.firstMs())
                  .bind("last", sum.lastMs())
                  .add();
            } else if (there) {
              bind(deletes(), tenant, member, key).add();
            }
            if (key.equals(ALL)) {
              total(totals, member, sum.zero() ? null : sum);
            }
          });
    }

    /** What the member repeats, alone. */
    void addTotal(long member, @Nullable Sum sum) {
      total(totals, member, sum);
    }

    void execute() {
      insert(inserts);
      Rollup.execute(updates);
      Rollup.execute(deletes);
      tx.updateAll(totals, "");
    }
  }

  /** Under REPEATABLE READ a row that another transaction added meanwhile shows only here. */
  private static void insert(@Nullable PreparedBatch batch) {
    try {
      execute(batch);
    } catch (UnableToExecuteStatementException failed) {
      throw Races.lostIfEqualKey("consumption file", failed);
    }
  }

  private static void execute(@Nullable PreparedBatch batch) {
    if (batch != null) {
      batch.execute();
    }
  }

  private static <S extends SqlStatement<S>> S bind(
      S statement, Tenant tenant, long member, Key key) {
    return statement
        .bind("dealer", tenant.id())
        .bind("member", member)
        .bind("path", key.path())
        .bind("month", key.month());
  }

  // ---- asking and recounting

  /** A member's rows. */
  SortedMap<Key, Sum> of(Tx tx, Tenant tenant, long member) {
    SortedMap<Key, Sum> rows =
        new TreeMap<>(Comparator.comparing(Key::path).thenComparing(Key::month));
    read(
        tx.query(
                """
                SELECT path, month_no, orders, line_count, quantity, net_fen, first_ms, last_ms
                FROM {member_category} WHERE dealer_id = :dealer AND member_id = :member
                """)
            .bind("dealer", tenant.id())
            .bind("member", member),
        rows);
    return rows;
  }

  /**
   * Makes a member's rows equal to the lines and returns.
   *
   * @return how many rows were wrong
   */
  int recount(Tx tx, Tenant tenant, long member) {
    members.lockAny(tx, tenant, List.of(member));
    return recountLocked(tx, tenant, member);
  }

  /** The same for a member that is locked. */
  int recountLocked(Tx tx, Tenant tenant, long member) {
    Map<Key, Sum> stored = of(tx, tenant, member);
    Map<Key, Sum> truth = truth(tx, tenant, member);
    Map<Key, Sum> wrong = new HashMap<>();
    truth.forEach(
        (key, sum) -> {
          if (!same(sum, stored.get(key))) {
            wrong.put(key, sum);
          }
        });
    for (Key key : stored.keySet()) {
      if (!truth.containsKey(key)) {
        wrong.put(key, Sum.NOTHING);
      }
    }
    Writing writing = new Writing(tx, tenant);
    writing.add(member, stored, wrong);
    int wrongTotals = 0;
    Sum total = truth.get(ALL);
    Sum repeated = repeated(tx, tenant, member);
    if (total == null ? repeated != null : !same(total, repeated)) {
      wrongTotals = 1;
      if (!wrong.containsKey(ALL)) {
        writing.addTotal(member, total);
      }
    }
    writing.execute();
    return wrong.size() + wrongTotals;
  }

  /** What the member repeats of its file. */
  private static @Nullable Sum repeated(Tx tx, Tenant tenant, long member) {
    return tx.query(
            """
            SELECT orders, line_count, quantity, net_fen, first_ms, last_ms FROM {member}
            WHERE dealer_id = :dealer AND id = :member AND orders IS NOT NULL
            """)
        .bind("dealer", tenant.id())
        .bind("member", member)
        .map((row, context) -> sum(row))
        .findOne()
        .orElse(null);
  }

  private static boolean same(Sum one, @Nullable Sum other) {
    return other != null
        && one.orders() == other.orders()
        && one.lines() == other.lines()
        && one.quantity().compareTo(other.quantity()) == 0
        && one.netFen() == other.netFen()
        && Objects.equals(one.firstMs(), other.firstMs())
        && Objects.equals(one.lastMs(), other.lastMs());
  }

  private static Map<Key, Sum> truth(Tx tx, Tenant tenant, long member) {
    Changes all = new Changes(tenant.zone());
    record Counted(long order, String category, BigDecimal quantity, long netFen, long at) {}
    try (Stream<Counted> lines =
        tx
            .guarded(
                """
                SELECT order_id, category, counted_quantity, counted_fen, ordered_ms
                FROM {order_line} WHERE dealer_id = :dealer AND member_id = :member
                """)
            .bind("dealer", tenant.id())
            .bind("member", member)
            .map(
                (row, context) ->
                    new Counted(
                        row.getLong("order_id"),
                        row.getString("category"),
                        row.getBigDecimal("counted_quantity"),
                        row.getLong("counted_fen"),
                        row.getLong("ordered_ms")))
            .stream()) {
      lines.forEach(
          line -> {
            for (Changes.Delta delta :
                all.deltas(member, line.category(), Times.month(line.at(), tenant.zone()))) {
              Changes.sum(delta, line.quantity(), line.netFen(), true);
              if (line.quantity().signum() > 0) {
                delta.count(true);
                delta.after.put(line.order(), line.at());
              }
            }
          });
    }
    tx.guarded(
            """
            SELECT category, quantity, net_fen, returned_ms FROM {return_line}
            WHERE dealer_id = :dealer AND member_id = :member AND netted_line IS NULL
            """)
        .bind("dealer", tenant.id())
        .bind("member", member)
        .map(
            (row, context) ->
                new Counted(
                    0,
                    row.getString("category"),
                    row.getBigDecimal("quantity"),
                    row.getLong("net_fen"),
                    row.getLong("returned_ms")))
        .forEach(
            back -> {
              for (Changes.Delta delta :
                  all.deltas(member, back.category(), Times.month(back.at(), tenant.zone()))) {
                Changes.sum(delta, back.quantity(), back.netFen(), false);
              }
            });
    Map<Key, Sum> truth = new HashMap<>();
    all.members
        .getOrDefault(member, Map.of())
        .forEach(
            (key, delta) -> {
              Sum sum = sum(null, delta);
              if (!sum.zero()) {
                truth.put(key, sum);
              }
            });
    return truth;
  }

  /** Members behind this one that have orders, returns or rows. */
  List<Long> membersAfter(Tx tx, Tenant tenant, long after, int limit) {
    Set<Long> ids = new TreeSet<>();
    for (String table : List.of("customer_order", "return_line", "member_category")) {
      ids.addAll(
          tx.query(
                  """
                  SELECT DISTINCT member_id FROM {%s}
                  WHERE dealer_id = :dealer AND member_id > :after ORDER BY member_id LIMIT :limit
                  """
                      .formatted(table))
              .bind("dealer", tenant.id())
              .bind("after", after)
              .bind("limit", limit)
              .mapTo(Long.class)
              .list());
    }
    return ids.stream().limit(limit).toList();
  }
}
