package io.laoke.message;

import io.laoke.error.LaokeException;
import io.laoke.error.SealedException;
import io.laoke.internal.jdbc.Dialect;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the engine does for one dealer in one transaction: takes the notes away, recovers what lost
 * its worker, claims, asks the gate, and leaves a note where work remains.
 */
final class Visit {
  private static final Logger LOG = LoggerFactory.getLogger(Visit.class);

  /** A row that lost its worker this often is parked. */
  static final int MOST_CLAIMS = 5;

  /** A row that lost its worker this often is sent with no other of its kind beside it. */
  static final int SUSPECT = 3;

  /** Account by account and purpose by purpose, as the index of turns has them. */
  private static final String NEXT_DUE =
      """
      SELECT MIN(t.due_ms) FROM (
        SELECT (SELECT o.due_ms FROM {outbox} o
          WHERE o.dealer_id = :dealer AND o.phase = 'WAITING' AND o.account = a.account
            AND o.purpose = p.purpose AND o.due_ms > :business
          ORDER BY o.due_ms LIMIT 1) AS due_ms
        FROM {account} a
        CROSS JOIN (SELECT 0 AS purpose UNION ALL SELECT 1 UNION ALL SELECT 2) p
        WHERE a.dealer_id = :dealer) t""";

  /** Each is the first entry of an index, however much waits. */
  static final List<String> NEXT_TIMES =
      List.of(
          NEXT_DUE,
          "SELECT MIN(retry_ms) FROM {outbox} WHERE dealer_id = :dealer AND phase = 'WAITING' AND retry_ms > 0 AND retry_ms > :now",
          "SELECT MIN(lease_until_ms) + 1 FROM {outbox_claim} WHERE dealer_id = :dealer",
          "SELECT MIN(valid_until_ms) FROM {outbox} WHERE dealer_id = :dealer AND phase = 'HELD'",
          "SELECT MIN(until_ms) FROM {pause} WHERE dealer_id = :dealer",
          "SELECT MIN(retry_ms) FROM {callback_inbox} WHERE dealer_id = :dealer AND state = 'RECEIVED'");

  private static final String CLAIM =
      """
      UPDATE {outbox} AS o SET state = 'CLAIMED', claim_token = :token, lease_until_ms = :lease,
        claims = claims + 1, attempts = attempts + 1,
        first_attempt_ms = CASE WHEN uncertain = 1 THEN first_attempt_ms ELSE :now END
      WHERE state = 'WAITING' AND dealer_id = :dealer AND\s""";

  private static final int PAGE = 200;
  private static final int CLAIMS_AT_ONCE = 8;
  private static final long MARGIN = 60_000;
  private static final long AGAIN = 60_000;
  private static final long REST_OF_MASS = 61_000;

  /** An outcome is written a moment after it has come. */
  private static final long MARGIN_OF_LEASES = 500;

  private final Json json;
  private final Notes notes;
  private final Pauses pauses;
  private final Reports reports;
  private final List<GateRule> rules;
  private final AddressBook addresses;
  private final ChannelPreparer preparer;
  private final EngineSettings settings;

  private final Tx tx;
  private final Tenant tenant;
  private final int dealer;
  private final long business;
  private final long now;
  private final long startedNanos;

  private final List<Ready> ready = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private final List<Change> written = new ArrayList<>();
  private final List<Alarm> alarms = new ArrayList<>();
  private final Map<String, Integer> expiredOf = new TreeMap<>();
  private final Set<Long> settled = new HashSet<>();
  private int claimed;
  private final Set<Long> trying = new HashSet<>();
  private boolean more;
  private @Nullable RuntimeException trouble;
  private long heldUntil = Long.MAX_VALUE;
  private long laterMs = Long.MAX_VALUE;

  /** What it works with. */
  record Tools(
      Json json,
      Notes notes,
      Pauses pauses,
      Reports reports,
      List<GateRule> rules,
      AddressBook addresses,
      ChannelPreparer preparer,
      Rewords rewords,
      EngineSettings settings) {}

  /** How much one account of the dealer takes. */
  record Quota(Account account, int rows) {}

  /** A claimed message that goes to its channel once the claim is committed. */
  record Ready(
      Tenant tenant,
      Row row,
      Outbound outbound,
      MessageChannel channel,
      boolean lookup,
      boolean trial,
      long sendBeforeNanos) {}

  /**
   * What came of it.
   *
   * @param noted whether notes were taken away, which may speak of facts from outside too
   * @param trouble what made a rule fail for all that it was asked about, if one did
   */
  record Result(
      List<Ready> ready,
      List<Change> changes,
      List<Alarm> alarms,
      int claimed,
      boolean noted,
      boolean worked,
      @Nullable RuntimeException trouble) {}

