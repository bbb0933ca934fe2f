package io.laoke.order;

import io.laoke.base.Internal;
import io.laoke.base.Upserted;
import io.laoke.catalog.CatalogBatch;
import io.laoke.catalog.Goods;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.jdbc.Undo;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBatch;
import io.laoke.member.MemberProfile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Orders, stages and returns within one transaction of many facts. The rules are those of {@link
 * Orders} and {@link Returns}: the same code over rows that are read and locked in advance, changed
 * in memory, and written at the end. Of history nothing is told to anybody; of news the listeners
 * hear in the end, each thing as it was then.
 */
@Internal
public final class OrderBatch {
  private final Tenant tenant;
  private final CatalogBatch catalog;
  private final MemberBatch members;
  private final BufferedOrders orders;
  private final BufferedReturns returns;
  private final BufferedRollup rollup;
  private final OrderDesk desk;
  private final List<OrderListener> listeners;
  private final boolean history;
  private final Undo undo;
  private final Set<Long> moved = new LinkedHashSet<>();
  private final List<OrderDetail> firstWritten = new ArrayList<>();
  private final List<OrderListener.Advanced> advanced = new ArrayList<>();
  private final List<Consumer<OrderListener>> others = new ArrayList<>();
  private boolean parted;

  OrderBatch(
      Tenant tenant,
      Json json,
      Ids ids,
      CatalogBatch catalog,
      MemberBatch members,
      Function<Tenant, OrderSettings> settings,
      OrderTable table,
      List<OrderListener> listeners,
      boolean history,
      Undo undo) {
    this.tenant = tenant;
    this.catalog = catalog;
    this.members = members;
    this.listeners = listeners;
    this.history = history;
    this.undo = undo;
    this.orders = new BufferedOrders(json, table, undo);
    this.returns = new BufferedReturns(new ReturnTable(), undo);
    this.rollup = new BufferedRollup(members, undo);
    this.desk = new OrderDesk(ids, catalog, members.book(), settings, orders, returns, rollup);
    desk.listen(history ? new Past() : new News());
  }

  /** Keeps what is heard of history until it is written. */
  private final class Past implements OrderListener {
    @Override
    public void written(Tx tx, Tenant of, OrderDetail order, boolean first, Instant now) {
      // Seen from what is written at the end.
    }

    @Override
    public void advanced(
        Tx tx, Tenant of, OrderDetail order, StageRecord stage, boolean news, Instant now) {
      // History is news to nobody.
    }

    @Override
    public void memberChanged(Tx tx, Tenant of, OrderDetail order, Instant now) {
      if (moved.add(order.id())) {
        undo.by(() -> moved.remove(order.id()));
      }
    }
  }

  /**
   * Keeps what is heard until the rows that listeners may read and lock are written. Of new orders
   * they hear first, as nothing else is heard of an order before it; then of stages, in turn; of
   * changed orders last, as nothing follows one that has another member.
   */
  private final class News implements OrderListener {
    @Override
    public void written(Tx tx, Tenant of, OrderDetail order, boolean first, Instant now) {
      if (first) {
        firstWritten.add(order);
        undo.by(() -> firstWritten.remove(firstWritten.size() - 1));
      } else {
        keep(listener -> listener.written(tx, of, order, false, now));
      }
    }

    @Override
    public void advanced(
        Tx tx, Tenant of, OrderDetail order, StageRecord stage, boolean news, Instant now) {
      advanced.add(new Advanced(order, stage, news));
      undo.by(() -> advanced.remove(advanced.size() - 1));
    }

    @Override
    public void memberChanged(Tx tx, Tenant of, OrderDetail order, Instant now) {
      parted = true;
      undo.by(() -> parted = false);
      keep(listener -> listener.memberChanged(tx, of, order, now));
    }

    private void keep(Consumer<OrderListener> heard) {
      others.add(heard);
      undo.by(() -> others.remove(others.size() - 1));
    }
  }

  /** What the facts of a transaction speak of. */
  public static final class Mentioned {
    final Set<String> orderNos = new TreeSet<>();
    final Set<String> noteNos = new TreeSet<>();
    final Set<Goods> goods = new HashSet<>();
    final List<Place> places = new ArrayList<>();
    final Set<String> customerNos = new HashSet<>();
    final Set<String> phones = new HashSet<>();
    final List<MemberProfile> profiles = new ArrayList<>();

    /** A member. */
    public void member(MemberProfile profile) {
      profiles.add(profile);
      profile.phones().forEach(phone -> phones.add(phone.value()));
    }

