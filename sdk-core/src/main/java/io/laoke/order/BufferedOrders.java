package io.laoke.order;

import io.laoke.catalog.Chunks;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.jdbc.Undo;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The orders that one transaction speaks of: read and locked at once, changed in memory, written at
 * its end. What was there is written by the statements of {@link OrderTable}, what is new by few.
 */
final class BufferedOrders extends OrderTable {
  /** What an order consists of, as far as it was read. */
  private record Content(
      List<LineRow> lines, List<StageRow> stages, List<UnitRow> units, List<ServiceRow> services) {
    static final Content NONE = new Content(List.of(), List.of(), List.of(), List.of());

    Content withLines(List<LineRow> changed) {
      return new Content(changed, stages, units, services);
    }

    Content withStages(List<StageRow> changed) {
      return new Content(lines, changed, units, services);
    }

    Content withUnits(List<UnitRow> changed) {
      return new Content(lines, stages, changed, services);
    }

    Content withServices(List<ServiceRow> changed) {
      return new Content(lines, stages, units, changed);
    }
  }

  /**
   * An order as this transaction sees it.
   *
   * @param stored the row as it was read, null if this transaction made it
   * @param read the content as it was read, null if it was not yet
   * @param written whether its row is to be written
   */
  private record Held(
      @Nullable OrderHead stored,
      @Nullable Content read,
      OrderHead head,
      Content content,
      boolean written) {
    Held with(Content changed) {
      return new Held(stored, read, head, changed, written);
    }
  }

  private static final Comparator<LineRow> BY_INDEX = Comparator.comparingInt(LineRow::index);

  private final OrderTable table;
  private final Undo undo;
  private final Map<String, Long> ids = new HashMap<>();
  private final Set<String> absent = new HashSet<>();
  private final Map<Long, Held> held = new LinkedHashMap<>();
  private final Map<String, Long> places = new HashMap<>();
  private final Map<String, Place> newPlaces = new LinkedHashMap<>();
  private final Map<String, String> scopeHashes = new HashMap<>();
  private boolean contentsRead;

  BufferedOrders(Json json, OrderTable table, Undo undo) {
    super(json);
    this.table = table;
    this.undo = undo;
  }

  /** Reads and locks what is there of these orders, and reads the places. */
  void prefetch(Tx tx, Tenant tenant, Collection<String> orderNos, Collection<Place> mentioned) {
    absent.addAll(orderNos);
    table.lockAll(tx, tenant, orderNos).forEach(this::found);
    Set<String> hashes = new HashSet<>();
    mentioned.forEach(place -> hashes.add(placeHash(tenant, place)));
    places.putAll(table.placeIds(tx, tenant, hashes));
  }

  private void found(OrderHead head) {
    absent.remove(head.orderNo());
    ids.put(head.orderNo(), head.id());
    // Of an order that only a return speaks of there is nothing to read.
    Content read = head.reported() ? null : Content.NONE;
    held.put(head.id(), new Held(head, read, head, Content.NONE, false));
  }

  /** The orders that this transaction has made, and those that it has changed. */
  Map<Long, OrderDetail> written(boolean made) {
    Map<Long, OrderDetail> found = new LinkedHashMap<>();
    held.forEach(
        (id, one) -> {
          if (one.written() && made == (one.stored() == null || !one.stored().reported())) {
            if (one.head().reported()) {
              found.put(id, one.head().detail(one.content().lines()));
            }
          }
        });
    return found;
  }

  /** The reported orders that were written. */
  List<Long> changed() {
    List<Long> changed = new ArrayList<>();
    held.forEach(
        (id, one) -> {
          if (one.written() && one.head().reported()) {
            changed.add(id);
          }
        });
    return changed;
  }

  /** The order's row as this transaction sees it, if it has seen it. */
  Optional<OrderHead> seen(String orderNo) {
    Long id = ids.get(orderNo);
    return id == null ? Optional.empty() : Optional.ofNullable(held.get(id)).map(Held::head);
  }

  // ---- reading

