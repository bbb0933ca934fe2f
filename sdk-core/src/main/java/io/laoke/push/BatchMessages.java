package io.laoke.push;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.ChannelKind;
import io.laoke.message.NewMessage;
import io.laoke.message.Outbox;
import io.laoke.message.TemplateMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Optional;

/** Hands batches to the outbox: one message each, for as long as its month and WeChat's memory. */
final class BatchMessages {
  private static final Duration VALID = Duration.ofHours(23);
  private static final Duration LAST_OF_MONTH = Duration.ofMinutes(5);

  private final Outbox outbox;

  BatchMessages(Outbox outbox) {
    this.outbox = outbox;
  }

  /** The month to which a message belongs that leaves now, as WeChat counts. */
  static YearMonth month(Tx tx) {
    return YearMonth.from(machine(tx));
  }

  private static ZonedDateTime machine(Tx tx) {
    return Instant.ofEpochMilli(tx.machineMillis()).atZone(Allocation.WECHAT);
  }

  /** For how long a message of that month may still leave; empty if none may begin to. */
  static Optional<Duration> left(Tx tx, YearMonth month) {
    Duration left =
        Duration.between(
            machine(tx),
            month.plusMonths(1).atDay(1).atStartOfDay(Allocation.WECHAT).minus(LAST_OF_MONTH));
    return left.isNegative() || left.isZero()
        ? Optional.empty()
        : Optional.of(left.compareTo(VALID) < 0 ? left : VALID);
  }

  /** Whether a batch that was made then may still leave for the first time. */
  static Optional<Duration> left(Tx tx, BatchTable.Batch batch) {
    Duration old = Duration.ofMillis(tx.machineMillis() - batch.createdMs());
    return left(tx, batch.month())
        .filter(any -> old.compareTo(VALID) < 0)
        .map(left -> left.compareTo(VALID.minus(old)) < 0 ? left : VALID.minus(old));
  }

  void enqueue(Tx tx, Tenant tenant, Plan plan, long batchId, Instant now, Duration valid) {
    String name = BatchTable.name(batchId);
    outbox.enqueue(
        tx,
        tenant,
        new NewMessage(
            BatchTable.CAUSE,
            batchId,
            0,
            "",
            plan.account(),
            name,
            0,
            plan.purpose(),
            ChannelKind.WECHAT_MASS,
            new TemplateMessage(name, Map.of(), Optional.empty(), Optional.empty()),
            now,
            now.plus(valid)));
  }
}