    /** An order. */
    public void order(Order order) {
      orderNos.add(order.orderNo());
      order.lines().forEach(line -> goods.add(line.goods()));
      order.place().ifPresent(places::add);
      order.buyer().customerNo().ifPresent(customerNos::add);
      order.buyer().phone().ifPresent(phones::add);
    }

    /** An order by its number alone. */
    public void order(String orderNo) {
      orderNos.add(orderNo);
    }

    /** A return. */
    public void note(ReturnNote note) {
      noteNos.add(note.noteNo());
      note.orderNo().ifPresent(orderNos::add);
      note.customerNo().ifPresent(customerNos::add);
      note.lines().forEach(line -> goods.add(line.goods()));
    }
  }

  /**
   * Locks the notes, orders and members, in this order, and reads what will be asked for.
   *
   * @param claims whether new identities are claimed at once, since others make them too
   */
  public void prefetch(Tx tx, Mentioned mentioned, boolean claims, Instant now) {
    Map<String, String> phones = members.phoneHashes(mentioned.phones);
    returns.prefetch(tx, tenant, mentioned.noteNos);
    orders.prefetch(tx, tenant, mentioned.orderNos, mentioned.places);
    returns.prefetchLines(tx, tenant, orders.stored());
    catalog.prefetch(tx, tenant, mentioned.goods, phones.keySet());
    Set<Long> holders = new HashSet<>(orders.members());
    holders.addAll(returns.members());
    members.prefetch(tx, mentioned.customerNos, phones, mentioned.profiles, holders, claims, now);
  }

  /** As {@link io.laoke.member.Members#put}. */
  public Upserted put(Tx tx, MemberProfile profile, Instant now) {
    return members.put(tx, profile, now);
  }

  /** As {@link Orders#upsert}. */
  public UpsertResult upsert(Tx tx, Order order, Instant now) {
    return desk.upsert(tx, tenant, order, now);
  }

  /** As {@link Orders#advance}; of history nobody is told, and never will be. */
  public AdvanceResult advance(Tx tx, String orderNo, StageReport report, Instant now) {
    report.at().ifPresent(at -> Times.checked("at", at));
    return desk.advance(tx, tenant, orderNo, report, now);
  }

  /** As {@link Returns#record}. */
  public Upserted record(Tx tx, ReturnNote note, Instant now) {
    return desk.record(tx, tenant, note, now);
  }

  /** As {@link Orders#recordService}. */
  public Upserted recordService(Tx tx, String orderNo, UnitServiceReport report, Instant now) {
    return desk.service(tx, tenant, orderNo, report, now);
  }

  /** Whether a return that was recorded counts for no member. */
  public boolean guests(ReturnNote note) {
    return returns.seen(note.noteNo()).filter(row -> row.memberId() != null).isEmpty()
        && note.orderNo().flatMap(orders::seen).filter(head -> head.memberId() != null).isEmpty();
  }

  /**
   * Whether something happened of which listeners may make changes of their own to orders and
   * members, so that no further fact may be told before the flush.
   */
  public boolean mustEnd() {
    return parted;
  }

  /**
   * Writes everything, in the order in which all lock: orders, members, identities, consumption
   * files; then the listeners hear.
   *
   * @param carefully whether sums are read before they are changed
   */
  public void flush(Tx tx, boolean carefully, Instant now) {
    orders.flush(tx, tenant, now);
    returns.flush(tx, tenant, now);
    Collection<Long> counted = rollup.settle(tenant);
    members.flush(tx, counted, rollup.receiving());
    rollup.flush(tx, tenant, members, carefully);
    List<Long> changed = orders.changed();
    if (!changed.isEmpty()) {
      listeners.forEach(listener -> listener.changed(tx, tenant, changed));
    }
    if (history) {
      tell(tx, now);
    } else {
      if (!firstWritten.isEmpty()) {
        listeners.forEach(listener -> listener.written(tx, tenant, firstWritten, now));
      }
      if (!advanced.isEmpty()) {
        listeners.forEach(listener -> listener.advanced(tx, tenant, advanced, now));
      }
      others.forEach(listeners::forEach);
    }
  }

  private void tell(Tx tx, Instant now) {
    Map<Long, OrderDetail> made = orders.written(true);
    Map<Long, OrderDetail> changed = orders.written(false);
    if (!made.isEmpty()) {
      List<OrderDetail> all = List.copyOf(made.values());
      listeners.forEach(listener -> listener.imported(tx, tenant, all, now));
    }
    changed
        .values()
        .forEach(
            order ->
                listeners.forEach(listener -> listener.written(tx, tenant, order, false, now)));
    for (long id : moved) {
      OrderDetail order = changed.get(id);
      if (order != null) {
        listeners.forEach(listener -> listener.memberChanged(tx, tenant, order, now));
      }
    }
  }
}
