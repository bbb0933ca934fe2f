package io.laoke.message;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final Tx tx;
  private final Tenant tenant;
  private final int dealer;
  private final long now;

  private final List<Change> changes = new ArrayList<>();
  private final List<Alarm> alarms = new ArrayList<>();
  private final List<Paused> paused = new ArrayList<>();
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

  Outcomes(Visit.Tools tools, List<RecipientListener> recipients, Tx tx, Tenant tenant) {
    this.json = tools.json();
    this.notes = tools.notes();
    this.pauses = tools.pauses();
    this.reports = tools.reports();
    this.settings = tools.settings();
    this.recipients = recipients;
    this.tx = tx;
    this.tenant = tenant;
    this.dealer = tenant.id();
    this.now = tx.machineMillis();
  }

  Result write(List<Done> done) {
    Map<Long, Row> present = lock(done);
    for (Done one : done) {
      Row row = present.get(one.ready().row().id());
      if (row != null && apply(one, row)) {
        present.remove(row.id());
      }
    }
    Changes.write(tx, json, dealer, changes, now);
    reports.joinAccepted(tx, dealer, sent(), now);
    leaveNotes();
    return new Result(changes, alarms, paused);
  }

  /** Rows by id as they are now, locked: mostly still claimed, and then found by their token. */
  private Map<Long, Row> lock(List<Done> done) {
    Map<Long, Row> present = new HashMap<>();
    done.stream()
        .map(one -> one.ready().row())
        .map(row -> new Claim(row.account(), String.valueOf(row.claimToken())))
        .distinct()
        .forEach(claim -> lockClaimed(claim).forEach(row -> present.put(row.id(), row)));
    for (Done one : done) {
      long id = one.ready().row().id();
      if (!present.containsKey(id)) {
        lockOne(id).ifPresent(row -> present.put(id, row));
      }
    }
    return present;
  }

  private record Claim(String account, String token) {}

  private List<Row> lockClaimed(Claim claim) {
    return tx.query(
            """
            SELECT %s FROM {outbox} o
            WHERE o.dealer_id = :dealer AND o.state = 'CLAIMED' AND o.account = :account
              AND o.claim_token = :token
            ORDER BY o.id FOR UPDATE"""
                .formatted(Row.COLUMNS))
        .bind("dealer", dealer)
        .bind("account", claim.account)
        .bind("token", claim.token)
        .map((row, context) -> Row.read(row))
        .list();
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
            null);
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
      recipients.forEach(one -> one.gone(tx, tenant, row.account(), row.recipient(), asked));
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
    Change change = waiting(row, why, now + insideWindow(done, row, backOff(row.attempts())));
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
    boolean readied =
        changes.stream()
            .anyMatch(change -> !change.state.live() || change.result == Decision.Result.QUEUED);
    if (readied) {
      notes.add(tx, dealer, now);
    }
    if (nextRetry != Long.MAX_VALUE) {
      notes.add(tx, dealer, nextRetry);
    }
  }
}
