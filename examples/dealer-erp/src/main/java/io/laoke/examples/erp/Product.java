package io.laoke.examples.erp;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.math.BigDecimal;

/** 商品. */
@Entity
@Table(name = "product")
class Product {
  @Id
  @Column(length = 16)
  private String sku;

  @Column(nullable = false, length = 60)
  private String name;

  @Column(nullable = false, length = 20)
  private String brand;

  @Column(nullable = false, length = 30)
  private String model;

  @ManyToOne(optional = false)
  private ProductCategory category;

  @Column(nullable = false, precision = 12, scale = 2)
  private BigDecimal listPrice;

  /** Whether it is work instead of a thing: 安装服务, 延保. */
  @Column(nullable = false)
  private boolean service;

  @SuppressWarnings("NullAway.Init") // JPA fills the fields
  protected Product() {}

  Product(
      String sku,
      String name,
      String brand,
      String model,
      ProductCategory category,
      BigDecimal listPrice,
      boolean service) {
    this.sku = sku;
    this.name = name;
    this.brand = brand;
    this.model = model;
    this.category = category;
    this.listPrice = listPrice;
    this.service = service;
  }

  public String sku() {
    return sku;
  }

  public String name() {
    return name;
  }

  public String brand() {
    return brand;
  }

  public String model() {
    return model;
  }

  public ProductCategory category() {
    return category;
  }

  public BigDecimal listPrice() {
    return listPrice;
  }

  public boolean service() {
    return service;
  }
}
