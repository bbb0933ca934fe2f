package io.laoke.order;

import io.laoke.base.Upserted;
import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.Chunks;
import io.laoke.catalog.Goods;
import io.laoke.catalog.Placing;
import io.laoke.catalog.Races;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.AskedBuyer;
import io.laoke.member.MemberBook;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes orders. Each call locks the order's row, reads what is recorded, adds the new fact, works
 * out the state anew from all facts, and writes where that differs.
 */
final class OrderDesk {
  private static final Logger LOG = LoggerFactory.getLogger(OrderDesk.class);

  static final int MOST_SERVICED_UNITS = 200;

  private final Ids ids;
  private final CatalogBook catalog;
  private final MemberBook members;
  private final Function<Tenant, OrderSettings> settings;
  private final OrderTable orders;
  private final ReturnTable returns;
  private final Rollup rollup;
  private final List<OrderListener> listeners = new CopyOnWriteArrayList<>();
  private volatile OrderClaims claims = (tx, tenant, orderIds) -> Map.of();

  OrderDesk(
      Ids ids,
      CatalogBook catalog,
      MemberBook members,
      Function<Tenant, OrderSettings> settings,
      OrderTable orders,
      ReturnTable returns,
      Rollup rollup) {
    this.ids = ids;
    this.catalog = catalog;
    this.members = members;
    this.settings = settings;
    this.orders = orders;
    this.returns = returns;
    this.rollup = rollup;
  }

  void listen(OrderListener listener) {
    listeners.add(listener);
  }

  List<OrderListener> listeners() {
    return listeners;
  }

  void claims(OrderClaims above) {
    claims = above;
  }

  Map<Long, Long> claimants(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    return orderIds.isEmpty() ? Map.of() : claims.claimants(tx, tenant, orderIds);
  }

  /** The member that an id stands for now. */
  long survivor(Tx tx, Tenant tenant, long memberId) {
    return members.survivor(tx, tenant, memberId);
  }

  /** Tells the listeners of orders of which something was written. */
  void changed(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    listeners.forEach(listener -> listener.changed(tx, tenant, orderIds));
  }

  /** Tells the listeners of orders whose member has changed. */
  void memberChanged(Tx tx, Tenant tenant, Set<Long> orderIds, Instant now) {
    changed(tx, tenant, orderIds);
    Map<Long, List<LineRow>> lines = orders.lines(tx, tenant, orderIds);
    for (OrderHead head : orders.heads(tx, tenant, orderIds)) {
      if (head.reported()) {
        OrderDetail detail = head.detail(lines.getOrDefault(head.id(), List.of()));
        listeners.forEach(listener -> listener.memberChanged(tx, tenant, detail, now));
      }
    }
  }

  // ---- upsert

  UpsertResult upsert(Tx tx, Tenant tenant, Order order, Instant now) {
    String hash = tenant.privacy().hash("order", Canon.of(order));
    Claimed claimed = claimed(tx, tenant, order, hash, now);
    Dossier before = claimed.order();
    OrderHead head = before.head();
    if (same(tx, tenant, head, order, hash, now)) {
      return result(Upserted.UNCHANGED, head);
    }
    boolean first = !head.reported();
    Asked asked = claimed.asked();
    if (asked == null) {
      asked = ask(tx, tenant, order, !keepsMember(head, order));
      tx.settle();
    }
    Placing placing = asked.goods().get().placing();
    Set<String> serviced = serviced(order, asked.goods().get());
    Bought bought = bought(tx, tenant, head, asked.buyer(), order, now);
    Long member = bought.member();
    Order kept = bought.kept(order);
    Long placeId = placeId(tx, tenant, kept, asked.place(), now);
    List<LineRow> lines = new ArrayList<>();
    for (OrderLine line : order.lines()) {
      lines.add(LineRow.given(line, lines.size(), placing.of(line.goods())));
    }
    Dossier draft =
        new Dossier(
            head.given(kept, member, placeId, hash, bought.erased()),
            lines,
            before.stages(),
            sold(before.units(), order, serviced),
            before.returns(),
            before.services());
    Dossier after = settle(tx, tenant, before, claimed.stored(), draft, now);
    boolean moved = !first && !Objects.equals(head.memberId(), member);
    if (moved) {
      orders.assigned(tx, tenant, head, member, OrderHistory.How.BUYER, now);
    }
    OrderDetail detail = after.detail();
    listeners.forEach(listener -> listener.written(tx, tenant, detail, first, now));
    if (moved) {
      listeners.forEach(listener -> listener.memberChanged(tx, tenant, detail, now));
    }
    return result(first ? Upserted.CREATED : Upserted.CHANGED, after.head());
  }

  private static UpsertResult result(Upserted outcome, OrderHead head) {
    return new UpsertResult(
        outcome,
        head.id(),
        head.memberId() == null ? OptionalLong.empty() : OptionalLong.of(head.memberId()),
        head.stage());
  }

  /**
   * An order to be written.
   *
   * @param stored whether it has a row, which is locked
   * @param asked what was read with it; null if nothing was
   */
  private record Claimed(Dossier order, boolean stored, @Nullable Asked asked) {}

