package io.laoke.binding;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Order binding 订单绑定 of one dealer: who receives the notices of which order. Safe for use by many
 * threads. Calls join the host's transaction where there is one. Every call that names an order
 * throws {@link io.laoke.error.NotFoundException} if the order was never reported, and {@link
 * io.laoke.error.InvalidInputException} for values that cannot be. Every change leaves a line in
 * {@link #audit}.
 */
public interface Bindings {
  /** The key of a menu entry of type click that asks how to claim an order. */
  String CLAIM_MENU_KEY = "lk1_claim";

  /** Issues a ticket of the account that serves the order's store. */
  BindingTicket issue(String orderNo);

  /**
   * Issues a ticket. Repeating gives the live ticket again: an order never has two. Costs one lock
   * on the order and one insert; asks no platform.
   *
   * @throws io.laoke.error.ConflictException if the order is cancelled or returned, or has a live
   *     ticket of another account
   * @throws io.laoke.error.NotFoundException also if the dealer has no such account
   */
  BindingTicket issue(String orderNo, IssueOptions options);

  /** The live ticket of an order, if it has one. */
  Optional<BindingTicket> ticket(String orderNo);

  /**
   * Takes the order's live ticket and its paper link back: neither binds anybody any more.
   * Recipients stay.
   *
   * @param by who does it, at most 64 characters
   * @param reason why, at most 200 characters
   * @return whether one of them was live
   */
  boolean revoke(String orderNo, String by, String reason);

  /** What the assistant's app shows; a few reads. */
  BindingStatus status(String orderNo);

  /**
   * Those of the orders that somebody belongs to; for lists, in two reads however many they are.
   *
   * @param orderNos at most 1,000; numbers that are not known are passed over
   */
  Set<String> bound(Collection<String> orderNos);

  /** Everybody who ever was a recipient of the order, oldest first. */
  List<Recipient> recipients(String orderNo);

  /** The recipient of an order that has this openid. */
  Optional<Recipient> recipient(String orderNo, String account, String openid);

  /**
   * Takes a recipient away. What waits for them is not sent. An order that their scan gave to their
   * member is given to nobody. An openid that their scan joined to the order's member is taken away
   * from there, and they are taken away from the orders that bound themselves through it. They can
   * scan the order's live code again; {@link #rebind} also takes the code back.
   *
   * @return false if they were none any more
   * @throws io.laoke.error.NotFoundException also if the order never had this recipient
   */
  boolean unbind(String orderNo, long recipientId, String by, String reason);

  /** The same for an openid. */
  boolean unbind(String orderNo, String account, String openid, String by, String reason);

  /**
   * Takes all recipients away and the live ticket and paper link back, and issues new ones: the
   * wrong person had scanned. Unlike {@link #issue}, a repeat replaces the ticket again.
   */
  BindingTicket rebind(String orderNo, String by, String reason);

  /**
   * Takes all other recipients away and ticket and link back, and makes this openid the recipient.
   * It must be known to the host that this person is the customer, as from a login of its own.
   * Repeating changes nothing.
   *
   * @throws io.laoke.error.ConflictException if the openid belongs to staff, or to a person that
   *     was erased
   */
  Recipient rebindTo(String orderNo, String account, String openid, String by, String reason);

  /**
   * Stops the notices of this order to a recipient, who stays bound.
   *
   * @return false if they receive none already
   */
  boolean stopNotices(String orderNo, long recipientId, String by, String reason);

  /**
   * Lets them go on. What happened meanwhile is not told.
   *
   * @return false if they were not stopped
   */
  boolean resumeNotices(String orderNo, long recipientId, String by, String reason);

  /**
   * Binds an order to somebody who knows its number and the last four digits of the buyer's or the
   * receiver's phone, by the rules of a scan. The shop's own and shared phones prove nothing. Five
   * wrong tries of one person, or ten for one number, and nobody of them is heard for a day after
   * the first. Not inside a transaction of yours.
   *
   * @param openid of a person whom the account's platform has authenticated
   * @param orderNo as the person wrote it; small letters are read as capitals where that helps
   * @param lastFour four digits
   * @throws io.laoke.error.ConflictException inside a transaction, or if the dealer allows no
   *     claims
   */
  ClaimOutcome claim(String account, String openid, String orderNo, String lastFour);

  /**
   * The key of the SMS template of purpose OTP in which codes are sent, with the variable {@code
   * code}.
   */
  String CODE_SMS_TEMPLATE = "code";

  /**
   * Sends somebody a code to prove that a phone is theirs, for {@link #claimByPhone}. It holds for
   * five minutes, and takes the place of one sent before. At most one a minute and five a day for
   * each person, and five a day for each phone. Only the phone of a member, and theirs alone, gets
   * one; the answer is the same for every other.
   *
   * @param phone a mobile number as the person wrote it
   * @throws io.laoke.error.ConflictException inside a transaction, or if the dealer allows no
   *     claims
   * @throws io.laoke.error.InvalidInputException if it is no phone
   */
  PhoneCode sendPhoneCode(String account, String openid, String phone);

  /**
   * Somebody who has the code of {@link #sendPhoneCode} belongs to the phone's member, by the rules
   * of a scan, and becomes a recipient of its orders. What they stand at is told by the page or the
   * words with which the host answers; later steps are told by notices. After five wrong tries the
   * code is void. Of the orders of the last {@link BindingSettings#phoneClaimYears()} years the
   * newest 50 are bound.
   *
   * @param code six digits
   * @throws io.laoke.error.ConflictException inside a transaction, or if the dealer allows no
   *     claims
   */
  PhoneClaim claimByPhone(String account, String openid, String code);

  /**
   * The same of the orders of other years than the dealer's settings say.
   *
   * @param years orders of the last so many years, 1 to 20, of these the newest 50
   * @throws io.laoke.error.ConflictException inside a transaction, or if the dealer allows no
   *     claims
   */
  PhoneClaim claimByPhone(String account, String openid, String code, int years);

  /**
   * The permanent code of a store, for a stand on the counter: whoever scans it is told how to
   * claim an order, and belongs to that store. Asks the platform the first time only; not inside a
   * transaction.
   *
   * @throws CodeUnavailableException if the platform refuses or cannot be reached
   * @throws io.laoke.error.NotFoundException if there is no such store
   */
  QrCode shopCode(String storeCode);

  /** The store whose permanent code this openid has scanned last. */
  Optional<String> storeOf(String account, String openid);

  /**
   * Answers an order that was offered ({@link AutoBind#ASK}) with yes, for its recipient. Repeating
   * is harmless.
   *
   * @return {@code Bound}, {@code AlsoReceiving} or {@code AlreadyYours}; {@code TakenByAnother},
   *     {@code OrderClosed} or {@code StaffScan} if it cannot be; {@code Unknown} if it is not
   *     offered to them any more
   * @throws io.laoke.error.NotFoundException also if the order never had this recipient
   */
  ScanOutcome confirm(String orderNo, long recipientId);

  /** The order's binding history, oldest first. */
  List<BindingEvent> audit(String orderNo);
}
