package io.laoke.binding;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of table {@code ticket}. */
record TicketRow(
    long id,
    long orderId,
    String account,
    String scene,
    TicketState state,
    long issuedMillis,
    long expiresMillis,
    @Nullable String codeContent,
    @Nullable Long codeUntilMillis) {
  /** The state as it is at a business time, whatever is written. */
  TicketState stateAt(Instant now) {
    return state.live() && now.toEpochMilli() >= expiresMillis ? TicketState.EXPIRED : state;
  }

  /** Shows neither scene nor code. */
  @Override
  public String toString() {
    return "TicketRow[" + id + ", " + state + "]";
  }
}
