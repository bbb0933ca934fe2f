package io.laoke.push;

import io.laoke.error.ConflictException;
import io.laoke.error.StoreException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts plans whose time has come. */
final class Starts {
  private static final Logger LOG = LoggerFactory.getLogger(Starts.class);
  private static final Duration MISSED = Duration.ofDays(1);
  private static final String BY = "laoke";

  private final Database database;
  private final Function<Tenant, Allocation> allocation;
  private final Ids ids;

  Starts(Database database, Function<Tenant, Allocation> allocation, Ids ids) {
    this.database = database;
    this.allocation = allocation;
    this.ids = ids;
  }

  /** Starts those of a dealer; whether any was. */
  boolean run(Tenant tenant, Instant now) {
    boolean worked = false;
    for (PlanTable.Stored plan :
        database.own(
            "look for scheduled plans", tx -> PlanTable.inState(tx, tenant, PlanState.SCHEDULED))) {
      Instant time = plan.saved().plan().startAt().orElse(now);
      if (!time.isAfter(now)) {
        worked |= tried(tenant, plan.saved(), Duration.between(time, now), now);
      }
    }
    return worked;
  }

  private boolean tried(Tenant tenant, SavedPlan plan, Duration late, Instant now) {
    String key = plan.plan().key();
    try {
      if (late.compareTo(MISSED) > 0) {
        LOG.warn(
            "laoke.plans.start: plan '{}' of dealer '{}' was to start {} h ago, and is not started; start or schedule it anew",
            key,
            tenant.code(),
            late.toHours());
        return missed(tenant, key, now);
      }
      return started(tenant, key, now);
    } catch (StoreException away) {
      throw away; // nothing else would fare better
    } catch (ConflictException other) {
      LOG.debug("Plan {} of dealer {} is started by another", key, tenant.code(), other);
    } catch (RuntimeException failed) {
      // Other plans go on; its turn is free again in a minute.
      LOG.warn(
          "laoke.plans.start of plan '{}' of dealer '{}' failed; it is tried again in a minute",
          key,
          tenant.code(),
          failed);
    }
    return false;
  }

  private boolean started(Tenant tenant, String key, Instant now) {
    AllocationTurn turn = AllocationTurn.take(database, tenant, key, PlanState.SCHEDULED);
    if (turn.done()) {
      return database.own("start a plan", tx -> start(tx, tenant, key, now));
    }
    turn.run(allocation.apply(tenant), now);
    turn.end(
        turn.plan().allocated(now).in(PlanState.RUNNING, now, BY),
        ids,
        List.of(PlanEvent.Action.ALLOCATED, PlanEvent.Action.STARTED));
    return true;
  }

  private boolean start(Tx tx, Tenant tenant, String key, Instant now) {
    PlanTable.Stored there = PlanTable.locked(tx, tenant, key);
    return there.saved().state() == PlanState.SCHEDULED
        && step(tx, tenant, there, PlanState.RUNNING, PlanEvent.Action.STARTED, now);
  }

  private boolean missed(Tenant tenant, String key, Instant now) {
    return database.own(
        "leave a plan whose time was missed",
        tx -> {
          PlanTable.Stored there = PlanTable.locked(tx, tenant, key);
          PlanState before =
              there.saved().allocatedAt().isPresent() ? PlanState.ALLOCATED : PlanState.APPROVED;
          return there.saved().state() == PlanState.SCHEDULED
              && step(tx, tenant, there, before, PlanEvent.Action.MISSED, now);
        });
  }

  private boolean step(
      Tx tx,
      Tenant tenant,
      PlanTable.Stored there,
      PlanState to,
      PlanEvent.Action action,
      Instant now) {
    PlanTable.step(tx, tenant, ids, there.id(), there.saved().in(to, now, BY), action, "");
    return true;
  }
}
