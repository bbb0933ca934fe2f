package io.laoke.member;

import io.laoke.base.Upserted;
import io.laoke.message.ChannelKind;
import io.laoke.message.Purpose;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One dealer's members. Safe for use by many threads; joins the host's transaction where there is
 * one. Orders make members by themselves: the ERP puts only what orders do not say.
 *
 * <p>A customer number leads to one member for ever. A phone leads to the member that it was first
 * seen with, until it has been seen with three different names: then it is shared, identifies
 * nobody from then on, and the member keeps what it has. The shop's own phones never identify.
 */
public interface Members {
  /**
   * The key of a menu entry of type click that refuses marketing, as the texts of {@link
   * ConsentWords} do: at once, for every channel, recorded with the time of the click, and
   * answered.
   */
  String REFUSE_MENU_KEY = "lk1_refuse";

  /** The key of a menu entry of type click that agrees to marketing. */
  String AGREE_MENU_KEY = "lk1_agree";

  /** The member of a customer number; none for a walk-in number. */
  Optional<Member> find(String customerNo);

  /** The member that a phone identifies; none if it is shared or the shop's own. */
  Optional<Member> byPhone(String phone);

  /** The member of an openid of an account, following or not. */
  Optional<Member> byOpenid(String account, String openid);

  /**
   * The member of that id. The id of a member that was merged into another answers with that one;
   * the pseudonym of a person that was erased answers with nobody.
   */
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
   * #duplicates}. A customer that was erased is left alone: UNCHANGED.
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
   * then on. A member that it made before keeps its orders. A number whose person was erased stays
   * that of nobody.
   *
   * @return whether this was new; false of such a number, too
   */
  boolean declareWalkIn(String customerNo);

  /**
   * Takes back what {@link #declareWalkIn} declared. A member that the number had before has it
   * again.
   *
   * @return whether it was declared
   */
  boolean withdrawWalkIn(String customerNo);

  /**
   * Where recorded members came from, at most 1,000 words in the database's order. Costs a look-up
   * by index for each.
   */
  List<String> sources();

  /** The declared walk-in numbers. */
  List<String> walkIns();

  /**
   * Pairs of members that may be one person; Laoke never merges them by itself. A pair that was
   * merged or dismissed is not among them and does not come back; of a member that was merged, the
   * survivor is shown.
   *
   * @param afterId the last id of the page before, 0 for the first page
   * @param limit at most 1,000
   */
  List<Duplicate> duplicates(long afterId, int limit);

  /**
   * Settles that the two of a pair are different people.
   *
   * @param duplicateId {@link Duplicate#id}
   * @param by who says so, at most 64 characters
   * @return whether it was open
   * @throws io.laoke.error.NotFoundException if there is no such pair
   */
  boolean dismissDuplicate(long duplicateId, String by);

  /**
   * Makes two members one. Orders, returns, identities, events, remarks, pauses, and what the
   * survivor lacks of the profile, the attributes, the tags and the consents go over; of two
   * consents for one purpose the newer counts. Recipients of orders stay who they are. Both ids
   * answer with the survivor from then on. Repeating is harmless. Costs a few statements, and a few
   * more for each order of the member that ends.
   *
   * <p>Locks the orders and return notes of the member that ends, then both members; races with
   * facts about them are repeated, or told as {@code retryable()} inside a transaction of the host.
   *
   * @param keepId the member that goes on
   * @param awayId the member that ends
   * @param by who does it, at most 64 characters
   * @param why why, at most 200 characters; sealed
   * @return the merge, which {@link #split} takes back; the earlier one where they are one already
   * @throws io.laoke.error.NotFoundException if there is no such member, or its person was erased
   * @throws io.laoke.error.InvalidInputException if both are the same id
   */
  Merge merge(long keepId, long awayId, String by, String why);

  /**
   * Takes a merge back. The member that had ended has again what the merge had moved and the
   * survivor still has. Orders and returns that came after it go along if their buyer, or the
   * openid that claimed them, is known by an identity that goes back, and events if the customer
   * number does that they were told of; all else that came after stays, but a refusal or a pause
   * that came after holds for both. Identities, profile, attributes and tags go back as they were
   * when they came. The pair does not come back among {@link #duplicates}. Repeating is harmless
   * and gives the same answer.
   *
   * @param mergeId {@link Merge#id}
   * @param by who does it, at most 64 characters
   * @param why why, at most 200 characters; sealed
   * @throws io.laoke.error.NotFoundException if there is no such merge
   * @throws io.laoke.error.ConflictException if the survivor was merged into another member since
   *     (split that first), or the person was erased
   */
  Merge split(long mergeId, String by, String why);

  /** The merges that a member took part in, oldest first, those that were split included. */
  List<Merge> merges(long memberId);

