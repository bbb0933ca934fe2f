package io.laoke.examples.shell;

import io.laoke.member.Member;
import io.laoke.member.Members;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Members by ascending ids. Pages are read ahead, the longer the more of their members were asked
 * for, so that neither many nor few among others cost a statement each or rows in vain.
 */
final class MembersAhead {
  private static final int MOST = 1_000;

  private final Members members;
  private final Deque<Member> page = new ArrayDeque<>();
  private int size = 1;
  private int read;
  private int used;

  MembersAhead(Members members) {
    this.members = members;
  }

  /** The member of an id that is greater than the last one; none if there is no such member now. */
  Optional<Member> get(long id) {
    drop(id);
    if (page.isEmpty()) {
      size = used * 2 >= read ? Math.min(MOST, size * 2) : Math.max(1, size / 2);
      page.addAll(members.page(id - 1, size));
      read = page.size();
      used = 0;
    }
    Member found = page.peek();
    if (found == null || found.id() != id) {
      return Optional.empty();
    }
    used++;
    return Optional.of(page.remove());
  }

  private void drop(long id) {
    while (!page.isEmpty() && page.element().id() < id) {
      page.remove();
    }
  }
}
