package io.laoke.sms;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook;
import io.laoke.message.Account;
import io.laoke.message.Accounts;
import io.laoke.message.ChannelKind;
import io.laoke.message.DealerAccount;
import io.laoke.message.GateRule;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.StaffCause;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Stops promotions by text message to numbers whose owners refuse them, and lets promotions and
 * service reminders wait for their hours. Those to the dealer's own staff leave at the dealer's
 * hour.
 */
final class SmsRule implements GateRule {
  private static final Reason OPTED_OUT =
      new Reason(
          "SMS_OPT_OUT",
          "The owner of the number refuses promotions by text message.",
          "Respect it. See sms().optOut(…) for the proof; a newer consent of theirs lets promotions pass.",
          "该号码已退订推广短信，请尊重其选择；如客户再次同意，请先登记。");
  private static final Reason HOURS =
      new Reason(
          "SMS_HOURS",
          "Text messages of this purpose are not sent at this hour; it waits.",
          "",
          "");

  private final OptOutTable optOuts;
  private final MemberBook members;
  private final Accounts accounts;

  SmsRule(OptOutTable optOuts, MemberBook members, Accounts accounts) {
    this.optOuts = optOuts;
    this.members = members;
    this.accounts = accounts;
  }

  @Override
  public List<Verdict> judge(Tx tx, Tenant tenant, Instant now, List<Candidate> messages) {
    Set<String> refusing = refusing(tx, tenant, messages);
    Map<String, SmsHours> hours = new HashMap<>();
    return messages.stream()
        .map(
            message ->
                message.channel() == ChannelKind.SMS
                    ? verdict(tenant, now, message, refusing, hours)
                    : Verdict.pass())
        .toList();
  }

  private Set<String> refusing(Tx tx, Tenant tenant, List<Candidate> messages) {
    Set<String> phones = new HashSet<>();
    messages.stream().filter(SmsRule::promotion).forEach(one -> phones.add(one.openidHash()));
    if (phones.isEmpty()) {
      return Set.of();
    }
    Map<String, Instant> times = optOuts.times(tx, tenant, phones);
    if (times.isEmpty()) {
      return Set.of();
    }
    Set<String> refusing = new HashSet<>(times.keySet());
    refusing.removeAll(members.consentedSince(tx, tenant, times));
    return refusing;
  }

  private static boolean promotion(Candidate message) {
    return message.channel() == ChannelKind.SMS && message.purpose() == Purpose.MARKETING;
  }

  private Verdict verdict(
      Tenant tenant,
      Instant now,
      Candidate message,
      Set<String> refusing,
      Map<String, SmsHours> known) {
    if (promotion(message) && refusing.contains(message.openidHash())) {
      return new Verdict.Stop(OPTED_OUT);
    }
    SmsHours hours = known.computeIfAbsent(message.account(), this::hours);
    Optional<Instant> begin =
        switch (message.purpose()) {
          case MARKETING -> hours.promotionsWait(now, tenant.zone());
          case CARE ->
              message.wanted() || StaffCause.is(message.causeKind())
                  ? Optional.empty()
                  : hours.careWaits(now, tenant.zone());
          case ORDER -> Optional.empty();
        };
    return begin.<Verdict>map(until -> new Verdict.Defer(until, HOURS)).orElseGet(Verdict::pass);
  }

  private SmsHours hours(String account) {
    return accounts
        .find(account)
        .map(DealerAccount::account)
        .flatMap((Account one) -> one.capability(SmsHours.class))
        .orElseGet(SmsHours::standard);
  }
}
