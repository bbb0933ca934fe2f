package io.laoke.binding;

import io.laoke.binding.BindingEvent.Action;
import io.laoke.binding.ScanRule.Verdict;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook.OpenidIdentity;
import io.laoke.order.OrderDetail;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Lets somebody in to an order, or not: the same rules whether they scanned its code, opened its
 * link, or claimed it. The order row is locked by the caller.
 */
final class Admission {
  private final BindingParts parts;
  private final Binder binder;

  Admission(BindingParts parts, Binder binder) {
    this.parts = parts;
    this.binder = binder;
  }

  /**
   * Who came, and how.
   *
   * @param followsSince since when the platform says that they follow; null if it does not say
   */
  record Arrival(
      String account, String openid, Recipient.Source source, @Nullable Instant followsSince) {
    /** Shows nobody. */
    @Override
    public String toString() {
      return "Arrival[" + source + "]";
    }
  }

  /**
   * What they came to.
   *
   * @param order locked
   * @param state whether what they came with still binds
   * @param ticket the order's ticket that is claimed so, locked; null if there is none
   */
  record Door(OrderDetail order, TicketState state, @Nullable TicketRow ticket) {}

  /**
   * What it came to.
   *
   * @param who the recipient to whom the present stage is to be told, null if there is none
   * @param recipientId their id
   */
  record Came(ScanOutcome outcome, @Nullable OpenidIdentity who, long recipientId) {
    Came(ScanOutcome outcome) {
      this(outcome, null, 0);
    }
  }

  Came admit(Tx tx, Tenant tenant, Arrival arrival, Door door, Instant now) {
    String account = arrival.account();
    String hash = parts.members().openidHash(tenant, account, arrival.openid());
    if (parts.members().erased(tx, tenant, account, hash)) {
      return new Came(new ScanOutcome.Unknown()); // nothing is recorded of them until readmitted
    }
    if (parts.members().staff(tx, tenant, account, hash)) {
      follows(tx, tenant, arrival);
      return new Came(new ScanOutcome.StaffScan(door.order().orderNo()));
    }
    List<RecipientRow> rows = parts.recipients().lock(tx, tenant, door.order().id());
    Verdict verdict =
        ScanRule.of(
            false,
            rows.stream()
                .filter(row -> row.is(account, hash))
                .map(RecipientRow::state)
                .findFirst()
                .orElse(null),
            door.state(),
            door.order().closed(),
            Binder.bound(rows),
            parts.settings().apply(tenant).recipientLimit());
    return carriedOut(tx, tenant, arrival, door, rows, verdict, now);
  }

  private Came carriedOut(
      Tx tx,
      Tenant tenant,
      Arrival arrival,
      Door door,
      List<RecipientRow> rows,
      Verdict verdict,
      Instant now) {
    OrderDetail order = door.order();
    OpenidIdentity who = identity(tx, tenant, order, arrival, now);
    return switch (verdict) {
      case REVOKED -> stranger(tx, tenant, arrival, new ScanOutcome.Revoked());
      case EXPIRED -> stranger(tx, tenant, arrival, new ScanOutcome.Expired());
      case CLOSED -> stranger(tx, tenant, arrival, new ScanOutcome.OrderClosed());
      case TAKEN -> stranger(tx, tenant, arrival, new ScanOutcome.TakenByAnother());
      case STAFF -> new Came(new ScanOutcome.StaffScan(order.orderNo()));
      case YOURS, RESUMED -> yours(tx, tenant, order, who, rows, verdict, now);
      case BOUND, JOINED -> joined(tx, tenant, arrival, door, who, rows, verdict, now);
    };
  }

  /** What they came with lets them in nowhere; a follower is a member all the same. */
  private Came stranger(Tx tx, Tenant tenant, Arrival arrival, ScanOutcome outcome) {
    if (arrival.followsSince() != null) {
      parts.members().follower(tx, tenant, arrival.account(), arrival.openid(), parts.now());
    }
    return new Came(outcome);
  }

  private OpenidIdentity identity(
      Tx tx, Tenant tenant, OrderDetail order, Arrival arrival, Instant now) {
    binder.identity(tx, tenant, order, arrival.account(), arrival.openid(), now);
    follows(tx, tenant, arrival);
    return parts.members().openid(tx, tenant, arrival.account(), arrival.openid(), now);
  }

  private void follows(Tx tx, Tenant tenant, Arrival arrival) {
    Instant since = arrival.followsSince();
    if (since != null) {
      parts.members().follows(tx, tenant, arrival.account(), arrival.openid(), true, since);
    }
  }

  private Came yours(
      Tx tx,
      Tenant tenant,
      OrderDetail order,
      OpenidIdentity who,
      List<RecipientRow> rows,
      Verdict verdict,
      Instant now) {
    RecipientRow mine =
        rows.stream().filter(row -> row.is(who.account(), who.hash())).findFirst().orElseThrow();
    boolean resumed = verdict == Verdict.RESUMED;
    if (resumed) {
      parts.recipients().state(tx, tenant, mine, RecipientState.ACTIVE, now);
      binder.audit(
          tx,
          tenant,
          order.id(),
          Action.RESUMED,
          OptionalLong.empty(),
          mine.id(),
          null,
          "came with the order's code again",
          now);
    }
    return new Came(
        new ScanOutcome.AlreadyYours(Glances.of(order, tenant), resumed), who, mine.id());
  }

  private Came joined(
      Tx tx,
      Tenant tenant,
      Arrival arrival,
      Door door,
      OpenidIdentity who,
      List<RecipientRow> rows,
      Verdict verdict,
      Instant now) {
    OrderDetail order = door.order();
    boolean first = verdict == Verdict.BOUND;
    long id = binder.join(tx, tenant, order, who, rows, arrival.source(), first, now);
    TicketRow ticket = door.ticket();
    if (ticket != null) {
      parts.tickets().claim(tx, tenant, ticket.id(), now);
    }
    binder.audit(
        tx,
        tenant,
        order.id(),
        first ? Action.BOUND : Action.JOINED,
        ticket == null ? OptionalLong.empty() : OptionalLong.of(ticket.id()),
        id,
        null,
        how(arrival.source()),
        now);
    OrderGlance glance = Glances.of(order, tenant);
    return new Came(
        first
            ? new ScanOutcome.Bound(glance)
            : new ScanOutcome.AlsoReceiving(glance, (int) Binder.bound(rows) + 1),
        who,
        id);
  }

  private static @Nullable String how(Recipient.Source source) {
    return switch (source) {
      case LINK -> "by the paper link";
      case CLAIM -> "claimed with number and phone";
      case AUTO -> "confirmed what was offered";
      case SCAN, REBIND -> null;
    };
  }
}
