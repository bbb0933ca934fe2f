package io.laoke.push;

import io.laoke.error.ConflictException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Deciding for each member of a plan, in its turn: whoever was broken off is begun anew. */
final class AllocationTurn {
  private static final int REMOVED_AT_ONCE = 5_000;

  private final Database database;
  private final Tenant tenant;
  private final PlanTable.Stored plan;
  private final Optional<PlanTurn> turn;

  private AllocationTurn(
      Database database, Tenant tenant, PlanTable.Stored plan, Optional<PlanTurn> turn) {
    this.database = database;
    this.tenant = tenant;
    this.plan = plan;
    this.turn = turn;
  }

  /**
   * Takes the right.
   *
   * @return empty of work if the plan is allocated already
   * @throws ConflictException if it is not approved, or another worker has the right
   */
  static AllocationTurn take(Database database, Tenant tenant, String key) {
    return take(database, tenant, key, PlanState.APPROVED);
  }

  /** The same for a plan in another state that may be allocated. */
  static AllocationTurn take(Database database, Tenant tenant, String key, PlanState from) {
    return database.own(
        "begin to decide who gets what of a plan",
        tx -> {
          PlanTable.Stored plan = PlanTable.locked(tx, tenant, key);
          if (plan.saved().allocatedAt().isPresent()) {
            return new AllocationTurn(database, tenant, plan, Optional.empty());
          }
          PlanState state = plan.saved().state();
          if (state != from) {
            throw new ConflictException(
                "Plan '%s' was not allocated: it is %s, and must be APPROVED. Submit it, and have it approved, first."
                    .formatted(key, state));
          }
          PlanTurn turn =
              PlanTurn.take(tx, tenant, key)
                  .orElseThrow(
                      () ->
                          new ConflictException(
                              "Plan '%s' is being allocated just now. Wait for that; if its worker was killed, allocate it again a minute later."
                                  .formatted(key)));
          return new AllocationTurn(database, tenant, plan, Optional.of(turn));
        });
  }

  /** Whether nothing is left to do. */
  boolean done() {
    return turn.isEmpty();
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

  private PlanTurn hold(Tx tx) {
    PlanTurn held = turn.orElseThrow();
    if (!held.hold(tx, plan.saved().state())) {
      throw new ConflictException(
          "Plan '%s' was not allocated by this call: it was taken over, changed or ended meanwhile. Look at it, and allocate it again if it is still to be."
              .formatted(plan.saved().plan().key()));
    }
    return held;
  }

  /** All is decided. */
  void end(SavedPlan allocated, Ids ids) {
    end(allocated, ids, List.of(PlanEvent.Action.ALLOCATED));
  }

  /** The same, with what else happens by it. */
  void end(SavedPlan allocated, Ids ids, List<PlanEvent.Action> actions) {
    database.own(
        "end deciding who gets what of a plan",
        tx -> {
          PlanTurn held = hold(tx);
          PlanTable.update(tx, tenant, allocated);
          held.leave(tx, Duration.ZERO);
          for (PlanEvent.Action action : actions) {
            PlanTable.happened(tx, tenant, ids, plan.id(), allocated, action, "");
          }
          return allocated;
        });
  }

  SavedPlan plan() {
    return plan.saved();
  }
}