  /**
   * The order's row, made or found, and locked; all that is known unless the content is the same.
   */
  private Claimed claimed(Tx tx, Tenant tenant, Order order, String hash, Instant now) {
    String orderNo = order.orderNo();
    boolean whole = orders.insertsWhole(tx);
    if (whole && tx.dialect().insertsUnlessThere()) {
      Supplier<Optional<OrderTable.OwnRow>> found = orders.lockLater(tx, tenant, orderNo);
      Asked asked = ask(tx, tenant, order, true);
      tx.settle();
      return found
          .get()
          .map(one -> new Claimed(known(tx, tenant, one, order, hash, now), true, asked))
          .orElseGet(() -> new Claimed(blank(ids.next(), orderNo, now), false, asked));
    }
    // Looked for first: on MySQL and MariaDB two inserts of a number that is there lock its row for
    // each other, and neither can then change it.
    if (tx.dialect().insertsUnlessThere() || orders.ids(tx, tenant, List.of(orderNo)).isEmpty()) {
      Asked asked = null;
      if (whole) {
        asked = ask(tx, tenant, order, true);
        tx.settle();
        if (asked.buyer() == null || members.locksNothing(tenant, asked.buyer())) {
          return new Claimed(blank(ids.next(), orderNo, now), false, asked);
        }
      }
      long id = ids.next();
      if (orders.claim(tx, tenant, id, orderNo, now)) {
        return new Claimed(blank(id, orderNo, now), true, asked);
      }
    }
    Supplier<Optional<OrderTable.OwnRow>> found = orders.lockLater(tx, tenant, orderNo);
    tx.settle();
    OrderTable.OwnRow locked = found.get().orElseThrow(() -> Races.lost("order '" + orderNo + "'"));
    return new Claimed(known(tx, tenant, locked, order, hash, now), true, null);
  }

  private Dossier known(
      Tx tx, Tenant tenant, OrderTable.OwnRow found, Order order, String hash, Instant now) {
    return same(tx, tenant, found.head(), order, hash, now)
        ? new Dossier(found.head(), List.of(), List.of(), List.of(), List.of(), List.of())
        : dossier(tx, tenant, orders.completed(tx, tenant, found));
  }

  /** Whether nothing changes: not if the person who was kept out of it is readmitted by now. */
  private boolean same(
      Tx tx, Tenant tenant, OrderHead head, Order order, String hash, Instant now) {
    return hash.equals(head.contentHash())
        && !(keptOut(head) && whoBuys(tx, tenant, head, order.buyer(), now).member().isPresent());
  }

  /** Reported when its person had been erased, so that nobody was recorded with it. */
  private static boolean keptOut(OrderHead head) {
    return head.erased() && head.memberId() == null;
  }

