package io.laoke.reminder;

import io.laoke.base.Upserted;
import io.laoke.order.Orders;
import io.laoke.order.UnitService;
import io.laoke.order.UnitServiceReport;
import java.util.List;

/** {@link Services} as orders keep them. */
final class RecordedServices implements Services {
  private final Orders orders;

  RecordedServices(Orders orders) {
    this.orders = orders;
  }

  @Override
  public Upserted record(String orderNo, UnitServiceReport report) {
    return orders.recordService(orderNo, report);
  }

  @Override
  public boolean remove(String orderNo, UnitServiceReport report) {
    return orders.removeService(orderNo, report);
  }

  @Override
  public List<UnitService> of(String orderNo) {
    return orders.history(orderNo).services();
  }
}
