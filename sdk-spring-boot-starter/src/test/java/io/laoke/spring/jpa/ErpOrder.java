package io.laoke.spring.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** A host's order. */
@Entity
public class ErpOrder {
  @Id private String orderNo;

  protected ErpOrder() {
    this("");
  }

  public ErpOrder(String orderNo) {
    this.orderNo = orderNo;
  }

  public String getOrderNo() {
    return orderNo;
  }
}
