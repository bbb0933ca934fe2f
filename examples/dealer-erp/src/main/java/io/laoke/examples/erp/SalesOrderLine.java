package io.laoke.examples.erp;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** 订单明细. */
@Entity
@Table(name = "sales_order_line")
class SalesOrderLine {
  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE)
  private @Nullable Long id;

  @ManyToOne(optional = false, fetch = FetchType.LAZY)
  private SalesOrder salesOrder;

  @Column(nullable = false)
  private int lineNo;

  @ManyToOne(optional = false)
  private Product product;

  @Column(nullable = false)
  private int quantity;

  @Column(nullable = false, precision = 12, scale = 2)
  private BigDecimal unitPrice;

  @SuppressWarnings("NullAway.Init") // JPA fills the fields
  protected SalesOrderLine() {}

  SalesOrderLine(
      SalesOrder salesOrder, int lineNo, Product product, int quantity, BigDecimal unitPrice) {
    this.salesOrder = salesOrder;
    this.lineNo = lineNo;
    this.product = product;
    this.quantity = quantity;
    this.unitPrice = unitPrice;
  }

  SalesOrder salesOrder() {
    return salesOrder;
  }

  public int lineNo() {
    return lineNo;
  }

  public Product product() {
    return product;
  }

  public int quantity() {
    return quantity;
  }

  public BigDecimal unitPrice() {
    return unitPrice;
  }

  public BigDecimal amount() {
    return unitPrice.multiply(BigDecimal.valueOf(quantity));
  }
}
