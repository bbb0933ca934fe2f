package io.laoke.sms;

import io.laoke.base.Phone;
import io.laoke.message.Decision;
import java.util.Optional;

/** Text messages of one dealer 短信. Safe for use by many threads. */
public interface Sms {
  /**
   * Puts a text message to a member into the outbox, in the host's transaction where there is one.
   * It goes to a mobile number that is theirs alone, by the dealer's first SMS account, when its
   * turn comes: rules, hours and templates are looked at then. What a provider may have taken is
   * never sent again by itself. A few statements.
   *
   * @return whether this call put it; false of a number that was put before
   * @throws io.laoke.error.NotFoundException if the dealer has no SMS account, or the member is not
   *     known or has no mobile number of their own
   * @throws io.laoke.error.StoreException if the database fails; repeating is safe
   */
  boolean send(SmsMessage message);

  /**
   * What became so far of a message that was put: one decision, empty for a number that was not
   * put. {@link Decision#delivery} is what its receipt says. One query.
   *
   * @throws io.laoke.error.StoreException if the database fails; repeating is safe
   */
  Optional<Decision> decision(long no);

  /** The approved templates. */
  SmsTemplates templates();

  /**
   * Whether, when and how the owner of a number refused promotions by text message. A consent that
   * its member gave later goes over it. One query.
   *
   * @throws io.laoke.error.StoreException if the database fails; repeating is safe
   */
  Optional<SmsOptOut> optOut(Phone phone);
}
