package io.laoke.examples.erp;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** 门店. */
@Entity
@Table(name = "store")
class Store {
  @Id
  @Column(length = 16)
  private String code;

  @Column(nullable = false, length = 50)
  private String name;

  @Column(nullable = false, length = 100)
  private String region;

  @Column(nullable = false, length = 20)
  private String phone;

  @SuppressWarnings("NullAway.Init") // JPA fills the fields
  protected Store() {}

  Store(String code, String name, String region, String phone) {
    this.code = code;
    this.name = name;
    this.region = region;
    this.phone = phone;
  }

  public String code() {
    return code;
  }

  public String name() {
    return name;
  }

  public String region() {
    return region;
  }

  public String phone() {
    return phone;
  }
}
