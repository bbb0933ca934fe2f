package io.laoke.binding;

import io.laoke.base.Phone;
import io.laoke.binding.Admission.Arrival;
import io.laoke.catalog.Keys;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook.OpenidIdentity;
import io.laoke.message.ChannelKind;
import io.laoke.message.NewMessage;
import io.laoke.message.Outbox;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.TemplateMessage;
import io.laoke.order.OrderDetail;
import io.laoke.sms.SmsBook;
import io.laoke.sms.SmsTemplate;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Lets people have their orders by a code that is sent to their phone. Only the phone of a member,
 * and theirs alone, is sent one; whoever asks is not told.
 */
final class PhoneClaims {
  static final Duration LIFE = Duration.ofMinutes(5);
  static final Duration REST = Duration.ofSeconds(60);
  static final int TRIES = 5;
  static final int CODES_A_DAY = 5;

  private static final String CAUSE = "PHONE_CODE";
  private static final Duration DAY = Duration.ofDays(1);
  private static final int MOST_ORDERS = 50;
  private static final Reason NO_ACCOUNT =
      new Reason(
          "NO_SMS",
          "The dealer has no SMS account.",
          "Give the builder one: account(dealer, SmsAccount.of(…)).",
          "商家未配置短信账号，请先配置。");
  private static final Reason NO_TEMPLATE =
      new Reason(
          "NO_SMS_TEMPLATE",
          "No SMS template is there for one-time codes.",
          "Put one of purpose OTP with the key 'code' and the variable 'code': sms().templates().put(…).",
          "验证码没有短信模板，请以 code 为键设置验证码模板。");

  private final BindingParts parts;
  private final Admission admission;
  private final Binder binder;
  private final SmsBook sms;
  private final Outbox outbox;
  private final SecureRandom random;
  private final ClaimTries tries = new ClaimTries();
  private final PhoneCodeTable codes = new PhoneCodeTable();

  PhoneClaims(BindingParts parts, Binder binder, SmsBook sms, Outbox outbox, SecureRandom random) {
    this.parts = parts;
    this.admission = new Admission(parts, binder);
    this.binder = binder;
    this.sms = sms;
    this.outbox = outbox;
    this.random = random;
  }

  // ---- the code

  /** Whether this dealer can send codes at all. */
  boolean able(Tx tx, Tenant tenant) {
    return sms.account(tenant).isPresent()
        && sms.template(tx, tenant, Bindings.CODE_SMS_TEMPLATE).isPresent();
  }

  PhoneCode send(Tx tx, Tenant tenant, String account, String openid, Phone phone) {
    String hash = parts.members().openidHash(tenant, account, openid);
    if (parts.members().staff(tx, tenant, account, hash)) {
      return new PhoneCode.StaffClaim();
    }
    if (parts.members().erased(tx, tenant, account, hash)) {
      return new PhoneCode.Sent(LIFE); // nothing is recorded of them until readmitted
    }
    String phoneHash = Keys.hash(tenant, phone);
    ClaimTries.Key asks = new ClaimTries.Key("CODE_OF", hash);
    ClaimTries.Key gets = new ClaimTries.Key("CODE_TO", phoneHash);
    long machine = tx.machineMillis();
    long blocked =
        Math.max(
            tries.blockedUntil(tx, tenant, asks, CODES_A_DAY, DAY, machine),
            tries.blockedUntil(tx, tenant, gets, CODES_A_DAY, DAY, machine));
    Optional<PhoneCodeTable.Row> before = codes.lock(tx, tenant, hash);
    if (before.isPresent()) {
      blocked = Math.max(blocked, before.get().sentMs() + REST.toMillis());
    }
    if (blocked > machine) {
      return new PhoneCode.TooManyTries(Duration.ofMillis(blocked - machine));
    }
    Optional<String> from = sms.account(tenant);
    Optional<SmsTemplate> template = sms.template(tx, tenant, Bindings.CODE_SMS_TEMPLATE);
    if (from.isEmpty() || template.isEmpty()) {
      return new PhoneCode.Unable(from.isEmpty() ? NO_ACCOUNT : NO_TEMPLATE);
    }
    String code = "%06d".formatted(random.nextInt(1_000_000));
    TemplateMessage body = SmsBook.body(Bindings.CODE_SMS_TEMPLATE, Map.of("code", code));
    // Of whoever asks for which phone ever: what cannot be sent tells nobody who is known.
    Optional<Reason> problem = sms.problem(from.get(), Purpose.ORDER, template.get(), body);
    if (problem.isPresent()) {
      return new PhoneCode.Unable(problem.get());
    }
    Long member = owner(tx, tenant, phone, phoneHash);
    SmsBook.Route route =
        member == null
            ? null
            : sms.route(tx, tenant, member)
                .filter(found -> found.phoneHash().equals(phoneHash))
                .orElse(null);
    tries.count(tx, tenant, asks, DAY, machine);
    tries.count(tx, tenant, gets, DAY, machine);
    long id = parts.ids().next();
    codes.removeOld(tx, tenant, machine);
    codes.remove(tx, tenant, hash);
    codes.insert(
        tx,
        tenant,
        new PhoneCodeTable.Row(
            hash,
            id,
            account,
            hashed(tenant, id, code),
            route == null ? null : member,
            0,
            machine,
            machine + LIFE.toMillis()));
    if (route != null) {
      Instant now = parts.now();
      outbox.enqueueNew(
          tx,
          tenant,
          List.of(
              new NewMessage(
                  CAUSE,
                  id,
                  0,
                  "",
                  route.account(),
                  route.phoneHash(),
                  id,
                  Purpose.ORDER,
                  ChannelKind.SMS,
                  body,
                  now,
                  now.plus(LIFE))));
    }
    return new PhoneCode.Sent(LIFE);
  }

