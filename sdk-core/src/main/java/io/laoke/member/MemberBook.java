package io.laoke.member;

import io.laoke.base.Internal;
import io.laoke.base.Phone;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Purpose;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
   * <p>Locks the identities that it writes, the customer number before the phone, and before them
   * the members that these are of; nothing if it writes no identity.
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

  /**
   * Asks what is known of a buyer, so that it is read together with what else waits; {@link
   * Tx#settle} comes before the answer is used. A phone that is none is told by {@link #whoBuys}.
   */
  AskedBuyer ask(
      Tx tx,
      Tenant tenant,
      Optional<String> customerNo,
      Optional<String> name,
      Optional<String> phone);

  /**
   * Whether {@link #whoBuys} would lock nothing for this buyer: who it is, if anybody, is known
   * already by all that is given.
   */
  boolean locksNothing(Tenant tenant, AskedBuyer buyer);

  /**
   * As {@link #identify}, and says whether the buyer is a person that was erased: the number is a
   * tombstone, or the phone is and the number leads to no member yet. Then nothing is written, and
   * nothing that names them may be.
   *
   * @param buyer who was asked for in this transaction, and nothing written of them since
   * @param holder who else is going to be locked if the buyer turns out to be another: members are
   *     locked together, in their order
   */
  Known whoBuys(Tx tx, Tenant tenant, AskedBuyer buyer, OptionalLong holder, Instant now);

  /**
   * Those of these customer numbers that are tombstones. All that there are stay locked: who is
   * erased meanwhile is erased after this transaction, and with what it has written of them.
   */
  Set<String> erasedNumbers(Tx tx, Tenant tenant, Collection<String> customerNos);

  /**
   * Those of these customer numbers and phones that are tombstones.
   *
   * @param locking whether all that there are stay locked, as by {@link #erasedNumbers}
   */
  Tombstones tombstones(
      Tx tx,
      Tenant tenant,
      Collection<String> customerNos,
      Collection<Phone> phones,
      boolean locking);

  /** Customer numbers and phones of people who were erased. */
  record Tombstones(Set<String> customerNos, Set<Phone> phones) {}

  /**
   * Who a buyer is.
   *
   * @param withoutPhone whether the phone is a tombstone, of somebody else: it must not be recorded
   */
  record Known(OptionalLong member, boolean erased, boolean withoutPhone) {
    /** Somebody, or nobody. */
    public static Known as(OptionalLong member) {
      return new Known(member, false, false);
    }
  }

  /**
   * Members that were noted to be perhaps one of these.
   *
   * @param locked whether these are locked, and the answer is to be what is committed now
   */
  Set<Long> suspects(Tx tx, Tenant tenant, Collection<Long> memberIds, boolean locked);

  /**
   * The member that a number, else a phone, identifies now; nothing is written. For facts that were
   * recorded before.
   */
  OptionalLong whose(Tx tx, Tenant tenant, Optional<String> customerNo, Optional<String> phone);

  /**
   * Locks the rows of these members until the transaction ends, in the order of their ids.
   *
   * @throws io.laoke.error.StoreException to be repeated, if one was merged into another since its
   *     id was read
   */
  void lock(Tx tx, Tenant tenant, Collection<Long> memberIds);

  /**
   * The same for members whose ids were read from identities that are not locked, and to whom
   * something is about to be given.
   *
   * @param receiving those of them that must not have been erased either
   */
  void lock(Tx tx, Tenant tenant, Collection<Long> memberIds, Collection<Long> receiving);

  /**
   * The same for one member that bought more, which it repeats of its consumption file: locks the
   * row and adds to it; may wait as {@link Tx#later} does.
   *
   * @param told as what a failure is told; null for as it is
   */
  void lockAndAdd(
      Tx tx,
      Tenant tenant,
      long memberId,
      boolean receiving,
      Bought more,
      Function<SQLException, @Nullable RuntimeException> told);

  /**
   * What a member has bought in all, as its consumption file says.
   *
   * @param quantity net of returns
   * @param netFen net of returns
   */
  record Bought(
      long orders, long lines, BigDecimal quantity, long netFen, long firstMs, long lastMs) {}

  /** The same without caring what became of them. */
  void lockAny(Tx tx, Tenant tenant, Collection<Long> memberIds);

  /** The member that goes on where this one was merged; itself if it was not. */
  long survivor(Tx tx, Tenant tenant, long memberId);

  /**
   * The same of each of these; a query for each 500, and for each time that one of them was merged
   * onwards.
   */
  Map<Long, Long> survivors(Tx tx, Tenant tenant, Collection<Long> memberIds);

  /** Whether the member is only the pseudonym of a person that was erased. */
  boolean erased(Tx tx, Tenant tenant, long memberId);

  /** Whether the openid is that of a person that was erased: nothing is recorded of them. */
  boolean erased(Tx tx, Tenant tenant, String account, String openidHash);

  /**
   * Whether the member is known by nothing but openids. If it has no orders either, an {@link
   * #attach} may make it one with another member.
   */
  boolean bare(Tx tx, Tenant tenant, long memberId);

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
   * Joins an openid that has no member to one. Harmless if it has that member already. If its
   * member is {@link #bare}, the two become one; the caller has locked both, and knows that the
   * bare one has no orders.
   *
   * @return false if it has got another member meanwhile
   */
  boolean attach(Tx tx, Tenant tenant, OpenidIdentity openid, long memberId, Instant now);

  /**
   * Takes an openid away from a member again. Harmless if it is not, or no longer, theirs. If it
   * came by {@link #attach} with a bare member, that one has it again.
   */
  void detach(Tx tx, Tenant tenant, String account, String openidHash, long memberId, Instant now);

  /** A follower is a member: makes one of an openid that has none, unless it is staff's. */
  void follower(Tx tx, Tenant tenant, String account, String openid, Instant now);

  /**
   * Makes a member that is known by this openid alone. If the openid has got a member meanwhile, it
   * is that one.
   *
   * @param source FOLLOW or SCAN
   */
  long newMember(Tx tx, Tenant tenant, OpenidIdentity openid, String source, Instant now);

  /** The openids of a member in an account that follow it and whose value is known. */
  List<OpenidIdentity> openidsOf(Tx tx, Tenant tenant, long memberId, String account);

  /**
   * The same in any account, once what waits is done, which may be at once; what hears them may ask
   * further.
   */
  void openidsLater(Tx tx, Tenant tenant, long memberId, Consumer<List<OpenidIdentity>> found);

  /**
   * The openids of these members, in any account, that follow it and whose value is known; by
   * member, those first that are known longest. A query for each 500.
   */
  Map<Long, List<OpenidIdentity>> openidsOf(Tx tx, Tenant tenant, Collection<Long> memberIds);

  /**
   * The openids of these members, in any account, whose value is known, whether they follow or not;
   * by member. A query for each 500.
   */
  Map<Long, List<OpenidIdentity>> reachableOpenids(
      Tx tx, Tenant tenant, Collection<Long> memberIds);

  /** Those of these members who refused messages of a purpose. A query for each 500. */
  Set<Long> refusing(Tx tx, Tenant tenant, Collection<Long> memberIds, Purpose purpose);

  /** Those of these members for whom messages of a purpose are paused. A query for each 500. */
  Set<Long> paused(Tx tx, Tenant tenant, Collection<Long> memberIds, Purpose purpose, Instant now);

  /** Whether the member has any openid in an account, whether it follows or not. */
  boolean hasOpenid(Tx tx, Tenant tenant, long memberId, String account);

  /**
   * Those of these members that have any openid, whether it follows or not. A query for each 500.
   */
  Set<Long> withOpenid(Tx tx, Tenant tenant, Collection<Long> memberIds);

  /**
   * Whether the member is known by a customer number that is not walk-in, or by a phone that is not
   * shared.
   */
  boolean known(Tx tx, Tenant tenant, long memberId);

  /** Whether a phone, by its lookup hash, was seen with so many names that it identifies nobody. */
  boolean sharedPhone(Tx tx, Tenant tenant, String phoneHash);

  /** The member that alone is known by a phone, by its lookup hash. One query. */
  OptionalLong byPhone(Tx tx, Tenant tenant, String phoneHash);

  /**
   * By member, the lookup hash of a mobile number by which it alone is known, the first that became
   * known; for text messages. Without those that have none. A query for each 500.
   */
  Map<Long, String> mobilesOf(Tx tx, Tenant tenant, Collection<Long> memberIds);

  /**
   * The owner of a phone refuses marketing: notes it of the member whose phone it is alone, if
   * there is one. Repeating the call changes nothing. Locks the phone's identity.
   *
   * @param source where it was said, as in {@link Consent}
   * @param at when it was said
   */
  void refusedByPhone(
      Tx tx, Tenant tenant, String phoneHash, String source, Instant at, Instant now);

  /**
   * Somebody refuses marketing, or agrees to it, by an openid: notes it of the openid's member. Who
   * has none yet follows and gets one, unless it is staff's. Repeating the call changes nothing.
   * Locks the member, then the openid's identity.
   *
   * @param said what, and when; if that lies ahead, it is said now
   * @return whether marketing is agreed to now, as the newest says; empty for staff who have no
   *     member, of whom nothing is noted
   */
  Optional<Boolean> says(
      Tx tx, Tenant tenant, String account, String openid, Consent said, Instant now);

  /**
   * Those of these phones whose member has agreed to marketing later than that. Two queries.
   *
   * @param since by the phone's lookup hash
   */
  Set<String> consentedSince(Tx tx, Tenant tenant, Map<String, Instant> since);

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
