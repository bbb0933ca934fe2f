package io.laoke.push;

import io.laoke.error.NotFoundException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The SQL of plans and of what they decided. */
final class PlanTable {
  private static final String COLUMNS =
      "id, version, body, hash, state, changed_ms, changed_by, submitted_by, allocated_ms,"
          + " pins";

  private PlanTable() {}

  /**
   * A plan.
   *
   * @param id of its decisions
   */
  record Stored(long id, SavedPlan saved) {}

  /** Lets no other transaction make plans until this one ends. */
  static void lock(Tx tx, Tenant tenant) {
    tx.lockDealer(tenant.id());
  }

  static Optional<Stored> find(Tx tx, Tenant tenant, String key, boolean locked) {
    return tx.guarded(
            "SELECT "
                + COLUMNS
                + " FROM {plan} WHERE dealer_id = :dealer AND plan_key = :key"
                + (locked ? " FOR UPDATE" : ""))
        .bind("dealer", tenant.id())
        .bind("key", key)
        .map((row, context) -> stored(row))
        .findOne();
  }

  /** The plan, locked. */
  static Stored locked(Tx tx, Tenant tenant, String key) {
    return find(tx, tenant, key, true)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "There is no plan '%s'. Look at plans().all() for those that there are."
                        .formatted(key)));
  }

  static List<SavedPlan> all(Tx tx, Tenant tenant) {
    return tx.guarded(
            "SELECT " + COLUMNS + " FROM {plan} WHERE dealer_id = :dealer ORDER BY plan_key")
        .bind("dealer", tenant.id())
        .map((row, context) -> stored(row).saved())
        .list();
  }

  /** Plans that have that content, in words, but for those that are over. */
  static List<String> using(Tx tx, Tenant tenant, String content) {
    return all(tx, tenant).stream()
        .filter(one -> one.state() != PlanState.CANCELLED && one.state() != PlanState.DONE)
        .map(SavedPlan::plan)
        .filter(plan -> plan.all().stream().anyMatch(rule -> rule.content().equals(content)))
        .map(plan -> "plan '" + plan.key() + "'")
        .toList();
  }

  /** Whether the plan of that id is in a state. */
  static boolean isIn(Tx tx, Tenant tenant, long id, PlanState state) {
    return tx.guarded(
            "SELECT id FROM {plan} WHERE dealer_id = :dealer AND id = :id AND state = :state")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .bind("state", state.name())
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  /** Plans that are in a state, in the order of their keys. */
  static List<Stored> inState(Tx tx, Tenant tenant, PlanState state) {
    return tx.guarded(
            "SELECT "
                + COLUMNS
                + " FROM {plan} WHERE dealer_id = :dealer AND state = :state ORDER BY plan_key")
        .bind("dealer", tenant.id())
        .bind("state", state.name())
        .map((row, context) -> stored(row))
        .list();
  }

  /** Plans of which a batch waits for the administrator at WeChat. */
  static List<Long> awaiting(Tx tx, Tenant tenant) {
    return tx.query(
            """
            SELECT DISTINCT plan_id FROM {plan_batch}
            WHERE dealer_id = :dealer AND state = 'AWAITING_ADMIN' ORDER BY plan_id""")
        .bind("dealer", tenant.id())
        .mapTo(Long.class)
        .list();
  }

  /** Whether a batch of this plan, which is locked, waits for the administrator at WeChat. */
  static boolean awaited(Tx tx, Tenant tenant, long planId) {
    // As it is by now, whatever this transaction has read before.
    return !tx.query(
            """
            SELECT id FROM {plan_batch}
            WHERE dealer_id = :dealer AND plan_id = :plan AND state = 'AWAITING_ADMIN'
            ORDER BY id FOR UPDATE""")
        .bind("dealer", tenant.id())
        .bind("plan", planId)
        .mapTo(Long.class)
        .list()
        .isEmpty();
  }

  /** The plan of that id, locked. */
  static Optional<Stored> lockedById(Tx tx, Tenant tenant, long planId) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {plan} WHERE dealer_id = :dealer AND plan_key = ("
                + "SELECT p.plan_key FROM {plan} p WHERE p.dealer_id = :dealer AND p.id = :id)"
                + " FOR UPDATE")
        .bind("dealer", tenant.id())
        .bind("id", planId)
        .map((row, context) -> stored(row))
        .findOne();
  }

  private static Stored stored(ResultSet row) throws SQLException {
    long allocated = row.getLong("allocated_ms");
    Optional<Instant> at =
        row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(allocated));
    return new Stored(
        row.getLong("id"),
        new SavedPlan(
            PlanJson.read(row.getString("body")),
            row.getInt("version"),
            row.getString("hash"),
            PlanState.valueOf(row.getString("state")),
            Instant.ofEpochMilli(row.getLong("changed_ms")),
            row.getString("changed_by"),
            Optional.ofNullable(row.getString("submitted_by")),
            at,
            PlanJson.pins(row.getString("pins"))));
  }

  static void insert(Tx tx, Tenant tenant, long id, SavedPlan plan) {
    tx.update(
            """
            INSERT INTO {plan} (dealer_id, plan_key, id, version, body, hash, state, changed_ms,
              changed_by)
            VALUES (:dealer, :key, :id, :version, :body, :hash, :state, :now, :by)""")
        .bind("dealer", tenant.id())
        .bind("key", plan.plan().key())
        .bind("id", id)
        .bind("version", plan.version())
        .bind("body", PlanJson.write(plan.plan()))
        .bind("hash", plan.hash())
        .bind("state", plan.state().name())
        .bind("now", plan.changedAt().toEpochMilli())
        .bind("by", plan.changedBy())
        .execute();
  }

  static void update(Tx tx, Tenant tenant, SavedPlan plan) {
    tx.update(
            """
            UPDATE {plan} SET version = :version, body = :body, hash = :hash, state = :state,
              changed_ms = :now, changed_by = :by, submitted_by = :submitted,
              allocated_ms = :allocated, pins = :pins
            WHERE dealer_id = :dealer AND plan_key = :key""")
        .bind("version", plan.version())
        .bind("body", PlanJson.write(plan.plan()))
        .bind("hash", plan.hash())
        .bind("state", plan.state().name())
        .bind("now", plan.changedAt().toEpochMilli())
        .bind("by", plan.changedBy())
        .bind("submitted", plan.submittedBy().orElse(null))
        .bind("pins", PlanJson.pins(plan.contents()))
        .bind("allocated", plan.allocatedAt().map(Instant::toEpochMilli).orElse(null))
        .bind("dealer", tenant.id())
        .bind("key", plan.plan().key())
        .execute();
  }

  // ---- steps

  /** Writes a plan down as a step has left it, and the step, by whoever changed it last. */
  static void step(
      Tx tx,
      Tenant tenant,
      Ids ids,
      long planId,
      SavedPlan next,
      PlanEvent.Action action,
      String note) {
    update(tx, tenant, next);
    happened(tx, tenant, ids, planId, next, action, note);
  }

  /** Writes a step down, by whoever changed the plan last. */
  static void happened(
      Tx tx,
      Tenant tenant,
      Ids ids,
      long planId,
      SavedPlan plan,
      PlanEvent.Action action,
      String note) {
    tx.update(
            """
            INSERT INTO {plan_event} (dealer_id, plan_id, id, version, hash, action, actor, note, at_ms)
            VALUES (:dealer, :plan, :id, :version, :hash, :action, :by, :note, :at)""")
        .bind("dealer", tenant.id())
        .bind("plan", planId)
        .bind("id", ids.next())
        .bind("version", plan.version())
        .bind("hash", plan.hash())
        .bind("action", action.name())
        .bind("by", plan.changedBy())
        .bind("note", note)
        .bind("at", plan.changedAt().toEpochMilli())
        .execute();
  }

  static List<PlanEvent> events(Tx tx, Tenant tenant, long planId) {
    return tx.guarded(
            """
            SELECT version, hash, action, actor, note, at_ms FROM {plan_event}
            WHERE dealer_id = :dealer AND plan_id = :plan ORDER BY id""")
        .bind("dealer", tenant.id())
        .bind("plan", planId)
        .map(
            (row, context) ->
                new PlanEvent(
                    row.getInt("version"),
                    row.getString("hash"),
                    PlanEvent.Action.valueOf(row.getString("action")),
                    row.getString("actor"),
                    row.getString("note"),
                    Instant.ofEpochMilli(row.getLong("at_ms"))))
        .list();
  }

  // ---- decisions

  /** Decisions of a plan, each member once. One statement or few, whatever their number. */
  static void insert(Tx tx, Tenant tenant, long planId, List<PlanDecision> decisions) {
    Rows rows =
        Rows.of("plan_member", tenant.id())
            .with(Rows.Type.LONG, "plan_id", "member_id")
            .with(Rows.Type.INT, "rule_no", "matched")
            .with(Rows.Type.TEXT, "result", "reason");
    for (PlanDecision one : decisions) {
      rows.add(
          planId,
          one.memberId(),
          one.rule(),
          mask(one.matched()),
          one.result().name(),
          one.reason().map(Reason::code).orElse(""));
    }
    tx.insertAll(rows);
  }

  private static int mask(Set<Integer> bits) {
    return bits.stream().mapToInt(bit -> 1 << bit).sum();
  }

  /** Removes some decisions of a plan; fewer than so many when none is left. */
  static int remove(Tx tx, Tenant tenant, long planId, int most) {
    List<Long> some =
        tx.query(
                """
                SELECT member_id FROM {plan_member} WHERE dealer_id = :dealer AND plan_id = :plan
                ORDER BY member_id LIMIT :most""")
            .bind("dealer", tenant.id())
            .bind("plan", planId)
            .bind("most", most)
            .mapTo(Long.class)
            .list();
    if (!some.isEmpty()) {
      tx.update(
              """
              DELETE FROM {plan_member} WHERE dealer_id = :dealer AND plan_id = :plan
                AND member_id <= :last""")
          .bind("dealer", tenant.id())
          .bind("plan", planId)
          .bind("last", some.get(some.size() - 1))
          .execute();
    }
    return some.size();
  }

  static List<PlanDecision> decisions(Tx tx, Tenant tenant, long planId, long afterId, int limit) {
    return tx.guarded(
            """
            SELECT member_id, rule_no, matched, result, reason FROM {plan_member}
            WHERE dealer_id = :dealer AND plan_id = :plan AND member_id > :after
            ORDER BY member_id LIMIT :limit""")
        .bind("dealer", tenant.id())
        .bind("plan", planId)
        .bind("after", afterId)
        .bind("limit", limit)
        .map(
            (row, context) ->
                new PlanDecision(
                    row.getLong("member_id"),
                    row.getInt("rule_no"),
                    Allocation.bits(row.getInt("matched")),
                    PlanDecision.Result.valueOf(row.getString("result")),
                    PlanReasons.of(row.getString("reason"))))
        .list();
  }

  /** Sums of a plan's decisions. Reads them all. */
  static void count(Tx tx, Tenant tenant, long planId, Counting counting) {
    tx.guarded(
            """
            SELECT rule_no, matched, result, reason, COUNT(*) AS many FROM {plan_member}
            WHERE dealer_id = :dealer AND plan_id = :plan
            GROUP BY rule_no, matched, result, reason""")
        .bind("dealer", tenant.id())
        .bind("plan", planId)
        .map(
            (row, context) -> {
              counting.add(
                  row.getInt("rule_no"),
                  Allocation.bits(row.getInt("matched")),
                  PlanDecision.Result.valueOf(row.getString("result")),
                  row.getString("reason"),
                  row.getLong("many"));
              return row.getInt("rule_no");
            })
        .list();
  }
}
