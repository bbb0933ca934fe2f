package io.laoke.binding;

import io.laoke.error.ConflictException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A ticket 绑定码: whoever scans its code binds one order. A value as of the call that gave it, but
 * for {@link #qrCode()}. Safe for use by many threads.
 */
public final class BindingTicket {
  private final long id;
  private final String orderNo;
  private final TicketState state;
  private final String account;
  private final Instant issuedAt;
  private final Instant expiresAt;
  private final LongFunction<QrCode> codes;
  private final @Nullable String link;

  BindingTicket(
      String orderNo,
      TicketRow row,
      Instant now,
      Optional<String> link,
      LongFunction<QrCode> codes) {
    this.link = link.orElse(null);
    this.id = row.id();
    this.orderNo = orderNo;
    this.state = row.stateAt(now);
    this.account = row.account();
    this.issuedAt = Instant.ofEpochMilli(row.issuedMillis());
    this.expiresAt = Instant.ofEpochMilli(row.expiresMillis());
    this.codes = codes;
  }

  /** Laoke's number of the ticket. */
  public long id() {
    return id;
  }

  /** The ERP's number of the order. */
  public String orderNo() {
    return orderNo;
  }

  /** What had become of it. */
  public TicketState state() {
    return state;
  }

  /** The key of the account that a scan leads to. */
  public String account() {
    return account;
  }

  /** Business time at which it was issued. */
  public Instant issuedAt() {
    return issuedAt;
  }

  /** Business time from which on it does not bind any more. */
  public Instant expiresAt() {
    return expiresAt;
  }

  /**
   * The code to show. Asks the platform, one network call, unless a code that works for another day
   * is at hand. Call it after the ticket is committed and outside any transaction: Laoke refuses
   * where it knows of one, but it cannot see one that was begun on a connection of your own;
   * calling it there keeps your locks for as long as the platform takes.
   *
   * @throws CodeUnavailableException if the platform refuses or cannot be reached; order and ticket
   *     are untouched, and calling again is safe
   * @throws io.laoke.error.ConflictException if the ticket is over, not committed, or the call is
   *     made inside a transaction
   */
  public QrCode qrCode() {
    return codes.apply(id);
  }

  /**
   * The order's link for paper and labels: a short https address of the dealer's own. Opened in
   * WeChat it signs the person in, binds by the rules of a scan, and shows a fresh code to follow;
   * anywhere else it shows its own code to be scanned with WeChat. Needs no platform to be made and
   * outlives this ticket: by default it binds for two years, unless it is taken back by {@link
   * Bindings#revoke} or {@link Bindings#rebind}. Whoever has it may bind the order.
   *
   * @throws ConflictException if the dealer had no web address when the ticket was issued; set one
   *     with {@code DealerSettings.webAddress(…)} and issue again
   */
  public String link() {
    if (link == null) {
      throw new ConflictException(
          "No link for order %s: the dealer has no web address. Set one with DealerSettings.webAddress(\"https://…\") and call bindings().issue(\"%s\") again."
              .formatted(orderNo, orderNo));
    }
    return link;
  }

  /**
   * A label with the link's code, the order's number and a few words; {@code label().page(1)} is
   * what to print.
   *
   * @throws ConflictException as {@link #link()}
   */
  public Label label() {
    return Label.of(new QrCode(link()), orderNo);
  }

  @Override
  public String toString() {
    return "BindingTicket[" + orderNo + ", " + state + ", until " + expiresAt + "]";
  }
}
