package io.laoke.binding;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.base.Phone;
import io.laoke.binding.BindingEvent.Action;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook.OpenidIdentity;
import io.laoke.order.OrderDetail;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Bindings in the database. */
final class StoredBindings implements Bindings {
  private static final int LONGEST_LIST = 1000;

  private final BindingParts parts;
  private final Binder binder;
  private final SecureRandom random;
  private final Database view;
  private final Tenant tenant;
  private final TicketCodes codes;
  private final Supplier<PhoneClaims> phones;

  StoredBindings(
      BindingParts parts,
      Binder binder,
      SecureRandom random,
      Supplier<PhoneClaims> phones,
      Database view,
      Tenant tenant) {
    this.parts = parts;
    this.binder = binder;
    this.random = random;
    this.view = notNull("view", view);
    this.tenant = notNull("tenant", tenant);
    this.codes = new TicketCodes(parts, tenant);
    this.phones = phones;
  }

  @Override
  public BindingTicket issue(String orderNo) {
    return issue(orderNo, IssueOptions.standard());
  }

  @Override
  public BindingTicket issue(String orderNo, IssueOptions options) {
    String number = orderNo(orderNo);
    notNull("options", options);
    return view.write(
        "issue a ticket",
        tx -> {
          Instant now = parts.now();
          OrderDetail order = locked(tx, number);
          if (order.closed()) {
            throw new ConflictException(
                "No ticket for order %s: it is %s, so there is nothing left to be told of. Show no code for it; a new order gets its own."
                    .formatted(number, order.stage()));
          }
          TicketRow row = issued(tx, order, options, now);
          return shown(order, row, linked(tx, order, row.account(), now), now);
        });
  }

  /** The order's link, made where there is none and the dealer has pages. */
  private Optional<PaperLinkTable.Row> linked(
      Tx tx, OrderDetail order, String account, Instant now) {
    BindingSettings settings = parts.settings().apply(tenant);
    if (settings.webAddress().isEmpty()) {
      return Optional.empty();
    }
    Optional<PaperLinkTable.Row> there = parts.links().live(tx, tenant, order.id(), true);
    if (there.isPresent() && there.get().stateAt(now).live()) {
      if (!there.get().account().equals(account)) {
        // Paper that is out there goes on to work, over the account that serves the order now.
        parts.links().account(tx, tenant, there.get().id(), account);
      }
      return there;
    }
    there.ifPresent(old -> parts.links().end(tx, tenant, old.id(), "EXPIRED", now));
    PaperLinkTable.Row row =
        new PaperLinkTable.Row(
            parts.ids().next(),
            order.id(),
            account,
            unguessable(),
            "LIVE",
            now.toEpochMilli(),
            now.plus(settings.linkLife()).toEpochMilli());
    return parts.links().insert(tx, tenant, row)
        ? Optional.of(row)
        : parts.links().live(tx, tenant, order.id(), true);
  }

  /** The live ticket, or a new one; the order row is locked. */
  private TicketRow issued(Tx tx, OrderDetail order, IssueOptions options, Instant now) {
    Optional<TicketRow> live = live(tx, order, now);
    if (live.isPresent()) {
      return sameAccount(order, live.get(), options);
    }
    String account = account(tx, order, options);
    parts.accounts().own(tx, tenant, account);
    TicketRow row =
        new TicketRow(
            parts.ids().next(),
            order.id(),
            account,
            ScanHandler.PREFIX + unguessable(),
            TicketState.ISSUED,
            now.toEpochMilli(),
            now.plus(parts.settings().apply(tenant).ticketLife()).toEpochMilli(),
            null,
            null);
    if (!parts.tickets().insert(tx, tenant, row, options.by().orElse(null))) {
      TicketRow winner = parts.tickets().lockLive(tx, tenant, order.id()).orElseThrow();
      return sameAccount(order, winner, options);
    }
    audit(tx, order, Action.ISSUED, row, options.by().orElse(null), null, now);
    return row;
  }

  private static TicketRow sameAccount(OrderDetail order, TicketRow live, IssueOptions options) {
    if (options.account().isPresent() && !options.account().get().equals(live.account())) {
      throw new ConflictException(
          "Order %s has a live ticket of the account %s; revoke it before issuing one of %s."
              .formatted(order.orderNo(), live.account(), options.account().get()));
    }
    return live;
  }

