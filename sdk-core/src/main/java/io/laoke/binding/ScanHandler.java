package io.laoke.binding;

import io.laoke.binding.BindingEvent.Action;
import io.laoke.binding.ScanRule.Verdict;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook.OpenidIdentity;
import io.laoke.message.Inbound;
import io.laoke.message.InboundHandler;
import io.laoke.message.Reply;
import io.laoke.order.OrderDetail;
import io.laoke.order.Stage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles scans, follows and unfollows. Texts, clicks and foreign codes are left to others. */
final class ScanHandler implements InboundHandler {
  /** What all our scenes begin with. */
  static final String PREFIX = "lk1_";

  private static final Logger LOG = LoggerFactory.getLogger(ScanHandler.class);
  private static final int LONGEST_REPLY = 600;
  private static final int MOST_BYTES = 2_000; // WeChat takes about 2,048
  private static final int OFFERS = 3;

  private final BindingParts parts;
  private final Binder binder;

  ScanHandler(BindingParts parts, Binder binder) {
    this.parts = parts;
    this.binder = binder;
  }

  @Override
  public Optional<Reply> handle(Tx tx, Tenant tenant, String account, Inbound fact) {
    return handle(tx, tenant, account, fact, true);
  }

  @Override
  public Optional<Reply> handle(Tx tx, Tenant tenant, String account, Inbound fact, boolean heard) {
    if (fact instanceof Inbound.Scanned scanned) {
      return scanned(tx, tenant, account, scanned, heard);
    }
    if (fact instanceof Inbound.Followed) {
      return followed(tx, tenant, account, fact, heard);
    }
    if (fact instanceof Inbound.Unfollowed) {
      parts.members().follows(tx, tenant, account, fact.openid(), false, fact.at());
    }
    return Optional.empty();
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
    List<String> offered = back ? offered(tx, tenant, account, hash) : List.of();
    if (!back || (orders.isEmpty() && offered.isEmpty())) {
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
          noticed |= binder.told(tx, tenant, order, who, row.id(), told, now);
        }
      }
    }
    return noticed ? Optional.empty() : reply;
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
        parts.members().follows(tx, tenant, account, scan.openid(), true, scan.at());
      }
      return Optional.empty();
    }
    Scan known = known(tx, tenant, account, scan.scene());
    if (known == null) {
      parts.members().follows(tx, tenant, account, scan.openid(), true, scan.at());
      return reply(tenant, new ScanOutcome.Told(new ScanOutcome.Unknown(), List.of()));
    }
    Instant now = parts.now();
    Came came = came(tx, tenant, account, scan, known, now);
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
    return binder.told(tx, tenant, known.order(), came.who(), came.recipientId(), told, now)
        ? Optional.empty()
        : reply;
  }

  /**
   * What a scan came to.
   *
   * @param who the recipient to whom the present stage is to be told, null if there is none
   * @param recipientId their id
   */
  private record Came(ScanOutcome outcome, @Nullable OpenidIdentity who, long recipientId) {
    Came(ScanOutcome outcome) {
      this(outcome, null, 0);
    }
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

  private Came came(
      Tx tx, Tenant tenant, String account, Inbound.Scanned scan, Scan known, Instant now) {
    String hash = parts.members().openidHash(tenant, account, scan.openid());
    if (parts.members().staff(tx, tenant, account, hash)) {
      parts.members().follows(tx, tenant, account, scan.openid(), true, scan.at());
      return new Came(new ScanOutcome.StaffScan(known.order().orderNo()));
    }
    List<RecipientRow> rows = parts.recipients().lock(tx, tenant, known.order().id());
    Verdict verdict =
        ScanRule.of(
            false,
            rows.stream()
                .filter(row -> row.is(account, hash))
                .map(RecipientRow::state)
                .findFirst()
                .orElse(null),
            known.ticket().stateAt(now),
            known.order().closed(),
            Binder.bound(rows),
            parts.settings().apply(tenant).recipientLimit());
    return carriedOut(tx, tenant, account, scan, known, rows, verdict, now);
  }

  private Came carriedOut(
      Tx tx,
      Tenant tenant,
      String account,
      Inbound.Scanned scan,
      Scan known,
      List<RecipientRow> rows,
      Verdict verdict,
      Instant now) {
    OrderDetail order = known.order();
    OpenidIdentity who = identity(tx, tenant, order, account, scan, now);
    return switch (verdict) {
      case REVOKED -> new Came(new ScanOutcome.Revoked());
      case EXPIRED -> new Came(new ScanOutcome.Expired());
      case CLOSED -> new Came(new ScanOutcome.OrderClosed());
      case TAKEN -> new Came(new ScanOutcome.TakenByAnother());
      case STAFF -> new Came(new ScanOutcome.StaffScan(order.orderNo()));
      case YOURS, RESUMED -> yours(tx, tenant, order, who, rows, verdict, now);
      case BOUND, JOINED -> joined(tx, tenant, known, who, rows, verdict, now);
    };
  }

  private OpenidIdentity identity(
      Tx tx, Tenant tenant, OrderDetail order, String account, Inbound.Scanned scan, Instant now) {
    binder.identity(tx, tenant, order, account, scan.openid(), now);
    parts.members().follows(tx, tenant, account, scan.openid(), true, scan.at());
    return parts.members().openid(tx, tenant, account, scan.openid(), now);
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
          "scanned the code again",
          now);
    }
    return new Came(
        new ScanOutcome.AlreadyYours(Glances.of(order, tenant), resumed), who, mine.id());
  }

  private Came joined(
      Tx tx,
      Tenant tenant,
      Scan known,
      OpenidIdentity who,
      List<RecipientRow> rows,
      Verdict verdict,
      Instant now) {
    OrderDetail order = known.order();
    boolean first = verdict == Verdict.BOUND;
    long id = binder.join(tx, tenant, order, who, rows, Recipient.Source.SCAN, first, now);
    parts.tickets().claim(tx, tenant, known.ticket().id(), now);
    binder.audit(
        tx,
        tenant,
        order.id(),
        first ? Action.BOUND : Action.JOINED,
        OptionalLong.of(known.ticket().id()),
        id,
        null,
        null,
        now);
    OrderGlance glance = Glances.of(order, tenant);
    return new Came(
        first
            ? new ScanOutcome.Bound(glance)
            : new ScanOutcome.AlsoReceiving(glance, (int) Binder.bound(rows) + 1),
        who,
        id);
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
    String text;
    try {
      text = parts.settings().apply(tenant).replies().text(told);
    } catch (RuntimeException broken) {
      LOG.warn("The reply texts of dealer {} failed; the standard words are used", tenant, broken);
      text = ChineseReplies.text(told);
    }
    String fit = fit(text);
    return fit.isBlank() ? Optional.empty() : Optional.of(Reply.text(fit));
  }

  /** Without what a reply must not hold, and cut to its length. */
  private static String fit(String text) {
    int[] plain =
        text.strip()
            .codePoints()
            .filter(c -> c >= ' ' || c == '\n' || c == '\t')
            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
            .toArray();
    String whole = new String(plain, 0, plain.length);
    if (plain.length <= LONGEST_REPLY && bytes(whole) <= MOST_BYTES) {
      return whole;
    }
    int length = Math.min(plain.length, LONGEST_REPLY - 1);
    while (bytes(new String(plain, 0, length)) > MOST_BYTES - 3) {
      length--;
    }
    return new String(plain, 0, length) + "…";
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
