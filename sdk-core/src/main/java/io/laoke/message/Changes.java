package io.laoke.message;

import com.fasterxml.jackson.core.type.TypeReference;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Writes changes of rows that are locked or claimed by this transaction. */
final class Changes {
  private static final int LONGEST = 1_000;
  private static final TypeReference<List<SendOutcome.FittedField>> FITTED =
      new TypeReference<>() {};

  private Changes() {}

  static void write(Tx tx, Json json, int dealer, Collection<Change> changes, long now) {
    if (changes.isEmpty()) {
      return;
    }
    outbox(tx, dealer, changes, now);
    decisions(tx, json, dealer, changes, now);
  }

  private static void outbox(Tx tx, int dealer, Collection<Change> changes, long now) {
    try (PreparedBatch batch =
        tx.batch(
            """
            UPDATE {outbox} SET state = :state, due_ms = :due, retry_ms = :retry, claim_token = NULL,
              lease_until_ms = NULL, claims = :claims, attempts = :attempts, first_attempt_ms = :first,
              uncertain = :uncertain, pause_id = :pause, provider_id = :provider, ended_ms = :ended
            WHERE dealer_id = :dealer AND id = :id""")) {
      for (Change change : changes) {
        batch
            .bind("dealer", dealer)
            .bind("id", change.row.id())
            .bind("state", change.state.name())
            .bind("due", change.dueMs)
            .bind("retry", change.retryMs)
            .bind("claims", change.claims)
            .bind("attempts", change.attempts)
            .bind("first", change.firstAttemptMs)
            .bind("uncertain", change.uncertain ? 1 : 0)
            .bind("pause", change.pauseId)
            .bind("provider", change.providerId)
            .bind("ended", change.state.live() ? (Long) null : (Long) now)
            .add();
      }
      batch.execute();
    }
  }

  private static void decisions(
      Tx tx, Json json, int dealer, Collection<Change> changes, long now) {
    try (PreparedBatch batch =
        tx.batch(
            """
            UPDATE {decision} SET result = :result, reason_code = :code, reason_text = :text,
              advice = :advice, advice_zh = :adviceZh, fitted = :fitted, delivery = :delivery,
              changed_ms = :now
            WHERE dealer_id = :dealer AND id = :id""")) {
      for (Change change : changes) {
        Reason reason = change.reason;
        batch
            .bind("dealer", dealer)
            .bind("id", change.row.id())
            .bind("result", change.result.name())
            .bind("code", reason == null ? null : reason.code())
            .bind("text", reason == null ? null : cut(reason.text()))
            .bind("advice", reason == null ? null : cut(reason.advice()))
            .bind("adviceZh", reason == null ? null : cut(reason.adviceZh()))
            .bind("fitted", change.fitted.isEmpty() ? null : json.write(change.fitted))
            .bind("delivery", change.delivery == null ? null : change.delivery.name())
            .bind("now", now)
            .add();
      }
      batch.execute();
    }
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
