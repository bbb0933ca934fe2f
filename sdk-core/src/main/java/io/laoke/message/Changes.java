package io.laoke.message;

import com.fasterxml.jackson.core.type.TypeReference;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes changes of rows that are locked or claimed by this transaction. */
final class Changes {
  private static final int LONGEST = 1_000;
  private static final String SENT =
      "state = 'SENT', retry_ms = 0, claims = 0, uncertain = 0, pause_id = NULL, claim_token = NULL,"
          + " lease_until_ms = NULL";
  private static final TypeReference<List<SendOutcome.FittedField>> FITTED =
      new TypeReference<>() {};

  /**
   * Whether message {@code o} of decision {@code d} was accepted and there is no more to tell. Then
   * the decision is left as it was when the message waited: nearly every message ends this way, and
   * a second write for each would tell nothing new.
   */
  static final String PLAINLY_SENT = "o.state = 'SENT' AND d.result NOT IN ('SENT', 'FITTED')";

  /** The same of a decision {@code t}, without its message at hand. */
  static final String TOLD_BY_ITS_MESSAGE =
      "t.result NOT IN ('SENT', 'FITTED') AND t.delivery IS NULL AND EXISTS (SELECT 1 FROM {outbox} o"
          + " WHERE o.dealer_id = t.dealer_id AND o.id = t.id AND o.state = 'SENT')";

  private Changes() {}

  static void write(Tx tx, Json json, int dealer, Collection<Change> changes, long now) {
    if (changes.isEmpty()) {
      return;
    }
    // Nearly all is plainly accepted: then all but the platform's id is alike in every row.
    List<Change> plain = changes.stream().filter(Changes::plainlySent).toList();
    List<Change> others = changes.stream().filter(change -> !plainlySent(change)).toList();
    plain(tx, dealer, plain, now);
    outbox(tx, dealer, others, now);
    decisions(tx, json, dealer, others, now);
  }

  /**
   * Writes what was plainly accepted and is still claimed as it was, without a look at it before.
   *
   * @return the messages that were; the others are not touched
   */
  static Set<Long> writeIfClaimed(Tx tx, int dealer, Collection<Change> accepted, long now) {
    Rows rows =
        Rows.of("outbox", dealer)
            .with(Rows.Type.LONG, "id")
            .with(Rows.Type.TEXT, "claim_token", "provider_id")
            .with(Rows.Type.LONG, "ended_ms");
    for (Change change : accepted) {
      rows.add(change.row.id(), change.row.claimToken(), change.providerId, now);
    }
    return tx.updateWhere(rows, SENT, "o.state = 'CLAIMED'");
  }

  static boolean plainlySent(Change change) {
    return change.result == Decision.Result.SENT
        && change.state == Delivery.State.SENT
        && change.reason == null
        && change.delivery == null
        && change.fitted.isEmpty()
        && !change.uncertain
        && change.pauseId == null
        && change.retryMs == 0
        && change.claims == 0
        && change.dueMs == change.row.dueMs()
        && change.attempts == change.row.attempts()
        && Objects.equals(change.firstAttemptMs, change.row.firstAttemptMs());
  }

  private static void plain(Tx tx, int dealer, Collection<Change> changes, long now) {
    Rows rows =
        Rows.of("outbox", dealer)
            .with(Rows.Type.LONG, "id")
            .with(Rows.Type.TEXT, "provider_id")
            .with(Rows.Type.LONG, "ended_ms");
    for (Change change : changes) {
      rows.add(change.row.id(), change.providerId, now);
    }
    tx.updateAll(rows, SENT);
  }

  private static void outbox(Tx tx, int dealer, Collection<Change> changes, long now) {
    Rows rows =
        Rows.of("outbox", dealer)
            .with(Rows.Type.LONG, "id")
            .with(Rows.Type.TEXT, "state")
            .with(Rows.Type.LONG, "due_ms", "retry_ms")
            .with(Rows.Type.INT, "claims", "attempts")
            .with(Rows.Type.LONG, "first_attempt_ms")
            .with(Rows.Type.INT, "uncertain")
            .with(Rows.Type.LONG, "pause_id")
            .with(Rows.Type.TEXT, "provider_id")
            .with(Rows.Type.LONG, "ended_ms");
    for (Change change : changes) {
      rows.add(
          change.row.id(),
          change.state.name(),
          change.dueMs,
          change.retryMs,
          change.claims,
          change.attempts,
          change.firstAttemptMs,
          change.uncertain ? 1 : 0,
          change.pauseId,
          change.providerId,
          change.state.live() ? null : now);
    }
    tx.updateAll(rows, "claim_token = NULL, lease_until_ms = NULL");
  }

  private static void decisions(
      Tx tx, Json json, int dealer, Collection<Change> changes, long now) {
    Rows rows =
        Rows.of("decision", dealer)
            .with(Rows.Type.LONG, "id")
            .with(Rows.Type.TEXT, "result", "reason_code", "reason_text", "advice", "advice_zh")
            .with(Rows.Type.TEXT, "fitted", "delivery")
            .with(Rows.Type.LONG, "changed_ms");
    for (Change change : changes) {
      Reason reason = change.reason;
      Inbound.Delivery delivery = change.delivery;
      rows.add(
          change.row.id(),
          change.result.name(),
          reason == null ? null : reason.code(),
          reason == null ? null : cut(reason.text()),
          reason == null ? null : cut(reason.advice()),
          reason == null ? null : cut(reason.adviceZh()),
          change.fitted.isEmpty() ? null : json.write(change.fitted),
          delivery == null ? null : delivery.name(),
          now);
    }
    tx.updateAll(rows, "");
  }

  static List<SendOutcome.FittedField> fitted(Json json, @Nullable String stored) {
    return stored == null ? List.of() : json.read(stored, FITTED);
  }

  /** At most as long as the columns for reasons, whether a database counts characters or units. */
  static String cut(String text) {
    return cut(text, LONGEST);
  }

  static String cut(String text, int longest) {
    String clean = text.replace('\0', ' ');
    if (clean.length() <= longest) {
      return clean;
    }
    int end = Character.isHighSurrogate(clean.charAt(longest - 1)) ? longest - 1 : longest;
    return clean.substring(0, end);
  }
}
