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
import io.laoke.order.StageRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Makes and ends recipients by the rules of binding. Everything here happens with the order row
 * locked, which serialises all changes of one order's recipients.
 */
final class Binder {
  /** How the present stage is told at once. */
  enum Telling {
    REPLY(
        ChannelKind.WECHAT_REPLY, "The present stage was told in the immediate reply to the scan."),
    PAGE(ChannelKind.WEB_PAGE, "The present stage was told by the page that they opened.");

    private final ChannelKind channel;
    private final String words;

    Telling(ChannelKind channel, String words) {
      this.channel = channel;
      this.words = words;
    }

    private Reason reason() {
      return new Reason("REPLIED", words, "", "");
    }
  }

  private static final String PARTED =
      "the scan that had joined them to the order's member was undone";

  private final BindingParts parts;
  private final MemberBook members;
  private final RecipientTable recipients;
  private final List<BindingBook.Listener> listeners = new CopyOnWriteArrayList<>();

  Binder(BindingParts parts) {
    this.parts = parts;
    this.members = parts.members();
    this.recipients = parts.recipients();
  }

  void listen(BindingBook.Listener listener) {
    listeners.add(listener);
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
    Ties ties = membership(tx, tenant, order, who, first, now);
    if (!ties.equals(Ties.NONE)) {
      recipients.ties(tx, tenant, id, ties.given(), ties.joined());
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
        null,
        0,
        0);
  }

  /**
   * What a scan brought about beside the recipient.
   *
   * @param given the member that the order was given to
   * @param joined the order's member that the openid was joined to
   */
  private record Ties(@Nullable Long given, @Nullable Long joined) {
    static final Ties NONE = new Ties(null, null);
  }

  /** Joins openid, member and order where nothing speaks against it; never two members. */
  private Ties membership(
      Tx tx, Tenant tenant, OrderDetail order, OpenidIdentity who, boolean first, Instant now) {
    if (order.memberId().isEmpty()) {
      long own = ownMember(tx, tenant, who, now);
      if (!first) {
        return Ties.NONE;
      }
      parts.orders().assign(tx, tenant, order.id(), OptionalLong.of(own), now);
      return new Ties(own, null);
    }
    long owner = order.memberId().getAsLong();
    if (members.erased(tx, tenant, owner)) {
      ownMember(tx, tenant, who, now);
      return Ties.NONE;
    }
    if (who.memberId().isPresent() && !mayBecome(tx, tenant, who, owner, first)) {
      if (first && who.memberId().getAsLong() != owner) {
        members.suspectSame(tx, tenant, owner, who.memberId().getAsLong(), "SCAN", now);
      }
      return Ties.NONE;
    }
    boolean free = first && !members.hasOpenid(tx, tenant, owner, who.account());
    if (free && members.attach(tx, tenant, who, owner, now)) {
      return new Ties(null, owner);
    }
    ownMember(tx, tenant, who, now);
    return Ties.NONE;
  }

  /** A follower of whom nothing else is known may turn out to be the order's member. */
  private boolean mayBecome(Tx tx, Tenant tenant, OpenidIdentity who, long owner, boolean first) {
    long own = who.memberId().orElseThrow();
    return first
        && own != owner
        && members.bare(tx, tenant, own)
        && !parts.orders().any(tx, tenant, own)
        && !members.hasOpenid(tx, tenant, owner, who.account());
  }

  private long ownMember(Tx tx, Tenant tenant, OpenidIdentity who, Instant now) {
    return who.memberId().isPresent()
        ? who.memberId().getAsLong()
        : members.newMember(tx, tenant, who, "SCAN", now);
  }

  /**
   * Ends a recipient, and undoes what their scan brought about: an order that it gave to their
   * member is given to nobody, and an openid that it joined to the order's member is taken away
   * from there, with the orders that bound themselves through it.
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
    ended(tx, tenant, order.id(), row, by, reason, now);
    Long given = survivor(tx, tenant, row.givenMemberId());
    Long joined = survivor(tx, tenant, row.joinedMemberId());
    if (given != null || joined != null) {
      recipients.ties(tx, tenant, row.id(), null, null);
    }
    if (joined != null) {
      parted(tx, tenant, order, row, joined, by, now);
    }
    if (given != null && order.memberId().equals(OptionalLong.of(given))) {
      parts.orders().assign(tx, tenant, order.id(), OptionalLong.empty(), now);
    }
    return true;
  }

  private @Nullable Long survivor(Tx tx, Tenant tenant, @Nullable Long member) {
    return member == null ? null : (Long) members.survivor(tx, tenant, member);
  }

  private void ended(
      Tx tx,
      Tenant tenant,
      long orderId,
      RecipientRow row,
      @Nullable String by,
      String reason,
      Instant now) {
    recipients.state(tx, tenant, row, RecipientState.UNBOUND, now);
    audit(tx, tenant, orderId, Action.UNBOUND, OptionalLong.empty(), row.id(), by, reason, now);
  }

  /**
   * Takes an openid away from the member that its scan of this order had joined it to, and from the
   * orders that bound themselves through that.
   */
  private void parted(
      Tx tx,
      Tenant tenant,
      OrderDetail order,
      RecipientRow row,
      long joined,
      @Nullable String by,
      Instant now) {
    Set<Long> from = new TreeSet<>(Set.of(joined));
    order.memberId().ifPresent(from::add);
    endAutoBound(tx, tenant, order, row, from, by, now);
    members.lock(tx, tenant, from);
    from.forEach(
        member -> members.detach(tx, tenant, row.account(), row.openidHash(), member, now));
    // Once more for orders that were reported before the members were locked.
    endAutoBound(tx, tenant, order, row, from, by, now);
  }