  private record Stored(Row row, String body) {}

  Visit(Tools tools, Tx tx, Tenant tenant, Instant business) {
    this.json = tools.json;
    this.notes = tools.notes;
    this.pauses = tools.pauses;
    this.reports = tools.reports;
    this.rules = tools.rules;
    this.addresses = tools.addresses;
    this.preparer = tools.preparer;
    this.settings = tools.settings;
    this.tx = tx;
    this.tenant = tenant;
    this.dealer = tenant.id();
    this.business = business.toEpochMilli();
    this.startedNanos = System.nanoTime();
    this.now = tx.machineMillis();
  }

  /**
   * Does it.
   *
   * @param suspects whether a suspect may be claimed
   * @param busy whether an account of the dealer takes nothing now
   * @param sweep whether to look at everything that could have been forgotten
   */
  Result run(List<Quota> quotas, boolean suspects, boolean busy, boolean sweep) {
    Notes.Taken taken = notes.take(tx, dealer, Math.max(business, now));
    List<Pause> inForce = pauses.inForce(tx, dealer, now);
    if (sweep) {
      pauses.releaseOrphans(tx, dealer);
      recoverUnclaimed();
    }
    recover();
    expire("HELD");
    if (sweep) {
      expire("WAITING");
    }
    reports.joinOpen(tx, dealer, now);
    List<Pause> trials =
        pauses.trials(
            tx, dealer, inForce, quotas.stream().map(quota -> quota.account.key()).toList(), now);
    boolean suspect = suspects;
    for (Quota quota : quotas) {
      trials.stream()
          .filter(pause -> pause.account().equals(quota.account.key()))
          .forEach(pause -> letOneThrough(quota.account, pause));
      suspect = claim(quota, inForce, suspect);
    }
    writeNow(changes);
    writeClaims();
    leaveNotes(taken, busy);
    expiredOf.forEach(
        (account, count) ->
            alarms.add(
                new Alarm(Alarm.Kind.EXPIRED, tenant.code(), account, "", Reasons.expired(count))));
    return new Result(
        ready,
        written,
        alarms,
        claimed,
        taken.count() > 0,
        !written.isEmpty() || claimed > 0,
        trouble);
  }

  private void writeNow(List<Change> some) {
    Changes.write(tx, json, dealer, some, now);
    written.addAll(some);
  }

  /** Claims whose lease is over: what they still hold may have left. */
  private void recover() {
    List<OldClaim> over =
        tx.query(
                """
                SELECT token, messages FROM {outbox_claim}
                WHERE dealer_id = :dealer AND lease_until_ms < :now
                ORDER BY lease_until_ms, token LIMIT %d FOR UPDATE%s"""
                    .formatted(CLAIMS_AT_ONCE, tx.dialect().skipLocked()))
            .bind("dealer", dealer)
            .bind("now", now)
            .map(
                (row, context) ->
                    new OldClaim(row.getString("token"), ids(row.getString("messages"))))
            .list();
    List<String> empty = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    for (OldClaim claim : over) {
      recover(held(claim, " FOR UPDATE" + tx.dialect().skipLocked()));
      // Whose outcome somebody is just writing was passed over; it keeps its claim until then.
      (held(claim, "").isEmpty() ? empty : kept).add(claim.token);
    }
    if (!empty.isEmpty()) {
      deleteClaims(tx, dealer, empty);
    }
    more |= over.size() == CLAIMS_AT_ONCE;
    if (!kept.isEmpty()) {
      long again = now + settings.poll().toMillis();
      tx.update(
              "UPDATE {outbox_claim} SET lease_until_ms = :again WHERE dealer_id = :dealer AND token IN (<tokens>)")
          .bind("again", again)
          .bind("dealer", dealer)
          .bindList("tokens", kept)
          .execute();
      notes.add(tx, dealer, again + 1);
    }
  }

  private record OldClaim(String token, List<Long> ids) {}

  private static List<Long> ids(String messages) {
    return Arrays.stream(messages.split(",")).map(Long::valueOf).toList();
  }

  private List<Row> held(OldClaim claim, String lock) {
    return claimed(
            claim.token, claim.ids, Row.COLUMNS, "AND o.state = 'CLAIMED' ORDER BY o.id" + lock)
        .map((row, context) -> Row.read(row))
        .list();
  }

  /** By their keys, or by an index that only H2 has. */
  private Query claimed(String token, List<Long> ids, String columns, String more) {
    String rows = "SELECT %s FROM {outbox} o WHERE o.dealer_id = :dealer".formatted(columns);
    String ofClaim = " AND o.claim_token = :token " + more;
    Query query =
        tx.dialect().writesByList()
            ? tx.query(rows + " AND o.id IN (<ids>)" + ofClaim, "ids", Rows.Type.LONG, ids)
            : tx.query(rows + ofClaim);
    return query.bind("dealer", dealer).bind("token", token);
  }