  @Override
  Optional<OrderHead> head(Tx tx, Tenant tenant, String orderNo, boolean lock) {
    if (!ids.containsKey(orderNo) && !absent.contains(orderNo)) {
      absent.add(orderNo);
      table.head(tx, tenant, orderNo, true).ifPresent(this::found);
    }
    return seen(orderNo);
  }

  /** Of what was read at once nothing is asked again, order by order. */
  @Override
  Supplier<Optional<OwnRow>> lockLater(Tx tx, Tenant tenant, String orderNo) {
    Optional<OwnRow> found =
        head(tx, tenant, orderNo, true)
            .map(head -> new OwnRow(head, !head.externalNumbers().isEmpty()));
    return () -> found;
  }

  @Override
  OrderHead completed(Tx tx, Tenant tenant, OwnRow found) {
    return found.head();
  }

  @Override
  Map<String, Long> ids(Tx tx, Tenant tenant, Collection<String> orderNos) {
    Map<String, Long> known = new HashMap<>();
    for (String orderNo : orderNos) {
      head(tx, tenant, orderNo, true).ifPresent(head -> known.put(orderNo, head.id()));
    }
    return known;
  }

  @Override
  Optional<OrderHead> head(Tx tx, Tenant tenant, long orderId, boolean lock) {
    if (!held.containsKey(orderId)) {
      table.head(tx, tenant, orderId, true).ifPresent(this::found);
    }
    return Optional.ofNullable(held.get(orderId)).map(Held::head);
  }

  @Override
  Map<Long, List<LineRow>> lines(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    Map<Long, List<LineRow>> lines = new HashMap<>();
    orderIds.forEach(id -> lines.put(id, content(tx, tenant, id).lines()));
    return lines;
  }

  @Override
  List<StageRecord> stages(Tx tx, Tenant tenant, long orderId) {
    return content(tx, tenant, orderId).stages().stream().map(StageRow::record).toList();
  }

  @Override
  List<UnitRow> units(Tx tx, Tenant tenant, long orderId) {
    return content(tx, tenant, orderId).units();
  }

  @Override
  List<ServiceRow> services(Tx tx, Tenant tenant, long orderId) {
    return content(tx, tenant, orderId).services();
  }

  private Content content(Tx tx, Tenant tenant, long orderId) {
    Held one = one(orderId);
    if (one.stored() == null || one.read() != null) {
      return one.content();
    }
    List<Long> unread = new ArrayList<>();
    if (contentsRead) {
      unread.add(orderId);
    } else {
      // Most often either all orders of a transaction were imported before, or none was.
      contentsRead = true;
      held.forEach(
          (id, other) -> {
            if (other.stored() != null && other.read() == null) {
              unread.add(id);
            }
          });
    }
    Map<Long, List<LineRow>> lines = new HashMap<>();
    Chunks.of(unread).forEach(some -> lines.putAll(table.lines(tx, tenant, some)));
    Map<Long, List<StageRow>> stages = table.stagesOf(tx, tenant, unread);
    Map<Long, List<UnitRow>> units = table.unitsOf(tx, tenant, unread);
    Map<Long, List<ServiceRow>> services =
        table.servicesOf(
            tx, tenant, unread.stream().filter(id -> one(id).head().withServices()).toList());
    for (long id : unread) {
      Content read =
          new Content(
              lines.getOrDefault(id, List.of()),
              stages.getOrDefault(id, List.of()),
              units.getOrDefault(id, List.of()),
              services.getOrDefault(id, List.of()));
      Held known = one(id);
      held.put(id, new Held(known.stored(), read, known.head(), read, known.written()));
    }
    return one(orderId).content();
  }

  private Held one(long orderId) {
    Held one = held.get(orderId);
    if (one == null) {
      throw new IllegalStateException("order " + orderId + " was not read");
    }
    return one;
  }

  /** Orders whose row was there before. */
  List<Long> stored() {
    List<Long> stored = new ArrayList<>();
    held.forEach(
        (id, one) -> {
          if (one.stored() != null) {
            stored.add(id);
          }
        });
    return stored;
  }

