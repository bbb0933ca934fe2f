package io.laoke.push;

import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.InboundHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What becomes of batches once WeChat has taken them, or may have. */
final class Jobs {
  private final JobReports reports;
  private final StatusPolls polls;
  private final AdminWatch admin;

  Jobs(Database database, Ids ids, Channels channels) {
    admin = new AdminWatch(database, ids);
    BatchEnds ends = new BatchEnds(admin, ids);
    reports = new JobReports(database, ids, ends);
    polls = new StatusPolls(database, channels, ends, admin);
  }

  InboundHandler inboundHandler() {
    return reports;
  }

  /** Goes on with what is known of a dealer's batches; whether something was done. */
  boolean run(Tenant tenant, Instant now) {
    boolean worked = reports.match(tenant, now);
    worked |= polls.ask(tenant, now);
    worked |= admin.hold(tenant, now);
    return worked;
  }

  /**
   * The outbox knows what became of a batch, which has just got its new state.
   *
   * @param providerId by which WeChat took it
   * @return as it is now, with what reports had told before
   */
  BatchTable.Batch settled(
      Tx tx,
      Tenant tenant,
      BatchTable.Batch batch,
      BatchTable.State state,
      Optional<String> providerId,
      Instant now) {
    boolean sent = state == BatchTable.State.SENT;
    boolean awaits = state == BatchTable.State.AWAITING_ADMIN;
    BatchTable.Batch known = batch.in(state, batch.job());
    if (sent || awaits) {
      long machine = tx.machineMillis();
      BatchTable.Job job =
          new BatchTable.Job(
              providerId.filter(id -> !id.equals(ArticleChannel.NO_ID)),
              sent ? Optional.of(now) : Optional.empty(),
              machine,
              Optional.empty(),
              0);
      Duration first = sent ? StatusPolls.FIRST : StatusPolls.FIRST_OF_ADMIN;
      BatchTable.taken(tx, tenant, batch.id(), job, machine + first.toMillis());
      known = batch.in(state, job);
      reports.identified(tx, tenant, known, now);
    }
    if (state != BatchTable.State.OPEN) {
      reports.guess(tx, tenant, batch.account(), now);
    }
    return BatchTable.find(tx, tenant, batch.id()).orElse(known);
  }
}
