package io.laoke.sms;

import io.laoke.base.Check;
import io.laoke.base.Phone;
import io.laoke.catalog.Keys;
import io.laoke.error.LaokeException;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook;
import io.laoke.message.Account;
import io.laoke.message.Accounts;
import io.laoke.message.ChannelKind;
import io.laoke.message.DealerAccount;
import io.laoke.message.Inbound;
import io.laoke.message.InboundHandler;
import io.laoke.message.Reason;
import io.laoke.message.RecipientListener;
import io.laoke.message.Reply;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Ends promotions to numbers whose owners refuse them: they answered so, or the provider has them
 * on its own blacklist.
 */
final class OptOuts implements InboundHandler, RecipientListener {
  private static final Set<String> WORDS = Set.of("R", "T", "TD", "N", "退订");

  private final OptOutTable table;
  private final MemberBook members;
  private final Accounts accounts;
  private final Clock business;

  OptOuts(OptOutTable table, MemberBook members, Accounts accounts, Clock business) {
    this.table = table;
    this.members = members;
    this.accounts = accounts;
    this.business = business;
  }

  /** Whether a reply refuses more, however it is written. */
  static boolean refuses(String text) {
    return WORDS.contains(
        Normalizer.normalize(text, Normalizer.Form.NFKC).strip().toUpperCase(Locale.ROOT));
  }

  @Override
  public Optional<Reply> handle(Tx tx, Tenant tenant, String account, Inbound fact) {
    if (fact instanceof Inbound.SmsReply reply && refuses(reply.text())) {
      String signature = reply.signature().isBlank() ? signature(account) : reply.signature();
      put(
          tx,
          tenant,
          hash(tenant, fact),
          SmsOptOut.Source.REPLY,
          account,
          signature,
          reply.text(),
          reply.at());
    }
    if (fact instanceof Inbound.SmsReport report && report.delivery() == Inbound.Delivery.BLOCKED) {
      blacklisted(tx, tenant, hash(tenant, fact), account, report.detail(), report.at());
    }
    return Optional.empty();
  }

  private static String hash(Tenant tenant, Inbound fact) {
    return Keys.hash(tenant, Phone.of(fact.openid()));
  }

  @Override
  public void gone(Tx tx, Tenant tenant, String account, String openidHash, Instant asked) {
    // Whoever unfollows is none of its business.
  }

  @Override
  public void gone(
      Tx tx,
      Tenant tenant,
      String account,
      ChannelKind channel,
      String recipient,
      Reason why,
      Instant asked) {
    if (channel == ChannelKind.SMS) {
      blacklisted(tx, tenant, recipient, account, why.code(), business.instant());
    }
  }

  private void blacklisted(
      Tx tx, Tenant tenant, String phoneHash, String account, String words, Instant at) {
    put(tx, tenant, phoneHash, SmsOptOut.Source.PROVIDER, account, signature(account), words, at);
  }

  private void put(
      Tx tx,
      Tenant tenant,
      String phoneHash,
      SmsOptOut.Source source,
      String account,
      String signature,
      String words,
      Instant at) {
    Instant now = business.instant();
    Instant when = at.isAfter(now) ? now : at;
    // The phone first, as an erasure locks them.
    members.refusedByPhone(
        tx, tenant, phoneHash, source == SmsOptOut.Source.REPLY ? "短信回复退订" : "短信服务商黑名单", when, now);
    table.put(
        tx,
        tenant,
        phoneHash,
        new SmsOptOut(when, source, account, cut(signature, 64), Optional.of(cut(words, 500))));
  }

  /** Part of the proof, not worth losing the opt-out for. */
  private String signature(String account) {
    try {
      return accounts
          .find(account)
          .map(DealerAccount::account)
          .flatMap((Account one) -> one.capability(SmsAccount.class))
          .map(SmsAccount::signature)
          .orElse("");
    } catch (LaokeException source) {
      return "";
    }
  }

  private static String cut(String text, int most) {
    return Check.mended(text.substring(0, Math.min(most, text.length())));
  }
}