  /** Whose those are that were read. */
  Set<Long> members() {
    Set<Long> members = new HashSet<>();
    held.values()
        .forEach(one -> Optional.ofNullable(one.head().memberId()).ifPresent(members::add));
    return members;
  }

  // ---- changing

  @Override
  boolean insertsWhole(Tx tx) {
    return false;
  }

  @Override
  boolean claim(Tx tx, Tenant tenant, long id, String orderNo, Instant now) {
    if (head(tx, tenant, orderNo, true).isPresent()) {
      return false;
    }
    ids.put(orderNo, id);
    held.put(
        id, new Held(null, null, OrderDesk.blank(id, orderNo, now).head(), Content.NONE, true));
    undo.by(
        () -> {
          ids.remove(orderNo);
          held.remove(id);
        });
    return true;
  }

  private void put(long orderId, Held now) {
    Held was = one(orderId);
    held.put(orderId, now);
    undo.by(() -> held.put(orderId, was));
  }

  @Override
  void update(Tx tx, Tenant tenant, OrderHead before, OrderHead head, Instant now) {
    Held one = one(head.id());
    put(head.id(), new Held(one.stored(), one.read(), head, one.content(), true));
  }

  @Override
  void insertLines(Tx tx, Tenant tenant, OrderHead head, Collection<LineRow> lines) {
    if (!lines.isEmpty()) {
      lines(head.id(), all -> lines.forEach(line -> all.put(line.lineNo(), line)));
    }
  }

  @Override
  void updateLines(Tx tx, Tenant tenant, OrderHead head, Collection<LineRow> lines) {
    insertLines(tx, tenant, head, lines);
  }

  @Override
  void deleteLines(Tx tx, Tenant tenant, long orderId, Collection<String> lineNos) {
    if (!lineNos.isEmpty()) {
      lines(orderId, all -> lineNos.forEach(all::remove));
    }
  }

  private interface Change {
    void to(Map<String, LineRow> lines);
  }

  private void lines(long orderId, Change change) {
    Held one = one(orderId);
    Map<String, LineRow> all = new LinkedHashMap<>();
    one.content().lines().forEach(line -> all.put(line.lineNo(), line));
    change.to(all);
    List<LineRow> changed = new ArrayList<>(all.values());
    changed.sort(BY_INDEX);
    put(orderId, one.with(one.content().withLines(changed)));
  }

  @Override
  void insertUnits(Tx tx, Tenant tenant, long orderId, Collection<UnitRow> units) {
    if (units.isEmpty()) {
      return;
    }
    Held one = one(orderId);
    Map<Long, UnitRow> all = new LinkedHashMap<>();
    one.content().units().forEach(unit -> all.put(unit.id(), unit));
    units.forEach(unit -> all.put(unit.id(), unit));
    put(orderId, one.with(one.content().withUnits(List.copyOf(all.values()))));
  }

  @Override
  void updateUnits(Tx tx, Tenant tenant, long orderId, Collection<UnitRow> units) {
    insertUnits(tx, tenant, orderId, units);
  }

  @Override
  void insertStage(Tx tx, Tenant tenant, long orderId, int seq, StageRecord stage) {
    List<StageRow> all = new ArrayList<>(one(orderId).content().stages());
    all.add(new StageRow(seq, stage));
    stages(orderId, all);
  }

  @Override
  void updateStage(Tx tx, Tenant tenant, long orderId, StageRecord stage) {
    List<StageRow> all = new ArrayList<>(one(orderId).content().stages());
    all.replaceAll(row -> row.record().id() == stage.id() ? new StageRow(row.seq(), stage) : row);
    stages(orderId, all);
  }

  private void stages(long orderId, List<StageRow> stages) {
    Held one = one(orderId);
    put(orderId, one.with(one.content().withStages(stages)));
  }

  @Override
  void insertService(
      Tx tx, Tenant tenant, OrderHead head, ServiceRow service, @Nullable Long unitId) {
    updateService(tx, tenant, head.id(), service);
  }

