package io.laoke.member;

import java.time.Instant;

/**
 * What somebody noted of a member.
 *
 * @param id names it for {@link Members#takeBackRemark}
 * @param text the words
 * @param by who noted it
 * @param at business time
 */
public record Remark(long id, String text, String by, Instant at) {
  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "Remark[" + id + "]";
  }
}
