package io.laoke.binding;

import io.laoke.binding.BindingEvent.Action;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook.OpenidIdentity;
import io.laoke.message.Account;
import io.laoke.order.OrderDetail;
import io.laoke.order.OrderListener;
import io.laoke.order.Stage;
import io.laoke.order.StageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Binds orders by themselves whose member follows the order's account already. */
final class AutoBinder implements OrderListener {
  /** Older orders of an import are history, even where their last step was never reported. */
  private static final Duration IMPORTED_BIND_FOR = Duration.ofDays(90);

  private final BindingParts parts;
  private final Binder binder;

  AutoBinder(BindingParts parts, Binder binder) {
    this.parts = parts;
    this.binder = binder;
  }

  @Override
  public void written(Tx tx, Tenant tenant, OrderDetail order, boolean first, Instant now) {
    if (first) {
      bind(tx, tenant, order, now);
    }
  }

  @Override
  public void advanced(
      Tx tx, Tenant tenant, OrderDetail order, StageRecord stage, boolean news, Instant now) {
    // Stages change no recipients.
  }

  /** As if each had been reported, but for what is over or long ago. */
  @Override
  public void imported(Tx tx, Tenant tenant, List<OrderDetail> orders, Instant now) {
    bindReachable(tx, tenant, orders.stream().filter(order -> stillOpen(order, now)).toList(), now);
  }

  @Override
  public void written(Tx tx, Tenant tenant, List<OrderDetail> orders, Instant now) {
    bindReachable(tx, tenant, orders, now);
  }

  /** Binds those whose member has an openid; most have none, which one look tells. */
  private void bindReachable(Tx tx, Tenant tenant, List<OrderDetail> orders, Instant now) {
    Set<Long> members =
        orders.stream()
            .filter(order -> order.memberId().isPresent())
            .map(order -> order.memberId().getAsLong())
            .collect(Collectors.toSet());
    Set<Long> reachable =
        members.isEmpty() ? Set.of() : parts.members().withOpenid(tx, tenant, members);
    for (OrderDetail order : orders) {
      if (order.memberId().isPresent() && reachable.contains(order.memberId().getAsLong())) {
        bind(tx, tenant, order, now);
      }
    }
  }

  private static boolean stillOpen(OrderDetail order, Instant now) {
    return !order.closed()
        && order.stage() != Stage.COMPLETED
        && order.orderedAt().isAfter(now.minus(IMPORTED_BIND_FOR));
  }

  @Override
  public void memberChanged(Tx tx, Tenant tenant, OrderDetail order, Instant now) {
    for (RecipientRow row : parts.recipients().lock(tx, tenant, order.id())) {
      if (row.state() != RecipientState.UNBOUND) {
        binder.buyerChanged(tx, tenant, order, row, now);
        if (row.source() == Recipient.Source.AUTO
            && !memberOf(tx, tenant, row).equals(order.memberId())) {
          removed(tx, tenant, order, row, now);
        }
      }
    }
    bind(tx, tenant, order, now);
  }

  private void removed(Tx tx, Tenant tenant, OrderDetail order, RecipientRow row, Instant now) {
    parts.recipients().remove(tx, tenant, row);
    binder.audit(
        tx,
        tenant,
        order.id(),
        Action.UNBOUND,
        OptionalLong.empty(),
        row.id(),
        null,
        "the order went to another member",
        now);
  }

  private OptionalLong memberOf(Tx tx, Tenant tenant, RecipientRow row) {
    return parts
        .members()
        .openid(tx, tenant, row.account(), row.openidHash())
        .map(OpenidIdentity::memberId)
        .orElse(OptionalLong.empty());
  }

  private void bind(Tx tx, Tenant tenant, OrderDetail order, Instant now) {
    BindingSettings settings = parts.settings().apply(tenant);
    if (settings.autoBind() == AutoBind.NEVER
        || order.memberId().isEmpty()
        || order.closed()
        || parts.accounts().of(tenant.code()).isEmpty()) {
      return;
    }
    // First: most members have none, and then there is nothing else to look for.
    parts
        .members()
        .openidsLater(
            tx,
            tenant,
            order.memberId().getAsLong(),
            openids -> bind(tx, tenant, order, openids, now));
  }

  private void bind(
      Tx tx, Tenant tenant, OrderDetail order, List<OpenidIdentity> openids, Instant now) {
    if (openids.isEmpty() || Binder.bound(parts.recipients().lock(tx, tenant, order.id())) > 0) {
      return;
    }
    BindingSettings settings = parts.settings().apply(tenant);
    Optional<String> account = account(tx, tenant, order);
    openids.stream()
        .filter(one -> account.filter(one.account()::equals).isPresent())
        .filter(one -> !parts.members().staff(tx, tenant, one.account(), one.hash()))
        .limit(settings.recipientLimit())
        .forEach(one -> add(tx, tenant, order, one, settings.autoBind(), now));
  }

  /** The order's account; a dealer that has none yet still reports orders. */
  private Optional<String> account(Tx tx, Tenant tenant, OrderDetail order) {
    Optional<String> stores =
        order.storeCode().flatMap(code -> parts.catalog().accountOfStore(tx, tenant, code));
    return parts.accounts().of(tenant.code()).stream()
        .map(Account::key)
        .filter(key -> stores.isEmpty() || stores.get().equals(key))
        .findFirst();
  }

  private void add(
      Tx tx, Tenant tenant, OrderDetail order, OpenidIdentity who, AutoBind rule, Instant now) {
    boolean always = rule == AutoBind.ALWAYS;
    RecipientRow row =
        binder.fresh(
            order,
            who,
            always ? RecipientState.ACTIVE : RecipientState.OFFERED,
            Recipient.Source.AUTO,
            now);
    if (parts.recipients().insert(tx, tenant, row)) {
      binder.audit(
          tx,
          tenant,
          order.id(),
          always ? Action.AUTO_BOUND : Action.OFFERED,
          OptionalLong.empty(),
          row.id(),
          null,
          null,
          now);
    }
  }
}
