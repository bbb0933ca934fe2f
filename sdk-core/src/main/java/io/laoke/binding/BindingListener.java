package io.laoke.binding;

import io.laoke.base.Internal;
import io.laoke.binding.BindingBook.OrderRecipient;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.order.OrderDetail;
import io.laoke.order.StageRecord;
import java.time.Instant;

/** Hears what scans leave to be done, inside their transaction and with the order row locked. */
@Internal
public interface BindingListener {
  /**
   * A recipient is to be told the present stage, and no immediate reply does it: the dealer's words
   * were blank, or the scan was processed when nobody waited for an answer any more.
   *
   * @param stage the record of the present stage
   */
  void unanswered(
      Tx tx,
      Tenant tenant,
      OrderDetail order,
      StageRecord stage,
      OrderRecipient recipient,
      Instant now);
}