  @Override
  void updateService(Tx tx, Tenant tenant, long orderId, ServiceRow service) {
    Held one = one(orderId);
    List<ServiceRow> all = new ArrayList<>(one.content().services());
    all.removeIf(row -> row.id() == service.id());
    all.add(service);
    put(orderId, one.with(one.content().withServices(all)));
  }

  @Override
  void moveServices(Tx tx, Tenant tenant, OrderHead head) {
    // Written with the member that the order has in the end.
  }

  @Override
  Supplier<Optional<Long>> placeLater(Tx tx, Tenant tenant, Place place) {
    return Optional::empty;
  }

  @Override
  long place(Tx tx, Tenant tenant, Place place, Optional<Long> read, long newId, Instant now) {
    String hash = placeHash(tenant, place);
    Long known = places.get(hash);
    if (known != null) {
      return known;
    }
    places.put(hash, newId);
    newPlaces.put(hash, place);
    undo.by(
        () -> {
          places.remove(hash);
          newPlaces.remove(hash);
        });
    return newId;
  }

  @Override
  void assigned(
      Tx tx,
      Tenant tenant,
      OrderHead before,
      @Nullable Long memberId,
      OrderHistory.How how,
      Instant now) {
    undo.written();
    super.assigned(tx, tenant, before, memberId, how, now);
  }

  // ---- writing

  /** Writes what was changed. */
  void flush(Tx tx, Tenant tenant, Instant now) {
    List<Held> made = new ArrayList<>();
    List<Held> changed = new ArrayList<>();
    for (Held one : held.values()) {
      if (one.stored() == null) {
        made.add(one);
      } else if (one.written()) {
        changed.add(one);
      }
    }
    made.sort(Comparator.comparing(one -> one.head().orderNo()));
    heads(tx, tenant, made, now);
    places(tx, tenant, now);
    contents(tx, tenant, made);
    for (Held one : changed) {
      changed(tx, tenant, one, now);
    }
  }

  private static void heads(Tx tx, Tenant tenant, List<Held> made, Instant now) {
    Rows rows = OrderRows.heads(tenant);
    Rows numbers = OrderRows.numbers(tenant);
    for (Held one : made) {
      OrderRows.add(rows, tenant, one.head(), now);
      OrderRows.addNumbers(numbers, one.head());
    }
    tx.insertAll(rows);
    tx.insertAll(numbers);
  }

  private void places(Tx tx, Tenant tenant, Instant now) {
    Rows rows =
        Rows.of("place", tenant.id())
            .with(Rows.Type.LONG, "id")
            .with(
                Rows.Type.TEXT,
                "place_hash",
                "household_hash",
                "region",
                "street",
                "contact",
                "phone")
            .with(Rows.Type.LONG, "created_ms");
    newPlaces.keySet().stream()
        .sorted()
        .forEach(
            hash -> {
              Place place = Objects.requireNonNull(newPlaces.get(hash));
              rows.add(
                  places.get(hash),
                  hash,
                  household(tenant, place),
                  place.region().orElse(null),
                  tenant.privacy().seal(place.street().orElse(null)),
                  tenant.privacy().seal(place.contact().orElse(null)),
                  tenant.privacy().seal(place.phone().orElse(null)),
                  now.toEpochMilli());
            });
    tx.insertAll(rows);
  }

  private void contents(Tx tx, Tenant tenant, List<Held> made) {
    Rows lines = OrderRows.lines(tenant);
    Rows units = OrderRows.units(tenant);
    Rows stages = stageRows(tenant);
    Rows services = serviceRows(tenant);
    for (Held one : made) {
      OrderHead head = one.head();
      for (LineRow line : one.content().lines()) {
        OrderRows.add(lines, head, line);
      }
      for (UnitRow unit : one.content().units()) {
        OrderRows.add(units, head.id(), unit);
      }
      one.content().stages().forEach(stage -> add(stages, tenant, head.id(), stage));
      one.content().services().forEach(service -> add(services, tenant, one, service));
    }
    tx.insertAll(lines);
    tx.insertAll(units);
    tx.insertAll(stages);
    tx.insertAll(services);
  }

