package io.laoke.binding;

import io.laoke.binding.ScanCodes.ScanCode;
import io.laoke.error.ChannelException;
import io.laoke.error.ConflictException;
import io.laoke.error.StoreException;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets the codes of tickets from the platform and keeps them. Holds no lock while it asks. */
final class TicketCodes {
  private static final Logger LOG = LoggerFactory.getLogger(TicketCodes.class);
  private static final Duration SPARE = Duration.ofDays(1);

  private final BindingParts parts;
  private final Tenant tenant;

  TicketCodes(BindingParts parts, Tenant tenant) {
    this.parts = parts;
    this.tenant = tenant;
  }

  private record Known(TicketRow row, long machineMillis) {}

  QrCode of(long ticketId) {
    Optional<Known> known =
        parts
            .database()
            .read(
                "read the ticket",
                tx ->
                    parts
                        .tickets()
                        .find(tx, tenant, ticketId)
                        .map(row -> new Known(row, tx.machineMillis())));
    Known ticket =
        known.orElseThrow(
            () ->
                new ConflictException(
                    "No code for the ticket: it is not in the database. Call qrCode() after the"
                        + " transaction that issued it has been committed."));
    checkLive(ticket.row(), parts.now());
    String content = ticket.row().codeContent();
    Long until = ticket.row().codeUntilMillis();
    if (content != null && until != null && until - ticket.machineMillis() > SPARE.toMillis()) {
      return new QrCode(content);
    }
    return asked(ticket);
  }

  private static void checkLive(TicketRow row, Instant now) {
    TicketState state = row.stateAt(now);
    if (!state.live()) {
      throw new ConflictException(
          "No code for the ticket: it is %s. Issue a new one with bindings().issue(orderNo)."
              .formatted(state));
    }
  }

  private QrCode asked(Known ticket) {
    if (parts.database().joined()) {
      throw new ConflictException(
          "qrCode() asks the platform over the network, which must not happen inside a transaction:"
              + " it would keep your locks. Call it after the commit.");
    }
    ScanCode code = created(ticket.row());
    keep(ticket, code);
    return new QrCode(code.content());
  }

  private ScanCode created(TicketRow row) {
    Account account = parts.accounts().serving(tenant, Optional.of(row.account()));
    ScanCodes platform =
        account
            .capability(ScanCodes.class)
            .orElseThrow(() -> CodeUnavailableException.incapable(row.account()));
    try {
      // Always the longest life: an old code then still leads here, and we can say why it is over.
      return platform.create(row.scene(), BindingSettings.LONGEST_LIFE);
    } catch (ChannelException failed) {
      throw new CodeUnavailableException(
          "The platform gave no code for the ticket: %s Ticket and order are untouched; %s Meanwhile the exception's link() can be shown, if the dealer has a web address."
              .formatted(
                  failed.getMessage(),
                  failed.retryable()
                      ? "ask again in a moment."
                      : "set the account right, then ask again."),
          failed,
          failed.retryable(),
          link(row));
    }
  }

  private Optional<String> link(TicketRow row) {
    Optional<String> address = parts.settings().apply(tenant).webAddress();
    if (address.isEmpty()) {
      return Optional.empty();
    }
    return parts
        .database()
        .read(
            "read the link of a ticket", tx -> parts.links().live(tx, tenant, row.orderId(), false))
        .filter(link -> link.stateAt(parts.now()).live())
        .flatMap(link -> WebAddress.link(address, tenant, link.token()));
  }

  private void keep(Known ticket, ScanCode code) {
    long until = ticket.machineMillis() + code.life().toMillis();
    try {
      parts
          .database()
          .own(
              "keep the code of a ticket",
              tx -> parts.tickets().code(tx, tenant, ticket.row().id(), code.content(), until));
    } catch (StoreException notKept) {
      LOG.warn("A code could not be kept and will be asked for again: {}", notKept.getMessage());
    }
  }
}
