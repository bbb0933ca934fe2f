package io.laoke.push;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Purpose;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The SQL of batches. */
final class BatchTable {
  static final String CAUSE = "PLAN_BATCH";

  private static final String COLUMNS =
      "id, plan_id, rule_no, account, month_no, prepared, payload, recipients, last_member, state,"
          + " reason, created_ms, provider_id, taken_ms, taken_machine_ms, asked_ms, asks, tag_id";

  /** Those whose tag may be needed once more, be it for a repeat. */
  private static final Set<State> NEEDING_TAGS =
      EnumSet.of(State.TAGGING, State.OPEN, State.UNKNOWN, State.AWAITING_ADMIN);

  private BatchTable() {}

  /** How far a batch is. */
  enum State {
    TAGGING,
    OPEN,
    SENT,
    FAILED,
    UNKNOWN,
    AWAITING_ADMIN
  }

  /**
   * What is known of a batch's job at WeChat.
   *
   * @param takenAt business time at which WeChat took it
   * @param takenMs the same as machine time; 0 before
   * @param askedAt machine time at which WeChat was asked about it last
   * @param asks how often it was
   */
  record Job(
      Optional<String> providerId,
      Optional<Instant> takenAt,
      long takenMs,
      Optional<Instant> askedAt,
      int asks) {
    static final Job NONE = new Job(Optional.empty(), Optional.empty(), 0, Optional.empty(), 0);
  }

  /**
   * A batch.
   *
   * @param prepared by which name its draft was made
   * @param lastMember up to whom its rule is through
   * @param createdMs machine time at which it was made; 0 for one that is being made
   * @param tagId of the tag that its only follower carries
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
      String reason,
      long createdMs,
      Job job,
      OptionalLong tagId) {
    /** Whether its end is not known: one that has ended never leaves again, whoever asks for it. */
    boolean mayLeave() {
      return state == State.OPEN || state == State.UNKNOWN;
    }

