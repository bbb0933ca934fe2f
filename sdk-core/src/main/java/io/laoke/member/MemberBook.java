package io.laoke.member;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Members as the floors above use them, inside a transaction that is under way. */
@Internal
public interface MemberBook {
  /**
   * The member that a buyer is: the customer number's unless it is declared walk-in; else the
   * phone's unless it is the shop's own or shared; else nobody. Makes the member when it is new,
   * and adds a name that was missing. Two transactions that meet end with one member.
   *
   * <p>Beside a customer number, a free phone becomes the member's. A phone that belongs to a
   * member without a customer number brings a <em>new</em> number to that member; if the number is
   * not new, or that member has another one, both stay, and {@link #suspectSame} notes the pair. A
   * phone that is given with its third name is shared from then on, this call included: it
   * identifies nobody, and is nobody's unless it was before. Names are compared without blanks and
   * case.
   *
   * <p>Locks the identities that it writes, the customer number before the phone, and no member but
   * one that it changes.
   *
   * @param customerNo the ERP's number of the customer
   * @param name as the ERP gave it; also counts the names that a phone was seen with
   * @param phone as the ERP gave it
   * @param now business time
   * @throws io.laoke.error.InvalidInputException if the phone is none, field {@code buyer.phone}
   */
  OptionalLong identify(
      Tx tx,
      Tenant tenant,
      Optional<String> customerNo,
      Optional<String> name,
      Optional<String> phone,
      Instant now);

  /** Locks the rows of these members until the transaction ends, in the order of their ids. */
  void lock(Tx tx, Tenant tenant, Collection<Long> memberIds);

  /** The lookup hash of an openid of an account: the recipient's name everywhere in the tables. */
  String openidHash(Tenant tenant, String account, String openid);

  /**
   * Reads, and locks, what is known of an openid. Creates the identity if it is new, without a
   * member; two transactions that meet end with one identity. Keeps the openid's value, unless it
   * is known to have unfollowed: then only a later follow brings the value back, so tell {@link
   * #follows} of a scan by a follower first.
   */
  OpenidIdentity openid(Tx tx, Tenant tenant, String account, String openid, Instant now);

  /** What is known of an openid, by its hash; neither locked nor created. */
  Optional<OpenidIdentity> openid(Tx tx, Tenant tenant, String account, String openidHash);

  /**
   * Joins an openid that has no member to one. Harmless if it has that member already.
   *
   * @return false if it has got another member meanwhile
   */
  boolean attach(Tx tx, Tenant tenant, OpenidIdentity openid, long memberId, Instant now);

  /** Takes an openid away from a member again. Harmless if it is not, or no longer, theirs. */
  void detach(Tx tx, Tenant tenant, String account, String openidHash, long memberId);

  /**
   * Makes a member that is known by this openid alone. If the openid has got a member meanwhile, it
   * is that one.
   *
   * @param source FOLLOW or SCAN
   */
  long newMember(Tx tx, Tenant tenant, OpenidIdentity openid, String source, Instant now);

  /** The openids of a member in an account that follow it and whose value is known. */
  List<OpenidIdentity> openidsOf(Tx tx, Tenant tenant, long memberId, String account);

  /** Whether the member has any openid in an account, whether it follows or not. */
  boolean hasOpenid(Tx tx, Tenant tenant, long memberId, String account);

  /**
   * Whether the member is known by a customer number that is not walk-in, or by a phone that is not
   * shared.
   */
  boolean known(Tx tx, Tenant tenant, long memberId);

  /** Whether a phone, by its lookup hash, was seen with so many names that it identifies nobody. */
  boolean sharedPhone(Tx tx, Tenant tenant, String phoneHash);

  /** Whether the openid belongs to staff of the dealer; staff never bind as customers. */
  boolean staff(Tx tx, Tenant tenant, String account, String openidHash);

  /**
   * Notes that two members may be one person, for {@code members().duplicates()}. The first reason
   * of a pair stays.
   *
   * @param why one word of at most 32 characters, such as PHONE or SCAN
   */
  void suspectSame(Tx tx, Tenant tenant, long one, long other, String why, Instant now);

  /**
   * Notes a follow or an unfollow. An unfollow takes the openid's value away; a later fact than the
   * recorded one wins, whatever order they come in. Of a follow and an unfollow at the same time
   * (WeChat tells whole seconds) the follow wins.
   *
   * @return whether this was newer than what was recorded
   */
  boolean follows(Tx tx, Tenant tenant, String account, String openid, boolean follows, Instant at);

  /**
   * An openid as it is known.
   *
   * @param account the account's key
   * @param hash its lookup hash
   * @param memberId its member, if it has one
   * @param follows whether it follows, as far as is known
   * @param reachable whether its value is known, so that it can be written to
   */
  record OpenidIdentity(
      String account, String hash, OptionalLong memberId, boolean follows, boolean reachable) {}
}
