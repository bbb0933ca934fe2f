package io.laoke.binding;

/** What has become of a ticket 绑定码. */
public enum TicketState {
  /** Issued, not yet scanned by a customer. */
  ISSUED,
  /** Scanned; until it expires, more of the family may scan it. */
  CLAIMED,
  /** Its time is over. */
  EXPIRED,
  /** Taken back by the dealer. */
  REVOKED;

  /** Whether a scan can still bind. */
  public boolean live() {
    return this == ISSUED || this == CLAIMED;
  }
}
