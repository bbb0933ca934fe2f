package io.laoke.notice;

import io.laoke.binding.BindingBook;
import io.laoke.binding.BindingBook.OrderRecipient;
import io.laoke.binding.RecipientState;
import io.laoke.binding.StageCause;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.GateRule;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Stops notices to who does not receive them any more, or was told already. */
final class RecipientRule implements GateRule {
  private static final Reason UNBOUND =
      new Reason("UNBOUND", "The recipient does not belong to the order any more.", "", "");
  static final Reason STOPPED =
      new Reason("NOTICES_STOPPED", "The recipient wants no notices of this order.", "", "");
  private static final Reason TOLD =
      new Reason(
          "TOLD_IN_REPLY",
          "The immediate reply to a scan told this stage while the notice waited.",
          "",
          "");

  private final BindingBook bindings;

  RecipientRule(BindingBook bindings) {
    this.bindings = bindings;
  }

  private record Key(long orderId, String account, String openidHash) {}

  @Override
  public List<Verdict> judge(Tx tx, Tenant tenant, Instant now, List<Candidate> messages) {
    Set<Long> orders =
        messages.stream()
            .filter(RecipientRule::concerned)
            .map(Candidate::orderId)
            .collect(Collectors.toSet());
    Map<Key, OrderRecipient> recipients = new HashMap<>();
    bindings
        .all(tx, tenant, orders)
        .forEach(
            one -> recipients.put(new Key(one.orderId(), one.account(), one.openidHash()), one));
    return messages.stream().map(message -> verdict(message, recipients)).toList();
  }

  private static boolean concerned(Candidate message) {
    return message.purpose() == Purpose.ORDER && StageCause.is(message.causeKind());
  }

  private static Verdict verdict(Candidate message, Map<Key, OrderRecipient> recipients) {
    if (!concerned(message)) {
      return Verdict.pass();
    }
    OrderRecipient recipient =
        recipients.get(new Key(message.orderId(), message.account(), message.openidHash()));
    // The only notice that is written for somebody who has not confirmed is the one that asks.
    if (recipient == null || recipient.state() == RecipientState.UNBOUND) {
      return new Verdict.Stop(UNBOUND);
    }
    if (recipient.state() == RecipientState.STOPPED) {
      return new Verdict.Stop(STOPPED);
    }
    boolean told =
        recipient.toldStageId() == message.causeId()
            && StageCause.kind(recipient.toldRevision()).equals(message.causeKind());
    return told ? new Verdict.Stop(TOLD) : Verdict.pass();
  }
}