  /**
   * Records a consent or a refusal. Repeating changes nothing; the history stays.
   *
   * @return whether it was new
   * @throws io.laoke.error.InvalidInputException if a consent says no {@code textVersion}, or lies
   *     more than five minutes ahead of business time: until then no refusal would count
   * @throws io.laoke.error.NotFoundException if there is no such member, or its person was erased
   */
  boolean consent(long memberId, Consent consent);

  /** What a member agreed to and refused, oldest first. */
  List<Consent> consents(long memberId);

  /**
   * Whether the gate would let a message of this purpose pass now. ORDER always: it is part of the
   * contract. The others not while they are paused. CARE unless it was refused. MARKETING if it was
   * agreed to; where nothing was said and the dealer takes following as a consent, over WeChat to
   * whom follows an account.
   */
  boolean allows(long memberId, Purpose purpose, ChannelKind channel);

  /**
   * What the dealer noted of a member by {@link MemberProfile#attributes} or the call below, by
   * name.
   */
  Map<String, Attribute> attributes(long memberId);

  /**
   * Notes attributes of a member; what is not named stays as it is. Repeating changes nothing.
   *
   * @param attributes at most 50, under names of at most 64 characters; {@link Attribute#nothing}
   *     takes one away
   * @return whether any changed
   * @throws io.laoke.error.InvalidInputException if one is not of the type that is declared for it
   * @throws io.laoke.error.NotFoundException if there is no such member, or its person was erased
   */
  boolean attributes(long memberId, Map<String, Attribute> attributes);

  /**
   * Gives a member a tag: a word that staff sort members by. Repeating changes nothing.
   *
   * @param tag at most 64 characters, compared with case; nothing personal, since it is not sealed
   * @param by who does it, at most 64 characters; so in all calls below
   * @return whether it was new
   * @throws io.laoke.error.NotFoundException if there is no such member, or its person was erased;
   *     so in all calls below that write
   * @throws io.laoke.error.ConflictException if the member has 100 tags already
   */
  boolean tag(long memberId, String tag, String by);

  /**
   * Takes a tag away.
   *
   * @return whether the member had it
   */
  boolean untag(long memberId, String tag, String by);

  /** A member's tags, in order. */
  List<MemberTag> tags(long memberId);

  /**
   * Notes a remark. The same words by the same person within five minutes are one remark, so that
   * the call may be repeated.
   *
   * @param text at most 400 characters, several lines if need be; sealed
   * @return the remark; the earlier one where it was a repeat
   * @throws io.laoke.error.ConflictException if 500 remarks of the member stand
   */
  Remark remark(long memberId, String text, String by);

  /**
   * Takes a remark back; its words are gone for good, that it was there is not. Repeating is
   * harmless.
   *
   * @param why why, at most 200 characters; sealed
   * @return whether the member had it
   */
  boolean takeBackRemark(long memberId, long remarkId, String why, String by);

  /** What was noted of a member and stands, the newest last. */
  List<Remark> remarks(long memberId);

  /**
   * Pauses messages of one purpose to a member: the gate holds them back with the reason PAUSED.
   * There is one such pause of a purpose: the call sets its end and reason anew. Repeating changes
   * nothing.
   *
   * @param purpose CARE or MARKETING: notices of an order are part of its contract
   * @param until business time at which it ends by itself; messages wait for that, as long as they
   *     are worth telling. Null if nobody knows: messages are stopped until {@link #resume}
   * @param reason why, at most 200 characters; sealed
   * @return CREATED if nothing had paused it so
   */
  Upserted pause(long memberId, Purpose purpose, @Nullable Instant until, String reason, String by);

  /**
   * Ends what {@link #pause} began. A message that waits for the pause to end leaves an hour later
   * at the latest. A complaint goes on pausing until it is closed. Repeating is harmless.
   *
   * @param why why, at most 200 characters; sealed
   * @return whether it was paused so
   */
  boolean resume(long memberId, Purpose purpose, String why, String by);

  /**
   * A complaint of the member was opened: CARE and MARKETING pause until it is closed, whatever
   * else is open or ends meanwhile. Repeating changes nothing. Opening one that was closed opens it
   * again, so calls about one complaint are to come in order.
   *
   * @param complaintNo the host's number of it, at most 64 characters
   * @param reason why, at most 200 characters; sealed
   * @return CREATED if it was not open
   */
  Upserted openComplaint(long memberId, String complaintNo, String reason, String by);

  /**
   * The complaint was closed. Repeating is harmless.
   *
   * @param why how it was settled, at most 200 characters; sealed
   * @return whether it was open
   */
  boolean closeComplaint(long memberId, String complaintNo, String why, String by);

  /** What pauses messages to a member now, the earliest first. */
  List<MemberPause> pauses(long memberId);

  /**
   * Who changed tags, remarks, pauses and complaints of a member, or of one that was merged into
   * it.
   *
   * @param afterId the last id of the page before, 0 for the first page
   * @param limit at most 1,000
   */
  List<AuditEntry> audit(long memberId, long afterId, int limit);

