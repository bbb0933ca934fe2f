package io.laoke.reminder;

import io.laoke.base.Upserted;
import io.laoke.order.UnitService;
import io.laoke.order.UnitServiceReport;
import java.util.List;

/**
 * Services 服务 that units got, whoever asked for them: by a reminder, by the customer, before Laoke.
 * Safe for use by many threads.
 */
public interface Services {
  /**
   * Records a service, past ones and those of walk-in customers among them. The unit's next service
   * of that kind is counted from it, and what was due is done; that follows with the next tick, and
   * {@link Reminders#of} shows it at once. The same report may be given any number of times:
   * reports are told apart by their document, or by their time where they have none, and one with
   * other content corrects the first. The same as {@code orders().recordService(…)}.
   *
   * @throws io.laoke.error.NotFoundException if there is no such order or line
   * @throws io.laoke.error.InvalidInputException if the line has no such unit, or it was done on a
   *     day before the order's or after today; days before the unit was delivered or installed are
   *     taken, since stages may come later or be wrong for a while
   * @throws io.laoke.error.StoreException if the database fails; repeating is safe
   */
  Upserted record(String orderNo, UnitServiceReport report);

  /**
   * Takes a service out that was recorded by mistake.
   *
   * @param report with the same line, unit, kind and document, or time if it has none
   * @return whether it was there
   * @throws io.laoke.error.NotFoundException if there is no such order
   */
  boolean remove(String orderNo, UnitServiceReport report);

  /**
   * The services that an order's units got, in the order in which they were done.
   *
   * @throws io.laoke.error.NotFoundException if there is no such order
   */
  List<UnitService> of(String orderNo);
}