    Batch in(State next, Job known) {
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
          reason,
          createdMs,
          known,
          tagId);
    }
  }

  /** The name of a batch as the recipient, and the template, of its message. */
  static String name(long batchId) {
    return "batch-" + batchId;
  }

  static long id(String name) {
    return Long.parseLong(name.substring("batch-".length()));
  }

  /**
   * A new one.
   *
   * @param purpose of its plan
   * @param now business time
   */
  static void insert(Tx tx, Tenant tenant, Batch batch, Purpose purpose, Instant now) {
    tx.update(
            """
            INSERT INTO {plan_batch} (dealer_id, id, plan_id, rule_no, account, month_no, prepared, payload,
              recipients, last_member, state, reason, created_ms, purpose, made_ms)
            VALUES (:dealer, :id, :plan, :rule, :account, :month, :prepared, :payload, :recipients, :last,
              :state, :reason, :now, :purpose, :made)""")
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
        .bind("now", tx.machineMillis())
        .bind("purpose", purpose.name())
        .bind("made", now.toEpochMilli())
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
        row.getString("reason"),
        row.getLong("created_ms"),
        new Job(
            Optional.ofNullable(row.getString("provider_id")),
            time(row, "taken_ms"),
            row.getLong("taken_machine_ms"),
            time(row, "asked_ms"),
            row.getInt("asks")),
        tagId(row));
  }

  private static OptionalLong tagId(ResultSet row) throws SQLException {
    long tag = row.getLong("tag_id");
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(tag);
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
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

  /**
   * Dealers with a plan that is running or to start by itself, a batch that is open, of unknown
   * outcome since a few days at most, or to be asked about, or a job report whose batch is looked
   * for.
   */
  static List<Integer> dealersAtWork(Tx tx) {
    return tx.query(
            """
            SELECT dealer_id FROM {plan} WHERE state IN ('RUNNING', 'SCHEDULED')
            UNION SELECT dealer_id FROM {plan_batch} WHERE state IN ('OPEN', 'TAGGING')
            UNION SELECT dealer_id FROM {plan_batch} WHERE tag_until_ms <= :now
            UNION SELECT dealer_id FROM {plan_batch} WHERE state = 'UNKNOWN' AND created_ms > :lately
            UNION SELECT dealer_id FROM {plan_batch} WHERE ask_ms <= :now
            UNION SELECT dealer_id FROM {plan_report} WHERE open_until_ms > :now""")
        .bind("now", tx.machineMillis())
        .bind("lately", tx.machineMillis() - Duration.ofDays(3).toMillis())
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

  // ---- jobs

  /** Notes by which id WeChat took it, when, and from when on WeChat is to be asked about it. */
  static void taken(Tx tx, Tenant tenant, long id, Job job, long askMs) {
    tx.update(
            """
            UPDATE {plan_batch} SET provider_id = :provider, taken_ms = :taken,
              taken_machine_ms = :machine, ask_ms = :ask
            WHERE dealer_id = :dealer AND id = :id""")
        .bind("provider", job.providerId().orElse(null))
        .bind("taken", job.takenAt().map(Instant::toEpochMilli).orElse(null))
        .bind("machine", job.takenMs())
        .bind("ask", askMs)
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  /** Notes which job is a batch's of which WeChat did not say it, unless one is known by now. */
  static boolean identify(Tx tx, Tenant tenant, long id, String providerId) {
    return tx.update(
                """
                UPDATE {plan_batch} SET provider_id = :provider
                WHERE dealer_id = :dealer AND id = :id AND provider_id IS NULL""")
            .bind("provider", providerId)
            .bind("dealer", tenant.id())
            .bind("id", id)
            .execute()
        == 1;
  }

  /** The batch's job has ended; false if somebody else has noted an end, or another state. */
  static boolean end(Tx tx, Tenant tenant, Batch batch, State state, String reason, long takenMs) {
    return tx.update(
                """
                UPDATE {plan_batch} SET state = :state, reason = :reason, job_end = :end, ask_ms = NULL,
                  taken_ms = COALESCE(taken_ms, :taken)
                WHERE dealer_id = :dealer AND id = :id AND state = :was AND job_end IS NULL""")
            .bind("state", state.name())
            .bind("reason", reason)
            .bind("end", state == State.FAILED ? "FAILED" : "SUCCEEDED")
            .bind("taken", takenMs)
            .bind("dealer", tenant.id())
            .bind("id", batch.id())
            .bind("was", batch.state().name())
            .execute()
        == 1;
  }

  /** Those of an account on their way, of unknown outcome, or awaited, whose job nobody knows. */
  static List<Batch> withoutId(Tx tx, Tenant tenant, String account) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {plan_batch} WHERE dealer_id = :dealer AND account = :account"
                + " AND provider_id IS NULL AND state IN ('OPEN', 'UNKNOWN', 'AWAITING_ADMIN')"
                + " ORDER BY id")
        .bind("dealer", tenant.id())
        .bind("account", account)
        .map((row, context) -> batch(row))
        .list();
  }

  /** The batches of an account that WeChat took under that id: one, or none. */
  static List<Batch> byProvider(Tx tx, Tenant tenant, String account, String providerId) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {plan_batch} WHERE dealer_id = :dealer AND account = :account"
                + " AND provider_id = :provider ORDER BY id")
        .bind("dealer", tenant.id())
        .bind("account", account)
        .bind("provider", providerId)
        .map((row, context) -> batch(row))
        .list();
  }

  /**
   * Some that WeChat is to be asked about, for the longest time first.
   *
   * @param most at most so many
   */
  static List<Batch> toAsk(Tx tx, Tenant tenant, int most) {
    return tx.query(
            "SELECT "
                + COLUMNS
                + " FROM {plan_batch} WHERE dealer_id = :dealer AND ask_ms <= :now"
                + " ORDER BY ask_ms, id LIMIT :most")
        .bind("dealer", tenant.id())
        .bind("now", tx.machineMillis())
        .bind("most", most)
        .map((row, context) -> batch(row))
        .list();
  }

  /** Takes the asking about a batch for a while; false if somebody else has. */
  static boolean ask(Tx tx, Tenant tenant, Batch batch, long untilMs) {
    return tx.update(
                """
                UPDATE {plan_batch} SET ask_ms = :until, asks = :asks, asked_ms = :now
                WHERE dealer_id = :dealer AND id = :id AND ask_ms <= :now""")
            .bind("until", untilMs)
            .bind("asks", batch.job().asks() + 1)
            .bind("now", tx.machineMillis())
            .bind("dealer", tenant.id())
            .bind("id", batch.id())
            .execute()
        == 1;
  }

  /** Notes when WeChat is asked next, unless an end is known by now; never for null. */
  static void askNext(Tx tx, Tenant tenant, long id, @Nullable Long atMs) {
    tx.update(
            """
            UPDATE {plan_batch} SET ask_ms = :at
            WHERE dealer_id = :dealer AND id = :id AND job_end IS NULL""")
        .bind("at", atMs)
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  /** When WeChat took a plan's first batch that was sent, in business time. */
  static Optional<Instant> firstTaken(Tx tx, Tenant tenant, long planId) {
    return tx.guarded(
            """
            SELECT MIN(taken_ms) AS taken_ms FROM {plan_batch}
            WHERE dealer_id = :dealer AND plan_id = :plan AND state = 'SENT'""")
        .bind("dealer", tenant.id())
        .bind("plan", planId)
        .map((row, context) -> time(row, "taken_ms"))
        .one();
  }

  // ---- tags

  /**
   * A tag of a batch.
   *
   * @param untilMs machine time until which it was to be kept
   * @param needed whether it is still
   */
  record Tag(long batchId, String account, long tagId, long untilMs, boolean needed) {}

  /** Writes down which tag a batch's follower carries, or is to. */
  static void tagged(Tx tx, Tenant tenant, long id, long tagId, long untilMs) {
    tx.update(
            """
            UPDATE {plan_batch} SET tag_id = :tag, tag_until_ms = :until
            WHERE dealer_id = :dealer AND id = :id""")
        .bind("tag", tagId)
        .bind("until", untilMs)
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  /** The tag that was to be kept for the shortest, if its time is over. */
  static Optional<Tag> oldTag(Tx tx, Tenant tenant) {
    return tx.query(
            """
            SELECT id, account, tag_id, tag_until_ms, state FROM {plan_batch}
            WHERE dealer_id = :dealer AND tag_until_ms <= :now ORDER BY tag_until_ms, id LIMIT 1""")
        .bind("dealer", tenant.id())
        .bind("now", tx.machineMillis())
        .map(
            (row, context) ->
                new Tag(
                    row.getLong("id"),
                    row.getString("account"),
                    row.getLong("tag_id"),
                    row.getLong("tag_until_ms"),
                    NEEDING_TAGS.contains(State.valueOf(row.getString("state")))))
        .findOne();
  }

  /** Keeps a tag for longer; false if somebody else has. */
  static boolean keepTag(Tx tx, Tenant tenant, Tag tag, long untilMs) {
    return tx.update(
                """
                UPDATE {plan_batch} SET tag_until_ms = :until
                WHERE dealer_id = :dealer AND id = :id AND tag_until_ms = :was""")
            .bind("until", untilMs)
            .bind("was", tag.untilMs())
            .bind("dealer", tenant.id())
            .bind("id", tag.batchId())
            .execute()
        == 1;
  }

  /** The tag is deleted. */
  static void untagged(Tx tx, Tenant tenant, long id) {
    tx.update(
            """
            UPDATE {plan_batch} SET tag_id = NULL, tag_until_ms = NULL
            WHERE dealer_id = :dealer AND id = :id""")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  /** Those that wait for a tag, of plans that were cancelled. */
  static List<Batch> abandoned(Tx tx, Tenant tenant) {
    return in(tx, tenant, Set.of(State.TAGGING)).stream()
        .filter(batch -> PlanTable.isIn(tx, tenant, batch.planId(), PlanState.CANCELLED))
        .toList();
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
