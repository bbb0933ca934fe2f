package io.laoke.examples.erp;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** 单号: the last number given out. */
@Entity
@Table(name = "number_series")
class NumberSeries {
  static final String SALES_ORDER = "XS";
  static final String WORK_ORDER = "GD";

  @Id
  @Column(length = 8)
  private String name;

  @Column(name = "last_number", nullable = false)
  private long last;

  @SuppressWarnings("NullAway.Init") // JPA fills the fields
  protected NumberSeries() {}

  NumberSeries(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  long next() {
    return ++last;
  }

  void passOver(long taken) {
    last = Math.max(last, taken);
  }
}
