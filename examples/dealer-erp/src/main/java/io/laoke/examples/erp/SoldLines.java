package io.laoke.examples.erp;

import io.laoke.reminder.ReminderRule;
import io.laoke.reminder.UnitDays;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Transactional;

/** 已售商品: the ERP's own lines by category. */
interface SoldLines extends Repository<SalesOrderLine, Long> {
  /**
   * A line with what is told of it.
   *
   * @param orderNo of which order
   * @param lineNo its number in it
   * @param customer whose
   * @param goods what it is
   * @param category its path at Laoke
   * @param brand its brand
   * @param model its model
   * @param days when it was delivered, installed, completed
   */
  record Line(
      String orderNo,
      String lineNo,
      String customer,
      String goods,
      String category,
      String brand,
      String model,
      UnitDays days) {
    static Line of(SalesOrderLine line) {
      SalesOrder order = line.salesOrder();
      Product product = line.product();
      return new Line(
          order.orderNo(),
          String.valueOf(line.lineNo()),
          order.customerName(),
          product.brand() + " " + product.name(),
          product.category().groupCode() + "/" + product.category().code(),
          product.brand(),
          product.model(),
          days(order));
    }

    private static UnitDays days(SalesOrder order) {
      UnitDays days = UnitDays.unknown();
      for (OrderStep step : order.steps()) {
        LocalDate day = LocalDate.ofInstant(step.at(), OrderDesk.ZONE);
        days =
            switch (step.status()) {
              case DELIVERED -> days.delivered(day);
              case INSTALLED -> days.installed(day);
              case COMPLETED -> days.completed(day);
              case REPORTED, APPROVED, SHIPPED, SCHEDULED, CANCELLED -> days;
            };
      }
      return days;
    }
  }

  /** Those that a rule covers and that were delivered, ordered before then, the newest first. */
  @Transactional(readOnly = true)
  default List<Line> of(String path, ReminderRule rule, Instant before, Limit limit) {
    int slash = path.indexOf('/');
    return find(
            slash < 0 ? path : path.substring(0, slash),
            Optional.of(slash).filter(at -> at > 0).map(at -> path.substring(at + 1)).orElse(null),
            rule.brand().orElse(null),
            rule.model().orElse(null),
            before,
            limit)
        .stream()
        .map(Line::of)
        .toList();
  }

  @Query(
      """
      select l from SalesOrderLine l join fetch l.salesOrder o join fetch l.product p
      where p.category.groupCode = :group and p.service = false
        and (:category is null or p.category.code = :category)
        and (:brand is null or p.brand = :brand)
        and (:model is null or p.model = :model)
        and o.status in (io.laoke.examples.erp.OrderStatus.DELIVERED,
          io.laoke.examples.erp.OrderStatus.INSTALLED, io.laoke.examples.erp.OrderStatus.COMPLETED)
        and o.orderedAt < :before
      order by o.orderedAt desc, l.id
      """)
  List<SalesOrderLine> find(
      String group,
      @Nullable String category,
      @Nullable String brand,
      @Nullable String model,
      Instant before,
      Limit limit);
}
