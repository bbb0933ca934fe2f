package io.laoke.order;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;

/** Orders as the floors above use them, inside a transaction that is under way. */
@Internal
public interface OrderBook {
  /** The order, its row locked until the transaction ends. */
  Optional<OrderDetail> lock(Tx tx, Tenant tenant, String orderNo);

  /** The order by Laoke's own number, its row locked until the transaction ends. */
  Optional<OrderDetail> lock(Tx tx, Tenant tenant, long orderId);

  /** The order, not locked. */
  Optional<OrderDetail> find(Tx tx, Tenant tenant, String orderNo);

  /** The order by Laoke's own number, not locked. */
  Optional<OrderDetail> find(Tx tx, Tenant tenant, long orderId);

  /** Those of these orders whose person was erased, so that nothing that names them is recorded. */
  Set<String> ofErased(Tx tx, Tenant tenant, Collection<String> orderNos);

  /**
   * Orders by Laoke's own numbers, not locked; those that are not reported are absent. A few
   * queries for each 500.
   */
  Map<Long, OrderDetail> find(Tx tx, Tenant tenant, Set<Long> orderIds);

  /** Laoke's own numbers by the ERP's, without those that are not known. */
  Map<String, Long> ids(Tx tx, Tenant tenant, Collection<String> orderNos);

  /** Whether a member has any order. */
  boolean any(Tx tx, Tenant tenant, long memberId);

  /** The recorded stages of an order in the order of recording. */
  List<StageRecord> stages(Tx tx, Tenant tenant, long orderId);

  /** Recorded stages by Laoke's own numbers; those that are not there are absent. One query. */
  Map<Long, StageRecord> stages(Tx tx, Tenant tenant, Set<Long> stageIds);

  /**
   * When stages were reached and of what, by Laoke's own numbers of their records; those that are
   * not there are absent. One query, which opens nothing sealed.
   */
  Map<Long, StageTime> stageTimes(Tx tx, Tenant tenant, Set<Long> stageIds);

  /**
   * When a stage was reached and of what.
   *
   * @param id Laoke's own number of the record
   * @param at when it was reached, or else recorded
   * @param scope lines with their units; empty for the whole order
   */
  record StageTime(long id, Instant at, Map<String, SortedSet<Integer>> scope) {}

  /**
   * The next number in the order's sequence of messages. The order row must be locked by this
   * transaction, so that numbers are committed in their order.
   */
  long nextMessageSeq(Tx tx, Tenant tenant, long orderId);

  /**
   * The same for several messages of several orders.
   *
   * @param messages how many of each order
   * @return the number of the first of each
   */
  Map<Long, Long> nextMessageSeqs(Tx tx, Tenant tenant, Map<Long, Integer> messages);

  /**
   * Gives the order to a member, and moves what it counts in the consumption files. Empty takes it
   * from the member that it was given to: it goes back to whom its buyer is, or to nobody. The
   * order row must be locked. Listeners hear of it unless nothing changed.
   *
   * @return the order as it is then
   */
  OrderDetail assign(Tx tx, Tenant tenant, long orderId, OptionalLong memberId, Instant now);

  /**
   * Orders with the units of their serviced lines, locked in the order of their ids; units that
   * have no row get one. Of other lines those units come that have rows. Lines of more than 200
   * units are bulk sales, and not serviced. Some queries for each 500.
   */
  List<ServicedOrder> serviced(
      Tx tx, Tenant tenant, Collection<Long> orderIds, ServicedOrder.Wanted wanted, Instant now);

  /**
   * What could be locked at once, and what others have locked.
   *
   * @param locked ids
   */
  record Free(List<ServicedOrder> orders, List<Long> locked) {}

  /** The same without those that others have locked; on H2 it waits for them. */
  Free servicedUnlessLocked(
      Tx tx, Tenant tenant, Collection<Long> orderIds, ServicedOrder.Wanted wanted, Instant now);

  /** The same, not locked; units that have no row are shown, and get none. */
  List<ServicedOrder> serviced(
      Tx tx, Tenant tenant, Collection<Long> orderIds, ServicedOrder.Wanted wanted);

  /**
   * Orders with goods of a category among the next ones.
   *
   * @param last the id up to which was looked
   */
  record OrdersOf(long last, List<Long> orderIds) {}

  /**
   * Looks at some orders behind an id for those with goods of a category, or below it.
   *
   * @param window how many orders to look at; once there are none, {@code last} is {@code afterId}
   */
  OrdersOf ordersOf(Tx tx, Tenant tenant, String category, long afterId, int window);

  /**
   * Notes of which dates that came due services came; empty for none. The order's row must be
   * locked.
   *
   * @param services by Laoke's own number
   */
  void reminded(Tx tx, Tenant tenant, Map<Long, Optional<LocalDate>> services);
}
