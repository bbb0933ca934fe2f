package io.laoke.examples.erp;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** 销售订单. */
@Entity
@Table(name = "sales_order")
class SalesOrder {
  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE)
  private @Nullable Long id;

  @Column(nullable = false, unique = true, length = 32)
  private String orderNo;

  /** Of the page that made it, so that a form sent twice makes one order. */
  @Column(nullable = false, unique = true, length = 36)
  private String requestId;

  @Column(nullable = false)
  private Instant orderedAt;

  @Column(nullable = false, length = 30)
  private String customerName;

  @Column(nullable = false, length = 20)
  private String customerPhone;

  @Column(nullable = false, length = 100)
  private String region;

  @Column(nullable = false, length = 100)
  private String street;

  @Column(nullable = false, length = 20)
  private String channel;

  @ManyToOne(optional = false)
  private Salesperson salesperson;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false, length = 16)
  private OrderStatus status;

  @Column(nullable = false, precision = 14, scale = 2)
  private BigDecimal total = BigDecimal.ZERO;

  @OneToMany(mappedBy = "salesOrder", cascade = CascadeType.ALL)
  @OrderBy("lineNo")
  private List<SalesOrderLine> lines = new ArrayList<>();

  @OneToMany(mappedBy = "salesOrder", cascade = CascadeType.ALL)
  @OrderBy("id")
  private List<OrderStep> steps = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // JPA fills the fields
  protected SalesOrder() {}

  SalesOrder(
      String orderNo,
      String requestId,
      Instant orderedAt,
      String customerName,
      String customerPhone,
      String region,
      String street,
      String channel,
      Salesperson salesperson) {
    this.orderNo = orderNo;
    this.requestId = requestId;
    this.orderedAt = orderedAt;
    this.customerName = customerName;
    this.customerPhone = customerPhone;
    this.region = region;
    this.street = street;
    this.channel = channel;
    this.salesperson = salesperson;
    this.status = OrderStatus.REPORTED;
  }

  void add(Product product, int quantity, BigDecimal unitPrice) {
    SalesOrderLine line = new SalesOrderLine(this, lines.size() + 1, product, quantity, unitPrice);
    lines.add(line);
    total = total.add(line.amount());
  }

  /** Goes to a status; the caller has seen that it may. */
  OrderStep goTo(OrderStatus to, Instant at, StepForm given) {
    OrderStep step = new OrderStep(this, to, at, given);
    steps.add(step);
    status = to;
    return step;
  }

  public String orderNo() {
    return orderNo;
  }

  public Instant orderedAt() {
    return orderedAt;
  }

  public String customerName() {
    return customerName;
  }

  public String customerPhone() {
    return customerPhone;
  }

  public String region() {
    return region;
  }

  public String street() {
    return street;
  }

  public String channel() {
    return channel;
  }

  public Salesperson salesperson() {
    return salesperson;
  }

  public OrderStatus status() {
    return status;
  }

  public BigDecimal total() {
    return total;
  }

  public List<SalesOrderLine> lines() {
    return lines;
  }

  public List<OrderStep> steps() {
    return steps;
  }
}
