package io.laoke.examples.erp;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** 工单: a technician's visit, made of a slot that was booked with a customer. */
@Entity
@Table(name = "work_order")
class WorkOrder {
  @Id
  @Column(length = 32)
  private String number;

  /** Laoke's number of the task; one visit each, also if it is told twice. */
  @Column(nullable = false, unique = true)
  private long taskId;

  @Column(nullable = false)
  private Instant slotFrom;

  @Column(nullable = false)
  private Instant slotTo;

  @SuppressWarnings("NullAway.Init") // JPA fills the fields
  protected WorkOrder() {}

  WorkOrder(String number, long taskId, Instant from, Instant to) {
    this.number = number;
    this.taskId = taskId;
    this.slotFrom = from;
    this.slotTo = to;
  }

  void move(Instant from, Instant to) {
    slotFrom = from;
    slotTo = to;
  }

  public String number() {
    return number;
  }

  public Instant slotFrom() {
    return slotFrom;
  }

  public Instant slotTo() {
    return slotTo;
  }
}
