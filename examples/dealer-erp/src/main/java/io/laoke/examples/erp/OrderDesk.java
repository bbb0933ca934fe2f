package io.laoke.examples.erp;

import io.laoke.examples.erp.OrderForm.Line;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.hibernate.Hibernate;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** 开单台: makes orders and takes them from step to step. */
@Service
class OrderDesk {
  static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  static final int PAGE_SIZE = 20;

  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyMMdd");

  private final SalesOrders orders;
  private final Products products;
  private final Salespeople salespeople;
  private final NumberSeriesTable numbers;
  private final CustomerNotices notices;
  private final Clock clock;

  OrderDesk(
      SalesOrders orders,
      Products products,
      Salespeople salespeople,
      NumberSeriesTable numbers,
      CustomerNotices notices,
      Clock clock) {
    this.orders = orders;
    this.products = products;
    this.salespeople = salespeople;
    this.numbers = numbers;
    this.notices = notices;
    this.clock = clock;
  }

  /** Makes an order of a checked form; the same form sent again gives the same order. */
  @Transactional
  String create(OrderForm form) {
    // Held until the commit, so that the same form pressed twice is seen the second time.
    NumberSeries series = numbers.findWithLockByName(NumberSeries.SALES_ORDER).orElseThrow();
    Optional<SalesOrder> before = orders.findByRequestId(form.getRequestId());
    if (before.isPresent()) {
      return before.get().orderNo();
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    SalesOrder order =
        new SalesOrder(
            number(series, now),
            form.getRequestId(),
            now,
            given(form.getCustomerName()),
            given(form.getCustomerPhone()),
            given(form.getRegion()),
            given(form.getStreet()),
            given(form.getChannel()),
            salespeople.findById(given(form.getSalesperson())).orElseThrow());
    form.getLines().stream().filter(Line::chosen).forEach(line -> add(order, line));
    order.goTo(OrderStatus.REPORTED, now, StepForm.to(OrderStatus.REPORTED));
    orders.save(order);
    notices.reported(order); // Laoke
    return order.orderNo();
  }

  /**
   * Takes an order a step further.
   *
   * @return what is wrong, or empty
   */
  @Transactional
  Optional<String> advance(String orderNo, StepForm form) {
    SalesOrder order = orders.findWithLockByOrderNo(orderNo).orElseThrow(NotFound::new);
    OrderStatus to = Objects.requireNonNull(form.getTo(), "to");
    if (order.status() == to) {
      return Optional.empty();
    }
    if (!order.status().leadsTo(to)) {
      return Optional.of("订单目前%s，不能办理%s".formatted(order.status().label(), to.verb()));
    }
    OrderStep step = order.goTo(to, clock.instant().truncatedTo(ChronoUnit.MILLIS), form);
    notices.advanced(order, step); // Laoke
    return Optional.empty();
  }

  /** An order with its lines and steps. */
  @Transactional(readOnly = true)
  SalesOrder open(String orderNo) {
    SalesOrder order = orders.findByOrderNo(orderNo).orElseThrow(NotFound::new);
    Hibernate.initialize(order.lines());
    Hibernate.initialize(order.steps());
    return order;
  }

  /** The customer's. */
  @Transactional(readOnly = true)
  String phone(String orderNo) {
    return orders.findByOrderNo(orderNo).orElseThrow(NotFound::new).customerPhone();
  }

  @Transactional(readOnly = true)
  OrderStatus status(String orderNo) {
    return orders.findByOrderNo(orderNo).map(SalesOrder::status).orElseThrow(NotFound::new);
  }

  /** A page of orders, newest first. */
  @Transactional(readOnly = true)
  Page<SalesOrder> search(@Nullable OrderStatus status, @Nullable String words, int page) {
    return orders.search(status, literal(words), PageRequest.of(page, PAGE_SIZE));
  }

  @Transactional(readOnly = true)
  List<Product> products() {
    return products.findAllByOrderBySku();
  }

  @Transactional(readOnly = true)
  List<Salesperson> salespeople() {
    return salespeople.findAllByOrderByCode();
  }

  LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZONE);
  }

  private void add(SalesOrder order, Line line) {
    Product product = products.findById(given(line.getSku())).orElseThrow();
    int quantity = Objects.requireNonNull(line.getQuantity(), "quantity");
    order.add(product, quantity, Optional.ofNullable(line.getPrice()).orElse(product.listPrice()));
  }

  static String number(NumberSeries series, Instant now) {
    return "%s%s-%04d"
        .formatted(series.name(), DAY.format(LocalDate.ofInstant(now, ZONE)), series.next());
  }

  private static String given(@Nullable String value) {
    return Objects.requireNonNull(value, "checked before").strip();
  }

  private static @Nullable String literal(@Nullable String words) {
    return words == null || words.isBlank() ? null : words.strip().replaceAll("([!%_])", "!$1");
  }
}
