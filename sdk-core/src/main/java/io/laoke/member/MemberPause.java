package io.laoke.member;

import io.laoke.message.Purpose;
import java.time.Instant;
import java.util.Optional;

/**
 * Why a member gets no messages of a purpose for now.
 *
 * @param purpose CARE or MARKETING
 * @param complaint the number of the complaint that it lasts with, if it is one's
 * @param until business time at which it ends by itself; empty if somebody has to end it
 * @param reason why
 * @param by who said so
 * @param since business time
 */
public record MemberPause(
    Purpose purpose,
    Optional<String> complaint,
    Optional<Instant> until,
    String reason,
    String by,
    Instant since) {
  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "MemberPause[%s%s]".formatted(purpose, until.map(end -> " until " + end).orElse(""));
  }
}
