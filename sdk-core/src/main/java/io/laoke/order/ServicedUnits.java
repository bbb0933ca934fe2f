package io.laoke.order;

import io.laoke.catalog.Chunks;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.order.ServicedOrder.Wanted;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** What is known of units that are serviced, for many orders at once and without what is sealed. */
final class ServicedUnits {
  private final OrderDesk desk;
  private final OrderTable orders;

  ServicedUnits(OrderDesk desk, OrderTable orders) {
    this.desk = desk;
    this.orders = orders;
  }

  private record Head(
      long id,
      @Nullable Long memberId,
      @Nullable Long placeId,
      @Nullable String storeCode,
      boolean reported,
      boolean erased,
      boolean withStages,
      boolean withUnits,
      boolean withServices) {}

  private record Reached(Stage stage, Map<String, ? extends Set<Integer>> scope, Instant at) {
    boolean of(String lineNo, int unit) {
      Set<Integer> units = scope.get(lineNo);
      return units == null ? scope.isEmpty() : units.isEmpty() || units.contains(unit);
    }
  }

  private record Done(
      String lineNo, int unitNo, ServicedOrder.Service service, @Nullable LocalDate reminded) {
    boolean of(String line, int unit) {
      return lineNo.equals(line) && (unitNo == ServiceRow.WHOLE_LINE || unitNo == unit);
    }
  }

  /** All that is known of some orders. */
  private record Known(
      Map<Long, List<LineRow>> lines,
      Map<Long, List<UnitRow>> units,
      Map<Long, List<Reached>> stages,
      Map<Long, List<Done>> services,
      Map<Long, String> households) {}

  /**
   * Orders with the units of their serviced lines, locked in the order of their ids; units that
   * have no row get one.
   */
  List<ServicedOrder> locked(
      Tx tx, Tenant tenant, Collection<Long> orderIds, Wanted wanted, Instant now) {
    return planned(tx, tenant, heads(tx, tenant, orderIds, " FOR UPDATE"), wanted, now);
  }

  /** The same without those that others have locked. */
  OrderBook.Free unlessLocked(
      Tx tx, Tenant tenant, Collection<Long> orderIds, Wanted wanted, Instant now) {
    List<Head> heads = heads(tx, tenant, orderIds, " FOR UPDATE" + tx.dialect().skipLocked());
    Set<Long> rest = new TreeSet<>(orderIds);
    heads.forEach(head -> rest.remove(head.id()));
    List<Long> locked = new ArrayList<>();
    heads(tx, tenant, rest, "").forEach(head -> locked.add(head.id()));
    return new OrderBook.Free(planned(tx, tenant, heads, wanted, now), locked);
  }

  private static List<Head> heads(Tx tx, Tenant tenant, Collection<Long> orderIds, String lock) {
    List<Head> heads = new ArrayList<>();
    List<Long> sorted = orderIds.stream().distinct().sorted().toList();
    if (lock.isEmpty() || tx.dialect().locksInOrder()) {
      Chunks.of(sorted).forEach(some -> heads.addAll(someHeads(tx, tenant, some, lock)));
    } else {
      sorted.forEach(id -> heads.addAll(someHeads(tx, tenant, List.of(id), lock)));
    }
    return heads;
  }

  private List<ServicedOrder> planned(
      Tx tx, Tenant tenant, List<Head> locked, Wanted wanted, Instant now) {
    List<Head> heads = locked.stream().filter(Head::reported).toList();
    Known known = known(tx, tenant, heads);
    List<Long> missing =
        heads.stream()
            .filter(head -> !head.erased() && missing(head, known, wanted))
            .map(Head::id)
            .toList();
    if (!missing.isEmpty()) {
      known.units().putAll(desk.serviced(tx, tenant, missing, wanted, now));
    }
    return found(heads, known, wanted);
  }

  /** The same as they are, without a lock and without new rows. */
  List<ServicedOrder> seen(Tx tx, Tenant tenant, Collection<Long> orderIds, Wanted wanted) {
    List<Head> heads = heads(tx, tenant, orderIds, "").stream().filter(Head::reported).toList();
    return found(heads, known(tx, tenant, heads), wanted);
  }

  private static List<ServicedOrder> found(List<Head> heads, Known known, Wanted wanted) {
    return heads.stream().map(head -> order(head, known, wanted)).toList();
  }

  /** Whether a line is serviced: one of very many units is a bulk sale. */
  static boolean serviced(LineRow line, Wanted wanted) {
    return line.kind() == LineKind.GOODS
        && line.units() <= OrderDesk.MOST_SERVICED_UNITS
        && wanted.wants(
            line.category(), Optional.ofNullable(line.model()), Optional.ofNullable(line.brand()));
  }

  private static boolean missing(Head head, Known known, Wanted wanted) {
    Map<String, Map<Integer, UnitRow>> rows =
        Units.byLine(known.units().getOrDefault(head.id(), List.of()));
    return known.lines().getOrDefault(head.id(), List.of()).stream()
        .anyMatch(
            line ->
                serviced(line, wanted)
                    && rows.getOrDefault(line.lineNo(), Map.of()).size() < line.units());
  }

