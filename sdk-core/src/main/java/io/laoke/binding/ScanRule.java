package io.laoke.binding;

import org.jspecify.annotations.Nullable;

/** Decides what a scan of a known ticket comes to, from the facts alone. */
final class ScanRule {
  private ScanRule() {}

  /** What a scan comes to. */
  enum Verdict {
    STAFF,
    YOURS,
    RESUMED,
    REVOKED,
    EXPIRED,
    CLOSED,
    BOUND,
    JOINED,
    TAKEN
  }

  /**
   * Decides.
   *
   * @param staff whether the scanner is staff
   * @param scanner what the scanner is to the order, null for nothing
   * @param ticket the ticket's state at this moment
   * @param closed whether the order is over
   * @param bound how many belong to the order
   * @param limit how many may
   */
  static Verdict of(
      boolean staff,
      @Nullable RecipientState scanner,
      TicketState ticket,
      boolean closed,
      long bound,
      int limit) {
    if (staff) {
      return Verdict.STAFF;
    }
    if (scanner != null && scanner.bound()) {
      boolean resumes = scanner == RecipientState.STOPPED && ticket.live() && !closed;
      return resumes ? Verdict.RESUMED : Verdict.YOURS;
    }
    if (!ticket.live()) {
      return ticket == TicketState.REVOKED ? Verdict.REVOKED : Verdict.EXPIRED;
    }
    if (closed) {
      return Verdict.CLOSED;
    }
    if (bound == 0) {
      return Verdict.BOUND;
    }
    return bound < limit ? Verdict.JOINED : Verdict.TAKEN;
  }
}
