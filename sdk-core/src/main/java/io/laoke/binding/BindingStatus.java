package io.laoke.binding;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the assistant's app shows beside an order.
 *
 * @param orderNo the ERP's number
 * @param bound whether anybody belongs to the order
 * @param recipients those who belong to it, oldest first; stopped ones are among them
 * @param ticket its newest ticket, if one was ever issued
 */
public record BindingStatus(
    String orderNo, boolean bound, List<Recipient> recipients, Optional<Ticket> ticket) {
  /** Copies. */
  public BindingStatus {
    recipients = List.copyOf(recipients);
  }

  /**
   * The newest ticket.
   *
   * @param id of the ticket
   * @param state as it is at this moment
   * @param account the account's key
   * @param issuedAt business time
   * @param expiresAt business time
   * @param codeExpiresAt real time until which the code that was drawn last works in WeChat; empty
   *     if none was asked for yet
   */
  public record Ticket(
      long id,
      TicketState state,
      String account,
      Instant issuedAt,
      Instant expiresAt,
      Optional<Instant> codeExpiresAt) {}
}
