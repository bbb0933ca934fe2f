package io.laoke.examples.erp;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** 订单跟踪: one step that an order took, with its document. */
@Entity
@Table(name = "sales_order_step")
class OrderStep {
  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE)
  private @Nullable Long id;

  // Written for JPA, which owns the column.
  @SuppressWarnings("UnusedVariable")
  @ManyToOne(optional = false, fetch = FetchType.LAZY)
  private SalesOrder salesOrder;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false, length = 16)
  private OrderStatus status;

  @Column(name = "happened_at", nullable = false)
  private Instant at;

  @Column(nullable = false, length = 40)
  private String documentNo;

  private @Nullable LocalDate visitOn;

  @Column(length = 20)
  private @Nullable String visitSlot;

  @Column(length = 30)
  private @Nullable String worker;

  @Column(length = 100)
  private @Nullable String note;

  @SuppressWarnings("NullAway.Init") // JPA fills the fields
  protected OrderStep() {}

  OrderStep(SalesOrder salesOrder, OrderStatus status, Instant at, StepForm given) {
    this.salesOrder = salesOrder;
    this.status = status;
    this.at = at;
    String order = salesOrder.orderNo();
    this.documentNo = status.documentPrefix() + order.substring(order.indexOf('X') + 2);
    this.visitOn = given.getVisitOn();
    this.visitSlot = given.getVisitSlot();
    this.worker = given.getWorker();
    this.note = given.getNote();
  }

  public OrderStatus status() {
    return status;
  }

  public Instant at() {
    return at;
  }

  public String documentNo() {
    return documentNo;
  }

  public Optional<LocalDate> visitOn() {
    return Optional.ofNullable(visitOn);
  }

  public Optional<String> visitSlot() {
    return Optional.ofNullable(visitSlot);
  }

  public Optional<String> worker() {
    return Optional.ofNullable(worker);
  }

  public Optional<String> note() {
    return Optional.ofNullable(note);
  }
}
