package io.laoke.order;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.base.Upserted;
import io.laoke.error.InvalidInputException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@link Orders} over the tables. */
final class StoredOrders implements Orders {
  private static final Pattern CURSOR = Pattern.compile("(-?[0-9]{1,18})_([0-9]{1,19})");
  private static final int ORDERS_AT_ONCE = 500;

  private final Database database;
  private final Tenant tenant;
  private final Clock clock;
  private final OrderDesk desk;
  private final OrderTable orders;
  private final ReturnReader returns;
  private final Rollup rollup;

  StoredOrders(
      Database database,
      Tenant tenant,
      Clock clock,
      OrderDesk desk,
      OrderTable orders,
      ReturnReader returns,
      Rollup rollup) {
    this.database = database;
    this.tenant = tenant;
    this.clock = clock;
    this.desk = desk;
    this.orders = orders;
    this.returns = returns;
    this.rollup = rollup;
  }

  @Override
  public UpsertResult upsert(Order order) {
    notNull("order", order);
    Instant now = now();
    return database.write(
        "upsert order '" + order.orderNo() + "'", tx -> desk.upsert(tx, tenant, order, now));
  }

  @Override
  public AdvanceResult advance(String orderNo, StageReport report) {
    String number = key("orderNo", orderNo, 64);
    notNull("report", report);
    report.at().ifPresent(at -> Times.checked("at", at));
    Instant now = now();
    return database.write(
        "advance order '" + number + "' to " + report.stage(),
        tx -> desk.advance(tx, tenant, number, report, now));
  }

  @Override
  public Upserted recordService(String orderNo, UnitServiceReport report) {
    String number = key("orderNo", orderNo, 64);
    notNull("report", report);
    Instant now = now();
    return database.write(
        "record a service of order '" + number + "'",
        tx -> desk.service(tx, tenant, number, report, now));
  }

  @Override
  public boolean removeService(String orderNo, UnitServiceReport report) {
    String number = key("orderNo", orderNo, 64);
    notNull("report", report);
    Instant now = now();
    return database.write(
        "remove a service of order '" + number + "'",
        tx -> desk.removeService(tx, tenant, number, report, now));
  }

  @Override
  public Optional<OrderDetail> find(String orderNo) {
    String number = key("orderNo", orderNo, 64);
    return database.view(
        "read order '" + number + "'",
        tx ->
            orders
                .head(tx, tenant, number, false)
                .filter(OrderHead::reported)
                .map(head -> desk.detail(tx, tenant, head)));
  }

  @Override
  public OrderHistory history(String orderNo) {
    String number = key("orderNo", orderNo, 64);
    return database.view("read the history of order '" + number + "'", tx -> history(tx, number));
  }

  private OrderHistory history(Tx tx, String orderNo) {
    OrderHead head = desk.reported(tx, tenant, orderNo, false);
    Dossier dossier = desk.dossier(tx, tenant, head);
    return new OrderHistory(
        dossier.detail(),
        dossier.stages(),
        orders.assignments(tx, tenant, head),
        head.withReturns() ? returns.ofOrder(tx, tenant, head.id()) : List.of(),
        dossier.units().stream()
            .map(
                unit ->
                    new OrderUnit(
                        unit.id(),
                        unit.lineNo(),
                        unit.unitNo(),
                        Optional.ofNullable(unit.serial()),
                        unit.stage(),
                        unit.present(),
                        unit.counted(),
                        Optional.ofNullable(unit.installedMs()).map(Instant::ofEpochMilli),
                        Optional.ofNullable(unit.servicedMs()).map(Instant::ofEpochMilli)))
            .toList(),
        dossier.services().stream().map(ServiceRow::shown).toList(),
        desk.state(tenant, dossier).surplus());
  }

  @Override
  public List<OrderDetail> byExternalNumber(String system, String number) {
    String name = key("system", system, 32);
    String given = key("number", number, 64);
    return database.view(
        "read orders by the number of '" + name + "'",
        tx -> details(tx, orders.byNumber(tx, tenant, name, given)));
  }

  @Override
  public OrderPage page(OrderQuery query, @Nullable String cursor, int limit) {
    notNull("query", query);
    range("limit", limit, 1, 500);
    long beforeMs = query.to().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
    long beforeId = 0;
    if (cursor != null) {
      Matcher parts = CURSOR.matcher(cursor);
      if (!parts.matches()) {
        throw new InvalidInputException(
            "cursor", "must be OrderPage.next() of the page before, or null for the first page");
      }
      beforeMs = Long.parseLong(parts.group(1));
      beforeId = number(parts.group(2));
    }
    return page(query, beforeMs, beforeId, limit);
  }

