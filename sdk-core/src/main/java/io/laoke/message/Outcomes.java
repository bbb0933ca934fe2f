package io.laoke.message;

import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what became of many messages of one dealer, in one transaction. */
final class Outcomes {
  private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);
  private static final int MISFITS = 3;

  /** By the back-off, after about half a minute. */
  private static final int MANY_ATTEMPTS = 5;

  private static final Duration LONGEST_WAIT = Duration.ofDays(365);
  private static final long MISFIT_MEMORY = 24L * 60 * 60 * 1_000;

  private final Json json;
  private final Notes notes;
  private final Pauses pauses;
  private final Reports reports;
  private final List<RecipientListener> recipients;
  private final EngineSettings settings;
  private final Rewords rewords;
  private final Tx tx;
  private final Tenant tenant;
  private final int dealer;
  private final long now;

  private final List<Change> changes = new ArrayList<>();
  private final List<Change> accepted = new ArrayList<>();
  private final Set<String> ended;
  private final List<Alarm> alarms = new ArrayList<>();
  private final List<Paused> paused = new ArrayList<>();
  private final Map<Long, TemplateMessage> words = new HashMap<>();
  private final Set<Long> wiped = new HashSet<>();
  private long nextRetry = Long.MAX_VALUE;

  /**
   * An outcome, or the news that it was not sent at all.
   *
   * @param outcome null when the message was not handed over
   */
  record Done(Visit.Ready ready, @Nullable SendOutcome outcome) {}

  /** What was paused, so that what is claimed already can be given back. */
  record Paused(String account, Pause.Scope scope, String reference) {
    boolean holds(Row row) {
      return account.equals(row.account())
          && (scope != Pause.Scope.TEMPLATE || reference.equals(row.templateId()));
    }
  }

  /** What came of it. */
  record Result(List<Change> changes, List<Alarm> alarms, List<Paused> paused) {}

  /**
   * For one transaction.
   *
   * @param ended the claims whose last outcomes these are
   */
  Outcomes(
      Visit.Tools tools,
      List<RecipientListener> recipients,
      Tx tx,
      Tenant tenant,
      Set<String> ended) {
    this.ended = ended;
    this.json = tools.json();
    this.notes = tools.notes();
    this.pauses = tools.pauses();
    this.reports = tools.reports();
    this.settings = tools.settings();
    this.rewords = tools.rewords();
    this.recipients = recipients;
    this.tx = tx;
    this.tenant = tenant;
    this.dealer = tenant.id();
    this.now = tx.machineMillis();
  }

  Result write(List<Done> done) {
    lockAccounts(done);
    anew(done);
    List<Done> others = tx.dialect().returnsUpdated() ? writeAccepted(done) : done;
    Map<Long, Row> present = others.isEmpty() ? Map.of() : lock(others);
    words.keySet().removeAll(wiped);
    for (Done one : others) {
      Row row = present.get(one.ready().row().id());
      if (row != null && apply(one, row)) {
        present.remove(row.id());
      }
    }
    changes.replaceAll(change -> wiped.contains(change.row.id()) ? withoutWords(change) : change);
    Changes.write(tx, json, dealer, changes, now);
    changes.stream()
        .filter(change -> change.result == Decision.Result.QUEUED)
        .map(change -> change.row.id())
        .forEach(this::reword);
    if (!ended.isEmpty()) {
      Visit.deleteClaims(tx, dealer, ended);
    }
    changes.addAll(accepted);
    List<Change> sent = sent();
    Receipts.expect(tx, dealer, sent, now);
    reports.joinAccepted(tx, dealer, sent, now);
    leaveNotes();
    return new Result(changes, alarms, paused);
  }

  /**
   * Writes what was plainly accepted of claims that stand; what remains is to be looked at. So is
   * what concerns the same person or order as something that remains: whoever else locks messages
   * locks all of a person in the order of their ids.
   */
  private List<Done> writeAccepted(List<Done> done) {
    Map<Long, Plain> plain = new TreeMap<>(); // in the order in which rows are locked
    List<Done> others = new ArrayList<>();
    Set<String> recipients = new HashSet<>();
    Set<Long> orders = new HashSet<>();
    for (Done one : done) {
      Row row = one.ready().row();
      Change change = plainly(one);
      if (change == null || plain.putIfAbsent(row.id(), new Plain(one, change)) != null) {
        others.add(one);
        recipients.add(row.recipient());
        orders.add(row.orderId());
      }
    }
    orders.remove(0L);
    plain
        .values()
        .removeIf(
            one ->
                (recipients.contains(one.change.row.recipient())
                        || orders.contains(one.change.row.orderId()))
                    && others.add(one.done));
    Set<Long> written =
        Changes.writeIfClaimed(
            tx, dealer, plain.values().stream().map(Plain::change).toList(), now);
    plain.forEach(
        (id, one) -> {
          if (written.contains(id)) {
            accepted.add(one.change);
          } else {
            others.add(one.done);
          }
        });
    return others;
  }

  private record Plain(Done done, Change change) {}

  /** What is to be written of a plainly accepted message; null of any other. */
  private static @Nullable Change plainly(Done one) {
    if (one.outcome() instanceof SendOutcome.Accepted taken && !one.ready().trial()) {
      Change change = accepted(one.ready().row(), taken);
      return Changes.plainlySent(change) ? change : null;
    }
    return null;
  }

  /**
   * Locks the accounts of refused templates as whoever changes a template does, and as that one
   * before any message: either that change is seen here, or it sees what is written here.
   */
  private void lockAccounts(List<Done> done) {
    done.stream()
        .filter(Outcomes::refusedTemplate)
        .map(one -> one.ready().row().account())
        .distinct()
        .sorted()
        .forEach(this::lockAccount);
  }

  private static boolean refusedTemplate(Done one) {
    return one.outcome() instanceof SendOutcome.Misconfigured wrong
        && wrong.scope() == SendOutcome.Scope.TEMPLATE;
  }

  /**
   * Looks for new words for what a template was refused for, before any message is locked. They are
   * worth less than the outcome: whatever cannot be worded is held, as if there were none.
   */
  private void anew(List<Done> done) {
    Map<String, List<Outbox.Unsent>> refused = new TreeMap<>();
    Set<Long> worded = withWords(done.stream().filter(Outcomes::refusedTemplate).toList());
    for (Done one : done) {
      Row row = one.ready().row();
      if (!row.uncertain() && refusedTemplate(one) && worded.contains(row.id())) {
        refused
            .computeIfAbsent(row.account(), account -> new ArrayList<>())
            .add(
                new Outbox.Unsent(
                    row.id(),
                    row.orderId(),
                    row.recipient(),
                    row.causeKind(),
                    row.causeId(),
                    one.ready().outbound().body()));
      }
    }
    refused.forEach(
        (account, messages) ->
            worded(account, messages)
                .forEach(
                    (id, body) -> {
                      if (messages.stream()
                          .anyMatch(
                              one ->
                                  one.id() == id
                                      && !one.body().templateId().equals(body.templateId()))) {
                        words.put(id, body);
                      }
                    }));
  }

  /** Those whose person has not been erased meanwhile. */
  private Set<Long> withWords(List<Done> refused) {
    return refused.isEmpty()
        ? Set.of()
        : new HashSet<>(
            tx.query(
                    "SELECT id FROM {outbox} WHERE dealer_id = :dealer AND id IN (<ids>) AND body <> ''",
                    "ids",
                    Rows.Type.LONG,
                    refused.stream().map(one -> one.ready().row().id()).toList())
                .bind("dealer", dealer)
                .mapTo(Long.class)
                .list());
  }

  private Map<Long, TemplateMessage> worded(String account, List<Outbox.Unsent> messages) {
    try {
      return rewords.anew(tx, tenant, account, messages);
    } catch (RuntimeException failed) {
      Visit.rethrowOfDatabase(failed);
      LOG.warn(
          "laoke.engine.words of messages={} dealer={} account={} cannot be made anew; they are held",
          messages.size(),
          tenant.code(),
          account,
          failed);
      return Map.of();
    }
  }

  private void lockAccount(String account) {
    tx.query(
            "SELECT account FROM {account} WHERE dealer_id = :dealer AND account = :account FOR UPDATE")
        .bind("dealer", dealer)
        .bind("account", account)
        .mapTo(String.class)
        .list();
  }

  private void reword(long id) {
    TemplateMessage body = words.get(id);
    if (body != null) {
      tx.update(
              "UPDATE {outbox} SET template_id = :template, body = :body WHERE dealer_id = :dealer AND id = :id")
          .bind("template", body.templateId())
          .bind("body", StoredBody.write(json, tenant.privacy(), body))
          .bind("dealer", dealer)
          .bind("id", id)
          .execute();
    }
  }

  /**
   * Rows by id as they are now, locked. What is still claimed by the same token is as it was read
   * when it was claimed, but for its words, which an erasure may have taken: nobody else changes a
   * claimed row. Only the others are read anew.
   */
  private Map<Long, Row> lock(List<Done> done) {
    Map<Long, Row> claimed = new TreeMap<>();
    done.forEach(one -> claimed.put(one.ready().row().id(), one.ready().row()));
    Map<Long, Row> present = new HashMap<>();
    for (Now one : now(claimed)) {
      Row row = claimed.get(one.id);
      if (row != null && one.claimedBy(row.claimToken())) {
        present.put(one.id, row);
        if (one.wiped) {
          wiped.add(one.id);
        }
      }
    }
    for (long id : claimed.keySet()) {
      if (!present.containsKey(id)) {
        lockOne(id).ifPresent(other -> present.put(id, other));
      }
    }
    return present;
  }

  private record Now(long id, String state, @Nullable String token, boolean wiped) {
    boolean claimedBy(@Nullable String claimToken) {
      return state.equals(Delivery.State.CLAIMED.name()) && Objects.equals(token, claimToken);
    }
  }

  private List<Now> now(Map<Long, Row> claimed) {
    String rows =
        """
        SELECT id, state, claim_token, CASE WHEN body = '' THEN 1 ELSE 0 END AS wiped FROM {outbox}
        WHERE dealer_id = :dealer AND""";
    if (tx.dialect().writesByList()) {
      return tx.query(
              rows + " id IN (<ids>) ORDER BY id FOR UPDATE",
              "ids",
              Rows.Type.LONG,
              claimed.keySet())
          .bind("dealer", dealer)
          .map((row, context) -> now(row))
          .list();
    }
    List<Now> found = new ArrayList<>();
    claimed.values().stream()
        .map(row -> new Claim(row.account(), String.valueOf(row.claimToken())))
        .distinct()
        .forEach(
            claim ->
                tx.query(
                        rows
                            + " state = 'CLAIMED' AND account = :account AND claim_token = :token FOR UPDATE")
                    .bind("dealer", dealer)
                    .bind("account", claim.account)
                    .bind("token", claim.token)
                    .map((row, context) -> now(row))
                    .forEach(found::add));
    return found;
  }

  private record Claim(String account, String token) {}

  private static Now now(ResultSet row) throws SQLException {
    return new Now(
        row.getLong("id"),
        row.getString("state"),
        row.getString("claim_token"),
        row.getInt("wiped") != 0);
  }

  /**
   * What became of a message whose person was erased while it was under way: no values, and nothing
   * is tried once more, since its words are gone.
   */
  private static Change withoutWords(Change change) {
    if (change.state.live() || change.state == Delivery.State.PARKED) {
      return MessageData.stopped(change.row, change.uncertain);
    }
    Reason reason = change.reason;
    change.reason = reason == null ? null : Reason.of(reason.code(), "");
    change.fitted = List.of();
    return change;
  }

  private Optional<Row> lockOne(long id) {
    return tx.query(
            "SELECT %s FROM {outbox} o WHERE o.dealer_id = :dealer AND o.id = :id FOR UPDATE"
                .formatted(Row.COLUMNS))
        .bind("dealer", dealer)
        .bind("id", id)
        .map((row, context) -> Row.read(row))
        .findOne();
  }

  /** Whether it settled what becomes of the row. */
  private boolean apply(Done done, Row row) {
    boolean mine =
        row.state() == Delivery.State.CLAIMED
            && String.valueOf(row.claimToken()).equals(done.ready().row().claimToken());
    SendOutcome outcome = done.outcome();
    if (mine) {
      changes.add(outcome == null ? released(row) : changed(done, row, outcome));
      if (outcome != null && done.ready().trial()) {
        endPauses(row, outcome);
      }
      return true;
    }
    if (outcome instanceof SendOutcome.Accepted accepted && settles(row)) {
      // It came too late for its lease, but it still answers what became of the message.
      changes.add(accepted(row, accepted));
      return true;
    }
    return false;
  }

  /** Ends the pauses whose cause, as this outcome shows, is gone. */
  private void endPauses(Row row, SendOutcome outcome) {
    boolean accepted = outcome instanceof SendOutcome.Accepted;
    boolean accountServed =
        accepted
            || (outcome instanceof SendOutcome.Refused refused && !refused.alarm())
            || (outcome instanceof SendOutcome.Misconfigured wrong
                && wrong.scope() != SendOutcome.Scope.ACCOUNT);
    for (Pause pause : pauses.all(tx, dealer)) {
      boolean gone =
          switch (pause.scope()) {
            case ACCOUNT -> accountServed;
            case TEMPLATE -> accepted;
            case CHANNEL -> false;
          };
      if (gone && Pauses.holds(pause, row)) {
        pauses.end(tx, dealer, pause.id(), now);
        LOG.info(
            "laoke.engine.resumed dealer={} account={} reference={}: a message was let through and taken",
            tenant.code(),
            pause.account(),
            pause.reference());
      }
    }
  }

  private static boolean settles(Row row) {
    return row.uncertain()
        && (row.state() == Delivery.State.WAITING || row.state() == Delivery.State.PARKED);
  }

  private static Change released(Row row) {
    Change change =
        row.uncertain()
            ? new Change(
                row, Delivery.State.WAITING, Decision.Result.DEFERRED, Reasons.workerLost())
            : new Change(row, Delivery.State.WAITING, Decision.Result.QUEUED, null);
    change.claims = Math.max(0, row.claims() - 1);
    return change.notAttempted();
  }

  private Change changed(Done done, Row row, SendOutcome outcome) {
    if (outcome instanceof SendOutcome.Accepted accepted) {
      return accepted(row, accepted);
    }
    if (outcome instanceof SendOutcome.Later later) {
      return later(done, row, later);
    }
    if (outcome instanceof SendOutcome.Refused refused) {
      return refused(row, refused);
    }
    if (outcome instanceof SendOutcome.Misconfigured misconfigured) {
      return misconfigured(done, row, misconfigured);
    }
    if (outcome instanceof SendOutcome.Unknown unknown) {
      return unknown(done, row, unknown.why());
    }
    throw new IllegalStateException("an outcome that nobody knows: " + outcome.getClass());
  }

  private static Change accepted(Row row, SendOutcome.Accepted accepted) {
    Change change =
        new Change(
            row,
            Delivery.State.SENT,
            accepted.fitted().isEmpty() ? Decision.Result.SENT : Decision.Result.FITTED,
            accepted.pending().orElse(null));
    change.providerId = accepted.providerId();
    change.fitted = accepted.fitted();
    change.uncertain = false;
    return change;
  }

  private Change later(Done done, Row row, SendOutcome.Later later) {
    long wait = Math.max(millis(later.after()), backOff(row.attempts()));
    if (row.uncertain() && !done.ready().lookup()) {
      wait = insideWindow(done, row, wait);
    }
    Change change = waiting(row, later.why(), now + wait);
    if (done.ready().lookup()) {
      // The platform says that it never took the message: nothing is uncertain any more.
      change.uncertain = false;
      change.firstAttemptMs = null;
    }
    if (row.attempts() == MANY_ATTEMPTS) {
      alarms.add(
          new Alarm(
              Alarm.Kind.UNREACHABLE,
              tenant.code(),
              row.account(),
              row.channel().name(),
              later.why()));
    }
    if (later.wholeChannel()) {
      pause(row, Pause.Scope.CHANNEL, row.channel().name(), now + wait, later.why());
    }
    return change;
  }

  private static long millis(Duration after) {
    return after.isNegative()
        ? 0
        : (after.compareTo(LONGEST_WAIT) < 0 ? after : LONGEST_WAIT).toMillis();
  }

  private Change waiting(Row row, Reason why, long retry) {
    Change change = new Change(row, Delivery.State.WAITING, Decision.Result.DEFERRED, why);
    change.retryMs = retry;
    nextRetry = Math.min(nextRetry, retry);
    return change;
  }

  private Change refused(Row row, SendOutcome.Refused refused) {
    if (refused.recipientGone()) {
      Long first = row.firstAttemptMs();
      Instant asked = Instant.ofEpochMilli(first == null ? now : first);
      recipients.forEach(
          one ->
              one.gone(
                  tx, tenant, row.account(), row.channel(), row.recipient(), refused.why(), asked));
    }
    if (refused.alarm()) {
      alarms.add(alarm(Alarm.Kind.REFUSED, row, refused.why()));
    }
    return new Change(row, Delivery.State.REFUSED, Decision.Result.REFUSED, refused.why());
  }

  private Change misconfigured(Done done, Row row, SendOutcome.Misconfigured wrong) {
    return switch (wrong.scope()) {
      case ACCOUNT -> held(done, row, Pause.Scope.ACCOUNT, "", wrong.why());
      case TEMPLATE -> held(done, row, Pause.Scope.TEMPLATE, row.templateId(), wrong.why());
      case MESSAGE -> misfit(row, wrong.why());
    };
  }

  private Change held(Done done, Row row, Pause.Scope scope, String reference, Reason why) {
    if (scope == Pause.Scope.TEMPLATE && words.containsKey(row.id())) {
      return new Change(row, Delivery.State.WAITING, Decision.Result.QUEUED, null).notAttempted();
    }
    long pause = pause(row, scope, reference, Pauses.firstTrial(now), why);
    if (row.uncertain()) {
      // An earlier attempt may have left: its window goes on, whatever is paused.
      return waiting(row, why, now + insideWindow(done, row, backOff(row.attempts())));
    }
    Change change = new Change(row, Delivery.State.HELD, Decision.Result.DEFERRED, why);
    change.pauseId = pause;
    change.firstAttemptMs = null;
    notes.add(tx, dealer, row.validUntilMs());
    return change;
  }

  private Change misfit(Row row, Reason why) {
    tx.update(
            "DELETE FROM {template_misfit} WHERE dealer_id = :dealer AND account = :account AND template_id = :template AND at_ms < :old")
        .bind("dealer", dealer)
        .bind("account", row.account())
        .bind("template", row.templateId())
        .bind("old", now - MISFIT_MEMORY)
        .execute();
    tx.insertIfAbsent(
        "INSERT INTO {template_misfit} (dealer_id, account, template_id, order_id, at_ms) VALUES (:dealer, :account, :template, :order, :now)",
        values ->
            values
                .bind("dealer", dealer)
                .bind("account", row.account())
                .bind("template", row.templateId())
                .bind("order", row.orderId())
                .bind("now", now));
    int orders =
        tx.query(
                "SELECT COUNT(*) FROM {template_misfit} WHERE dealer_id = :dealer AND account = :account AND template_id = :template")
            .bind("dealer", dealer)
            .bind("account", row.account())
            .bind("template", row.templateId())
            .mapTo(Integer.class)
            .one();
    if (orders >= MISFITS) {
      pause(row, Pause.Scope.TEMPLATE, row.templateId(), null, why);
    }
    return new Change(row, Delivery.State.REFUSED, Decision.Result.REFUSED, why);
  }

  private Change unknown(Done done, Row row, Reason why) {
    if (done.ready().lookup()) {
      Reason reason = Reasons.unknown(why);
      alarms.add(alarm(Alarm.Kind.UNKNOWN, row, reason));
      Change parked = new Change(row, Delivery.State.PARKED, Decision.Result.UNKNOWN, reason);
      parked.uncertain = true;
      return parked;
    }
    long rest = Math.max(backOff(row.attempts()), done.ready().channel().repeatAfter().toMillis());
    Change change = waiting(row, why, now + insideWindow(done, row, rest));
    change.uncertain = true;
    return change;
  }

  /** After the window the next claim asks the platform instead, or parks the row. */
  private long insideWindow(Done done, Row row, long wait) {
    long windowLeft = Visit.windowEnd(row, done.ready().channel()) - now;
    return windowLeft <= 0 ? 0 : Math.min(wait, windowLeft * 3 / 4);
  }

  private long pause(
      Row row, Pause.Scope scope, String reference, @Nullable Long until, Reason why) {
    Pauses.Started started =
        pauses.start(tx, dealer, row.account(), scope, reference, until, why, now);
    paused.add(new Paused(row.account(), scope, reference));
    if (started.fresh()) {
      alarms.add(new Alarm(Alarm.Kind.PAUSED, tenant.code(), row.account(), reference, why));
    }
    return started.id();
  }

  /** Doubles with each attempt; between half and all of it, so that not all come back at once. */
  private long backOff(int attempts) {
    long longest = settings.longestRetry().toMillis();
    long full =
        Math.min(
            longest, settings.firstRetry().toMillis() << Math.min(20, Math.max(0, attempts - 1)));
    return full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1);
  }

  private Alarm alarm(Alarm.Kind kind, Row row, Reason reason) {
    return new Alarm(kind, tenant.code(), row.account(), Long.toString(row.id()), reason);
  }

  private List<Change> sent() {
    return changes.stream().filter(change -> change.providerId != null).toList();
  }

  private void leaveNotes() {
    // What became uncertain may have been reported meanwhile, and is looked for by a visit.
    boolean visit =
        changes.stream()
            .anyMatch(
                change ->
                    !change.state.live()
                        || change.uncertain
                        || change.result == Decision.Result.QUEUED);
    if (visit) {
      notes.add(tx, dealer, now);
    }
    if (nextRetry != Long.MAX_VALUE) {
      notes.add(tx, dealer, nextRetry);
    }
  }
}
