package io.laoke.order;

import io.laoke.catalog.Chunks;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** {@link OrderBook} over the tables. */
final class StoredBook implements OrderBook {
  private final OrderDesk desk;
  private final OrderTable orders;
  private final ServicedUnits units;

  StoredBook(OrderDesk desk, OrderTable orders) {
    this.desk = desk;
    this.orders = orders;
    this.units = new ServicedUnits(desk, orders);
  }

  @Override
  public Map<String, Long> ids(Tx tx, Tenant tenant, Collection<String> orderNos) {
    return orders.ids(tx, tenant, orderNos);
  }

  @Override
  public Optional<OrderDetail> lock(Tx tx, Tenant tenant, String orderNo) {
    return detail(tx, tenant, orders.head(tx, tenant, orderNo, true));
  }

  @Override
  public Optional<OrderDetail> lock(Tx tx, Tenant tenant, long orderId) {
    return detail(tx, tenant, orders.head(tx, tenant, orderId, true));
  }

  @Override
  public Optional<OrderDetail> find(Tx tx, Tenant tenant, String orderNo) {
    return detail(tx, tenant, orders.head(tx, tenant, orderNo, false));
  }

  @Override
  public Optional<OrderDetail> find(Tx tx, Tenant tenant, long orderId) {
    return detail(tx, tenant, orders.head(tx, tenant, orderId, false));
  }

  @Override
  public Map<Long, OrderDetail> find(Tx tx, Tenant tenant, Set<Long> orderIds) {
    Map<Long, OrderDetail> found = new HashMap<>();
    for (List<Long> some : Chunks.of(orderIds)) {
      Map<Long, List<LineRow>> lines = orders.lines(tx, tenant, some);
      for (OrderHead head : orders.heads(tx, tenant, some)) {
        if (head.reported()) {
          found.put(head.id(), head.detail(lines.getOrDefault(head.id(), List.of())));
        }
      }
    }
    return found;
  }

  @Override
  public Set<String> ofErased(Tx tx, Tenant tenant, Collection<String> orderNos) {
    return orders.ofErased(tx, tenant, orderNos);
  }

  private Optional<OrderDetail> detail(Tx tx, Tenant tenant, Optional<OrderHead> head) {
    return head.filter(OrderHead::reported).map(known -> desk.detail(tx, tenant, known));
  }

  @Override
  public boolean any(Tx tx, Tenant tenant, long memberId) {
    return tx.guarded(
            """
            SELECT id FROM {customer_order} WHERE dealer_id = :dealer AND member_id = :member LIMIT 1""")
        .bind("dealer", tenant.id())
        .bind("member", memberId)
        .mapTo(Long.class)
        .findFirst()
        .isPresent();
  }

  @Override
  public List<StageRecord> stages(Tx tx, Tenant tenant, long orderId) {
    return orders.stages(tx, tenant, orderId);
  }

  @Override
  public Map<Long, StageRecord> stages(Tx tx, Tenant tenant, Set<Long> stageIds) {
    return orders.stages(tx, tenant, stageIds).stream()
        .collect(Collectors.toMap(StageRecord::id, stage -> stage));
  }

  @Override
  public Map<Long, StageTime> stageTimes(Tx tx, Tenant tenant, Set<Long> stageIds) {
    return orders.stageTimes(tx, tenant, stageIds).stream()
        .collect(Collectors.toMap(StageTime::id, stage -> stage));
  }

  @Override
  public long nextMessageSeq(Tx tx, Tenant tenant, long orderId) {
    return orders.nextMessageSeq(tx, tenant, orderId);
  }

  @Override
  public Map<Long, Long> nextMessageSeqs(Tx tx, Tenant tenant, Map<Long, Integer> messages) {
    return orders.nextMessageSeqs(tx, tenant, messages);
  }

  @Override
  public OrderDetail assign(
      Tx tx, Tenant tenant, long orderId, OptionalLong memberId, Instant now) {
    return desk.assign(tx, tenant, orderId, memberId, now);
  }

  @Override
  public List<ServicedOrder> serviced(
      Tx tx, Tenant tenant, Collection<Long> orderIds, ServicedOrder.Wanted wanted, Instant now) {
    return units.locked(tx, tenant, orderIds, wanted, now);
  }

  @Override
  public Free servicedUnlessLocked(
      Tx tx, Tenant tenant, Collection<Long> orderIds, ServicedOrder.Wanted wanted, Instant now) {
    return units.unlessLocked(tx, tenant, orderIds, wanted, now);
  }

  @Override
  public List<ServicedOrder> serviced(
      Tx tx, Tenant tenant, Collection<Long> orderIds, ServicedOrder.Wanted wanted) {
    return units.seen(tx, tenant, orderIds, wanted);
  }

  @Override
  public OrdersOf ordersOf(Tx tx, Tenant tenant, String category, long afterId, int window) {
    return ServicedUnits.ordersOf(tx, tenant, category, afterId, window);
  }

  @Override
  public void reminded(Tx tx, Tenant tenant, Map<Long, Optional<LocalDate>> services) {
    ServicedUnits.reminded(tx, tenant, services);
  }
}