  private static ServicedOrder order(Head head, Known known, Wanted wanted) {
    long id = head.id();
    Map<String, Map<Integer, UnitRow>> rows =
        Units.byLine(known.units().getOrDefault(id, List.of()));
    List<Reached> stages = known.stages().getOrDefault(id, List.of());
    List<Done> services = known.services().getOrDefault(id, List.of());
    List<ServicedOrder.Unit> units = new ArrayList<>();
    for (LineRow line : known.lines().getOrDefault(id, List.of())) {
      Map<Integer, UnitRow> ofLine =
          Objects.requireNonNullElse(rows.remove(line.lineNo()), Map.of());
      int plain = line.plain().units();
      if (serviced(line, wanted)) {
        for (int number = 1; number <= line.units(); number++) {
          if (!ofLine.containsKey(number)) {
            boolean living = !head.erased() && plain-- > 0;
            units.add(unit(0, number, living, line, stages, services));
          }
        }
      }
      for (UnitRow row : ofLine.values()) {
        boolean living = !head.erased() && row.present() && row.counted();
        units.add(unit(row.id(), row.unitNo(), living, line, stages, services));
      }
    }
    rows.values().forEach(ofLine -> ofLine.values().forEach(row -> units.add(gone(row))));
    return new ServicedOrder(
        id,
        optional(head.memberId()),
        optional(head.placeId()),
        Optional.ofNullable(head.placeId() == null ? null : known.households().get(head.placeId())),
        Optional.ofNullable(head.storeCode()),
        reminded(services),
        units);
  }

  private static Map<Long, LocalDate> reminded(List<Done> services) {
    Map<Long, LocalDate> reminded = new HashMap<>();
    for (Done done : services) {
      if (done.reminded() != null) {
        reminded.put(done.service().id(), done.reminded());
      }
    }
    return reminded;
  }

  private static ServicedOrder.Unit unit(
      long id,
      int number,
      boolean living,
      LineRow line,
      List<Reached> stages,
      List<Done> services) {
    return new ServicedOrder.Unit(
        id,
        line.lineNo(),
        number,
        line.category(),
        Optional.ofNullable(line.model()),
        Optional.ofNullable(line.brand()),
        living,
        latest(stages, Stage.DELIVERED, line.lineNo(), number),
        latest(stages, Stage.INSTALLED, line.lineNo(), number),
        latest(stages, Stage.COMPLETED, line.lineNo(), number),
        latest(stages, Stage.EXCHANGED, line.lineNo(), number),
        services.stream()
            .filter(done -> done.of(line.lineNo(), number))
            .map(Done::service)
            .toList());
  }

