package io.laoke.order;

import io.laoke.catalog.Chunks;
import io.laoke.catalog.Races;
import io.laoke.error.SealedException;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Sealed;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The SQL of orders, lines, units, stages and places. */
class OrderTable {
  private static final String HEAD =
      """
      SELECT o.id, o.order_no, o.ordered_ms, o.member_id, o.assigned, o.buyer_customer_no,
        o.buyer_name, o.buyer_phone, o.place_id, o.store_code, o.salesperson, o.sales_channel,
        o.stage, o.stage_text, o.stage_at_ms, o.stage_seq, o.with_numbers, o.with_units,
        o.with_returns, o.content_hash, o.created_ms, o.erased, o.with_services, o.approved_ms,
        o.shipped_ms, o.delivered_ms, o.installed_ms
      FROM {customer_order} o
      """;
  private static final String LINES =
      """
      SELECT order_id, line_no, line_index, kind, category_code, category, name, model, brand,
        quantity, net_fen, stage, counted_quantity, counted_fen, plain_units, installed_ms,
        serviced_ms, warranty_ends
      FROM {order_line}
      """;

  private final Json json;

  OrderTable(Json json) {
    this.json = json;
  }

  // ---- reading

  Optional<OrderHead> head(Tx tx, Tenant tenant, String orderNo, boolean lock) {
    Query query =
        tx.query(HEAD + "WHERE o.dealer_id = :dealer AND o.order_no = :order" + locked(lock))
            .bind("order", orderNo);
    return heads(tx, tenant, query).stream().findFirst();
  }

  /**
   * A head as its own row says it.
   *
   * @param head without the place and the numbers of other systems
   * @param numbers whether there are any
   */
  record OwnRow(OrderHead head, boolean numbers) {}

  /** The row, locked, once what waits is done. */
  Supplier<Optional<OwnRow>> lockLater(Tx tx, Tenant tenant, String orderNo) {
    List<OwnRow> found = new ArrayList<>();
    tx.later(
        HEAD + "WHERE o.dealer_id = :dealer AND o.order_no = :order" + locked(true),
        Map.of("dealer", tenant.id(), "order", orderNo),
        row -> found.add(found(row, tenant)));
    return () -> found.stream().findFirst();
  }

  /** The head with all that it has. */
  OrderHead completed(Tx tx, Tenant tenant, OwnRow found) {
    return completed(tx, tenant, List.of(found)).get(0);
  }

  Optional<OrderHead> head(Tx tx, Tenant tenant, long orderId, boolean lock) {
    Query query =
        tx.query(HEAD + "WHERE o.dealer_id = :dealer AND o.id = :order" + locked(lock))
            .bind("order", orderId);
    return heads(tx, tenant, query).stream().findFirst();
  }

  /** Those of these numbers that are known, locked in the order of their ids. */
  List<OrderHead> lockAll(Tx tx, Tenant tenant, Collection<String> orderNos) {
    Set<Long> known = new TreeSet<>();
    Chunks.of(new TreeSet<>(orderNos))
        .forEach(some -> known.addAll(ids(tx, tenant, some).values()));
    List<OrderHead> locked = new ArrayList<>();
    if (!tx.dialect().locksInOrder()) {
      known.forEach(id -> head(tx, tenant, id, true).ifPresent(locked::add));
      return locked;
    }
    for (List<Long> some : Chunks.of(known)) {
      locked.addAll(
          heads(
              tx,
              tenant,
              tx.query(
                  HEAD
                      + tx.dialect().byPrimaryKey()
                      + """
                       WHERE o.dealer_id = :dealer AND o.id IN (<orders>) ORDER BY o.id FOR UPDATE
                      """,
                  "orders",
                  Rows.Type.LONG,
                  some)));
    }
    return locked;
  }

  /** Those that are known, in no order. */
  List<OrderHead> heads(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    Query query =
        tx.query(HEAD + "WHERE o.dealer_id = :dealer AND o.id IN (<orders>)")
            .bindList("orders", orderIds);
    return heads(tx, tenant, query);
  }

  Map<String, Long> ids(Tx tx, Tenant tenant, Collection<String> orderNos) {
    Map<String, Long> ids = new HashMap<>();
    if (!orderNos.isEmpty()) {
      tx.query(
              "SELECT order_no, id FROM {customer_order} WHERE dealer_id = :dealer AND order_no IN"
                  + " (<numbers>)",
              "numbers",
              Rows.Type.TEXT,
              orderNos)
          .bind("dealer", tenant.id())
          .map((row, context) -> Map.entry(row.getString("order_no"), row.getLong("id")))
          .forEach(found -> ids.put(found.getKey(), found.getValue()));
    }
    return ids;
  }

  /** Which of these numbers have a row that others have locked; locks the other rows. */
  Set<String> lockedByOthers(Tx tx, Tenant tenant, Collection<String> orderNos) {
    Set<String> locked = new TreeSet<>();
    for (List<String> some : Chunks.of(new TreeSet<>(orderNos))) {
      locked.addAll(ids(tx, tenant, some).keySet());
      tx.query(
              "SELECT order_no FROM {customer_order} WHERE dealer_id = :dealer AND order_no IN"
                  + " (<numbers>) FOR UPDATE SKIP LOCKED",
              "numbers",
              Rows.Type.TEXT,
              some)
          .bind("dealer", tenant.id())
          .mapTo(String.class)
          .forEach(locked::remove);
    }
    return locked;
  }

  Set<String> ofErased(Tx tx, Tenant tenant, Collection<String> orderNos) {
    Set<String> erased = new TreeSet<>();
    for (List<String> some : Chunks.of(new TreeSet<>(orderNos))) {
      tx.query(
              """
              SELECT order_no FROM {customer_order}
              WHERE dealer_id = :dealer AND order_no IN (<numbers>) AND erased = 1""",
              "numbers",
              Rows.Type.TEXT,
              some)
          .bind("dealer", tenant.id())
          .mapTo(String.class)
          .forEach(erased::add);
    }
    return erased;
  }

