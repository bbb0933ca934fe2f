package io.laoke.push;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * The right to work on a plan, which one worker has at a time, for a minute from the last that it
 * wrote: whoever was killed, or stood still for longer, leaves it to the next. What is written is
 * written under that right, in the same transaction.
 */
final class PlanTurn {
  private static final long LEASE = Duration.ofMinutes(1).toMillis();

  private final Tenant tenant;
  private final String key;
  private final String token = UUID.randomUUID().toString();

  private PlanTurn(Tenant tenant, String key) {
    this.tenant = tenant;
    this.key = key;
  }

  /** Takes it, unless somebody has it or left it to rest; the plan is locked. */
  static Optional<PlanTurn> take(Tx tx, Tenant tenant, String key) {
    PlanTurn turn = new PlanTurn(tenant, key);
    int taken =
        tx.update(
                """
                UPDATE {plan} SET turn_token = :token, turn_until_ms = :until
                WHERE dealer_id = :dealer AND plan_key = :key
                  AND (turn_until_ms IS NULL OR turn_until_ms < :now)""")
            .bind("token", turn.token)
            .bind("until", tx.machineMillis() + LEASE)
            .bind("now", tx.machineMillis())
            .bind("dealer", tenant.id())
            .bind("key", key)
            .execute();
    return taken == 1 ? Optional.of(turn) : Optional.empty();
  }

  /** Whether it is still held, and the plan still in that state; then it is for longer. */
  boolean hold(Tx tx, PlanState state) {
    return tx.update(
                """
                UPDATE {plan} SET turn_until_ms = :until
                WHERE dealer_id = :dealer AND plan_key = :key AND turn_token = :token
                  AND state = :state""")
            .bind("state", state.name())
            .bind("until", tx.machineMillis() + LEASE)
            .bind("dealer", tenant.id())
            .bind("key", key)
            .bind("token", token)
            .execute()
        == 1;
  }

  /**
   * Leaves it to the next, if it is still held.
   *
   * @param rest for how long nobody is to take it
   */
  void leave(Tx tx, Duration rest) {
    tx.update(
            """
            UPDATE {plan} SET turn_token = NULL, turn_until_ms = :until
            WHERE dealer_id = :dealer AND plan_key = :key AND turn_token = :token""")
        .bind("until", rest.isZero() ? null : tx.machineMillis() + rest.toMillis())
        .bind("dealer", tenant.id())
        .bind("key", key)
        .bind("token", token)
        .execute();
  }
}