  private void endAutoBound(
      Tx tx,
      Tenant tenant,
      OrderDetail order,
      RecipientRow row,
      Set<Long> from,
      @Nullable String by,
      Instant now) {
    for (long other : recipients.autoBound(tx, tenant, row.account(), row.openidHash())) {
      if (other != order.id()
          && parts
              .orders()
              .lock(tx, tenant, other)
              .map(OrderDetail::memberId)
              .filter(one -> isIn(from, one))
              .isPresent()) {
        recipients.lock(tx, tenant, other).stream()
            .filter(one -> one.is(row.account(), row.openidHash()))
            .filter(one -> one.state() != RecipientState.UNBOUND)
            .forEach(one -> ended(tx, tenant, other, one, by, PARTED, now));
      }
    }
  }

  private static boolean isIn(Set<Long> members, OptionalLong member) {
    return member.isPresent() && members.contains(member.getAsLong());
  }

  /**
   * The order went to another member than the one to which this recipient's scan had joined their
   * openid: what was true of the wrong buyer ends, and the rule of the first claimer holds anew.
   */
  void buyerChanged(Tx tx, Tenant tenant, OrderDetail order, RecipientRow row, Instant now) {
    Long joined = survivor(tx, tenant, row.joinedMemberId());
    if (joined == null || order.memberId().equals(OptionalLong.of(joined))) {
      return;
    }
    parted(tx, tenant, order, row, joined, null, now);
    Long again = null;
    Optional<OpenidIdentity> who = members.openid(tx, tenant, row.account(), row.openidHash());
    if (order.memberId().isPresent() && who.isPresent()) {
      members.lock(tx, tenant, both(order, who.get()));
      again = membership(tx, tenant, order, who.get(), true, now).joined();
    }
    recipients.ties(tx, tenant, row.id(), row.givenMemberId(), again);
  }

  private static Set<Long> both(OrderDetail order, OpenidIdentity who) {
    Set<Long> both = new TreeSet<>();
    order.memberId().ifPresent(both::add);
    who.memberId().ifPresent(both::add);
    return both;
  }

  /**
   * Sees to it that a recipient is told the present stage once: by the immediate reply, which then
   * has its decision, else by whoever listens. Changes nothing if they were told it before.
   *
   * @param by what tells it at once, null if nothing does
   * @return whether a notice tells it
   */
  boolean told(
      Tx tx,
      Tenant tenant,
      OrderDetail order,
      OpenidIdentity who,
      long recipientId,
      @Nullable Telling by,
      Instant now) {
    Optional<StageRecord> stage =
        StageCause.present(order, parts.orders().stages(tx, tenant, order.id()));
    long causeId = stage.map(StageRecord::id).orElse(order.id());
    int revision = stage.map(StageRecord::revision).orElse(0);
    RecipientRow row =
        recipients.lock(tx, tenant, order.id()).stream()
            .filter(one -> one.id() == recipientId)
            .findFirst()
            .orElseThrow();
    if (row.toldId() == causeId && row.toldRevision() == revision) {
      return false;
    }
    if (by == null) {
      return stage.isPresent()
          && row.state() == RecipientState.ACTIVE
          && unanswered(tx, tenant, order, stage.get(), row, now);
    }
    recipients.told(tx, tenant, recipientId, causeId, revision);
    parts
        .decisions()
        .record(
            tx,
            tenant,
            new NewDecision(
                stage.isPresent() ? StageCause.kind(revision) : StageCause.ORDER,
                causeId,
                order.id(),
                order.orderNo(),
                who.account(),
                who.hash(),
                parts.orders().nextMessageSeq(tx, tenant, order.id()),
                Purpose.ORDER,
                by.channel,
                Decision.Result.REPLIED,
                by.reason(),
                now));
    return false;
  }

  private boolean unanswered(
      Tx tx, Tenant tenant, OrderDetail order, StageRecord stage, RecipientRow row, Instant now) {
    boolean told = false;
    for (BindingBook.Listener listener : listeners) {
      told |= listener.unanswered(tx, tenant, order, stage, StoredBook.shown(row), now);
    }
    return told;
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
