package io.laoke.examples.erp;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** 图文的图片: a picture that staff uploaded; Laoke keeps its bytes. */
@Entity
@Table(name = "push_picture")
class PushPicture {
  @Id
  @Column(length = 64)
  private String sha256;

  @Column(nullable = false, length = 60)
  private String name;

  @Column(nullable = false)
  private Instant addedAt;

  @SuppressWarnings("NullAway.Init") // JPA fills the fields
  protected PushPicture() {}

  PushPicture(String sha256, String name, Instant addedAt) {
    this.sha256 = sha256;
    this.name = name;
    this.addedAt = addedAt;
  }

  String sha256() {
    return sha256;
  }

  String name() {
    return name;
  }

  Instant addedAt() {
    return addedAt;
  }
}
