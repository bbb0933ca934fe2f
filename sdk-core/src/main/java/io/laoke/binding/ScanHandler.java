package io.laoke.binding;

import io.laoke.binding.Admission.Arrival;
import io.laoke.binding.Admission.Door;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook.OpenidIdentity;
import io.laoke.message.Inbound;
import io.laoke.message.InboundHandler;
import io.laoke.message.Reply;
import io.laoke.order.OrderDetail;
import io.laoke.order.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Handles scans, follows and unfollows, and texts and clicks that ask for a claim. All other texts,
 * clicks and codes are left to others.
 */
final class ScanHandler implements InboundHandler {
  /** What all our scenes begin with. */
  static final String PREFIX = "lk1_";

  private static final int OFFERS = 3;

  private final BindingParts parts;
  private final Binder binder;
  private final Admission admission;
  private final Claims claims;
  private final ShopCodes shops;
  private final Replies replies;

  ScanHandler(BindingParts parts, Binder binder) {
    this.parts = parts;
    this.binder = binder;
    this.admission = new Admission(parts, binder);
    this.claims = new Claims(parts, binder);
    this.shops = new ShopCodes(parts);
    this.replies = new Replies(parts.settings());
  }

  @Override
  public Optional<Reply> handle(Tx tx, Tenant tenant, String account, Inbound fact) {
    return handle(tx, tenant, account, fact, true);
  }

  @Override
  public Optional<Reply> handle(Tx tx, Tenant tenant, String account, Inbound fact, boolean heard) {
    if (parts
        .members()
        .erased(tx, tenant, account, parts.members().openidHash(tenant, account, fact.openid()))) {
      return Optional.empty(); // nothing is recorded of them, and nothing said, until readmitted
    }
    if (fact instanceof Inbound.Scanned scanned) {
      return scanned(tx, tenant, account, scanned, heard);
    }
    if (fact instanceof Inbound.Followed) {
      return followed(tx, tenant, account, fact, heard);
    }
    if (fact instanceof Inbound.Unfollowed) {
      parts.members().follows(tx, tenant, account, fact.openid(), false, fact.at());
    }
    if (fact instanceof Inbound.Said said && parts.settings().apply(tenant).claims()) {
      return said(tx, tenant, account, said, heard);
    }
    if (fact instanceof Inbound.Clicked clicked
        && clicked.menuKey().equals(Bindings.CLAIM_MENU_KEY)
        && parts.settings().apply(tenant).claims()) {
      return reply(tenant, texts -> texts.claimHint(hint(tenant, account)));
    }
    return Optional.empty();
  }

  /** Only what asks for a claim is ours; every other word is somebody else's to answer. */
  private Optional<Reply> said(
      Tx tx, Tenant tenant, String account, Inbound.Said said, boolean heard) {
    ClaimText text = ClaimText.read(said.text());
    if (text instanceof ClaimText.Ask) {
      return reply(tenant, texts -> texts.claimHint(hint(tenant, account)));
    }
    if (text instanceof ClaimText.Claim claim) {
      ClaimOutcome outcome =
          claims.claim(
              tx,
              tenant,
              new Arrival(account, said.openid(), Recipient.Source.CLAIM, said.at()),
              claim.orderNo(),
              claim.lastFour(),
              reply(heard));
      return reply(tenant, texts -> texts.claimed(outcome));
    }
    return Optional.empty();
  }

  private ClaimHint hint(Tenant tenant, String account) {
    return new ClaimHint(
        Optional.empty(),
        WebAddress.claim(
            parts.settings().apply(tenant).webAddress(),
            tenant,
            parts.accounts().of(tenant.code()).stream()
                    .map(one -> one.key())
                    .findFirst()
                    .filter(account::equals)
                    .isPresent()
                ? Optional.empty()
                : Optional.of(account)));
  }

  private static Binder.@Nullable Telling reply(boolean told) {
    return told ? Binder.Telling.REPLY : null;
  }

  /** Somebody follows, whatever else they want: a follower is a member. */
  private void follower(Tx tx, Tenant tenant, String account, Inbound fact) {
    parts.members().follows(tx, tenant, account, fact.openid(), true, fact.at());
    parts.members().follower(tx, tenant, account, fact.openid(), parts.now());
  }

  /** Answers nobody but a recipient who comes back: what they missed, and that it goes on. */
  private Optional<Reply> followed(
      Tx tx, Tenant tenant, String account, Inbound fact, boolean heard) {
    String hash = parts.members().openidHash(tenant, account, fact.openid());
    boolean away =
        parts.members().openid(tx, tenant, account, hash).filter(who -> !who.follows()).isPresent();
    List<OrderDetail> orders = away ? lockedOrders(tx, tenant, account, hash) : List.of();
    boolean back =
        parts.members().follows(tx, tenant, account, fact.openid(), true, fact.at()) && away;
    parts.members().follower(tx, tenant, account, fact.openid(), parts.now());
    List<String> offered = back ? offered(tx, tenant, account, hash) : List.of();
    if (back && orders.isEmpty() && offered.isEmpty()) {
      return former(tx, tenant, account, hash);
    }
    if (!back) {
      return Optional.empty();
    }
    Instant now = parts.now();
    Optional<Reply> reply =
        reply(
            tenant,
            new ScanOutcome.Told(
                new ScanOutcome.FollowsAgain(
                    orders.stream().map(order -> Glances.of(order, tenant)).toList()),
                offered));
    OpenidIdentity who = parts.members().openid(tx, tenant, account, fact.openid(), now);
    boolean told = heard && reply.isPresent();
    boolean noticed = false;
    for (OrderDetail order : orders) {
      for (RecipientRow row : parts.recipients().lock(tx, tenant, order.id())) {
        if (row.is(account, hash) && row.state() == RecipientState.ACTIVE) {
          noticed |= binder.told(tx, tenant, order, who, row.id(), reply(told), now);
        }
      }
    }
    return noticed ? Optional.empty() : reply;
  }