  /** Claims that nobody wrote down, found among all that waits by its index and without a lock. */
  static String lost(Dialect dialect) {
    return """
        SELECT o.id FROM {outbox} o%s
        WHERE o.dealer_id = :dealer AND o.phase = 'WAITING' AND o.state = 'CLAIMED'
          AND o.lease_until_ms < :now
          AND NOT EXISTS (SELECT 1 FROM {outbox_claim} c
            WHERE c.dealer_id = :dealer AND c.token = o.claim_token)
        ORDER BY o.id LIMIT %d"""
        .formatted(dialect.byIndex("outbox_unsent"), PAGE);
  }

  /** Safety net: claims of a version that did not write them down. */
  private void recoverUnclaimed() {
    List<Long> ids =
        tx.query(lost(tx.dialect()))
            .bind("dealer", dealer)
            .bind("now", now)
            .mapTo(Long.class)
            .list();
    if (ids.isEmpty()) {
      return;
    }
    recover(
        tx.query(
                """
                SELECT %s FROM {outbox} o
                WHERE o.dealer_id = :dealer AND o.id IN (<ids>) AND o.state = 'CLAIMED'
                  AND o.lease_until_ms < :now
                ORDER BY o.id FOR UPDATE%s"""
                    .formatted(Row.COLUMNS, tx.dialect().skipLocked()),
                "ids",
                Rows.Type.LONG,
                ids)
            .bind("dealer", dealer)
            .bind("now", now)
            .map((row, context) -> Row.read(row))
            .list());
    more |= ids.size() == PAGE;
  }

  private void recover(List<Row> lost) {
    List<Change> recovered = new ArrayList<>();
    for (Row row : lost) {
      recovered.add(row.claims() >= MOST_CLAIMS ? poison(row) : lostWorker(row));
    }
    // Written at once: what is recovered may be claimed again in this visit.
    writeNow(recovered);
    if (recovered.stream().anyMatch(change -> !change.state.live())) {
      more = true;
    }
  }

  /** Takes claims away that hold nothing any more. */
  static void deleteClaims(Tx tx, int dealer, Collection<String> tokens) {
    tx.update("DELETE FROM {outbox_claim} WHERE dealer_id = :dealer AND token IN (<tokens>)")
        .bind("dealer", dealer)
        .bindList("tokens", List.copyOf(tokens))
        .execute();
  }

  /** What goes to the channels, by claim: the outcomes take them away, or the lease tells. */
  private void writeClaims() {
    Map<String, List<String>> messages = new LinkedHashMap<>();
    for (Ready one : ready) {
      messages
          .computeIfAbsent(String.valueOf(one.row.claimToken()), token -> new ArrayList<>())
          .add(Long.toString(one.row.id()));
    }
    Rows rows =
        Rows.of("outbox_claim", dealer)
            .with(Rows.Type.TEXT, "token")
            .with(Rows.Type.LONG, "lease_until_ms")
            .with(Rows.Type.TEXT, "messages");
    messages.forEach((token, ids) -> rows.add(token, leaseUntil(), String.join(",", ids)));
    tx.insertAll(rows);
  }

  private long leaseUntil() {
    return now + settings.lease().toMillis();
  }

  private Change poison(Row row) {
    Reason reason = Reasons.poison(row.claims());
    alarms.add(alarm(Alarm.Kind.PARKED, row, reason));
    Change change = new Change(row, Delivery.State.PARKED, Decision.Result.PARKED, reason);
    change.uncertain = true;
    return change;
  }

  private Change lostWorker(Row row) {
    Change change =
        new Change(row, Delivery.State.WAITING, Decision.Result.DEFERRED, Reasons.workerLost());
    if (row.channel() == ChannelKind.WECHAT_MASS) {
      change.retryMs = now + REST_OF_MASS; // which may still be under way
    }
    change.uncertain = true;
    change.claims = row.claims();
    return change;
  }

  private void expire(String state) {
    List<Row> late =
        tx.query(
                """
                SELECT %1$s FROM {outbox} o
                WHERE o.dealer_id = :dealer AND o.phase = '%2$s' AND o.valid_until_ms <= :business
                  AND o.state = '%2$s' AND o.uncertain = 0
                ORDER BY o.valid_until_ms, o.id LIMIT %3$d FOR UPDATE%4$s"""
                    .formatted(Row.COLUMNS, state, PAGE, tx.dialect().skipLocked()))
            .bind("dealer", dealer)
            .bind("business", business)
            .map((row, context) -> Row.read(row))
            .list();
    List<Change> expired = new ArrayList<>();
    for (Row row : late) {
      expiredOf.merge(row.account(), 1, Integer::sum);
      expired.add(
          new Change(row, Delivery.State.EXPIRED, Decision.Result.EXPIRED, Reasons.expired()));
    }
    // Written at once, so that the next of the key can be claimed in this visit.
    writeNow(expired);
    more |= late.size() == PAGE;
  }

