package io.laoke.push;

import io.laoke.error.ConflictException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The right to decide a plan's members, which one worker has at a time, for a minute from the last
 * that it wrote: whoever was killed, or stood still for longer, leaves it to the next, who begins
 * anew. What is written is written under that right, in the same transaction.
 */
final class AllocationTurn {
  private static final long LEASE = Duration.ofMinutes(1).toMillis();
  private static final int REMOVED_AT_ONCE = 5_000;

  private final Database database;
  private final Tenant tenant;
  private final PlanTable.Stored plan;
  private final String token = UUID.randomUUID().toString();

  private AllocationTurn(Database database, Tenant tenant, PlanTable.Stored plan) {
    this.database = database;
    this.tenant = tenant;
    this.plan = plan;
  }

  /**
   * Takes the right.
   *
   * @return empty of work if the plan is allocated already
   * @throws ConflictException if it is not approved, or another worker has the right
   */
  static AllocationTurn take(Database database, Tenant tenant, String key) {
    return database.own(
        "begin to decide who gets what of a plan",
        tx -> {
          PlanTable.Stored plan = PlanTable.locked(tx, tenant, key);
          AllocationTurn turn = new AllocationTurn(database, tenant, plan);
          if (turn.done()) {
            return turn;
          }
          PlanState state = plan.saved().state();
          if (state != PlanState.APPROVED) {
            throw new ConflictException(
                "Plan '%s' was not allocated: it is %s, and must be APPROVED. Submit it, and have it approved, first."
                    .formatted(key, state));
          }
          if (!PlanTable.takeTurn(tx, tenant, key, turn.token, LEASE)) {
            throw new ConflictException(
                "Plan '%s' is being allocated just now. Wait for that; if its worker was killed, allocate it again a minute later."
                    .formatted(key));
          }
          return turn;
        });
  }

  /** Whether nothing is left to do. */
  boolean done() {
    return plan.saved().allocatedAt().isPresent();
  }

  PlanCounts run(Allocation allocation, Instant asOf) {
    int removed;
    do {
      removed =
          database.own(
              "forget what was decided before a break",
              tx -> {
                hold(tx);
                return PlanTable.remove(tx, tenant, plan.id(), REMOVED_AT_ONCE);
              });
    } while (removed == REMOVED_AT_ONCE);
    return allocation.run(plan.saved().plan(), asOf, this::write);
  }

  private void write(List<PlanDecision> some) {
    database.own(
        "write who gets what of a plan",
        tx -> {
          hold(tx);
          PlanTable.insert(tx, tenant, plan.id(), some);
          return some.size();
        });
  }

  private void hold(Tx tx) {
    String key = plan.saved().plan().key();
    if (!PlanTable.holdTurn(tx, tenant, key, token, PlanState.APPROVED, LEASE)) {
      throw new ConflictException(
          "Plan '%s' was not allocated by this call: it was taken over, changed or ended meanwhile. Look at it, and allocate it again if it is still to be."
              .formatted(key));
    }
  }

  /** All is decided. */
  void end(SavedPlan allocated, long eventId) {
    database.own(
        "end deciding who gets what of a plan",
        tx -> {
          hold(tx);
          PlanTable.update(tx, tenant, allocated);
          PlanTable.leaveTurn(tx, tenant, allocated.plan().key(), token);
          PlanTable.happened(
              tx,
              tenant,
              eventId,
              plan.id(),
              new PlanEvent(
                  allocated.version(),
                  allocated.hash(),
                  PlanEvent.Action.ALLOCATED,
                  allocated.changedBy(),
                  "",
                  allocated.changedAt()));
          return allocated;
        });
  }

  SavedPlan plan() {
    return plan.saved();
  }
}
