package io.laoke.message;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A row of the outbox. */
record Row(
    long id,
    Delivery.State state,
    String account,
    Purpose purpose,
    long dueMs,
    long validUntilMs,
    long orderId,
    String recipient,
    long seq,
    String causeKind,
    long causeId,
    ChannelKind channel,
    String templateId,
    String dedupeId,
    long retryMs,
    @Nullable String claimToken,
    int claims,
    int attempts,
    @Nullable Long firstAttemptMs,
    boolean uncertain,
    boolean wanted) {
  static final String COLUMNS =
      "o.id, o.state, o.account, o.purpose, o.due_ms, o.valid_until_ms, o.order_id, o.recipient, o.seq,"
          + " o.cause_kind, o.cause_id, o.channel, o.template_id, o.dedupe_id, o.retry_ms,"
          + " o.claim_token, o.claims, o.attempts, o.first_attempt_ms, o.uncertain, o.wanted";

  /** A purpose as it is stored; the smaller goes first. */
  static int rank(Purpose purpose) {
    return switch (purpose) {
      case ORDER -> 0;
      case CARE -> 1;
      case MARKETING -> 2;
    };
  }

  static Purpose purpose(int rank) {
    return switch (rank) {
      case 0 -> Purpose.ORDER;
      case 1 -> Purpose.CARE;
      case 2 -> Purpose.MARKETING;
      default -> throw new IllegalStateException("stored purpose " + rank);
    };
  }

  static Row read(ResultSet row) throws SQLException {
    long first = row.getLong("first_attempt_ms");
    Long firstAttempt = row.wasNull() ? null : first;
    return new Row(
        row.getLong("id"),
        Delivery.State.valueOf(row.getString("state")),
        row.getString("account"),
        purpose(row.getInt("purpose")),
        row.getLong("due_ms"),
        row.getLong("valid_until_ms"),
        row.getLong("order_id"),
        row.getString("recipient"),
        row.getLong("seq"),
        row.getString("cause_kind"),
        row.getLong("cause_id"),
        ChannelKind.valueOf(row.getString("channel")),
        row.getString("template_id"),
        row.getString("dedupe_id"),
        row.getLong("retry_ms"),
        row.getString("claim_token"),
        row.getInt("claims"),
        row.getInt("attempts"),
        firstAttempt,
        row.getInt("uncertain") != 0,
        row.getInt("wanted") != 0);
  }

  /** Shows no recipient. */
  @Override
  public String toString() {
    return "Row[" + id + ", " + state + ", seq " + seq + "]";
  }
}
