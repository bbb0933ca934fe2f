package io.laoke.message;

import io.laoke.base.Internal;

/**
 * What a tick did.
 *
 * @param claimed how many messages it took up
 * @param sent how many the platform took
 * @param deferred how many wait longer: by a rule, a pause or a back-off
 * @param stopped how many a rule stopped or became too old
 * @param failed how many were refused or parked
 * @param inbound how many facts from outside it processed: events of accounts, rows of table inbox
 * @param reminded how many dates of services came due, each of a unit and a kind of service
 * @param remaining how many messages whose business time has come have not ended: those that wait,
 *     also in back-off or behind another of their order, and those that another node has under way
 *     or had when it died, which are taken up again once its lease is over
 */
public record TickReport(
    int claimed,
    int sent,
    int deferred,
    int stopped,
    int failed,
    int inbound,
    int reminded,
    long remaining) {
  /** With more facts from outside. */
  @Internal
  public TickReport withInbound(int more) {
    return new TickReport(
        claimed, sent, deferred, stopped, failed, inbound + more, reminded, remaining);
  }

  /** With more dates of services that came due. */
  @Internal
  public TickReport withReminded(int more) {
    return new TickReport(
        claimed, sent, deferred, stopped, failed, inbound, reminded + more, remaining);
  }

  /** With what a later tick did; what remains is what that left. */
  @Internal
  public TickReport and(TickReport later) {
    return new TickReport(
        claimed + later.claimed,
        sent + later.sent,
        deferred + later.deferred,
        stopped + later.stopped,
        failed + later.failed,
        inbound + later.inbound,
        reminded + later.reminded,
        later.remaining);
  }
}
