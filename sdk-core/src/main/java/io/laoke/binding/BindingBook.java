package io.laoke.binding;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.order.OrderDetail;
import io.laoke.order.StageRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Recipients as the floors above use them, inside a transaction that is under way. */
@Internal
public interface BindingBook {
  /**
   * Everybody who belongs to an order or was offered it, oldest first. Their rows are locked, so
   * that a snapshot older than a scan hides nobody; the caller holds the lock of the order.
   */
  List<OrderRecipient> lock(Tx tx, Tenant tenant, long orderId);

  /** The same for several orders; those without anybody are left out. */
  Map<Long, List<OrderRecipient>> lock(Tx tx, Tenant tenant, Collection<Long> orderIds);

  /** Everybody who ever belonged to these orders; one query. */
  List<OrderRecipient> all(Tx tx, Tenant tenant, Collection<Long> orderIds);

  /** Notes that a notice has told them that the order was bound by itself. */
  void introduced(Tx tx, Tenant tenant, long recipientId);

  /** Takes back that a notice has told them: it was given other words before it left. */
  void notIntroduced(Tx tx, Tenant tenant, Collection<Addressee> those);

  /** A recipient as a message names it. */
  record Addressee(long orderId, String account, String openidHash) {
    /** Shows nobody. */
    @Override
    public String toString() {
      return "Addressee[order " + orderId + "]";
    }
  }

  /** Hears what scans leave to be done, inside their transaction and with the order row locked. */
  interface Listener {
    /**
     * A recipient is to be told the present stage, and no immediate reply does it: the dealer's
     * words were blank, or the fact was processed when nobody waited for an answer any more.
     *
     * @param stage the record of the present stage
     * @return whether something tells it now, or has told it before
     */
    boolean unanswered(
        Tx tx,
        Tenant tenant,
        OrderDetail order,
        StageRecord stage,
        OrderRecipient recipient,
        Instant now);
  }

  /**
   * A recipient.
   *
   * @param toBeIntroduced whether nobody has told them yet that the order was bound by itself
   * @param toldStageId the stage record that an immediate reply told last, 0 for none
   * @param toldRevision its revision then
   */
  record OrderRecipient(
      long id,
      long orderId,
      String account,
      String openidHash,
      RecipientState state,
      boolean toBeIntroduced,
      long toldStageId,
      int toldRevision) {
    /** Shows nobody. */
    @Override
    public String toString() {
      return "OrderRecipient[" + id + ", " + state + "]";
    }
  }
}