  private static Rows serviceRows(Tenant tenant) {
    return Rows.of("unit_service", tenant.id())
        .with(Rows.Type.LONG, "id", "order_id")
        .with(Rows.Type.TEXT, "line_no")
        .with(Rows.Type.INT, "unit_no")
        .with(Rows.Type.LONG, "unit_id", "member_id")
        .with(Rows.Type.TEXT, "kind")
        .with(Rows.Type.LONG, "at_ms", "key_ms", "paid_fen")
        .with(Rows.Type.TEXT, "document", "technician", "note")
        .with(Rows.Type.LONG, "recorded_ms");
  }

  private static void add(Rows rows, Tenant tenant, Held one, ServiceRow service) {
    rows.add(
        service.id(),
        one.head().id(),
        service.lineNo(),
        service.unitNo(),
        service.unitId(one.content().units()),
        one.head().memberId(),
        service.kind(),
        service.atMs(),
        service.keyMs(),
        service.paidFen(),
        service.document(),
        tenant.privacy().seal(service.technician()),
        tenant.privacy().seal(service.note()),
        service.recordedMs());
  }

  private static Rows stageRows(Tenant tenant) {
    return Rows.of("order_stage", tenant.id())
        .with(Rows.Type.LONG, "id", "order_id")
        .with(Rows.Type.INT, "seq")
        .with(Rows.Type.TEXT, "stage", "document", "scope_hash", "scope")
        .with(Rows.Type.LONG, "at_ms")
        .with(Rows.Type.TEXT, "stage_text", "details")
        .with(Rows.Type.INT, "revision")
        .with(Rows.Type.LONG, "recorded_ms");
  }

  private void add(Rows rows, Tenant tenant, long orderId, StageRow row) {
    StageRecord stage = row.record();
    String scope = scopeText(stage.scope());
    rows.add(
        stage.id(),
        orderId,
        row.seq(),
        stage.stage().name(),
        stage.document(),
        scopeHashes.computeIfAbsent(scope, text -> tenant.privacy().hash("scope", text)),
        scope,
        stage.at().map(Instant::toEpochMilli).orElse(null),
        stage.text().orElse(null),
        detailsText(tenant, stage.details()),
        stage.revision(),
        stage.recordedAt().toEpochMilli());
  }

  private void changed(Tx tx, Tenant tenant, Held one, Instant now) {
    OrderHead stored = Objects.requireNonNull(one.stored());
    Content read = one.read() == null ? Content.NONE : one.read();
    Dossier before = dossier(stored, read);
    Dossier after = dossier(one.head(), one.content());
    table.update(tx, tenant, stored, one.head(), now);
    OrderDesk.writeLines(table, tx, tenant, before, after);
    OrderDesk.writeUnits(table, tx, tenant, before, after);
    OrderDesk.moveServices(table, tx, tenant, before, after);
    Map<Long, StageRecord> known = new HashMap<>();
    read.stages().forEach(row -> known.put(row.record().id(), row.record()));
    Rows added = stageRows(tenant);
    for (StageRow row : one.content().stages()) {
      StageRecord was = known.get(row.record().id());
      if (was == null) {
        add(added, tenant, one.head().id(), row);
      } else if (!was.equals(row.record())) {
        table.updateStage(tx, tenant, one.head().id(), row.record());
      }
    }
    tx.insertAll(added);
    services(tx, tenant, one, read.services());
  }

  private static Dossier dossier(OrderHead head, Content content) {
    return new Dossier(
        head, content.lines(), List.of(), content.units(), List.of(), content.services());
  }

  private void services(Tx tx, Tenant tenant, Held one, List<ServiceRow> read) {
    Map<Long, ServiceRow> known = new HashMap<>();
    read.forEach(row -> known.put(row.id(), row));
    Rows added = serviceRows(tenant);
    for (ServiceRow row : one.content().services()) {
      ServiceRow was = known.get(row.id());
      if (was == null) {
        add(added, tenant, one, row);
      } else if (!was.equals(row)) {
        table.updateService(tx, tenant, one.head().id(), row);
      }
    }
    tx.insertAll(added);
  }
}
