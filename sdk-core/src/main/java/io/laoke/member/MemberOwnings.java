package io.laoke.member;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.Set;

/** SPI: what belongs to members on the floors above, and moves with them. */
@Internal
public interface MemberOwnings {
  /**
   * What a member has.
   *
   * @param orders by Laoke's own numbers
   * @param notes return notes that name the member themselves
   */
  record Owned(Set<Long> orders, Set<Long> notes) {
    /** Nothing. */
    public static Owned nothing() {
      return new Owned(Set.of(), Set.of());
    }
  }

  /** What went back. */
  record Back(int orders, int followed, int stayed) {}

  /**
   * What the member has, locked in the order of ids, notes before orders; before any member is
   * locked. What comes to it meanwhile is not locked: whoever has locked the member by then asks
   * {@link #now} whether anything did.
   */
  Owned lock(Tx tx, Tenant tenant, long memberId);

  /** What the member has by now. */
  Owned now(Tx tx, Tenant tenant, long memberId);

  /**
   * What a locked member has, as far as this transaction shows it, and without a lock on that: to
   * be written down, not to be acted upon.
   */
  Owned had(Tx tx, Tenant tenant, long memberId);

  /** Moves all from one member to another; both are locked, and so is what moves. */
  void move(Tx tx, Tenant tenant, Owned all, long from, long to, Instant now);

  /**
   * Moves back what a merge had moved, and what came after it and belongs to identities of that
   * member; the identities have moved already.
   *
   * @param brought what the merge had moved
   * @param had what the survivor had before the merge, and keeps
   */
  Back moveBack(Tx tx, Tenant tenant, Owned brought, Owned had, long from, long to, Instant now);
}
