package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.reminder.ReminderBooked;
import io.laoke.reminder.Task;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** 派工台: makes a work order of each slot that was booked. */
@Service
class WorkOrderDesk {
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyMMdd");

  private final WorkOrders workOrders;
  private final NumberSeriesTable numbers;
  private final Dealer dealer;
  private final Clock clock;

  WorkOrderDesk(WorkOrders workOrders, NumberSeriesTable numbers, Laoke laoke, Clock clock) {
    this.workOrders = workOrders;
    this.numbers = numbers;
    this.dealer = laoke.dealer("hengxin");
    this.clock = clock;
  }

  /**
   * Laoke: what a {@code BookingListener} is told, at least once for each slot. The work order and
   * its number at Laoke are one transaction, and a slot that was moved moves its work order.
   */
  @Transactional
  void booked(ReminderBooked booking) {
    Task task = booking.task();
    Task.Slot slot = task.booked().orElseThrow();
    WorkOrder order =
        workOrders
            .findByTaskId(task.id())
            .orElseGet(() -> new WorkOrder(next(), task.id(), slot.from(), slot.to()));
    order.move(slot.from(), slot.to());
    workOrders.save(order);
    dealer.reminders().tasks().workOrder(task.id(), order.number());
  }

  private String next() {
    NumberSeries series = numbers.findWithLockByName(NumberSeries.WORK_ORDER).orElseThrow();
    LocalDate today = LocalDate.ofInstant(clock.instant(), OrderDesk.ZONE);
    return "%s%s-%04d".formatted(series.name(), DAY.format(today), series.next());
  }
}
