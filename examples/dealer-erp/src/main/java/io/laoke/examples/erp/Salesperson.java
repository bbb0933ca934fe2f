package io.laoke.examples.erp;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;

/** 导购员. */
@Entity
@Table(name = "salesperson")
class Salesperson {
  @Id
  @Column(length = 16)
  private String code;

  @Column(nullable = false, length = 30)
  private String name;

  @ManyToOne(optional = false)
  private Store store;

  @SuppressWarnings("NullAway.Init") // JPA fills the fields
  protected Salesperson() {}

  Salesperson(String code, String name, Store store) {
    this.code = code;
    this.name = name;
    this.store = store;
  }

  public String code() {
    return code;
  }

  public String name() {
    return name;
  }

  public Store store() {
    return store;
  }
}