  private static long number(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException tooLarge) {
      throw new InvalidInputException("cursor", "must be OrderPage.next() of the page before");
    }
  }

  private OrderPage page(OrderQuery query, long beforeMs, long beforeId, int limit) {
    return database.view(
        "read a page of orders",
        tx -> {
          OrderQuery wanted =
              query.memberId().isPresent()
                  ? query.member(desk.survivor(tx, tenant, query.memberId().get()))
                  : query;
          List<OrderHead> heads = orders.page(tx, tenant, wanted, beforeMs, beforeId, limit + 1);
          boolean more = heads.size() > limit;
          List<OrderHead> shown = more ? heads.subList(0, limit) : heads;
          Optional<String> next =
              more
                  ? Optional.of(shown.get(limit - 1).orderedMs() + "_" + shown.get(limit - 1).id())
                  : Optional.empty();
          return new OrderPage(details(tx, shown), next);
        });
  }

  private List<OrderDetail> details(Tx tx, List<OrderHead> heads) {
    Map<Long, List<LineRow>> lines =
        orders.lines(tx, tenant, heads.stream().map(OrderHead::id).toList());
    return heads.stream()
        .map(head -> head.detail(lines.getOrDefault(head.id(), List.of())))
        .toList();
  }

  @Override
  public UsedCodes usedCodes() {
    return database.read(
        "read the codes of orders",
        tx -> new UsedCodes(OrderCodes.stores(tx, tenant), OrderCodes.salesChannels(tx, tenant)));
  }

  @Override
  public List<Consumption> consumption(long memberId) {
    return database.read(
        "read what member " + memberId + " bought",
        tx ->
            rollup.of(tx, tenant, desk.survivor(tx, tenant, memberId)).entrySet().stream()
                .map(row -> consumption(row.getKey(), row.getValue()))
                .toList());
  }

  private static Consumption consumption(Rollup.Key key, Rollup.Sum sum) {
    return new Consumption(
        key.path(),
        key.month() == 0
            ? Optional.empty()
            : Optional.of(YearMonth.of(key.month() / 100, key.month() % 100)),
        sum.orders(),
        OrderLine.plain(sum.quantity()),
        sum.netFen(),
        Optional.ofNullable(sum.firstMs()).map(Instant::ofEpochMilli),
        Optional.ofNullable(sum.lastMs()).map(Instant::ofEpochMilli));
  }

  @Override
  public RecountReport recount(long memberId) {
    int wrong = 0;
    OrderQuery query = OrderQuery.all().member(memberId);
    List<Long> ids = new ArrayList<>();
    long[] from = {Long.MAX_VALUE, 0};
    List<OrderHead> heads;
    do {
      heads =
          database.read(
              "read the orders of member " + memberId,
              tx -> orders.page(tx, tenant, query, from[0], from[1], ORDERS_AT_ONCE));
      for (OrderHead head : heads) {
        ids.add(head.id());
        from[0] = head.orderedMs() == null ? from[0] : head.orderedMs();
        from[1] = head.id();
      }
    } while (heads.size() == ORDERS_AT_ONCE);
    Instant now = now();
    for (long id : ids) {
      boolean stood =
          database.write(
              "recount an order of member " + memberId, tx -> desk.resettle(tx, tenant, id, now));
      wrong += stood ? 1 : 0;
    }
    Map<Long, Optional<Long>> notes =
        database.read(
            "read the returns of member " + memberId, tx -> desk.notes(tx, tenant, memberId));
    for (Map.Entry<Long, Optional<Long>> note : notes.entrySet()) {
      boolean moved =
          database.write(
              "recount a return of member " + memberId,
              tx ->
                  note.getValue().isPresent()
                      ? desk.resettle(tx, tenant, note.getValue().get(), now)
                      : desk.remap(tx, tenant, note.getKey()));
      wrong += moved ? 1 : 0;
    }
    int rows =
        database.write("recount member " + memberId, tx -> rollup.recount(tx, tenant, memberId));
    return new RecountReport(1, wrong, rows, OptionalLong.of(memberId));
  }

  @Override
  public RecountReport recountAll(long afterMemberId, int limit) {
    range("afterMemberId", afterMemberId, 0, Long.MAX_VALUE);
    range("limit", limit, 1, 1_000);
    List<Long> members =
        database.read(
            "read members to recount", tx -> rollup.membersAfter(tx, tenant, afterMemberId, limit));
    int wrong = 0;
    int rows = 0;
    for (long member : members) {
      RecountReport report = recount(member);
      wrong += report.orders();
      rows += report.rows();
    }
    return new RecountReport(
        members.size(),
        wrong,
        rows,
        members.isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(members.get(members.size() - 1)));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
