package io.laoke.binding;

import io.laoke.catalog.CatalogBook;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook;
import io.laoke.message.Accounts;
import io.laoke.message.Decisions;
import io.laoke.order.OrderBook;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;

/** What the classes of this package share. */
record BindingParts(
    Database database,
    Ids ids,
    Clock business,
    OrderBook orders,
    MemberBook members,
    CatalogBook catalog,
    Accounts accounts,
    Decisions decisions,
    Function<Tenant, BindingSettings> settings,
    TicketTable tickets,
    PaperLinkTable links,
    RecipientTable recipients) {
  Instant now() {
    return business.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
