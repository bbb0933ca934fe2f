package io.laoke.binding;

import io.laoke.binding.BindingEvent.Action;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook.OpenidIdentity;
import io.laoke.order.OrderDetail;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** Takes the yes of somebody to whom an order was offered. The order row is locked. */
final class Confirmation {
  private final BindingParts parts;
  private final Binder binder;

  Confirmation(BindingParts parts, Binder binder) {
    this.parts = parts;
    this.binder = binder;
  }

  ScanOutcome confirm(Tx tx, Tenant tenant, OrderDetail order, long recipientId) {
    Instant now = parts.now();
    List<RecipientRow> rows = parts.recipients().lock(tx, tenant, order.id());
    RecipientRow row = RecipientRow.of(order.orderNo(), rows, one -> one.id() == recipientId);
    OrderGlance glance = Glances.of(order, tenant);
    if (row.state().bound()) {
      return new ScanOutcome.AlreadyYours(glance, false);
    }
    if (row.state() != RecipientState.OFFERED) {
      return new ScanOutcome.Unknown();
    }
    if (parts.members().staff(tx, tenant, row.account(), row.openidHash())) {
      return new ScanOutcome.StaffScan(order.orderNo());
    }
    if (order.closed()) {
      return new ScanOutcome.OrderClosed();
    }
    long bound = Binder.bound(rows);
    if (bound >= parts.settings().apply(tenant).recipientLimit()) {
      return new ScanOutcome.TakenByAnother();
    }
    activate(tx, tenant, order, row, bound == 0, now);
    return bound == 0
        ? new ScanOutcome.Bound(glance)
        : new ScanOutcome.AlsoReceiving(glance, (int) bound + 1);
  }

  /** They were found by the order's member, so there is no member to find out. */
  private void activate(
      Tx tx, Tenant tenant, OrderDetail order, RecipientRow row, boolean first, Instant now) {
    parts.recipients().state(tx, tenant, row, RecipientState.ACTIVE, now);
    parts.recipients().introduced(tx, tenant, row.id());
    binder.audit(
        tx,
        tenant,
        order.id(),
        first ? Action.BOUND : Action.JOINED,
        OptionalLong.empty(),
        row.id(),
        null,
        "confirmed what was offered",
        now);
    OpenidIdentity who =
        parts.members().openid(tx, tenant, row.account(), row.openidHash()).orElseThrow();
    binder.told(tx, tenant, order, who, row.id(), Binder.Telling.PAGE, now);
  }
}
