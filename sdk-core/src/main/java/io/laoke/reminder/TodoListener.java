package io.laoke.reminder;

import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.order.OrderDetail;
import io.laoke.order.OrderListener;
import io.laoke.order.StageRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Notes in the transaction that writes an order that its units are to be planned anew: one row, and
 * none for a dealer without rules. Whether a dealer has rules is remembered for some seconds;
 * whatever was written meanwhile is found when the first rule's orders are looked through again.
 */
final class TodoListener implements OrderListener {
  private static final long REMEMBERED = TimeUnit.SECONDS.toNanos(10);

  private record Known(boolean rules, long nanos) {}

  private final Ids ids;
  private final Runnable wake;
  private final Map<Integer, Known> known = new ConcurrentHashMap<>();

  TodoListener(Ids ids, Runnable wake) {
    this.ids = ids;
    this.wake = wake;
  }

  @Override
  public void changed(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    if (!orderIds.isEmpty() && rules(tx, tenant)) {
      ReminderTable.todo(tx, tenant, orderIds, ids::next);
      tx.afterCommit(wake);
    }
  }

  private boolean rules(Tx tx, Tenant tenant) {
    Known now = known.get(tenant.id());
    if (now == null || System.nanoTime() - now.nanos() > REMEMBERED) {
      now = new Known(RuleTable.any(tx, tenant), System.nanoTime());
      known.put(tenant.id(), now);
    }
    return now.rules();
  }

  /** A dealer's rules have changed. */
  void forget(Tenant tenant) {
    known.remove(tenant.id());
  }

  @Override
  public void written(Tx tx, Tenant tenant, OrderDetail order, boolean first, Instant now) {
    // Heard as changed.
  }

  @Override
  public void advanced(
      Tx tx, Tenant tenant, OrderDetail order, StageRecord stage, boolean news, Instant now) {
    // Heard as changed.
  }

  @Override
  public void memberChanged(Tx tx, Tenant tenant, OrderDetail order, Instant now) {
    // Heard as changed.
  }
}
