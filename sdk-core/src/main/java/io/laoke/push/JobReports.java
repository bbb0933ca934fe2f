package io.laoke.push;

import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Inbound;
import io.laoke.message.InboundHandler;
import io.laoke.message.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * WeChat's reports of how mass messages ended. Each is kept as it comes, whosever it is, and finds
 * its batch whenever either is known: a report looks for the batch of its id, and a batch for the
 * reports of its id. Where the answer of a send was lost for good, so that no id is known, a report
 * belongs to the only batch that it can belong to, or to none.
 */
final class JobReports implements InboundHandler {
  private static final Logger LOG = LoggerFactory.getLogger(JobReports.class);
  private static final int AT_ONCE = 200;

  /** As long as a batch is tried, and a little for the job itself. */
  private static final long LONGEST = Duration.ofHours(26).toMillis();

  private final Database database;
  private final Ids ids;
  private final BatchEnds ends;

  JobReports(Database database, Ids ids, BatchEnds ends) {
    this.database = database;
    this.ids = ids;
    this.ends = ends;
  }

  @Override
  public Optional<Reply> handle(Tx tx, Tenant tenant, String account, Inbound fact) {
    if (fact instanceof Inbound.JobReported report) {
      ReportTable.insert(tx, tenant, ids.next(), account, report);
    }
    return Optional.empty();
  }

  /** Looks for the batches of reports that came lately; whether one was found. */
  boolean match(Tenant tenant, Instant now) {
    return database.own("look for the batches of job reports", tx -> match(tx, tenant, now));
  }

  private boolean match(Tx tx, Tenant tenant, Instant now) {
    boolean any = false;
    Set<String> others = new TreeSet<>();
    for (ReportTable.Stored report : ReportTable.open(tx, tenant, AT_ONCE)) {
      List<BatchTable.Batch> batches =
          BatchTable.byProvider(tx, tenant, report.account(), report.providerId());
      if (batches.isEmpty()) {
        others.add(report.account());
      } else {
        any |= give(tx, tenant, batches.get(0).id(), report, now);
      }
    }
    for (String account : others) {
      any |= guess(tx, tenant, account, now);
    }
    return any;
  }

  /** A batch is known by an id from now on: reports of it may have come before. */
  void identified(Tx tx, Tenant tenant, BatchTable.Batch batch, Instant now) {
    batch
        .job()
        .providerId()
        .ifPresent(
            id ->
                ReportTable.loose(tx, tenant, batch.account(), id)
                    .forEach(report -> give(tx, tenant, batch.id(), report, now)));
  }

  /** Gives a report to its batch, and the batch its end; false where that is not its time yet. */
  private boolean give(Tx tx, Tenant tenant, long batchId, ReportTable.Stored report, Instant now) {
    BatchTable.Batch batch = BatchTable.find(tx, tenant, batchId).orElseThrow();
    if (batch.state() == BatchTable.State.OPEN) {
      return false; // it is on its way once more, and looks for its reports when that has ended
    }
    JobReport told = report.told();
    BatchEnds.End end =
        told.succeeded()
            ? BatchEnds.End.success(told.at())
            : BatchEnds.End.failure(JobReasons.code(told.words()), told.at());
    boolean decided = ends.end(tx, tenant, batch, end, now);
    if (!ReportTable.give(tx, tenant, report.id(), batchId, decided)) {
      return false;
    }
    if (decided) {
      counted(tenant, batch, told);
    } else if (told.succeeded() == (batch.state() == BatchTable.State.FAILED)) {
      LOG.warn(
          "laoke.plans.job: batch {} of dealer '{}' is {}, and a report says '{}' now; what was told first counts, and the ledger stays. Compare with WeChat's console, where it matters",
          batchId,
          tenant.code(),
          batch.state(),
          told.words());
    }
    return true;
  }

  private static void counted(Tenant tenant, BatchTable.Batch batch, JobReport told) {
    if (told.succeeded() && told.filtered() < told.total()) {
      LOG.warn(
          "laoke.plans.filtered: WeChat left {} of the {} followers of batch {} of dealer '{}' out: they refuse messages, or have got all of the month, as by sends from WeChat's own console. Note those with dealer.quota().consoleSend(…), so that plans count them",
          told.total() - told.filtered(),
          told.total(),
          batch.id(),
          tenant.code());
    }
  }

  // ---- where no id is known

  /**
   * Finds the batches of reports by what else is known: whose answer never came, who waits for the
   * administrator, to how many followers, and when. Only where there is no other that it could be.
   */
  boolean guess(Tx tx, Tenant tenant, String account, Instant now) {
    List<BatchTable.Batch> batches = BatchTable.withoutId(tx, tenant, account);
    List<BatchTable.Batch> nameless =
        batches.stream().filter(one -> one.state() != BatchTable.State.OPEN).toList();
    if (nameless.isEmpty()) {
      return false;
    }
    long since = nameless.stream().mapToLong(BatchTable.Batch::createdMs).min().orElseThrow();
    List<ReportTable.Stored> reports = ReportTable.looseSince(tx, tenant, account, since);
    boolean any = false;
    for (BatchTable.Batch batch : nameless) {
      List<ReportTable.Stored> its = reports.stream().filter(one -> fits(batch, one)).toList();
      Set<String> jobs =
          its.stream().map(ReportTable.Stored::providerId).collect(Collectors.toSet());
      boolean alone =
          jobs.size() == 1
              && its.stream()
                  .noneMatch(
                      one ->
                          batches.stream()
                              .anyMatch(other -> other.id() != batch.id() && fits(other, one)));
      if (alone && BatchTable.identify(tx, tenant, batch.id(), its.get(0).providerId())) {
        LOG.info(
            "laoke.plans.job: batch {} of dealer '{}' is found by its job report alone",
            batch.id(),
            tenant.code());
        for (ReportTable.Stored one : its) {
          any |= give(tx, tenant, batch.id(), one, now);
        }
      }
    }
    return any;
  }

  private static boolean fits(BatchTable.Batch batch, ReportTable.Stored report) {
    JobReport told = report.told();
    boolean when =
        report.receivedMs() >= batch.createdMs()
            && report.receivedMs() - batch.createdMs() < LONGEST;
    boolean admin =
        batch.state() == BatchTable.State.AWAITING_ADMIN
            && !told.succeeded()
            && JobReasons.ofAdministrator(JobReasons.code(told.words()));
    return when && (admin || told.total() == batch.recipients());
  }
}
