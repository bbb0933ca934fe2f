package io.laoke.member;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * A member 会员 as recorded.
 *
 * @param id Laoke's own number; no business meaning
 * @param customerNos the ERP's numbers, usually one; none for who is known by a phone or by WeChat
 *     alone
 * @param name the name
 * @param gender the gender
 * @param birthday the birthday
 * @param region where they live, a path from large to small
 * @param source where they came from: ORDER, ERP, FOLLOW, SCAN, or the dealer's own word
 * @param since business time at which they became a member
 */
public record Member(
    long id,
    List<String> customerNos,
    Optional<String> name,
    Optional<Gender> gender,
    Optional<LocalDate> birthday,
    Optional<String> region,
    String source,
    Instant since) {
  /** Copies. */
  public Member {
    customerNos = List.copyOf(customerNos);
  }

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "Member[" + id + "]";
  }
}