  static Dossier blank(long id, String orderNo, Instant now) {
    return new Dossier(
        new OrderHead(
            id,
            orderNo,
            null,
            null,
            false,
            Buyer.unknown(),
            null,
            null,
            null,
            null,
            null,
            Map.of(),
            Stage.REPORTED,
            null,
            null,
            0,
            false,
            false,
            null,
            now.toEpochMilli()),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /**
   * What is read before an order is written, all at once; it is known once what waits is done.
   *
   * @param buyer null if the order names nobody, or was not asked for
   */
  private record Asked(
      Supplier<CatalogBook.Stand> goods,
      @Nullable AskedBuyer buyer,
      Supplier<Optional<Long>> place) {}

  private Asked ask(Tx tx, Tenant tenant, Order order, boolean withBuyer) {
    return new Asked(
        catalog.standLater(tx, tenant, order.lines().stream().map(OrderLine::goods).toList()),
        withBuyer ? ask(tx, tenant, order.buyer()) : null,
        order
            .place()
            .filter(OrderDesk::says)
            .map(place -> orders.placeLater(tx, tenant, place))
            .orElse(Optional::empty));
  }

  private static Set<String> serviced(Order order, CatalogBook.Stand goods) {
    Set<String> lines = new HashSet<>();
    for (OrderLine line : order.lines()) {
      String path = goods.placing().of(line.goods());
      if (line.kind() == LineKind.GOODS && goods.serviceable().getOrDefault(path, false)) {
        if (line.quantity().intValueExact() > MOST_SERVICED_UNITS) {
          throw new InvalidInputException(
              OrderLine.field(line.lineNo(), "quantity"),
              "category '%s' is serviced, so each of the %s units would be reminded of by itself; at most %d go on one line. Split the line, or report a bulk sale under a category that is not serviced."
                  .formatted(path, line.quantity().toPlainString(), MOST_SERVICED_UNITS));
        }
        lines.add(line.lineNo());
      }
    }
    return lines;
  }

  private @Nullable Long placeId(
      Tx tx, Tenant tenant, Order order, Supplier<Optional<Long>> read, Instant now) {
    return order
        .place()
        .filter(OrderDesk::says)
        .map(place -> orders.place(tx, tenant, place, read.get(), ids.next(), now))
        .orElse(null);
  }

  private static boolean says(Place place) {
    return place.region().isPresent()
        || place.street().isPresent()
        || place.contact().isPresent()
        || place.phone().isPresent();
  }

  /**
   * Who bought.
   *
   * @param erased whether it is a person that was erased
   * @param withoutPhone whether the phone is that of somebody else who was erased
   */
  private record Bought(@Nullable Long member, boolean erased, boolean withoutPhone) {
    Bought(@Nullable Long member, boolean erased) {
      this(member, erased, false);
    }

    /** The order without what must not be recorded. */
    Order kept(Order order) {
      if (erased) {
        return order.buyer(Buyer.unknown()).place(null);
      }
      Buyer buyer = order.buyer();
      return withoutPhone
          ? order.buyer(Buyer.of(buyer.customerNo().orElse(null), buyer.name().orElse(null), null))
          : order;
    }
  }

  private static boolean keepsMember(OrderHead head, Order order) {
    return !keptOut(head)
        && (head.erased() || (head.reported() && same(head.buyer(), order.buyer())));
  }

  private Bought bought(
      Tx tx, Tenant tenant, OrderHead head, @Nullable AskedBuyer buyer, Order order, Instant now) {
    boolean keptOut = keptOut(head);
    if (keepsMember(head, order)) {
      return new Bought(head.memberId(), head.erased());
    }
    MemberBook.Known found = whoBuys(tx, tenant, head, buyer, now);
    Long holder = head.memberId();
    if (found.erased() || (keptOut && found.member().isEmpty())) {
      return new Bought(holder, true);
    }
    Long known = boxed(found);
    if (!head.assigned() || holder == null) {
      return new Bought(known, false, found.withoutPhone());
    }
    if (known != null && !known.equals(holder)) {
      members.suspectSame(tx, tenant, holder, known, "BUYER", now);
    }
    return new Bought(holder, false, found.withoutPhone());
  }

  private MemberBook.Known whoBuys(Tx tx, Tenant tenant, OrderHead head, Buyer buyer, Instant now) {
    AskedBuyer asked = ask(tx, tenant, buyer);
    tx.settle();
    return whoBuys(tx, tenant, head, asked, now);
  }

  private MemberBook.Known whoBuys(
      Tx tx, Tenant tenant, OrderHead head, @Nullable AskedBuyer buyer, Instant now) {
    return buyer == null
        ? MemberBook.Known.as(OptionalLong.empty())
        : members.whoBuys(
            tx,
            tenant,
            buyer,
            head.memberId() == null ? OptionalLong.empty() : OptionalLong.of(head.memberId()),
            now);
  }

  private @Nullable AskedBuyer ask(Tx tx, Tenant tenant, Buyer buyer) {
    return buyer.customerNo().isEmpty() && buyer.phone().isEmpty()
        ? null
        : members.ask(tx, tenant, buyer.customerNo(), buyer.name(), buyer.phone());
  }

  private static @Nullable Long boxed(MemberBook.Known known) {
    return known.member().isPresent() ? (Long) known.member().getAsLong() : null;
  }

  private static boolean same(Buyer one, Buyer other) {
    return one.customerNo().equals(other.customerNo())
        && one.name().equals(other.name())
        && one.phone().equals(other.phone());
  }

  /** The units with the serial numbers that the order gives, and those of serviced lines. */
  private List<UnitRow> sold(List<UnitRow> known, Order order, Set<String> serviced) {
    Map<String, Map<Integer, UnitRow>> units = Units.byLine(known);
    for (OrderLine line : order.lines()) {
      Map<Integer, UnitRow> ofLine =
          units.computeIfAbsent(line.lineNo(), lineNo -> new TreeMap<>());
      int rows =
          serviced.contains(line.lineNo())
              ? line.quantity().intValueExact()
              : line.serials().size();
      for (int number = 1; number <= rows; number++) {
        String serial = serial(line, number);
        if (serial != null || serviced.contains(line.lineNo())) {
          ofLine.computeIfAbsent(number, unit -> unit(line.lineNo(), unit));
        }
      }
      ofLine.replaceAll((number, unit) -> unit.sold(serial(line, number)));
    }
    return units.values().stream().flatMap(ofLine -> ofLine.values().stream()).toList();
  }

  private static @Nullable String serial(OrderLine line, int unit) {
    if (unit > line.serials().size()) {
      return null;
    }
    String serial = line.serials().get(unit - 1);
    return serial.isEmpty() ? null : serial;
  }

  private UnitRow unit(String lineNo, int number) {
    return UnitRow.of(ids.next(), lineNo, number);
  }

  // ---- advance

  AdvanceResult advance(Tx tx, Tenant tenant, String orderNo, StageReport report, Instant now) {
    Dossier before = dossier(tx, tenant, reported(tx, tenant, orderNo, true));
    OrderHead head = before.head();
    Said kept = Said.of(report, head.erased());
    Optional<StageRecord> known =
        before.stages().stream().filter(record -> same(record, report)).findFirst();
    StageRecord record = known.map(was -> changed(was, kept)).orElseGet(() -> recorded(kept, now));
    if (known.isPresent() && known.get().equals(record)) {
      return new AdvanceResult(
          AdvanceResult.Outcome.UNCHANGED, false, record, before.head().stage());
    }
    checkScope(before, report);
    List<StageRecord> stages = new ArrayList<>(before.stages());
    int seq = head.stageSeq();
    if (known.isPresent()) {
      stages.replaceAll(was -> was.id() == record.id() ? record : was);
      orders.updateStage(tx, tenant, head.id(), record);
    } else {
      stages.add(record);
      orders.insertStage(tx, tenant, head.id(), ++seq, record);
    }
    Dossier draft = before.withStages(stages).with(head.seq(seq));
    OrderState was = state(tenant, before);
    Dossier after = settle(tx, tenant, before, draft, now);
    boolean news =
        known.map(told -> showsOtherwise(told, record)).orElse(true)
            && state(tenant, after).news(record, was, known.isPresent());
    OrderDetail detail = after.detail();
    listeners.forEach(listener -> listener.advanced(tx, tenant, detail, record, news, now));
    return new AdvanceResult(
        known.isPresent() ? AdvanceResult.Outcome.UPDATED : AdvanceResult.Outcome.RECORDED,
        news,
        record,
        after.head().stage());
  }

  private static boolean same(StageRecord record, StageReport report) {
    return record.stage() == report.stage()
        && record.document().equals(report.document())
        && record.scope().equals(report.scope());
  }

  /** Whether the customer can see the difference; times are told to the minute. */
  private static boolean showsOtherwise(StageRecord told, StageRecord now) {
    return !told.at().map(OrderDesk::minute).equals(now.at().map(OrderDesk::minute))
        || !told.text().equals(now.text())
        || !told.details().equals(now.details());
  }

  private static Instant minute(Instant at) {
    return at.truncatedTo(ChronoUnit.MINUTES);
  }

  /**
   * What a report says, without what may name a person that was erased.
   *
   * @param text the ERP's own
   * @param details with names; of an order without a person only what counts
   */
  private record Said(StageReport report, Optional<String> text, Map<String, String> details) {
    static Said of(StageReport report, boolean erased) {
      Map<String, String> serial = new TreeMap<>(report.details());
      serial.keySet().retainAll(Set.of(OrderState.NEW_SERIAL));
      return erased
          ? new Said(report, Optional.empty(), serial)
          : new Said(report, report.text(), report.details());
    }
  }

  private static StageRecord changed(StageRecord was, Said said) {
    StageReport report = said.report();
    StageRecord with =
        new StageRecord(
            was.id(),
            was.stage(),
            report.at().or(was::at),
            was.document(),
            said.text(),
            was.scope(),
            said.details(),
            was.revision() + 1,
            was.recordedAt());
    boolean same =
        with.at().equals(was.at())
            && with.text().equals(was.text())
            && with.details().equals(was.details());
    return same ? was : with;
  }

  private StageRecord recorded(Said said, Instant now) {
    StageReport report = said.report();
    return new StageRecord(
        ids.next(),
        report.stage(),
        report.at(),
        report.document(),
        said.text(),
        report.scope(),
        said.details(),
        1,
        now);
  }

  private static void checkScope(Dossier order, StageReport report) {
    Map<String, LineRow> lines = new HashMap<>();
    order.lines().forEach(line -> lines.put(line.lineNo(), line));
    report
        .scope()
        .forEach(
            (lineNo, units) -> {
              LineRow line = lines.get(lineNo);
              if (line == null) {
                throw new NotFoundException(
                    "Order '%s' has no line '%s', so it cannot be %s. Upsert the order with that line first."
                        .formatted(order.head().orderNo(), lineNo, report.stage()));
              }
              checkUnits(line, units);
            });
    if (report.details().containsKey(OrderState.NEW_SERIAL)
        && report.stage() == Stage.EXCHANGED
        && !oneUnit(report, lines)) {
      throw new InvalidInputException(
          "details." + OrderState.NEW_SERIAL,
          "is of one unit; report each exchanged unit by itself with units(\"LINE\", UNIT)");
    }
  }

  private static boolean oneUnit(StageReport report, Map<String, LineRow> lines) {
    if (report.scope().size() != 1) {
      return false;
    }
    Map.Entry<String, SortedSet<Integer>> only = report.scope().entrySet().iterator().next();
    return only.getValue().size() == 1
        || (only.getValue().isEmpty()
            && Objects.requireNonNull(lines.get(only.getKey())).units() == 1);
  }

  private static void checkUnits(LineRow line, SortedSet<Integer> units) {
    if (units.isEmpty()) {
      return;
    }
    String field = OrderLine.field(line.lineNo(), "units");
    if (line.kind() != LineKind.GOODS) {
      throw new InvalidInputException(
          field, "only GOODS have units, this line is " + line.kind() + "; report the line");
    }
    if (units.last() > line.units()) {
      throw new InvalidInputException(
          field,
          "must be a unit of the line, which has %d, was %d".formatted(line.units(), units.last()));
    }
  }

  // ---- services

  Upserted service(Tx tx, Tenant tenant, String orderNo, UnitServiceReport report, Instant now) {
    Dossier before = dossier(tx, tenant, reported(tx, tenant, orderNo, true));
    OrderHead head = before.head();
    Optional<ServiceRow> known =
        before.services().stream().filter(row -> row.is(report)).findFirst();
    ServiceRow row = row(report, known, head.erased(), now);
    if (known.isPresent() && known.get().equals(row)) {
      return Upserted.UNCHANGED;
    }
    if (known.isEmpty()) {
      checkServiced(before, report);
    }
    if (known.isEmpty() || known.get().atMs() != row.atMs()) {
      checkDone(tenant, head, report, now);
    }
    List<ServiceRow> services = new ArrayList<>(before.services());
    services.removeIf(was -> was.id() == row.id());
    services.add(row);
    Dossier after = settle(tx, tenant, before, before.withServices(services), now);
    if (known.isPresent()) {
      orders.updateService(tx, tenant, head.id(), row);
    } else {
      orders.insertService(tx, tenant, after.head(), row, row.unitId(after.units()));
    }
    return known.isPresent() ? Upserted.CHANGED : Upserted.CREATED;
  }

  private ServiceRow row(
      UnitServiceReport report, Optional<ServiceRow> known, boolean erased, Instant now) {
    return new ServiceRow(
        known.map(ServiceRow::id).orElseGet(ids::next),
        report.lineNo(),
        report.unitNo().orElse(ServiceRow.WHOLE_LINE),
        report.kind(),
        report.doneAt().toEpochMilli(),
        report.paidFen(),
        report.document(),
        erased ? null : report.technician().orElse(null),
        erased ? null : report.note().orElse(null),
        known.map(ServiceRow::recordedMs).orElse(now.toEpochMilli()));
  }

  /**
   * What is done is over, and of goods that were sold. Whether they were installed by then is not
   * asked: stages come in any order, and may be wrong for a while.
   */
  private static void checkDone(
      Tenant tenant, OrderHead order, UnitServiceReport report, Instant now) {
    LocalDate done = tenant.dayOf(report.doneAt());
    LocalDate ordered =
        tenant.dayOf(Instant.ofEpochMilli(Objects.requireNonNull(order.orderedMs())));
    LocalDate today = tenant.dayOf(now);
    if (done.isBefore(ordered)) {
      throw new InvalidInputException(
          "doneAt",
          "must not be before %s, the day of order '%s'; was %s. Give the day on which it was really done, or correct that of the order first with orders().upsert"
              .formatted(ordered, order.orderNo(), done));
    }
    if (done.isAfter(today)) {
      throw new InvalidInputException(
          "doneAt",
          "must not be after %s, today; was %s. Record what was done once it is, with the day on which it really was"
              .formatted(today, done));
    }
  }

  private static void checkServiced(Dossier order, UnitServiceReport report) {
    LineRow line =
        order.lines().stream()
            .filter(one -> one.lineNo().equals(report.lineNo()))
            .findFirst()
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "Order '%s' has no line '%s', so no service of it can be recorded. Upsert the order with that line first."
                            .formatted(order.head().orderNo(), report.lineNo())));
    if (report.unitNo().isPresent()) {
      checkUnits(line, new TreeSet<>(Set.of(report.unitNo().getAsInt())));
    }
  }

