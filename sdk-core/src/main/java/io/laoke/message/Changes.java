package io.laoke.message;

import com.fasterxml.jackson.core.type.TypeReference;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
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

  /**
   * One statement for all where the database has one, since each costs it about as much as a row.
   */
  private static void outbox(Tx tx, int dealer, Collection<Change> changes, long now) {
    Rows rows =
        new Rows(tx, dealer, changes.stream().map(change -> change.row.id()).toList())
            .texts("state", changes, change -> change.state.name())
            .longs("due_ms", changes, change -> change.dueMs)
            .longs("retry_ms", changes, change -> change.retryMs)
            .longs("claims", changes, change -> (long) change.claims)
            .longs("attempts", changes, change -> (long) change.attempts)
            .longs("first_attempt_ms", changes, change -> change.firstAttemptMs)
            .longs("uncertain", changes, change -> change.uncertain ? 1L : 0L)
            .longs("pause_id", changes, change -> change.pauseId)
            .texts("provider_id", changes, change -> change.providerId)
            .longs("ended_ms", changes, change -> change.state.live() ? (Long) null : (Long) now);
    rows.update("{outbox}", "claim_token = NULL, lease_until_ms = NULL");
  }

  private static void decisions(
      Tx tx, Json json, int dealer, Collection<Change> changes, long now) {
    Rows rows =
        new Rows(tx, dealer, changes.stream().map(change -> change.row.id()).toList())
            .texts("result", changes, change -> change.result.name())
            .texts("reason_code", changes, why(Reason::code))
            .texts("reason_text", changes, why(reason -> cut(reason.text())))
            .texts("advice", changes, why(reason -> cut(reason.advice())))
            .texts("advice_zh", changes, why(reason -> cut(reason.adviceZh())))
            .texts(
                "fitted",
                changes,
                change -> change.fitted.isEmpty() ? null : json.write(change.fitted))
            .texts(
                "delivery",
                changes,
                change -> change.delivery == null ? null : change.delivery.name())
            .longs("changed_ms", changes, change -> now);
    rows.update("{decision}", "");
  }

  private static Function<Change, @Nullable String> why(Function<Reason, String> part) {
    return change -> change.reason == null ? null : part.apply(change.reason);
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
