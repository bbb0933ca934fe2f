package io.laoke.reminder;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook;
import io.laoke.member.MemberBook.OpenidIdentity;
import io.laoke.message.Decision;
import io.laoke.message.Decisions;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * For whom customers answer: whoever was told answers for their own dates alone, wherever these
 * are. A task may have come to concern somebody else since, as when two members were merged and are
 * two again.
 */
final class Addressees {
  private final MemberBook members;
  private final Decisions decisions;

  Addressees(MemberBook members, Decisions decisions) {
    this.members = members;
    this.decisions = decisions;
  }

  /**
   * The task about which whoever was told by a contact answers: that of the contact as long as it
   * concerns them and has dates, else the one that they have answered by it, else the one that is
   * open for them.
   *
   * @param made for whom staff made the link where no message went out, if it is one
   * @param of the contact's task
   * @return empty if that is another's by now, and none is open for them
   */
  OptionalLong task(
      Tx tx, Tenant tenant, ContactTable.Contact contact, OptionalLong made, TaskRow of) {
    if (of.memberId == null) {
      return OptionalLong.of(of.id); // no message ever goes to a household
    }
    long concerned = members.survivor(tx, tenant, of.memberId);
    OptionalLong sent = told(tx, tenant, contact);
    OptionalLong found = sent.isPresent() ? sent : made;
    long told = found.isPresent() ? members.survivor(tx, tenant, found.getAsLong()) : concerned;
    boolean theirs = told == concerned;
    if (theirs && dated(tx, tenant, of)) {
      return OptionalLong.of(of.id);
    }
    // An openid or phone that has merely changed hands since does not take what it was told along.
    boolean along = theirs || of.state.live() || Ladder.MOVED.equals(contact.why());
    Optional<Long> elsewhere =
        along
            ? answered(tx, tenant, contact, told)
                .or(() -> WorkTable.openOf(tx, tenant, Planner.party(told)))
            : Optional.empty();
    if (elsewhere.isPresent()) {
      return OptionalLong.of(elsewhere.get());
    }
    return theirs || !dated(tx, tenant, of) ? OptionalLong.of(of.id) : OptionalLong.empty();
  }

  /** For whom a link is that staff make now, where no message of the contact says that. */
  OptionalLong unsaid(Tx tx, Tenant tenant, ContactTable.Contact contact, TaskRow of) {
    return of.memberId == null || told(tx, tenant, contact).isPresent()
        ? OptionalLong.empty()
        : OptionalLong.of(members.survivor(tx, tenant, of.memberId));
  }

  /** The task that is theirs and about which the contact was answered. */
  private Optional<Long> answered(Tx tx, Tenant tenant, ContactTable.Contact contact, long member) {
    return AnswerTable.taskOf(tx, tenant, contact.id())
        .flatMap(task -> WorkTable.find(tx, tenant, task))
        .filter(row -> concerns(tx, tenant, row, member) && dated(tx, tenant, row))
        .map(row -> row.id);
  }

  private boolean concerns(Tx tx, Tenant tenant, TaskRow row, long member) {
    return row.memberId != null && members.survivor(tx, tenant, row.memberId) == member;
  }

  /** Not if all its dates went to others. */
  private static boolean dated(Tx tx, Tenant tenant, TaskRow row) {
    return row.state.live() || !WorkTable.items(tx, tenant, Set.of(row.id), false).isEmpty();
  }

  /** Whose openid or phone it is now to which the contact's message went, as far as is known. */
  private OptionalLong told(Tx tx, Tenant tenant, ContactTable.Contact contact) {
    if (contact.step() == ContactStep.CALL) {
      return OptionalLong.empty();
    }
    return decisions.about(tx, tenant, CareRule.CAUSE, Set.of(contact.id())).stream()
        .filter(one -> !one.recipient().isEmpty())
        .map(one -> owner(tx, tenant, contact, one))
        .filter(OptionalLong::isPresent)
        .findFirst()
        .orElseGet(OptionalLong::empty);
  }

  private OptionalLong owner(
      Tx tx, Tenant tenant, ContactTable.Contact contact, Decision decision) {
    return contact.step() == ContactStep.SMS
        ? members.byPhone(tx, tenant, decision.recipient())
        : members
            .openid(tx, tenant, decision.account(), decision.recipient())
            .map(OpenidIdentity::memberId)
            .orElseGet(OptionalLong::empty);
  }
}
