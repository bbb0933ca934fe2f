package io.laoke.order;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Hears what happens to orders, inside the transaction that writes it and with the order row
 * locked. Does database work only.
 */
@Internal
public interface OrderListener {
  /**
   * An order was written for the first time, or its content changed.
   *
   * @param now business time
   */
  void written(Tx tx, Tenant tenant, OrderDetail order, boolean first, Instant now);

  /** As {@link #written} for each of these, which one transaction wrote for the first time. */
  default void written(Tx tx, Tenant tenant, List<OrderDetail> orders, Instant now) {
    orders.forEach(order -> written(tx, tenant, order, true, now));
  }

  /**
   * A stage was recorded for the first time, or what the customer sees of it changed. Late earlier
   * stages and those of unknown time come with {@code news} false.
   *
   * @param news whether the customer is to be told
   */
  void advanced(
      Tx tx, Tenant tenant, OrderDetail order, StageRecord stage, boolean news, Instant now);

  /**
   * What is heard of a stage.
   *
   * @param news whether the customer is to be told
   */
  record Advanced(OrderDetail order, StageRecord stage, boolean news) {}

  /** As {@link #advanced} for each of these in turn, which one transaction recorded. */
  default void advanced(Tx tx, Tenant tenant, List<Advanced> stages, Instant now) {
    stages.forEach(one -> advanced(tx, tenant, one.order(), one.stage(), one.news(), now));
  }

  /**
   * Orders were made by an import of history, all at once and with the stages that they have
   * reached. Of these neither {@link #written} nor {@link #advanced} is heard, and nothing is to be
   * told to anybody.
   */
  default void imported(Tx tx, Tenant tenant, List<OrderDetail> orders, Instant now) {}

  /** The order's member changed, by a scan, an unbinding, or a changed buyer. */
  void memberChanged(Tx tx, Tenant tenant, OrderDetail order, Instant now);

  /**
   * Something of these orders was written: content, stages, units, services, returns, the member,
   * or where their goods stand. Heard once or more for whatever else is heard, and for what is not,
   * history among it; before or after that.
   */
  default void changed(Tx tx, Tenant tenant, Collection<Long> orderIds) {}
}