  /** One message tries whether the cause of a pause is gone. */
  private void letOneThrough(Account account, Pause pause) {
    List<Long> one =
        tx.query(
                """
                SELECT o.id FROM {outbox} o
                WHERE o.dealer_id = :dealer AND o.phase = 'HELD' AND o.account = :account
                  AND o.pause_id = :pause
                ORDER BY o.due_ms, o.id LIMIT 1 FOR UPDATE""")
            .bind("dealer", dealer)
            .bind("account", account.key())
            .bind("pause", pause.id())
            .mapTo(Long.class)
            .list();
    for (long id : one) {
      tx.update(
              "UPDATE {outbox} SET state = 'WAITING', pause_id = NULL WHERE dealer_id = :dealer AND id = :id")
          .bind("dealer", dealer)
          .bind("id", id)
          .execute();
      trying.add(id);
      take(account, mark(one), List.of());
    }
  }

  private boolean claim(Quota quota, List<Pause> inForce, boolean suspects) {
    boolean suspect = suspects;
    int room = quota.rows();
    for (Purpose purpose : Purpose.values()) {
      if (room > 0) {
        Marked marked =
            tx.dialect().returnsUpdated()
                ? markAtOnce(quota.account().key(), purpose, room, suspect)
                : mark(candidates(quota.account().key(), purpose, room, suspect));
        suspect &= !marked.suspect;
        more |= marked.full;
        room -= marked.mine.size();
        take(quota.account(), marked.mine, inForce);
      }
    }
    return suspect;
  }

  private record Candidates(List<Long> ids, boolean full, boolean suspect) {}

  /**
   * What was claimed.
   *
   * @param full whether there may be more
   * @param suspect whether one of it is a suspect
   */
  private record Marked(List<Stored> mine, boolean full, boolean suspect) {}

  private record Candidate(long id, int claims) {}

  static String candidates(Dialect dialect, String columns, String also, int room) {
    String skip = dialect.skipLocked();
    return """
        SELECT %s FROM {outbox} o
        WHERE o.dealer_id = :dealer AND o.phase = 'WAITING' AND o.account = :account
          AND o.purpose = :purpose AND o.due_ms <= :business AND o.retry_ms <= :now
          AND o.state = 'WAITING'%s
          AND NOT EXISTS (
            SELECT 1 FROM {outbox} p
            WHERE p.dealer_id = :dealer AND p.order_id = o.order_id AND p.recipient = o.recipient
              AND p.seq < o.seq AND p.phase IN ('WAITING', 'HELD'))
        ORDER BY o.due_ms, o.id LIMIT %d%s"""
        .formatted(columns, also, room, skip.isEmpty() ? "" : " FOR UPDATE" + skip);
  }

  /** Heads of their keys whose time has come, oldest first. */
  private Candidates candidates(String account, Purpose purpose, int room, boolean suspects) {
    List<Candidate> found =
        tx.query(candidates(tx.dialect(), "o.id, o.claims", "", room))
            .bind("dealer", dealer)
            .bind("account", account)
            .bind("purpose", Row.rank(purpose))
            .bind("business", business)
            .bind("now", now)
            .map((row, context) -> new Candidate(row.getLong("id"), row.getInt("claims")))
            .list();
    List<Long> ids = new ArrayList<>();
    boolean suspect = false;
    for (Candidate candidate : found) {
      if (candidate.claims < SUSPECT) {
        ids.add(candidate.id);
      } else if (suspects && !suspect) {
        suspect = true;
        ids.add(candidate.id);
      }
    }
    return new Candidates(ids, found.size() == room && !ids.isEmpty(), suspect);
  }

  private void take(Account account, List<Stored> mine, List<Pause> inForce) {
    claimed += mine.size();
    if (!mine.isEmpty()) {
      judge(account, mine, inForce);
    }
  }

  private Marked mark(Candidates candidates) {
    List<Stored> mine = candidates.ids.isEmpty() ? List.of() : mark(candidates.ids);
    return new Marked(
        mine, candidates.full || mine.size() < candidates.ids.size(), candidates.suspect);
  }

  private Map<String, Object> claimValues(String token) {
    return Map.of("token", token, "lease", leaseUntil(), "now", now, "dealer", dealer);
  }

