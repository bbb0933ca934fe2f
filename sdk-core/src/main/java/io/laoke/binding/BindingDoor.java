package io.laoke.binding;

import io.laoke.base.Internal;
import io.laoke.internal.tenant.Tenant;
import java.util.Optional;

/** What the pages of the floors above do, each call in a transaction of its own. */
@Internal
public interface BindingDoor {
  /** The paper link of a token, whatever became of it. */
  Optional<PaperLink> link(Tenant tenant, String token);

  /**
   * Somebody whom the link's account has authenticated opened it.
   *
   * @return empty if there is no such link, or the account serves it no more
   */
  Optional<Arrived> arrive(Tenant tenant, String token, String account, String openid);

  /** What a person is to the order of a link; changes nothing. */
  Optional<Arrived> look(Tenant tenant, String token, String account, String openid);

  /** Somebody who claims an order on a page. */
  ClaimOutcome claim(Tenant tenant, String account, String openid, String orderNo, String lastFour);

  /** The recipient of that id, and of which order. */
  Optional<Seen> recipient(Tenant tenant, long recipientId);

  /** The recipient of an order that has this openid. */
  Optional<Seen> recipient(Tenant tenant, String orderNo, String account, String openid);

  /**
   * Notes that a sign-in has come back.
   *
   * @return false if it had come back before
   */
  boolean firstUse(Tenant tenant, String state);

  /** Whether people may claim orders. */
  boolean claims(Tenant tenant);

  /** Orders of so many years are bound to who proves a phone. */
  int phoneClaimYears(Tenant tenant);

  /**
   * Whether a code can be sent to a phone, so that people may have their orders by it. Two queries.
   */
  boolean phoneCodes(Tenant tenant);

  /**
   * A paper link.
   *
   * @param state in the words of tickets
   */
  record PaperLink(String account, TicketState state) {}

  /** What opening a link came to. */
  record Arrived(String orderNo, ScanOutcome outcome) {}

  /**
   * A recipient as a page needs to know them.
   *
   * @param follows whether they follow, as far as is known
   */
  record Seen(
      long id,
      long orderId,
      String orderNo,
      String account,
      String openidHash,
      RecipientState state,
      Recipient.Source source,
      boolean follows) {}
}
