package io.laoke.message;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.Optional;

/** Where upper floors put messages 待发消息. Safe for use by many threads. */
@Internal
public interface Outbox {
  /**
   * Writes a message, its decision and a note that the dealer has work, all in the caller's
   * transaction, and wakes the engine once that is committed. Costs three inserts. A repeat with
   * the same cause, recipient and channel changes nothing, whatever else it says. The caller holds
   * the lock of the order, so that sequence numbers of one key commit in order.
   *
   * @return whether this call wrote it
   * @throws io.laoke.error.ConflictException if the account belongs to another dealer
   */
  boolean enqueue(Tx tx, Tenant tenant, NewMessage message);

  /**
   * What the newest message about a cause says to a recipient that is waiting, under way or sent;
   * empty where there is none. One query.
   *
   * @param causeId the id of the cause, whatever its kind
   */
  Optional<TemplateMessage> newest(
      Tx tx, Tenant tenant, long orderId, long causeId, String openidHash);
}
