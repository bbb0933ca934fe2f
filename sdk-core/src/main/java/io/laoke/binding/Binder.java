package io.laoke.binding;

import io.laoke.binding.BindingEvent.Action;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook;
import io.laoke.member.MemberBook.OpenidIdentity;
import io.laoke.message.ChannelKind;
import io.laoke.message.Decision;
import io.laoke.message.NewDecision;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.order.OrderDetail;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes and ends recipients by the rules of binding. Everything here happens with the order row
 * locked, which serialises all changes of one order's recipients.
 */
final class Binder {
  private static final Reason TOLD =
      new Reason(
          "REPLIED", "The present stage was told in the immediate reply to the scan.", "", "");

  private final BindingParts parts;
  private final MemberBook members;
  private final RecipientTable recipients;

  Binder(BindingParts parts) {
    this.parts = parts;
    this.members = parts.members();
    this.recipients = parts.recipients();
  }

  /**
   * Reads and locks the openid, after the members that may change with it: the order of locks is
   * order, members by id, identity.
   */
  OpenidIdentity identity(
      Tx tx, Tenant tenant, OrderDetail order, String account, String openid, Instant now) {
    TreeSet<Long> concerned = new TreeSet<>();
    order.memberId().ifPresent(concerned::add);
    members
        .openid(tx, tenant, account, members.openidHash(tenant, account, openid))
        .ifPresent(known -> known.memberId().ifPresent(concerned::add));
    members.lock(tx, tenant, concerned);
    return members.openid(tx, tenant, account, openid, now);
  }

  /**
   * Makes somebody a recipient, and finds out whose the order is.
   *
   * @param rows the order's recipients so far
   * @param first whether nobody belongs to the order yet
   * @return the recipient's id
   */
  long join(
      Tx tx,
      Tenant tenant,
      OrderDetail order,
      OpenidIdentity who,
      List<RecipientRow> rows,
      Recipient.Source source,
      boolean first,
      Instant now) {
    long id = activate(tx, tenant, order, who, rows, source, now);
    Long given = membership(tx, tenant, order, who, first, now);
    if (given != null) {
      recipients.given(tx, tenant, id, given);
    }
    return id;
  }

  private long activate(
      Tx tx,
      Tenant tenant,
      OrderDetail order,
      OpenidIdentity who,
      List<RecipientRow> rows,
      Recipient.Source source,
      Instant now) {
    for (RecipientRow row : rows) {
      if (row.is(who.account(), who.hash())) {
        recipients.state(tx, tenant, row, RecipientState.ACTIVE, now);
        recipients.source(tx, tenant, row, source);
        return row.id();
      }
    }
    RecipientRow row = fresh(order, who, RecipientState.ACTIVE, source, now);
    recipients.insert(tx, tenant, row);
    return row.id();
  }

  RecipientRow fresh(
      OrderDetail order,
      OpenidIdentity who,
      RecipientState state,
      Recipient.Source source,
      Instant now) {
    return new RecipientRow(
        parts.ids().next(),
        order.id(),
        who.account(),
        who.hash(),
        state,
        source,
        now.toEpochMilli(),
        source != Recipient.Source.AUTO,
        null,
        0,
        0);
  }

  /**
   * Joins openid, member and order where nothing speaks against it; never two members.
   *
   * @return the member that the order was given to, null if it was not
   */
  private @Nullable Long membership(
      Tx tx, Tenant tenant, OrderDetail order, OpenidIdentity who, boolean first, Instant now) {
    if (order.memberId().isEmpty()) {
      long own = ownMember(tx, tenant, who, now);
      if (!first) {
        return null;
      }
      parts.orders().assign(tx, tenant, order.id(), OptionalLong.of(own), now);
      return own;
    }
    long owner = order.memberId().getAsLong();
    if (who.memberId().isPresent()) {
      if (first && who.memberId().getAsLong() != owner) {
        members.suspectSame(tx, tenant, owner, who.memberId().getAsLong(), "SCAN", now);
      }
      return null;
    }
    boolean free = first && !members.hasOpenid(tx, tenant, owner, who.account());
    if (!free || !members.attach(tx, tenant, who, owner, now)) {
      ownMember(tx, tenant, who, now);
    }
    return null;
  }

  private long ownMember(Tx tx, Tenant tenant, OpenidIdentity who, Instant now) {
    return who.memberId().isPresent()
        ? who.memberId().getAsLong()
        : members.newMember(tx, tenant, who, "SCAN", now);
  }

  /**
   * Ends a recipient.
   *
   * @return false if there was nothing to end
   */
  boolean unbind(
      Tx tx,
      Tenant tenant,
      OrderDetail order,
      RecipientRow row,
      @Nullable String by,
      String reason,
      Instant now) {
    if (row.state() == RecipientState.UNBOUND) {
      return false;
    }
    recipients.state(tx, tenant, row, RecipientState.UNBOUND, now);
    audit(tx, tenant, order.id(), Action.UNBOUND, OptionalLong.empty(), row.id(), by, reason, now);
    Long given = row.givenMemberId();
    if (given != null) {
      recipients.given(tx, tenant, row.id(), null);
      if (order.memberId().equals(OptionalLong.of(given))) {
        parts.orders().assign(tx, tenant, order.id(), OptionalLong.empty(), now);
      }
    }
    return true;
  }

  /** Records that the reply tells the present stage, unless it has been told to them before. */
  void told(
      Tx tx,
      Tenant tenant,
      OrderDetail order,
      OpenidIdentity who,
      long recipientId,
      List<RecipientRow> rows,
      Instant now) {
    Told told = present(tx, tenant, order);
    boolean before =
        rows.stream()
            .anyMatch(
                row ->
                    row.id() == recipientId
                        && row.toldId() == told.id()
                        && row.toldRevision() == told.revision());
    if (before) {
      return;
    }
    recipients.told(tx, tenant, recipientId, told.id(), told.revision());
    parts
        .decisions()
        .record(
            tx,
            tenant,
            new NewDecision(
                told.kind(),
                told.id(),
                order.id(),
                order.orderNo(),
                who.account(),
                who.hash(),
                parts.orders().nextMessageSeq(tx, tenant, order.id()),
                Purpose.ORDER,
                ChannelKind.WECHAT_REPLY,
                Decision.Result.REPLIED,
                TOLD,
                now));
  }

  private record Told(String kind, long id, int revision) {}

  /** The record of the present stage; an order that was only reported has none yet. */
  private Told present(Tx tx, Tenant tenant, OrderDetail order) {
    return StageCause.present(order, parts.orders().stages(tx, tenant, order.id()))
        .map(stage -> new Told(StageCause.kind(stage.revision()), stage.id(), stage.revision()))
        .orElseGet(() -> new Told(StageCause.ORDER, order.id(), 0));
  }

  void audit(
      Tx tx,
      Tenant tenant,
      long orderId,
      Action action,
      OptionalLong ticketId,
      long recipientId,
      @Nullable String by,
      @Nullable String reason,
      Instant now) {
    recipients.audit(
        tx,
        tenant,
        orderId,
        parts.ids().next(),
        new BindingEvent(
            now,
            action,
            ticketId,
            recipientId == 0 ? OptionalLong.empty() : OptionalLong.of(recipientId),
            Optional.ofNullable(by),
            Optional.ofNullable(reason)));
  }

  static long bound(List<RecipientRow> rows) {
    return rows.stream().filter(row -> row.state().bound()).count();
  }
}
