package io.laoke.examples.erp;

import io.laoke.catalog.Staff.DigestBy;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /** 职位; unknown in databases of before. */
  @Column(name = "job", length = 20)
  private @Nullable String role;

  @Column(length = 20)
  private @Nullable String phone;

  /** 每日摘要怎么发; by text message in databases of before. */
  @Column(length = 8)
  private @Nullable String digestBy;

  /** Their own WeChat, as the shop's account knows it. */
  @Column(length = 64)
  private @Nullable String openid;

  @SuppressWarnings("NullAway.Init") // JPA fills the fields
  protected Salesperson() {}

  Salesperson(String code, String name, Store store, String role, String phone) {
    this.code = code;
    this.name = name;
    this.store = store;
    this.role = role;
    this.phone = phone;
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

  public Optional<String> role() {
    return Optional.ofNullable(role);
  }

  public Optional<String> phone() {
    return Optional.ofNullable(phone);
  }

  public DigestBy digestBy() {
    return digestBy == null ? DigestBy.SMS : DigestBy.valueOf(digestBy);
  }

  public Optional<String> openid() {
    return Optional.ofNullable(openid);
  }

  void digest(DigestBy by, @Nullable String to) {
    digestBy = by.name();
    openid = to;
  }
}
