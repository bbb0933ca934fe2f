package io.laoke.push;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Batches with what became of them, as staff see them. */
final class BatchStatuses {
  private BatchStatuses() {}

  /** Those of a plan, in the order in which they were made. */
  static List<BatchStatus> of(Tx tx, Tenant tenant, long planId) {
    List<BatchTable.Batch> batches =
        BatchTable.of(tx, tenant, planId).stream().filter(one -> one.recipients() > 0).toList();
    Map<Long, List<ReportTable.Stored>> reports = new HashMap<>();
    ReportTable.of(tx, tenant, batches.stream().map(BatchTable.Batch::id).toList())
        .forEach(
            one ->
                reports
                    .computeIfAbsent(one.batchId(), none -> new ArrayList<>())
                    .add(one.report()));
    return batches.stream()
        .map(one -> status(one, reports.getOrDefault(one.id(), List.of())))
        .toList();
  }

  private static BatchStatus status(BatchTable.Batch batch, List<ReportTable.Stored> reports) {
    Optional<JobReport> report =
        reports.stream()
            .filter(ReportTable.Stored::decided)
            .map(ReportTable.Stored::told)
            .findFirst();
    return new BatchStatus(
        batch.id(),
        batch.rule(),
        batch.recipients(),
        BatchStatus.State.valueOf(batch.state().name()),
        batch.reason(),
        batch.job().providerId(),
        batch.job().takenAt(),
        report,
        reports.stream().filter(one -> !one.decided()).map(ReportTable.Stored::told).toList(),
        batch.job().askedAt());
  }
}
