package io.laoke.examples.erp;

import io.laoke.catalog.Staff.DigestBy;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** 每日摘要: what somebody had to do on a day, and how they were told. */
@Entity
@Table(name = "daily_digest")
class DailyDigest {
  /** Day and person: told twice, it is the same. */
  @Id
  @Column(length = 32)
  private String id;

  @Column(name = "digest_day", nullable = false)
  private LocalDate day;

  @Column(nullable = false, length = 16)
  private String staff;

  @Column(nullable = false)
  private int due;

  @Column(nullable = false)
  private int overdue;

  @Column(nullable = false)
  private int booked;

  @Column(nullable = false)
  private Instant toldAt;

  /** The phone to which a text message went, if one did. */
  @Column(length = 20)
  private @Nullable String textedTo;

  /** By what Laoke has written to them, if by anything; unknown in databases of before. */
  @Column(length = 8)
  private @Nullable String sentBy;

  @SuppressWarnings("NullAway.Init") // JPA fills the fields
  protected DailyDigest() {}

  DailyDigest(
      LocalDate day,
      String staff,
      int due,
      int overdue,
      int booked,
      Instant toldAt,
      @Nullable String textedTo,
      @Nullable DigestBy sentBy) {
    this.id = id(day, staff);
    this.day = day;
    this.staff = staff;
    this.due = due;
    this.overdue = overdue;
    this.booked = booked;
    this.toldAt = toldAt;
    this.textedTo = textedTo;
    this.sentBy = sentBy == null ? null : sentBy.name();
  }

  static String id(LocalDate day, String staff) {
    return day + " " + staff;
  }

  public LocalDate day() {
    return day;
  }

  public String staff() {
    return staff;
  }

  public int due() {
    return due;
  }

  public int overdue() {
    return overdue;
  }

  public int booked() {
    return booked;
  }

  public Instant toldAt() {
    return toldAt;
  }

  public Optional<String> textedTo() {
    return Optional.ofNullable(textedTo);
  }

  public Optional<DigestBy> sentBy() {
    return Optional.ofNullable(sentBy).map(DigestBy::valueOf);
  }
}