  /** Compare and set; whose it became is read back by the token, since counts prove nothing. */
  private List<Stored> mark(List<Long> ids) {
    String token = UUID.randomUUID().toString();
    Map<String, Object> values = claimValues(token);
    if (tx.dialect().writesByList()) {
      tx.update(CLAIM + "id IN (<ids>)").bindMap(values).bindList("ids", ids).execute();
    } else {
      try (PreparedBatch batch = tx.batch(CLAIM + "id = :id")) {
        ids.forEach(id -> batch.bindMap(values).bind("id", id).add());
        batch.execute();
      }
    }
    return claimed(token, ids, Row.COLUMNS + ", o.body", "ORDER BY o.due_ms, o.id")
        .map((row, context) -> stored(row))
        .list();
  }

  static String claimAtOnce(Dialect dialect, int room, boolean suspects) {
    return CLAIM
        + "id = ANY (ARRAY(\n"
        + candidates(dialect, "o.id", suspects ? "" : " AND o.claims < " + SUSPECT, room)
        + "))\nRETURNING "
        + Row.COLUMNS
        + ", o.body";
  }

  /** Looks and claims in one statement. Suspects that may not go now are given back. */
  private Marked markAtOnce(String account, Purpose purpose, int room, boolean suspects) {
    List<Stored> found =
        tx.query(claimAtOnce(tx.dialect(), room, suspects))
            .bindMap(claimValues(UUID.randomUUID().toString()))
            .bind("account", account)
            .bind("purpose", Row.rank(purpose))
            .bind("business", business)
            .map((row, context) -> stored(row))
            .list();
    found.sort(
        Comparator.comparingLong((Stored stored) -> stored.row.dueMs())
            .thenComparing(stored -> stored.row.id()));
    List<Stored> mine = new ArrayList<>();
    List<Long> back = new ArrayList<>();
    boolean suspect = false;
    for (Stored one : found) {
      boolean suspicious = one.row.claims() > SUSPECT;
      if (suspicious && (suspect || !suspects)) {
        back.add(one.row.id());
      } else {
        suspect |= suspicious;
        mine.add(one);
      }
    }
    if (!back.isEmpty()) {
      tx.update(
              """
              UPDATE {outbox} SET state = 'WAITING', claim_token = NULL, lease_until_ms = NULL,
                claims = claims - 1, attempts = attempts - 1
              WHERE dealer_id = :dealer AND id IN (<ids>)""")
          .bind("dealer", dealer)
          .bindList("ids", back)
          .execute();
    }
    return new Marked(mine, found.size() == room && !mine.isEmpty(), suspect);
  }

  private static Stored stored(ResultSet row) throws SQLException {
    return new Stored(Row.read(row), row.getString("body"));
  }

  private void judge(Account account, List<Stored> mine, List<Pause> inForce) {
    Map<Long, Stored> left = new LinkedHashMap<>();
    mine.forEach(stored -> left.put(stored.row.id(), stored));
    left.values().removeIf(this::wiped);
    left.values().removeIf(stored -> tooOld(stored.row) || held(stored.row, inForce));
    Map<String, String> known = left.isEmpty() ? Map.of() : addressesOf(account.key(), left);
    left.values().removeIf(stored -> settled.contains(stored.row.id()));
    left.values().removeIf(stored -> withoutAddress(stored.row, known));
    askRules(left);
    Map<ChannelKind, Optional<MessageChannel>> channels = channels(account, left.values());
    for (Stored stored : left.values()) {
      Optional<MessageChannel> channel =
          channels.getOrDefault(stored.row.channel(), Optional.empty());
      if (channel.isEmpty()) {
        put(stored.row, Reasons.noChannel(stored.row.channel()));
      } else if (channel.get().callLimit().compareTo(settings.lease()) >= 0) {
        put(stored.row, Reasons.callLimit(channel.get().callLimit(), settings.lease()));
      } else {
        makeReady(stored, String.valueOf(known.get(stored.row.recipient())), channel.get());
      }
    }
  }

  private Map<ChannelKind, Optional<MessageChannel>> channels(
      Account account, Collection<Stored> left) {
    Map<ChannelKind, Set<String>> templates = new EnumMap<>(ChannelKind.class);
    left.forEach(
        stored ->
            templates
                .computeIfAbsent(stored.row.channel(), kind -> new HashSet<>())
                .add(stored.row.templateId()));
    Map<ChannelKind, Optional<MessageChannel>> channels = new EnumMap<>(ChannelKind.class);
    templates.forEach(
        (kind, ids) -> channels.put(kind, preparer.prepared(tx, tenant, kind, account, ids)));
    return channels;
  }

  private boolean tooOld(Row row) {
    if (row.uncertain() || row.validUntilMs() > business) {
      return false;
    }
    expiredOf.merge(row.account(), 1, Integer::sum);
    end(row, Delivery.State.EXPIRED, Decision.Result.EXPIRED, Reasons.expired());
    return true;
  }

