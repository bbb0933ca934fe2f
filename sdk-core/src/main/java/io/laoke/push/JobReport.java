package io.laoke.push;

import java.time.Instant;

/**
 * What WeChat reported of a batch's end. Its counts are WeChat's, approximate, and totals: who of a
 * batch did not get it is told by nobody.
 *
 * @param succeeded whether the job as a whole succeeded; some may not have got it all the same
 * @param words WeChat's own, such as {@code send success} or {@code err(20013)}
 * @param total followers it was for
 * @param filtered how many were left after WeChat's filters: who refuses, or has got all messages
 *     of the month, was left out
 * @param sent how many it was delivered to
 * @param failed how many it was tried for in vain
 * @param at WeChat's time of the end
 */
public record JobReport(
    boolean succeeded, String words, int total, int filtered, int sent, int failed, Instant at) {
  /** How many of the batch did not get it, by WeChat's counts; it is not known who. */
  public int missed() {
    return Math.max(0, total - sent);
  }
}