  /** The live ticket; one whose time is over is marked so and gives way. */
  private Optional<TicketRow> live(Tx tx, OrderDetail order, Instant now) {
    Optional<TicketRow> found = parts.tickets().lockLive(tx, tenant, order.id());
    if (found.isPresent() && !found.get().stateAt(now).live()) {
      parts.tickets().end(tx, tenant, found.get().id(), TicketState.EXPIRED, now, null, null);
      audit(tx, order, Action.EXPIRED, found.get(), null, null, now);
      return Optional.empty();
    }
    return found;
  }

  private String account(Tx tx, OrderDetail order, IssueOptions options) {
    Optional<String> named =
        options
            .account()
            .or(
                () ->
                    order
                        .storeCode()
                        .flatMap(code -> parts.catalog().accountOfStore(tx, tenant, code)));
    return parts.accounts().serving(tenant, named).key();
  }

  /** 128 random bits: nobody guesses another's. */
  private String unguessable() {
    byte[] bits = new byte[16];
    random.nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  @Override
  public Optional<BindingTicket> ticket(String orderNo) {
    String number = orderNo(orderNo);
    return view.read(
        "read the ticket",
        tx -> {
          Instant now = parts.now();
          OrderDetail order = found(tx, number);
          return parts
              .tickets()
              .newest(tx, tenant, order.id())
              .filter(row -> row.stateAt(now).live())
              .map(
                  row ->
                      shown(
                          order,
                          row,
                          parts
                              .links()
                              .live(tx, tenant, order.id(), false)
                              .filter(link -> link.stateAt(now).live()),
                          now));
        });
  }

  @Override
  public boolean revoke(String orderNo, String by, String reason) {
    String number = orderNo(orderNo);
    String actor = by(by);
    String why = reason(reason);
    return view.write(
        "revoke the ticket", tx -> revoked(tx, locked(tx, number), actor, why, parts.now()));
  }

  private boolean revoked(Tx tx, OrderDetail order, String by, String reason, Instant now) {
    Optional<TicketRow> live = live(tx, order, now);
    live.ifPresent(
        row -> {
          parts.tickets().end(tx, tenant, row.id(), TicketState.REVOKED, now, by, reason);
          audit(tx, order, Action.REVOKED, row, by, reason, now);
        });
    Optional<PaperLinkTable.Row> link = parts.links().live(tx, tenant, order.id(), true);
    link.ifPresent(
        row -> {
          parts.links().end(tx, tenant, row.id(), "REVOKED", now);
          binder.audit(
              tx,
              tenant,
              order.id(),
              Action.LINK_REVOKED,
              OptionalLong.empty(),
              0,
              by,
              reason,
              now);
        });
    return live.isPresent() || link.filter(row -> row.stateAt(now).live()).isPresent();
  }

  @Override
  public BindingStatus status(String orderNo) {
    String number = orderNo(orderNo);
    return view.read(
        "read the binding",
        tx -> {
          Instant now = parts.now();
          OrderDetail order = found(tx, number);
          List<Recipient> bound = shown(tx, order, row -> row.state().bound());
          return new BindingStatus(
              number,
              !bound.isEmpty(),
              bound,
              parts.tickets().newest(tx, tenant, order.id()).map(row -> status(row, now)));
        });
  }

  private static BindingStatus.Ticket status(TicketRow row, Instant now) {
    return new BindingStatus.Ticket(
        row.id(),
        row.stateAt(now),
        row.account(),
        Instant.ofEpochMilli(row.issuedMillis()),
        Instant.ofEpochMilli(row.expiresMillis()),
        Optional.ofNullable(row.codeUntilMillis()).map(Instant::ofEpochMilli));
  }

  @Override
  public Set<String> bound(Collection<String> orderNos) {
    Set<String> numbers = new LinkedHashSet<>();
    notNull("orderNos", orderNos).forEach(orderNo -> numbers.add(orderNo(orderNo)));
    Check.range("orderNos", numbers.size(), 0, LONGEST_LIST);
    return view.read(
        "read which orders are bound",
        tx -> {
          Map<String, Long> ids = parts.orders().ids(tx, tenant, numbers);
          Set<Long> bound =
              parts.recipients().of(tx, tenant, ids.values()).stream()
                  .filter(row -> row.state().bound())
                  .map(RecipientRow::orderId)
                  .collect(Collectors.toSet());
          return numbers.stream()
              .filter(number -> bound.contains(ids.get(number)))
              .collect(Collectors.toUnmodifiableSet());
        });
  }

  @Override
  public List<Recipient> recipients(String orderNo) {
    String number = orderNo(orderNo);
    return view.read("read the recipients", tx -> shown(tx, found(tx, number), row -> true));
  }

  @Override
  public Optional<Recipient> recipient(String orderNo, String account, String openid) {
    String number = orderNo(orderNo);
    String key = account(account);
    String hash = hash(key, openid);
    return view.read(
        "read the recipient",
        tx -> shown(tx, found(tx, number), row -> row.is(key, hash)).stream().findFirst());
  }

  @Override
  public boolean unbind(String orderNo, long recipientId, String by, String reason) {
    return changed(
        "unbind a recipient",
        orderNo,
        row -> row.id() == recipientId,
        by,
        reason,
        (tx, order, row, change) ->
            binder.unbind(tx, tenant, order, row, change.by(), change.reason(), change.at()));
  }

  @Override
  public boolean unbind(String orderNo, String account, String openid, String by, String reason) {
    String key = account(account);
    String hash = hash(key, openid);
    return changed(
        "unbind a recipient",
        orderNo,
        row -> row.is(key, hash),
        by,
        reason,
        (tx, order, row, change) ->
            binder.unbind(tx, tenant, order, row, change.by(), change.reason(), change.at()));
  }

  @Override
  public boolean stopNotices(String orderNo, long recipientId, String by, String reason) {
    return switched(
        orderNo,
        recipientId,
        by,
        reason,
        RecipientState.ACTIVE,
        RecipientState.STOPPED,
        Action.STOPPED);
  }

  @Override
  public boolean resumeNotices(String orderNo, long recipientId, String by, String reason) {
    return switched(
        orderNo,
        recipientId,
        by,
        reason,
        RecipientState.STOPPED,
        RecipientState.ACTIVE,
        Action.RESUMED);
  }

  private boolean switched(
      String orderNo,
      long recipientId,
      String by,
      String reason,
      RecipientState from,
      RecipientState to,
      Action action) {
    return changed(
        "change the notices of a recipient",
        orderNo,
        row -> row.id() == recipientId,
        by,
        reason,
        (tx, order, row, change) -> {
          if (row.state() != from) {
            return false;
          }
          parts.recipients().state(tx, tenant, row, to, change.at());
          binder.audit(
              tx,
              tenant,
              order.id(),
              action,
              OptionalLong.empty(),
              row.id(),
              change.by(),
              change.reason(),
              change.at());
          return true;
        });
  }

  private record Change(String by, String reason, Instant at) {}

  private interface OnRecipient {
    boolean apply(Tx tx, OrderDetail order, RecipientRow row, Change change);
  }

  private boolean changed(
      String what,
      String orderNo,
      Predicate<RecipientRow> who,
      String by,
      String reason,
      OnRecipient action) {
    String number = orderNo(orderNo);
    String actor = by(by);
    String why = reason(reason);
    return view.write(
        what,
        tx -> {
          OrderDetail order = locked(tx, number);
          RecipientRow row =
              RecipientRow.of(number, parts.recipients().lock(tx, tenant, order.id()), who);
          return action.apply(tx, order, row, new Change(actor, why, parts.now()));
        });
  }

  @Override
  public BindingTicket rebind(String orderNo, String by, String reason) {
    String number = orderNo(orderNo);
    String actor = by(by);
    String why = reason(reason);
    return view.write(
        "rebind an order",
        tx -> {
          Instant now = parts.now();
          OrderDetail order = locked(tx, number);
          if (order.closed()) {
            throw new ConflictException(
                "Order %s cannot be bound anew: it is %s. Call bindings().unbind, which is all that is left for it."
                    .formatted(number, order.stage()));
          }
          cleared(tx, order, row -> true, actor, why, now);
          revoked(tx, order, actor, why, now);
          OrderDetail free = found(tx, number);
          TicketRow row = issued(tx, free, IssueOptions.standard().by(actor), now);
          return shown(free, row, linked(tx, free, row.account(), now), now);
        });
  }

  @Override
  public Recipient rebindTo(
      String orderNo, String account, String openid, String by, String reason) {
    String number = orderNo(orderNo);
    String key = account(account);
    String hash = hash(key, openid);
    String actor = by(by);
    String why = reason(reason);
    return view.write(
        "rebind an order",
        tx -> {
          Instant now = parts.now();
          OrderDetail order = locked(tx, number);
          if (parts.members().staff(tx, tenant, key, hash)) {
            throw new ConflictException(
                "Order %s cannot be bound to this openid: it belongs to staff. If they bought it for themselves, take the openid from them first with catalog().unlinkStaff."
                    .formatted(number));
          }
          if (parts.members().erased(tx, tenant, key, hash)) {
            throw new ConflictException(
                "Order %s cannot be bound to this openid: its person was erased. Readmit them first with members().readmitOpenid."
                    .formatted(number));
          }
          rebound(tx, order, key, openid, hash, new Change(actor, why, now));
          return shown(tx, found(tx, number), row -> row.is(key, hash)).get(0);
        });
  }

  private void rebound(
      Tx tx, OrderDetail order, String account, String openid, String hash, Change change) {
    Predicate<RecipientRow> other = row -> !row.is(account, hash);
    List<RecipientRow> rows = parts.recipients().lock(tx, tenant, order.id());
    boolean theirs =
        rows.stream().anyMatch(row -> !other.test(row) && row.state() == RecipientState.ACTIVE);
    boolean others = rows.stream().anyMatch(row -> other.test(row) && row.state().bound());
    if (theirs && !others) {
      return;
    }
    parts.accounts().own(tx, tenant, account);
    cleared(tx, order, other, change.by(), change.reason(), change.at());
    revoked(tx, order, change.by(), change.reason(), change.at());
    OrderDetail free = found(tx, order.orderNo());
    OpenidIdentity who = binder.identity(tx, tenant, free, account, openid, change.at());
    long id =
        binder.join(
            tx,
            tenant,
            free,
            who,
            parts.recipients().lock(tx, tenant, order.id()),
            Recipient.Source.REBIND,
            true,
            change.at());
    binder.audit(
        tx,
        tenant,
        order.id(),
        Action.REBOUND,
        OptionalLong.empty(),
        id,
        change.by(),
        change.reason(),
        change.at());
  }

  private void cleared(
      Tx tx,
      OrderDetail order,
      Predicate<RecipientRow> whom,
      String by,
      String reason,
      Instant now) {
    parts.recipients().lock(tx, tenant, order.id()).stream()
        .filter(whom)
        .forEach(row -> binder.unbind(tx, tenant, order, row, by, reason, now));
  }

  @Override
  public PhoneCode sendPhoneCode(String account, String openid, String phone) {
    String key = account(account);
    String person = Check.text("openid", openid, 128);
    Phone checked = Phone.parse("phone", phone);
    mayClaim("sendPhoneCode()");
    return parts
        .database()
        .own(
            "send a code to a phone",
            tx -> {
              parts.accounts().own(tx, tenant, key);
              return phones.get().send(tx, tenant, key, person, checked);
            });
  }

  @Override
  public PhoneClaim claimByPhone(String account, String openid, String code) {
    return claimByPhone(account, openid, code, parts.settings().apply(tenant).phoneClaimYears());
  }

  @Override
  public PhoneClaim claimByPhone(String account, String openid, String code, int years) {
    String key = account(account);
    String person = Check.text("openid", openid, 128);
    String digits =
        Normalizer.normalize(Check.text("code", code, 16), Normalizer.Form.NFKC).strip();
    Check.range("years", years, 1, 20);
    mayClaim("claimByPhone()");
    return parts
        .database()
        .own(
            "claim orders by a phone",
            tx -> {
              parts.accounts().own(tx, tenant, key);
              return phones.get().claim(tx, tenant, key, person, digits, years);
            });
  }

  private void mayClaim(String call) {
    if (!parts.settings().apply(tenant).claims()) {
      throw new ConflictException(
          "The dealer %s lets nobody claim orders; see BindingSettings.withClaims."
              .formatted(tenant.code()));
    }
    if (view.joined()) {
      throw new ConflictException(
          call + " counts tries, which your transaction could roll back. Call it outside of any.");
    }
  }

  @Override
  public ClaimOutcome claim(String account, String openid, String orderNo, String lastFour) {
    String key = account(account);
    String person = Check.text("openid", openid, 128);
    String number = orderNo(orderNo);
    String digits = lastFour(lastFour);
    mayClaim("claim()");
    return parts
        .database()
        .own(
            "claim an order",
            tx -> {
              parts.accounts().own(tx, tenant, key);
              return new Claims(parts, binder)
                  .claim(
                      tx,
                      tenant,
                      new Admission.Arrival(key, person, Recipient.Source.CLAIM, null),
                      number,
                      digits,
                      Binder.Telling.PAGE);
            });
  }

  private static String lastFour(String digits) {
    String given = Check.text("lastFour", digits, 8);
    if (!given.matches("[0-9]{4}")) {
      throw new InvalidInputException("lastFour", "must be the last four digits of the phone");
    }
    return given;
  }

  @Override
  public QrCode shopCode(String storeCode) {
    String code = Check.key("storeCode", storeCode, 64);
    ShopCodes.outsideTransactions(view.joined());
    return new ShopCodes(parts).of(tenant, code);
  }

  @Override
  public Optional<String> storeOf(String account, String openid) {
    String key = account(account);
    String hash = hash(key, openid);
    return view.read(
        "read the store of a follower", tx -> new ShopCodes(parts).storeOf(tx, tenant, key, hash));
  }

  @Override
  public ScanOutcome confirm(String orderNo, long recipientId) {
    String number = orderNo(orderNo);
    return view.write(
        "confirm an offered order",
        tx -> new Confirmation(parts, binder).confirm(tx, tenant, locked(tx, number), recipientId));
  }

  @Override
  public List<BindingEvent> audit(String orderNo) {
    String number = orderNo(orderNo);
    return view.read(
        "read the binding history",
        tx -> parts.recipients().events(tx, tenant, found(tx, number).id()));
  }

  private void audit(
      Tx tx,
      OrderDetail order,
      Action action,
      TicketRow ticket,
      @Nullable String by,
      @Nullable String reason,
      Instant now) {
    binder.audit(tx, tenant, order.id(), action, OptionalLong.of(ticket.id()), 0, by, reason, now);
  }

  private BindingTicket shown(
      OrderDetail order, TicketRow row, Optional<PaperLinkTable.Row> link, Instant now) {
    Optional<String> address = parts.settings().apply(tenant).webAddress();
    return new BindingTicket(
        order.orderNo(),
        row,
        now,
        link.flatMap(one -> WebAddress.link(address, tenant, one.token())),
        codes::of);
  }

  private List<Recipient> shown(Tx tx, OrderDetail order, Predicate<RecipientRow> which) {
    return parts.recipients().of(tx, tenant, order.id()).stream()
        .filter(which)
        .map(row -> shown(tx, order, row))
        .toList();
  }

  private Recipient shown(Tx tx, OrderDetail order, RecipientRow row) {
    Optional<OpenidIdentity> known =
        parts.members().openid(tx, tenant, row.account(), row.openidHash());
    boolean buyer =
        order.memberId().isPresent()
            && known.map(OpenidIdentity::memberId).equals(Optional.of(order.memberId()));
    String tag = "微信" + row.openidHash().substring(0, Math.min(4, row.openidHash().length()));
    return new Recipient(
        row.id(),
        row.account(),
        buyer
            ? order.buyer().name().map(name -> Glances.masked(name) + " " + tag).orElse(tag)
            : tag,
        row.state(),
        row.source(),
        known.map(OpenidIdentity::follows).orElse(false),
        Instant.ofEpochMilli(row.joinedMillis()));
  }

  private OrderDetail locked(Tx tx, String orderNo) {
    return parts.orders().lock(tx, tenant, orderNo).orElseThrow(() -> unknown(orderNo));
  }

  private OrderDetail found(Tx tx, String orderNo) {
    return parts.orders().find(tx, tenant, orderNo).orElseThrow(() -> unknown(orderNo));
  }

  private NotFoundException unknown(String orderNo) {
    return new NotFoundException(
        "The dealer %s has no order %s. Report it with orders().upsert first, and commit it."
            .formatted(tenant.code(), orderNo));
  }

  private String account(String account) {
    return parts.accounts().keyOf(tenant.code(), account);
  }

  private String hash(String account, String openid) {
    return parts.members().openidHash(tenant, account, Check.text("openid", openid, 128));
  }

  private static String orderNo(String orderNo) {
    return Check.key("orderNo", orderNo, 64);
  }

  private static String by(String by) {
    return Check.text("by", by, 64);
  }

  private static String reason(String reason) {
    return Check.text("reason", reason, 200);
  }
}