  private boolean held(Row row, List<Pause> inForce) {
    if (row.uncertain()) {
      return false;
    }
    Optional<Pause> pause = Pauses.holding(inForce, row);
    if (pause.isEmpty() || !pauses.lock(tx, dealer, pause.get().id())) {
      return false;
    }
    hold(row, pause.get());
    return true;
  }

  private void hold(Row row, Pause pause) {
    Change change =
        new Change(row, Delivery.State.HELD, Decision.Result.DEFERRED, pause.reason())
            .notAttempted();
    change.pauseId = pause.id();
    changes.add(change);
    heldUntil = Math.min(heldUntil, row.validUntilMs());
  }

  /** Puts a row aside until a person has set the channel right. */
  private void put(Row row, Reason why) {
    if (row.uncertain()) {
      // An earlier attempt may have left: its window goes on, whatever is paused.
      startPauseOf(row, why);
      later(row, why);
    } else {
      hold(row, startPauseOf(row, why));
    }
  }

  private void later(Row row, Reason why) {
    later(row, why, now + AGAIN);
  }

  private void later(Row row, Reason why, long retryMs) {
    Change change =
        new Change(row, Delivery.State.WAITING, Decision.Result.DEFERRED, why).notAttempted();
    change.retryMs = retryMs;
    changes.add(change);
    laterMs = Math.min(laterMs, retryMs);
  }

  private Pause startPauseOf(Row row, Reason reason) {
    Pauses.Started started =
        pauses.start(
            tx,
            dealer,
            row.account(),
            Pause.Scope.CHANNEL,
            row.channel().name(),
            null,
            reason,
            now);
    if (started.fresh()) {
      alarms.add(
          new Alarm(Alarm.Kind.PAUSED, tenant.code(), row.account(), row.channel().name(), reason));
    }
    return new Pause(
        started.id(),
        row.account(),
        Pause.Scope.CHANNEL,
        row.channel().name(),
        Instant.ofEpochMilli(now),
        Optional.empty(),
        reason);
  }

  /** Nothing is left to be sent: its person was erased, or its words were too old. */
  private boolean wiped(Stored stored) {
    if (!stored.body.isEmpty()) {
      return false;
    }
    changes.add(MessageData.stopped(stored.row));
    more = true;
    return true;
  }

  private Map<String, String> addressesOf(String account, Map<Long, Stored> left) {
    Set<String> openids = new HashSet<>();
    Set<String> phones = new HashSet<>();
    Map<String, String> known = new HashMap<>();
    for (Stored stored : left.values()) {
      String recipient = stored.row.recipient();
      if (stored.row.channel() == ChannelKind.WECHAT_MASS) {
        known.put(recipient, recipient); // a list, which the channel is prepared with
      } else {
        (byPhone(stored.row) ? phones : openids).add(recipient);
      }
    }
    try {
      if (!phones.isEmpty()) {
        known.putAll(addresses.phonesOf(tx, tenant, phones));
      }
      if (!openids.isEmpty()) {
        known.putAll(addresses.addressesOf(tx, tenant, account, openids));
      }
      return known;
    } catch (RuntimeException one) {
      rethrowOfDatabase(one);
      return addressesOneByOne(account, left);
    }
  }

  /** One that cannot be opened must not hold up the others. */
  private Map<String, String> addressesOneByOne(String account, Map<Long, Stored> left) {
    Map<String, String> known = new HashMap<>();
    for (Stored stored : left.values()) {
      Row row = stored.row;
      try {
        if (row.channel() == ChannelKind.WECHAT_MASS) {
          known.put(row.recipient(), row.recipient());
        } else if (byPhone(row)) {
          known.putAll(addresses.phonesOf(tx, tenant, Set.of(row.recipient())));
        } else {
          addresses
              .addressOf(tx, tenant, account, row.recipient())
              .ifPresent(address -> known.put(row.recipient(), address));
        }
      } catch (RuntimeException failed) {
        rethrowOfDatabase(failed);
        aside(row, failed, Reasons.unreadable(closed(failed)));
      }
    }
    return known;
  }

  private static boolean byPhone(Row row) {
    return row.channel() == ChannelKind.SMS;
  }

  private static String closed(RuntimeException failure) {
    return failure instanceof SealedException
        ? "no key opens the recipient's address"
        : "its recipient's address, " + failure.getClass().getSimpleName();
  }