  /** Whether it was there. */
  boolean removeService(
      Tx tx, Tenant tenant, String orderNo, UnitServiceReport report, Instant now) {
    Dossier before = dossier(tx, tenant, reported(tx, tenant, orderNo, true));
    List<ServiceRow> services = new ArrayList<>(before.services());
    Optional<ServiceRow> known = services.stream().filter(row -> row.is(report)).findFirst();
    known.ifPresent(
        row -> {
          services.remove(row);
          settle(tx, tenant, before, before.withServices(services), now);
          orders.deleteService(tx, tenant, before.head().id(), row);
        });
    return known.isPresent();
  }

  /**
   * Gives the units of locked orders' serviced lines rows of their own.
   *
   * @return all units with rows
   */
  Map<Long, List<UnitRow>> serviced(
      Tx tx, Tenant tenant, Collection<Long> orderIds, ServicedOrder.Wanted wanted, Instant now) {
    Map<Long, List<UnitRow>> all = new HashMap<>();
    Map<Dossier, Dossier> changed = new LinkedHashMap<>();
    for (List<Long> some : Chunks.of(orderIds)) {
      for (Dossier before : dossiers(tx, tenant, some)) {
        Dossier after = settled(tenant, withUnits(before, wanted));
        changed.put(before, after);
        all.put(after.head().id(), after.units());
      }
    }
    orders.writeUnits(tx, tenant, changed, now);
    return all;
  }

