package io.laoke.push;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The SQL of batches. */
final class BatchTable {
  static final String CAUSE = "PLAN_BATCH";

  private static final String COLUMNS =
      "id, plan_id, rule_no, account, month_no, prepared, payload, recipients, last_member, state, reason";

  private BatchTable() {}

  /** How far a batch is. */
  enum State {
    OPEN,
    SENT,
    FAILED,
    UNKNOWN
  }

  /**
   * A batch.
   *
   * @param prepared by which name its draft was made
   * @param lastMember up to whom its rule is through
   */
  record Batch(
      long id,
      long planId,
      int rule,
      String account,
      YearMonth month,
      String prepared,
      String payload,
      int recipients,
      long lastMember,
      State state,
      String reason) {
    Batch in(State next) {
      return new Batch(
          id,
          planId,
          rule,
          account,
          month,
          prepared,
          payload,
          recipients,
          lastMember,
          next,
          reason);
    }
  }

  /** The name of a batch as the recipient, and the template, of its message. */
  static String name(long batchId) {
    return "batch-" + batchId;
  }

  static long id(String name) {
    return Long.parseLong(name.substring("batch-".length()));
  }

  static void insert(Tx tx, Tenant tenant, Batch batch, long nowMs) {
    tx.update(
            """
            INSERT INTO {plan_batch} (dealer_id, id, plan_id, rule_no, account, month_no, prepared, payload,
              recipients, last_member, state, reason, created_ms)
            VALUES (:dealer, :id, :plan, :rule, :account, :month, :prepared, :payload, :recipients, :last,
              :state, :reason, :now)""")
        .bind("dealer", tenant.id())
        .bind("id", batch.id())
        .bind("plan", batch.planId())
        .bind("rule", batch.rule())
        .bind("account", batch.account())
        .bind("month", QuotaTable.number(batch.month()))
        .bind("prepared", batch.prepared())
        .bind("payload", batch.payload())
        .bind("recipients", batch.recipients())
        .bind("last", batch.lastMember())
        .bind("state", batch.state().name())
        .bind("reason", batch.reason())
        .bind("now", nowMs)
        .execute();
  }

  private static Batch batch(ResultSet row) throws SQLException {
    int month = row.getInt("month_no");
    return new Batch(
        row.getLong("id"),
        row.getLong("plan_id"),
        row.getInt("rule_no"),
        row.getString("account"),
        YearMonth.of(month / 100, month % 100),
        row.getString("prepared"),
        row.getString("payload"),
        row.getInt("recipients"),
        row.getLong("last_member"),
        State.valueOf(row.getString("state")),
        row.getString("reason"));
  }

  static Optional<Batch> find(Tx tx, Tenant tenant, long id) {
    return tx.guarded(
            "SELECT " + COLUMNS + " FROM {plan_batch} WHERE dealer_id = :dealer AND id = :id")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .map((row, context) -> batch(row))
        .findOne();
  }

  /** The batches of a plan, in the order in which they were made. */
  static List<Batch> of(Tx tx, Tenant tenant, long planId) {
    return tx.guarded(
            "SELECT "
                + COLUMNS
                + " FROM {plan_batch} WHERE dealer_id = :dealer AND plan_id = :plan"
                + " ORDER BY rule_no, last_member")
        .bind("dealer", tenant.id())
        .bind("plan", planId)
        .map((row, context) -> batch(row))
        .list();
  }

  /** The batches of a dealer in one of these states. */
  static List<Batch> in(Tx tx, Tenant tenant, Set<State> states) {
    return tx.guarded(
            "SELECT "
                + COLUMNS
                + " FROM {plan_batch} WHERE dealer_id = :dealer AND state IN (<states>) ORDER BY id")
        .bind("dealer", tenant.id())
        .bindList("states", states.stream().map(State::name).sorted().toList())
        .map((row, context) -> batch(row))
        .list();
  }

  /** Dealers with a plan that is running or to start by itself, or a batch that is open. */
  static List<Integer> dealersAtWork(Tx tx) {
    return tx.query(
            """
            SELECT dealer_id FROM {plan} WHERE state IN ('RUNNING', 'SCHEDULED')
            UNION SELECT dealer_id FROM {plan_batch} WHERE state = 'OPEN'""")
        .mapTo(Integer.class)
        .list();
  }

  /** What became of it; false if somebody else has noted it meanwhile. */
  static boolean settle(Tx tx, Tenant tenant, long id, State was, State state, String reason) {
    return tx.update(
                """
                UPDATE {plan_batch} SET state = :state, reason = :reason
                WHERE dealer_id = :dealer AND id = :id AND state = :was""")
            .bind("state", state.name())
            .bind("reason", reason)
            .bind("dealer", tenant.id())
            .bind("id", id)
            .bind("was", was.name())
            .execute()
        == 1;
  }

  // ---- members

  /** Members of a rule that get its content and are in no batch yet, behind one. */
  static List<Long> next(Tx tx, Tenant tenant, long planId, int rule, long afterMember, int limit) {
    return tx.query(
            """
            SELECT member_id FROM {plan_member}
            WHERE dealer_id = :dealer AND plan_id = :plan AND member_id > :after
              AND rule_no = :rule AND result = 'CHOSEN' AND batch_id IS NULL
            ORDER BY member_id LIMIT :limit""")
        .bind("dealer", tenant.id())
        .bind("plan", planId)
        .bind("after", afterMember)
        .bind("rule", rule)
        .bind("limit", limit)
        .mapTo(Long.class)
        .list();
  }

  /** Puts members into a batch, each by an openid. */
  static void join(Tx tx, Tenant tenant, long planId, long batchId, Map<Long, String> openids) {
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {plan_member} SET batch_id = :batch, openid_hash = :openid
            WHERE dealer_id = :dealer AND plan_id = :plan AND member_id = :member""");
    openids.forEach(
        (member, openid) ->
            batch
                .bind("batch", batchId)
                .bind("openid", openid)
                .bind("dealer", tenant.id())
                .bind("plan", planId)
                .bind("member", member)
                .add());
    batch.execute();
  }

  /** Members who get nothing after all, by the code of the reason. */
  static void stop(Tx tx, Tenant tenant, long planId, Map<Long, String> reasons) {
    if (reasons.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {plan_member} SET result = 'STOPPED', reason = :reason
            WHERE dealer_id = :dealer AND plan_id = :plan AND member_id = :member""");
    reasons.forEach(
        (member, reason) ->
            batch
                .bind("reason", reason)
                .bind("dealer", tenant.id())
                .bind("plan", planId)
                .bind("member", member)
                .add());
    batch.execute();
  }

  /** The openids of a batch, by their hashes, in their order. */
  static List<String> openids(Tx tx, Tenant tenant, long planId, long batchId) {
    return tx.guarded(
            """
            SELECT openid_hash FROM {plan_member}
            WHERE dealer_id = :dealer AND plan_id = :plan AND batch_id = :batch
            ORDER BY openid_hash""")
        .bind("dealer", tenant.id())
        .bind("plan", planId)
        .bind("batch", batchId)
        .mapTo(String.class)
        .list();
  }
}
