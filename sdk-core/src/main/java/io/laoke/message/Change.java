package io.laoke.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of a row of the outbox and of its decision; the row is locked or claimed. */
final class Change {
  final Row row;
  final Delivery.State state;
  final Decision.Result result;
  @Nullable Reason reason;
  long retryMs;
  long dueMs;
  int claims;
  int attempts;
  @Nullable Long firstAttemptMs;
  boolean uncertain;
  @Nullable Long pauseId;
  @Nullable String providerId;
  List<SendOutcome.FittedField> fitted = List.of();
  Inbound.@Nullable Delivery delivery;

  Change(Row row, Delivery.State state, Decision.Result result, @Nullable Reason reason) {
    this.row = row;
    this.state = state;
    this.result = result;
    this.reason = reason;
    this.dueMs = row.dueMs();
    this.attempts = row.attempts();
    this.firstAttemptMs = row.firstAttemptMs();
    this.uncertain = row.uncertain();
  }

  /** Never left: as if it had not been claimed. */
  Change notAttempted() {
    attempts = Math.max(0, row.attempts() - 1);
    if (!uncertain) {
      firstAttemptMs = null;
    }
    return this;
  }
}