  /** Somebody who once belonged to an order, and has none under way, is offered the claim. */
  private Optional<Reply> former(Tx tx, Tenant tenant, String account, String hash) {
    return parts.settings().apply(tenant).claims()
            && parts.recipients().ever(tx, tenant, account, hash)
        ? reply(tenant, texts -> texts.claimHint(hint(tenant, account)))
        : Optional.empty();
  }

  /** The newest orders under way of which they receive notices, locked by their numbers' order. */
  private List<OrderDetail> lockedOrders(Tx tx, Tenant tenant, String account, String hash) {
    return parts
        .recipients()
        .orders(tx, tenant, account, hash, RecipientState.ACTIVE, OFFERS)
        .stream()
        .sorted()
        .flatMap(id -> parts.orders().lock(tx, tenant, id).stream())
        .filter(order -> !order.closed() && order.stage() != Stage.COMPLETED)
        .toList();
  }

  private Optional<Reply> scanned(
      Tx tx, Tenant tenant, String account, Inbound.Scanned scan, boolean heard) {
    if (!scan.scene().startsWith(PREFIX)) {
      if (scan.followed()) {
        follower(tx, tenant, account, scan);
      }
      return Optional.empty();
    }
    Optional<ShopCodes.Shop> shop = shops.byScene(tx, tenant, account, scan.scene());
    if (shop.isPresent()) {
      return visited(tx, tenant, account, scan, shop.get());
    }
    Scan known = known(tx, tenant, account, scan.scene());
    if (known == null) {
      follower(tx, tenant, account, scan);
      return reply(tenant, new ScanOutcome.Told(new ScanOutcome.Unknown(), List.of()));
    }
    Instant now = parts.now();
    Admission.Came came =
        admission.admit(
            tx,
            tenant,
            new Arrival(account, scan.openid(), Recipient.Source.SCAN, scan.at()),
            new Door(known.order(), known.ticket().stateAt(now), known.ticket()),
            now);
    String hash = parts.members().openidHash(tenant, account, scan.openid());
    List<String> offered =
        came.outcome() instanceof ScanOutcome.StaffScan
            ? List.of()
            : offered(tx, tenant, account, hash);
    Optional<Reply> reply = reply(tenant, new ScanOutcome.Told(came.outcome(), offered));
    if (came.who() == null) {
      return reply;
    }
    boolean told = heard && reply.isPresent();
    // A late repeat of the event would be answered by what is kept: not with what a notice tells.
    return binder.told(tx, tenant, known.order(), came.who(), came.recipientId(), reply(told), now)
        ? Optional.empty()
        : reply;
  }

  /** Somebody scanned a store's permanent code: they follow, and belong to that store. */
  private Optional<Reply> visited(
      Tx tx, Tenant tenant, String account, Inbound.Scanned scan, ShopCodes.Shop shop) {
    follower(tx, tenant, account, scan);
    String hash = parts.members().openidHash(tenant, account, scan.openid());
    if (!parts.members().staff(tx, tenant, account, hash)) {
      shops.visited(tx, tenant, account, hash, shop.code(), scan.at());
    }
    ClaimHint hint = hint(tenant, account).of(shop.name());
    boolean claims = parts.settings().apply(tenant).claims();
    return reply(tenant, texts -> claims ? texts.claimHint(hint) : texts.welcome(shop.name()));
  }

  private record Scan(OrderDetail order, TicketRow ticket) {}

  /** The ticket and its order, both locked, the order first. */
  private @Nullable Scan known(Tx tx, Tenant tenant, String account, String scene) {
    Optional<TicketRow> found =
        parts.tickets().byScene(tx, tenant, scene).filter(row -> row.account().equals(account));
    if (found.isEmpty()) {
      return null;
    }
    Optional<OrderDetail> order = parts.orders().lock(tx, tenant, found.get().orderId());
    Optional<TicketRow> ticket = parts.tickets().lock(tx, tenant, found.get().id());
    return order.isPresent() && ticket.isPresent() ? new Scan(order.get(), ticket.get()) : null;
  }

  private List<String> offered(Tx tx, Tenant tenant, String account, String hash) {
    return parts
        .recipients()
        .orders(tx, tenant, account, hash, RecipientState.OFFERED, OFFERS)
        .stream()
        .flatMap(id -> parts.orders().find(tx, tenant, id).stream())
        .filter(order -> !order.closed())
        .map(OrderDetail::orderNo)
        .toList();
  }

  private Optional<Reply> reply(Tenant tenant, ScanOutcome.Told told) {
    return reply(tenant, texts -> texts.text(told));
  }

  private Optional<Reply> reply(Tenant tenant, Function<ReplyTexts, String> words) {
    return replies.reply(tenant, words);
  }
}