  private static ServicedOrder.Unit gone(UnitRow row) {
    return new ServicedOrder.Unit(
        row.id(),
        row.lineNo(),
        row.unitNo(),
        "",
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static Optional<Instant> latest(
      List<Reached> stages, Stage stage, String lineNo, int unit) {
    return stages.stream()
        .filter(one -> one.stage() == stage && one.of(lineNo, unit))
        .map(Reached::at)
        .max(Comparator.naturalOrder());
  }

  private static OptionalLong optional(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  // ---- reading

  private static List<Head> someHeads(Tx tx, Tenant tenant, List<Long> ids, String lock) {
    return tx.query(
            """
            SELECT o.id, o.ordered_ms, o.member_id, o.place_id, o.store_code, o.stage_seq,
              o.with_units, o.with_services, o.erased
            FROM {customer_order} o"""
                + (lock.isEmpty() ? "" : tx.dialect().byPrimaryKey())
                + " WHERE o.dealer_id = :dealer AND o.id IN (<orders>) ORDER BY o.id"
                + lock,
            "orders",
            Rows.Type.LONG,
            ids)
        .bind("dealer", tenant.id())
        .map(
            (row, context) ->
                new Head(
                    row.getLong("id"),
                    number(row, "member_id"),
                    number(row, "place_id"),
                    row.getString("store_code"),
                    number(row, "ordered_ms") != null,
                    row.getInt("erased") != 0,
                    row.getInt("stage_seq") > 0,
                    row.getBoolean("with_units"),
                    row.getBoolean("with_services")))
        .list();
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  private Known known(Tx tx, Tenant tenant, List<Head> heads) {
    Map<Long, List<LineRow>> lines = new HashMap<>();
    Chunks.of(ids(heads)).forEach(some -> lines.putAll(orders.lines(tx, tenant, some)));
    List<Head> withUnits = heads.stream().filter(Head::withUnits).toList();
    return new Known(
        lines,
        orders.unitsOf(tx, tenant, ids(withUnits)),
        stages(tx, tenant, ids(heads.stream().filter(Head::withStages).toList())),
        services(tx, tenant, ids(heads.stream().filter(Head::withServices).toList())),
        households(
            tx,
            tenant,
            heads.stream()
                .filter(head -> head.memberId() == null && head.placeId() != null)
                .map(Head::placeId)
                .distinct()
                .toList()));
  }

  private static List<Long> ids(List<Head> heads) {
    return heads.stream().map(Head::id).toList();
  }

  private Map<Long, List<Reached>> stages(Tx tx, Tenant tenant, List<Long> ids) {
    record Found(long order, Reached reached) {}
    Map<Long, List<Reached>> found = new HashMap<>();
    for (List<Long> some : Chunks.of(ids)) {
      tx.guarded(
              """
              SELECT order_id, stage, scope, at_ms, recorded_ms FROM {order_stage}
              WHERE dealer_id = :dealer AND order_id IN (<orders>)
                AND stage IN ('DELIVERED', 'INSTALLED', 'COMPLETED', 'EXCHANGED')""")
          .bind("dealer", tenant.id())
          .bindList("orders", some)
          .map(
              (row, context) -> {
                Stage stage = Stage.valueOf(row.getString("stage"));
                Long at = number(row, "at_ms");
                // That it was replaced is known even where the day is not.
                Long known =
                    at == null && stage == Stage.EXCHANGED ? number(row, "recorded_ms") : at;
                return known == null
                    ? Optional.<Found>empty()
                    : Optional.of(
                        new Found(
                            row.getLong("order_id"),
                            new Reached(
                                stage,
                                orders.scope(row.getString("scope")),
                                Instant.ofEpochMilli(known))));
              })
          .forEach(
              one ->
                  one.ifPresent(
                      reached ->
                          found
                              .computeIfAbsent(reached.order(), order -> new ArrayList<>())
                              .add(reached.reached())));
    }
    return found;
  }

  private static Map<Long, List<Done>> services(Tx tx, Tenant tenant, List<Long> ids) {
    record Found(long order, Done done) {}
    Map<Long, List<Done>> found = new HashMap<>();
    for (List<Long> some : Chunks.of(ids)) {
      tx.guarded(
              """
              SELECT order_id, id, line_no, unit_no, kind, at_ms, paid_fen, document, reminded
              FROM {unit_service}
              WHERE dealer_id = :dealer AND order_id IN (<orders>)""")
          .bind("dealer", tenant.id())
          .bindList("orders", some)
          .map(
              (row, context) ->
                  new Found(
                      row.getLong("order_id"),
                      new Done(
                          row.getString("line_no"),
                          row.getInt("unit_no"),
                          new ServicedOrder.Service(
                              row.getLong("id"),
                              row.getString("kind"),
                              Instant.ofEpochMilli(row.getLong("at_ms")),
                              row.getLong("paid_fen"),
                              row.getString("document"),
                              row.getInt("unit_no") == ServiceRow.WHOLE_LINE),
                          row.getObject("reminded", LocalDate.class))))
          .forEach(
              one ->
                  found.computeIfAbsent(one.order(), order -> new ArrayList<>()).add(one.done()));
    }
    return found;
  }

  /** See {@link OrderBook#reminded}. */
  static void reminded(Tx tx, Tenant tenant, Map<Long, Optional<LocalDate>> services) {
    if (services.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            "UPDATE {unit_service} SET reminded = :day WHERE dealer_id = :dealer AND id = :id");
    new TreeMap<>(services)
        .forEach(
            (id, day) ->
                batch
                    .bind("day", day.orElse(null))
                    .bind("dealer", tenant.id())
                    .bind("id", id)
                    .add());
    batch.execute();
  }

  private static Map<Long, String> households(Tx tx, Tenant tenant, List<Long> places) {
    Map<Long, String> found = new TreeMap<>();
    for (List<Long> some : Chunks.of(places)) {
      tx.query(
              """
              SELECT id, household_hash FROM {place}
              WHERE dealer_id = :dealer AND id IN (<places>) AND household_hash IS NOT NULL""",
              "places",
              Rows.Type.LONG,
              some)
          .bind("dealer", tenant.id())
          .map((row, context) -> Map.entry(row.getLong("id"), row.getString("household_hash")))
          .forEach(one -> found.put(one.getKey(), one.getValue()));
    }
    return found;
  }

  /** See {@link OrderBook#ordersOf}. */
  static OrderBook.OrdersOf ordersOf(
      Tx tx, Tenant tenant, String category, long afterId, int window) {
    Long last =
        tx.query(
                """
                SELECT MAX(w.id) FROM (
                  SELECT id FROM {customer_order} WHERE dealer_id = :dealer AND id > :after
                  ORDER BY dealer_id, id LIMIT :window) w""")
            .bind("dealer", tenant.id())
            .bind("after", afterId)
            .bind("window", window)
            .mapTo(Long.class)
            .findOne()
            .orElse(null);
    if (last == null) {
      return new OrderBook.OrdersOf(afterId, List.of());
    }
    return new OrderBook.OrdersOf(
        last,
        tx.query(
                """
                SELECT DISTINCT order_id FROM {order_line}
                WHERE dealer_id = :dealer AND order_id > :after AND order_id <= :last
                  AND kind = 'GOODS'
                  AND (category = :path OR LEFT(category, CHAR_LENGTH(:below)) = :below)
                ORDER BY order_id""")
            .bind("dealer", tenant.id())
            .bind("after", afterId)
            .bind("last", last)
            .bind("path", category)
            .bind("below", category + "/")
            .mapTo(Long.class)
            .list());
  }
}
