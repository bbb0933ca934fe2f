package io.laoke.member;

import io.laoke.base.Upserted;
import java.util.List;
import java.util.Optional;

/**
 * One dealer's members. Safe for use by many threads; joins the host's transaction where there is
 * one. Orders make members by themselves: the ERP puts only what orders do not say.
 *
 * <p>A customer number leads to one member for ever. A phone leads to the member that it was first
 * seen with, until it has been seen with three different names: then it is shared, identifies
 * nobody from then on, and the member keeps what it has. The shop's own phones never identify.
 */
public interface Members {
  /** The member of a customer number; none for a walk-in number. */
  Optional<Member> find(String customerNo);

  /** The member that a phone identifies; none if it is shared or the shop's own. */
  Optional<Member> byPhone(String phone);

  /** The member of an openid of an account, following or not. */
  Optional<Member> byOpenid(String account, String openid);

  /** The member of that id. */
  Optional<Member> get(long id);

  /**
   * Members by id.
   *
   * @param afterId the last id of the page before, 0 for the first page
   * @param limit at most 1,000
   */
  List<Member> page(long afterId, int limit);

  /**
   * Puts a customer. May be repeated: the same content changes no row. Phones are added, none is
   * taken away. A new customer number takes the member that one of the phones identifies, if that
   * has no number; a phone of any other member stays there, and the pair is noted in {@link
   * #duplicates}.
   *
   * @throws io.laoke.error.ConflictException if the number is declared walk-in
   */
  Upserted put(MemberProfile profile);

  /**
   * Takes a phone from the member of this customer number, such as one that was written down wrong.
   * It identifies whoever it is seen with next.
   *
   * @return whether it was theirs
   */
  boolean releasePhone(String customerNo, String phone);

  /**
   * Declares that a customer number stands for anybody who walks in 散客: it identifies nobody from
   * then on. A member that it made before keeps its orders.
   *
   * @return whether this was new
   */
  boolean declareWalkIn(String customerNo);

  /**
   * Takes back what {@link #declareWalkIn} declared. A member that the number had before has it
   * again.
   *
   * @return whether it was declared
   */
  boolean withdrawWalkIn(String customerNo);

  /** The declared walk-in numbers. */
  List<String> walkIns();

  /**
   * Pairs of members that may be one person; Laoke never merges them by itself.
   *
   * @param afterId the last id of the page before, 0 for the first page
   * @param limit at most 1,000
   */
  List<Duplicate> duplicates(long afterId, int limit);

  /** By what a member is known, in the order in which it was seen. */
  List<Identity> identities(long memberId);

  /** Whether an openid follows, as far as Laoke was told. */
  Optional<Identity.Follower> follower(String account, String openid);
}