  /**
   * Everything that Laoke keeps of a person, as JSON: {@code {"version":1, "dealer":…,
   * "member":"…", "at":…, "tables":{"member":[{…}], "customer_order":[{…}], …},
   * "unreadable":["table.column"]}}. Each table of Laoke that has rows of the person is there under
   * its name without the prefix, each row with its columns, encrypted values opened, times as epoch
   * milliseconds, ids, numbers beyond 2^53 and decimals as text. Keyed hashes are left out. {@code
   * unreadable} names columns with values that no key opens.
   *
   * @throws io.laoke.error.NotFoundException if there is no such member, or its person was erased
   */
  String export(long memberId);

  /**
   * Erases a person from all tables in one transaction: names, numbers, phones, openids, addresses,
   * free texts, the words of messages, what others were answered about their orders. What they
   * bought keeps counting under the member's id, which is a pseudonym from then on. Messages to
   * them, or about their orders, are stopped; one that is on the wire at this moment still gets its
   * outcome. Tombstones, keyed hashes of their numbers, phones and openids, keep them out: a later
   * upsert, import, scan or follow records neither values nor a member, only the order. Cannot be
   * undone. Repeating is harmless, and takes people who were erased out of facts that other
   * programs have told of them since and that wait to be applied.
   *
   * <p>Places of other people's orders that name this person as the one to call are data of those
   * orders and stay.
   *
   * <p>On PostgreSQL and H2 call it outside of transactions, or in one at READ COMMITTED: at a
   * higher level nobody can see there what came in since the transaction began, such as a scan, and
   * that would stay. On MySQL and MariaDB any level does; what came meanwhile is erased too, or the
   * host is told to repeat.
   *
   * @param by who does it, at most 64 characters
   * @param why why, at most 200 characters; sealed. Name nobody in it
   * @throws io.laoke.error.NotFoundException if there is no such member
   * @throws io.laoke.error.ConflictException if it is called in a transaction of the host at
   *     REPEATABLE READ or SERIALIZABLE on PostgreSQL or H2; nothing was done
   */
  Erasure erase(long memberId, String by, String why);

  /**
   * Lifts the tombstone of one number, phone or unionid: from the next fact on the person is
   * recorded as a new member. What was erased does not come back; an order that was first reported
   * while they were kept out is theirs once it is reported again, with the same content too.
   *
   * @param kind all but OPENID
   * @param value as the ERP or the person gives it
   * @param by who does it, at most 64 characters
   * @return whether there was a tombstone
   */
  boolean readmit(IdentityKind kind, String value, String by);

  /** The same for an openid of an account. */
  boolean readmitOpenid(String account, String openid, String by);

  /** By what a member is known, in the order in which it was seen. */
  List<Identity> identities(long memberId);

  /**
   * Reads who follows each account of the dealer that can list its followers; see {@link
   * #syncFollowers(String, FollowerSyncOptions)}.
   *
   * @return what came of each
   * @throws io.laoke.error.ConflictException if no account can, or inside a transaction of the host
   * @throws io.laoke.error.LaokeException what one of them failed with, once all others were read
   */
  List<FollowerSync> syncFollowers();

  /**
   * Reads who follows an account, for followers from before Laoke, and for follows and unfollows
   * that no callback told. Takes one call of the platform for 10,000 followers, and one for each
   * 100 who were not known to follow.
   *
   * <ul>
   *   <li>Whoever follows and is nobody's is a member of their own from then on, {@code
   *       source=FOLLOW}, orders or not. People who were erased stay out; staff are no members.
   *   <li>Once all are read, whoever was taken to follow since before the run began and is listed
   *       no more is recorded as not following, and their openid is not kept.
   *   <li>Where the callback tells otherwise, the later of both by the platform's own time counts.
   *   <li>Each lot of at most 1,000 followers is a transaction of its own. Where the platform asks
   *       to wait, as when a quota is used up, the call ends with {@link
   *       FollowerSync.State#UNFINISHED}; the next call, or one after a kill, on any node, goes on
   *       there. Of two that read at once the one that started last goes on.
   * </ul>
   *
   * <p>Memory and the number of statements of a lot do not depend on how many follow.
   *
   * @param account the account's key, such as its appid
   * @throws io.laoke.error.ConflictException inside a transaction of the host, if the account
   *     cannot list its followers, or if another call took this one over
   * @throws io.laoke.error.NotFoundException if the dealer has no such account
   * @throws io.laoke.error.ChannelException if the platform refuses for good, such as for a missing
   *     permission; what was read is kept, and the next call goes on
   */
  FollowerSync syncFollowers(String account, FollowerSyncOptions options);

  /** How far followers of an account were read last, if they ever were. */
  Optional<FollowerSync> followerSync(String account);

  /** Whether an openid follows, as far as Laoke was told. */
  Optional<Identity.Follower> follower(String account, String openid);
}
