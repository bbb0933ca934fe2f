package io.laoke.push;

import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans that wait for the administrator of their account at WeChat: none of them makes a further
 * batch, and a person decides after anything but a confirmation.
 */
final class AdminWatch {
  private static final Logger LOG = LoggerFactory.getLogger(AdminWatch.class);
  private static final String LAOKE = "laoke";

  private final Database database;
  private final Ids ids;

  AdminWatch(Database database, Ids ids) {
    this.database = database;
    this.ids = ids;
  }

  /** Has running plans wait of which a batch does; whether there were any. */
  boolean hold(Tenant tenant, Instant now) {
    return database.own("look for plans that wait for WeChat", tx -> hold(tx, tenant, now));
  }

  private boolean hold(Tx tx, Tenant tenant, Instant now) {
    boolean any = false;
    for (long planId : PlanTable.awaiting(tx, tenant)) {
      Optional<PlanTable.Stored> plan = lock(tx, tenant, planId);
      if (plan.isPresent()
          && plan.get().saved().state() == PlanState.RUNNING
          && PlanTable.awaited(tx, tenant, planId)) {
        step(
            tx,
            tenant,
            plan.get(),
            PlanState.AWAITING_WECHAT_ADMIN,
            PlanEvent.Action.AWAITING_ADMIN,
            note("89504"),
            now);
        any = true;
      }
    }
    return any;
  }

  /** Locks a plan. */
  Optional<PlanTable.Stored> lock(Tx tx, Tenant tenant, long planId) {
    return PlanTable.lockedById(tx, tenant, planId);
  }

  /**
   * What a batch waited for has come to an end.
   *
   * @param code why it failed, or nothing was heard; empty where it was confirmed
   */
  void ended(Tx tx, Tenant tenant, long planId, String code, Instant now) {
    Optional<PlanTable.Stored> locked = lock(tx, tenant, planId);
    if (locked.isEmpty()) {
      return;
    }
    PlanState state = locked.get().saved().state();
    boolean waits = state == PlanState.AWAITING_WECHAT_ADMIN;
    if (!code.isEmpty() && (waits || state == PlanState.RUNNING)) {
      step(tx, tenant, locked.get(), PlanState.PAUSED, PlanEvent.Action.PAUSED, note(code), now);
      LOG.warn(
          "laoke.plans.paused: plan '{}' of dealer '{}' makes no further batch: {}",
          locked.get().saved().plan().key(),
          tenant.code(),
          code);
    } else if (code.isEmpty() && waits && !PlanTable.awaited(tx, tenant, planId)) {
      step(tx, tenant, locked.get(), PlanState.RUNNING, PlanEvent.Action.CONFIRMED, "", now);
    }
  }

  private void step(
      Tx tx,
      Tenant tenant,
      PlanTable.Stored plan,
      PlanState state,
      PlanEvent.Action action,
      String note,
      Instant now) {
    SavedPlan next = plan.saved().in(state, now, LAOKE);
    PlanTable.step(tx, tenant, ids, plan.id(), next, action, note);
  }

  /** The code, with what to do in Chinese for whoever looks at the plan. */
  private static String note(String code) {
    return JobReasons.of(code).map(why -> code + " " + why.adviceZh()).orElse(code);
  }
}
