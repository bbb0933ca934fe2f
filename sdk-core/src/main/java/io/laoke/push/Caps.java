package io.laoke.push;

import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who has got as many messages of plans as a dealer allows. */
final class Caps {
  private Caps() {}

  /**
   * Those of some followers who are to get no more now. One query for each cap of the plan's
   * purpose, which sees what is committed by then.
   */
  static Set<String> reached(
      Tx tx,
      Tenant tenant,
      List<FrequencyCap> caps,
      Plan plan,
      Collection<String> openidHashes,
      Instant now) {
    Set<String> reached = new HashSet<>();
    for (FrequencyCap cap : caps) {
      Set<String> left = new HashSet<>(openidHashes);
      left.removeAll(reached);
      if (cap.purpose() == plan.purpose() && !left.isEmpty()) {
        reached.addAll(reached(tx, tenant, cap, plan.account(), left, now));
      }
    }
    return reached;
  }

  private static List<String> reached(
      Tx tx, Tenant tenant, FrequencyCap cap, String account, Set<String> hashes, Instant now) {
    return tx.query(
            """
            SELECT m.openid_hash FROM {plan_member} m
            JOIN {plan_batch} b ON b.dealer_id = m.dealer_id AND b.id = m.batch_id
            WHERE m.dealer_id = :dealer AND m.openid_hash IN (<hashes>) AND b.account = :account
              AND b.purpose = :purpose AND b.made_ms >= :since AND b.made_ms <= :now
              AND b.state <> 'FAILED'
            GROUP BY m.openid_hash HAVING COUNT(*) >= :most""",
            "hashes",
            Rows.Type.TEXT,
            hashes)
        .bind("dealer", tenant.id())
        .bind("account", account)
        .bind("purpose", cap.purpose().name())
        .bind("since", cap.since(now, tenant.zone()).toEpochMilli())
        .bind("now", now.toEpochMilli())
        .bind("most", cap.most())
        .mapTo(String.class)
        .list();
  }
}
