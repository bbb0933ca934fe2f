package io.laoke.push;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * What WeChat lets one dealer's followers get 群发额度: so many mass messages a follower and calendar
 * month, console and API together. Safe for use by many threads; joins the host's transaction.
 */
public interface PushQuota {
  /** How a month stands. Two queries, one of which counts all followers who got something. */
  QuotaMonth month(String account, YearMonth month);

  /**
   * How many of a month's messages a member has got or may have got: the most of its openids in
   * that account, with what went to all from the console.
   *
   * @throws io.laoke.error.NotFoundException if there is no such member
   */
  int used(String account, long memberId, YearMonth month);

  /**
   * Notes a send to all that staff made in WeChat's own console: it counts for every follower.
   *
   * @param day on which it was sent, not after today
   * @param by who notes it, at most 64 characters
   * @param note what it was, at most 200 characters, may be empty
   * @return by which {@link #takeBack} takes it back
   */
  long consoleSend(String account, LocalDate day, String by, String note);

  /** Takes back what was noted by mistake; false if it is not there. */
  boolean takeBack(long consoleSendId);
}
