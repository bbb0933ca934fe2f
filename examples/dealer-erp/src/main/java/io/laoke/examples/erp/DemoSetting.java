package io.laoke.examples.erp;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** What the demo keeps over a restart: how far its data are, and which day it plays. */
@Entity
@Table(name = "demo_setting")
class DemoSetting {
  @Id
  @Column(length = 32)
  private String name;

  @Column(name = "setting", nullable = false, length = 100)
  private String value;

  @SuppressWarnings("NullAway.Init") // JPA fills the fields
  protected DemoSetting() {}

  DemoSetting(String name, String value) {
    this.name = name;
    this.value = value;
  }

  String name() {
    return name;
  }

  String value() {
    return value;
  }
}