  private Dossier withUnits(Dossier order, ServicedOrder.Wanted wanted) {
    Map<String, Map<Integer, UnitRow>> units = Units.byLine(order.units());
    for (LineRow line : order.lines()) {
      if (ServicedUnits.serviced(line, wanted)) {
        Map<Integer, UnitRow> ofLine = units.computeIfAbsent(line.lineNo(), no -> new TreeMap<>());
        for (int number = 1; number <= line.units(); number++) {
          ofLine.computeIfAbsent(number, unit -> unit(line.lineNo(), unit));
        }
      }
    }
    return new Dossier(
        order.head(),
        order.lines(),
        order.stages(),
        units.values().stream().flatMap(some -> some.values().stream()).toList(),
        order.returns(),
        order.services());
  }

  /** All that is recorded of orders. */
  private List<Dossier> dossiers(Tx tx, Tenant tenant, List<Long> orderIds) {
    Map<Long, List<LineRow>> lines = orders.lines(tx, tenant, orderIds);
    Map<Long, List<OrderTable.StageRow>> stages = orders.stagesOf(tx, tenant, orderIds);
    Map<Long, List<UnitRow>> units = orders.unitsOf(tx, tenant, orderIds);
    Map<Long, List<ServiceRow>> services = orders.servicesOf(tx, tenant, orderIds);
    Map<Long, List<ReturnRow>> back = new HashMap<>();
    for (ReturnRow line : returns.linesOfOrders(tx, tenant, orderIds)) {
      back.computeIfAbsent(line.orderId(), id -> new ArrayList<>()).add(line);
    }
    back.values().forEach(some -> some.sort(BY_NOTE));
    List<Dossier> all = new ArrayList<>();
    for (OrderHead head : orders.heads(tx, tenant, orderIds)) {
      long id = head.id();
      all.add(
          new Dossier(
              head,
              lines.getOrDefault(id, List.of()),
              stages.getOrDefault(id, List.of()).stream().map(OrderTable.StageRow::record).toList(),
              units.getOrDefault(id, List.of()),
              back.getOrDefault(id, List.of()),
              services.getOrDefault(id, List.of())));
    }
    return all;
  }

  // ---- assign