  private static String locked(boolean lock) {
    return lock ? " FOR UPDATE" : "";
  }

  /** Reported orders newest first, from before a position. */
  List<OrderHead> page(
      Tx tx, Tenant tenant, OrderQuery wanted, long beforeMs, long beforeId, int limit) {
    StringBuilder sql = new StringBuilder(HEAD);
    sql.append(
        """
        WHERE o.dealer_id = :dealer AND o.ordered_ms >= :from AND o.ordered_ms <= :beforeMs
          AND (o.ordered_ms < :beforeMs OR (o.ordered_ms = :beforeMs AND o.id < :beforeId))
        """);
    wanted.store().ifPresent(given -> sql.append(" AND o.store_code = :store"));
    wanted.stage().ifPresent(given -> sql.append(" AND o.stage = :stage"));
    wanted.memberId().ifPresent(given -> sql.append(" AND o.member_id = :member"));
    sql.append(" ORDER BY o.ordered_ms DESC, o.id DESC LIMIT :limit");
    Query query =
        tx.query(sql.toString())
            .bind("from", wanted.from().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE))
            .bind("beforeMs", beforeMs)
            .bind("beforeId", beforeId)
            .bind("limit", limit);
    wanted.store().ifPresent(given -> query.bind("store", given));
    wanted.stage().ifPresent(given -> query.bind("stage", given.name()));
    wanted.memberId().ifPresent(given -> query.bind("member", given));
    return heads(tx, tenant, query);
  }

  /** The orders that another system knows by a number, oldest first. */
  List<OrderHead> byNumber(Tx tx, Tenant tenant, String system, String number) {
    return heads(
        tx,
        tenant,
        tx.query(
                HEAD
                    + """
                    WHERE o.dealer_id = :dealer AND o.ordered_ms IS NOT NULL AND o.id IN (
                      SELECT order_id FROM {order_number}
                      WHERE dealer_id = :dealer AND system_name = :system AND external_no = :number)
                    ORDER BY o.ordered_ms, o.id
                    """)
            .bind("system", system)
            .bind("number", number));
  }

  private static OwnRow found(ResultSet row, Tenant tenant) throws SQLException {
    return new OwnRow(head(row, tenant), row.getBoolean("with_numbers"));
  }

  private List<OrderHead> heads(Tx tx, Tenant tenant, Query query) {
    return completed(
        tx,
        tenant,
        query.bind("dealer", tenant.id()).map((row, context) -> found(row, tenant)).list());
  }

  private static List<OrderHead> completed(Tx tx, Tenant tenant, List<OwnRow> found) {
    if (found.stream().allMatch(one -> one.head().placeId() == null && !one.numbers())) {
      return found.stream().map(OwnRow::head).toList();
    }
    Map<Long, Place> places =
        places(
            tx,
            tenant,
            found.stream().map(one -> one.head().placeId()).filter(Objects::nonNull).toList());
    Map<Long, Map<String, String>> numbers =
        numbers(
            tx,
            tenant,
            found.stream().filter(OwnRow::numbers).map(one -> one.head().id()).toList());
    return found.stream()
        .map(
            one ->
                completed(
                    one.head(),
                    one.head().placeId() == null ? null : places.get(one.head().placeId()),
                    numbers.getOrDefault(one.head().id(), Map.of())))
        .toList();
  }

  private static OrderHead completed(
      OrderHead head, @Nullable Place place, Map<String, String> numbers) {
    return new OrderHead(
        head.id(),
        head.orderNo(),
        head.orderedMs(),
        head.memberId(),
        head.assigned(),
        head.buyer(),
        head.placeId(),
        place,
        head.storeCode(),
        head.salesperson(),
        head.salesChannel(),
        numbers,
        head.stage(),
        head.stageText(),
        head.stageAtMs(),
        head.stageSeq(),
        head.withUnits(),
        head.withReturns(),
        head.contentHash(),
        head.createdMs(),
        head.erased(),
        head.withServices(),
        head.milestones());
  }

  private static OrderHead head(ResultSet row, Tenant tenant) throws SQLException {
    return new OrderHead(
        row.getLong("id"),
        row.getString("order_no"),
        number(row, "ordered_ms"),
        number(row, "member_id"),
        row.getBoolean("assigned"),
        Buyer.of(
            tenant.privacy().open(row.getString("buyer_customer_no")),
            tenant.privacy().open(row.getString("buyer_name")),
            tenant.privacy().open(row.getString("buyer_phone"))),
        number(row, "place_id"),
        null,
        row.getString("store_code"),
        row.getString("salesperson"),
        row.getString("sales_channel"),
        Map.of(),
        Stage.valueOf(row.getString("stage")),
        row.getString("stage_text"),
        number(row, "stage_at_ms"),
        row.getInt("stage_seq"),
        row.getBoolean("with_units"),
        row.getBoolean("with_returns"),
        row.getString("content_hash"),
        row.getLong("created_ms"),
        row.getInt("erased") != 0,
        row.getBoolean("with_services"),
        new Milestones(
            number(row, "approved_ms"),
            number(row, "shipped_ms"),
            number(row, "delivered_ms"),
            number(row, "installed_ms")));
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  private static Map<Long, Place> places(Tx tx, Tenant tenant, Collection<Long> ids) {
    Map<Long, Place> places = new HashMap<>();
    if (!ids.isEmpty()) {
      tx.query(
              "SELECT id, region, street, contact, phone FROM {place} WHERE dealer_id = :dealer AND"
                  + " id IN (<ids>)")
          .bind("dealer", tenant.id())
          .bindList("ids", ids)
          .map(
              (row, context) ->
                  Map.entry(
                      row.getLong("id"),
                      Place.of(
                          row.getString("region"),
                          tenant.privacy().open(row.getString("street")),
                          tenant.privacy().open(row.getString("contact")),
                          tenant.privacy().open(row.getString("phone")))))
          .forEach(found -> places.put(found.getKey(), found.getValue()));
    }
    return places;
  }

  private static Map<Long, Map<String, String>> numbers(
      Tx tx, Tenant tenant, Collection<Long> orderIds) {
    Map<Long, Map<String, String>> numbers = new HashMap<>();
    if (!orderIds.isEmpty()) {
      record External(long order, String system, String number) {}
      tx.guarded(
              "SELECT order_id, system_name, external_no FROM {order_number} WHERE dealer_id ="
                  + " :dealer AND order_id IN (<ids>)")
          .bind("dealer", tenant.id())
          .bindList("ids", orderIds)
          .map(
              (row, context) ->
                  new External(
                      row.getLong("order_id"),
                      row.getString("system_name"),
                      row.getString("external_no")))
          .forEach(
              found ->
                  numbers
                      .computeIfAbsent(found.order(), order -> new TreeMap<>())
                      .put(found.system(), found.number()));
    }
    return numbers;
  }

  /** The lines of orders, in the ERP's order. */
  Map<Long, List<LineRow>> lines(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    if (orderIds.isEmpty()) {
      return Map.of();
    }
    record Found(long order, LineRow line) {}
    return tx
        .guarded(
            LINES
                + "WHERE dealer_id = :dealer AND order_id IN (<orders>) ORDER BY order_id,"
                + " line_index")
        .bind("dealer", tenant.id())
        .bindList("orders", orderIds)
        .map((row, context) -> new Found(row.getLong("order_id"), line(row)))
        .stream()
        .collect(
            Collectors.groupingBy(
                Found::order,
                LinkedHashMap::new,
                Collectors.mapping(Found::line, Collectors.toUnmodifiableList())));
  }

  private static LineRow line(ResultSet row) throws SQLException {
    return new LineRow(
        row.getString("line_no"),
        row.getInt("line_index"),
        LineKind.valueOf(row.getString("kind")),
        row.getString("category_code"),
        row.getString("category"),
        row.getString("name"),
        row.getString("model"),
        row.getString("brand"),
        OrderLine.plain(row.getBigDecimal("quantity")),
        row.getLong("net_fen"),
        Stage.valueOf(row.getString("stage")),
        OrderLine.plain(row.getBigDecimal("counted_quantity")),
        row.getLong("counted_fen"),
        new LineRow.Plain(
            row.getInt("plain_units"), number(row, "installed_ms"), number(row, "serviced_ms")),
        row.getObject("warranty_ends", LocalDate.class));
  }

  /** The recorded stages in the order of recording. */
  List<StageRecord> stages(Tx tx, Tenant tenant, long orderId) {
    return tx.guarded(
            """
            SELECT id, stage, document, scope, at_ms, stage_text, details, revision, recorded_ms
            FROM {order_stage} WHERE dealer_id = :dealer AND order_id = :order ORDER BY seq
            """)
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .map((row, context) -> stage(tenant, row))
        .list();
  }

  /** The recorded stages of orders, each with its number in the order of recording. */
  Map<Long, List<StageRow>> stagesOf(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    Map<Long, List<StageRow>> found = new HashMap<>();
    for (List<Long> some : Chunks.of(orderIds)) {
      record Found(long order, StageRow stage) {}
      tx.query(
              """
              SELECT order_id, seq, id, stage, document, scope, at_ms, stage_text, details, revision,
                recorded_ms
              FROM {order_stage} WHERE dealer_id = :dealer AND order_id IN (<orders>)
              ORDER BY order_id, seq
              """)
          .bind("dealer", tenant.id())
          .bindList("orders", some)
          .map(
              (row, context) ->
                  new Found(
                      row.getLong("order_id"), new StageRow(row.getInt("seq"), stage(tenant, row))))
          .forEach(
              one -> found.computeIfAbsent(one.order(), id -> new ArrayList<>()).add(one.stage()));
    }
    return found;
  }

  /** A recorded stage and its number in the order of recording. */
  record StageRow(int seq, StageRecord record) {}

  List<StageRecord> stages(Tx tx, Tenant tenant, Set<Long> ids) {
    return ids.isEmpty()
        ? List.of()
        : tx.query(
                """
                SELECT id, stage, document, scope, at_ms, stage_text, details, revision, recorded_ms
                FROM {order_stage} WHERE dealer_id = :dealer AND id IN (<stages>)
                """,
                "stages",
                Rows.Type.LONG,
                ids)
            .bind("dealer", tenant.id())
            .map((row, context) -> stage(row, detailsIfOpen(tenant, row)))
            .list();
  }

  List<OrderBook.StageTime> stageTimes(Tx tx, Tenant tenant, Set<Long> ids) {
    return ids.isEmpty()
        ? List.of()
        : tx.query(
                """
                SELECT id, scope, at_ms, recorded_ms FROM {order_stage}
                WHERE dealer_id = :dealer AND id IN (<stages>)""",
                "stages",
                Rows.Type.LONG,
                ids)
            .bind("dealer", tenant.id())
            .map(
                (row, context) -> {
                  Long at = number(row, "at_ms");
                  long known = at == null ? row.getLong("recorded_ms") : at;
                  return new OrderBook.StageTime(
                      row.getLong("id"),
                      Instant.ofEpochMilli(known),
                      scope(row.getString("scope")));
                })
            .list();
  }

  private StageRecord stage(Tenant tenant, ResultSet row) throws SQLException {
    return stage(row, details(tenant, row.getString("details")));
  }

  /** Whoever words a notice anew is not stopped by a missing key: it goes without its details. */
  private Map<String, String> detailsIfOpen(Tenant tenant, ResultSet row) throws SQLException {
    try {
      return details(tenant, row.getString("details"));
    } catch (SealedException closed) {
      return Map.of();
    }
  }

  private StageRecord stage(ResultSet row, Map<String, String> details) throws SQLException {
    return new StageRecord(
        row.getLong("id"),
        Stage.valueOf(row.getString("stage")),
        Optional.ofNullable(number(row, "at_ms")).map(Instant::ofEpochMilli),
        row.getString("document"),
        Optional.ofNullable(row.getString("stage_text")),
        scope(row.getString("scope")),
        details,
        row.getInt("revision"),
        Instant.ofEpochMilli(row.getLong("recorded_ms")));
  }

  Map<String, SortedSet<Integer>> scope(String stored) {
    if (stored.isEmpty()) {
      return Map.of();
    }
    SortedMap<String, SortedSet<Integer>> scope = new TreeMap<>();
    json.read(stored, Scope.class)
        .lines()
        .forEach((line, units) -> scope.put(line, new TreeSet<>(units)));
    return scope;
  }

  private Map<String, String> details(Tenant tenant, String stored) {
    if (stored.isEmpty()) {
      return Map.of();
    }
    // Before they were sealed they stood there as they are.
    String plain = stored.startsWith("{") ? stored : Sealed.open(json, tenant.privacy(), stored);
    return json.read(plain, Details.class).details();
  }

  /** Lines and units as they are stored. */
  record Scope(Map<String, List<Integer>> lines) {}

  /** Details as they are stored. */
  record Details(Map<String, String> details) {}

  /** The units of an order that have rows. */
  List<UnitRow> units(Tx tx, Tenant tenant, long orderId) {
    return tx.guarded(
            """
            SELECT id, line_no, unit_no, sold_serial, serial, stage, present, counted, installed_ms,
              serviced_ms
            FROM {order_unit} WHERE dealer_id = :dealer AND order_id = :order
            ORDER BY line_no, unit_no
            """)
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .map((row, context) -> unit(row))
        .list();
  }

  /** The units of orders that have rows. */
  Map<Long, List<UnitRow>> unitsOf(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    Map<Long, List<UnitRow>> found = new HashMap<>();
    for (List<Long> some : Chunks.of(orderIds)) {
      record Found(long order, UnitRow unit) {}
      tx.guarded(
              """
              SELECT order_id, id, line_no, unit_no, sold_serial, serial, stage, present, counted,
                installed_ms, serviced_ms
              FROM {order_unit} WHERE dealer_id = :dealer AND order_id IN (<orders>)
              ORDER BY order_id, line_no, unit_no
              """)
          .bind("dealer", tenant.id())
          .bindList("orders", some)
          .map((row, context) -> new Found(row.getLong("order_id"), unit(row)))
          .forEach(
              one -> found.computeIfAbsent(one.order(), id -> new ArrayList<>()).add(one.unit()));
    }
    return found;
  }

  private static UnitRow unit(ResultSet row) throws SQLException {
    return new UnitRow(
        row.getLong("id"),
        row.getString("line_no"),
        row.getInt("unit_no"),
        row.getString("sold_serial"),
        row.getString("serial"),
        Stage.valueOf(row.getString("stage")),
        row.getBoolean("present"),
        row.getBoolean("counted"),
        number(row, "installed_ms"),
        number(row, "serviced_ms"));
  }

  // ---- the order's row

  /** Makes the order's row unless there is one; of a new one nothing is known yet. */
  boolean claim(Tx tx, Tenant tenant, long id, String orderNo, Instant now) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {customer_order} (dealer_id, id, order_no, assigned, stage, stage_seq, message_seq,
          with_numbers, with_units, with_returns, created_ms, changed_ms)
        VALUES (:dealer, :id, :order, FALSE, 'REPORTED', 0, 0, FALSE, FALSE, FALSE, :now, :now)
        """,
        row ->
            row.bind("dealer", tenant.id())
                .bind("id", id)
                .bind("order", orderNo)
                .bind("now", now.toEpochMilli()));
  }

  /**
   * Whether the row of a new order may be written whole once all of it is known, instead of being
   * claimed first: half the work for its indexes. Whoever reports the same number meanwhile loses
   * the race then, which Laoke repeats; a host would have to repeat it itself.
   */
  boolean insertsWhole(Tx tx) {
    return tx.own();
  }

  /** Writes a new order's row whole. */
  void insert(Tx tx, Tenant tenant, OrderHead head, Instant now) {
    Rows row = OrderRows.heads(tenant);
    OrderRows.add(row, tenant, head, now);
    tx.insertLaterIfAbsent(
        row,
        () -> {
          throw Races.lost("order '" + head.orderNo() + "'");
        });
    Rows numbers = OrderRows.numbers(tenant);
    OrderRows.addNumbers(numbers, head);
    tx.insertLater(numbers);
  }

  void update(Tx tx, Tenant tenant, OrderHead before, OrderHead head, Instant now) {
    bind(
            tx.update(
                """
                UPDATE {customer_order} SET ordered_ms = :ordered, member_id = :member, assigned = :assigned,
                  buyer_customer_no = :customerNo, buyer_name = :name, buyer_phone = :phone,
                  place_id = :place, store_code = :store, salesperson = :salesperson,
                  sales_channel = :channel, stage = :stage, stage_text = :text, stage_at_ms = :at,
                  stage_seq = :seq, with_numbers = :numbers, with_units = :units, with_returns = :returns,
                  content_hash = :hash, erased = :erased, changed_ms = :now, with_services = :services,
                  approved_ms = :approved, shipped_ms = :shipped, delivered_ms = :delivered,
                  installed_ms = :installed
                WHERE dealer_id = :dealer AND id = :id
                """),
            tenant,
            head,
            now)
        .execute();
    if (!before.externalNumbers().equals(head.externalNumbers())) {
      renumber(tx, tenant, before, head);
    }
  }

  private static Update bind(Update statement, Tenant tenant, OrderHead head, Instant now) {
    return statement
        .bind("ordered", head.orderedMs())
        .bind("member", head.memberId())
        .bind("assigned", head.assigned())
        .bind("customerNo", tenant.privacy().seal(head.buyer().customerNo().orElse(null)))
        .bind("name", tenant.privacy().seal(head.buyer().name().orElse(null)))
        .bind("phone", tenant.privacy().seal(head.buyer().phone().orElse(null)))
        .bind("place", head.placeId())
        .bind("store", head.storeCode())
        .bind("salesperson", head.salesperson())
        .bind("channel", head.salesChannel())
        .bind("stage", head.stage().name())
        .bind("text", head.stageText())
        .bind("at", head.stageAtMs())
        .bind("seq", head.stageSeq())
        .bind("numbers", !head.externalNumbers().isEmpty())
        .bind("units", head.withUnits())
        .bind("returns", head.withReturns())
        .bind("hash", head.contentHash())
        .bind("erased", head.erased() ? 1 : 0)
        .bind("services", head.withServices())
        .bind("approved", head.milestones().approvedMs())
        .bind("shipped", head.milestones().shippedMs())
        .bind("delivered", head.milestones().deliveredMs())
        .bind("installed", head.milestones().installedMs())
        .bind("now", now.toEpochMilli())
        .bind("dealer", tenant.id())
        .bind("id", head.id());
  }

  private static void renumber(Tx tx, Tenant tenant, OrderHead before, OrderHead head) {
    if (!before.externalNumbers().isEmpty()) {
      tx.update("DELETE FROM {order_number} WHERE dealer_id = :dealer AND order_id = :order")
          .bind("dealer", tenant.id())
          .bind("order", head.id())
          .execute();
    }
    if (!head.externalNumbers().isEmpty()) {
      PreparedBatch batch =
          tx.batch(
              """
              INSERT INTO {order_number} (dealer_id, order_id, system_name, external_no)
              VALUES (:dealer, :order, :system, :number)
              """);
      head.externalNumbers()
          .forEach(
              (system, number) ->
                  batch
                      .bind("dealer", tenant.id())
                      .bind("order", head.id())
                      .bind("system", system)
                      .bind("number", number)
                      .add());
      batch.execute();
    }
  }

  long nextMessageSeq(Tx tx, Tenant tenant, long orderId) {
    tx.update(
            "UPDATE {customer_order} SET message_seq = message_seq + 1 WHERE dealer_id = :dealer"
                + " AND id = :order")
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .execute();
    return tx.query(
            "SELECT message_seq FROM {customer_order} WHERE dealer_id = :dealer AND id = :order")
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .mapTo(Long.class)
        .one();
  }

  /** The first number of each order, of as many as are asked for. */
  Map<Long, Long> nextMessageSeqs(Tx tx, Tenant tenant, Map<Long, Integer> messages) {
    SortedMap<Integer, List<Long>> byCount = new TreeMap<>();
    new TreeMap<>(messages)
        .forEach(
            (order, count) -> byCount.computeIfAbsent(count, any -> new ArrayList<>()).add(order));
    Map<Long, Long> first = new HashMap<>();
    byCount.forEach(
        (count, orders) -> {
          tx.update(
                  "UPDATE {customer_order} SET message_seq = message_seq + :count WHERE dealer_id ="
                      + " :dealer AND id IN (<orders>)")
              .bind("count", count)
              .bind("dealer", tenant.id())
              .bindList("orders", orders)
              .execute();
          tx.query(
                  "SELECT id, message_seq FROM {customer_order} WHERE dealer_id = :dealer AND id IN"
                      + " (<orders>)")
              .bind("dealer", tenant.id())
              .bindList("orders", orders)
              .map((row, context) -> Map.entry(row.getLong("id"), row.getLong("message_seq")))
              .forEach(row -> first.put(row.getKey(), row.getValue() - count + 1));
        });
    return first;
  }

  // ---- lines

  void insertLines(Tx tx, Tenant tenant, OrderHead head, Collection<LineRow> lines) {
    Rows rows = OrderRows.lines(tenant);
    lines.forEach(line -> OrderRows.add(rows, head, line));
    tx.insertLater(rows);
  }

  void updateLines(Tx tx, Tenant tenant, OrderHead head, Collection<LineRow> lines) {
    if (lines.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {order_line} SET line_index = :index, kind = :kind, category_code = :code,
              category = :category, name = :name, model = :model, brand = :brand,
              quantity = :quantity, net_fen = :net, stage = :stage, counted_quantity = :counted,
              counted_fen = :countedFen, member_id = :member, ordered_ms = :ordered,
              plain_units = :plain, installed_ms = :installed, serviced_ms = :serviced,
              warranty_ends = :warranty
            WHERE dealer_id = :dealer AND order_id = :order AND line_no = :lineNo
            """);
    for (LineRow line : lines) {
      bind(batch, tenant, head, line).add();
    }
    batch.execute();
  }

  private static <S extends SqlStatement<S>> S bind(
      S statement, Tenant tenant, OrderHead head, LineRow line) {
    return statement
        .bind("dealer", tenant.id())
        .bind("order", head.id())
        .bind("lineNo", line.lineNo())
        .bind("index", line.index())
        .bind("kind", line.kind().name())
        .bind("code", line.categoryCode())
        .bind("category", line.category())
        .bind("name", line.name())
        .bind("model", line.model())
        .bind("brand", line.brand())
        .bind("quantity", line.quantity())
        .bind("net", line.netFen())
        .bind("stage", line.stage().name())
        .bind("counted", line.counted())
        .bind("countedFen", line.countedFen())
        .bind("member", head.memberId())
        .bind("ordered", head.orderedMs())
        .bind("plain", line.plain().units())
        .bind("installed", line.plain().installedMs())
        .bind("serviced", line.plain().servicedMs())
        .bind("warranty", line.warrantyEnds());
  }

  void deleteLines(Tx tx, Tenant tenant, long orderId, Collection<String> lineNos) {
    if (lineNos.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            "DELETE FROM {order_line} WHERE dealer_id = :dealer AND order_id = :order AND line_no ="
                + " :lineNo");
    for (String lineNo : lineNos) {
      batch.bind("dealer", tenant.id()).bind("order", orderId).bind("lineNo", lineNo).add();
    }
    batch.execute();
  }

  /** Places lines of locked orders anew, and notes that these have changed. */
  void place(Tx tx, Tenant tenant, Map<Long, List<LineRow>> placed, Instant now) {
    PreparedBatch lines =
        tx.batch(
            """
            UPDATE {order_line} SET category = :category
            WHERE dealer_id = :dealer AND order_id = :order AND line_no = :lineNo
            """);
    placed.forEach(
        (order, ofOrder) ->
            ofOrder.forEach(
                line ->
                    lines
                        .bind("category", line.category())
                        .bind("dealer", tenant.id())
                        .bind("order", order)
                        .bind("lineNo", line.lineNo())
                        .add()));
    if (lines.size() > 0) {
      lines.execute();
    }
    touch(tx, tenant, placed.keySet(), now);
  }

  private static void touch(Tx tx, Tenant tenant, Collection<Long> orderIds, Instant now) {
    PreparedBatch heads =
        tx.batch(
            """
            UPDATE {customer_order} SET changed_ms = :now WHERE dealer_id = :dealer AND id = :order
            """);
    for (long order : orderIds) {
      heads.bind("now", now.toEpochMilli()).bind("dealer", tenant.id()).bind("order", order).add();
    }
    if (heads.size() > 0) {
      heads.execute();
    }
  }

  // ---- units

  void insertUnits(Tx tx, Tenant tenant, long orderId, Collection<UnitRow> units) {
    Rows rows = OrderRows.units(tenant);
    units.forEach(unit -> OrderRows.add(rows, orderId, unit));
    tx.insertLater(rows);
  }

  private static final String UPDATE_UNIT =
      """
      UPDATE {order_unit} SET sold_serial = :sold, serial = :serial, stage = :stage,
        present = :present, counted = :counted, installed_ms = :installed,
        serviced_ms = :serviced
      WHERE dealer_id = :dealer AND id = :id
      """;

  void updateUnits(Tx tx, Tenant tenant, long orderId, Collection<UnitRow> units) {
    if (units.isEmpty()) {
      return;
    }
    PreparedBatch batch = tx.batch(UPDATE_UNIT);
    for (UnitRow unit : units) {
      bind(batch, tenant, unit).add();
    }
    batch.execute();
  }

  private static PreparedBatch bind(PreparedBatch batch, Tenant tenant, UnitRow unit) {
    return batch
        .bind("dealer", tenant.id())
        .bind("id", unit.id())
        .bind("sold", unit.soldSerial())
        .bind("serial", unit.serial())
        .bind("stage", unit.stage().name())
        .bind("present", unit.present())
        .bind("counted", unit.counted())
        .bind("installed", unit.installedMs())
        .bind("serviced", unit.servicedMs());
  }

  /**
   * Writes the units of locked orders of which nothing else has changed, each as it was and as it
   * is, by few statements.
   */
  void writeUnits(Tx tx, Tenant tenant, Map<Dossier, Dossier> changed, Instant now) {
    Rows added = OrderRows.units(tenant);
    PreparedBatch units = tx.batch(UPDATE_UNIT);
    PreparedBatch lines =
        tx.batch(
            """
            UPDATE {order_line} SET plain_units = :plain
            WHERE dealer_id = :dealer AND order_id = :order AND line_no = :lineNo
            """);
    PreparedBatch heads =
        tx.batch(
            """
            UPDATE {customer_order} SET with_units = TRUE, changed_ms = :now
            WHERE dealer_id = :dealer AND id = :id
            """);
    changed.forEach(
        (before, after) -> {
          long order = after.head().id();
          heads.bind("now", now.toEpochMilli()).bind("dealer", tenant.id()).bind("id", order).add();
          for (LineRow line : after.lines()) {
            lines
                .bind("plain", line.plain().units())
                .bind("dealer", tenant.id())
                .bind("order", order)
                .bind("lineNo", line.lineNo())
                .add();
          }
          Map<Long, UnitRow> stored = new HashMap<>();
          before.units().forEach(unit -> stored.put(unit.id(), unit));
          for (UnitRow unit : after.units()) {
            UnitRow was = stored.get(unit.id());
            if (was == null) {
              OrderRows.add(added, order, unit);
            } else if (!was.equals(unit)) {
              bind(units, tenant, unit).add();
            }
          }
        });
    for (PreparedBatch batch : List.of(heads, lines, units)) {
      if (batch.size() > 0) {
        batch.execute();
      }
    }
    tx.insertAll(added);
  }

  // ---- stages

  void insertStage(Tx tx, Tenant tenant, long orderId, int seq, StageRecord stage) {
    String scope = scopeText(stage.scope());
    tx.update(
            """
            INSERT INTO {order_stage} (dealer_id, id, order_id, seq, stage, document, scope_hash, scope,
              at_ms, stage_text, details, revision, recorded_ms)
            VALUES (:dealer, :id, :order, :seq, :stage, :document, :scopeHash, :scope, :at, :text,
              :details, :revision, :recorded)
            """)
        .bind("dealer", tenant.id())
        .bind("id", stage.id())
        .bind("order", orderId)
        .bind("seq", seq)
        .bind("stage", stage.stage().name())
        .bind("document", stage.document())
        .bind("scopeHash", tenant.privacy().hash("scope", scope))
        .bind("scope", scope)
        .bind("at", stage.at().map(Instant::toEpochMilli).orElse(null))
        .bind("text", stage.text().orElse(null))
        .bind("details", detailsText(tenant, stage.details()))
        .bind("revision", stage.revision())
        .bind("recorded", stage.recordedAt().toEpochMilli())
        .execute();
  }

  void updateStage(Tx tx, Tenant tenant, long orderId, StageRecord stage) {
    tx.update(
            """
            UPDATE {order_stage} SET at_ms = :at, stage_text = :text, details = :details,
              revision = :revision
            WHERE dealer_id = :dealer AND id = :id
            """)
        .bind("at", stage.at().map(Instant::toEpochMilli).orElse(null))
        .bind("text", stage.text().orElse(null))
        .bind("details", detailsText(tenant, stage.details()))
        .bind("revision", stage.revision())
        .bind("dealer", tenant.id())
        .bind("id", stage.id())
        .execute();
  }

  String scopeText(Map<String, SortedSet<Integer>> scope) {
    if (scope.isEmpty()) {
      return "";
    }
    Map<String, List<Integer>> lines = new TreeMap<>();
    scope.forEach((line, units) -> lines.put(line, List.copyOf(units)));
    return json.write(new Scope(lines));
  }

  String detailsText(Tenant tenant, Map<String, String> details) {
    return details.isEmpty()
        ? ""
        : Sealed.seal(json, tenant.privacy(), json.write(new Details(details)));
  }

  // ---- services

  private static final String SERVICES =
      """
      SELECT order_id, id, line_no, unit_no, kind, at_ms, paid_fen, document, technician, note,
        recorded_ms
      FROM {unit_service}
      """;

  /** The services of an order's units, in the order in which they were done. */
  List<ServiceRow> services(Tx tx, Tenant tenant, long orderId) {
    return tx.guarded(
            SERVICES + "WHERE dealer_id = :dealer AND order_id = :order ORDER BY at_ms, id")
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .map((row, context) -> service(tenant, row))
        .list();
  }

  /** The same of several orders. */
  Map<Long, List<ServiceRow>> servicesOf(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    Map<Long, List<ServiceRow>> found = new HashMap<>();
    for (List<Long> some : Chunks.of(orderIds)) {
      record Found(long order, ServiceRow service) {}
      tx.query(
              SERVICES
                  + "WHERE dealer_id = :dealer AND order_id IN (<orders>) ORDER BY order_id, at_ms, id")
          .bind("dealer", tenant.id())
          .bindList("orders", some)
          .map((row, context) -> new Found(row.getLong("order_id"), service(tenant, row)))
          .forEach(
              one ->
                  found.computeIfAbsent(one.order(), id -> new ArrayList<>()).add(one.service()));
    }
    return found;
  }

  private static ServiceRow service(Tenant tenant, ResultSet row) throws SQLException {
    return new ServiceRow(
        row.getLong("id"),
        row.getString("line_no"),
        row.getInt("unit_no"),
        row.getString("kind"),
        row.getLong("at_ms"),
        row.getLong("paid_fen"),
        row.getString("document"),
        tenant.privacy().open(row.getString("technician")),
        tenant.privacy().open(row.getString("note")),
        row.getLong("recorded_ms"));
  }

  void insertService(
      Tx tx, Tenant tenant, OrderHead head, ServiceRow service, @Nullable Long unitId) {
    tx.update(
            """
            INSERT INTO {unit_service} (dealer_id, id, order_id, line_no, unit_no, unit_id, member_id,
              kind, at_ms, key_ms, paid_fen, document, technician, note, recorded_ms)
            VALUES (:dealer, :id, :order, :lineNo, :unitNo, :unit, :member, :kind, :at, :key, :paid,
              :document, :technician, :note, :recorded)
            """)
        .bind("dealer", tenant.id())
        .bind("id", service.id())
        .bind("order", head.id())
        .bind("lineNo", service.lineNo())
        .bind("unitNo", service.unitNo())
        .bind("unit", unitId)
        .bind("member", head.memberId())
        .bind("kind", service.kind())
        .bind("at", service.atMs())
        .bind("key", service.keyMs())
        .bind("paid", service.paidFen())
        .bind("document", service.document())
        .bind("technician", tenant.privacy().seal(service.technician()))
        .bind("note", tenant.privacy().seal(service.note()))
        .bind("recorded", service.recordedMs())
        .execute();
  }

  void updateService(Tx tx, Tenant tenant, long orderId, ServiceRow service) {
    tx.update(
            """
            UPDATE {unit_service} SET at_ms = :at, paid_fen = :paid, technician = :technician,
              note = :note
            WHERE dealer_id = :dealer AND id = :id
            """)
        .bind("at", service.atMs())
        .bind("paid", service.paidFen())
        .bind("technician", tenant.privacy().seal(service.technician()))
        .bind("note", tenant.privacy().seal(service.note()))
        .bind("dealer", tenant.id())
        .bind("id", service.id())
        .execute();
  }

  void deleteService(Tx tx, Tenant tenant, long orderId, ServiceRow service) {
    tx.update("DELETE FROM {unit_service} WHERE dealer_id = :dealer AND id = :id")
        .bind("dealer", tenant.id())
        .bind("id", service.id())
        .execute();
  }

  /** Gives an order's services the order's member. */
  void moveServices(Tx tx, Tenant tenant, OrderHead head) {
    tx.update(
            "UPDATE {unit_service} SET member_id = :member WHERE dealer_id = :dealer AND order_id ="
                + " :order")
        .bind("member", head.memberId())
        .bind("dealer", tenant.id())
        .bind("order", head.id())
        .execute();
  }

  // ---- places

  /** The row of a place, if there is one, once what waits is done. */
  Supplier<Optional<Long>> placeLater(Tx tx, Tenant tenant, Place place) {
    List<Long> found = new ArrayList<>();
    tx.later(
        PLACE_ID,
        Map.of("dealer", tenant.id(), "hash", placeHash(tenant, place)),
        row -> found.add(row.getLong("id")));
    return () -> found.stream().findFirst();
  }

  /**
   * The row of a place, made if it is new.
   *
   * @param read the row as {@link #placeLater} found it
   */
  long place(Tx tx, Tenant tenant, Place place, Optional<Long> read, long newId, Instant now) {
    if (read.isPresent()) {
      return read.get();
    }
    String hash = placeHash(tenant, place);
    boolean inserted =
        tx.insertIfAbsent(
            """
            INSERT INTO {place} (dealer_id, id, place_hash, household_hash, region, street, contact,
              phone, created_ms)
            VALUES (:dealer, :id, :hash, :household, :region, :street, :contact, :phone, :now)
            """,
            row ->
                row.bind("dealer", tenant.id())
                    .bind("id", newId)
                    .bind("hash", hash)
                    .bind("household", household(tenant, place))
                    .bind("region", place.region().orElse(null))
                    .bind("street", tenant.privacy().seal(place.street().orElse(null)))
                    .bind("contact", tenant.privacy().seal(place.contact().orElse(null)))
                    .bind("phone", tenant.privacy().seal(place.phone().orElse(null)))
                    .bind("now", now.toEpochMilli()));
    return inserted
        ? newId
        : tx.query(PLACE_ID + " FOR UPDATE")
            .bind("dealer", tenant.id())
            .bind("hash", hash)
            .mapTo(Long.class)
            .findOne()
            .orElseThrow(() -> Races.lost("place"));
  }

  private static final String PLACE_ID =
      "SELECT id FROM {place} WHERE dealer_id = :dealer AND place_hash = :hash";

  static String placeHash(Tenant tenant, Place place) {
    return tenant
        .privacy()
        .hash(
            "place",
            new Canon()
                .add(place.region())
                .add(place.street())
                .add(place.contact())
                .add(place.phone())
                .toString());
  }

  /** The rows of those of these places that there are, by their hashes. */
  Map<String, Long> placeIds(Tx tx, Tenant tenant, Collection<String> hashes) {
    Map<String, Long> ids = new HashMap<>();
    for (List<String> some : Chunks.of(hashes)) {
      tx.query(
              "SELECT place_hash, id FROM {place} WHERE dealer_id = :dealer AND place_hash IN"
                  + " (<hashes>)",
              "hashes",
              Rows.Type.TEXT,
              some)
          .bind("dealer", tenant.id())
          .map((row, context) -> Map.entry(row.getString("place_hash"), row.getLong("id")))
          .forEach(found -> ids.put(found.getKey(), found.getValue()));
    }
    return ids;
  }

  static @Nullable String household(Tenant tenant, Place place) {
    return place.street().isEmpty()
        ? null
        : tenant
            .privacy()
            .hash("household", new Canon().add(place.region()).add(place.street()).toString());
  }

  // ---- assignments

  List<OrderHistory.Assignment> assignments(Tx tx, Tenant tenant, OrderHead head) {
    List<OrderHistory.Assignment> written =
        tx.query(
                """
                SELECT member_id, how, at_ms FROM {order_assignment}
                WHERE dealer_id = :dealer AND order_id = :order ORDER BY seq
                """)
            .bind("dealer", tenant.id())
            .bind("order", head.id())
            .map(
                (row, context) ->
                    OrderHistory.Assignment.of(
                        number(row, "member_id"),
                        OrderHistory.How.valueOf(row.getString("how")),
                        Instant.ofEpochMilli(row.getLong("at_ms"))))
            .list();
    if (!written.isEmpty() || head.memberId() == null) {
      return written;
    }
    return List.of(
        OrderHistory.Assignment.of(
            head.memberId(), OrderHistory.How.BUYER, Instant.ofEpochMilli(head.createdMs())));
  }

  /** Adds to the history; a first change also writes down with whom the order was before. */
  void assigned(
      Tx tx,
      Tenant tenant,
      OrderHead before,
      @Nullable Long memberId,
      OrderHistory.How how,
      Instant now) {
    int next =
        tx.guarded(
                "SELECT COALESCE(MAX(seq), 0) + 1 FROM {order_assignment} WHERE dealer_id = :dealer"
                    + " AND order_id = :order")
            .bind("dealer", tenant.id())
            .bind("order", before.id())
            .mapTo(Integer.class)
            .one();
    if (next == 1 && before.memberId() != null) {
      assignment(
          tx,
          tenant,
          before.id(),
          next++,
          before.memberId(),
          OrderHistory.How.BUYER,
          before.createdMs());
    }
    assignment(tx, tenant, before.id(), next, memberId, how, now.toEpochMilli());
  }

  /** The same for many that go to one member; the first change of each notes both. */
  void assigned(
      Tx tx,
      Tenant tenant,
      Collection<Long> orderIds,
      long memberId,
      OrderHistory.How how,
      Instant now) {
    for (List<Long> some : Chunks.of(orderIds)) {
      tx.update(
              """
              INSERT INTO {order_assignment} (dealer_id, order_id, seq, member_id, how, at_ms)
              SELECT o.dealer_id, o.id, 1, o.member_id, 'BUYER', o.created_ms FROM {customer_order} o
              WHERE o.dealer_id = :dealer AND o.id IN (<orders>) AND o.member_id IS NOT NULL
                AND NOT EXISTS (
                  SELECT 1 FROM {order_assignment} a
                  WHERE a.dealer_id = :dealer AND a.order_id = o.id)
              """)
          .bind("dealer", tenant.id())
          .bindList("orders", some)
          .execute();
      tx.update(
              """
              INSERT INTO {order_assignment} (dealer_id, order_id, seq, member_id, how, at_ms)
              SELECT a.dealer_id, a.order_id, MAX(a.seq) + 1, :member, :how, :now
              FROM {order_assignment} a
              WHERE a.dealer_id = :dealer AND a.order_id IN (<orders>)
              GROUP BY a.dealer_id, a.order_id
              """)
          .bind("member", memberId)
          .bind("how", how.name())
          .bind("now", now.toEpochMilli())
          .bind("dealer", tenant.id())
          .bindList("orders", some)
          .execute();
    }
  }

  private static void assignment(
      Tx tx,
      Tenant tenant,
      long orderId,
      int seq,
      @Nullable Long memberId,
      OrderHistory.How how,
      long atMs) {
    tx.update(
            """
            INSERT INTO {order_assignment} (dealer_id, order_id, seq, member_id, how, at_ms)
            VALUES (:dealer, :order, :seq, :member, :how, :at)
            """)
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .bind("seq", seq)
        .bind("member", memberId)
        .bind("how", how.name())
        .bind("at", atMs)
        .execute();
  }

  /** Quantities as they are compared. */
  static BigDecimal quantity(ResultSet row, String column) throws SQLException {
    return OrderLine.plain(row.getBigDecimal(column));
  }
}