  /** After a failed statement the transaction is of no use any more. */
  static void rethrowOfDatabase(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException || cause instanceof JdbiException) {
        throw failure;
      }
    }
  }

  /** What fails for this row alone waits if that may pass, else a person has to look. */
  private void aside(Row row, RuntimeException failure, Reason reason) {
    settled.add(row.id());
    if (failure instanceof LaokeException known && known.retryable()) {
      later(row, reason);
      return;
    }
    end(
        row,
        Delivery.State.PARKED,
        row.uncertain() ? Decision.Result.UNKNOWN : Decision.Result.PARKED,
        reason);
    alarms.add(alarm(Alarm.Kind.PARKED, row, reason));
  }

  private boolean withoutAddress(Row row, Map<String, String> known) {
    if (known.containsKey(row.recipient())) {
      return false;
    }
    if (row.uncertain()) {
      Reason reason = Reasons.noAddressForRepeat();
      end(row, Delivery.State.PARKED, Decision.Result.UNKNOWN, reason);
      alarms.add(alarm(Alarm.Kind.UNKNOWN, row, reason));
    } else {
      end(row, Delivery.State.STOPPED, Decision.Result.STOPPED, Reasons.noAddress(row.channel()));
    }
    return true;
  }

  private void askRules(Map<Long, Stored> left) {
    for (GateRule rule : rules) {
      List<GateRule.Candidate> asked =
          left.values().stream()
              .map(Stored::row)
              .filter(row -> !row.uncertain())
              .map(Visit::candidate)
              .toList();
      if (asked.isEmpty()) {
        return;
      }
      List<GateRule.@Nullable Verdict> verdicts = verdicts(rule, asked, left);
      for (int i = 0; i < asked.size(); i++) {
        long id = asked.get(i).id();
        GateRule.Verdict verdict = verdicts.get(i);
        if (verdict == null || judged(left.get(id), verdict)) {
          left.remove(id);
        }
      }
    }
  }

  /** Its verdicts; null for a message that made it fail, which is put aside. */
  private List<GateRule.@Nullable Verdict> verdicts(
      GateRule rule, List<GateRule.Candidate> asked, Map<Long, Stored> left) {
    try {
      return new ArrayList<>(judgedBy(rule, asked));
    } catch (RuntimeException one) {
      rethrowOfDatabase(one);
      if (asked.size() == 1) {
        return broken(rule, asked, left, one);
      }
    }
    List<GateRule.@Nullable Verdict> verdicts =
        new ArrayList<>(Collections.nCopies(asked.size(), null));
    Map<Long, RuntimeException> failures = new LinkedHashMap<>();
    // Twice, so that a rule that was away for a moment blames no message.
    for (int turn = 0; turn < 2; turn++) {
      for (int i = 0; i < asked.size(); i++) {
        if (verdicts.get(i) == null) {
          verdicts.set(i, alone(rule, asked.get(i), failures));
        }
      }
    }
    if (failures.size() == asked.size()) {
      return broken(rule, asked, left, failures.values().iterator().next());
    }
    failures.forEach(
        (id, failed) -> {
          LOG.warn(
              "laoke.gate.rule {} failed dealer={}", rule.getClass().getName(), dealer, failed);
          Stored stored = left.get(id);
          if (stored != null) {
            aside(stored.row, failed, Reasons.notJudged(rule, failed));
          }
        });
    return verdicts;
  }

  private GateRule.@Nullable Verdict alone(
      GateRule rule, GateRule.Candidate asked, Map<Long, RuntimeException> failures) {
    try {
      GateRule.Verdict verdict = judgedBy(rule, List.of(asked)).get(0);
      failures.remove(asked.id());
      return verdict;
    } catch (RuntimeException failed) {
      rethrowOfDatabase(failed);
      failures.put(asked.id(), failed);
      return null;
    }
  }

  /**
   * The rule fails for all that it was asked about, so no message is to blame: these wait, whatever
   * the rule does not see goes on, and somebody is told.
   */
  private List<GateRule.@Nullable Verdict> broken(
      GateRule rule,
      List<GateRule.Candidate> asked,
      Map<Long, Stored> left,
      RuntimeException failure) {
    trouble = failure;
    // Few come back soon; many leave the room to what other rules let through.
    long wait = asked.size() < PAGE / 4 ? settings.poll().toMillis() : AGAIN;
    for (GateRule.Candidate candidate : asked) {
      Stored stored = left.get(candidate.id());
      if (stored != null) {
        later(stored.row, Reasons.notJudged(rule, failure), now + wait);
      }
    }
    return Collections.nCopies(asked.size(), null);
  }

  private List<GateRule.Verdict> judgedBy(GateRule rule, List<GateRule.Candidate> asked) {
    List<GateRule.Verdict> verdicts = rule.judge(tx, tenant, Instant.ofEpochMilli(business), asked);
    if (verdicts.size() != asked.size()) {
      throw new IllegalStateException(
          "%s gave %d verdicts about %d messages"
              .formatted(rule.getClass().getName(), verdicts.size(), asked.size()));
    }
    return List.copyOf(verdicts); // none is null
  }

  private boolean judged(@Nullable Stored stored, GateRule.Verdict verdict) {
    if (stored == null || verdict instanceof GateRule.Verdict.Pass) {
      return false;
    }
    Row row = stored.row;
    if (verdict instanceof GateRule.Verdict.Stop stop) {
      end(row, Delivery.State.STOPPED, Decision.Result.STOPPED, stop.why());
    } else if (verdict instanceof GateRule.Verdict.Defer defer) {
      Change change =
          new Change(row, Delivery.State.WAITING, Decision.Result.DEFERRED, defer.why())
              .notAttempted();
      change.dueMs = Math.max(defer.until().toEpochMilli(), business + 1);
      changes.add(change);
      notes.add(tx, dealer, change.dueMs);
    }
    return true;
  }

  private static GateRule.Candidate candidate(Row row) {
    return new GateRule.Candidate(
        row.id(),
        row.causeKind(),
        row.causeId(),
        row.orderId(),
        row.seq(),
        row.purpose(),
        row.channel(),
        row.account(),
        row.recipient(),
        row.templateId(),
        Instant.ofEpochMilli(row.dueMs()),
        Instant.ofEpochMilli(row.validUntilMs()),
        row.wanted());
  }

  private void makeReady(Stored stored, String address, MessageChannel channel) {
    Row row = stored.row;
    Outbound outbound;
    try {
      outbound =
          new Outbound(
              address,
              row.dedupeId(),
              row.purpose(),
              StoredBody.read(json, tenant.privacy(), stored.body),
              row.uncertain());
    } catch (RuntimeException unreadable) {
      if (unreadable instanceof LaokeException newer && newer.retryable()) {
        // In time a node that can read it comes by, or this one is brought up to date.
        later(row, Reasons.notReadableYet(newer));
        return;
      }
      Reason reason = Reasons.unreadable(unreadable.getClass().getSimpleName());
      end(row, Delivery.State.PARKED, Decision.Result.PARKED, reason);
      alarms.add(alarm(Alarm.Kind.PARKED, row, reason));
      return;
    }
    long windowLeft = windowEnd(row, channel) - now;
    boolean lookup = row.uncertain() && windowLeft <= 0;
    long millis = settings.lease().toMillis() - channel.callLimit().toMillis();
    millis -= Math.min(MARGIN_OF_LEASES, millis / 4);
    if (row.uncertain() && !lookup) {
      millis = Math.min(millis, windowLeft);
    }
    ready.add(
        new Ready(
            tenant,
            row,
            outbound,
            channel,
            lookup,
            trying.contains(row.id()),
            startedNanos + Math.max(1, millis) * 1_000_000));
  }

  /** Machine time until which an attempt of unknown outcome may be repeated. */
  static long windowEnd(Row row, MessageChannel channel) {
    Long first = row.firstAttemptMs();
    return first == null ? Long.MIN_VALUE / 2 : first + channel.dedupeWindow().toMillis() - MARGIN;
  }

  private void end(Row row, Delivery.State state, Decision.Result result, Reason reason) {
    Change change = new Change(row, state, result, reason);
    if (state != Delivery.State.PARKED) {
      change.notAttempted();
    }
    changes.add(change);
    more = true; // the next of its key may go now
  }

  private Alarm alarm(Alarm.Kind kind, Row row, Reason reason) {
    return new Alarm(kind, tenant.code(), row.account(), Long.toString(row.id()), reason);
  }

  private void leaveNotes(Notes.Taken taken, boolean busy) {
    if (more || taken.more() || (busy && taken.count() > 0)) {
      notes.add(tx, dealer, Math.min(business, now));
    }
    if (!ready.isEmpty()) {
      notes.add(tx, dealer, leaseUntil() + 1);
    }
    if (laterMs != Long.MAX_VALUE) {
      notes.add(tx, dealer, laterMs);
    }
    if (heldUntil != Long.MAX_VALUE) {
      notes.add(tx, dealer, heldUntil);
    }
    if (taken.count() > 0 && !more) {
      nextTimes().stream().filter(Objects::nonNull).forEach(time -> notes.add(tx, dealer, time));
    }
  }

  /**
   * When there may be work next. Needed because a note counts by either clock: where these disagree
   * it is taken before its time.
   */
  private List<@Nullable Long> nextTimes() {
    return NEXT_TIMES.stream().map(this::next).toList();
  }

  private @Nullable Long next(String sql) {
    return tx.query(sql)
        .bindMap(Map.of("dealer", dealer, "business", business, "now", now))
        .mapTo(Long.class)
        .findOne()
        .orElse(null);
  }
}
