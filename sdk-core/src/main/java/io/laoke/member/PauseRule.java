package io.laoke.member;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.GateRule;
import io.laoke.message.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds back what staff have paused, such as for a complaint: until the pause ends, or for good if
 * nobody knows when that is. Notices of an order are none of its business.
 */
final class PauseRule implements GateRule {
  static final Reason PAUSED =
      new Reason(
          "PAUSED",
          "Messages of this purpose to the person are paused.",
          "See members().pauses(…) for why; close the complaint, or resume, once it is settled.",
          "该客户的此类消息已暂停（如有未结投诉），请在事情处理完毕后关闭投诉或恢复发送。");

  /** So long a message may wait on after somebody has ended the pause early. */
  private static final Duration ASKED_AGAIN = Duration.ofHours(1);

  private final StoredMemberBook book;

  PauseRule(StoredMemberBook book) {
    this.book = book;
  }

  @Override
  public List<Verdict> judge(Tx tx, Tenant tenant, Instant now, List<Candidate> messages) {
    Map<String, IdentityTable.Row> identities = ConsentRule.identities(book, tx, tenant, messages);
    Set<Long> members = new TreeSet<>();
    identities.values().forEach(row -> row.member().ifPresent(members::add));
    Map<Long, List<PauseTable.Row>> pauses =
        book.merger.pauses.of(tx, tenant, members).stream()
            .filter(row -> row.holdsAt(now))
            .collect(Collectors.groupingBy(PauseTable.Row::member));
    return messages.stream()
        .map(message -> verdict(message, identities.get(message.openidHash()), pauses, now))
        .toList();
  }

  private static Verdict verdict(
      Candidate message,
      IdentityTable.@Nullable Row identity,
      Map<Long, List<PauseTable.Row>> pauses,
      Instant now) {
    if (!ConsentRule.concerned(message) || identity == null || identity.member().isEmpty()) {
      return Verdict.pass();
    }
    List<PauseTable.Row> theirs =
        pauses.getOrDefault(identity.member().getAsLong(), List.of()).stream()
            .filter(row -> row.purpose() == message.purpose())
            .toList();
    if (theirs.isEmpty()) {
      return Verdict.pass();
    }
    Instant end = now;
    for (PauseTable.Row pause : theirs) {
      Instant until = pause.until();
      if (until == null) {
        return new Verdict.Stop(PAUSED);
      }
      end = until.isAfter(end) ? until : end;
    }
    Instant again = now.plus(ASKED_AGAIN);
    return new Verdict.Defer(end.isBefore(again) ? end : again, PAUSED);
  }
}
