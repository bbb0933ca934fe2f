package io.laoke.message;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

  /** All messages of a key, the first put first. One query. */
  List<Put> all(Tx tx, Tenant tenant, long orderId, String openidHash);

  /** A message that was put, and what became of it so far. */
  record Put(Delivery.State state, TemplateMessage body) {}

  /**
   * What waits for its turn about these orders and is still valid, by order, recipient and place.
   * Messages under way are not among it. One query.
   *
   * @param now business time
   */
  List<Waiting> waiting(Tx tx, Tenant tenant, Set<Long> orderIds, Instant now);

  /** A message that waits; as in {@link NewMessage}. */
  record Waiting(long orderId, String openidHash, long seq, String causeKind, long causeId) {
    /** Shows no recipient. */
    @Override
    public String toString() {
      return "Waiting[%s %d, seq %d]".formatted(causeKind, causeId, seq);
    }
  }
}
