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

  /** From the first columns of a query, which are {@link #COLUMNS}. */
  static Row read(ResultSet row) throws SQLException {
    long first = row.getLong(19);
    Long firstAttempt = row.wasNull() ? null : first;
    return new Row(
        row.getLong(1),
        Delivery.State.valueOf(row.getString(2)),
        row.getString(3),
        purpose(row.getInt(4)),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        row.getString(8),
        row.getLong(9),
        row.getString(10),
        row.getLong(11),
        ChannelKind.valueOf(row.getString(12)),
        row.getString(13),
        row.getString(14),
        row.getLong(15),
        row.getString(16),
        row.getInt(17),
        row.getInt(18),
        firstAttempt,
        row.getInt(20) != 0,
        row.getInt(21) != 0);
  }

  /** Shows no recipient. */
  @Override
  public String toString() {
    return "Row[" + id + ", " + state + ", seq " + seq + "]";
  }
}