  /** Whose the phone is alone; a phone that many know proves nothing. */
  private @Nullable Long owner(Tx tx, Tenant tenant, Phone phone, String phoneHash) {
    if (parts.catalog().ownPhone(tx, tenant, phoneHash)
        || parts.members().sharedPhone(tx, tenant, phoneHash)) {
      return null;
    }
    OptionalLong whose =
        parts.members().whose(tx, tenant, Optional.empty(), Optional.of(phone.value()));
    return whose.isPresent() ? (Long) whose.getAsLong() : null;
  }

  private static String hashed(Tenant tenant, long id, String code) {
    return tenant.privacy().hash("phone-code", id + "/" + code);
  }

  // ---- the claim

  /** Claims; tries count only if the transaction is committed, so it must not be the host's. */
  PhoneClaim claim(Tx tx, Tenant tenant, String account, String openid, String code, int years) {
    String hash = parts.members().openidHash(tenant, account, openid);
    if (parts.members().staff(tx, tenant, account, hash)) {
      return new PhoneClaim.StaffClaim();
    }
    Optional<PhoneCodeTable.Row> found =
        codes
            .lock(tx, tenant, hash)
            .filter(row -> row.account().equals(account))
            .filter(row -> row.tries() < TRIES)
            .filter(row -> row.untilMs() > tx.machineMillis());
    if (found.isEmpty() || parts.members().erased(tx, tenant, account, hash)) {
      return new PhoneClaim.NoCode();
    }
    PhoneCodeTable.Row row = found.get();
    boolean right =
        MessageDigest.isEqual(
            hashed(tenant, row.id(), code).getBytes(StandardCharsets.UTF_8),
            row.codeHash().getBytes(StandardCharsets.UTF_8));
    Long owner = row.memberId();
    if (!right || owner == null) {
      int tried = row.tries() + 1;
      codes.tried(tx, tenant, hash, tried);
      return new PhoneClaim.WrongCode(TRIES - tried);
    }
    codes.tried(tx, tenant, hash, TRIES); // void, though it says when it was sent
    long member = parts.members().survivor(tx, tenant, owner);
    return parts.members().erased(tx, tenant, member)
        ? new PhoneClaim.NoCode()
        : proven(
            tx, tenant, new Arrival(account, openid, Recipient.Source.CLAIM, null), member, years);
  }

  private PhoneClaim proven(Tx tx, Tenant tenant, Arrival arrival, long member, int years) {
    Instant now = parts.now();
    ZoneId zone = tenant.zone();
    Instant since = now.atZone(zone).minusYears(years).toInstant();
    List<OrderDetail> orders = new ArrayList<>();
    for (long id : ordersOf(tx, tenant, member, since)) {
      parts
          .orders()
          .lock(tx, tenant, id)
          .filter(order -> order.memberId().equals(OptionalLong.of(member)))
          .ifPresent(orders::add);
    }
    tie(tx, tenant, arrival, member, now);
    orders.sort(Comparator.comparing(OrderDetail::orderedAt).reversed());
    List<ClaimOutcome> outcomes = new ArrayList<>();
    for (OrderDetail order : orders) {
      Admission.Came came =
          admission.admit(
              tx,
              tenant,
              arrival,
              new Admission.Door(
                  order,
                  TicketState.ISSUED,
                  parts
                      .tickets()
                      .lockLive(tx, tenant, order.id())
                      .filter(ticket -> ticket.stateAt(now).live())
                      .orElse(null)),
              now);
      if (came.who() != null) {
        binder.told(tx, tenant, order, came.who(), came.recipientId(), Binder.Telling.PAGE, now);
      }
      outcomes.add(Claims.outcome(came.outcome()));
    }
    return new PhoneClaim.Proven(outcomes);
  }

  private static List<Long> ordersOf(Tx tx, Tenant tenant, long member, Instant since) {
    return tx
        .query(
            """
            SELECT id FROM {customer_order}
            WHERE dealer_id = :dealer AND member_id = :member AND ordered_ms >= :since
            ORDER BY ordered_ms DESC, id DESC LIMIT :limit""")
        .bind("dealer", tenant.id())
        .bind("member", member)
        .bind("since", since.toEpochMilli())
        .bind("limit", MOST_ORDERS)
        .mapTo(Long.class)
        .list()
        .stream()
        .sorted()
        .toList();
  }

  /** The person belongs to the phone's member, by the rules of a first scan. */
  private void tie(Tx tx, Tenant tenant, Arrival arrival, long member, Instant now) {
    String account = arrival.account();
    TreeSet<Long> concerned = new TreeSet<>(List.of(member));
    parts
        .members()
        .openid(tx, tenant, account, parts.members().openidHash(tenant, account, arrival.openid()))
        .ifPresent(known -> known.memberId().ifPresent(concerned::add));
    parts.members().lock(tx, tenant, concerned);
    OpenidIdentity who = parts.members().openid(tx, tenant, account, arrival.openid(), now);
    if (parts.members().hasOpenid(tx, tenant, member, account)) {
      return; // theirs, or another's of the family
    }
    boolean free =
        who.memberId().isEmpty()
            || (parts.members().bare(tx, tenant, who.memberId().getAsLong())
                && !parts.orders().any(tx, tenant, who.memberId().getAsLong()));
    if (free) {
      parts.members().attach(tx, tenant, who, member, now);
    } else {
      parts.members().suspectSame(tx, tenant, member, who.memberId().getAsLong(), "CLAIM", now);
    }
  }
}