  OrderDetail assign(Tx tx, Tenant tenant, long orderId, OptionalLong memberId, Instant now) {
    OrderHead head =
        orders
            .head(tx, tenant, orderId, true)
            .filter(OrderHead::reported)
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "There is no order with Laoke's number %d. Take it from orders().find(orderNo)."
                            .formatted(orderId)));
    boolean fixed = memberId.isPresent();
    Long member =
        fixed
            ? Long.valueOf(memberId.getAsLong())
            : head.assigned() ? boxed(whoBuys(tx, tenant, head, head.buyer(), now)) : null;
    if (Objects.equals(head.memberId(), member) && head.assigned() == fixed) {
      return detail(tx, tenant, head);
    }
    Dossier before = dossier(tx, tenant, head);
    Dossier after = settle(tx, tenant, before, before.with(head.member(member, fixed)), now);
    OrderDetail detail = after.detail();
    if (!Objects.equals(head.memberId(), member)) {
      OrderHistory.How how =
          fixed || member == null ? OrderHistory.How.ASSIGNED : OrderHistory.How.BUYER;
      orders.assigned(tx, tenant, head, member, how, now);
      listeners.forEach(listener -> listener.memberChanged(tx, tenant, detail, now));
    }
    return detail;
  }

  // ---- returns

  Upserted record(Tx tx, Tenant tenant, ReturnNote note, Instant now) {
    String hash = tenant.privacy().hash("return", Canon.of(note));
    ReturnTable.NoteRow fresh =
        new ReturnTable.NoteRow(
            ids.next(),
            note.noteNo(),
            note.returnedAt().toEpochMilli(),
            null,
            null,
            note.customerNo().orElse(null),
            hash,
            null);
    boolean first = returns.insert(tx, tenant, fresh, now);
    ReturnTable.NoteRow was = first ? fresh : returns.lock(tx, tenant, note.noteNo());
    if (!first && was.contentHash().equals(hash)) {
      return Upserted.UNCHANGED;
    }
    Long orderId = note.orderNo().map(orderNo -> awaited(tx, tenant, orderNo, now)).orElse(null);
    Map<Long, Dossier> touched = locked(tx, tenant, was.orderId(), orderId);
    MemberBook.Known named =
        note.customerNo()
            .map(no -> named(tx, tenant, no, now))
            .orElse(MemberBook.Known.as(OptionalLong.empty()));
    Long member = named.erased() ? was.memberId() : boxed(named);
    List<ReturnRow> lines = returned(tx, tenant, note, was.id(), orderId, member);
    List<ReturnRow> before = first ? List.of() : returns.linesOfNote(tx, tenant, was.id());
    Rollup.Changes changes = new Rollup.Changes(tenant.zone());
    if (was.orderId() == null) {
      before.forEach(changes::subtract);
    }
    List<ReturnRow> settled = new ArrayList<>();
    if (orderId == null) {
      lines.forEach(line -> settled.add(line.settled(null, null)));
      settled.forEach(changes::add);
    }
    touched.forEach(
        (id, dossier) -> {
          List<ReturnRow> others =
              dossier.returns().stream().filter(line -> line.noteId() != was.id()).toList();
          List<ReturnRow> all = new ArrayList<>(others);
          if (id.equals(orderId)) {
            all.addAll(lines);
            all.sort(BY_NOTE);
          }
          Dossier after =
              settleRows(tx, tenant, dossier, true, dossier.withReturns(all), changes, now);
          after.returns().stream().filter(line -> line.noteId() == was.id()).forEach(settled::add);
          if (id.equals(orderId)) {
            state(tenant, after)
                .surplus()
                .forEach(
                    more -> tx.afterCommit(() -> surplus(tenant, note.noteNo(), more.lineNo())));
          }
          returns.replace(
              tx,
              tenant,
              others,
              after.returns().stream().filter(line -> line.noteId() != was.id()).toList());
        });
    returns.replace(tx, tenant, before, settled);
    returns.update(
        tx,
        tenant,
        new ReturnTable.NoteRow(
            was.id(),
            note.noteNo(),
            note.returnedAt().toEpochMilli(),
            orderId,
            member,
            named.erased() ? null : note.customerNo().orElse(null),
            hash,
            null));
    if (!Objects.equals(was.memberId(), member)) {
      changes.receives(member);
    }
    rollup.apply(tx, tenant, changes);
    return first ? Upserted.CREATED : Upserted.CHANGED;
  }

  private static void surplus(Tenant tenant, String noteNo, String lineNo) {
    LOG.warn(
        "laoke.returns.surplus dealer={} note={} line={}: more came back of the order's line than was sold",
        tenant.code(),
        noteNo,
        lineNo);
  }

  private static final Comparator<ReturnRow> BY_NOTE =
      Comparator.comparingLong(ReturnRow::noteId).thenComparingInt(ReturnRow::index);

  private MemberBook.Known named(Tx tx, Tenant tenant, String customerNo, Instant now) {
    AskedBuyer buyer =
        members.ask(tx, tenant, Optional.of(customerNo), Optional.empty(), Optional.empty());
    tx.settle();
    return members.whoBuys(tx, tenant, buyer, OptionalLong.empty(), now);
  }

  /** The number of an order's row; made if the order is not known yet, so that it can be locked. */
  private long awaited(Tx tx, Tenant tenant, String orderNo, Instant now) {
    Optional<OrderHead> known = orders.head(tx, tenant, orderNo, false);
    if (known.isPresent()) {
      return known.get().id();
    }
    long id = ids.next();
    return orders.claim(tx, tenant, id, orderNo, now)
        ? id
        : orders
            .head(tx, tenant, orderNo, true)
            .orElseThrow(() -> Races.lost("order '" + orderNo + "'"))
            .id();
  }

  /** The orders, locked by their numbers' order. */
  private Map<Long, Dossier> locked(
      Tx tx, Tenant tenant, @Nullable Long one, @Nullable Long other) {
    Map<Long, Dossier> locked = new TreeMap<>();
    for (Long id :
        Arrays.asList(one, other).stream().filter(Objects::nonNull).sorted().distinct().toList()) {
      locked.put(id, dossier(tx, tenant, orders.head(tx, tenant, id, true).orElseThrow()));
    }
    return locked;
  }

  private List<ReturnRow> returned(
      Tx tx,
      Tenant tenant,
      ReturnNote note,
      long noteId,
      @Nullable Long orderId,
      @Nullable Long member) {
    if (note.lines().isEmpty()) {
      return List.of();
    }
    Placing placing =
        catalog.placing(tx, tenant, note.lines().stream().map(ReturnLine::goods).toList());
    List<ReturnRow> lines = new ArrayList<>();
    for (ReturnLine line : note.lines()) {
      lines.add(
          new ReturnRow(
              noteId,
              line.lineNo(),
              lines.size(),
              orderId,
              line.orderLine().orElse(null),
              line.category(),
              placing.of(line.goods()),
              line.model().orElse(null),
              line.quantity(),
              line.netFen(),
              note.returnedAt().toEpochMilli(),
              member,
              null,
              null));
    }
    return lines;
  }

  // ---- reading

  /** The order's row, known and reported. */
  OrderHead reported(Tx tx, Tenant tenant, String orderNo, boolean lock) {
    return orders
        .head(tx, tenant, orderNo, lock)
        .filter(OrderHead::reported)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "Dealer '%s' has no order '%s'. Report it first with orders().upsert, and check that both are in the same dealer."
                        .formatted(tenant.code(), orderNo)));
  }

  OrderDetail detail(Tx tx, Tenant tenant, OrderHead head) {
    return head.detail(
        orders.lines(tx, tenant, List.of(head.id())).getOrDefault(head.id(), List.of()));
  }

  Dossier dossier(Tx tx, Tenant tenant, OrderHead head) {
    long id = head.id();
    return new Dossier(
        head,
        head.reported()
            ? orders.lines(tx, tenant, List.of(id)).getOrDefault(id, List.of())
            : List.of(),
        head.stageSeq() > 0 ? orders.stages(tx, tenant, id) : List.of(),
        head.withUnits() ? orders.units(tx, tenant, id) : List.of(),
        head.withReturns() ? returns.linesOfOrder(tx, tenant, id) : List.of(),
        head.withServices() ? orders.services(tx, tenant, id) : List.of());
  }

  // ---- the state

  /**
   * Works an order out anew.
   *
   * @return whether it stood otherwise than its facts say
   */
  boolean resettle(Tx tx, Tenant tenant, long orderId, Instant now) {
    OrderHead head = orders.head(tx, tenant, orderId, true).orElseThrow();
    Dossier before = dossier(tx, tenant, head);
    Dossier after = settle(tx, tenant, before, placed(tx, tenant, before, false), now);
    return !after.head().equals(before.head())
        || !after.lines().equals(before.lines())
        || !after.returns().equals(before.returns())
        || !new HashSet<>(after.units()).equals(new HashSet<>(before.units()));
  }

  /** Notes that count for a member by themselves, each with the order that it names. */
  Map<Long, Optional<Long>> notes(Tx tx, Tenant tenant, long memberId) {
    return returns.ofMember(tx, tenant, memberId);
  }

  /**
   * Moves the lines of a note that names no order to where their goods stand now.
   *
   * @return whether any moved
   */
  boolean remap(Tx tx, Tenant tenant, long noteId) {
    returns.lock(tx, tenant, noteId);
    List<ReturnRow> before = returns.linesOfNote(tx, tenant, noteId);
    if (before.stream().anyMatch(line -> line.orderId() != null)) {
      return false;
    }
    Placing placing = catalog.placing(tx, tenant, before.stream().map(ReturnRow::goods).toList());
    List<ReturnRow> after = before.stream().map(line -> line.placed(placing)).toList();
    Rollup.Changes changes = new Rollup.Changes(tenant.zone());
    before.forEach(changes::subtract);
    after.forEach(changes::add);
    returns.replace(tx, tenant, before, after);
    rollup.apply(tx, tenant, changes);
    return !after.equals(before);
  }

  OrderState state(Tenant tenant, Dossier dossier) {
    Long at = dossier.head().orderedMs();
    return OrderState.of(
        at == null ? 0 : at,
        dossier.lines(),
        dossier.stages(),
        dossier.returns(),
        settings.apply(tenant).countsFrom());
  }

  /** Writes all that differs between what was and what the draft's facts come to. */
  private Dossier settle(Tx tx, Tenant tenant, Dossier before, Dossier draft, Instant now) {
    return settle(tx, tenant, before, true, draft, now);
  }

  private Dossier settle(
      Tx tx, Tenant tenant, Dossier before, boolean stored, Dossier draft, Instant now) {
    Rollup.Changes changes = new Rollup.Changes(tenant.zone());
    Dossier after = settleRows(tx, tenant, before, stored, draft, changes, now);
    returns.replace(tx, tenant, before.returns(), after.returns());
    rollup.apply(tx, tenant, changes);
    return after;
  }

  /** As {@link #settle}, but for the rows of returns and of consumption files. */
  private Dossier settleRows(
      Tx tx,
      Tenant tenant,
      Dossier before,
      boolean stored,
      Dossier draft,
      Rollup.Changes changes,
      Instant now) {
    Dossier after;
    try {
      after = settled(tenant, placed(tx, tenant, draft, true));
      changes.subtract(before);
      changes.add(after);
      changes.differ(before, after);
    } catch (ArithmeticException overflow) {
      throw new InvalidInputException(
          "netFen", "takes the order's total beyond 9.2 × 10^18 fen; check the amounts", overflow);
    }
    if (!Objects.equals(before.head().memberId(), after.head().memberId())) {
      changes.receives(after.head().memberId());
    }
    // Whatever changed, its row does: by that, transactions with old snapshots notice each other.
    if (!stored) {
      orders.insert(tx, tenant, after.head(), now);
    } else if (!before.equals(after)) {
      orders.update(tx, tenant, before.head(), after.head(), now);
    }
    if (after.head().reported() && !(stored && before.equals(after))) {
      changed(tx, tenant, List.of(after.head().id()));
    }
    writeLines(orders, tx, tenant, before, after);
    writeUnits(orders, tx, tenant, before, after);
    moveServices(orders, tx, tenant, before, after);
    return after;
  }

  /**
   * With lines where their goods stand now.
   *
   * @param unmapped only those that stand in no category; all others follow in the background
   */
  private Dossier placed(Tx tx, Tenant tenant, Dossier draft, boolean unmapped) {
    Set<Goods> goods = new HashSet<>();
    draft.lines().stream()
        .filter(line -> !unmapped || line.unmapped())
        .forEach(line -> goods.add(line.goods()));
    draft.returns().stream()
        .filter(line -> !unmapped || line.unmapped())
        .forEach(line -> goods.add(line.goods()));
    if (goods.isEmpty()) {
      return draft;
    }
    Placing placing = catalog.placing(tx, tenant, goods);
    return new Dossier(
        draft.head(),
        draft.lines().stream()
            .map(line -> goods.contains(line.goods()) ? line.placed(placing) : line)
            .toList(),
        draft.stages(),
        draft.units(),
        draft.returns().stream()
            .map(line -> goods.contains(line.goods()) ? line.placed(placing) : line)
            .toList(),
        draft.services());
  }

  private Dossier settled(Tenant tenant, Dossier draft) {
    OrderState state = state(tenant, draft);
    OrderHead head = draft.head();
    Units units = Units.of(draft, state, this::unit);
    List<LineRow> lines =
        draft.lines().stream()
            .map(
                line ->
                    line.in(
                        Objects.requireNonNull(state.lines().get(line.lineNo())),
                        Objects.requireNonNull(units.plain().get(line.lineNo()))))
            .toList();
    List<ReturnRow> back =
        draft.returns().stream()
            .map(line -> line.settled(state.netted().get(line.key()), head.memberId()))
            .toList();
    return new Dossier(
        head.in(
            state.stage(),
            state.text(),
            head.reported() ? state.atMs() : null,
            head.stageSeq(),
            !units.rows().isEmpty(),
            !back.isEmpty(),
            !draft.services().isEmpty(),
            state.milestones()),
        lines,
        draft.stages(),
        units.rows(),
        back,
        draft.services());
  }

  static void writeLines(OrderTable orders, Tx tx, Tenant tenant, Dossier before, Dossier after) {
    Map<String, LineRow> stored = new LinkedHashMap<>();
    before.lines().forEach(line -> stored.put(line.lineNo(), line));
    boolean all =
        !Objects.equals(before.head().memberId(), after.head().memberId())
            || !Objects.equals(before.head().orderedMs(), after.head().orderedMs());
    List<LineRow> added = new ArrayList<>();
    List<LineRow> changed = new ArrayList<>();
    for (LineRow line : after.lines()) {
      LineRow was = stored.remove(line.lineNo());
      if (was == null) {
        added.add(line);
      } else if (all || !was.equals(line)) {
        changed.add(line);
      }
    }
    orders.deleteLines(tx, tenant, after.head().id(), stored.keySet());
    orders.updateLines(tx, tenant, after.head(), changed);
    orders.insertLines(tx, tenant, after.head(), added);
  }

  /** Services are questions about members too: they go where the order goes. */
  static void moveServices(OrderTable orders, Tx tx, Tenant tenant, Dossier before, Dossier after) {
    if (!before.services().isEmpty()
        && !Objects.equals(before.head().memberId(), after.head().memberId())) {
      orders.moveServices(tx, tenant, after.head());
    }
  }

  static void writeUnits(OrderTable orders, Tx tx, Tenant tenant, Dossier before, Dossier after) {
    Map<Long, UnitRow> stored = new HashMap<>();
    before.units().forEach(unit -> stored.put(unit.id(), unit));
    List<UnitRow> added = new ArrayList<>();
    List<UnitRow> changed = new ArrayList<>();
    for (UnitRow unit : after.units()) {
      UnitRow was = stored.get(unit.id());
      if (was == null) {
        added.add(unit);
      } else if (!was.equals(unit)) {
        changed.add(unit);
      }
    }
    orders.insertUnits(tx, tenant, after.head().id(), added);
    orders.updateUnits(tx, tenant, after.head().id(), changed);
  }
}
