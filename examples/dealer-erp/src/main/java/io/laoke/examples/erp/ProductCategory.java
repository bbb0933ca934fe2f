package io.laoke.examples.erp;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** 商品分类, two levels: 厨房电器 › 油烟机. */
@Entity
@Table(name = "product_category")
class ProductCategory {
  @Id
  @Column(length = 16)
  private String code;

  @Column(nullable = false, length = 30)
  private String name;

  /** Code and name of the level above. */
  @Column(nullable = false, length = 16)
  private String groupCode;

  @Column(nullable = false, length = 30)
  private String groupName;

  @SuppressWarnings("NullAway.Init") // JPA fills the fields
  protected ProductCategory() {}

  ProductCategory(String groupCode, String groupName, String code, String name) {
    this.groupCode = groupCode;
    this.groupName = groupName;
    this.code = code;
    this.name = name;
  }

  public String code() {
    return code;
  }

  public String name() {
    return name;
  }

  public String groupCode() {
    return groupCode;
  }

  public String groupName() {
    return groupName;
  }
}
