package io.laoke.binding;

import io.laoke.binding.Admission.Arrival;
import io.laoke.binding.Admission.Came;
import io.laoke.binding.Admission.Door;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook.OpenidIdentity;
import io.laoke.order.OrderDetail;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@link BindingDoor} over the tables. */
final class StoredDoor implements BindingDoor {
  /** Longer than any sign-in lasts. */
  private static final Duration KEPT = Duration.ofHours(2);

  private final BindingParts parts;
  private final Binder binder;
  private final Admission admission;
  private final Supplier<Optional<PhoneClaims>> phones;

  StoredDoor(BindingParts parts, Binder binder, Supplier<Optional<PhoneClaims>> phones) {
    this.parts = parts;
    this.binder = binder;
    this.phones = phones;
    this.admission = new Admission(parts, binder);
  }

  @Override
  public Optional<PaperLink> link(Tenant tenant, String token) {
    return parts
        .database()
        .read("read a link", tx -> parts.links().byToken(tx, tenant, token, false))
        .map(row -> new PaperLink(row.account(), row.stateAt(parts.now())));
  }

  @Override
  public Optional<Arrived> arrive(Tenant tenant, String token, String account, String openid) {
    return parts.database().own("open a link", tx -> arrived(tx, tenant, token, account, openid));
  }

  private Optional<Arrived> arrived(
      Tx tx, Tenant tenant, String token, String account, String openid) {
    Optional<PaperLinkTable.Row> found =
        parts
            .links()
            .byToken(tx, tenant, token, false)
            .filter(row -> row.account().equals(account));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Optional<OrderDetail> locked = parts.orders().lock(tx, tenant, found.get().orderId());
    Optional<PaperLinkTable.Row> link = parts.links().byToken(tx, tenant, token, true);
    if (locked.isEmpty() || link.isEmpty()) {
      return Optional.empty();
    }
    OrderDetail order = locked.get();
    Instant now = parts.now();
    parts.accounts().own(tx, tenant, account);
    Came came =
        admission.admit(
            tx,
            tenant,
            new Arrival(account, openid, Recipient.Source.LINK, null),
            new Door(order, link.get().stateAt(now), liveTicket(tx, tenant, order, now)),
            now);
    if (came.who() != null) {
      binder.told(tx, tenant, order, came.who(), came.recipientId(), Binder.Telling.PAGE, now);
    }
    return Optional.of(new Arrived(order.orderNo(), came.outcome()));
  }

  private @Nullable TicketRow liveTicket(Tx tx, Tenant tenant, OrderDetail order, Instant now) {
    return parts
        .tickets()
        .lockLive(tx, tenant, order.id())
        .filter(row -> row.stateAt(now).live())
        .orElse(null);
  }

  @Override
  public Optional<Arrived> look(Tenant tenant, String token, String account, String openid) {
    String hash = parts.members().openidHash(tenant, account, openid);
    return parts
        .database()
        .read(
            "look at a link",
            tx ->
                parts
                    .links()
                    .byToken(tx, tenant, token, false)
                    .filter(row -> row.account().equals(account))
                    .flatMap(row -> parts.orders().find(tx, tenant, row.orderId()))
                    .flatMap(
                        order ->
                            parts
                                .recipients()
                                .find(tx, tenant, order.id(), account, hash)
                                .filter(row -> row.state().bound())
                                .map(
                                    row ->
                                        new Arrived(
                                            order.orderNo(),
                                            new ScanOutcome.AlreadyYours(
                                                Glances.of(order, tenant), false)))));
  }

  @Override
  public ClaimOutcome claim(
      Tenant tenant, String account, String openid, String orderNo, String lastFour) {
    return parts
        .database()
        .own(
            "claim an order",
            tx -> {
              parts.accounts().own(tx, tenant, account);
              return new Claims(parts, binder)
                  .claim(
                      tx,
                      tenant,
                      new Arrival(account, openid, Recipient.Source.CLAIM, null),
                      orderNo,
                      lastFour,
                      Binder.Telling.PAGE);
            });
  }

  @Override
  public Optional<Seen> recipient(Tenant tenant, long recipientId) {
    return parts
        .database()
        .read(
            "read a recipient",
            tx ->
                parts
                    .recipients()
                    .find(tx, tenant, recipientId)
                    .flatMap(
                        row ->
                            parts
                                .orders()
                                .find(tx, tenant, row.orderId())
                                .map(order -> seen(tx, tenant, order, row))));
  }

  @Override
  public Optional<Seen> recipient(Tenant tenant, String orderNo, String account, String openid) {
    String hash = parts.members().openidHash(tenant, account, openid);
    return parts
        .database()
        .read(
            "read a recipient",
            tx ->
                parts
                    .orders()
                    .find(tx, tenant, orderNo)
                    .flatMap(
                        order ->
                            parts
                                .recipients()
                                .find(tx, tenant, order.id(), account, hash)
                                .map(row -> seen(tx, tenant, order, row))));
  }

  private Seen seen(Tx tx, Tenant tenant, OrderDetail order, RecipientRow row) {
    return new Seen(
        row.id(),
        order.id(),
        order.orderNo(),
        row.account(),
        row.openidHash(),
        row.state(),
        row.source(),
        parts
            .members()
            .openid(tx, tenant, row.account(), row.openidHash())
            .filter(OpenidIdentity::follows)
            .isPresent());
  }

  @Override
  public boolean firstUse(Tenant tenant, String state) {
    String hash = tenant.privacy().hash("web-state", state);
    return parts
        .database()
        .own(
            "note a sign-in",
            tx -> {
              long now = tx.machineMillis();
              tx.update("DELETE FROM {web_sign_in} WHERE dealer_id = :dealer AND used_ms < :old")
                  .bind("dealer", tenant.id())
                  .bind("old", now - KEPT.toMillis())
                  .execute();
              return tx.insertIfAbsent(
                  """
                  INSERT INTO {web_sign_in} (dealer_id, state_hash, used_ms)
                  VALUES (:dealer, :state, :now)""",
                  row -> row.bind("dealer", tenant.id()).bind("state", hash).bind("now", now));
            });
  }

  @Override
  public boolean claims(Tenant tenant) {
    return parts.settings().apply(tenant).claims();
  }

  @Override
  public int phoneClaimYears(Tenant tenant) {
    return parts.settings().apply(tenant).phoneClaimYears();
  }

  @Override
  public boolean phoneCodes(Tenant tenant) {
    return claims(tenant)
        && phones
            .get()
            .filter(
                codes ->
                    parts
                        .database()
                        .read("look for the template of codes", tx -> codes.able(tx, tenant)))
            .isPresent();
  }
}
